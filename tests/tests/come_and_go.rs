//! Clusters come and go. While one cannot be reached, everything that does not need it is done, and a later run does the rest.
//!
//! A drawing gets smaller: what the new bundle no longer has goes, exactly that, and only after all else has succeeded; what others
//! own stays, and a cluster that has left the drawing is named and not touched.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tests::bed::{Cluster, eventually};
use tests::ground::Ground;
use tests::job::Job;
use tests::judge::{WAIT, same, versions};

const SYSTEM: &str = "istio-system";

#[test]
fn clusters_come_and_go() {
    let ground = Ground::new(&["cluster1", "cluster2", "cluster3"]);
    let [first, second, third] = ["cluster1", "cluster2", "cluster3"].map(|name| ground.bed.cluster(name));
    // Somebody was there before the sample on one cluster, and comes to it on another.
    second.kubectl_text(&["create", "namespace", "sample"]).unwrap();
    let before = Job::new(&ground.bed, "before", &drawing(3, true), &[]);
    one_is_away(&ground, &before);
    first.kubectl_text(&["-n", "sample", "create", "configmap", "theirs"]).unwrap();

    let after = Job::new(&ground.bed, "after", &drawing(2, false), &[]).with_certs_of(&before);
    let listed: Vec<BTreeSet<String>> = [first, second].map(listing).into();
    let untouched = versions(third);
    let diff = after.diff(&["--exit-code"]);
    let told = format!("{}{}", diff.ends_with(2).stdout, diff.stderr);
    for line in [
        "- cluster1/secret/cluster3: Secret istio-system/istio-remote-secret-cluster3",
        "= cluster1/sample: Namespace sample: it holds what others made: ConfigMap sample/theirs",
        "= cluster2/sample: Namespace sample: it was there before",
        "- cluster2/sample: Deployment sample/helloworld-v2",
        "cluster3 belonged to mesh mesh1 when it was applied last",
        "`isthmus cleanup OLD-BUNDLE --cluster cluster3`",
    ] {
        assert!(told.contains(line), "no {line:?} in:\n{told}");
    }
    // A part of the bundle says nothing about the rest.
    after.apply(&["--step", "cluster1/namespace"]).ends_with(0);
    assert_eq!(listing(first), listed[0]);

    let run = after.apply(&[]);
    assert!(run.ends_with(0).stderr.contains("cluster3 belonged to mesh mesh1"), "{}", run.stderr);
    for (cluster, before) in [first, second].into_iter().zip(&listed) {
        eventually(WAIT, || same(&without_what_is_gone(before, cluster.name()), &listing(cluster))).unwrap();
    }
    let namespace = second.kubectl_json(&["get", "namespace", "sample"]).unwrap();
    assert_eq!(namespace["metadata"]["labels"]["istio-injection"], Value::Null, "given back as it was");
    // Nobody else's clocks tick there than controllers'.
    same(&untouched, &versions(third)).unwrap();

    let again = after.apply(&["-o", "jsonl"]);
    let kept = again.ends_with(0).stdout.lines().filter(|line| line.contains("\"outcome\":\"deleted\"")).count();
    assert_eq!(kept, 0, "{}", again.stdout);
    first.kubectl_text(&["-n", "sample", "delete", "configmap", "theirs"]).unwrap();
    after.apply(&[]).ends_with(0);
    assert!(first.kubectl_json(&["get", "namespace", "sample"]).is_err(), "nobody holds it any more");
    after.diff(&["--exit-code"]).ends_with(0);
    after.status().ends_with(0);

    // The first bundle is older now: whoever looks at it or applies any of it is told, before anything is written.
    let older = "this bundle is older than what is there: 1 bundle applied since";
    let (diff, again) = (before.diff(&[]), after.diff(&[]));
    assert!(diff.stderr.contains(older) && !again.stderr.contains(older), "{}\n{}", diff.stderr, again.stderr);
    let back = before.apply(&["--step", "cluster1/trust"]);
    assert!(back.ends_with(0).stderr.find(older) < back.stderr.find("cluster1/trust: done"), "{}", back.stderr);
    let forth = after.apply(&[]);
    assert!(forth.ends_with(0).stderr.contains(older), "{}", forth.stderr);
    assert!(!after.apply(&[]).stderr.contains(older));

    before.cleanup_of("cluster3").ends_with(0);
    after.diff(&["--exit-code"]).ends_with(0);
    after.cleanup("mesh1").ends_with(0);
    second.kubectl_text(&["delete", "namespace", "sample"]).unwrap();
    ground.is_as_before();
}

/// The third cluster does not answer: the others are done, each with the other's secret, and what waits for the third is named
/// before the first write and at the end.
fn one_is_away(ground: &Ground, job: &Job) {
    let mut config: Value = serde_json::from_slice(&fs::read(ground.bed.kubeconfig()).unwrap()).unwrap();
    for cluster in config["clusters"].as_array_mut().unwrap() {
        if cluster["name"] == "cluster3" {
            // Nobody listens on the port for discarding.
            cluster["cluster"]["server"] = Value::from("https://127.0.0.1:9");
        }
    }
    let file = ground.bed.folder().join("away.kubeconfig");
    fs::write(&file, config.to_string()).unwrap();
    let away = job.reached_also_by(&file);
    let run = away.apply(&[]);
    let blocked = "without cluster3 these steps are not begun: ";
    let told: Vec<&str> = run.ends_with(69).stderr.lines().filter(|line| line.contains(blocked)).collect();
    assert_eq!(told.len(), 2, "before and after: {}", run.stderr);
    let warned = run.stderr.find("these steps are not begun").unwrap();
    assert!(run.stderr.find("cluster1/istiod: done").unwrap() > warned, "{}", run.stderr);
    for step in ["cluster3/istiod", "cluster1/secret/cluster3", "cluster3/secret/cluster1", "cluster2/secret/cluster3"]
    {
        assert!(told[0].contains(step), "{}", told[0]);
    }
    assert!(!told[0].contains("cluster1/secret/cluster2"), "{}", told[0]);
    for (cluster, other) in [("cluster1", "cluster2"), ("cluster2", "cluster1")] {
        let secret = format!("istio-remote-secret-{other}");
        ground.bed.cluster(cluster).kubectl_json(&["-n", SYSTEM, "get", "secret", &secret]).unwrap();
    }
    away.apply(&[]).ends_with(69);
    away.status().ends_with(69);

    let run = job.apply(&[]);
    assert!(run.ends_with(0).stderr.contains("cluster3/istiod: done"), "{}", run.stderr);
    job.diff(&["--exit-code"]).ends_with(0);
}

/// Primaries on one network.
fn drawing(clusters: usize, sample: bool) -> String {
    let line = |number: usize| format!("  - {{name: cluster{number}, network: network1, role: primary}}\n");
    format!(
        "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {{name: mesh1}}\nspec:\n  meshId: mesh1\n  \
         istio: {{version: \"1.31\", installer: istioctl}}\n  clusters:\n{}  sample: {sample}\n",
        (1..=clusters).map(line).collect::<String>()
    )
}

/// The objects that neither come and go by themselves nor are made by controllers for others.
fn listing(cluster: &Cluster) -> BTreeSet<String> {
    let made_for_others = ["Pod.", "ReplicaSet.", "EndpointSlice.", "Endpoints.", "IPAddress."];
    let all = cluster.settled_listing().unwrap();
    all.into_iter().filter(|line| !made_for_others.iter().any(|kind| line.starts_with(kind))).collect()
}

/// What is left of the first listing: no secret for the third cluster, no sample.
fn without_what_is_gone(before: &BTreeSet<String>, cluster: &str) -> BTreeSet<String> {
    let stays = |line: &&String| {
        let sample = line.contains(" sample/");
        let theirs = ["kube-root-ca.crt", "/default", "istio-ca-root-cert", "istio-ca-crl", "/theirs"]
            .iter()
            .any(|name| line.contains(name));
        let namespace = line.ends_with("<none>/sample");
        !line.ends_with(&format!("{SYSTEM}/istio-remote-secret-cluster3")) && (!sample || theirs || namespace)
    };
    let left: BTreeSet<String> = before.iter().filter(stays).cloned().collect();
    assert!(left.len() < before.len(), "{cluster}");
    left
}
