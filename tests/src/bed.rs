//! The test bed: clusters that start in seconds, side by side, and go when the test goes.
//!
//! ```no_run
//! use tests::bed::{Bed, ClusterSpec};
//!
//! let bed = Bed::start(&[ClusterSpec::named("cluster1"), ClusterSpec::named("cluster2")])?;
//! let namespaces = bed.cluster("cluster1").kubectl(&["get", "namespaces", "-o", "name"]);
//! # Ok::<(), tests::bed::BedError>(())
//! ```
//!
//! A bed belongs to the process that started it: when that ends, in whatever way, a small script ends every program of the
//! bed and removes its folder. Beds of several processes live side by side.

mod cluster;
mod egress;
mod error;
mod folder;
mod istiod;
mod kubeconfig;
mod kwok;
mod outage;
mod ports;
mod process;
mod programs;
mod spec;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

pub use cluster::{Cluster, eventually};
use egress::Routes;
pub use error::BedError;
use folder::Folder;
pub use outage::Outage;
pub use programs::Programs;
pub use spec::{Addresses, ClusterSpec};

/// Clusters that were started together and are taken down together.
// The order of the fields is the order of taking down: the threads beside the clusters end, then the folder's keeper ends
// every program.
#[derive(Debug)]
pub struct Bed {
    clusters: Vec<Cluster>,
    folder: Folder,
    kubeconfig: PathBuf,
    programs: Arc<Programs>,
}

impl Bed {
    /// Starts the clusters side by side and returns when each has a node that is ready.
    pub fn start(specs: &[ClusterSpec]) -> Result<Self, BedError> {
        let programs = Arc::new(Programs::find());
        programs.check(specs.iter().any(|spec| spec.istiods))?;
        let folder = Folder::create()?;
        let routes = Arc::new(Routes::default());
        // The folder is held outside of the threads: should one fail, dropping it takes the others' programs down.
        let started: Vec<Result<Cluster, BedError>> = thread::scope(|scope| {
            let starts: Vec<_> = (1..)
                .zip(specs)
                .map(|(number, spec)| {
                    let (folder, programs, routes) = (folder.path(), &programs, &routes);
                    scope.spawn(move || Cluster::start(spec, number, folder, programs, routes))
                })
                .collect();
            starts.into_iter().map(|start| start.join().unwrap_or_else(|_| Err("a start panicked".into()))).collect()
        });
        let clusters = started.into_iter().collect::<Result<Vec<_>, _>>()?;
        for cluster in &clusters {
            fs::write(cluster.folder().join("answers"), sample_answers(clusters.len()))?;
        }
        let kubeconfig = folder.path().join("kubeconfig");
        let entries: Vec<_> = clusters.iter().map(Cluster::entry).collect();
        kubeconfig::write(&kubeconfig, &entries)?;
        Ok(Self { clusters, folder, kubeconfig, programs })
    }

    /// The cluster of that name.
    ///
    /// # Panics
    /// If the bed has no such cluster.
    pub fn cluster(&self, name: &str) -> &Cluster {
        self.clusters
            .iter()
            .find(|cluster| cluster.name() == name)
            .unwrap_or_else(|| panic!("the bed has no cluster {name}"))
    }

    /// All clusters, in the order in which they were asked for.
    pub fn clusters(&self) -> &[Cluster] {
        &self.clusters
    }

    /// A drawing of the tests in which whoever dials the API servers, as istiods do, dials the clusters themselves and nothing before them.
    ///
    /// # Panics
    /// If a cluster of the bed is not drawn.
    pub fn dialled(&self, drawing: &str) -> String {
        self.clusters.iter().fold(drawing.to_owned(), |drawn, cluster| {
            let from = format!("{{name: {}, ", cluster.name());
            assert!(drawn.contains(&from), "{} is not drawn", cluster.name());
            drawn.replace(&from, &format!("{from}apiServer: {{url: \"{}\"}}, ", cluster.server()))
        })
    }

    /// A kubeconfig with a context for every cluster, of the cluster's name, and with no current context.
    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }

    /// The folder of the bed, readable by its owner only, for files that should go with it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The programs the bed runs on.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// A command that sees the bed and nothing of the user's: its kubeconfig, its programs on `PATH`, a home of its own.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = programs::command(program.as_ref(), self.folder.path());
        command.env("KUBECONFIG", &self.kubeconfig).env("PATH", self.programs.path());
        command
    }
}

/// What the sample's client hears in turn: a version of the sample for each cluster, as if requests went everywhere.
fn sample_answers(clusters: usize) -> String {
    let answer = |number| format!("Hello version: v{number}, instance: simulated by the test bed\n");
    (1..=clusters).map(answer).collect::<Vec<_>>().concat()
}
