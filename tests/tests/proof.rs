//! The whole job on real API servers and a real istiod for each: generate, certify, apply, look, apply again, clean up.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tests::bed::{Bed, ClusterSpec, eventually};
use tests::job::Job;
use tests::judge::{self, Member, WAIT, same, versions};

const TWO_NETWORKS: &str = include_str!("../topologies/multi-primary-multi-network.yaml");

#[test]
fn the_whole_job() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    // Somebody was here before: cleanup must leave their namespace, and what is in it.
    bed.cluster("cluster1").kubectl_text(&["create", "namespace", "istio-system"]).unwrap();
    let foreign = ["-n", "istio-system", "create", "secret", "generic", "foreign", "--from-literal=a=b"];
    bed.cluster("cluster1").kubectl_text(&foreign).unwrap();
    let before: Vec<_> = bed.clusters().iter().map(|cluster| cluster.settled_listing().unwrap()).collect();

    two_networks(&bed);
    is_as_before(&bed, &before);
    // The same drawing with one field changed.
    one_network(
        &bed,
        "one-network",
        &TWO_NETWORKS.replace("network2", "network1"),
        ["cluster1", "cluster2"],
        "network1",
    );
    is_as_before(&bed, &before);
    by_charts(&bed);
    is_as_before(&bed, &before);
    // Names that careless YAML turns into something else.
    let odd = TWO_NETWORKS.replace("network1", "\"on\"").replace("network2", "\"on\"");
    let odd = odd.replace("cluster1", "\"no\"").replace("cluster2", "1-a");
    one_network(&bed, "odd-names", &odd, ["no", "1-a"], "on");
    is_as_before(&bed, &before);
}

fn two_networks(bed: &Bed) {
    let job = Job::new(bed, "two-networks", TWO_NETWORKS, &[]);
    assert_eq!(job.diff(&["--exit-code"]).code, 2, "everything is to be done");
    let refused = job.apply_without_certs();
    assert!(refused.ends_with(78).stderr.contains("--certs"), "{}", refused.stderr);
    // In parts: what a chosen step needs of others must be so already.
    let early = job.apply(&["--step", "cluster1/gateway"]);
    assert!(early.ends_with(79).stderr.contains("cluster1/istiod gives it"), "{}", early.stderr);
    job.apply(&["--until", "cluster1/gateway"]).ends_with(0);
    assert!(bed.cluster("cluster2").kubectl_json(&["get", "ns", "istio-system"]).is_err(), "not touched yet");
    job.apply(&[]).ends_with(0);

    let members = members(bed);
    judge::two_networks(&members, &job.root());
    nothing_is_left_to_do(&job, bed);
    drift_is_seen_and_mended(&job, bed);
    job.cleanup("mesh1").ends_with(0);
}

/// What somebody takes away is told by whoever watches, and brought back by applying again.
fn drift_is_seen_and_mended(job: &Job, bed: &Bed) {
    let seen = job.watch();
    eventually(WAIT, || if seen().contains("every fact is so") { Ok(()) } else { Err(seen().into()) }).unwrap();
    let delete = ["-n", "istio-system", "delete", "secret", "istio-remote-secret-cluster2"];
    bed.cluster("cluster1").kubectl_text(&delete).unwrap();
    let told = |line: &str| if seen().contains(line) { Ok(()) } else { Err(seen().into()) };
    eventually(WAIT, || told("✗ Watched(cluster1, cluster2)")).unwrap();
    job.status_within("3s").ends_with(75);
    job.apply(&[]).ends_with(0);
    job.status_within("1m").ends_with(0);
    eventually(WAIT, || told("✓ Watched(cluster1, cluster2)")).unwrap();
}

fn members(bed: &Bed) -> [Member<'_>; 2] {
    [("cluster1", "network1"), ("cluster2", "network2")].map(|(name, network)| {
        let cluster = bed.cluster(name);
        Member { name, network, cluster }
    })
}

fn one_network(bed: &Bed, folder: &str, topology: &str, names: [&str; 2], network: &str) {
    let contexts = [(names[0], "cluster1"), (names[1], "cluster2")];
    let job = Job::new(bed, folder, topology, &contexts);
    job.apply(&[]).ends_with(0);
    let members = contexts.map(|(name, context)| Member { name, network, cluster: bed.cluster(context) });
    judge::one_network(&members, &job.root());
    nothing_is_left_to_do(&job, bed);
    job.cleanup("mesh1").ends_with(0);
}

/// A second apply says that there is nothing to do, and a third one, with no certificates but the clusters' own, too; no
/// object gets another version.
fn nothing_is_left_to_do(job: &Job, bed: &Bed) {
    let again = job.apply(&["-o", "jsonl"]);
    let lines = again.ends_with(0).stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    let (unchanged, changed): (Vec<Value>, Vec<Value>) =
        lines.filter(|line: &Value| line["type"] == "object").partition(|object| object["outcome"] == "unchanged");
    assert!(changed.is_empty(), "{changed:#?}");
    assert!(unchanged.len() > 60, "{} objects in two clusters", unchanged.len());
    let versions = |bed: &Bed| -> BTreeSet<String> { bed.clusters().iter().flat_map(versions).collect() };
    // A controller may have been late the first time; `apply` would be so every time.
    eventually(WAIT, || {
        let before = versions(bed);
        job.apply_without_certs().ends_with(0);
        same(&before, &versions(bed))
    })
    .unwrap();
    job.diff(&["--exit-code"]).ends_with(0);
    job.status().ends_with(0);
}

fn is_as_before(bed: &Bed, before: &[Vec<String>]) {
    for (cluster, before) in bed.clusters().iter().zip(before) {
        eventually(WAIT, || same(&before.iter().cloned().collect(), &cluster.listing()?.into_iter().collect()))
            .unwrap();
    }
    let secret = bed.cluster("cluster1").kubectl_json(&["-n", "istio-system", "get", "secret", "foreign"]).unwrap();
    assert_eq!(secret["data"]["a"], STANDARD.encode("b"));
    let namespace = bed.cluster("cluster1").kubectl_json(&["get", "namespace", "istio-system"]).unwrap();
    assert_eq!(namespace["metadata"]["labels"]["topology.istio.io/network"], Value::Null);
}

/// The same mesh from Istio's charts, by helm: nothing but the program that renders is another.
fn by_charts(bed: &Bed) {
    let job = Job::new(bed, "charts", include_str!("../topologies/multi-primary-multi-network-helm.yaml"), &[]);
    let older = bed.folder().join("older");
    let refused = job.apply_with_charts(&older);
    assert!(refused.ends_with(72).stderr.contains("--charts DIR|REPO"), "{}", refused.stderr);
    fs::create_dir_all(older.join("base")).unwrap();
    fs::write(older.join("base/Chart.yaml"), "apiVersion: v2\nname: base\nversion: 1.30.3\n").unwrap();
    let refused = job.apply_with_charts(&older);
    assert!(refused.ends_with(72).stderr.contains("is of release 1.30, the bundle is for 1.31"), "{}", refused.stderr);
    assert_eq!(job.diff(&["--exit-code"]).code, 2, "everything is to be done");
    job.apply(&[]).ends_with(0);
    judge::two_networks(&members(bed), &job.root());
    nothing_is_left_to_do(&job, bed);
    job.cleanup("mesh1").ends_with(0);
}
