//! The arguments of commands that need no cluster.

use std::path::PathBuf;

use clap::Args;
use shared::overview::Topic;

use super::values::{Document, port, topic};

/// Arguments of `generate`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Generate {
    /// The topology file, or - for standard input
    #[arg(value_name = "TOPOLOGY")]
    pub(crate) topology: PathBuf,
    /// Where the bundle goes: a directory, a file that ends in .zip, or - for a zip on standard output
    #[arg(long, short, value_name = "BUNDLE")]
    pub(crate) output: PathBuf,
}

/// Arguments of `validate`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Validate {
    /// A topology file, a bundle (directory or .zip), or - for standard input
    #[arg(value_name = "TOPOLOGY|BUNDLE")]
    pub(crate) input: PathBuf,
    /// Machine-readable output: json
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Document>,
}

/// Arguments of `explain`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Explain {
    /// What is printed beside a finding or a check, a fact, or the word of a rule; without it all are listed
    #[arg(value_name = "ID")]
    pub(crate) id: Option<String>,
}

/// Arguments of `inspect`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Inspect {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// Show one step: its files, what it waits for and why
    #[arg(long, value_name = "ID")]
    pub(crate) step: Option<String>,
    /// Print what it comes to as a Markdown table: reach, firewall, trust, secrets or score
    #[arg(long, value_name = "TOPIC", value_parser = topic, conflicts_with_all = ["step", "output"])]
    pub(crate) table: Option<Topic>,
    /// Machine-readable output: json
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Document>,
}

/// Arguments of `certs`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Certs {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// The folder to write to; a root CA that is there is kept
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

/// Arguments of `serve`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Serve {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value = "8080", value_parser = port)]
    pub(crate) port: u16,
    /// Serve the planner in this folder in place of the one inside
    #[arg(long, value_name = "DIR")]
    pub(crate) planner: Option<PathBuf>,
}

/// Arguments of `completion`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Completion {
    /// The shell: bash, elvish, fish, powershell or zsh
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub(crate) shell: clap_complete::Shell,
}

/// Arguments of `man`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Man {
    /// Write isthmus.1 and a page for each command into this folder
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

/// Arguments of `help`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Help {
    /// The command
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}
