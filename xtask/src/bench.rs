//! `bench`: the measures of the project, printed in one run.

use std::process::Command;

use anyhow::Result;

use crate::process::say;
use crate::{Repo, size, testbed};

/// What the planner weighs; how fast a drawing becomes files; what `apply` takes beside the same work done by hand. All, or the parts that
/// are named.
pub(crate) fn bench(repo: &Repo, parts: &[&str]) -> Result<()> {
    size::size(repo)?;
    let mut cargo = Command::new("cargo");
    cargo.args(["bench", "--package", "tests", "--bench", "measures", "--"]).args(parts).current_dir(&repo.root);
    testbed::provide(&mut cargo, &testbed::ensure(repo, &testbed::NEEDED)?)?;
    say("measures: compiling and running");
    repo.children.run("measures", &mut cargo)
}
