//! Checks of the objects of the plan that are there already: who manages them, and whether definitions would lose a version.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::Value;
use shared::check::{self as catalogue, FIELD_MANAGER, HELM_RELEASE, HELM_RELEASE_NAMESPACE, OWNING_RESOURCE};
use shared::text::Text;

use super::{Ground, Line, Outcome, some};
use crate::clusters::Cluster;
use crate::kinds::elements;
use crate::object::{Object, PART_OF, is_managed};
use crate::transport::CallError;

/// Looks at every object of the plan as it is in one cluster.
pub(super) async fn of(ground: &Ground<'_>, cluster: &Arc<Cluster>) -> Vec<Line> {
    if ground.objects.is_none() {
        return Vec::new();
    }
    let looks = ground.objects(cluster.name()).map(|object| async move {
        let found = match cluster.path_of(object) {
            Some(path) => cluster.transport.find(&path).await?,
            None => None,
        };
        Ok::<_, CallError>((object, found))
    });
    let mut live = Vec::new();
    for look in join_all(looks).await {
        match look {
            Ok((object, Some(found))) => live.push((object, found)),
            Ok((_, None)) => {}
            Err(error) => return vec![Line::unseen(catalogue::OWNED, cluster, &error)],
        }
    }
    let set = crate::applyset::id(&ground.work.mesh);
    let mut lines = owners(cluster.name(), &live, &set);
    lines.extend(definitions(cluster.name(), &live));
    lines
}

/// Who manages the objects that are there.
fn owners(place: &str, live: &[(&Object, Value)], set: &str) -> Vec<Line> {
    let mut theirs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut adopted = Vec::new();
    for (object, found) in live {
        match owner(found, set) {
            Some(owner) => theirs.entry(owner).or_default().push(object.id().to_string()),
            None if !is_managed(found) => adopted.push(object.id().to_string()),
            None => {}
        }
    }
    let mut lines: Vec<Line> = theirs
        .into_iter()
        .map(|(owner, names)| {
            let (count, names) = (names.len(), some(&names));
            let said = Text::new(
                format!(
                    "{owner} manages {count} {} of the plan: {names}",
                    if count == 1 { "object" } else { "objects" }
                ),
                format!("计划中有 {count} 个对象由 {owner} 管理：{names}"),
            );
            Line::new(catalogue::OWNED, place, Outcome::Error, said).advised()
        })
        .collect();
    if lines.is_empty() {
        let ours = live.len() - adopted.len();
        let said = if adopted.is_empty() {
            Text::new(
                format!("{ours} objects are there, all of this mesh"),
                format!("已有 {ours} 个对象，均属于此网格"),
            )
        } else {
            let (count, names) = (adopted.len(), some(&adopted));
            Text::new(
                format!(
                    "{count} {} there before and would be adopted: {names}",
                    if count == 1 { "object was" } else { "objects were" }
                ),
                format!("有 {count} 个对象原本就在，将被接管：{names}"),
            )
        };
        let outcome = if adopted.is_empty() { Outcome::Good } else { Outcome::Info };
        lines.push(Line::new(catalogue::OWNED, place, outcome, said));
    }
    lines
}

/// Who else manages an object, where somebody does.
fn owner(found: &Value, set: &str) -> Option<String> {
    let metadata = &found["metadata"];
    if let Some(release) = metadata["annotations"][HELM_RELEASE].as_str() {
        let namespace = metadata["annotations"][HELM_RELEASE_NAMESPACE].as_str().unwrap_or("?");
        return Some(format!("Helm release {namespace}/{release}"));
    }
    let managers = elements(&metadata["managedFields"]);
    // What istioctl renders carries its label too: whoever wrote it tells them apart.
    let installed = metadata["labels"][OWNING_RESOURCE].is_string() && !is_managed(found);
    if installed || managers.iter().any(|entry| entry["manager"] == FIELD_MANAGER) {
        return Some("istioctl install".to_owned());
    }
    let part_of = metadata["labels"][PART_OF].as_str()?;
    (part_of != set).then(|| format!("ApplySet {part_of}"))
}

/// Whether a definition that is there serves what the plan's would take away.
fn definitions(place: &str, live: &[(&Object, Value)]) -> Option<Line> {
    let mut newer = Vec::new();
    let mut count = 0;
    for (object, found) in live.iter().filter(|(object, _)| object.value()["kind"] == "CustomResourceDefinition") {
        count += 1;
        let lost: Vec<String> = versions(found).difference(&versions(object.value())).cloned().collect();
        if !lost.is_empty() {
            newer.push(format!("{} ({})", object.id().name, lost.join(", ")));
        }
    }
    if newer.is_empty() {
        let said = Text::new(format!("{count} definitions are there"), format!("已有 {count} 个 CRD"));
        return (count > 0).then(|| Line::new(catalogue::DEFINITIONS, place, Outcome::Good, said));
    }
    let names = some(&newer);
    let said = Text::new(
        format!("definitions serve versions that this release does not know: {names}"),
        format!("CRD 提供了该版本所没有的版本：{names}"),
    );
    Some(Line::new(catalogue::DEFINITIONS, place, Outcome::Error, said).advised())
}

fn versions(definition: &Value) -> BTreeSet<String> {
    let versions = elements(&definition["spec"]["versions"]).iter();
    versions.filter_map(|version| version["name"].as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn managers_are_told_apart() {
        let of = |metadata: Value| owner(&json!({"metadata": metadata}), "ours");
        let ours = json!([{"manager": "isthmus", "operation": "Apply", "fieldsV1": {}}]);
        let labels = json!({OWNING_RESOURCE: "unknown"});
        assert_eq!(of(json!({})), None);
        assert_eq!(of(json!({"labels": labels, "managedFields": ours})), None, "rendered by istioctl, applied by us");
        assert_eq!(of(json!({"labels": labels})).as_deref(), Some("istioctl install"));
        let managers = json!([{"manager": FIELD_MANAGER}]);
        assert_eq!(of(json!({"managedFields": managers})).as_deref(), Some("istioctl install"));
        let helm = json!({HELM_RELEASE: "istiod", HELM_RELEASE_NAMESPACE: "istio-system"});
        assert_eq!(of(json!({"annotations": helm})).as_deref(), Some("Helm release istio-system/istiod"));
        assert_eq!(of(json!({"labels": {PART_OF: "ours"}})), None);
        assert_eq!(of(json!({"labels": {PART_OF: "theirs"}})).as_deref(), Some("ApplySet theirs"));
    }

    #[test]
    fn a_definition_that_would_lose_a_version_is_refused() {
        let definition = |versions: &[&str]| {
            let versions: Vec<Value> = versions.iter().map(|name| json!({"name": name})).collect();
            json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": "gateways.networking.istio.io"}, "spec": {"versions": versions}})
        };
        let planned = Object::from_value(definition(&["v1beta1", "v1"]));
        let outcome = |there: &[&str]| definitions("a", &[(&planned, definition(there))]).map(|line| line.outcome);
        assert_eq!(outcome(&["v1beta1"]), Some(Outcome::Good), "an older one is replaced");
        assert_eq!(outcome(&["v1", "v2"]), Some(Outcome::Error));
        assert_eq!(definitions("a", &[]), None);
    }
}
