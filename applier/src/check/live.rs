//! Checks of what runs or lies in a cluster and is not of this mesh: istiods, webhooks, other meshes, roots that were left.

use std::sync::Arc;

use serde_json::Value;
use shared::check::{self as catalogue, Check, ISTIOD_LABEL, REVISION_LABEL, ROOT_CONFIG_MAP, WEBHOOK_PREFIXES};
use shared::text::Text;

use super::{Ground, Line, Outcome, some};
use crate::applyset;
use crate::clusters::Cluster;
use crate::object::PART_OF;
use crate::transport::CallError;

/// The label of every record of what was applied.
const RECORD: &str = "applyset.kubernetes.io/id";

/// Looks at one cluster.
pub(super) async fn of(ground: &Ground<'_>, cluster: &Arc<Cluster>) -> Vec<Line> {
    let set = applyset::id(&ground.work.mesh);
    let (istiods, hooks, meshes) =
        tokio::join!(istiods(cluster), webhooks(cluster), list(cluster, "", "ConfigMap", Some("kube-system"), RECORD));
    let place = cluster.name();
    let mut lines = Vec::new();
    let unseen = |check: &'static Check, error: &CallError| Line::unseen(check, cluster, error);
    match &istiods {
        Ok(found) => lines.push(of_others(catalogue::ISTIOD, place, &strangers(found, &set))),
        Err(error) => lines.push(unseen(catalogue::ISTIOD, error)),
    }
    match hooks {
        Ok(found) => lines.push(of_others(catalogue::WEBHOOKS, place, &strangers(&found, &set))),
        Err(error) => lines.push(unseen(catalogue::WEBHOOKS, &error)),
    }
    match meshes {
        Ok(found) => lines.push(other_meshes(place, &found, &set)),
        Err(error) => lines.push(unseen(catalogue::OTHER_MESH, &error)),
    }
    // Where an istiod runs, here or on behalf of this cluster, the roots are its own.
    if istiods.is_ok_and(|found| found.is_empty()) && !applied_before(ground, cluster).await {
        match left_roots(cluster).await {
            Ok(line) => lines.push(line),
            Err(error) => lines.push(unseen(catalogue::LEFT_ROOTS, &error)),
        }
    }
    lines
}

async fn applied_before(ground: &Ground<'_>, cluster: &Cluster) -> bool {
    let name = applyset::parent_name(&ground.work.mesh);
    cluster.find("", "ConfigMap", "kube-system", &name).await.is_ok_and(|found| found.is_some())
}

async fn istiods(cluster: &Cluster) -> Result<Vec<Value>, CallError> {
    let (key, value) = ISTIOD_LABEL;
    list(cluster, "apps", "Deployment", None, &format!("{key}%3D{value}")).await
}

async fn webhooks(cluster: &Cluster) -> Result<Vec<Value>, CallError> {
    let mut all = Vec::new();
    for kind in ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"] {
        all.extend(list(cluster, "admissionregistration.k8s.io", kind, None, "").await?);
    }
    all.retain(|one| WEBHOOK_PREFIXES.iter().any(|prefix| name(one).starts_with(prefix)));
    Ok(all)
}

/// The metadata of objects with a label, in one namespace or in all.
async fn list(
    cluster: &Cluster,
    group: &str,
    kind: &str,
    namespace: Option<&str>,
    label: &str,
) -> Result<Vec<Value>, CallError> {
    let kind = crate::object::GroupKind { group: group.to_owned(), kind: kind.to_owned() };
    let kinds = cluster.kinds();
    let Some(resource) = kinds.preferred(&kind) else { return Ok(Vec::new()) };
    let path = resource.list(namespace);
    let path = if label.is_empty() { path } else { format!("{path}?labelSelector={}", label.replace('/', "%2F")) };
    cluster.transport.list_metadata(&path).await
}

fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}

/// What is not of this mesh, with its namespace and its revision.
fn strangers(found: &[Value], set: &str) -> Vec<String> {
    let others = found.iter().filter(|one| one["metadata"]["labels"][PART_OF] != set);
    let named = others.map(|one| {
        let namespace = one["metadata"]["namespace"].as_str().map(|namespace| format!("{namespace}/"));
        let revision = one["metadata"]["labels"][REVISION_LABEL].as_str().map(|revision| format!(" ({revision})"));
        format!("{}{}{}", namespace.unwrap_or_default(), name(one), revision.unwrap_or_default())
    });
    named.collect()
}

fn of_others(check: &'static Check, place: &str, others: &[String]) -> Line {
    if others.is_empty() {
        return Line::new(check, place, Outcome::Good, Text::new("none", "无"));
    }
    let names = some(others);
    let said = Text::new(format!("not of this mesh: {names}"), format!("不属于此网格：{names}"));
    Line::new(check, place, Outcome::Warning, said).advised()
}

fn other_meshes(place: &str, found: &[Value], set: &str) -> Line {
    let others: Vec<String> = found
        .iter()
        .filter(|one| one["metadata"]["labels"][RECORD] != set && name(one).starts_with("isthmus-"))
        .map(|one| name(one).trim_start_matches("isthmus-").to_owned())
        .collect();
    of_others(catalogue::OTHER_MESH, place, &others)
}

/// Roots in namespaces, where no istiod runs that would renew them.
async fn left_roots(cluster: &Cluster) -> Result<Line, CallError> {
    let kind = crate::object::GroupKind { group: String::new(), kind: "ConfigMap".to_owned() };
    let kinds = cluster.kinds();
    let list = kinds.preferred(&kind).map(|resource| resource.list(None)).unwrap_or_default();
    let found =
        cluster.transport.list_metadata(&format!("{list}?fieldSelector=metadata.name%3D{ROOT_CONFIG_MAP}")).await?;
    let namespaces: Vec<String> =
        found.iter().filter_map(|one| one["metadata"]["namespace"].as_str().map(str::to_owned)).collect();
    if namespaces.is_empty() {
        return Ok(Line::new(catalogue::LEFT_ROOTS, cluster.name(), Outcome::Good, Text::new("none", "无")));
    }
    let names = some(&namespaces);
    let said = Text::new(
        format!("no istiod runs here, and {ROOT_CONFIG_MAP} is in {names}"),
        format!("此处没有 istiod 运行，但以下命名空间中有 {ROOT_CONFIG_MAP}：{names}"),
    );
    Ok(Line::new(catalogue::LEFT_ROOTS, cluster.name(), Outcome::Warning, said).advised())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_carries_our_label_is_no_stranger() {
        let one =
            |labels: Value| json!({"metadata": {"name": "istiod", "namespace": "istio-system", "labels": labels}});
        assert!(strangers(&[one(json!({PART_OF: "ours"}))], "ours").is_empty());
        let others = [one(json!({PART_OF: "theirs", REVISION_LABEL: "1-30"})), one(json!({}))];
        assert_eq!(strangers(&others, "ours"), ["istio-system/istiod (1-30)", "istio-system/istiod"]);
    }

    #[test]
    fn records_of_other_meshes_are_named_by_their_mesh() {
        let record = |name: &str, id: &str| json!({"metadata": {"name": name, "labels": {RECORD: id}}});
        let found = [record("isthmus-mesh1", "ours"), record("isthmus-mesh2", "theirs"), record("other-tool", "x")];
        let line = other_meshes("a", &found, "ours");
        assert_eq!((line.outcome, line.what.en.as_str()), (Outcome::Warning, "not of this mesh: mesh2"));
    }
}
