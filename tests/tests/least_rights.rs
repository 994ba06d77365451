//! An account with exactly the roles that `isthmus rbac` prints does the whole job on real API servers, and with any single
//! rule less it is refused somewhere. `RIGHTS=all` takes every rule away in turn; otherwise a few are.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tests::bed::{Bed, Cluster, eventually};
use tests::ground::Ground;
use tests::job::{Job, Run};
use tests::judge::WAIT;

const TOPOLOGY: &str = include_str!("../topologies/multi-primary.yaml");
const ROLE: &str = "isthmus-mesh1";

/// How many rules are taken away where not all are.
const SAMPLED: usize = 2;

#[test]
fn the_roles_are_enough_and_none_of_their_rules_is_too_much() {
    let mut ground = Ground::new(&["cluster1", "cluster2"]);
    let job = Job::new(&ground.bed, "rights", TOPOLOGY, &[]);
    let printed = job.rbac();
    let roles: Vec<Value> = serde_yaml::Deserializer::from_str(&printed.ends_with(0).stdout)
        .map(|role| Value::deserialize(role).unwrap())
        .collect();
    assert_eq!(roles.len(), 2);
    for (cluster, role) in ground.bed.clusters().iter().zip(&roles) {
        // With it istiod makes classes, which are a right more.
        cluster.install_gateway_api().unwrap();
        // Calls are made from pods of real nodes alone.
        cluster.kubectl_text(&["annotate", "node", "--all", "kwok.x-k8s.io/node-"]).unwrap();
        account(cluster, role);
    }
    let kubeconfig = kubeconfig(&ground.bed);
    let job = job.reached_by(&kubeconfig);
    // Its account and its role are part of what must be there afterwards.
    ground.remember();
    let runs = whole(&job);
    assert!(runs.len() == 7 && runs.iter().all(|run| run.code == 0), "{runs:#?}");
    ground.is_as_before();

    let first = ground.bed.cluster("cluster1");
    let granted = roles[0]["rules"].as_array().unwrap();
    let all = std::env::var("RIGHTS").is_ok_and(|which| which == "all");
    let step = if all { 1 } else { granted.len().div_ceil(SAMPLED) };
    let mut needless = Vec::new();
    for taken in (0..granted.len()).step_by(step) {
        let mut less = roles[0].clone();
        less["rules"].as_array_mut().unwrap().remove(taken);
        grant(first, &less);
        let runs = whole(&job);
        let last = runs.last().unwrap();
        // `status` tells what it may not look at among the facts, and ends as with any fact that is not so.
        if last.code == 0 || !denied(last) {
            needless.push(format!("{}: {runs:#?}", granted[taken]));
        }
        grant(first, &roles[0]);
        job.cleanup("mesh1").ends_with(0);
        ground.is_as_before();
    }
    assert!(needless.is_empty(), "{needless:#?}");
}

/// Whether a run says that the account may not do something.
fn denied(run: &Run) -> bool {
    format!("{}{}", run.stdout, run.stderr).contains("may not do this")
}

/// Everything that an operator does, until something fails.
fn whole(job: &Job) -> Vec<Run> {
    let verified = || {
        let run = job.verify(&[]);
        // Istiods take a moment to see what was written.
        if run.code == 0 || denied(&run) { Ok(run) } else { Err(format!("{run:?}").into()) }
    };
    let commands: [&dyn Fn() -> Run; 7] = [
        &|| job.apply(&[]),
        &|| job.diff(&["--exit-code"]),
        &|| job.status(),
        &|| eventually(WAIT, verified).unwrap(),
        &|| job.rotate(&[]),
        &|| job.revoke("cluster1"),
        &|| job.cleanup("mesh1"),
    ];
    let mut runs = Vec::new();
    for command in commands {
        runs.push(command());
        if runs.last().is_some_and(|run| run.code != 0) {
            break;
        }
    }
    runs
}

/// Makes the operator's account and binds the role to it.
fn account(cluster: &Cluster, role: &Value) {
    cluster.kubectl_text(&["-n", "default", "create", "serviceaccount", "operator"]).unwrap();
    grant(cluster, role);
    let (role, account) = (format!("--clusterrole={ROLE}"), "--serviceaccount=default:operator");
    cluster.kubectl_text(&["create", "clusterrolebinding", "operator", &role, account]).unwrap();
}

/// Puts the role there in place of what it was.
fn grant(cluster: &Cluster, role: &Value) {
    let file = cluster.folder().join("role.json");
    fs::write(&file, role.to_string()).unwrap();
    let _ = cluster.kubectl(&["delete", "clusterrole", ROLE]);
    cluster.kubectl_text(&["create", "-f", file.to_str().unwrap()]).unwrap();
    // The API server follows its roles by a watch.
    thread::sleep(Duration::from_millis(500));
}

/// The bed's kubeconfig with the operators' tokens in place of the administrators' certificates.
fn kubeconfig(bed: &Bed) -> PathBuf {
    let mut config: Value = serde_json::from_slice(&fs::read(bed.kubeconfig()).unwrap()).unwrap();
    for user in config["users"].as_array_mut().unwrap() {
        let cluster = bed.cluster(user["name"].as_str().unwrap());
        let token = cluster.kubectl_text(&["-n", "default", "create", "token", "operator", "--duration=4h"]).unwrap();
        user["user"] = json!({ "token": token.trim() });
    }
    let file = bed.folder().join("operator.kubeconfig");
    fs::write(&file, config.to_string()).unwrap();
    file
}
