//! The binary `isthmus`: hands the process to the library.

use std::process::ExitCode;

use applier::{Streams, run};

fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os(), Streams::of_process()).code())
}
