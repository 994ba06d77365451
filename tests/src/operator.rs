//! An operator's account on every cluster of a bed, with a role and no right beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::missing_panics_doc, reason = "every function here fails the test where it cannot go on")]

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::bed::{Bed, Cluster};
use crate::job::Run;

/// The roles that `isthmus rbac` printed, one for each cluster of the bundle, in the order of their names.
pub fn roles(printed: &Run) -> Vec<Value> {
    let documents = serde_yaml::Deserializer::from_str(&printed.ends_with(0).stdout);
    documents.map(|role| Value::deserialize(role).unwrap()).collect()
}

/// Makes the operator's account where it is not there yet, and gives it this role and no other.
pub fn appoint(cluster: &Cluster, role: &Value) {
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: operator, namespace: default}\n";
    cluster.apply(account).unwrap();
    let name = role["metadata"]["name"].as_str().unwrap();
    let _ = cluster.kubectl(&["delete", "clusterrolebinding", "operator"]);
    grant(cluster, role);
    let (role, account) = (format!("--clusterrole={name}"), "--serviceaccount=default:operator");
    cluster.kubectl_text(&["create", "clusterrolebinding", "operator", &role, account]).unwrap();
}

/// Puts the role there in place of what it was.
pub fn grant(cluster: &Cluster, role: &Value) {
    let file = cluster.folder().join("role.json");
    fs::write(&file, role.to_string()).unwrap();
    let _ = cluster.kubectl(&["delete", "clusterrole", role["metadata"]["name"].as_str().unwrap()]);
    cluster.kubectl_text(&["create", "-f", file.to_str().unwrap()]).unwrap();
    // The API server follows its roles by a watch.
    thread::sleep(Duration::from_millis(500));
}

/// The bed's kubeconfig with the operator's tokens in place of the administrators' certificates, for these clusters.
pub fn kubeconfig(bed: &Bed, clusters: &[&str]) -> PathBuf {
    let mut config: Value = serde_json::from_slice(&fs::read(bed.kubeconfig()).unwrap()).unwrap();
    for user in config["users"].as_array_mut().unwrap() {
        let name = user["name"].as_str().unwrap();
        if clusters.contains(&name) {
            user["user"] = json!({ "token": token(bed.cluster(name)) });
        }
    }
    let file = bed.folder().join("operator.kubeconfig");
    fs::write(&file, config.to_string()).unwrap();
    file
}

/// A token of the operator's account.
pub fn token(cluster: &Cluster) -> String {
    let create = ["-n", "default", "create", "token", "operator", "--duration=4h"];
    cluster.kubectl_text(&create).unwrap().trim().to_owned()
}
