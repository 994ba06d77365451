//! The disk: with [`output`] below it the only part of the program that opens files. Everything is read whole and with a cap, before
//! anything is done with it; nothing is followed out of the folder that was named.

pub(crate) mod output;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use shared::text::Text;

use crate::error::{Exit, Failure};

/// A PEM file is a few kilobytes; chains of many links are still far below this.
pub(crate) const PEM_CAP: u64 = 256 * 1024;

/// Reads a text file.
pub(crate) fn text(path: &Path, cap: u64) -> Result<String, Failure> {
    let bytes = bytes(path, cap)?;
    String::from_utf8(bytes).map_err(|error| not_utf8(&path.display().to_string(), &error.into_bytes()))
}

/// Reads a file.
pub(crate) fn bytes(path: &Path, cap: u64) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(cap.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > cap {
        return Err(too_large(&path.display().to_string(), cap));
    }
    Ok(bytes)
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    Nothing,
    /// A file, or something else that can be read like one.
    File,
    /// A directory.
    Directory,
}

/// Looks at a path; what may not be looked at is nothing.
pub(crate) fn kind(path: &Path) -> Kind {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Kind::Directory,
        Ok(_) => Kind::File,
        Err(_) => Kind::Nothing,
    }
}

/// The failure of a file that cannot be opened or read.
fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let what = match error.kind() {
        io::ErrorKind::NotFound => Text::new("there is no such file", "文件不存在"),
        io::ErrorKind::PermissionDenied => Text::new("you may not read this file", "没有读取该文件的权限"),
        io::ErrorKind::IsADirectory => Text::new("this is a directory, not a file", "这是目录，不是文件"),
        _ => return Failure::new(Exit::Data, Text::new("cannot read this file", "无法读取该文件")).at(path.display()).because(error),
    };
    Failure::new(Exit::Data, what).at(path.display())
}

fn too_large(place: &str, cap: u64) -> Failure {
    let mebibytes = cap / (1024 * 1024);
    let size = if mebibytes > 0 { format!("{mebibytes} MiB") } else { format!("{} KiB", cap / 1024) };
    Failure::new(Exit::Data, Text::new(format!("larger than {size}"), format!("超过 {size}"))).at(place)
}

/// Says on which line the first byte stands that is no UTF-8.
fn not_utf8(place: &str, bytes: &[u8]) -> Failure {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let line = 1 + valid.matches('\n').count();
    Failure::new(Exit::Data, Text::new("this is not UTF-8 text", "不是 UTF-8 文本"))
        .at(format!("{place}:{line}"))
        .hint(Text::new("save the file as UTF-8", "请将文件保存为 UTF-8"))
}
