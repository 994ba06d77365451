//! Every object of a cluster without what differs from one run to the next, so that what two ways lead to can be compared.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bed::{BedError, Cluster};

/// Kinds whose objects come and go by themselves, or are named at random.
const PASSING: [&str; 8] =
    ["Endpoints.", "IPAddress.", "Lease.", "Node.", "Pod.", "ReplicaSet.", "ControllerRevision.", "GatewayClass."];

/// What an API server or a controller writes of its own accord.
const GIVEN: [&str; 5] = ["uid", "resourceVersion", "creationTimestamp", "generation", "ownerReferences"];

/// The objects of a cluster by their lines in its listing: who owns which field stays in them, when and under which number does not.
pub fn dump(cluster: &Cluster) -> Result<BTreeMap<String, Value>, BedError> {
    let objects = cluster.objects()?;
    let kept = objects.into_iter().filter(|(line, _)| !PASSING.iter().any(|kind| line.starts_with(kind)));
    Ok(kept.map(|(line, object)| (successor(&line), plain(object))).collect())
}

/// Tokens that were rotated have a name that was made up.
fn successor(line: &str) -> String {
    match line.split_once("-remote-secret-token-") {
        Some((before, _)) => format!("{before}-remote-secret-token-*"),
        None => line.to_owned(),
    }
}

/// An API server notes the day on which the token in a Secret was last used.
fn used(metadata: &mut Value) {
    let Some(labels) = metadata["labels"].as_object_mut() else { return };
    if labels.remove("kubernetes.io/legacy-token-last-used").is_none() {
        return;
    }
    if labels.is_empty() {
        metadata["labels"].take();
    }
    if let Some(managers) = metadata["managedFields"].as_array_mut() {
        managers.retain(|manager| manager["manager"] != "kube-apiserver");
    }
}

fn plain(mut object: Value) -> Value {
    let is_ours = object["kind"] == "ConfigMap" && object["metadata"]["namespace"] == "kube-system";
    for key in GIVEN {
        object["metadata"].as_object_mut().map(|metadata| metadata.remove(key));
    }
    if let Some(name) = object["metadata"]["name"].as_str().map(successor) {
        object["metadata"]["name"] = name.into();
    }
    object["status"].take();
    // istiod renews its leader locks every few seconds.
    if let Some(annotations) = object["metadata"]["annotations"].as_object_mut() {
        annotations.remove("control-plane.alpha.kubernetes.io/leader");
    }
    // Which token a pod was started by: tokens differ from run to run. The pods it replaced are not counted.
    for place in ["/metadata/annotations", "/spec/template/metadata/annotations"] {
        let annotations = object.pointer_mut(place).and_then(Value::as_object_mut);
        if let Some(token) = annotations.and_then(|all| all.get_mut("isthmus.dev/started-by")) {
            token.take();
            if object["kind"] == "Deployment" {
                object["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "1".into();
            }
        }
    }
    for manager in object["metadata"]["managedFields"].as_array_mut().into_iter().flatten() {
        manager["time"].take();
        // The fields of a name that was made up.
        if manager["manager"] != "isthmus" {
            manager["fieldsV1"].take();
        }
    }
    if let Some(managers) = object["metadata"]["managedFields"].as_array_mut() {
        managers.sort_by_key(ToString::to_string);
        managers.dedup();
    }
    match object["kind"].as_str() {
        Some("Secret") => {
            for value in object["data"].as_object_mut().into_iter().flat_map(|data| data.values_mut()) {
                value.take();
            }
            object["metadata"]["annotations"]["kubernetes.io/service-account.uid"].take();
            used(&mut object["metadata"]);
        }
        // A control plane that signs by itself makes a root of its own each time.
        Some("ConfigMap") if object["metadata"]["name"] == "istio-ca-root-cert" => {
            object["data"]["root-cert.pem"].take();
        }
        Some("Service") => {
            for key in ["clusterIP", "clusterIPs", "healthCheckNodePort"] {
                object["spec"][key].take();
            }
            for port in object["spec"]["ports"].as_array_mut().into_iter().flatten() {
                port["nodePort"].take();
            }
        }
        Some("MutatingWebhookConfiguration" | "ValidatingWebhookConfiguration") => {
            for webhook in object["webhooks"].as_array_mut().into_iter().flatten() {
                let there = webhook["clientConfig"]["caBundle"].is_string();
                webhook["clientConfig"]["caBundle"] = there.into();
            }
        }
        // The record of a mesh: what it says of each object is about the versions of this run.
        Some("ConfigMap") if is_ours => {
            object["data"].take();
            let annotations = object["metadata"]["annotations"].as_object_mut();
            for (key, value) in annotations.into_iter().flatten() {
                // Which bundles went before is about how the cluster came to be as it is.
                if key == "isthmus.dev/earlier-bundles" || value.as_str().is_some_and(|text| text.starts_with('{')) {
                    value.take();
                }
            }
        }
        _ => {}
    }
    object
}

/// What two dumps differ in, as lines for people; nothing where they do not.
pub fn difference(expected: &BTreeMap<String, Value>, seen: &BTreeMap<String, Value>) -> Vec<String> {
    let mut lines: Vec<String> =
        expected.keys().filter(|line| !seen.contains_key(*line)).map(|line| format!("lost: {line}")).collect();
    for (line, now) in seen {
        match expected.get(line) {
            None => lines.push(format!("too much: {line}")),
            Some(before) => paths(line, before, now, &mut lines),
        }
    }
    lines
}

fn paths(at: &str, before: &Value, now: &Value, lines: &mut Vec<String>) {
    match (before, now) {
        (Value::Object(one), Value::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                paths(&format!("{at} .{key}"), &before[key], &now[key], lines);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (place, (before, now)) in one.iter().zip(other).enumerate() {
                paths(&format!("{at} [{place}]"), before, now, lines);
            }
        }
        _ if before == now => {}
        _ => lines.push(format!("{at}: {before} became {now}")),
    }
}
