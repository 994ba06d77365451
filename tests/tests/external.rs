//! External control planes on real API servers: one remote, two remotes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use serde_json::Value;
use tests::bed::{Bed, ClusterSpec, eventually};
use tests::job::Job;
use tests::judge::{WAIT, same};

#[test]
fn an_external_control_plane_serves_two_remotes() {
    let bed = Bed::start(&["external", "cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    let before: Vec<_> = bed.clusters().iter().map(|cluster| cluster.settled_listing().unwrap()).collect();
    let job = Job::new(&bed, "two", include_str!("../topologies/external-two-remotes.yaml"), &[]);
    let run = job.apply(&["--timeout", "90s"]);
    println!("{}\n{}", run.stdout, run.stderr);
    
    run.ends_with(0);
    let external = bed.cluster("external");
    for path in ["/debug/clusterz", "/debug/networkz"] {
        println!("{:#}", external.istiod_debug_in("external-istiod", path).unwrap());
    }
    let all = ["cluster1", "cluster2"].map(|name| (name.to_owned(), "synced".to_owned())).into();
    eventually(WAIT, || {
        let clusters = external.istiod_debug_in("external-istiod", "/debug/clusterz")?;
        let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let listed = clusters.as_array().cloned().unwrap_or_default();
        let seen: BTreeSet<_> = listed.iter().map(|one| (word(one, "id"), word(one, "syncStatus"))).collect();
        same(&all, &seen)
    })
    .unwrap();
    let shards = external.istiod_debug_in("external-istiod", "/debug/endpointShardz").unwrap();
    println!("{:#}", shards["helloworld.sample.svc.cluster.local"]["sample"]["Shards"]);
    job.diff(&["--exit-code"]).ends_with(0);
    job.status().ends_with(0);
    let run = job.cleanup("mesh1");
    println!("{}\n{}", run.stdout, run.stderr);
    run.ends_with(0);
    for (cluster, before) in bed.clusters().iter().zip(&before) {
        eventually(WAIT, || same(&before.iter().cloned().collect(), &cluster.listing()?.into_iter().collect())).unwrap();
    }
}
