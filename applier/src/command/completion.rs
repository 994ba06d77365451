//! `isthmus completion`: the script by which a shell completes commands and options.

use crate::cli::{Completion, help};
use crate::error::Exit;
use crate::report::Report;

/// Prints the script; what it shows beside a word is in the language of the run.
pub(crate) fn run(arguments: &Completion, report: &Report) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut help::command(report.lang()), "isthmus", &mut script);
    report.print(&String::from_utf8_lossy(&script));
    Exit::Done
}
