//! What carries the label of an `ApplySet`, by metadata alone.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::Value;

use crate::clusters::Cluster;
use crate::kinds::{Resource, elements};
use crate::object::{GroupKind, Id, MANAGER, STEP};
use crate::sound::members;
use crate::transport::CallError;

/// How many names are told of a longer list.
const NAMES: usize = 5;

/// An object of the set, as it is.
pub(super) struct Member {
    /// Its kind, as served.
    pub(super) resource: Resource,
    /// Its metadata, with `apiVersion` and `kind` put in: lists leave them out.
    pub(super) live: Value,
}

impl Member {
    /// Makes a member out of an entry of a metadata list.
    pub(super) fn new(resource: &Resource, mut live: Value) -> Self {
        live["apiVersion"] = Value::from(resource.api_version());
        live["kind"] = Value::from(resource.kind.kind.clone());
        Self { resource: resource.clone(), live }
    }

    /// Its namespace, empty where it has none.
    pub(super) fn namespace(&self) -> &str {
        self.live["metadata"]["namespace"].as_str().unwrap_or_default()
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        self.live["metadata"]["name"].as_str().unwrap_or_default()
    }

    /// The step that brought it.
    pub(super) fn step(&self) -> &str {
        self.live["metadata"]["annotations"][STEP].as_str().unwrap_or_default()
    }

    /// Its path.
    pub(super) fn path(&self) -> String {
        self.resource.item(self.namespace(), self.name())
    }

    /// Which object it is.
    pub(super) fn id(&self) -> Id {
        Id { kind: self.resource.kind.clone(), namespace: self.namespace().to_owned(), name: self.name().to_owned() }
    }
}

/// The members of a set among these kinds. A kind that is no longer served has no members.
pub(super) async fn inventory(
    cluster: &Cluster,
    set: &str,
    kinds: &BTreeSet<GroupKind>,
) -> Result<Vec<Member>, CallError> {
    cluster.discover().await?;
    let served = cluster.kinds();
    let lists = kinds.iter().filter_map(|kind| served.preferred(kind)).map(|resource| async move {
        let path = members(&resource.list(None), set);
        match cluster.transport.list_metadata(&path).await {
            Ok(found) => {
                // A Service's labels are copied to its EndpointSlices by their controller: they are not members, and have no step.
                let members = found.into_iter().map(|live| Member::new(resource, live));
                // What istiod makes for a `Gateway` has all of its labels and notes; it goes with its owner.
                let is_made_for = |member: &Member| is_owned(&member.live) && !is_taken_over(&member.live);
                Ok(members.filter(|member| !member.step().is_empty() && !is_made_for(member)).collect::<Vec<_>>())
            }
            Err(CallError::NotFound) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    });
    let mut members = Vec::new();
    for found in join_all(lists).await {
        members.extend(found?);
    }
    Ok(members)
}

/// Whether something else owns an object, so that it goes with that.
pub(super) fn is_owned(object: &Value) -> bool {
    !elements(&object["metadata"]["ownerReferences"]).is_empty()
}

/// Whether an object was applied by us, and something else owns it since.
pub(super) fn is_taken_over(object: &Value) -> bool {
    let entries = elements(&object["metadata"]["managedFields"]);
    is_owned(object) && entries.iter().any(|entry| entry["manager"] == MANAGER)
}

/// Whether an object was written by nobody but `manager`.
pub(super) fn written_only_by(object: &Value, manager: &str) -> bool {
    let entries = elements(&object["metadata"]["managedFields"]);
    !entries.is_empty() && entries.iter().all(|entry| entry["manager"] == manager)
}

/// The first names of a list of objects.
pub(super) fn names(objects: &[Value]) -> String {
    let name = |object: &Value| {
        let metadata = &object["metadata"];
        let name = metadata["name"].as_str().unwrap_or_default();
        let name =
            metadata["namespace"].as_str().map_or_else(|| name.to_owned(), |namespace| format!("{namespace}/{name}"));
        match object["kind"].as_str() {
            None | Some("PartialObjectMetadata") => name,
            Some(kind) => format!("{kind} {name}"),
        }
    };
    let mut text = objects.iter().take(NAMES).map(name).collect::<Vec<_>>().join(", ");
    if objects.len() > NAMES {
        text.extend([" + ", &(objects.len() - NAMES).to_string()]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_other_writer_makes_an_object_foreign() {
        let object = |managers: &[&str]| {
            let entries: Vec<Value> = managers.iter().map(|manager| json!({"manager": manager})).collect();
            json!({"metadata": {"managedFields": entries}})
        };
        assert!(written_only_by(&object(&["a", "a"]), "a"));
        assert!(!written_only_by(&object(&["a", "b"]), "a"));
        assert!(!written_only_by(&object(&[]), "a"));
    }

    #[test]
    fn long_lists_are_cut() {
        let objects: Vec<Value> =
            (0..7).map(|index| json!({"metadata": {"name": index.to_string(), "namespace": "n"}})).collect();
        assert_eq!(names(&objects), "n/0, n/1, n/2, n/3, n/4 + 2");
    }
}
