//! The zip of a bundle: written with fixed times in sorted order, read with every limit before a byte is unpacked.

use super::read::{BundleError, COMPRESSED_MAX, ENTRIES_MAX, TOTAL_MAX, unchanged};
use super::zip::{self, Entry};
use crate::sorted::{self, Map};
use crate::text::Text;

/// How many bytes a byte of a zip may become, beyond the first mebibyte. Deflate makes up to 1032 of one; the files of a bundle,
/// which repeat themselves, stay below 20.
const GROWTH_MAX: usize = 64;

/// Writes the files as a zip; a time of 1980-01-01 and mode 0644 stand at each.
pub(super) fn write(files: &Map<String, String>) -> Vec<u8> {
    zip::pack(files)
}

/// Reads the files of a zip and sees that they are those that were written. Names and sizes come first, then the index, then one file after
/// another, so that a bomb is known before it is unpacked.
pub(super) fn read(zip: &[u8]) -> Result<Map<String, String>, BundleError> {
    if zip.len() > COMPRESSED_MAX {
        return Err(BundleError::too_large("", COMPRESSED_MAX));
    }
    let entries = zip::entries(zip).map_err(broken)?;
    if entries.len() > ENTRIES_MAX {
        return Err(BundleError::new(
            "",
            Text::new(
                format!("the zip has {} entries, more than the {ENTRIES_MAX} that are read", entries.len()),
                format!("zip 含 {} 个条目，超过上限 {ENTRIES_MAX}", entries.len()),
            ),
            Text::new("check that it is a bundle", "请确认它是安装包"),
        ));
    }
    let entries = named(&entries)?;
    let total: usize = entries.values().map(|entry| entry.size).sum();
    if total > TOTAL_MAX.min((1 << 20) + zip.len() * GROWTH_MAX) {
        return Err(BundleError::new(
            "",
            Text::new(
                format!("{} bytes that would unpack to {total}: more than a bundle ever does", zip.len()),
                format!("{} 字节解压后将有 {total} 字节：任何安装包都不会如此", zip.len()),
            ),
            Text::new("do not trust this bundle: check where it comes from", "请勿信任此安装包：请确认其来源"),
        ));
    }
    let names = sorted::set(entries.keys().map(|path| (*path).to_owned()));
    unchanged(Some(&names), |path, max| match entries.get(path) {
        None => Ok(None),
        Some(entry) if entry.size > max => Err(BundleError::too_large(path, max)),
        Some(entry) => entry.bytes().map(Some).map_err(|what| broken(&format!("{}: {what}", path.escape_debug()))),
    })
}

fn broken(what: &str) -> BundleError {
    BundleError::new(
        "",
        Text::new(format!("not a whole zip: {what}"), format!("不是完整的 zip：{what}")),
        Text::new(
            "export it again, or copy it again: it may have been cut short",
            "请重新导出或重新复制：文件可能不完整",
        ),
    )
}

/// The files by their paths in the bundle: without the folder that holds everything, where somebody zipped the folder and not what is in it.
fn named<'a>(entries: &'a [Entry<'a>]) -> Result<Map<&'a str, &'a Entry<'a>>, BundleError> {
    let files = || entries.iter().filter(|entry| !entry.is_folder);
    let folder = files()
        .find_map(|entry| entry.path.strip_suffix(super::INDEX))
        .filter(|folder| folder.find('/').is_none_or(|slash| slash + 1 == folder.len()))
        .filter(|folder| files().all(|entry| entry.path.starts_with(folder)))
        .unwrap_or_default();
    let mut named = Map::new();
    for entry in files() {
        let path = &entry.path[folder.len()..];
        if entry.is_link {
            return Err(BundleError::link(path));
        }
        if named.insert(path, entry).is_some() {
            return Err(BundleError::untrusted(path, "is in the zip twice", "在 zip 中出现了两次"));
        }
    }
    Ok(named)
}
