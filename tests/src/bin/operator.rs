//! `isthmus` as a process of its own, for tests that end it in the middle of its work.

use std::process::ExitCode;

use applier::{Streams, run};

fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os(), Streams::of_process()).code())
}
