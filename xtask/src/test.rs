//! `test`: sets up what is missing, then runs every check and every test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::process::{Interrupted, print, say, spoken};
use crate::{Repo, packages, size, testbed};

/// Names under which distributions ship the browser.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Runs all of it; a failed check does not hide the result of the next.
pub(crate) fn test(repo: &Repo) -> Result<()> {
    let mut report = Report { repo, lines: Vec::new(), failed: 0 };
    let cargo = |arguments: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).current_dir(&repo.root);
        cargo
    };
    report.check("format", |what| repo.children.run(what, &mut cargo(&["fmt", "--all", "--check", "--", "-l"])))?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    report.check("clippy", |what| repo.children.run(what, &mut cargo(&clippy)))?;
    report.check("documentation", |what| {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps"]);
        // Links to private items are for those who read the source.
        let lints = "--deny warnings --allow rustdoc::private_intra_doc_links";
        repo.children.run(what, doc.env("RUSTDOCFLAGS", lints))
    })?;
    report.check("planner and its size", |_| size::size(repo))?;
    let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
    report.check("set-up of the tests", |_| {
        tests.env("ISTHMUS_CHROMIUM", browser(repo)?);
        node_modules(repo, "tests/browser")?;
        testbed::provide(&mut tests, &testbed::ensure(repo, &testbed::NEEDED)?)
    })?;
    report.check("tests", |what| repo.children.run(what, &mut tests))?;
    report.end()
}

struct Report<'a> {
    repo: &'a Repo,
    lines: Vec<String>,
    failed: usize,
}

impl Report<'_> {
    fn check(&mut self, what: &str, check: impl FnOnce(&str) -> Result<()>) -> Result<()> {
        self.repo.children.check()?;
        say(&format!("== {what}"));
        let start = Instant::now();
        let result = check(what);
        let time = spoken(start.elapsed());
        match result {
            Ok(()) => self.lines.push(format!("ok      {what} ({time})")),
            Err(error) if error.is::<Interrupted>() => return Err(error),
            Err(error) => {
                say(&format!("{error:#}"));
                self.failed += 1;
                self.lines.push(format!("FAILED  {what} ({time})"));
            }
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        print(&format!("\n{}\n", self.lines.join("\n")))?;
        match self.failed {
            0 => print("all passed\n"),
            some => bail!("{some} of {} failed; each says why above", self.lines.len()),
        }
    }
}

/// Chromium, and fonts in which Chinese is more than boxes.
pub(crate) fn browser(repo: &Repo) -> Result<PathBuf> {
    let fonts = || {
        let listed = repo.children.output(Command::new("fc-list").args([":lang=zh", "family"]));
        listed.is_ok_and(|families| !families.is_empty())
    };
    let named = || std::env::var_os("ISTHMUS_CHROMIUM").map(PathBuf::from).or_else(|| packages::find(&CHROMIUM));
    if named().is_none() || !fonts() {
        let packages = ["chromium", "fonts-noto-cjk", "fontconfig"];
        packages::install(&repo.children, "the tests drive a Chromium that shows Chinese", &packages)?;
    }
    match named() {
        Some(browser) => Ok(browser),
        None => bail!("no Chromium on PATH; ISTHMUS_CHROMIUM may name one"),
    }
}

/// The packages of a folder's scripts, as locked.
pub(crate) fn node_modules(repo: &Repo, folder: &str) -> Result<()> {
    let folder = repo.root.join(folder);
    let written = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    let installed = written(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= written(&folder.join("package-lock.json")) {
        return Ok(());
    }
    if packages::find(&["npm"]).is_none() {
        packages::install(&repo.children, "the browser's tests run on Node", &["nodejs", "npm"])?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    repo.children.run("npm ci", &mut npm)
}
