//! The command line, as types. The doc comments are the English help; [`help`] holds the Chinese, the examples and the layout.
//!
//! Nothing here reads a file or decides anything: a command takes its struct and goes on from there.

pub mod help;
pub mod misuse;

use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use shared::text::Lang;

/// Plan and install multi-cluster Istio meshes
#[derive(Debug, Parser)]
#[command(
    name = "isthmus",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// Print the version
    #[arg(long, short = 'V', action = ArgAction::Version)]
    pub version: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Language: en or zh; default: from `LC_ALL`, `LC_MESSAGES` or `LANG`
    #[arg(long, global = true, value_name = "LANG", value_parser = language)]
    pub lang: Option<Lang>,
    /// Colour: auto, always or never; `NO_COLOR` is honoured
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub color: Colour,
    /// Say more: name every object, also the unchanged ones
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Say less: results, warnings and errors alone
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print help
    #[arg(long, short, global = true, action = ArgAction::Help)]
    pub help: Option<bool>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless the environment says no.
    Auto,
    /// Also in a file.
    Always,
    /// Nowhere.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the bundle of a topology, as the planner exports it
    Generate(Generate),
    /// Check a topology or a bundle, offline
    Validate(Validate),
    /// Show what a bundle holds and in what order it is applied
    Inspect(Inspect),
    /// Make a root CA and an intermediate CA for every cluster that signs
    Certs(Certs),
    /// Show what `apply` would change, by dry run against every cluster
    Diff(Diff),
    /// Apply a bundle to its clusters
    Apply(Apply),
    /// Show which facts of a bundle hold in its clusters now
    Status(Status),
    /// Take away what `apply` brought
    Cleanup(Cleanup),
    /// Open the planner on a loopback address
    Serve(Serve),
    /// Print help for a command
    Help(Help),
}

/// Arguments of `generate`.
#[derive(Debug, Clone, Args)]
pub struct Generate {
    /// The topology file, or - for standard input
    #[arg(value_name = "TOPOLOGY")]
    pub topology: PathBuf,
    /// Where the bundle goes: a directory, a file that ends in .zip, or - for a zip on standard output
    #[arg(long, short, value_name = "BUNDLE")]
    pub output: PathBuf,
}

/// Arguments of `validate`.
#[derive(Debug, Clone, Args)]
pub struct Validate {
    /// A topology file, a bundle (directory or .zip), or - for standard input
    #[arg(value_name = "TOPOLOGY|BUNDLE")]
    pub input: PathBuf,
    /// Machine-readable output: json
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub output: Option<Document>,
}

/// Arguments of `inspect`.
#[derive(Debug, Clone, Args)]
pub struct Inspect {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// Show one step: its files, what it waits for and why
    #[arg(long, value_name = "ID")]
    pub step: Option<String>,
    /// Machine-readable output: json
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub output: Option<Document>,
}

/// Arguments of `certs`.
#[derive(Debug, Clone, Args)]
pub struct Certs {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// The folder to write to; a root CA that is there is kept
    #[arg(long, short, value_name = "DIR")]
    pub output: PathBuf,
}

/// How the clusters are found.
#[derive(Debug, Clone, Args)]
pub struct Connection {
    /// The kubeconfig to use; default: `KUBECONFIG`, then ~/.kube/config
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Reach a cluster by this context; once per cluster; default: the context drawn, then one of the cluster's name
    #[arg(long = "context", value_name = "CLUSTER=CONTEXT", value_parser = context)]
    pub contexts: Vec<Context>,
}

/// Where `istioctl` and the certificates are.
#[derive(Debug, Clone, Args)]
pub struct Supplies {
    /// The folder `isthmus certs` wrote; default: the secrets `cacerts` that are in the clusters
    #[arg(long, value_name = "DIR")]
    pub certs: Option<PathBuf>,
    /// The istioctl to use, of the bundle's release; default: the one on `PATH`
    #[arg(long, value_name = "PROGRAM")]
    pub istioctl: Option<PathBuf>,
}

/// Arguments of `diff`.
#[derive(Debug, Clone, Args)]
pub struct Diff {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub connection: Connection,
    /// Where `istioctl` and the certificates are.
    #[command(flatten)]
    pub supplies: Supplies,
    /// End with status 2 when there is something to change
    #[arg(long)]
    pub exit_code: bool,
    /// How long to wait for an answer, such as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub timeout: Duration,
    /// Machine-readable output: jsonl, one JSON object a line
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub output: Option<Stream>,
}

/// Arguments of `apply`.
#[derive(Debug, Clone, Args)]
pub struct Apply {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub connection: Connection,
    /// Where `istioctl` and the certificates are.
    #[command(flatten)]
    pub supplies: Supplies,
    /// Do not ask before the first write
    #[arg(long, short)]
    pub yes: bool,
    /// Take over fields that another manager owns
    #[arg(long)]
    pub force_conflicts: bool,
    /// How long one step may wait, such as 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
    pub timeout: Duration,
    /// Machine-readable output: jsonl, one JSON object a line
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub output: Option<Stream>,
}

/// Arguments of `status`.
#[derive(Debug, Clone, Args)]
pub struct Status {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub connection: Connection,
    /// How long to wait for an answer, such as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub timeout: Duration,
    /// Machine-readable output: json
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub output: Option<Document>,
}

/// Arguments of `cleanup`.
#[derive(Debug, Clone, Args)]
pub struct Cleanup {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub connection: Connection,
    /// Do not ask; needs --confirm
    #[arg(long, short, requires = "confirm")]
    pub yes: bool,
    /// The mesh's id, typed out, in place of the question
    #[arg(long, value_name = "MESH-ID")]
    pub confirm: Option<String>,
    /// How long one step may wait, such as 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
    pub timeout: Duration,
    /// Machine-readable output: jsonl, one JSON object a line
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub output: Option<Stream>,
}

/// Arguments of `serve`.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// The port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value = "8080", value_parser = port)]
    pub port: u16,
    /// Serve the planner in this folder in place of the one inside
    #[arg(long, value_name = "DIR")]
    pub planner: Option<PathBuf>,
}

/// Arguments of `help`.
#[derive(Debug, Clone, Args)]
pub struct Help {
    /// The command
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

/// A cluster and the kubeconfig context that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The cluster, as drawn.
    pub cluster: String,
    /// The context in the kubeconfig.
    pub context: String,
}

/// A format for one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Document {
    /// One JSON document on standard output.
    Json,
}

/// A format for a stream of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Stream {
    /// JSON lines on standard output.
    Jsonl,
}

/// Reads `en`, `zh`, and longer tags of the two such as `zh-CN`.
fn language(text: &str) -> Result<Lang, String> {
    match text.split(['-', '_']).next() {
        Some("en" | "zh") => Ok(Lang::from_tag(text)),
        _ => Err("en, zh".to_owned()),
    }
}

/// Reads `cluster1=kind-a`. A context may itself hold `=`: the first one parts.
fn context(text: &str) -> Result<Context, String> {
    match text.split_once('=') {
        Some((cluster, context)) if !cluster.is_empty() && !context.is_empty() => {
            Ok(Context { cluster: cluster.to_owned(), context: context.to_owned() })
        }
        _ => Err("CLUSTER=CONTEXT".to_owned()),
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "0 … 65535".to_owned())
}

/// Reads `90s`, `5m`, `1h30m`; a bare number would leave the reader guessing, so it is refused.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "90s, 5m, 1h30m".to_owned();
    let mut seconds: u64 = 0;
    let mut digits = String::new();
    for letter in text.chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        let unit = match letter {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return Err(wrong()),
        };
        let count: u64 = digits.parse().map_err(|_| wrong())?;
        let part = count.checked_mul(unit).ok_or_else(wrong)?;
        seconds = seconds.checked_add(part).ok_or_else(wrong)?;
        digits.clear();
    }
    // A day is the cap: nobody waits longer, and deadlines built from it cannot overflow.
    if digits.is_empty() && (1..=86_400).contains(&seconds) { Ok(Duration::from_secs(seconds)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5400)));
        for wrong in ["", "5", "m", "5m3", "0s", "-1s", "99999999999999999999h", "30000h", "5 m", "٣s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn contexts_part_at_the_first_sign() {
        let arn = context("c1=arn:aws:eks:eu-west-1:1:cluster/a=b").unwrap();
        assert_eq!((arn.cluster.as_str(), arn.context.as_str()), ("c1", "arn:aws:eks:eu-west-1:1:cluster/a=b"));
        for wrong in ["", "c1", "=a", "c1="] {
            assert!(context(wrong).is_err(), "{wrong}");
        }
    }
}
