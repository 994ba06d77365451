//! The arguments of commands that look at clusters and write nothing.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::common::{Connection, Selection, Supplies};
use super::values::{Document, Stream, duration};

/// Arguments of `check`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Check {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Where the certificates and the programs are.
    #[command(flatten)]
    pub(crate) supplies: Supplies,
    /// Make failing checks again until this time is over, such as 90s or 5m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) wait: Option<Duration>,
    /// Machine-readable output: json
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Document>,
}

/// Arguments of `diff`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Diff {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Where the certificates and the programs are.
    #[command(flatten)]
    pub(crate) supplies: Supplies,
    /// Which steps are meant.
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// End with status 2 when there is something to change
    #[arg(long)]
    pub(crate) exit_code: bool,
    /// How long to wait for an answer, such as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub(crate) timeout: Duration,
    /// Machine-readable output: jsonl, one JSON object a line
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Stream>,
}

/// Arguments of `status`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Status {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Wait until every fact is so, at most as long as `--timeout`
    #[arg(long)]
    pub(crate) wait: bool,
    /// Go on looking, and print each fact that changes, until interrupted
    #[arg(long, conflicts_with_all = ["wait", "output"])]
    pub(crate) watch: bool,
    /// How long to wait for an answer, such as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub(crate) timeout: Duration,
    /// Machine-readable output: json
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Document>,
}

/// Arguments of `verify`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Verify {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// How long all of it may take, such as 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
    pub(crate) timeout: Duration,
    /// Write the checks into this file too, in the XML that build servers read
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Machine-readable output: json
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Document>,
}
