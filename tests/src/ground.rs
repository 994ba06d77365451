//! A bed, and what was in it before a mesh came.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::missing_panics_doc, reason = "every function here fails the test where it cannot go on")]

use std::collections::BTreeSet;
use std::fs;

use serde_json::json;

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
            eventually(WAIT, || same(before, &cluster.listing()?.into_iter().collect())).unwrap();
        }
    }

    /// Gives the only node of a cluster an address that others could dial.
    pub fn give_external_address(&self, cluster: &str, address: &str) {
        let cluster = self.bed.cluster(cluster);
        let node = cluster.kubectl_json(&["get", "nodes"]).unwrap()["items"][0].clone();
        let mut addresses = node["status"]["addresses"].clone();
        addresses.as_array_mut().unwrap().push(json!({"type": "ExternalIP", "address": address}));
        let patch = json!({"status": {"addresses": addresses}}).to_string();
        let name = node["metadata"]["name"].as_str().unwrap();
        cluster.kubectl_text(&["patch", "node", name, "--subresource=status", "--type=merge", "-p", &patch]).unwrap();
    }

    /// Puts a certificate for a host where the gateway of a cluster reads it, as the hint of `isthmus check` says.
    pub fn put_credential(&self, cluster: &str, host: &str, secret: &str) {
        let made = rcgen::generate_simple_self_signed([host.to_owned()]).unwrap();
        let (cert, key) = (self.bed.folder().join("tls.crt"), self.bed.folder().join("tls.key"));
        fs::write(&cert, made.cert.pem()).unwrap();
        fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let cluster = self.bed.cluster(cluster);
        cluster.kubectl_text(&["create", "ns", "istio-system"]).unwrap();
        let (cert, key) = (format!("--cert={}", cert.display()), format!("--key={}", key.display()));
        let create = ["create", "secret", "tls", secret, "-n", "istio-system", &cert, &key];
        cluster.kubectl_text(&create).unwrap();
    }
}
