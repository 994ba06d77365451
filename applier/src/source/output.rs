//! Writing: whole files or nothing. A file appears under its name only when all of it is on the disk.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Component, Path};

use shared::bundle::{Bundle, INDEX, Index};
use shared::text::Text;

use super::{Kind, is_zip, kind};
use crate::error::{Exit, Failure};

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Privacy {
    /// Whoever the operator's umask allows.
    Usual,
    /// The operator alone: files 0600, folders 0700.
    Secret,
}

/// Writes a bundle: a zip where the name says so, else a directory. What is there and is no bundle stays as it is.
pub(crate) fn bundle(path: &Path, bundle: &Bundle) -> Result<(), Failure> {
    let zip = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    match (kind(path), zip) {
        (Kind::Nothing, true) => {
            // The parent of a plain name is the empty path, which is where we are.
            if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                folder(parent, Privacy::Usual)?;
            }
            file(path, &bundle.to_zip(), Privacy::Usual)
        }
        (Kind::File, true) if begins_as_zip(path) => file(path, &bundle.to_zip(), Privacy::Usual),
        (Kind::Nothing, false) => directory(path, bundle, None),
        (Kind::Directory, false) if is_empty(path) => directory(path, bundle, None),
        (Kind::Directory, false) => {
            match super::text(&path.join(INDEX), u64::MAX).ok().and_then(|text| serde_yaml::from_str(&text).ok()) {
                Some(before) => directory(path, bundle, Some(&before)),
                None => Err(foreign(path)),
            }
        }
        (Kind::File, _) | (Kind::Directory, true) => Err(foreign(path)),
    }
}

fn foreign(path: &Path) -> Failure {
    let what = Text::new(
        "there is something else than a bundle here, and it was left as it is",
        "此处已有其他内容，不是安装包，未作改动",
    );
    Failure::new(Exit::Output, what)
        .at(path.display())
        .hint(Text::new("name a new directory, or a file that ends in .zip", "请指定新的目录，或以 .zip 结尾的文件"))
}

/// Writes the files of a bundle. The index comes last: a directory whose writing was cut short does not pass for a bundle.
fn directory(path: &Path, bundle: &Bundle, before: Option<&Index>) -> Result<(), Failure> {
    let stale = before.iter().flat_map(|index| index.files.keys()).filter(|name| !bundle.files.contains_key(*name));
    for name in stale {
        remove(path, name).map_err(|error| unwritable(&path.join(name), &error))?;
    }
    let (last, first): (Vec<_>, Vec<_>) = bundle.files.iter().partition(|(name, _)| *name == INDEX);
    let written = first.into_iter().chain(last).try_for_each(|(name, text)| {
        let file = path.join(name);
        if let Some(parent) = file.parent() {
            folder(parent, Privacy::Usual)?;
        }
        fs::write(&file, text).map_err(|error| unwritable(&file, &error))
    });
    if written.is_err() && before.is_none() {
        // Half a bundle helps nobody, and would be in the way of the next one; that it cannot be removed changes nothing of the failure.
        bundle.files.keys().for_each(|name| drop(remove(path, name)));
    }
    written
}

/// Removes a file of an earlier bundle, and the folders that held nothing else. A name that leads out of the bundle is not followed.
fn remove(path: &Path, name: &str) -> io::Result<()> {
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let file = path.join(name);
    if !plain || kind(&file) != Kind::File {
        return Ok(());
    }
    fs::remove_file(&file)?;
    for parent in file.ancestors().skip(1).take_while(|parent| *parent != path) {
        if fs::remove_dir(parent).is_err() {
            break;
        }
    }
    Ok(())
}

fn is_empty(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

fn begins_as_zip(path: &Path) -> bool {
    let mut start = [0; 2];
    let read = File::open(path).and_then(|mut file| io::Read::read(&mut file, &mut start));
    // An empty file is what `mktemp` leaves.
    read.is_ok_and(|count| count == 0 || is_zip(&start))
}

/// Writes a file in place of what was there.
pub(crate) fn file(path: &Path, bytes: &[u8], privacy: Privacy) -> Result<(), Failure> {
    replace(path, bytes, privacy).map_err(|error| unwritable(path, &error))
}

/// Opens a file to be written to its end, line by line. One that is there is gone on with, if it holds such lines.
pub(crate) fn log(path: &Path) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    let mut file = options.read(true).append(true).create(true).open(path).map_err(|error| unwritable(path, &error))?;
    let mut start = *b"{";
    // A pipe or a device cannot be looked into.
    if file.metadata().is_ok_and(|data| data.is_file()) {
        io::Read::read(&mut file, &mut start).map_err(|error| unwritable(path, &error))?;
    }
    if start != *b"{" {
        let what = Text::new(
            "there is something else than a report here, and it was left as it is",
            "此处已有其他内容，不是报告，未作改动",
        );
        return Err(Failure::new(Exit::Output, what)
            .at(path.display())
            .hint(Text::new("name a new file, or an earlier report", "请指定新的文件，或以前的报告")));
    }
    Ok(file)
}

/// Takes back a file that was just written, since what belongs to it could not be: that it cannot be removed changes nothing of that failure.
pub(crate) fn discard(path: &Path) {
    let _ = fs::remove_file(path);
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
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            Text::new("there is a file where a folder is to be", "此处应为目录，但已有文件")
        }
        _ => {
            return Failure::new(Exit::Output, Text::new("cannot write", "无法写入")).at(path.display()).because(error);
        }
    };
    Failure::new(Exit::Output, what).at(path.display())
}
