//! The drawing in other clothes: a link that holds it, a picture that holds it, and the command that makes its bundle. None of them holds a secret,
//! for a drawing has none.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use shared::scene::{Scene, svg};

use crate::drawing::Drawing;

/// What a link's fragment begins with: the way it is packed.
const PREFIX: &str = "v1:";
/// The longest fragment that is read, in characters.
const FRAGMENT_MAX: usize = 256 * 1024;
/// The most that a fragment may unpack to, in bytes: a topology and a layout, each as large as is read.
const UNPACKED_MAX: usize = 2 * 1024 * 1024;
/// How hard a link is packed.
const LEVEL: u8 = 9;
/// What stands between the topology and the layout in a link; neither may hold it.
const BETWEEN: u8 = 0;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Packs a drawing into the fragment of a link, which no browser sends to a server.
pub(crate) fn fragment(drawing: &Drawing) -> String {
    let mut bytes = drawing.topology.write().into_bytes();
    bytes.push(BETWEEN);
    bytes.extend_from_slice(drawing.layout.write().as_bytes());
    let mut out = PREFIX.to_owned();
    for three in compress_to_vec(&bytes, LEVEL).chunks(3) {
        let word = three.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            out.push(char::from(DIGITS[(word >> (18 - 6 * place)) as usize & 63]));
        }
    }
    out
}

/// Unpacks the topology and the layout of a fragment; `None` where it holds none.
pub(crate) fn unpacked(fragment: &str) -> Option<(String, String)> {
    let digits = fragment.strip_prefix(PREFIX).filter(|digits| digits.len() <= FRAGMENT_MAX)?;
    let mut packed = Vec::with_capacity(digits.len() * 3 / 4);
    for four in digits.as_bytes().chunks(4) {
        let mut word = 0_u32;
        for digit in four {
            word = word << 6 | u32::try_from(DIGITS.iter().position(|known| known == digit)?).ok()?;
        }
        let bytes = (word << (6 * (4 - four.len()))).to_be_bytes();
        packed.extend_from_slice(&bytes[1..four.len()]);
    }
    let bytes = decompress_to_vec_with_limit(&packed, UNPACKED_MAX).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (topology, layout) = text.split_once(char::from(BETWEEN))?;
    Some((topology.to_owned(), layout.to_owned()))
}

/// Draws the picture with the drawing inside, so that the picture can be opened again.
pub(crate) fn picture(drawing: &Drawing) -> String {
    let scene = svg(&Scene::new(&drawing.topology, &drawing.layout));
    let (head, rest) = scene.split_once('\n').unwrap_or((&scene, ""));
    let (topology, layout) = (escaped(&drawing.topology.write()), escaped(&drawing.layout.write()));
    format!(
        "{head}\n<metadata id=\"{TOPOLOGY}\">{topology}</metadata>\n<metadata id=\"{LAYOUT}\">{layout}</metadata>\n{rest}"
    )
}

const TOPOLOGY: &str = "isthmus-topology";
const LAYOUT: &str = "isthmus-layout";

/// Takes the topology and the layout out of a picture.
pub(crate) fn from_picture(text: &str) -> Option<(String, String)> {
    let inside = |id: &str| {
        let (_, after) = text.split_once(&format!("<metadata id=\"{id}\">"))?;
        let inside = after.split_once("</metadata>")?.0;
        // Escaped, a text is up to five times as long.
        (inside.len() <= 5 * UNPACKED_MAX)
            .then(|| inside.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    };
    Some((inside(TOPOLOGY)?, inside(LAYOUT).unwrap_or_default()))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Writes what makes the bundle in a terminal: the topology, and the command that reads it.
pub(crate) fn command(drawing: &Drawing) -> String {
    let name = Some(drawing.topology.name.as_str()).filter(|name| shared::name::is_label(name)).unwrap_or("topology");
    let topology = drawing.topology.write();
    // Quoted, so that the shell leaves the text as it is; no line of it is the mark of its end.
    format!(
        "cat > {name}.yaml <<'END-OF-TOPOLOGY'\n{topology}END-OF-TOPOLOGY\nisthmus generate {name}.yaml -o {name}.zip\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::layout::{Layout, Point};
    use shared::preset::presets;

    fn drawings() -> Vec<Drawing> {
        let moved = |preset: shared::preset::Preset| {
            let mut drawing = Drawing::new(preset.topology, Layout::default());
            drawing.layout.clusters.insert("cluster1".into(), Point { x: 80, y: 16 });
            std::rc::Rc::make_mut(&mut drawing.topology).name = "a<b>&\"c".to_owned();
            drawing
        };
        presets().into_iter().map(moved).collect()
    }

    #[test]
    fn links_and_pictures_give_the_drawing_again() {
        for drawing in drawings() {
            let whole = (drawing.topology.write(), drawing.layout.write());
            let fragment = fragment(&drawing);
            assert!(
                fragment.len() < 2000 && fragment.bytes().all(|b| b.is_ascii_alphanumeric() || b":-_".contains(&b))
            );
            assert_eq!(unpacked(&fragment).as_ref(), Some(&whole));
            let picture = picture(&drawing);
            assert!(picture.starts_with("<svg") && !picture.contains("<b>"));
            assert_eq!(from_picture(&picture).as_ref(), Some(&whole));
        }
    }

    #[test]
    fn whatever_else_is_no_drawing_and_takes_no_room() {
        let whole = fragment(&drawings()[0]);
        for cut in 0..whole.len() {
            assert_eq!(unpacked(&whole[..cut]), None, "{cut}");
        }
        for at in (PREFIX.len()..whole.len()).step_by(7) {
            let mut bent = whole.clone().into_bytes();
            bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
            // Bent it may still unpack, but never panics.
            let _ = unpacked(&String::from_utf8(bent).unwrap());
        }
        for other in ["", "v1:", "v2:AAAA", "v1:%%%%", "v1:A", "v1:好"] {
            assert_eq!(unpacked(other), None, "{other}");
        }
        assert_eq!(unpacked(&format!("v1:{}", "A".repeat(FRAGMENT_MAX + 1))), None);
        // A bomb: zeros without end.
        let bomb = compress_to_vec(&vec![0; 4 * UNPACKED_MAX], LEVEL);
        assert!(decompress_to_vec_with_limit(&bomb, UNPACKED_MAX).is_err());
        assert_eq!(from_picture("<svg></svg>"), None);
    }

    #[test]
    fn the_command_holds_the_topology_word_for_word() {
        let drawing = &drawings()[0];
        let command = command(drawing);
        assert!(command.contains(&drawing.topology.write()) && command.starts_with("cat > topology.yaml <<'"));
        assert!(command.ends_with("isthmus generate topology.yaml -o topology.zip\n"));
    }
}
