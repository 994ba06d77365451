//! Journeys: scripts of `tests/browser` that drive Chromium against the served planner.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Returns the folder that the planner was built into.
pub fn built() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/dist")
}
