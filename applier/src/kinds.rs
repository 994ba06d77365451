//! What an API server serves: from a kind to the path of its objects.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::object::GroupKind;
use crate::transport::{CallError, Transport};

/// A kind as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    /// Group and kind.
    pub(crate) kind: GroupKind,
    /// The version.
    pub(crate) version: String,
    /// The name in paths, such as `deployments`.
    pub(crate) plural: String,
    /// Whether its objects live in namespaces.
    pub(crate) namespaced: bool,
    /// Whether its objects can be listed.
    pub(crate) listable: bool,
    /// Whether it is known by its definition alone, and may not be served yet.
    pub(crate) new: bool,
}

/// Everything an API server serves; of each kind every version, the preferred one first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kinds(BTreeMap<GroupKind, Vec<Resource>>);

impl Kinds {
    /// Asks the server, in two requests.
    pub(crate) async fn discover(transport: &Transport) -> Result<Self, CallError> {
        let (core, groups) = tokio::try_join!(transport.discover("/api"), transport.discover("/apis"))?;
        let mut kinds = Self::default();
        kinds.take_in(&core);
        kinds.take_in(&groups);
        Ok(kinds)
    }

    fn take_in(&mut self, list: &Value) {
        for group in elements(&list["items"]) {
            let name = group["metadata"]["name"].as_str().unwrap_or_default();
            for version in elements(&group["versions"]) {
                for resource in elements(&version["resources"]) {
                    let (Some(plural), Some(kind)) =
                        (resource["resource"].as_str(), resource["responseKind"]["kind"].as_str())
                    else {
                        continue;
                    };
                    let kind = GroupKind { group: name.to_owned(), kind: kind.to_owned() };
                    let found = Resource {
                        kind: kind.clone(),
                        version: version["version"].as_str().unwrap_or_default().to_owned(),
                        plural: plural.to_owned(),
                        namespaced: resource["scope"] == "Namespaced",
                        listable: elements(&resource["verbs"]).iter().any(|verb| verb == "list"),
                        new: false,
                    };
                    self.0.entry(kind).or_default().push(found);
                }
            }
        }
    }

    /// Takes in a definition that is established.
    pub(crate) fn learn(&mut self, definition: &Value) {
        let spec = &definition["spec"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let kind = GroupKind { group: text(&spec["group"]), kind: text(&spec["names"]["kind"]) };
        if self.0.contains_key(&kind) {
            return;
        }
        let versions = elements(&spec["versions"]).iter().filter(|version| version["served"] == true);
        let resources = versions.map(|version| Resource {
            kind: kind.clone(),
            version: text(&version["name"]),
            plural: text(&spec["names"]["plural"]),
            namespaced: spec["scope"] == "Namespaced",
            listable: true,
            new: true,
        });
        let resources = resources.collect();
        self.0.insert(kind, resources);
    }

    /// Whether a kind is known by its definition alone.
    pub(crate) fn is_new(&self, kind: &GroupKind) -> bool {
        self.0.get(kind).is_some_and(|versions| versions.iter().all(|resource| resource.new))
    }

    /// A kind at the version asked for.
    pub(crate) fn get(&self, kind: &GroupKind, version: &str) -> Option<&Resource> {
        self.0.get(kind)?.iter().find(|resource| resource.version == version)
    }

    /// A kind at the version the server prefers.
    pub(crate) fn preferred(&self, kind: &GroupKind) -> Option<&Resource> {
        self.0.get(kind)?.first()
    }

    /// The resource of this plural, at the version the server prefers.
    pub(crate) fn by_plural(&self, group: &str, plural: &str) -> Option<&Resource> {
        self.0
            .values()
            .filter_map(|versions| versions.first())
            .find(|resource| resource.kind.group == group && resource.plural == plural)
    }

    /// Every kind that can be listed, at the version the server prefers.
    pub(crate) fn listable(&self) -> impl Iterator<Item = &Resource> {
        self.0.values().filter_map(|versions| versions.first()).filter(|resource| resource.listable)
    }
}

impl Resource {
    /// The path of all objects, or of those of one namespace.
    pub(crate) fn list(&self, namespace: Option<&str>) -> String {
        list(&self.kind.group, &self.version, &self.plural, namespace.filter(|_| self.namespaced))
    }

    /// The path of one object.
    pub(crate) fn item(&self, namespace: &str, name: &str) -> String {
        item(&self.list(Some(namespace)), name)
    }

    /// `apiVersion` of its objects.
    pub(crate) fn api_version(&self) -> String {
        if self.kind.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.kind.group, self.version) }
    }
}

/// The path of all objects of a resource, or of those of one namespace.
pub(crate) fn list(group: &str, version: &str, plural: &str, namespace: Option<&str>) -> String {
    let root = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
    match namespace {
        Some(namespace) => format!("{root}/namespaces/{}/{plural}", segment(namespace)),
        None => format!("{root}/{plural}"),
    }
}

/// The path of one object of a list.
pub(crate) fn item(list: &str, name: &str) -> String {
    format!("{list}/{}", segment(name))
}

/// The elements of a JSON array; none where it is something else.
pub(crate) fn elements(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A name as one segment of a path.
pub(crate) fn segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(hex(byte >> 4));
            out.push(hex(byte & 15));
        }
    }
    out
}

/// A half byte as a capital digit.
fn hex(half: u8) -> char {
    char::from_digit(u32::from(half), 16).unwrap_or_default().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_follow_group_and_scope() {
        let mut kinds = Kinds::default();
        kinds.take_in(&json!({"items": [{"metadata": {"name": ""}, "versions": [{"version": "v1", "resources": [
            {"resource": "namespaces", "responseKind": {"kind": "Namespace"}, "scope": "Cluster", "verbs": ["list"]},
            {"resource": "services", "responseKind": {"kind": "Service"}, "scope": "Namespaced", "verbs": ["list"]}]}]},
            {"metadata": {"name": "apps"}, "versions": [
            {"version": "v1", "resources": [{"resource": "deployments", "responseKind": {"kind": "Deployment"}, "scope": "Namespaced", "verbs": []}]}]}]}));
        let path = |group: &str, kind: &str| {
            let kind = GroupKind { group: group.into(), kind: kind.into() };
            kinds.get(&kind, "v1").unwrap().item("ns", "a/b")
        };
        assert_eq!(path("", "Namespace"), "/api/v1/namespaces/a%2Fb");
        assert_eq!(path("", "Service"), "/api/v1/namespaces/ns/services/a%2Fb");
        assert_eq!(path("apps", "Deployment"), "/apis/apps/v1/namespaces/ns/deployments/a%2Fb");
        assert_eq!(kinds.listable().count(), 2);
        assert!(kinds.get(&GroupKind { group: "apps".into(), kind: "Deployment".into() }, "v2").is_none());
    }
}
