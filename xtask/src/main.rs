//! Set-up and chores of the repository, run as `cargo xtask <chore>`.
//!
//! Depends on no other crate of the workspace, so that it builds first and quickly. Every program it starts goes
//! through [`process`], which keeps talking while it runs and ends it, with all it started, on Ctrl-C.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use process::{Children, Interrupted};

mod arrange;
mod bench;
mod cache;
mod packages;
mod planner;
mod process;
mod shorten;
mod size;
mod start;
mod test;
mod testbed;
mod toolchain;

const USAGE: &str = "\
cargo xtask <chore>

  start [--without-clusters] [--port N]   build everything, serve the planner, start two practice clusters
  test                                    set up and run every check and test
  build                                   build the planner into web/dist
  bench [PART…]                           print the measures, the planner's size among them; parts: generation, browser,
                                          apply, rest, secrets, connect, reaction
  size                                    print what the planner weighs; fails above the gate
  testbed [--print-path] [MODULE…]        build the programs of the test bed: kubernetes kwok istio (helm when named)
";

/// The checkout a chore works on, and the programs it runs.
pub(crate) struct Repo {
    root: PathBuf,
    children: Children,
}

impl Repo {
    fn open() -> Result<Self> {
        // Asked for when it runs: two checkouts that share a target folder may find the other's program in it.
        let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&own).parent().context("xtask lies in the repository")?.to_path_buf();
        Ok(Self { root, children: Children::watch_signals()? })
    }

    /// A program that cargo built beside this one.
    fn built(name: &str) -> Result<PathBuf> {
        Ok(std::env::current_exe().context("where this program lies")?.with_file_name(name))
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Err(error) = run(&arguments) else {
        return ExitCode::SUCCESS;
    };
    if error.is::<Interrupted>() {
        process::say("interrupted; everything that was started is ended");
        return ExitCode::from(130);
    }
    process::say(&format!("failed: {error:#}"));
    ExitCode::FAILURE
}

fn run(arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["start", ref options @ ..] => start::start(&Repo::open()?, &start::Options::read(options)?),
        ["test"] => test::test(&Repo::open()?),
        ["build"] => planner::build(&Repo::open()?).map(drop),
        ["bench", ref parts @ ..] => bench::bench(&Repo::open()?, parts),
        ["size"] => size::size(&Repo::open()?),
        ["testbed", ref modules @ ..] => testbed::chore(&Repo::open()?, modules),
        [] | ["help" | "--help" | "-h"] => process::print(USAGE),
        [chore, ..] => {
            bail!("`{chore}` is no chore, or has an argument it does not take\n\n{USAGE}")
        }
    }
}
