//! Clusters, a proxy before each, a bundle for them, and what an undisturbed run makes of it.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use tests::bed::{Cluster, eventually};
use tests::dump::{difference, dump};
use tests::ground::Ground;
use tests::job::Job;
use tests::judge::WAIT;
use tests::process::{Ended, Operator};
use tests::proxy::Front;

/// The program.
pub(crate) const ISTHMUS: &str = env!("CARGO_BIN_EXE_operator");

/// When the Lease of somebody dead was renewed last, see [`Stage::expire`].
const PAST: &str = "2020-01-01T00:00:00.000000Z";

/// What all clusters hold.
pub(crate) type Held = Vec<BTreeMap<String, Value>>;

pub(crate) struct Stage {
    pub(crate) ground: Ground,
    pub(crate) front: Front,
    /// The job by the straight way.
    pub(crate) job: Job,
    /// The job by way of the front.
    pub(crate) fronted: Job,
}

impl Stage {
    /// Starts the clusters of a topology of the tests and generates its bundle, without the sample.
    pub(crate) fn new(topology: &str, clusters: &[&str]) -> Self {
        let ground = Ground::new(clusters);
        let front = Front::of(&ground.bed).unwrap();
        let file = format!("{}/topologies/{topology}.yaml", env!("CARGO_MANIFEST_DIR"));
        let drawn = ground.bed.dialled(&fs::read_to_string(file).unwrap()).replace("sample: true", "sample: false");
        let job = Job::new(&ground.bed, topology, &drawn, &[]).with_memory(&ground.bed);
        let fronted = job.reached_also_by(front.kubeconfig());
        Self { ground, front, job, fronted }
    }

    /// Starts `isthmus` in a process, by way of the front.
    pub(crate) fn start(&self, verb: &str) -> Operator {
        Operator::start(&self.ground.bed, ISTHMUS, &self.fronted.words(verb, "mesh1"))
    }

    /// Runs it undisturbed, and returns how many requests that took.
    pub(crate) fn undisturbed(&self, verb: &str) -> (Ended, usize) {
        self.front.heal().unwrap();
        let ended = self.start(verb).wait();
        ended.ends_with(0);
        (ended, self.front.log().len())
    }

    /// What the clusters hold, once controllers are through.
    pub(crate) fn held(&self) -> Held {
        self.clusters().iter().for_each(|cluster| drop(cluster.settled_listing().unwrap()));
        self.clusters().iter().map(|cluster| dump(cluster).unwrap()).collect()
    }

    /// The clusters come to hold what they did after an undisturbed run.
    #[track_caller]
    pub(crate) fn holds(&self, expected: &Held, after: &str) {
        let same = eventually(WAIT, || {
            for (cluster, expected) in self.clusters().iter().zip(expected) {
                let differs = difference(expected, &dump(cluster)?);
                if !differs.is_empty() {
                    return Err(format!("{}: {}", cluster.name(), differs.join("\n")).into());
                }
            }
            Ok(())
        });
        assert!(same.is_ok(), "{after}: {}", same.unwrap_err());
    }

    /// The Leases of who is dead run out at once.
    pub(crate) fn expire(&self) {
        let past = format!(r#"{{"spec": {{"renewTime": "{PAST}"}}}}"#);
        for cluster in self.clusters() {
            // Where there is none, none has to run out.
            let _ =
                cluster.kubectl(&["-n", "kube-system", "patch", "lease", "isthmus-mesh1", "--type=merge", "-p", &past]);
        }
    }

    /// Who holds the Lease of a cluster. One of the dead that has run out stays until somebody has something to write there.
    pub(crate) fn holder(&self, cluster: &str) -> Option<String> {
        let lease = ["-n", "kube-system", "get", "lease", "isthmus-mesh1"];
        let lease = self.ground.bed.cluster(cluster).kubectl_json(&lease).ok()?;
        if lease["spec"]["renewTime"] == PAST {
            return None;
        }
        lease["spec"]["holderIdentity"].as_str().map(str::to_owned)
    }

    /// Nobody holds a Lease.
    #[track_caller]
    pub(crate) fn is_free(&self) {
        let held: Vec<_> = self.clusters().iter().filter_map(|cluster| self.holder(cluster.name())).collect();
        assert!(held.is_empty(), "{held:?}");
    }

    pub(crate) fn clusters(&self) -> &[Cluster] {
        self.ground.bed.clusters()
    }
}
