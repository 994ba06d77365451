//! Journeys: scripts of `tests/browser` that drive Chromium against the served planner.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use shared::bundle::{Bundle, LAYOUT};
use shared::sorted::Map;

use crate::job::serve;

/// Runs a script of `tests/browser` against the served planner; what goes wrong in it fails the test.
///
/// # Panics
///
/// Panics where the script fails, with what it said.
pub fn journey(script: &str, output: &Path, more: &[PathBuf]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let mut node = Command::new("node");
    node.arg(script).arg(serve()).arg(output).args(more).current_dir(folder);
    if let Some(browser) = env::var_os("ISTHMUS_CHROMIUM") {
        node.env("CHROMIUM", browser);
    }
    let output = node.output().unwrap_or_else(|error| panic!("node: {error}; `cargo xtask test` sets it up"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}\n`cargo xtask test` sets up what it needs");
}

/// Runs a script that ends in a saved bundle, and returns what is [`drawn`] in it.
///
/// # Panics
///
/// Panics where the script fails, or what it saves is no bundle of the planner's.
pub fn draws(script: &str, more: &[PathBuf]) -> Map<String, String> {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let saved = folder.path().join("mesh1.zip");
    journey(script, &saved, more);
    drawn(&saved)
}

/// Returns the files of a bundle that the planner saved, but for the positions of boxes: every other byte is to be what the terminal makes
/// of the same drawing.
///
/// # Panics
///
/// Panics where it is no bundle, or holds no positions.
pub fn drawn(saved: &Path) -> Map<String, String> {
    let zip = fs::read(saved).unwrap_or_else(|error| panic!("{}: {error}", saved.display()));
    let bundle = Bundle::from_zip(&zip).unwrap_or_else(|error| panic!("{}: {error}", saved.display()));
    let mut files = bundle.files;
    assert!(files.remove(LAYOUT).is_some(), "the planner keeps positions");
    files
}

/// Returns the folder that the planner was built into.
pub fn built() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist")
}
