//! The arguments of the commands about credentials: the tokens by which istiods watch other clusters, and the rights of an operator.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values::duration;
use super::{Connection, Stream};

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
    /// How long one step may wait, such as 90s or 5m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration)]
    pub(crate) timeout: Duration,
    /// How long the whole run may take, such as 20m: then what is in flight is finished, and nothing more is begun
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) deadline: Option<Duration>,
    /// Keep what happens in this file too, one JSON object a line; a run that goes on from another goes on in its file
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Machine-readable output: jsonl, one JSON object a line
    #[arg(long, short, value_name = "FORMAT", hide_possible_values = true)]
    pub(crate) output: Option<Stream>,
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
