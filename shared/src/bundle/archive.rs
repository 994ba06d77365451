//! The zip of a bundle: written with fixed times in sorted order, read with every limit before a byte is kept.

use super::read::{BundleError, COMPRESSED_MAX, ENTRIES_MAX, TOTAL_MAX, file_max};
use super::zip::{self, Unpacked};
use crate::sorted;
use crate::text::Text;
use std::collections::BTreeMap;

/// Writes the files as a zip; a time of 1980-01-01 and mode 0644 stand at each.
pub(super) fn write(files: &BTreeMap<String, String>) -> Vec<u8> {
    zip::pack(files)
}

/// Reads the files of a zip.
pub(super) fn read(zip: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, BundleError> {
    if zip.len() > COMPRESSED_MAX {
        return Err(BundleError::too_large("", COMPRESSED_MAX));
    }
    let broken = |what: String| {
        BundleError::new(
            "",
            Text::new(format!("not a whole zip: {what}"), format!("不是完整的 zip：{what}")),
            Text::new(
                "export it again, or copy it again: it may have been cut short",
                "请重新导出或重新复制：文件可能不完整",
            ),
        )
    };
    let entries = zip::entries(zip).map_err(|what| broken(what.to_owned()))?;
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
    let mut files = BTreeMap::new();
    let mut total = 0;
    for entry in entries.iter().filter(|entry| !entry.is_folder) {
        let path = entry.path;
        if entry.is_link {
            return Err(BundleError::new(
                path,
                Text::new("a link, not a file", "是链接而不是文件"),
                Text::new("a bundle holds plain files only: export it again", "安装包只含普通文件：请重新导出"),
            ));
        }
        let max = file_max(path).min(TOTAL_MAX - total);
        let bytes = entry.bytes(max).map_err(|why| match why {
            // The last file is not to blame for what all of them hold together.
            Unpacked::TooLarge if max < file_max(path) => BundleError::too_large("", TOTAL_MAX),
            Unpacked::TooLarge => BundleError::too_large(path, max),
            Unpacked::Broken(what) => broken(format!("{}: {what}", path.escape_debug())),
        })?;
        total += bytes.len();
        files.insert(path.to_owned(), bytes);
    }
    Ok(unwrap_folder(files))
}

/// Takes off the folder that holds everything, where somebody zipped the folder and not what is in it.
fn unwrap_folder(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let folder = files
        .keys()
        .next()
        .and_then(|path| path.split_once('/'))
        .map(|(folder, _)| format!("{folder}/"))
        .filter(|folder| files.contains_key(&format!("{folder}{}", super::INDEX)))
        .filter(|folder| files.keys().all(|path| path.starts_with(folder.as_str())));
    match folder {
        Some(folder) => sorted::map(files.into_iter().map(|(path, bytes)| (path[folder.len()..].to_owned(), bytes))),
        None => files,
    }
}
