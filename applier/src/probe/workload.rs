//! Facts about what runs: definitions, webhooks and deployments.

use serde_json::Value;

use super::{Sight, condition};
use crate::clusters::Cluster;
use crate::kinds::elements;
use crate::transport::CallError;

const WEBHOOKS: &str = "admissionregistration.k8s.io";

/// The definitions are established and the webhooks are there.
pub(super) async fn installed(cluster: &Cluster, crds: &[String], webhooks: &[String]) -> Result<Sight, CallError> {
    // One after the other: definitions are large, and the first that is missing is answer enough.
    for crd in crds {
        let found =
            cluster.find("apiextensions.k8s.io", "CustomResourceDefinition", "", crd).await?.unwrap_or_default();
        if condition(&found, "Established").is_none_or(|condition| condition["status"] != "True") {
            return Ok(Sight::not_yet(
                format!("the definition {crd} is not established"),
                format!("CRD {crd} 尚未就绪"),
            ));
        }
        cluster.learn(&found);
    }
    for webhook in webhooks {
        if cluster.find(WEBHOOKS, "MutatingWebhookConfiguration", "", webhook).await?.is_none() {
            return Ok(Sight::not_yet(format!("there is no webhook {webhook}"), format!("没有 webhook {webhook}")));
        }
    }
    let (crds, hooks) = (crds.len(), webhooks.len());
    if hooks == 0 {
        return Ok(Sight::so(format!("{crds} definitions"), format!("{crds} 个 CRD")));
    }
    Ok(Sight::so(format!("{crds} definitions, {hooks} webhooks"), format!("{crds} 个 CRD，{hooks} 个 webhook")))
}

/// The deployment is available, at the generation that is wanted.
pub(super) async fn available(cluster: &Cluster, namespace: &str, name: &str) -> Result<Sight, CallError> {
    let Some(found) = cluster.find("apps", "Deployment", namespace, name).await? else {
        let text = format!("there is no deployment {namespace}/{name}");
        return Ok(Sight::not_yet(text, format!("没有 Deployment {namespace}/{name}")));
    };
    let number = |value: &Value| value.as_i64().unwrap_or(0);
    let wanted = found["spec"]["replicas"].as_i64().unwrap_or(1);
    let (ready, updated) = (number(&found["status"]["readyReplicas"]), number(&found["status"]["updatedReplicas"]));
    let seen = number(&found["status"]["observedGeneration"]) >= number(&found["metadata"]["generation"]);
    let is_available = condition(&found, "Available").is_some_and(|condition| condition["status"] == "True");
    // As long as pods of an older template are there, they may be the ones that are ready.
    let replaced = number(&found["status"]["replicas"]) <= updated;
    if seen && is_available && replaced && updated >= wanted {
        return Ok(Sight::so(format!("{name}: {ready} of {wanted} ready"), format!("{name}：{ready}/{wanted} 就绪")));
    }
    let why = condition(&found, "ReplicaFailure")
        .or_else(|| condition(&found, "Progressing").filter(|condition| condition["status"] == "False"))
        .and_then(|condition| condition["message"].as_str())
        .map_or(String::new(), |message| format!(" ({message})"));
    Ok(Sight::not_yet(
        format!("deployment {namespace}/{name}: {ready} of {wanted} pods ready{why}"),
        format!("Deployment {namespace}/{name}：{ready}/{wanted} 个 Pod 就绪{why}"),
    ))
}

/// The first of them that is there is available; what is told of none is told of the first name.
pub(super) async fn one_available(cluster: &Cluster, namespace: &str, names: &[String]) -> Result<Sight, CallError> {
    for name in names.iter().skip(1) {
        if cluster.find("apps", "Deployment", namespace, name).await?.is_some() {
            return available(cluster, namespace, name).await;
        }
    }
    available(cluster, namespace, names.first().map_or("", String::as_str)).await
}

/// All of them are.
pub(super) async fn all_available(cluster: &Cluster, namespace: &str, names: &[String]) -> Result<Sight, CallError> {
    for name in names {
        match available(cluster, namespace, name).await? {
            Sight::So(_) => {}
            other => return Ok(other),
        }
    }
    Ok(Sight::so(names.join(", "), names.join("、")))
}

/// Every entry of the webhooks that points at a Service has been given the certificate to trust.
pub(super) async fn injects(cluster: &Cluster, webhooks: &[String]) -> Result<Sight, CallError> {
    for webhook in webhooks {
        match trusted(cluster, "MutatingWebhookConfiguration", webhook).await? {
            Sight::So(_) => {}
            other => return Ok(other),
        }
    }
    Ok(Sight::so(webhooks.join(", "), webhooks.join("、")))
}

/// The first of them that is there trusts; what is told of none is told of the first name.
pub(super) async fn one_trusted(cluster: &Cluster, kind: &str, names: &[String]) -> Result<Sight, CallError> {
    for name in names.iter().skip(1) {
        if cluster.find(WEBHOOKS, kind, "", name).await?.is_some() {
            return trusted(cluster, kind, name).await;
        }
    }
    trusted(cluster, kind, names.first().map_or("", String::as_str)).await
}

/// Every entry of one webhook that points at a Service has a `caBundle`, which istiod puts there.
pub(super) async fn trusted(cluster: &Cluster, kind: &str, name: &str) -> Result<Sight, CallError> {
    let Some(found) = cluster.find(WEBHOOKS, kind, "", name).await? else {
        return Ok(Sight::not_yet(format!("there is no webhook {name}"), format!("没有 webhook {name}")));
    };
    let bare = |entry: &&Value| {
        let client = &entry["clientConfig"];
        client["service"].is_object() && client["caBundle"].as_str().is_none_or(str::is_empty)
    };
    Ok(match elements(&found["webhooks"]).iter().find(bare) {
        Some(entry) => {
            let entry = entry["name"].as_str().unwrap_or_default();
            Sight::not_yet(
                format!("istiod has not put its certificate into webhook {name} ({entry}) yet"),
                format!("istiod 尚未把证书写入 webhook {name}（{entry}）"),
            )
        }
        None => Sight::so(name, name),
    })
}
