//! A bed, and what was in it before a mesh came.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::missing_panics_doc, reason = "every function here fails the test where it cannot go on")]

use std::collections::BTreeSet;

use crate::bed::{Bed, Cluster, ClusterSpec, eventually};
use crate::job::Job;
use crate::judge::{Member, WAIT, same};

/// A bed, and what was in it before.
#[derive(Debug)]
pub struct Ground {
    /// The bed.
    pub bed: Bed,
    before: Vec<BTreeSet<String>>,
}

impl Ground {
    /// Starts clusters of these names.
    pub fn new(names: &[&str]) -> Self {
        let specs: Vec<ClusterSpec> = names.iter().map(|&name| ClusterSpec::named(name)).collect();
        let mut ground = Self { bed: Bed::start(&specs).unwrap(), before: Vec::new() };
        ground.remember();
        ground
    }

    /// Takes what is there now for what was there before.
    pub fn remember(&mut self) {
        let listing = |cluster: &Cluster| cluster.settled_listing().unwrap().into_iter().collect();
        self.before = self.bed.clusters().iter().map(listing).collect();
    }

    /// What was in the first cluster before.
    pub fn before(&self) -> &BTreeSet<String> {
        &self.before[0]
    }

    /// Members by their names and networks.
    pub fn members<'a>(&'a self, members: &[(&'a str, &'a str)]) -> Vec<Member<'a>> {
        members.iter().map(|&(name, network)| Member { name, network, cluster: self.bed.cluster(name) }).collect()
    }

    /// A second look finds nothing to do; cleanup leaves what was there before.
    pub fn done_and_undone(&self, job: &Job) {
        job.diff(&["--exit-code"]).ends_with(0);
        job.status().ends_with(0);
        job.cleanup("mesh1").ends_with(0);
        self.is_as_before();
    }

    /// Every cluster has what it had before.
    pub fn is_as_before(&self) {
        for (cluster, before) in self.bed.clusters().iter().zip(&self.before) {
            eventually(WAIT, || same(before, &without_classes(cluster.listing()?))).unwrap();
        }
    }
}

/// Istiod makes these wherever it finds the Gateway API, for all who use it, and leaves them.
fn without_classes(listing: Vec<String>) -> BTreeSet<String> {
    listing.into_iter().filter(|line| !line.starts_with("GatewayClass.")).collect()
}
