//! One Kubernetes object as it is sent: read from a manifest, put in order, and addressed.

mod apply;
mod compare;
mod id;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use crate::report::ObjectName;

pub(crate) use apply::{Before, MANAGER, Over, Standing};
pub(crate) use apply::{apply, is_adopted, is_managed, look, make_way, read, rehearse, release, seal};
pub(crate) use compare::differences;
pub(crate) use id::{GroupKind, Id};

/// The label by which an `ApplySet` knows its members.
pub(crate) const PART_OF: &str = "applyset.kubernetes.io/part-of";

/// The annotation of an object that was there before: `cleanup` gives it back and does not delete it.
pub(crate) const ADOPTED: &str = "isthmus.dev/adopted";

/// The annotation that names the step an object belongs to.
pub(crate) const STEP: &str = "isthmus.dev/step";

/// One object, ready to be sent.
#[derive(Clone, PartialEq)]
pub(crate) struct Object(Value);

impl Object {
    /// Every object of a YAML text of one or more documents; empty documents are passed over.
    ///
    /// Stops at the first error: a broken stream would yield errors for ever.
    pub(crate) fn read(text: &str) -> Result<Vec<Self>, String> {
        let mut objects = Vec::new();
        for document in serde_yaml::Deserializer::from_str(text) {
            let value = Value::deserialize(document).map_err(|error| error.to_string())?;
            if value.is_null() {
                continue;
            }
            let named = ["apiVersion", "kind"].iter().all(|key| value[key].is_string())
                && value["metadata"]["name"].is_string();
            if !named {
                return Err("a document without apiVersion, kind or metadata.name".to_owned());
            }
            objects.push(Self(value));
        }
        Ok(objects)
    }

    /// Wraps an object that an API server returned or that was put together here.
    pub(crate) fn from_value(value: Value) -> Self {
        Self(value)
    }

    /// The object as JSON, to keep.
    pub(crate) fn into_value(self) -> Value {
        self.0
    }

    /// The object as JSON.
    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// `apiVersion`.
    pub(crate) fn api_version(&self) -> &str {
        self.0["apiVersion"].as_str().unwrap_or_default()
    }

    /// Which object it is.
    pub(crate) fn id(&self) -> Id {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let group = self.api_version().split_once('/').map_or("", |(group, _)| group);
        Id {
            kind: GroupKind { group: group.to_owned(), kind: text(&self.0["kind"]) },
            namespace: text(&self.0["metadata"]["namespace"]),
            name: text(&self.0["metadata"]["name"]),
        }
    }

    /// As the report names it.
    pub(crate) fn named(&self) -> ObjectName {
        self.id().named(self.api_version())
    }

    /// Whether its content must never be shown.
    pub(crate) fn is_secret(&self) -> bool {
        self.0["kind"] == "Secret" && self.api_version() == "v1"
    }

    /// Takes out what others write and what the API server has no use for, and encodes what a Secret says in plain text.
    ///
    /// `caBundle` and `failurePolicy` of a webhook are istiod's: owning them would take them back at every run.
    /// `stringData` is never sent, as keys that vanish from it stay in the object.
    #[must_use]
    pub(crate) fn prepared(mut self) -> Self {
        if self.0["kind"] == "MutatingWebhookConfiguration" || self.0["kind"] == "ValidatingWebhookConfiguration" {
            for webhook in self.0["webhooks"].as_array_mut().into_iter().flatten() {
                if let Some(webhook) = webhook.as_object_mut() {
                    webhook.remove("failurePolicy");
                    if let Some(client) = webhook.get_mut("clientConfig").and_then(Value::as_object_mut) {
                        client.remove("caBundle");
                    }
                }
            }
        }
        if self.is_secret() {
            encode_strings(&mut self.0);
        }
        if let Some(object) = self.0.as_object_mut() {
            object.remove("status");
        }
        // A key that says null sets nothing, but would be owned and conflict with whoever sets it.
        if self.0["kind"] != "CustomResourceDefinition" {
            drop_nulls(&mut self.0);
        }
        self
    }

    /// Sets a label, in flight.
    #[must_use]
    pub(crate) fn labelled(self, key: &str, value: &str) -> Self {
        self.marked("labels", key, value)
    }

    /// Sets an annotation, in flight.
    #[must_use]
    pub(crate) fn annotated(self, key: &str, value: &str) -> Self {
        self.marked("annotations", key, value)
    }

    fn marked(mut self, place: &str, key: &str, value: &str) -> Self {
        let metadata = &mut self.0["metadata"];
        if !metadata[place].is_object() {
            metadata[place] = Value::Object(Map::new());
        }
        metadata[place][key] = Value::from(value);
        self
    }
}

impl fmt::Debug for Object {
    /// Names the object; its content may be secret.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Object({})", self.id())
    }
}

/// In what wave an object of a step is sent: what others stand on comes first. There are [`WAVES`].
pub(crate) fn wave(object: &Object) -> u8 {
    match object.value()["kind"].as_str().unwrap_or_default() {
        "Namespace" => 0,
        "CustomResourceDefinition"
        | "ClusterRole"
        | "ClusterRoleBinding"
        | "ServiceAccount"
        | "ConfigMap"
        | "Secret"
        | "Role"
        | "RoleBinding" => 1,
        _ => 2,
    }
}

/// How many waves there are.
pub(crate) const WAVES: usize = 3;

/// Moves `stringData` into `data`.
fn encode_strings(secret: &mut Value) {
    let Some(Value::Object(plain)) = secret.as_object_mut().and_then(|secret| secret.remove("stringData")) else {
        return;
    };
    if !secret["data"].is_object() {
        secret["data"] = Value::Object(Map::new());
    }
    for (key, value) in plain {
        if let Some(text) = value.as_str() {
            secret["data"][key] = Value::from(STANDARD.encode(text));
        }
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_rendered_stream_is_split() {
        let text = "---\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: a\n---\n# note\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b, namespace: c}\n";
        let ids: Vec<String> = Object::read(text).unwrap().iter().map(|object| object.id().to_string()).collect();
        assert_eq!(ids, ["ServiceAccount a", "Deployment c/b"]);
    }

    #[test]
    fn a_broken_stream_is_one_error() {
        assert!(Object::read("a: [").is_err());
        assert!(Object::read("kind: X").is_err());
    }

    #[test]
    fn what_istiod_writes_is_taken_out_of_webhooks() {
        let object = Object(
            json!({"apiVersion": "admissionregistration.k8s.io/v1", "kind": "MutatingWebhookConfiguration",
            "metadata": {"name": "w", "creationTimestamp": null},
            "webhooks": [{"name": "x", "failurePolicy": "Ignore", "clientConfig": {"caBundle": "", "service": {"name": "istiod"}}}]}),
        );
        assert_eq!(
            object.prepared().value()["webhooks"],
            json!([{"name": "x", "clientConfig": {"service": {"name": "istiod"}}}])
        );
    }

    #[test]
    fn plain_text_of_a_secret_is_encoded() {
        let object = Object(
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"b": "Yg=="}, "stringData": {"a": "a"}}),
        );
        let value = object.prepared().value().clone();
        assert_eq!(value["data"], json!({"a": "YQ==", "b": "Yg=="}));
        assert!(value.get("stringData").is_none());
    }

    #[test]
    fn marks_are_added_to_what_is_there() {
        let object =
            Object(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n", "labels": {"a": "b"}}}));
        let object = object.labelled(PART_OF, "x").annotated(STEP, "y");
        assert_eq!(
            object.value()["metadata"],
            json!({"name": "n", "labels": {"a": "b", PART_OF: "x"}, "annotations": {STEP: "y"}})
        );
    }

    #[test]
    fn a_namespace_comes_before_what_lives_in_it() {
        let of = |kind: &str| wave(&Object(json!({"kind": kind})));
        assert!(of("Namespace") < of("ServiceAccount") && of("ServiceAccount") < of("Deployment"));
        assert!(usize::from(of("Deployment")) < WAVES);
    }

    #[test]
    fn debug_shows_no_content() {
        let object =
            Object(json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"k": "aHVzaA=="}}));
        assert_eq!(format!("{object:?}"), "Object(Secret s)");
    }
}
