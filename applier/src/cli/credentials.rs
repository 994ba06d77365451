//! The arguments of the commands about credentials: the tokens by which istiods watch other clusters, and the rights of an operator.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values::duration;
use super::{Connection, Course, Programs, Stream};

/// Arguments of `rotate`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Rotate {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Only the token of this cluster; once per cluster; default: all
    #[arg(long = "cluster", value_name = "CLUSTER")]
    pub(crate) clusters: Vec<String>,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// How long istiods get to take up a new token before the old one goes, such as 10s
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(crate) grace: Duration,
    /// Rotate also with Istio 1.30.0 – 1.30.3, which lose endpoints by it: you restart every istiod afterwards
    #[arg(long)]
    pub(crate) restarting_istiod: bool,
    /// How the run goes.
    #[command(flatten)]
    pub(crate) course: Course,
}

/// Arguments of `revoke`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Revoke {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// How the clusters are found.
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// The cluster that is no longer to be watched
    #[arg(long, value_name = "CLUSTER")]
    pub(crate) cluster: String,
    /// Do not ask
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Machine-readable output: jsonl, one JSON object a line
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Stream>,
}

/// Arguments of `rbac`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Rbac {
    /// The bundle: a directory, a .zip, or - for standard input
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    /// The programs that render Istio.
    #[command(flatten)]
    pub(crate) programs: Programs,
}
