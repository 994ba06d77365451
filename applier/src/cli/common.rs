//! Arguments that several commands take.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values::{Context, Stream, context, duration};

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
    /// The programs that render Istio.
    #[command(flatten)]
    pub(crate) programs: Programs,
}

/// The programs that render Istio, and what they render.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Programs {
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

/// How a run that changes clusters goes, and where it is told.
#[derive(Debug, Clone, Args)]
pub(crate) struct Course {
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
