//! Every check of `isthmus check`, made to find something on real API servers: an id that never does is no check.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::bed::{Bed, Cluster, ClusterSpec};
use tests::job::{Job, Run, isthmus};
use tests::proxy::{Answer, Fault, Front, Rule};

const TOPOLOGY: &str = include_str!("../topologies/multi-primary-multi-network.yaml");
const EXTERNAL: &str = include_str!("../topologies/external-dns.yaml");

/// What the checks found that is not well: the outcome and the message of each, by their ids.
#[derive(Default)]
struct Found(BTreeMap<String, BTreeSet<(String, String)>>);

impl Found {
    /// Takes in a run, which says what to do about every error.
    fn take(&mut self, run: &Run) {
        let page: Value =
            serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}\n{}", run.stdout, run.stderr));
        for check in page["checks"].as_array().unwrap() {
            let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let (id, outcome, message) = (word(&check["id"]), word(&check["outcome"]), word(&check["message"]["en"]));
            if outcome != "good" {
                let advised = check["hints"].as_array().is_some_and(|hints| !hints.is_empty());
                assert!(outcome != "error" || advised, "{check:#}");
                self.0.entry(id).or_default().insert((outcome, message));
            }
        }
    }

    /// Whether a check with that id came out so, and its message has that word.
    fn has(&self, id: &str, outcome: &str, word: &str) -> bool {
        let mut seen = self.0.get(id).into_iter().flatten();
        seen.any(|(said, what)| said == outcome && what.contains(word))
    }
}

#[test]
fn every_check_finds_something_somewhere() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(|name| ClusterSpec::named(name).without_istiods())).unwrap();
    let mut found = Found::default();
    let job = Job::new(&bed, "job", TOPOLOGY, &[]);
    ways_to_clusters(&bed, &job, &mut found);
    programs(&bed, &job, &mut found);
    drawn_otherwise(&bed, &mut found);
    rebuilt(&bed, &job, &mut found);
    lived_in(&bed);
    let limited = limited(&bed);
    found.take(&check(&bed, &job, &["--kubeconfig", limited.to_str().unwrap()]));
    found.take(&check(&bed, &job, &[]));
    let missing: Vec<_> = EXPECTED.iter().filter(|(id, outcome, word)| !found.has(id, outcome, word)).collect();
    assert!(missing.is_empty(), "{missing:#?} in {:#?}", found.0);
    let seen: BTreeSet<&str> = EXPECTED.iter().map(|(id, ..)| *id).collect();
    let all: BTreeSet<&str> = shared::check::ALL.iter().map(|check| check.id).collect();
    assert_eq!(seen, all, "every check of the catalogue is made to find something");
}

/// What each must say in the end.
const EXPECTED: [(&str, &str, &str); 30] = [
    ("contexts-found", "error", "nowhere"),
    ("api-server-answers", "error", "nobody listens there"),
    ("kubernetes-version", "error", "Kubernetes is 1.27; Istio 1.31 needs 1.32 or later"),
    ("kubernetes-skew", "info", "from 1.27 to 1.36"),
    ("distinct-clusters", "error", "lead to the same API server"),
    ("clusters-as-before", "error", "cluster2"),
    ("clocks-agree", "warning", "behind this machine's"),
    ("api-server-dialable", "warning", "https://127.0.0.1:"),
    ("api-server-certificate", "error", "neither the authority of the token nor that of the kubeconfig"),
    ("programs-found", "error", "istioctl"),
    ("installations-render", "error", "cannot render"),
    ("rights-to-apply", "error", "patch deployments.apps in istio-system"),
    ("rights-to-verify", "warning", "create, get pods/exec in sample"),
    ("rights-to-clean-up", "warning", "delete"),
    ("objects-owned-by-others", "error", "Helm release istio-system/istiod manages 1 object"),
    ("istiod-of-others", "warning", "other/istiod-1-30 (1-30)"),
    ("webhooks-of-others", "warning", "istio-sidecar-injector-old"),
    ("definitions-fit", "error", "gateways.networking.istio.io (v9)"),
    ("gateway-api-there", "error", "gateways.gateway.networking.k8s.io"),
    ("other-meshes", "warning", "mesh2"),
    ("roots-left-over", "warning", "default"),
    ("certificates-there", "error", "cacerts"),
    ("one-root", "error", "root"),
    ("certificates-last", "warning", "in 9 days"),
    ("live-root", "warning", "istio-system/istio-ca-root-cert"),
    ("entry-credential", "error", "myhost-example-credential"),
    ("clusters-registered", "error", "cluster2 (istio-system/by-hand)"),
    ("tokens-accepted", "warning", "does not accept the token"),
    ("entry-leads-to-gateway", "warning", "myhost.example.com does not resolve; the gateway is at"),
    ("load-balancers-work", "warning", "other/pending"),
];

/// `isthmus check` of a job, with options of its own.
fn check(bed: &Bed, job: &Job, more: &[&str]) -> Run {
    let kubeconfig = bed.kubeconfig().to_str().unwrap();
    let mut args = vec!["check", job.bundle.to_str().unwrap(), "-o", "json"];
    if !more.contains(&"--kubeconfig") {
        args.extend(["--kubeconfig", kubeconfig]);
    }
    let istioctl = bed.programs().get("istioctl").unwrap();
    if !more.contains(&"--istioctl") {
        args.extend(["--istioctl", istioctl.to_str().unwrap()]);
    }
    isthmus(&[&args, more].concat())
}

/// Contexts that lead nowhere, to one place, to a silent one, and to a server of the past.
fn ways_to_clusters(bed: &Bed, job: &Job, found: &mut Found) {
    found.take(&check(bed, job, &["--context", "cluster2=nowhere"]));
    let config: Value = serde_json::from_slice(&fs::read(bed.kubeconfig()).unwrap()).unwrap();
    let (mut silent, mut twice) = (config.clone(), config.clone());
    silent["clusters"][1]["cluster"]["server"] = json!("https://127.0.0.1:1");
    for (kind, part) in [("clusters", "cluster"), ("users", "user")] {
        twice[kind][1][part] = config[kind][0][part].clone();
    }
    for (name, config) in [("silent", silent), ("twice", twice)] {
        let file = bed.folder().join(name);
        fs::write(&file, config.to_string()).unwrap();
        found.take(&check(bed, job, &["--kubeconfig", file.to_str().unwrap()]));
    }

    let front = Front::of(bed).unwrap();
    let old = json!({"major": "1", "minor": "27", "gitVersion": "v1.27.3"});
    let answer = Answer::text(200, "application/json", &old.to_string()).field("Date", "Thu, 01 Jan 2026 00:00:00 GMT");
    let of_second = |asked: &tests::proxy::Asked| asked.path.starts_with("/version") && asked.cluster == "cluster2";
    front.rule(Rule::always(Fault::Answer(answer)).on(of_second));
    found.take(&check(bed, job, &["--kubeconfig", front.kubeconfig().to_str().unwrap()]));
    behind_a_proxy(bed, &front, found);
}

/// An API server behind a proxy that has a certificate by an authority of its own.
fn behind_a_proxy(bed: &Bed, front: &Front, found: &mut Found) {
    front.heal().unwrap();
    let kubeconfig = front.kubeconfig().to_str().unwrap();
    let config: Value = serde_json::from_slice(&fs::read(kubeconfig).unwrap()).unwrap();
    let server = config["clusters"][1]["cluster"]["server"].as_str().unwrap();
    // Whichever is drawn, the one that vouches is taken; by a kubeconfig that does not know the proxy neither does.
    let direct = bed.kubeconfig().to_str().unwrap();
    for (drawn, by, words) in [
        ("token", kubeconfig, "the authority of the kubeconfig vouches for"),
        ("kubeconfig", kubeconfig, "the authority of the kubeconfig vouches for"),
        ("token", direct, "neither the authority"),
    ] {
        let server = format!("role: primary, apiServer: {{url: \"{server}\", ca: {drawn}}}}}");
        let (head, tail) = TOPOLOGY.rsplit_once("role: primary}").unwrap();
        let job = Job::new(bed, &format!("behind-{drawn}-{}", words.len()), &format!("{head}{server}{tail}"), &[]);
        let run = check(bed, &job, &["--kubeconfig", by]);
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
        found.take(&run);
    }
}

/// Programs that are not there, or fail.
fn programs(bed: &Bed, job: &Job, found: &mut Found) {
    found.take(&check(bed, job, &["--istioctl", "/nowhere/istioctl"]));
    let script = bed.folder().join("istioctl-fails");
    let real = bed.programs().get("istioctl").unwrap();
    let lines = format!("#!/bin/sh\n[ \"$1\" = version ] && exec {} \"$@\"\nexit 1\n", real.display());
    fs::write(&script, lines).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    found.take(&check(bed, job, &["--istioctl", script.to_str().unwrap()]));
}

/// What other drawings ask for, in clusters that do not have it.
fn drawn_otherwise(bed: &Bed, found: &mut Found) {
    let gateway = format!("{TOPOLOGY}  gateways:\n  - {{cluster: cluster1, kind: ingress, api: gateway-api}}\n");
    found.take(&check(bed, &Job::new(bed, "gateway-api", &gateway, &[]), &[]));
    let contexts = [("external", "cluster1"), ("cluster1", "cluster2")];
    let external = Job::new(bed, "external", EXTERNAL, &contexts);
    let gateway = "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n---\n\
        apiVersion: v1\nkind: Service\nmetadata: {name: istio-ingressgateway, namespace: istio-system}\n\
        spec: {type: LoadBalancer, selector: {app: x}, ports: [{name: a, port: 15012}]}\n";
    let cluster = bed.cluster("cluster1");
    cluster.apply(gateway).unwrap();
    let address = "--for=jsonpath={.status.loadBalancer.ingress}";
    let wait = ["-n", "istio-system", "wait", address, "service/istio-ingressgateway", "--timeout=60s"];
    cluster.kubectl_text(&wait).unwrap();
    let [one, two] = contexts.map(|(name, context)| format!("{name}={context}"));
    found.take(&check(bed, &external, &["--context", &one, "--context", &two]));
    cluster.kubectl_text(&["delete", "namespace", "istio-system"]).unwrap();
}

/// A cluster that was applied to, and is another one now.
fn rebuilt(bed: &Bed, job: &Job, found: &mut Found) {
    job.apply(&["--until", "cluster1/namespace"]).ends_with(0);
    let record = ["-n", "kube-system", "get", "configmap", "isthmus-mesh1"];
    let mut record = bed.cluster("cluster1").kubectl_json(&record).unwrap();
    let clusters = record["metadata"]["annotations"]["isthmus.dev/clusters"].as_str().unwrap().to_owned();
    let mut clusters: Value = serde_json::from_str(&clusters).unwrap();
    clusters["cluster2"] = json!("00000000-0000-0000-0000-000000000000");
    record["metadata"]["annotations"]["isthmus.dev/clusters"] = clusters.to_string().into();
    let file = bed.folder().join("record.json");
    fs::write(&file, record.to_string()).unwrap();
    bed.cluster("cluster1").kubectl_text(&["replace", "-f", file.to_str().unwrap()]).unwrap();
    found.take(&check(bed, job, &[]));
    for thing in [["configmap", "isthmus-mesh1", "-n", "kube-system"], ["namespace", "istio-system", "-n", "default"]] {
        bed.cluster("cluster1").kubectl_text(&[&["delete"], &thing[..]].concat()).unwrap();
    }
}

/// Clusters in which others were before, with certificates that do not fit.
fn lived_in(bed: &Bed) {
    let (first, second) = (bed.cluster("cluster1"), bed.cluster("cluster2"));
    for cluster in bed.clusters() {
        cluster.kubectl_text(&["create", "namespace", "istio-system"]).unwrap();
    }
    let certs = bed.folder().join("job/certs/cluster1");
    cacerts(first, &certs);
    cacerts(second, &short_lived(bed.folder()));
    first.apply(include_str!("check_fails/lived-in.yaml")).unwrap();
    let root = ["create", "configmap", "istio-ca-root-cert", "--from-literal=root-cert.pem=old", "-n"];
    first.kubectl_text(&[&root[..], &["istio-system"]].concat()).unwrap();
    second.kubectl_text(&[&root[..], &["default"]].concat()).unwrap();
}

/// Puts the certificates in a folder into a cluster.
fn cacerts(cluster: &Cluster, folder: &Path) {
    let files = ["ca-cert.pem", "ca-key.pem", "root-cert.pem", "cert-chain.pem"];
    let files = files.map(|name| format!("--from-file={name}={}", folder.join(name).display()));
    let mut create = vec!["-n", "istio-system", "create", "secret", "generic", "cacerts"];
    create.extend(files.iter().map(String::as_str));
    cluster.kubectl_text(&create).unwrap();
}

/// An authority of its own that ends in ten days.
fn short_lived(folder: &Path) -> PathBuf {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, KeyUsagePurpose};
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = time::OffsetDateTime::now_utc() - time::Duration::hours(1);
    params.not_after = time::OffsetDateTime::now_utc() + time::Duration::days(10);
    let cert = params.self_signed(&key).unwrap().pem();
    let folder = folder.join("short-lived");
    fs::create_dir(&folder).unwrap();
    for (name, text) in [
        ("ca-cert.pem", &cert),
        ("ca-key.pem", &key.serialize_pem()),
        ("root-cert.pem", &cert),
        ("cert-chain.pem", &cert),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

/// A kubeconfig whose account may only look on the second cluster.
fn limited(bed: &Bed) -> PathBuf {
    let cluster = bed.cluster("cluster2");
    cluster.kubectl_text(&["create", "serviceaccount", "reader", "-n", "default"]).unwrap();
    let binding = ["create", "clusterrolebinding", "reader", "--clusterrole=view", "--serviceaccount=default:reader"];
    cluster.kubectl_text(&binding).unwrap();
    let token = cluster.kubectl_text(&["create", "token", "reader", "-n", "default"]).unwrap();
    let mut config: Value = serde_json::from_slice(&fs::read(bed.kubeconfig()).unwrap()).unwrap();
    config["users"][1]["user"] = json!({"token": token.trim()});
    let file = bed.folder().join("limited");
    fs::write(&file, config.to_string()).unwrap();
    file
}
