//! Arguments that several commands take.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::values::{Context, context};

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
