//! A mesh at rest: a look at it costs a handful of round trips and writes nothing, what controllers write of their own accord is
//! no news, and whatever else anybody touches is seen by `status` and `diff` and mended by `apply`.
//!
//! `REST=all` looks a thousand times instead of a few.

#![expect(clippy::print_stdout, reason = "a thousand looks take their time")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::bed::{Bed, Cluster, ClusterSpec, eventually};
use tests::far::Far;
use tests::job::{Job, Run};
use tests::judge::WAIT;
use tests::proxy::Front;

const SYSTEM: &str = "istio-system";

#[test]
fn a_mesh_at_rest_is_told_by_metadata_and_every_touch_is_seen() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    let front = Front::of(&bed).unwrap();
    let job = Job::new(&bed, "rest", &drawing(&bed), &[]).reached_by(front.kubeconfig());
    job.apply(&[]).ends_with(0);

    rests(&job, &front);
    from_afar(&job, &bed);
    controllers_are_no_news(&job, &front, &bed);
    let touched = touch(&bed);
    every_touch_is_seen(&job, &touched);
    job.apply(&["--force-conflicts"]).ends_with(0);
    rests(&job, &front);
    a_forged_record_is_no_witness(&job, &front, bed.cluster("cluster1"));
    another_address_is_carried_on(&job, &front, &bed);
    job.cleanup("mesh1").ends_with(0);
}

/// A primary and a remote on another network, which hold an address, a token and two gateways of each other; API servers as istiods
/// dial them, which know nothing of the proxies.
fn drawing(bed: &Bed) -> String {
    let clusters =
        [("cluster1", "network1", "role: primary"), ("cluster2", "network2", "role: remote, controlPlane: cluster1")];
    let line = |(name, network, role): (&str, &str, &str)| {
        let url = bed.cluster(name).server();
        format!("  - {{name: {name}, network: {network}, {role}, apiServer: {{url: \"{url}\"}}}}\n")
    };
    format!(
        "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {{name: mesh1}}\nspec:\n  meshId: mesh1\n  \
         istio: {{version: \"1.31\", installer: istioctl}}\n  clusters:\n{}",
        clusters.map(line).concat()
    )
}

/// `apply`, `diff` and `status` find nothing to do, by lists of metadata and looks at facts, and write nothing.
fn rests(job: &Job, front: &Front) {
    let looks: [(&str, &dyn Fn() -> Run); 3] =
        [("apply", &|| job.apply(&[])), ("diff", &|| job.diff(&["--exit-code"])), ("status", &|| job.status())];
    for (verb, look) in looks {
        front.forget();
        let run = look();
        run.ends_with(0);
        let log = front.log();
        // The question who a token belongs to is put by a POST that stores nothing.
        let written: Vec<_> = log
            .iter()
            .filter(|one| one.asked.method != "GET" && !one.asked.path.ends_with("/selfsubjectreviews"))
            .map(|one| format!("{} {}", one.asked.method, one.asked.path))
            .collect();
        assert!(written.is_empty(), "{verb}: {written:#?}");
        assert!(log.iter().all(|one| !one.asked.path.contains("/leases")), "{verb} takes no Lease");
        let lists = log.iter().filter(|one| one.asked.path.contains("labelSelector=applyset")).count();
        assert!(lists > 20, "{verb}: {lists} lists of two clusters");
        assert!(log.len() < lists + 50, "{verb}: {} requests, {lists} of them lists", log.len());
    }
}

/// From clusters so far away that nothing but the way counts: at most four times there and back, TCP and TLS among them.
fn from_afar(job: &Job, bed: &Bed) {
    let far = Far::of(bed).unwrap();
    let job = job.reached_also_by(far.kubeconfig());
    let looks: [(&str, &dyn Fn() -> Run); 3] =
        [("apply", &|| job.apply(&[])), ("diff", &|| job.diff(&["--exit-code"])), ("status", &|| job.status())];
    far.round_trip(1000);
    for (verb, look) in looks {
        let begun = Instant::now();
        look().ends_with(0);
        let trips = begun.elapsed().as_secs();
        assert!(trips <= 4, "{verb}: {trips} round trips, one after the other");
    }
}

/// An autoscaler scales, an istiod fills in its authority, somebody labels what is ours with a label of their own: that is theirs.
fn controllers_are_no_news(job: &Job, front: &Front, bed: &Bed) {
    let (first, second) = (bed.cluster("cluster1"), bed.cluster("cluster2"));
    first.kubectl_text(&["-n", SYSTEM, "scale", "deployment", "istiod", "--replicas=2"]).unwrap();
    let bundle = json!([{"op": "replace", "path": "/webhooks/0/clientConfig/caBundle", "value": "Cg=="}]).to_string();
    let webhook = ["patch", "mutatingwebhookconfiguration", "istio-sidecar-injector", "--type=json", "-p", &bundle];
    second.kubectl_text(&webhook).unwrap();
    second.kubectl_text(&["label", "namespace", SYSTEM, "team=mesh"]).unwrap();
    eventually(WAIT, || {
        let scaled = first.kubectl_json(&["-n", SYSTEM, "get", "deployment", "istiod"])?;
        if scaled["status"]["availableReplicas"] == 2 { Ok(()) } else { Err("not scaled yet".into()) }
    })
    .unwrap();
    // Istiod takes its authority back by itself.
    eventually(WAIT, || if job.status().code == 0 { Ok(()) } else { Err("not so yet".into()) }).unwrap();
    let times = if std::env::var("REST").is_ok_and(|which| which == "all") { 1000 } else { 3 };
    let begun = Instant::now();
    for time in 1..=times {
        rests(job, front);
        if time % 100 == 0 {
            println!("{time} of {times} looks found nothing, {:.0} s", begun.elapsed().as_secs_f32());
        }
    }
}

/// Touches one object in each of many ways, and returns their names.
fn touch(bed: &Bed) -> Vec<&'static str> {
    // The API server notes when a manager wrote last by the second.
    thread::sleep(Duration::from_millis(1100));
    let (first, second) = (bed.cluster("cluster1"), bed.cluster("cluster2"));
    let patch = |cluster: &Cluster, kind: &str, name: &str, operations: Value| {
        let operations = operations.to_string();
        cluster.kubectl_text(&["-n", SYSTEM, "patch", kind, name, "--type=json", "-p", &operations]).unwrap();
    };
    // A value, a removal.
    first.kubectl_text(&["label", "--overwrite", "namespace", SYSTEM, "topology.istio.io/network=other"]).unwrap();
    second.kubectl_text(&["label", "namespace", SYSTEM, "topology.istio.io/network-"]).unwrap();
    // An addition to a list that is ours, and a right more.
    let added = json!([{"op": "add", "path": "/webhooks/0/rules/0/operations/-", "value": "DELETE"}]);
    patch(first, "mutatingwebhookconfiguration", "istio-sidecar-injector", added);
    let wider = json!([{"op": "add", "path": "/rules/-", "value": {"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}}]);
    patch(first, "clusterrole", "istio-reader-clusterrole-istio-system", wider);
    // The server's notes, and our label.
    patch(
        first,
        "serviceaccount",
        "istiod",
        json!([{"op": "replace", "path": "/metadata/managedFields", "value": [{}]}]),
    );
    second
        .kubectl_text(&[
            "-n",
            SYSTEM,
            "label",
            "serviceaccount",
            "istio-reader-service-account",
            "applyset.kubernetes.io/part-of-",
        ])
        .unwrap();
    // Under our own name, with the very same fields.
    same_manager(first);
    // Away, and back as another.
    first.kubectl_text(&["-n", SYSTEM, "delete", "gateways.networking.istio.io", "istiod-gateway"]).unwrap();
    anew(first, "clusterrolebinding", "istio-reader-clusterrole-istio-system");
    // Another secret.
    let swapped = json!([{"op": "replace", "path": "/data/cluster2", "value": "c3dhcHBlZA=="}]);
    patch(first, "secret", "istio-remote-secret-cluster2", swapped);
    vec![
        "Namespace istio-system",
        "MutatingWebhookConfiguration istio-sidecar-injector",
        "ClusterRole istio-reader-clusterrole-istio-system",
        "ServiceAccount istio-system/istiod",
        "ServiceAccount istio-system/istio-reader-service-account",
        "ConfigMap istio-system/istio",
        "Gateway istio-system/istiod-gateway",
        "ClusterRoleBinding istio-reader-clusterrole-istio-system",
        "Secret istio-system/istio-remote-secret-cluster2",
    ]
}

fn same_manager(cluster: &Cluster) {
    let mut map = bare(cluster, "configmap", "istio");
    map["data"]["mesh"] = Value::from(format!("{}\n# other", map["data"]["mesh"].as_str().unwrap()));
    let file = cluster.folder().join("same.json");
    fs::write(&file, map.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let apply = ["apply", "--server-side", "--field-manager=isthmus", "--force-conflicts", "-f", file];
    cluster.kubectl_text(&apply).unwrap();
}

fn anew(cluster: &Cluster, kind: &str, name: &str) {
    let object = bare(cluster, kind, name);
    cluster.kubectl_text(&["delete", kind, name]).unwrap();
    let file = cluster.folder().join("anew.json");
    fs::write(&file, object.to_string()).unwrap();
    cluster.kubectl_text(&["create", "-f", file.to_str().unwrap()]).unwrap();
}

/// An object as somebody would write it who has seen it.
fn bare(cluster: &Cluster, kind: &str, name: &str) -> Value {
    let mut object = cluster.kubectl_json(&["-n", SYSTEM, "get", kind, name]).unwrap();
    let metadata = object["metadata"].as_object_mut().unwrap();
    metadata.retain(|key, _| ["name", "namespace", "labels", "annotations"].contains(&key.as_str()));
    object
}

fn every_touch_is_seen(job: &Job, touched: &[&str]) {
    let status = job.status();
    let diff = job.diff(&["--exit-code"]);
    // Others own some of it now: whose it should be is for people to say.
    diff.ends_with(80);
    for (verb, run) in [("status", status.ends_with(79)), ("diff", &diff)] {
        let said = format!("{}{}", run.stdout, run.stderr);
        let missed: Vec<_> = touched.iter().filter(|name| !said.contains(*name)).collect();
        assert!(missed.is_empty(), "{verb} misses {missed:#?}:\n{said}");
    }
    assert!(!format!("{}{}", diff.stdout, diff.stderr).contains("c3dhcHBlZA"), "secrets are masked");
    // Nothing else is told: all lines about objects name what was touched.
    let lines: BTreeSet<&str> = status.stdout.lines().filter(|line| line.contains("applied")).collect();
    let wrong: Vec<_> =
        lines.iter().filter(|line| line.starts_with("  ") && !touched.iter().any(|name| line.contains(name))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Who changes an object and then what we have on record of it is found out, since the record shows their hand.
fn a_forged_record_is_no_witness(job: &Job, front: &Front, cluster: &Cluster) {
    let record = cluster.kubectl_json(&["-n", "kube-system", "get", "configmap", "isthmus-mesh1"]).unwrap();
    let narrower = json!([{"op": "remove", "path": "/rules/0"}]).to_string();
    let role = ["patch", "clusterrole", "istio-reader-clusterrole-istio-system", "--type=json", "-p", &narrower];
    cluster.kubectl_text(&role).unwrap();
    let forged =
        record["data"]["objects.json"].as_str().unwrap().replace("istio-reader-clusterrole-istio-system", "nothing");
    let forged = json!({"data": {"objects.json": forged}}).to_string();
    cluster.kubectl_text(&["-n", "kube-system", "patch", "configmap", "isthmus-mesh1", "-p", &forged]).unwrap();
    let diff = job.diff(&["--exit-code"]);
    assert!(
        format!("{}{}", diff.ends_with(80).stdout, diff.stderr)
            .contains("ClusterRole istio-reader-clusterrole-istio-system")
    );
    job.apply(&["--force-conflicts"]).ends_with(0);
    rests(job, front);
}

/// A load balancer hands out another address: what holds it is written anew, and nothing else.
fn another_address_is_carried_on(job: &Job, front: &Front, bed: &Bed) {
    let status = json!({"status": {"loadBalancer": {"ingress": [{"ip": "198.51.100.200"}]}}}).to_string();
    let service = ["-n", SYSTEM, "patch", "service", "istio-eastwestgateway", "--subresource=status", "-p", &status];
    bed.cluster("cluster1").kubectl_text(&service).unwrap();
    let diff = job.diff(&["--exit-code"]);
    assert!(
        diff.ends_with(2).stdout.contains("cluster2/remote") && diff.stdout.contains("198.51.100.200"),
        "{}",
        diff.stdout
    );
    assert!(!diff.stdout.contains("cluster1/istiod"), "{}", diff.stdout);
    job.apply(&[]).ends_with(0);
    rests(job, front);
}
