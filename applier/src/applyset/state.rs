//! What the parent of an `ApplySet` says: how it is written, and how it is read back.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::NAMESPACE;
use crate::object::{GroupKind, Object};

const ID: &str = "applyset.kubernetes.io/id";
const TOOLING: &str = "applyset.kubernetes.io/tooling";
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
const MESH: &str = "isthmus.dev/mesh-id";
const BUNDLE: &str = "isthmus.dev/bundle";
const STEPS: &str = "isthmus.dev/steps";
pub(super) const CLUSTERS: &str = "isthmus.dev/clusters";

/// What the parent says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// Whether there is a parent.
    pub(crate) exists: bool,
    /// The kinds of the members.
    pub(crate) kinds: BTreeSet<GroupKind>,
    /// The namespaces of the members.
    pub(crate) namespaces: BTreeSet<String>,
    /// The bundle that was applied last, as a digest.
    pub(crate) bundle: String,
    /// What each step came to, as digests.
    pub(crate) steps: BTreeMap<String, String>,
    /// The clusters of the mesh and the uids of their `kube-system`.
    pub(crate) clusters: BTreeMap<String, String>,
}

impl State {
    /// Reads a parent; nothing where it is not ours.
    pub(super) fn of(parent: &Value, mesh: &str) -> Option<Self> {
        let annotations = &parent["metadata"]["annotations"];
        let text = |key: &str| annotations[key].as_str().unwrap_or_default();
        if !text(TOOLING).starts_with("isthmus/") || text(MESH) != mesh || parent["metadata"]["labels"][ID] != id(mesh)
        {
            return None;
        }
        let parts =
            |key: &str| text(key).split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let kinds = parts(KINDS).into_iter().map(|part| {
            let (kind, group) = part.split_once('.').unwrap_or((part.as_str(), ""));
            GroupKind { group: group.to_owned(), kind: kind.to_owned() }
        });
        Some(Self {
            exists: true,
            kinds: kinds.collect(),
            namespaces: parts(NAMESPACES).into_iter().collect(),
            bundle: text(BUNDLE).to_owned(),
            steps: serde_json::from_str(text(STEPS)).unwrap_or_default(),
            clusters: serde_json::from_str(text(CLUSTERS)).unwrap_or_default(),
        })
    }

    /// The parent that says this.
    pub(super) fn parent(&self, mesh: &str) -> Object {
        let join = |parts: Vec<String>| parts.join(",");
        // Sorted as text, as kubectl sorts them.
        let kinds: BTreeSet<String> = self.kinds.iter().map(ToString::to_string).collect();
        let json = |map: &BTreeMap<String, String>| serde_json::to_string(map).unwrap_or_default();
        Object::from_value(json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {
                "name": parent_name(mesh), "namespace": NAMESPACE,
                "labels": {ID: id(mesh), "app.kubernetes.io/managed-by": "isthmus", "app.kubernetes.io/part-of": mesh},
                "annotations": {
                    TOOLING: format!("isthmus/v{}", env!("CARGO_PKG_VERSION")),
                    KINDS: join(kinds.into_iter().collect()),
                    NAMESPACES: join(self.namespaces.iter().cloned().collect()),
                    MESH: mesh, BUNDLE: self.bundle, STEPS: json(&self.steps), CLUSTERS: json(&self.clusters),
                },
            },
        }))
    }
}

/// The name of the parent.
pub(crate) fn parent_name(mesh: &str) -> String {
    format!("isthmus-{mesh}")
}

/// The id of the set, as `kubectl` forms it.
pub(crate) fn id(mesh: &str) -> String {
    let parts = format!("{}.{NAMESPACE}.ConfigMap.", parent_name(mesh));
    format!("applyset-{}-v1", URL_SAFE_NO_PAD.encode(Sha256::digest(parts.as_bytes())))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn state() -> State {
        let map = |key: &str, value: &str| BTreeMap::from([(key.to_owned(), value.to_owned())]);
        State {
            exists: true,
            kinds: [("", "Secret"), ("apps", "Deployment")]
                .map(|(group, kind)| GroupKind { group: group.into(), kind: kind.into() })
                .into(),
            namespaces: ["istio-system".to_owned()].into(),
            bundle: "b".into(),
            steps: map("c1/trust", "d"),
            clusters: map("c1", "u1"),
        }
    }

    #[test]
    fn a_parent_is_read_as_it_was_written() {
        let parent = state().parent("mesh1");
        assert_eq!(parent.value()["metadata"]["annotations"][KINDS], "Deployment.apps,Secret");
        assert_eq!(State::of(parent.value(), "mesh1"), Some(state()));
        assert_eq!(State::of(parent.value(), "mesh2"), None);
    }

    #[test]
    fn the_id_is_a_label_value() {
        let id = id("mesh1");
        assert!(id.len() <= 63 && id.starts_with("applyset-") && id.ends_with("-v1"), "{id}");
    }
}
