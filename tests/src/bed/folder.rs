//! The folder of a bed, and the keeper that removes it with every program that belongs to it.

use std::env;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::BedError;

const KEEPER: &str = include_str!("files/keeper.sh");

/// The folder of one bed. Dropping it ends the bed's programs and removes the folder.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    keeper: Child,
    /// Held as long as the bed lives, so that others can tell it from a leftover.
    _lock: File,
}

impl Folder {
    /// A new folder with a keeper. What killed runs have left behind is removed first.
    pub(super) fn create() -> Result<Self, BedError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let root = root()?;
        // Nobody looks for leftovers between the making of a folder and its lock.
        let guard = File::create(root.join("beds.lock"))?;
        guard.lock()?;
        remove_leftovers(&root)?;
        let path = root.join(format!("{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        DirBuilder::new().mode(0o700).create(&path)?;
        let lock = File::create(path.join("lock"))?;
        lock.lock()?;
        let keeper = keeper(&path, Stdio::piped())?;
        Ok(Self { path, keeper, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The keeper reads until this end closes: the same way whether the process ends well, panics or is killed.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// The folder of all beds of this user.
pub(super) fn root() -> Result<PathBuf, BedError> {
    let user = fs::metadata("/proc/self").map_err(|error| format!("the bed needs Linux' /proc: {error}"))?.uid();
    let root = env::temp_dir().join(format!("isthmus-beds-{user}"));
    DirBuilder::new().mode(0o700).recursive(true).create(&root)?;
    let metadata = fs::symlink_metadata(&root)?;
    if !metadata.is_dir() || metadata.uid() != user {
        return Err(format!("{} belongs to somebody else", root.display()).into());
    }
    Ok(root)
}

/// Starts the keeper in a process group of its own: what ends the tests, Ctrl-C say, must not end it.
fn keeper(bed: &Path, stdin: Stdio) -> Result<Child, BedError> {
    let mut command = Command::new("sh");
    command.args(["-c", KEEPER, "keeper"]).arg(bed).stdin(stdin).stdout(Stdio::null()).process_group(0);
    command.spawn().map_err(|error| format!("sh, which keeps the bed: {error}").into())
}

/// Removes the beds whose process has gone and whose keeper was killed too.
fn remove_leftovers(root: &Path) -> Result<(), BedError> {
    for entry in fs::read_dir(root)? {
        let path = entry?.path();
        let Ok(lock) = File::open(path.join("lock")) else {
            continue;
        };
        match lock.try_lock() {
            Ok(()) => {
                keeper(&path, Stdio::null())?.wait()?;
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
    Ok(())
}
