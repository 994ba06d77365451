//! The folder outside the repository where costly things are kept between checkouts.

use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::process::{Children, say};

/// `$ISTHMUS_CACHE`, else `isthmus` in the user's cache folder.
pub(crate) fn folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = set("ISTHMUS_CACHE")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("isthmus")))
        .or_else(|| set("HOME").map(|home| home.join(".cache/isthmus")))
        .context("no place for the cache: set ISTHMUS_CACHE to a folder, or HOME")?;
    if folder.is_relative() {
        bail!("the cache folder must be an absolute path, not {}", folder.display());
    }
    Ok(folder)
}

/// The SHA-256 of some texts, one after the other, in hexadecimal digits.
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Makes the caller the only one in `folder` for as long as it keeps what is returned.
pub(crate) fn lock(children: &Children, folder: &Path) -> Result<File> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(".lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    for second in 0_u64.. {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if second % 10 == 0 => {
                say(&format!("another run works in {}; waiting for it", folder.display()));
            }
            Err(TryLockError::WouldBlock) => (),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        children.sleep(Duration::from_secs(1))?;
    }
    Ok(file)
}

/// Writes a file so that a reader sees the old or the new one, never half of it.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(".new");
    fs::write(&fresh, content)
        .and_then(|()| fs::rename(&fresh, path))
        .with_context(|| format!("cannot write {}", path.display()))
}
