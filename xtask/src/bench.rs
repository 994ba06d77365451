//! `bench`: the measures of the project, printed in one run.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process::say;
use crate::{Repo, size, test, testbed};

/// What the planner weighs; how fast a drawing becomes files; what `apply` takes beside the same work done by hand, and what a mesh at rest
/// costs, near and far. All, or the parts that are named.
pub(crate) fn bench(repo: &Repo, parts: &[&str]) -> Result<()> {
    size::size(repo)?;
    let mut build = Command::new("cargo");
    build.args(["build", "--release", "--package", "applier"]).current_dir(&repo.root);
    repo.children.run("isthmus", &mut build)?;
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--package", "tests", "--bench", "measures", "--"]).args(parts).current_dir(&repo.root);
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repo.root.join("target"), PathBuf::from);
    cargo.env("ISTHMUS_PROGRAM", target.join("release/isthmus"));
    testbed::provide(&mut cargo, &testbed::ensure(repo, &testbed::NEEDED)?)?;
    if parts.is_empty() || parts.contains(&"browser") {
        cargo.env("ISTHMUS_CHROMIUM", test::browser(repo)?);
        // What the planner is measured beside is installed for this alone.
        for folder in ["tests/browser", "tests/browser/peers"] {
            test::node_modules(repo, folder)?;
        }
    }
    say("measures: compiling and running");
    repo.children.run("measures", &mut cargo)
}
