//! The runbook's own lines, pasted one after the other into a real shell: they end in the objects that `isthmus apply` makes,
//! but for those that `istioctl install` adds; pasted again they remove nothing; and its clean-up leaves what was there before.
//!
//! One model each time; `RUNBOOK=all` takes all of them, and `RUNBOOK=<model>,…` those.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "what each model took is worth a line")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use shared::topology::Topology;
use tests::bed::{Bed, Cluster};
use tests::ground::Ground;
use tests::job::Job;
use tests::replay::documents;

/// The models, the first of them in every run.
const MODELS: [&str; 6] = [
    "primary-remote-multi-network",
    "multi-primary-multi-network",
    "external-two-remotes",
    "primary-remote",
    "multi-primary",
    "revision",
];

#[test]
fn the_runbook_ends_in_the_same_objects() {
    let asked = std::env::var("RUNBOOK").unwrap_or_else(|_| MODELS[0].to_owned());
    let mut taken = 0;
    for model in MODELS {
        if asked == "all" || asked.split(',').any(|name| name == model) {
            let begun = Instant::now();
            pasted(model);
            taken += 1;
            println!("{model}: {} s", begun.elapsed().as_secs());
        }
    }
    assert!(taken > 0, "no model is called {asked}");
}

/// A gateway's address may be of either kind, or a name: in a URL, and only there, an IPv6 address has brackets.
#[test]
fn an_ipv6_address_has_brackets_in_urls() {
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("bundles/api-server-by-gateway");
    let page = fs::read_to_string(bundle.join("README.md")).unwrap();
    let line = |what: &str| page.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("no {what}"));
    let fill = line("clusters/cluster1/70-secret/cluster2.yaml |").split(" | ").next().unwrap();
    for (address, written) in
        [("2001:db8::7", "[2001:db8::7]"), ("192.0.2.7", "192.0.2.7"), ("lb.example.com", "lb.example.com")]
    {
        let script = format!("export EASTWEST_ADDRESS_CLUSTER2={address}\n{}\n{fill}", line("in_url() {"));
        let output = Command::new("bash").args(["-euc", &script]).current_dir(&bundle).output().unwrap();
        let (filled, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
        assert!(filled.contains(&format!("server: https://{written}:6443\n")), "{filled}{said}");
    }
}

fn pasted(model: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("topologies/{model}.yaml"));
    let drawn = fs::read_to_string(path).unwrap();
    let clusters = Topology::read(&drawn).unwrap().clusters;
    let ground = Ground::new(&clusters.iter().map(|cluster| cluster.name.as_str()).collect::<Vec<_>>());
    let bed = &ground.bed;
    let job = Job::new(bed, model, &drawn, &[]);
    job.apply(&[]).ends_with(0);
    let applied = objects(bed);
    ground.done_and_undone(&job);

    symlink(&job.certs, job.bundle.join("certs")).unwrap();
    let runbook = Runbook::read(&job);
    let said = paste(bed, &job, &runbook.install);
    for member in clusters.iter().filter(|cluster| cluster.network.is_some()) {
        let lists = |line: &str| line.starts_with(&format!("{} ", member.name)) && line.contains(" synced ");
        assert!(said.lines().any(lists), "no istiod lists {} as synced:\n{said}", member.name);
    }
    let by_hand = objects(bed);
    only_istioctl_adds(&applied, &by_hand);
    remote_secrets_are_those_of_istioctl(bed);

    paste(bed, &job, &runbook.install);
    let again = objects(bed);
    let gone: Vec<_> = by_hand.keys().filter(|name| !again.contains_key(*name)).collect();
    assert!(gone.is_empty(), "removed by the second time: {gone:#?}");

    paste(bed, &job, &[runbook.install, runbook.cleanup].concat());
    ground.is_as_before();
}

/// The commands of a runbook: those that install and look, and those that clean up.
struct Runbook {
    install: String,
    cleanup: String,
}

impl Runbook {
    /// Reads both languages, which must give the same commands.
    fn read(job: &Job) -> Self {
        let [english, chinese] =
            [("README.md", "\n## Clean up"), ("README.zh.md", "\n## 清理")].map(|(name, cleanup)| {
                let text = fs::read_to_string(job.bundle.join(name)).unwrap();
                let (install, cleanup) = text.split_once(cleanup).unwrap();
                [commands(install), commands(cleanup)]
            });
        assert_eq!(english, chinese, "both languages give the same commands");
        let [install, cleanup] = english;
        Self { install, cleanup }
    }
}

fn commands(text: &str) -> String {
    let blocks = text.split("```bash\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.collect()
}

fn paste(bed: &Bed, job: &Job, commands: &str) -> String {
    let output =
        bed.command("bash").args(["-euo", "pipefail", "-c", commands]).current_dir(&job.bundle).output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", said(&output.stdout), said(&output.stderr));
    said(&output.stdout)
}

/// What is in the clusters, by cluster and name; without what controllers name by themselves.
fn objects(bed: &Bed) -> BTreeMap<String, Value> {
    const NAMED: [&str; 8] =
        ["Pod", "ReplicaSet", "Lease", "Node", "PodMetrics", "IPAddress", "ControllerRevision", "Endpoints"];
    let of = |cluster: &Cluster| cluster.settled_listing().and_then(|_| cluster.objects()).unwrap();
    let all = bed.clusters().iter().flat_map(|cluster| {
        let kept = |name: &String| !NAMED.iter().any(|kind| name.starts_with(&format!("{kind}.")));
        let named = |(name, object)| (format!("{}: {name}", cluster.name()), object);
        of(cluster).into_iter().filter(move |(name, _)| kept(name)).map(named)
    });
    all.collect()
}

/// By hand there is what `isthmus` applies, but for its own record, and what `istioctl install` adds: the tag `default`, which
/// is a webhook configuration that takes the injector's place, a Service that it asks, and a validator where there is none.
fn only_istioctl_adds(applied: &BTreeMap<String, Value>, by_hand: &BTreeMap<String, Value>) {
    const ADDED: [&str; 3] =
        ["<none>/istio-revision-tag-default", "<none>/istiod-default-validator", "/istiod-revision-tag-default"];
    let missing: Vec<_> = applied.keys().filter(|name| !by_hand.contains_key(*name)).collect();
    let record = |name: &&&String| name.ends_with(": ConfigMap. kube-system/isthmus-mesh1");
    assert!(missing.iter().all(|name| record(&name)), "{missing:#?}");
    assert!(!missing.is_empty());
    let more: Vec<_> = by_hand.keys().filter(|name| !applied.contains_key(*name)).collect();
    assert!(more.iter().all(|name| ADDED.iter().any(|added| name.contains(added))), "{more:#?}");
    let shared = by_hand.iter().filter_map(|(name, theirs)| Some((name, applied.get(name)?, theirs)));
    let mut found = Vec::new();
    for (name, ours, theirs) in shared {
        let (mut ours, mut theirs) = (content(ours), content(theirs));
        // The tag takes the place of the injector, and the validator is written anew with it.
        if name.contains("<none>/istio-sidecar-injector") || name.ends_with("<none>/istiod-default-validator") {
            for one in
                [&mut ours, &mut theirs].into_iter().filter_map(|object| object["webhooks"].as_array_mut()).flatten()
            {
                one["namespaceSelector"].take();
                one["objectSelector"].take();
            }
        }
        if ours != theirs {
            found.push(format!("{name}:\n{ours}\n{theirs}"));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// `istioctl create-remote-secret` makes the same secrets, down to the token; it labels the one of the config cluster too.
fn remote_secrets_are_those_of_istioctl(bed: &Bed) {
    let mut count = 0;
    for cluster in bed.clusters() {
        let secrets = cluster.kubectl_json(&["get", "secrets", "-A"]).unwrap();
        for secret in secrets["items"].as_array().into_iter().flatten() {
            let metadata = &secret["metadata"];
            let Some(watched) = metadata["annotations"]["networking.istio.io/cluster"].as_str() else { continue };
            let namespace = metadata["namespace"].as_str().unwrap();
            let mut command = bed.command("istioctl");
            command.args(["create-remote-secret", "--create-service-account=false", "--namespace", namespace]);
            command.args(["--context", watched, "--name", watched]);
            if metadata["name"] == "istio-kubeconfig" {
                command.args(["--type=config", "--service-account=istiod"]);
            }
            let output = command.output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let made = &documents(&String::from_utf8(output.stdout).unwrap()).unwrap()[0];
            for field in ["name", "namespace", "annotations"] {
                assert_eq!(made["metadata"][field], metadata[field], "{watched}");
            }
            let label = "istio/multiCluster";
            if metadata["name"] != "istio-kubeconfig" {
                assert_eq!(made["metadata"]["labels"][label], metadata["labels"][label], "{watched}");
            }
            for (key, kubeconfig) in made["stringData"].as_object().unwrap() {
                let ours = STANDARD.decode(secret["data"][key].as_str().unwrap()).unwrap();
                let [theirs, ours] = [kubeconfig.as_str().unwrap(), std::str::from_utf8(&ours).unwrap()].map(documents);
                assert_eq!(theirs.unwrap(), ours.unwrap(), "{watched}");
                count += 1;
            }
        }
    }
    assert!(count > 0);
}

/// What somebody meant an object to be: without what the cluster gives it and what is another key or token each time.
fn content(object: &Value) -> Value {
    const GIVEN: [&str; 6] = ["metadata", "status", "caBundle", "clusterIP", "clusterIPs", "nodePort"];
    const KEYS: [&str; 1] = ["istio-ca-root-cert"];
    let is_secret = object["kind"] == "Secret" || KEYS.iter().any(|name| object["metadata"]["name"] == *name);
    match object {
        Value::Object(entries) => {
            let kept = entries.iter().filter(|(key, _)| !GIVEN.contains(&key.as_str()));
            let content = |(key, value): (&String, &Value)| {
                let names = || value.as_object().into_iter().flatten().map(|(name, _)| Value::from(name.as_str()));
                (key.clone(), if is_secret && key == "data" { names().collect() } else { content(value) })
            };
            Value::Object(kept.map(content).collect())
        }
        Value::Array(items) => items.iter().map(content).collect(),
        other => other.clone(),
    }
}
