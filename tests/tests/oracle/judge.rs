//! A document held against the plan of its model: every object, every command, every order.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::mesh::Mesh;
use shared::plan::Plan;
use shared::step::{Action, HelmRelease};
use tests::replay::replay;

use super::compare::{Difference, NONE, compare, difference};
use super::printed::{Printed, printed};
use super::stage::Call;

/// How the path of a difference begins about what a document does not make at all; the rule follows.
pub(crate) const MADE_BY: &str = "made by ";

/// An object by its cluster and by what it is.
type Key = (String, String);

/// What was found of one document.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Where it and the plan differ.
    pub(crate) differences: Vec<Difference>,
    /// How many objects of the document are there.
    pub(crate) objects: usize,
    /// The steps in the document's order, each as often as it is worked on.
    pub(crate) order: Vec<String>,
}

/// Holds the calls of a document against a plan.
pub(crate) fn judge(mesh: &Mesh, plan: &Plan, calls: &[Call]) -> Found {
    let ours = ours(mesh, plan);
    let mut theirs: BTreeMap<Key, Printed> = BTreeMap::new();
    let mut found = Found::default();
    if calls.iter().flat_map(|call| &call.files).any(|(path, _)| path.starts_with("samples/sleep/")) {
        found.differences.push(absent("file", "samples/sleep/sleep.yaml", "samples/sleep", "samples/curl"));
    }
    for one in calls.iter().flat_map(printed) {
        let key = (one.cluster.clone(), what(&one.object));
        let Some((step, _)) = ours.get(&key) else {
            found.differences.push(absent(&key.1, "made", &key.0, NONE));
            continue;
        };
        let merged = match theirs.get(&key) {
            Some(known) => {
                let mut merged = known.clone();
                merge(&mut merged.object, &one.object);
                // What is printed a second time says nothing about order.
                if merged.object == known.object {
                    continue;
                }
                merged
            }
            None => one,
        };
        theirs.insert(key, merged);
        found.order.push(step.clone());
    }
    for (key, (step, ours)) in &ours {
        if let Some(theirs) = theirs.get(key) {
            found.objects += 1;
            compare(&key.1, "", &theirs.object, ours, &mut found.differences);
        } else {
            let rule = step.split('/').nth(1).unwrap_or_default();
            found.differences.push(absent(&key.1, &format!("{MADE_BY}{rule}"), NONE, &key.0));
        }
    }
    found.differences.extend(disorder(plan, &found.order));
    found.differences.sort();
    found.differences.dedup();
    found
}

fn absent(what: &str, path: &str, theirs: &str, ours: &str) -> Difference {
    difference(what, path, theirs.to_owned(), ours.to_owned())
}

/// Every object of a plan, by its key, with the id of its step.
fn ours(mesh: &Mesh, plan: &Plan) -> BTreeMap<Key, (String, Value)> {
    let mut ours = BTreeMap::new();
    for replayed in replay(mesh, plan) {
        let id = &replayed.step.id;
        let charts: &[HelmRelease] = match &replayed.step.action {
            Action::Helm(releases) => releases,
            _ => &[],
        };
        for (place, mut object) in replayed.objects().into_iter().enumerate() {
            if let Some(HelmRelease { name, namespace, chart, .. }) = charts.get(place) {
                let metadata = json!({"name": name, "namespace": namespace});
                let chart = format!("istio/{}", chart.word());
                object = json!({"apiVersion": "helm", "kind": "Release", "metadata": metadata, "chart": chart, "values": object});
            }
            // A kubeconfig, or whatever is YAML inside of a secret's text, is compared by value too.
            for value in object.get_mut("stringData").and_then(Value::as_object_mut).into_iter().flatten() {
                if let Some(inner) = value.1.as_str().filter(|text| text.contains('\n')).and_then(inner) {
                    *value.1 = inner;
                }
            }
            if replayed.step.shares.is_some() {
                // What a document edits by hand is installed once more, with what is known by then.
                object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio", "namespace": "istio-system"}, "data": {}});
            }
            let key = (id.cluster.to_string(), what(&object));
            let known = ours.insert(key.clone(), (id.to_string(), object));
            assert!(known.is_none(), "{key:?} is made twice");
        }
    }
    ours
}

fn inner(text: &str) -> Option<Value> {
    tests::replay::documents(text).ok()?.into_iter().next()
}

/// What an object is, whoever names it: documents name no `IstioOperator`, so that is known by what it installs.
fn what(object: &Value) -> String {
    let kind = object["kind"].as_str().unwrap_or_default();
    if kind != "IstioOperator" {
        return format!("{kind} {}", object["metadata"]["name"].as_str().unwrap_or_default());
    }
    let spec = &object["spec"];
    let gateways = ["ingressGateways", "egressGateways"].map(|kind| spec["components"][kind].as_array());
    let enabled = gateways.into_iter().flatten().flatten().find(|gateway| gateway["enabled"] == true);
    match (enabled.and_then(|gateway| gateway["name"].as_str()), spec["profile"].as_str()) {
        (Some(gateway), _) => format!("IstioOperator {gateway}"),
        (None, Some("remote")) => "IstioOperator remote".to_owned(),
        (None, _) => "IstioOperator istiod".to_owned(),
    }
}

/// Adds what a later command says of an object.
fn merge(known: &mut Value, more: &Value) {
    match (known, more) {
        (Value::Object(known), Value::Object(more)) => {
            for (key, value) in more {
                merge(known.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (known, more) => known.clone_from(more),
    }
}

/// Every pair of steps that an order has the wrong way round, by the plan's edges and all that follows from them.
pub(crate) fn disorder(plan: &Plan, order: &[String]) -> Vec<Difference> {
    let ids: Vec<String> = plan.steps.iter().map(|step| step.id.to_string()).collect();
    let first = |id: &String| order.iter().position(|step| step == id);
    let last = |id: &String| order.iter().rposition(|step| step == id);
    let mut wrong = Vec::new();
    for (later, id) in ids.iter().enumerate() {
        let mut before: Vec<usize> = plan.after[later].iter().copied().collect();
        let mut seen = plan.after[later].clone();
        while let Some(one) = before.pop() {
            before.extend(plan.after[one].iter().copied().filter(|&further| seen.insert(further)));
        }
        for earlier in seen {
            if first(id).zip(last(&ids[earlier])).is_some_and(|(begun, done)| begun < done) {
                let (theirs, ours) = (format!("{id} first"), format!("{} first", ids[earlier]));
                wrong.push(absent("order", &format!("{} → {id}", ids[earlier]), &theirs, &ours));
            }
        }
    }
    wrong
}
