//! Writing: whole files or nothing. A file appears under its name only when all of it is on the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use shared::text::Text;

use crate::error::{Exit, Failure};

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Privacy {
    /// Whoever the operator's umask allows.
    Usual,
    /// The operator alone: files 0600, folders 0700.
    Secret,
}

/// Writes a file in place of what was there.
pub(crate) fn file(path: &Path, bytes: &[u8], privacy: Privacy) -> Result<(), Failure> {
    replace(path, bytes, privacy).map_err(|error| unwritable(path, &error))
}

fn replace(path: &Path, bytes: &[u8], privacy: Privacy) -> io::Result<()> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = create(&beside, privacy)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // Half a file under a hidden name helps nobody; that it cannot be removed changes nothing of the failure.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Makes a folder and those above it; one that is there stays as it is.
pub(crate) fn folder(path: &Path, privacy: Privacy) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if privacy == Privacy::Secret {
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    }
    builder.create(path).map_err(|error| unwritable(path, &error))
}

fn create(path: &Path, privacy: Privacy) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if privacy == Privacy::Secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let what = match error.kind() {
        io::ErrorKind::NotFound => Text::new("there is no such folder", "目录不存在"),
        io::ErrorKind::PermissionDenied => Text::new("you may not write here", "没有写入权限"),
        _ => return Failure::new(Exit::Output, Text::new("cannot write", "无法写入")).at(path.display()).because(error),
    };
    Failure::new(Exit::Output, what).at(path.display())
}
