//! Where a step can be disturbed: an object it makes, which can go and come alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tests::bed::Bed;
use tests::job::Run;
use tests::proxy::Asked;

/// An object that a step has made, and that can go and come alone.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) step: String,
    pub(super) cluster: String,
    kind: String,
    namespace: String,
    pub(super) name: String,
}

/// Kinds whose objects can, the best first. Of a namespace a label goes.
const FIT: [&str; 9] = [
    "Secret",
    "ConfigMap",
    "Gateway",
    "VirtualService",
    "ServiceAccount",
    "Service",
    "Role",
    "ClusterRole",
    "Namespace",
];

/// The label of ours that every namespace has.
const LABEL: &str = "app.kubernetes.io/part-of";

impl Target {
    /// The best object of every step, out of what the first run told.
    pub(super) fn of(run: &Run) -> Vec<Self> {
        let mut found: BTreeMap<String, (usize, Self)> = BTreeMap::new();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        for line in run.stdout.lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            let object = &event["object"];
            let kind = text(&object["kind"]);
            let Some(rank) = FIT.iter().position(|fit| *fit == kind).filter(|_| event["type"] == "object") else {
                continue;
            };
            let (step, namespace, name) = (text(&event["step"]), text(&object["namespace"]), text(&object["name"]));
            let cluster = step.split('/').next().unwrap_or_default().to_owned();
            let target = Self { step: step.clone(), cluster, kind, namespace, name };
            // With the account that others read with their tokens go too.
            if target.name.contains("reader") && !target.is_token() {
                continue;
            }
            if found.get(&step).is_none_or(|(before, _)| rank < *before) {
                found.insert(step, (rank, target));
            }
        }
        found.into_values().map(|(_, target)| target).collect()
    }

    /// Whether it is the Secret in which controllers put a token.
    fn is_token(&self) -> bool {
        self.kind == "Secret" && self.name.ends_with("-istio-remote-secret-token")
    }

    /// Whether that request writes it.
    pub(super) fn is_written_by(&self, asked: &Asked) -> bool {
        asked.cluster == self.cluster
            && asked.method == "PATCH"
            && asked.path.contains(&format!("/{}?fieldManager", self.name))
    }

    /// The words for `kubectl` that say which it is.
    fn words(&self) -> Vec<&str> {
        let mut words = vec![self.kind.as_str(), self.name.as_str()];
        if !self.namespace.is_empty() {
            words.extend(["-n", &self.namespace]);
        }
        words
    }

    /// The object as it is in the cluster, without what changes by itself.
    pub(super) fn live(&self, bed: &Bed) -> Option<Value> {
        let mut object = bed.cluster(&self.cluster).kubectl_json(&[&["get"], &self.words()[..]].concat()).ok()?;
        for field in ["uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"] {
            object["metadata"].as_object_mut()?.remove(field);
        }
        for field in ["status", "secrets"] {
            object.as_object_mut()?.remove(field);
        }
        if let Some(spec) = object["spec"].as_object_mut() {
            // Chosen by the server each time.
            spec.retain(|key, _| !["clusterIP", "clusterIPs", "ports", "healthCheckNodePort"].contains(&key.as_str()));
        }
        if self.is_token() {
            // Another one, once it is there.
            for value in object["data"].as_object_mut()?.values_mut() {
                value.take();
            }
            if let Some(labels) = object["metadata"]["labels"].as_object_mut() {
                labels.remove("kubernetes.io/legacy-token-last-used");
            }
        }
        Some(object)
    }

    /// Takes the object away, or a label of a namespace.
    pub(super) fn take_away(&self, bed: &Bed) {
        let label = format!("{LABEL}-");
        let words = match self.kind.as_str() {
            "Namespace" => vec!["label", "namespace", &self.name, &label],
            _ => [&["delete", "--wait=true"], &self.words()[..]].concat(),
        };
        bed.cluster(&self.cluster).kubectl_text(&words).unwrap();
    }
}

/// Targets by two that are in different clusters and of which neither's step needs what the other's gives, and what is left alone.
pub(super) fn side_by_side<'a>(targets: &'a [Target], index: &str) -> Vec<Vec<&'a Target>> {
    let needs = needs(index);
    let apart = |one: &Target, other: &Target| {
        one.cluster != other.cluster
            && !needs[&one.step].contains(&other.step)
            && !needs[&other.step].contains(&one.step)
    };
    let mut left: Vec<&Target> = targets.iter().collect();
    let mut pairs = Vec::new();
    while !left.is_empty() {
        let one = left.remove(0);
        let other = left.iter().position(|other| apart(one, other)).map(|place| left.remove(place));
        pairs.push([one].into_iter().chain(other).collect());
    }
    pairs
}

/// The steps that each step needs, and those that they need; a bundle's steps stand in an order in which they can be done.
fn needs(index: &str) -> BTreeMap<String, BTreeSet<String>> {
    let index: serde_yaml::Value = serde_yaml::from_str(index).unwrap();
    let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut givers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for step in index["steps"].as_sequence().unwrap() {
        let id = step["id"].as_str().unwrap();
        let facts = |field: &str| -> Vec<String> {
            step[field].as_sequence().unwrap().iter().map(|fact| fact.as_str().unwrap().to_owned()).collect()
        };
        let direct: Vec<String> =
            facts("needs").iter().filter_map(|fact| givers.get(fact)).flatten().cloned().collect();
        let further: Vec<String> = direct.iter().flat_map(|step| &needs[step]).cloned().collect();
        needs.insert(id.to_owned(), direct.into_iter().chain(further).collect());
        for fact in facts("gives") {
            givers.entry(fact).or_default().insert(id.to_owned());
        }
    }
    needs
}

#[test]
fn what_is_disturbed_at_once_has_nothing_to_do_with_each_other() {
    let index = include_str!("../../bundles/external-ip/bundle.yaml");
    let steps = ["external/gateway", "cluster1/remote", "external/istiod", "cluster1/namespace", "cluster1/sample"];
    let target = |step: &str| Target {
        step: step.to_owned(),
        cluster: step.split('/').next().unwrap().to_owned(),
        kind: String::new(),
        namespace: String::new(),
        name: String::new(),
    };
    let targets = steps.map(target);
    let pairs = side_by_side(&targets, index);
    let names: Vec<Vec<&str>> =
        pairs.iter().map(|pair| pair.iter().map(|target| target.step.as_str()).collect()).collect();
    // All that comes later in the other cluster needs the gateway or what follows from it, but the namespace.
    let expected = [
        vec!["external/gateway", "cluster1/namespace"],
        vec!["cluster1/remote"],
        vec!["external/istiod"],
        vec!["cluster1/sample"],
    ];
    assert_eq!(names, expected);
}
