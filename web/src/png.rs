//! The drawing inside of a PNG: a chunk of text that other programs pass over.

use shared::bundle::crc32;

/// What a PNG begins with.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Kind, keyword and the end of the keyword: what stands before the drawing in its chunk (PNG, 11.3.3.2 `tEXt`).
const TEXT: &[u8] = b"tEXtisthmus\0";
/// How many bytes of a chunk are not its data: length, kind, checksum.
const AROUND: usize = 12;

/// Puts a link's fragment behind the first chunk, the header.
pub(crate) fn with_fragment(png: &[u8], fragment: &str) -> Vec<u8> {
    let first = chunks(png).next().map_or(png.len(), |(at, data)| at + data.len() + AROUND);
    let (head, rest) = png.split_at(first.min(png.len()));
    let chunk = [TEXT, fragment.as_bytes()].concat();
    let length = u32::try_from(chunk.len() - 4).unwrap_or(u32::MAX).to_be_bytes();
    [head, &length, &chunk, &crc32(&chunk).to_be_bytes(), rest].concat()
}

/// Takes the fragment out of a PNG, where one is in it.
pub(crate) fn fragment(png: &[u8]) -> Option<&str> {
    let inside = |(at, _): (usize, &[u8])| Some((at, png.get(at + 4..)?.strip_prefix(TEXT)?));
    let (at, fragment) = chunks(png).find_map(inside)?;
    let length = chunks(png).find(|(other, _)| *other == at)?.1.len();
    // A chunk may be shorter than the keyword, which then only seems to stand in it.
    std::str::from_utf8(fragment.get(..(length + 4).checked_sub(TEXT.len())?)?).ok()
}

/// The chunks of a PNG: where each begins, and its data.
fn chunks(png: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = PNG.len();
    std::iter::from_fn(move || {
        let length = png.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)?;
        let data = png.get(at + 8..)?.get(..usize::try_from(length).ok()?)?;
        let begin = at;
        at += data.len() + AROUND;
        Some((begin, data))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of one dot, as any program writes it.
    fn dot() -> Vec<u8> {
        let chunk = |kind: &[u8], data: &[u8]| {
            let body = [kind, data].concat();
            [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], &body, &crc32(&body).to_be_bytes()].concat()
        };
        [
            PNG,
            &chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
            &chunk(b"IDAT", b"pixels"),
            &chunk(b"IEND", b""),
        ]
        .concat()
    }

    #[test]
    fn a_picture_holds_the_fragment_and_stays_a_picture() {
        let held = with_fragment(&dot(), "v1:abc");
        assert_eq!(fragment(&held), Some("v1:abc"));
        assert_eq!(fragment(&dot()), None);
        let kinds: Vec<&[u8]> = chunks(&held).map(|(at, _)| &held[at + 4..at + 8]).collect();
        assert_eq!(kinds, [&b"IHDR"[..], b"tEXt", b"IDAT", b"IEND"]);
        let (at, data) = chunks(&held).nth(1).unwrap();
        let sum = &held[at + 8 + data.len()..at + AROUND + data.len()];
        assert_eq!(sum, crc32(&held[at + 4..at + 8 + data.len()]).to_be_bytes());
    }

    #[test]
    fn a_chunk_that_is_shorter_than_the_keyword_holds_nothing() {
        let bent = [PNG, &2_u32.to_be_bytes(), TEXT, b"v1:abc and more"].concat();
        assert_eq!(fragment(&bent), None);
    }

    #[test]
    fn whatever_is_cut_or_bent_is_no_trouble() {
        let held = with_fragment(&dot(), "v1:abc");
        for cut in 0..held.len() {
            let _ = (fragment(&held[..cut]), with_fragment(&held[..cut], "v1:"));
            let mut bent = held.clone();
            bent[cut] ^= 0xff;
            let _ = fragment(&bent);
        }
    }
}
