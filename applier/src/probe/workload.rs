//! Facts about what runs: definitions, webhooks and deployments.

use futures_util::future::try_join_all;
use serde_json::Value;

use super::{Sight, condition};
use crate::clusters::Cluster;
use crate::kinds::elements;
use crate::transport::CallError;

const WEBHOOKS: &str = "admissionregistration.k8s.io";

/// The definitions are established and the webhooks are there.
pub(super) async fn installed(cluster: &Cluster, crds: &[String], webhooks: &[String]) -> Result<Sight, CallError> {
    let served = |crd: &String| {
        let (plural, group) = crd.split_once('.').unwrap_or((crd, ""));
        cluster.kinds().by_plural(group, plural).is_some()
    };
    if crds.iter().all(served) {
        return still_installed(cluster, crds, webhooks).await;
    }
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
    are_there(cluster, crds, webhooks).await
}

/// The same where all definitions are served, hence established: by metadata alone, side by side.
async fn still_installed(cluster: &Cluster, crds: &[String], webhooks: &[String]) -> Result<Sight, CallError> {
    let looks = crds.iter().map(|crd| async move {
        match cluster.path("apiextensions.k8s.io", "CustomResourceDefinition", "", crd) {
            Some(path) => Ok(cluster.transport.find_metadata(&path).await?.is_some()),
            None => Ok(false),
        }
    });
    let (there, webhooks) = tokio::try_join!(try_join_all(looks), are_there(cluster, crds, webhooks))?;
    Ok(match crds.iter().zip(there).find(|(_, there)| !there) {
        Some((crd, _)) => {
            Sight::not_yet(format!("the definition {crd} is not established"), format!("CRD {crd} 尚未就绪"))
        }
        None => webhooks,
    })
}

/// The webhooks are there; tells of the definitions as well.
async fn are_there(cluster: &Cluster, crds: &[String], webhooks: &[String]) -> Result<Sight, CallError> {
    let looks = webhooks.iter().map(|webhook| cluster.find(WEBHOOKS, "MutatingWebhookConfiguration", "", webhook));
    for (webhook, found) in webhooks.iter().zip(try_join_all(looks).await?) {
        if found.is_none() {
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
    let found = cluster.find("apps", "Deployment", namespace, name).await?;
    Ok(of_deployment(found.as_ref(), namespace, name))
}

/// What a deployment says of itself.
pub(super) fn of_deployment(found: Option<&Value>, namespace: &str, name: &str) -> Sight {
    let Some(found) = found else {
        let text = format!("there is no deployment {namespace}/{name}");
        return Sight::not_yet(text, format!("没有 Deployment {namespace}/{name}"));
    };
    let number = |value: &Value| value.as_i64().unwrap_or(0);
    let wanted = found["spec"]["replicas"].as_i64().unwrap_or(1);
    let (ready, updated) = (number(&found["status"]["readyReplicas"]), number(&found["status"]["updatedReplicas"]));
    let seen = number(&found["status"]["observedGeneration"]) >= number(&found["metadata"]["generation"]);
    let is_available = condition(found, "Available").is_some_and(|condition| condition["status"] == "True");
    // As long as pods of an older template are there, they may be the ones that are ready.
    let replaced = number(&found["status"]["replicas"]) <= updated;
    if seen && is_available && replaced && updated >= wanted {
        return Sight::so(format!("{name}: {ready} of {wanted} ready"), format!("{name}：{ready}/{wanted} 就绪"));
    }
    let why = condition(found, "ReplicaFailure")
        .or_else(|| condition(found, "Progressing").filter(|condition| condition["status"] == "False"))
        .and_then(|condition| condition["message"].as_str())
        .map_or(String::new(), |message| format!(" ({message})"));
    Sight::not_yet(
        format!("deployment {namespace}/{name}: {ready} of {wanted} pods ready{why}"),
        format!("Deployment {namespace}/{name}：{ready}/{wanted} 个 Pod 就绪{why}"),
    )
}

/// The first of them that is there is available; what is told of none is told of the first name.
pub(super) async fn one_available(cluster: &Cluster, namespace: &str, names: &[String]) -> Result<Sight, CallError> {
    let looks = names.iter().map(|name| async move {
        let found = cluster.find("apps", "Deployment", namespace, name).await?;
        Ok::<_, CallError>((found.is_some(), of_deployment(found.as_ref(), namespace, name)))
    });
    Ok(first(try_join_all(looks).await?))
}

/// All of them are.
pub(super) async fn all_available(cluster: &Cluster, namespace: &str, names: &[String]) -> Result<Sight, CallError> {
    let looks = names.iter().map(|name| available(cluster, namespace, name));
    Ok(all(try_join_all(looks).await?, names))
}

/// What all of them come to: the first that is not so, or their names.
fn all(sights: Vec<Sight>, names: &[String]) -> Sight {
    let not_so = sights.into_iter().find(|sight| !matches!(sight, Sight::So(_)));
    not_so.unwrap_or_else(|| Sight::so(names.join(", "), names.join("、")))
}

/// The last name that is there goes before the first, which stands for all where none is.
fn first(mut sights: Vec<(bool, Sight)>) -> Sight {
    let there = sights.iter().skip(1).position(|(there, _)| *there).map_or(0, |place| place + 1);
    if sights.is_empty() { of_deployment(None, "", "") } else { sights.swap_remove(there).1 }
}

/// Every entry of the webhooks that points at a Service has been given the certificate to trust.
pub(super) async fn injects(cluster: &Cluster, webhooks: &[String]) -> Result<Sight, CallError> {
    let looks = webhooks.iter().map(|webhook| trusted(cluster, "MutatingWebhookConfiguration", webhook));
    Ok(all(try_join_all(looks).await?, webhooks))
}

/// The first of them that is there trusts; what is told of none is told of the first name.
pub(super) async fn one_trusted(cluster: &Cluster, kind: &str, names: &[String]) -> Result<Sight, CallError> {
    let looks = names.iter().map(|name| async move {
        let found = cluster.find(WEBHOOKS, kind, "", name).await?;
        Ok::<_, CallError>((found.is_some(), of_webhook(found.as_ref(), name)))
    });
    Ok(first(try_join_all(looks).await?))
}

/// Every entry of one webhook that points at a Service has a `caBundle`, which istiod puts there.
pub(super) async fn trusted(cluster: &Cluster, kind: &str, name: &str) -> Result<Sight, CallError> {
    Ok(of_webhook(cluster.find(WEBHOOKS, kind, "", name).await?.as_ref(), name))
}

fn of_webhook(found: Option<&Value>, name: &str) -> Sight {
    let Some(found) = found else {
        return Sight::not_yet(format!("there is no webhook {name}"), format!("没有 webhook {name}"));
    };
    let bare = |entry: &&Value| {
        let client = &entry["clientConfig"];
        client["service"].is_object() && client["caBundle"].as_str().is_none_or(str::is_empty)
    };
    match elements(&found["webhooks"]).iter().find(bare) {
        Some(entry) => {
            let entry = entry["name"].as_str().unwrap_or_default();
            Sight::not_yet(
                format!("istiod has not put its certificate into webhook {name} ({entry}) yet"),
                format!("istiod 尚未把证书写入 webhook {name}（{entry}）"),
            )
        }
        None => Sight::so(name, name),
    }
}
