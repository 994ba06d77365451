//! The tokens by which istiods watch other clusters, on real API servers: what `istioctl` would write, rotated, revoked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "tokens/authorities.rs"]
mod authorities;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use tests::bed::{Bed, Cluster};
use tests::ground::Ground;
use tests::job::{Job, isthmus};
use tests::judge::{is_void, lists_clusters};

const TOPOLOGY: &str = include_str!("../topologies/multi-primary.yaml");
const SYSTEM: &str = "istio-system";
const REMOTE: &str = "istio-remote-secret-cluster2";
const TOKEN: &str = "istio-reader-service-account-istio-remote-secret-token";

#[test]
fn tokens_are_made_rotated_and_revoked() {
    let ground = Ground::new(&["cluster1", "cluster2"]);
    let job = Job::new(&ground.bed, "tokens", &TOPOLOGY.replace("sample: true", "sample: false"), &[]);
    job.apply(&[]).ends_with(0);
    let first = remote(&ground.bed);
    equals_what_istioctl_writes(&ground.bed);

    job.rotate(&[]).ends_with(0);
    let second = remote(&ground.bed);
    is_void(ground.bed.cluster("cluster2"), &first);
    all_is_well(&ground, &job);
    equals_what_istioctl_writes(&ground.bed);
    let made = successors(ground.bed.cluster("cluster2"));
    assert_eq!(made.len(), 1, "{made:?}");

    // Only the one that is named; and again, since the token is now another secret's.
    let other = token(ground.bed.cluster("cluster1"), TOKEN);
    job.rotate(&["--cluster", "cluster2"]).ends_with(0);
    is_void(ground.bed.cluster("cluster2"), &second);
    assert_eq!(token(ground.bed.cluster("cluster1"), TOKEN), other);
    let next = successors(ground.bed.cluster("cluster2"));
    assert!(next.len() == 1 && next != made, "{made:?} {next:?}");

    goes_on_after_an_interruption(&ground, &job);
    revoked(&ground, &job, &first);
    job.cleanup("mesh1").ends_with(0);
    ground.is_as_before();
    authorities::chosen_by_trying(&ground, TOPOLOGY);
}

#[test]
fn releases_that_lose_endpoints_are_not_rotated() {
    let folder = tempfile::tempdir().unwrap();
    let (drawn, bundle) = (folder.path().join("topology.yaml"), folder.path().join("bundle"));
    let (drawn, bundle) = (drawn.to_str().unwrap(), bundle.to_str().unwrap());
    std::fs::write(drawn, TOPOLOGY.replace("1.31", "1.30.2")).unwrap();
    isthmus(&["generate", drawn, "-o", bundle]).ends_with(0);
    let refused = isthmus(&["rotate", bundle, "--yes", "--kubeconfig", "/nowhere"]);
    assert!(refused.ends_with(79).stderr.contains("--restarting-istiod"), "{}", refused.stderr);
    // Asked for all the same, the clusters are looked for.
    isthmus(&["rotate", bundle, "--yes", "--restarting-istiod", "--kubeconfig", "/nowhere"]).ends_with(78);
}

/// Stopped after a token was made, and after it was taken up: the next run ends what was begun and makes no other.
fn goes_on_after_an_interruption(ground: &Ground, job: &Job) {
    let (one, two) = (ground.bed.cluster("cluster1"), ground.bed.cluster("cluster2"));
    let before = successors(two);
    let old = remote(&ground.bed);
    // Somebody else holds the field.
    let foreign = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: {REMOTE}, namespace: {SYSTEM}}}\ndata: {{cluster2: {}}}\n",
        STANDARD.encode("held")
    );
    let file = ground.bed.folder().join("held.yaml");
    std::fs::write(&file, foreign).unwrap();
    let hold =
        ["apply", "--server-side", "--force-conflicts", "--field-manager", "other", "-f", file.to_str().unwrap()];
    // What is held is not a kubeconfig: a rotation that has not begun does not begin.
    one.kubectl_text(&hold).unwrap();
    job.rotate(&["--cluster", "cluster2"]).ends_with(79);
    assert_eq!(successors(two), before);
    std::fs::write(
        &file,
        std::fs::read_to_string(&file).unwrap().replace(&STANDARD.encode("held"), &STANDARD.encode(&old)),
    )
    .unwrap();
    one.kubectl_text(&hold).unwrap();
    job.rotate(&["--cluster", "cluster2"]).ends_with(80);
    let begun = successors(two);
    assert_eq!(begun.len(), 2, "{begun:?}");
    assert_eq!(remote(&ground.bed), old, "the old token is still the one in use");
    two.accepts_token(&old).unwrap();

    // `apply` in between keeps the old one; then the other gives the field up.
    job.apply(&[]).ends_with(0);
    let bare = format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {REMOTE}, namespace: {SYSTEM}}}\n");
    std::fs::write(&file, bare).unwrap();
    one.kubectl_text(&hold).unwrap();
    let resumed = job.rotate(&["--cluster", "cluster2"]);
    assert!(resumed.ends_with(0).stderr.contains("going on"), "{}", resumed.stderr);
    assert_eq!(successors(two), begun[1..]);
    is_void(ground.bed.cluster("cluster2"), &old);

    // All done but the deletion: only that is done.
    let leftover = format!(
        "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata:\n  name: {TOKEN}-1\n  namespace: {SYSTEM}\n  \
         labels: {{applyset.kubernetes.io/part-of: {}}}\n  annotations: {{kubernetes.io/service-account.name: istio-reader-service-account}}\n",
        two.kubectl_json(&["-n", SYSTEM, "get", "secret", TOKEN]).unwrap()["metadata"]["labels"]["applyset.kubernetes.io/part-of"]
    );
    two.apply(&leftover).unwrap();
    let current = remote(&ground.bed);
    job.rotate(&["--cluster", "cluster2"]).ends_with(0);
    assert_eq!(successors(two), begun[1..]);
    assert_eq!(remote(&ground.bed), current);
    all_is_well(ground, job);
}

/// Nothing of the token is left; the other direction works; `apply` brings it back.
fn revoked(ground: &Ground, job: &Job, first: &[u8]) {
    let (one, two) = (ground.bed.cluster("cluster1"), ground.bed.cluster("cluster2"));
    let last = remote(&ground.bed);
    let told = job.revoke("cluster2");
    assert!(
        told.ends_with(0).stderr.contains("the reader account in istio-system and its role stay"),
        "{}",
        told.stderr
    );
    assert!(one.kubectl_json(&["-n", SYSTEM, "get", "secret", REMOTE]).is_err());
    assert!(two.kubectl_json(&["-n", SYSTEM, "get", "secret", TOKEN]).is_err());
    assert_eq!(successors(two), [] as [String; 0]);
    two.kubectl_json(&["-n", SYSTEM, "get", "secret", "istio-remote-secret-cluster1"]).unwrap();
    is_void(ground.bed.cluster("cluster2"), &last);
    job.status().ends_with(79);
    assert!(job.rotate(&["--cluster", "cluster2"]).ends_with(79).stderr.contains("isthmus apply"));
    job.revoke("cluster2").ends_with(0);

    job.apply(&[]).ends_with(0);
    // Made again under its old name a token is the old one: the reason why `rotate` never takes a name twice.
    assert_eq!(remote(&ground.bed), first);
    job.rotate(&["--cluster", "cluster2"]).ends_with(0);
    is_void(ground.bed.cluster("cluster2"), first);
}

fn all_is_well(ground: &Ground, job: &Job) {
    let again = job.apply(&[]);
    assert!(again.ends_with(0).stdout.contains("Nothing to change"), "{}{}", again.stdout, again.stderr);
    job.diff(&["--exit-code"]).ends_with(0);
    job.status().ends_with(0);
    let members = ground.members(&[("cluster1", "network1"), ("cluster2", "network1")]);
    for member in &members {
        lists_clusters(member.cluster, SYSTEM, &members);
    }
}

/// The kubeconfig by which cluster1 watches cluster2.
fn remote(bed: &Bed) -> Vec<u8> {
    let secret = bed.cluster("cluster1").kubectl_json(&["-n", SYSTEM, "get", "secret", REMOTE]).unwrap();
    STANDARD.decode(secret["data"]["cluster2"].as_str().unwrap()).unwrap()
}

fn token(cluster: &Cluster, secret: &str) -> String {
    let secret = cluster.kubectl_json(&["-n", SYSTEM, "get", "secret", secret]).unwrap();
    secret["data"]["token"].as_str().unwrap().to_owned()
}

/// The secrets that `rotate` made.
fn successors(cluster: &Cluster) -> Vec<String> {
    let names = cluster.kubectl_text(&["-n", SYSTEM, "get", "secrets", "-o", "name"]).unwrap();
    let start = format!("secret/{TOKEN}-");
    names.lines().filter(|name| name.starts_with(&start)).map(str::to_owned).collect()
}

/// The remote secret is the one that `istioctl create-remote-secret` prints, but for what marks it as ours.
fn equals_what_istioctl_writes(bed: &Bed) {
    let kubeconfig = bed.kubeconfig().to_str().unwrap();
    let create = ["create-remote-secret", "--kubeconfig", kubeconfig, "--context", "cluster2", "--name", "cluster2"];
    let printed = bed.command("istioctl").args(create).output().unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let printed = String::from_utf8(printed.stdout).unwrap();
    let theirs = serde_yaml::Deserializer::from_str(&printed).next().map(Value::deserialize).unwrap().unwrap();
    let ours = bed.cluster("cluster1").kubectl_json(&["-n", SYSTEM, "get", "secret", REMOTE]).unwrap();
    assert_eq!(
        String::from_utf8(remote(bed)).unwrap(),
        theirs["stringData"]["cluster2"].as_str().unwrap(),
        "byte for byte"
    );
    assert_eq!(ours["data"].as_object().unwrap().len(), theirs["stringData"].as_object().unwrap().len());
    assert_eq!((&ours["type"], &theirs["type"]), (&"Opaque".into(), &Value::Null), "no type is this type");
    let foreign = |place: &str| {
        let mut kept = ours["metadata"][place].as_object().unwrap().clone();
        kept.retain(|key, _| {
            !["isthmus.dev/", "applyset.kubernetes.io/", "app.kubernetes.io/"].iter().any(|own| key.starts_with(own))
        });
        Value::Object(kept)
    };
    for place in ["labels", "annotations"] {
        assert_eq!(foreign(place), theirs["metadata"][place]);
    }
    for field in ["name", "namespace"] {
        assert_eq!(ours["metadata"][field], theirs["metadata"][field]);
    }
}
