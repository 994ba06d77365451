//! The command line, as types. The doc comments are the English help; [`help`] holds the Chinese, the examples and the layout.
//!
//! Nothing here reads a file or decides anything: a command takes its struct and goes on from there.

pub(crate) mod change;
pub(crate) mod common;
pub(crate) mod credentials;
pub(crate) mod help;
pub(crate) mod look;
pub(crate) mod misuse;
pub(crate) mod offline;
pub(crate) mod values;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use shared::text::Lang;

pub(crate) use change::{Apply, Cleanup};
pub(crate) use common::{Connection, Course, Programs, Selection, Supplies};
pub(crate) use credentials::{Rbac, Revoke, Rotate};
pub(crate) use look::{Check, Diff, Status, Verify};
pub(crate) use offline::{Certs, Completion, Explain, Generate, Help, Inspect, Man, Serve, Validate};
pub(crate) use values::{Context, Stream};

use values::language;

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
    /// Explain a finding, a check, a fact or a rule: what it means, what its failure looks like, what to do
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
