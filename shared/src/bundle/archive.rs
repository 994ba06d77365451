//! The zip of a bundle: written with fixed times in sorted order, read with every limit before a byte is kept.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::read::{BundleError, COMPRESSED_MAX, ENTRIES_MAX, TOTAL_MAX, file_max};
use crate::text::Text;

/// Writes the files as a zip; a time of 1980-01-01 and mode 0644 stand at each.
pub(super) fn write(files: &BTreeMap<String, String>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    for (path, text) in files {
        // Writing to memory fails only beyond the limits of the format, which lie far above those of a bundle.
        let written = writer.start_file(path.as_str(), options).is_ok() && writer.write_all(text.as_bytes()).is_ok();
        debug_assert!(written, "{path} does not fit into a zip");
    }
    writer.finish().map(Cursor::into_inner).unwrap_or_default()
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
    let mut archive = ZipArchive::new(Cursor::new(zip)).map_err(|error| broken(error.to_string()))?;
    if archive.len() > ENTRIES_MAX {
        return Err(BundleError::new(
            "",
            Text::new(
                format!("the zip has {} entries, more than the {ENTRIES_MAX} that are read", archive.len()),
                format!("zip 含 {} 个条目，超过上限 {ENTRIES_MAX}", archive.len()),
            ),
            Text::new("check that it is a bundle", "请确认它是安装包"),
        ));
    }
    let mut files = BTreeMap::new();
    let mut total = 0;
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).map_err(|error| broken(error.to_string()))?;
        let path = entry.name().map_err(|error| broken(error.to_string()))?.into_owned();
        if entry.is_dir() {
            continue;
        }
        if entry.is_symlink() {
            return Err(BundleError::new(
                &path,
                Text::new("a link, not a file", "是链接而不是文件"),
                Text::new("a bundle holds plain files only: export it again", "安装包只含普通文件：请重新导出"),
            ));
        }
        let max = file_max(&path).min(TOTAL_MAX - total);
        let mut bytes = Vec::new();
        entry
            .by_ref()
            .take(max as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| broken(format!("{path}: {error}")))?;
        if bytes.len() > max {
            // The last file is not to blame for what all of them hold together.
            let (path, max) = if max < file_max(&path) { ("", TOTAL_MAX) } else { (path.as_str(), max) };
            return Err(BundleError::too_large(path, max));
        }
        total += bytes.len();
        files.insert(path, bytes);
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
        Some(folder) => files.into_iter().map(|(path, bytes)| (path[folder.len()..].to_owned(), bytes)).collect(),
        None => files,
    }
}
