//! Remotes on real API servers: served by a primary's istiod elsewhere, on its network and on another.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use serde_json::Value;
use tests::bed::{Bed, ClusterSpec, eventually};
use tests::job::Job;
use tests::judge::{self, Member, WAIT, same};

#[test]
fn a_remote_is_served_by_a_primary() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    let before: Vec<_> = bed.clusters().iter().map(|cluster| cluster.settled_listing().unwrap()).collect();
    for (name, topology, networks) in [
        ("two", include_str!("../topologies/primary-remote-multi-network.yaml"), ["network1", "network2"]),
        ("one", include_str!("../topologies/primary-remote.yaml"), ["network1", "network1"]),
    ] {
        let job = Job::new(&bed, name, topology, &[]);
        let run = job.apply(&[]);
        run.ends_with(0);
        println!("{}\n{}", run.stdout, run.stderr);
        let members = [("cluster1", networks[0]), ("cluster2", networks[1])]
            .map(|(name, network)| Member { name, network, cluster: bed.cluster(name) });
        let primary = &members[0];
        let all = ["cluster1", "cluster2"].map(|name| (name.to_owned(), "synced".to_owned())).into();
        eventually(WAIT, || {
            let clusters = primary.cluster.istiod_debug("/debug/clusterz")?;
            let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
            let listed = clusters.as_array().cloned().unwrap_or_default();
            let seen: BTreeSet<_> = listed.iter().map(|one| (word(one, "id"), word(one, "syncStatus"))).collect();
            same(&all, &seen)
        })
        .unwrap();
        println!("{:#}", primary.cluster.istiod_debug("/debug/networkz").unwrap());
        judge::lists_endpoints(primary, &members);
        let pods = members[1].cluster.kubectl_json(&["-n", "sample", "get", "pods"]).unwrap();
        assert!(pods["items"].as_array().unwrap().iter().all(|pod| pod.to_string().contains("istio-proxy")));
        job.diff(&["--exit-code"]).ends_with(0);
        job.status().ends_with(0);
        let run = job.cleanup("mesh1");
        run.ends_with(0);
        println!("{}\n{}", run.stdout, run.stderr);
        for (cluster, before) in bed.clusters().iter().zip(&before) {
            eventually(WAIT, || same(&before.iter().cloned().collect(), &cluster.listing()?.into_iter().collect())).unwrap();
        }
    }
}
