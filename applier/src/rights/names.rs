//! What resources are called, for rules that name them by their plural.

use std::collections::BTreeMap;

use crate::object::{GroupKind, Object};

/// From kinds to the names of resources, without asking a server.
pub(super) struct Names(BTreeMap<GroupKind, String>);

impl Names {
    pub(super) fn of<'a>(objects: impl Iterator<Item = &'a Object>) -> Self {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let definitions = objects.filter(|object| object.value()["kind"] == "CustomResourceDefinition");
        let named = definitions.map(|object| {
            let spec = &object.value()["spec"];
            let kind = GroupKind { group: text(&spec["group"]), kind: text(&spec["names"]["kind"]) };
            (kind, text(&spec["names"]["plural"]))
        });
        Self(named.collect())
    }

    /// The resource of a kind: as its definition says, else as Kubernetes names its own.
    pub(super) fn plural(&self, kind: &GroupKind) -> String {
        self.0.get(kind).cloned().unwrap_or_else(|| plural(&kind.kind))
    }
}

/// The plural that Kubernetes guesses for a kind (`meta.UnsafeGuessKindToResource` of its client library), which holds for all of
/// its own kinds; but for the `Gateway` of the Gateway API, whose definition is not among the objects.
pub(crate) fn plural(kind: &str) -> String {
    let lower = kind.to_ascii_lowercase();
    match lower.as_bytes().last() {
        _ if lower.ends_with("endpoints") => lower,
        Some(b's') => format!("{lower}es"),
        Some(b'y') if !lower.ends_with("ay") => format!("{}ies", &lower[..lower.len() - 1]),
        _ => format!("{lower}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_named_as_kubernetes_names_them() {
        for (kind, resource) in [
            ("Deployment", "deployments"),
            ("NetworkPolicy", "networkpolicies"),
            ("GatewayClass", "gatewayclasses"),
            ("Gateway", "gateways"),
            ("Endpoints", "endpoints"),
        ] {
            assert_eq!(plural(kind), resource);
        }
    }
}
