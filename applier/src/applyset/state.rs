//! What the parent of an `ApplySet` says: how it is written, and how it is read back.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::NAMESPACE;
use crate::kinds::elements;
use crate::object::{GroupKind, MANAGER, Object};

const ID: &str = "applyset.kubernetes.io/id";
const TOOLING: &str = "applyset.kubernetes.io/tooling";
const KINDS: &str = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES: &str = "applyset.kubernetes.io/additional-namespaces";
const MESH: &str = "isthmus.dev/mesh-id";
const BUNDLE: &str = "isthmus.dev/bundle";
const STEPS: &str = "isthmus.dev/steps";
/// The release of Istio in the bundle that was applied last.
const RELEASE: &str = "isthmus.dev/istio";
/// The bundles that were applied before that one, as digests, the newest last.
const EARLIER: &str = "isthmus.dev/earlier-bundles";
pub(super) const CLUSTERS: &str = "isthmus.dev/clusters";

/// How many bundles are remembered.
const REMEMBERED: usize = 16;

/// The key of the parent's data that holds the objects.
const OBJECTS: &str = "objects.json";

/// What one step, or those that install one file, left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    /// What it was made from, as a digest; nothing where that cannot be told without rendering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) made: Option<String>,
    /// Its objects, each with its seal.
    pub(crate) objects: BTreeMap<String, String>,
}

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
    /// The release of Istio in that bundle, as it was drawn.
    pub(crate) release: String,
    /// The bundles before that one, as digests, the newest last.
    pub(crate) earlier: Vec<String>,
    /// What each step came to, as digests.
    pub(crate) steps: BTreeMap<String, String>,
    /// The clusters of the mesh and the uids of their `kube-system`.
    pub(crate) clusters: BTreeMap<String, String>,
    /// What each step left behind, by the step that owns the objects.
    pub(crate) left: BTreeMap<String, Left>,
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
            release: text(RELEASE).to_owned(),
            earlier: parts(EARLIER),
            steps: serde_json::from_str(text(STEPS)).unwrap_or_default(),
            clusters: serde_json::from_str(text(CLUSTERS)).unwrap_or_default(),
            left: if is_untouched(parent) {
                serde_json::from_str(parent["data"][OBJECTS].as_str().unwrap_or_default()).unwrap_or_default()
            } else {
                BTreeMap::new()
            },
        })
    }

    /// The bundles that were applied before this one, once it is.
    pub(super) fn earlier_than(&self, bundle: &str) -> Vec<String> {
        if self.bundle.is_empty() || self.bundle == bundle {
            return self.earlier.clone();
        }
        let known = self.earlier.iter().chain([&self.bundle]).filter(|earlier| *earlier != bundle);
        let all: Vec<String> = known.cloned().collect();
        all[all.len().saturating_sub(REMEMBERED)..].to_vec()
    }

    /// The parent that says this.
    pub(super) fn parent(&self, mesh: &str) -> Object {
        let join = |parts: Vec<String>| parts.join(",");
        // Sorted as text, as kubectl sorts them.
        let kinds: BTreeSet<String> = self.kinds.iter().map(ToString::to_string).collect();
        let json = |map: &BTreeMap<String, String>| serde_json::to_string(map).unwrap_or_default();
        let left = serde_json::to_string(&self.left).unwrap_or_default();
        Object::from_value(json!({
            "apiVersion": "v1", "kind": "ConfigMap", "data": {OBJECTS: left},
            "metadata": {
                "name": parent_name(mesh), "namespace": NAMESPACE,
                "labels": {ID: id(mesh), "app.kubernetes.io/managed-by": "isthmus", "app.kubernetes.io/part-of": mesh},
                "annotations": {
                    TOOLING: format!("isthmus/v{}", env!("CARGO_PKG_VERSION")),
                    KINDS: join(kinds.into_iter().collect()),
                    NAMESPACES: join(self.namespaces.iter().cloned().collect()),
                    MESH: mesh, BUNDLE: self.bundle, RELEASE: self.release, EARLIER: self.earlier.join(","), STEPS: json(&self.steps), CLUSTERS: json(&self.clusters),
                },
            },
        }))
    }
}

/// Whether nobody but us has ever written a parent: what another hand touched is no witness, and everything is compared.
fn is_untouched(parent: &Value) -> bool {
    let entries = elements(&parent["metadata"]["managedFields"]);
    let ours = |entry: &Value| entry["manager"] == MANAGER && entry["operation"] == "Apply";
    // What an API server calls what was there when its notes were wiped; we have written since, or there is no entry of ours.
    let earlier = |entry: &Value| entry["manager"] == "before-first-apply";
    entries.iter().any(ours) && entries.iter().all(|entry| ours(entry) || earlier(entry))
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
            release: "1.31".into(),
            earlier: vec!["z".into(), "a".into()],
            steps: map("c1/trust", "d"),
            clusters: map("c1", "u1"),
            left: BTreeMap::from([(
                "c1/trust".to_owned(),
                Left { made: Some("m".into()), objects: map("v1 Secret a/b", "s") },
            )]),
        }
    }

    #[test]
    fn a_parent_is_read_as_it_was_written() {
        let mut parent = state().parent("mesh1").into_value();
        assert_eq!(parent["metadata"]["annotations"][KINDS], "Deployment.apps,Secret");
        parent["metadata"]["managedFields"] = json!([{"manager": MANAGER, "operation": "Apply"}]);
        assert_eq!(State::of(&parent, "mesh1"), Some(state()));
        assert_eq!(State::of(&parent, "mesh2"), None);
    }

    #[test]
    fn what_another_hand_wrote_is_no_witness() {
        let mut parent = state().parent("mesh1").into_value();
        let ours = json!({"manager": MANAGER, "operation": "Apply"});
        for entries in [json!([{}]), json!([ours, {"manager": "kubectl-edit", "operation": "Update"}])] {
            parent["metadata"]["managedFields"] = entries;
            assert_eq!(State::of(&parent, "mesh1").map(|state| state.left), Some(BTreeMap::new()));
        }
    }

    #[test]
    fn bundles_are_remembered_in_the_order_in_which_they_were_applied() {
        let (mut now, first) = (state(), State::default());
        assert_eq!(first.earlier_than("a"), [] as [String; 0]);
        assert_eq!(now.earlier_than("b"), ["z", "a"], "the same again");
        assert_eq!(now.earlier_than("c"), ["z", "a", "b"]);
        assert_eq!(now.earlier_than("z"), ["a", "b"], "back to the first");
        now.earlier = (0..40).map(|number| number.to_string()).collect();
        let kept = now.earlier_than("c");
        assert_eq!((kept.len(), kept.last().map(String::as_str)), (REMEMBERED, Some("b")));
    }

    #[test]
    fn the_id_is_a_label_value() {
        let id = id("mesh1");
        assert!(id.len() <= 63 && id.starts_with("applyset-") && id.ends_with("-v1"), "{id}");
    }
}
