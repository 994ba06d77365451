//! `isthmus check` against real API servers: what it says of clean clusters, of clusters in which others were before, and to an
//! account that may little. It writes nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};
use tests::bed::{Bed, Cluster, ClusterSpec};
use tests::job::{Job, Run};

const TOPOLOGY: &str = include_str!("../topologies/multi-primary-multi-network.yaml");

/// The outcome and the message of each place of a check.
fn seen(run: &Run, id: &str) -> Vec<(String, String)> {
    let page: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}\n{}", run.stdout, run.stderr));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let checks = page["checks"].as_array().unwrap();
    let of_it = checks.iter().filter(|check| check["id"] == id);
    of_it.map(|check| (text(&check["outcome"]), text(&check["message"]["en"]))).collect()
}

#[track_caller]
fn says(run: &Run, id: &str, outcome: &str, word: &str) {
    let seen = seen(run, id);
    let found = seen.iter().any(|(said, message)| said == outcome && message.contains(word));
    assert!(found, "{id}: no {outcome} with {word:?} in {seen:#?}");
}

#[test]
fn clusters_are_checked_and_nothing_is_written() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(|name| ClusterSpec::named(name).without_istiods())).unwrap();
    let job = Job::new(&bed, "job", TOPOLOGY, &[]);
    let before: Vec<_> = bed.clusters().iter().map(|cluster| cluster.settled_listing().unwrap()).collect();

    clean(&job);
    one_that_does_not_answer(&bed, &job);
    what_is_mended_meanwhile(&bed, &job);
    let after: Vec<_> = bed.clusters().iter().map(|cluster| cluster.settled_listing().unwrap()).collect();
    assert_eq!(after, before, "a check writes nothing");

    little_is_allowed(&bed, &job);
    others_were_here(bed.cluster("cluster1"), &job);
}

fn clean(job: &Job) {
    let run = job.check(&["-o", "json"]);
    run.ends_with(0);
    for (id, outcome, word) in [
        ("contexts-found", "good", "cluster1"),
        ("api-server-answers", "good", "Kubernetes v1."),
        ("kubernetes-version", "good", "1.32 is needed"),
        ("distinct-clusters", "good", ""),
        ("clocks-agree", "good", ""),
        ("api-server-dialable", "warning", "https://127.0.0.1:"),
        ("api-server-certificate", "good", "the authority of the token vouches for https://127.0.0.1:"),
        ("programs-found", "good", "istioctl"),
        ("installations-render", "good", "objects"),
        ("rights-to-apply", "good", "rights"),
        ("istiod-of-others", "good", "none"),
        ("certificates-there", "good", "--certs"),
        ("one-root", "good", ""),
        ("certificates-last", "good", "until"),
        ("clusters-registered", "good", "none"),
        ("load-balancers-work", "info", "not known"),
    ] {
        says(&run, id, outcome, word);
    }
    // People get the same in groups.
    let page = job.check(&[]);
    page.ends_with(0);
    assert!(page.stdout.starts_with("Clusters\n  ✓ contexts-found"), "{}", page.stdout);
    assert!(page.stdout.contains("\nRights\n  ✓ rights-to-apply"), "{}", page.stdout);
    assert!(page.stdout.contains("mesh mesh1 can be applied"), "{}", page.stdout);
}

/// A kubeconfig with one entry changed.
fn changed(bed: &Bed, name: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut config: Value = serde_json::from_slice(&fs::read(bed.kubeconfig()).unwrap()).unwrap();
    change(&mut config);
    let file = bed.folder().join(name);
    fs::write(&file, config.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

/// The same bundle by another kubeconfig.
fn check_by(job: &Job, kubeconfig: &str, istioctl: &Path, more: &[&str]) -> Run {
    let (bundle, certs) = (job.bundle.to_str().unwrap(), job.certs.to_str().unwrap());
    let programs = ["--certs", certs, "--istioctl", istioctl.to_str().unwrap()];
    tests::job::isthmus(&[&["check", bundle, "-o", "json", "--kubeconfig", kubeconfig], &programs[..], more].concat())
}

fn one_that_does_not_answer(bed: &Bed, job: &Job) {
    let silent =
        changed(bed, "silent", |config| config["clusters"][1]["cluster"]["server"] = json!("https://127.0.0.1:1"));
    let run = check_by(job, &silent, &bed.programs().get("istioctl").unwrap(), &[]);
    run.ends_with(79);
    says(&run, "api-server-answers", "error", "nobody listens there");
    says(&run, "rights-to-apply", "good", "rights");
    assert_eq!(seen(&run, "rights-to-apply").len(), 1, "the other one is looked at all the same");
}

fn little_is_allowed(bed: &Bed, job: &Job) {
    let cluster = bed.cluster("cluster2");
    cluster.kubectl_text(&["create", "serviceaccount", "reader", "-n", "default"]).unwrap();
    let binding = ["create", "clusterrolebinding", "reader", "--clusterrole=view", "--serviceaccount=default:reader"];
    cluster.kubectl_text(&binding).unwrap();
    let token = cluster.kubectl_text(&["create", "token", "reader", "-n", "default"]).unwrap();
    let limited = changed(bed, "limited", |config| config["users"][1]["user"] = json!({"token": token.trim()}));
    let run = check_by(job, &limited, &bed.programs().get("istioctl").unwrap(), &[]);
    run.ends_with(79);
    says(&run, "rights-to-apply", "error", "create, patch deployments.apps in istio-system");
    says(&run, "rights-to-apply", "error", "create, escalate, get, patch clusterroles.rbac.authorization.k8s.io");
    let missing = &seen(&run, "rights-to-apply").into_iter().find(|(outcome, _)| outcome == "error").unwrap().1;
    assert!(!missing.contains("get, patch services in"), "`view` lets it read services: {missing}");
    says(&run, "rights-to-clean-up", "warning", "delete");
    cluster.kubectl_text(&["delete", "clusterrolebinding", "reader"]).unwrap();
}

fn others_were_here(cluster: &Cluster, job: &Job) {
    let things = "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n---\n\
        apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n---\n\
        apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: istiod\n  namespace: istio-system\n  \
        annotations: {meta.helm.sh/release-name: istiod, meta.helm.sh/release-namespace: istio-system}\n---\n\
        apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod-1-30, namespace: other, labels: {app: istiod, istio.io/rev: 1-30}}\n\
        spec:\n  replicas: 0\n  selector: {matchLabels: {app: istiod}}\n  template: {metadata: {labels: {app: istiod}}, spec: {containers: [{name: d, image: d}]}}\n---\n\
        apiVersion: v1\nkind: Secret\nmetadata: {name: by-hand, namespace: istio-system, labels: {istio/multiCluster: \"true\"}}\n\
        stringData: {cluster2: kubeconfig}\n---\n\
        apiVersion: v1\nkind: Service\nmetadata: {name: pending, namespace: other, annotations: {bed/lb: never}}\n\
        spec: {type: LoadBalancer, selector: {app: x}, ports: [{port: 80}]}\n";
    cluster.apply(things).unwrap();
    let run = job.check(&["-o", "json"]);
    run.ends_with(79);
    says(&run, "objects-owned-by-others", "error", "Helm release istio-system/istiod manages 1 object");
    says(&run, "istiod-of-others", "warning", "other/istiod-1-30 (1-30)");
    says(&run, "clusters-registered", "error", "cluster2 (istio-system/by-hand)");
    says(&run, "load-balancers-work", "warning", "other/pending");
    assert!(!run.stdout.contains("kubeconfig\\n"), "what secrets hold is not told");
}

/// What fails at the first look and not at the second is well with `--wait`.
fn what_is_mended_meanwhile(bed: &Bed, job: &Job) {
    let (script, flag) = (bed.folder().join("istioctl-late"), bed.folder().join("asked-before"));
    let real = bed.programs().get("istioctl").unwrap();
    let lines = format!(
        "#!/bin/sh\nif [ -e {0} ]; then exec {1} \"$@\"; fi\ntouch {0}\nexit 1\n",
        flag.display(),
        real.display()
    );
    fs::write(&script, lines).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let kubeconfig = bed.kubeconfig().to_str().unwrap();
    let run = check_by(job, kubeconfig, &script, &["--wait", "3m"]);
    run.ends_with(0);
    says(&run, "programs-found", "good", "istioctl");
    assert!(run.stderr.contains("1 check not passed yet; trying again"), "{}", run.stderr);
}
