//! What stops `isthmus apply` before its first write, on a real API server: each is one clear error with its own exit status.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::{Value, json};
use tests::bed::{Bed, ClusterSpec};
use tests::job::{Job, Run, isthmus};

const TOPOLOGY: &str = include_str!("../topologies/multi-primary-multi-network.yaml");

/// A bundle for cluster1, which is there, and cluster2, which the kubeconfig may lead to or not.
struct Desk {
    bed: Bed,
    job: Job,
}

impl Desk {
    fn apply(&self, kubeconfig: &str, more: &[&str]) -> Run {
        let istioctl = self.bed.programs().get("istioctl").unwrap();
        let (bundle, certs) = (self.job.bundle.to_str().unwrap(), self.job.certs.to_str().unwrap());
        let mut args = vec!["apply", bundle, "--yes", "--kubeconfig", kubeconfig, "--timeout", "20s"];
        args.extend_from_slice(more);
        for (option, value) in [("--certs", certs), ("--istioctl", istioctl.to_str().unwrap())] {
            if !more.contains(&option) {
                args.extend([option, value]);
            }
        }
        isthmus(&args)
    }

    /// The bed's kubeconfig, and a context `cluster2` that leads to that address with cluster1's credentials.
    fn kubeconfig_with(&self, server: &str) -> String {
        let mut config: Value = serde_json::from_slice(&fs::read(self.bed.kubeconfig()).unwrap()).unwrap();
        let mut cluster = config["clusters"][0].clone();
        cluster["name"] = json!("cluster2");
        cluster["cluster"]["server"] = json!(server);
        config["clusters"].as_array_mut().unwrap().push(cluster);
        let context = json!({"name": "cluster2", "context": {"cluster": "cluster2", "user": "cluster1"}});
        config["contexts"].as_array_mut().unwrap().push(context);
        let file = self.bed.folder().join("with-cluster2");
        fs::write(&file, config.to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    }

    fn program(&self, name: &str, script: &str) -> PathBuf {
        let file = self.bed.folder().join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        file
    }
}

/// Refused with that status, one message that names these, and nothing on standard output.
#[track_caller]
fn refused(run: &Run, code: u8, named: &[&str]) {
    run.ends_with(code);
    for word in named {
        assert!(run.stderr.contains(word), "no {word:?} in:\n{}", run.stderr);
    }
    let errors = run.stderr.lines().filter(|line| line.starts_with("error: ")).count();
    assert_eq!((errors, run.stdout.as_str()), (1, ""), "one error, and nothing else done:\n{}", run.stderr);
}

#[test]
fn nothing_is_written_before_everything_is_well() {
    let bed = Bed::start(&[ClusterSpec::named("cluster1").without_istiods()]).unwrap();
    let job = Job::new(&bed, "job", TOPOLOGY, &[]);
    let desk = Desk { bed, job };
    let cluster = desk.bed.cluster("cluster1");
    let before = cluster.settled_listing().unwrap();
    let alone = desk.bed.kubeconfig().to_str().unwrap();

    refused(&desk.apply(alone, &[]), 78, &["cluster2", "context"]);
    refused(&desk.apply(alone, &["--context", "cluster2=elsewhere"]), 78, &["elsewhere"]);
    refused(&desk.apply("/nowhere/kubeconfig", &[]), 78, &["/nowhere/kubeconfig"]);
    // Two contexts, one API server.
    refused(&desk.apply(alone, &["--context", "cluster2=cluster1"]), 78, &["cluster1", "cluster2"]);
    let twin = desk.kubeconfig_with(cluster.server());
    refused(&desk.apply(&twin, &[]), 78, &["cluster1", "cluster2"]);
    // Nobody listens on port 1. Were one of them there, its part would be applied.
    let silent = desk.kubeconfig_with("https://127.0.0.1:1");
    let away = fs::read_to_string(&silent).unwrap().replace(cluster.server(), "https://127.0.0.1:1");
    fs::write(&silent, away).unwrap();
    refused(&desk.apply(&silent, &[]), 69, &["cluster1", "127.0.0.1:1"]);

    // Programs are looked for once there is something to render, and before anything is written.
    let one: String = TOPOLOGY.split_inclusive('\n').filter(|line| !line.contains("cluster2")).collect();
    let desk = Desk { job: Job::new(&desk.bed, "one", &one, &[]), bed: desk.bed };
    let cluster = desk.bed.cluster("cluster1");
    let alone = desk.bed.kubeconfig().to_str().unwrap();
    refused(&desk.apply(alone, &["--istioctl", "/nowhere/istioctl"]), 72, &["/nowhere/istioctl", "1.31"]);
    let old = desk.program("istioctl-old", "echo 'client version: 1.20.3'");
    refused(&desk.apply(alone, &["--istioctl", old.to_str().unwrap()]), 72, &["1.20", "1.31"]);

    assert_eq!(cluster.settled_listing().unwrap(), before);
}
