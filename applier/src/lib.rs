//! The applier: everything behind the program `isthmus`. The binary is a thin `main`; tests call [`run`] in the same process.
//!
//! It decides nothing about Istio: what a bundle says is done, in the order the bundle says, and told through one report.

mod applyset;
mod back;
mod certs;
mod check;
mod cli;
mod clock;
mod clusters;
mod command;
mod error;
mod fill;
mod findings;
mod foresight;
mod interrupt;
mod kinds;
mod lang;
mod lease;
mod object;
mod probe;
mod program;
mod refusal;
mod report;
mod rights;
mod serve;
mod session;
mod sound;
mod source;
mod survey;
mod sweep;
mod transport;
mod trust;
mod verify;
mod walk;
mod work;
mod world;

use std::ffi::OsString;
use std::sync::Arc;

use shared::text::{Lang, Text};

pub use error::Exit;
pub use report::{Streams, Terminals};

use cli::{Command, help, misuse};
use error::Failure;
use report::{Format, Manner, Paint, Report, Verbosity};

/// Runs `isthmus` with these arguments (the program's name first) on these streams.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: Streams) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = lang::choose(&arguments, &streams);
    match misuse::parse(&arguments, lang) {
        Ok(cli) => {
            let manner = manner(&cli, lang, &streams);
            let report = Arc::new(Report::new(streams, manner));
            finish(&report, perform(cli.command, &report))
        }
        Err(stop) => {
            let colour = Paint::choose(misuse::colour(&arguments), &streams);
            let manner = Manner { lang, verbosity: Verbosity::Normal, format: Format::Document, colour };
            let report = Report::new(streams, manner);
            finish(&report, stop.end(&report))
        }
    }
}

/// Prints a failure, closes the report, and settles what the process ends with.
fn finish(report: &Report, result: Result<Exit, Failure>) -> Exit {
    let exit = result.unwrap_or_else(|failure| {
        report.failure(&failure);
        failure.exit
    });
    match report.close() {
        // What the command itself failed of is the better news.
        Err(failure) if exit == Exit::Done => {
            report.failure(&failure);
            failure.exit
        }
        _ => exit,
    }
}

/// How this run is told.
fn manner(cli: &cli::Cli, lang: Lang, streams: &Streams) -> Manner {
    let verbosity = match (cli.global.quiet, cli.global.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, 0) => Verbosity::Normal,
        (false, _) => Verbosity::Verbose,
    };
    let format = match &cli.command {
        Command::Diff(cli::Diff { output: Some(_), .. })
        | Command::Apply(cli::Apply { course: cli::Course { output: Some(_), .. }, .. })
        | Command::Cleanup(cli::Cleanup { course: cli::Course { output: Some(_), .. }, .. })
        | Command::Rotate(cli::Rotate { course: cli::Course { output: Some(_), .. }, .. })
        | Command::Revoke(cli::Revoke { output: Some(_), .. }) => Format::JsonLines,
        Command::Diff(_) | Command::Apply(_) | Command::Cleanup(_) | Command::Rotate(_) | Command::Revoke(_) => {
            Format::Human
        }
        _ => Format::Document,
    };
    Manner { lang, verbosity, format, colour: Paint::choose(cli.global.color, streams) }
}

/// Runs the command.
fn perform(command: Command, report: &Arc<Report>) -> Result<Exit, Failure> {
    match command {
        Command::Generate(arguments) => command::generate::run(&arguments, report),
        Command::Validate(arguments) => command::validate::run(&arguments, report),
        Command::Explain(arguments) => command::explain::run(&arguments, report),
        Command::Inspect(arguments) => command::inspect::run(&arguments, report),
        Command::Certs(arguments) => command::certs::run(&arguments, report),
        Command::Serve(arguments) => command::serve::run(&arguments, report),
        Command::Check(arguments) => live(command::check::run(&arguments, report)),
        Command::Diff(arguments) => live(command::diff::run(&arguments, report)),
        Command::Apply(arguments) => live(command::apply::run(&arguments, report)),
        Command::Status(arguments) => live(command::status::run(&arguments, report)),
        Command::Verify(arguments) => live(command::verify::run(&arguments, report)),
        Command::Cleanup(arguments) => live(command::cleanup::run(&arguments, report)),
        Command::Rotate(arguments) => live(command::rotate::run(&arguments, report)),
        Command::Revoke(arguments) => live(command::revoke::run(&arguments, report)),
        Command::Rbac(arguments) => live(command::rbac::run(&arguments, report)),
        Command::Completion(arguments) => Ok(command::completion::run(&arguments, report)),
        Command::Man(arguments) => command::man::run(&arguments, report),
        Command::Help(arguments) => help::of_command(&arguments, report),
    }
}

/// Runs a command that talks to clusters.
fn live(work: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::new(Exit::Failed, Text::new("cannot start the threads for the clusters", "无法启动访问集群的线程"))
            .because(error)
    })?;
    runtime.block_on(work)
}
