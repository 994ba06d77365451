//! The part of the zip format that bundles need: whole archives in memory, stored or deflated, no encryption, no zip64.
//!
//! It is here, and not a crate, because the planner carries every byte of it to the browser.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use crate::sorted::Map;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
/// The longest comment that may follow the end record.
const COMMENT_MAX: usize = 0xffff;
/// The version of the format that deflate needs.
const VERSION: u16 = 20;
/// Bit 11: names are UTF-8.
const UTF8: u16 = 1 << 11;
/// Bit 0: the content is encrypted.
const ENCRYPTED: u16 = 1;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// 1 January 1980, midnight: the first moment of the format, so that the same files give the same bytes.
const DATE: u16 = 0x21;
/// Unix, in the upper byte of the version that made an entry: the mode stands in the attributes.
const UNIX: u16 = 3 << 8;
/// A plain file that all may read.
const MODE: u32 = 0o100_644;
const KIND: u32 = 0o170_000;
const LINK: u32 = 0o120_000;
/// How hard deflate tries.
const LEVEL: u8 = 6;

/// One entry of an archive, not unpacked yet.
pub(super) struct Entry<'a> {
    /// The path as it stands in the archive.
    pub(super) path: &'a str,
    /// Whether it is a folder.
    pub(super) is_folder: bool,
    /// Whether it is a symbolic link.
    pub(super) is_link: bool,
    /// How many bytes it says it holds.
    pub(super) size: usize,
    method: u16,
    crc: u32,
    packed: &'a [u8],
}

/// Writes files as an archive. Paths and sizes are those of a bundle: far below the limits of the format.
pub(super) fn pack(files: &Map<String, String>) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (path, text) in files {
        let packed = compress_to_vec(text.as_bytes(), LEVEL);
        let offset = long(out.len());
        let mut shared = Vec::with_capacity(26);
        for half in [VERSION, UTF8, DEFLATED, 0, DATE] {
            shared.extend(half.to_le_bytes());
        }
        for word in [crc32(text.as_bytes()), long(packed.len()), long(text.len())] {
            shared.extend(word.to_le_bytes());
        }
        for half in [short(path.len()), 0] {
            shared.extend(half.to_le_bytes());
        }
        out.extend(LOCAL.to_le_bytes());
        out.extend(&shared);
        out.extend(path.as_bytes());
        out.extend(packed);
        central.extend(CENTRAL.to_le_bytes());
        central.extend((UNIX | VERSION).to_le_bytes());
        central.extend(&shared);
        // No comment, the first disk, nothing known of the content.
        central.extend([0; 6]);
        central.extend((MODE << 16).to_le_bytes());
        central.extend(offset.to_le_bytes());
        central.extend(path.as_bytes());
    }
    let (start, count) = (long(out.len()), short(files.len()));
    out.extend(&central);
    out.extend(END.to_le_bytes());
    out.extend([0; 4]);
    for half in [count, count] {
        out.extend(half.to_le_bytes());
    }
    for word in [long(central.len()), start] {
        out.extend(word.to_le_bytes());
    }
    out.extend([0; 2]);
    out
}

/// Lists the entries of an archive, or says in a few words why it is none. Nothing is unpacked and nothing is copied.
pub(super) fn entries(zip: &[u8]) -> Result<Vec<Entry<'_>>, &'static str> {
    let end = end_of(zip).ok_or("its end is missing")?;
    let (count, size, start) = (half(zip, end + 10), word(zip, end + 12), word(zip, end + 16));
    let (Some(count), Some(size), Some(start)) = (count, size, start) else { return Err("its end is missing") };
    if count == u16::MAX || start == u32::MAX {
        return Err("zip64 is not read here");
    }
    let directory = slice(zip, start as usize, size as usize).ok_or("its list of entries is missing")?;
    let mut at = 0;
    let mut entries = Vec::new();
    while at < directory.len() && entries.len() < usize::from(count) {
        let (entry, length) = entry(zip, &directory[at..]).ok_or("its list of entries is damaged")?;
        entries.push(entry);
        at += length;
    }
    if entries.len() == usize::from(count) && at == directory.len() {
        Ok(entries)
    } else {
        Err("its list of entries is damaged")
    }
}

impl Entry<'_> {
    /// Unpacks the content: what it says it holds and not a byte more, or a few words on what is damaged.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, &'static str> {
        let bytes = match self.method {
            STORED if self.packed.len() == self.size => self.packed.to_vec(),
            DEFLATED => decompress_to_vec_with_limit(self.packed, self.size).map_err(|error| match error.status {
                TINFLStatus::HasMoreOutput => "it holds more than it says",
                _ => "its content is damaged",
            })?,
            STORED => return Err("its content is damaged"),
            _ => return Err("it is packed in a way that is not read here"),
        };
        if bytes.len() != self.size {
            return Err("it holds less than it says");
        }
        if crc32(&bytes) == self.crc { Ok(bytes) } else { Err("its checksum does not match") }
    }
}

/// Finds the end record: the last one that reaches exactly to the end of the archive.
fn end_of(zip: &[u8]) -> Option<usize> {
    let last = zip.len().checked_sub(END_SIZE)?;
    (last.saturating_sub(COMMENT_MAX)..=last).rev().find(|&at| {
        word(zip, at) == Some(END)
            && half(zip, at + 20).is_some_and(|comment| at + END_SIZE + usize::from(comment) == zip.len())
    })
}

/// Reads an entry of the list, and returns how long its record is.
fn entry<'a>(zip: &'a [u8], record: &'a [u8]) -> Option<(Entry<'a>, usize)> {
    if word(record, 0)? != CENTRAL || half(record, 8)? & ENCRYPTED != 0 {
        return None;
    }
    let (name, extra, comment) = (half(record, 28)?, half(record, 30)?, half(record, 32)?);
    let path = std::str::from_utf8(slice(record, CENTRAL_SIZE, name.into())?).ok()?;
    let offset = word(record, 42)? as usize;
    if word(zip, offset)? != LOCAL {
        return None;
    }
    // The lengths in the local header are its own; sizes may be missing there, so those of the list are taken.
    let skipped = usize::from(half(zip, offset + 26)?) + usize::from(half(zip, offset + 28)?);
    let packed = slice(zip, offset.checked_add(LOCAL_SIZE)?.checked_add(skipped)?, word(record, 20)? as usize)?;
    let mode = if half(record, 4)? >> 8 == UNIX >> 8 { word(record, 38)? >> 16 } else { 0 };
    let entry = Entry {
        path,
        is_folder: path.ends_with('/'),
        is_link: mode & KIND == LINK,
        size: word(record, 24)? as usize,
        method: half(record, 10)?,
        crc: word(record, 16)?,
        packed,
    };
    Some((entry, CENTRAL_SIZE + usize::from(name) + usize::from(extra) + usize::from(comment)))
}

fn slice(bytes: &[u8], start: usize, length: usize) -> Option<&[u8]> {
    bytes.get(start..start.checked_add(length)?)
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(slice(bytes, at, 2)?.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(slice(bytes, at, 4)?.try_into().ok()?))
}

fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

fn long(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The checksum of zips, and of PNGs. One kilobyte of table is made at compile time.
pub fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(!0, |crc: u32, &byte| TABLE[((crc ^ u32::from(byte)) & 0xff) as usize] ^ (crc >> 8))
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let (mut byte, mut start) = (0, 0);
    while byte < 256 {
        let mut crc: u32 = start;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
            bit += 1;
        }
        table[byte] = crc;
        (byte, start) = (byte + 1, start + 1);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Map<String, String> {
        crate::sorted::map([("a/b.yaml".to_owned(), "x: 1\n".repeat(200)), ("é.md".to_owned(), String::new())])
    }

    #[test]
    fn reading_undoes_writing() {
        let zip = pack(&files());
        let entries = entries(&zip).unwrap();
        for (entry, (path, text)) in entries.iter().zip(&files()) {
            assert_eq!(entry.path, path);
            assert!(!entry.is_folder && !entry.is_link);
            assert_eq!((entry.size, entry.bytes().as_deref()), (text.len(), Ok(text.as_bytes())));
        }
    }

    #[test]
    fn the_checksum_is_the_one_of_the_format() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn no_cut_and_no_flipped_bit_makes_it_panic() {
        let zip = pack(&files());
        for length in 0..zip.len() {
            assert!(entries(&zip[..length]).is_err(), "{length}");
        }
        for bit in 0..zip.len() * 8 {
            let mut zip = zip.clone();
            zip[bit / 8] ^= 1 << (bit % 8);
            if let Ok(entries) = entries(&zip) {
                for entry in entries {
                    // No flipped bit of the sizes makes room for more than was said.
                    let held = entry.bytes().map_or(0, |bytes| bytes.len());
                    assert!(held <= 1000, "{bit}");
                }
            }
        }
    }
}
