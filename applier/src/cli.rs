//! The command line, as types. The doc comments are the English help; [`help`] holds the Chinese, the examples and the layout.
//!
//! Nothing here reads a file or decides anything: a command takes its struct and goes on from there.

pub(crate) mod credentials;
pub(crate) mod help;
pub(crate) mod misuse;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use shared::text::Lang;

pub(crate) use credentials::{Rbac, Revoke, Rotate};

/// Plan and install multi-cluster Istio meshes
#[derive(Debug, Parser)]
#[command(
    name = "isthmus",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: Global,
    /// Print the version
    #[arg(long, short = 'V', action = ArgAction::Version)]
    pub(crate) version: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Language: en or zh; default: from `LC_ALL`, `LC_MESSAGES` or `LANG`
    #[arg(long, global = true, value_name = "LANG", value_parser = language)]
    pub(crate) lang: Option<Lang>,
    /// Colour: auto, always or never; `NO_COLOR` is honoured
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub(crate) color: Colour,
    /// Say more: name every object, also the unchanged ones
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Say less: results, warnings and errors alone
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print help
    #[arg(long, short, global = true, action = ArgAction::Help)]
    pub(crate) help: Option<bool>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless the environment says no.
    Auto,
    /// Also in a file.
    Always,
    /// Nowhere.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the bundle of a topology, as the planner exports it
    Generate(Generate),
    /// Check a topology or a bundle, offline
    Validate(Validate),
    /// Explain a finding or a rule: what it means, what its failure looks like, what to do
    Explain(Explain),
    /// Show what a bundle holds and in what order it is applied
    Inspect(Inspect),
    /// Make a root CA and an intermediate CA for every cluster that signs
    Certs(Certs),
    /// Check the clusters before anything is written: rights, versions, certificates, what is there already
    Check(Check),
    /// Show what `apply` would change, by dry run against every cluster
    Diff(Diff),
    /// Apply a bundle to its clusters
    Apply(Apply),
    /// Show which facts of a bundle hold in its clusters now
    Status(Status),
    /// Call from every cluster to every other, and ask every istiod what it sees
    Verify(Verify),
    /// Take away what `apply` brought
    Cleanup(Cleanup),
    /// Give istiods new tokens for the clusters they watch, then void the old ones
    Rotate(Rotate),
    /// Take away by what istiods elsewhere watch a cluster
    Revoke(Revoke),
    /// Print the roles that an account needs on each cluster
    Rbac(Rbac),
    /// Open the planner on a loopback address
    Serve(Serve),
    /// Print the script by which a shell completes commands and options
    Completion(Completion),
    /// Print the manual page, or write those of all commands
    Man(Man),
    /// Print help for a command
    Help(Help),
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
    /// What is printed beside a finding, or the word of a rule; without it all are listed
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

/// How the clusters are found.
#[derive(Debug, Clone, Args)]
pub(crate) struct Connection {
    /// The kubeconfig to use; default: `KUBECONFIG`, then ~/.kube/config
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// Reach a cluster by this context; once per cluster; default: the context drawn, then one of the cluster's name
    #[arg(long = "context", value_name = "CLUSTER=CONTEXT", value_parser = context)]
    pub(crate) contexts: Vec<Context>,
}

/// Where the certificates are, and the programs that render Istio.
#[derive(Debug, Clone, Args)]
pub(crate) struct Supplies {
    /// The folder `isthmus certs` wrote; default: the secrets `cacerts` that are in the clusters
    #[arg(long, value_name = "DIR")]
    pub(crate) certs: Option<PathBuf>,
    /// The istioctl to use, of the bundle's release; default: the one on `PATH`
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) istioctl: Option<PathBuf>,
    /// The helm to use; default: the one on `PATH`
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) helm: Option<PathBuf>,
    /// Istio's charts, of the bundle's release: a folder, the URL of a repository, or its name in helm; default: Istio's repository
    #[arg(long, value_name = "DIR|REPO")]
    pub(crate) charts: Option<OsString>,
}

/// Which steps of a bundle are meant; all, where nothing is said.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Selection {
    /// Only steps on this cluster; once per cluster
    #[arg(long = "cluster", value_name = "CLUSTER")]
    pub(crate) clusters: Vec<String>,
    /// Only this step; once per step
    #[arg(long = "step", value_name = "ID")]
    pub(crate) steps: Vec<String>,
    /// Only this step and those it waits for
    #[arg(long, value_name = "ID")]
    pub(crate) until: Option<String>,
}

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

/// Arguments of `apply`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Apply {
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
    /// Do not ask before the first write
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Take over fields that another manager owns
    #[arg(long)]
    pub(crate) force_conflicts: bool,
    /// How long one step may wait, such as 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
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

/// Arguments of `cleanup`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Cleanup {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Do not ask; needs --confirm
    #[arg(long, short, requires = "confirm")]
    pub(crate) yes: bool,
    /// The mesh's id, typed out, in place of the question
    #[arg(long, value_name = "MESH-ID")]
    pub(crate) confirm: Option<String>,
    /// How long one step may wait, such as 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
    pub(crate) timeout: Duration,
    /// Machine-readable output: jsonl, one JSON object a line
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Stream>,
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

/// Arguments of `help`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Help {
    /// The command
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

/// A cluster and the kubeconfig context that leads to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    /// The cluster, as drawn.
    pub(crate) cluster: String,
    /// The context in the kubeconfig.
    pub(crate) context: String,
}

/// A format for one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Document {
    /// One JSON document on standard output.
    Json,
}

/// A format for a stream of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stream {
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
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
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
