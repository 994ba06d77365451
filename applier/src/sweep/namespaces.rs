//! Namespaces go last, and only where nothing in them is anybody else's.

use std::time::Instant;

use futures_util::future::join_all;
use serde_json::Value;
use shared::text::Text;

use super::inventory::{Member, is_owned, is_taken_over, names, written_only_by};
use super::leftovers::ISTIOD;
use super::{Halt, Place};
use crate::kinds::{Resource, elements};
use crate::object;
use crate::report::Outcome;
use crate::transport::CallError;

impl Place<'_> {
    /// Deletes a namespace and waits until it is gone; false where it is kept because of what it holds.
    pub(super) async fn take_namespace(&self, member: &Member) -> Result<bool, Halt> {
        if object::is_adopted(&member.live) {
            self.remove(member).await?;
            return Ok(true);
        }
        let strangers = self.call(member, self.strangers(member.name()).await)?;
        if !strangers.is_empty() {
            let names = names(&strangers);
            let reason =
                Text::new(format!("it holds what others made: {names}"), format!("其中有他人创建的对象：{names}"));
            self.tell(member, Outcome::Kept, Some(reason));
            return Ok(false);
        }
        self.remove(member).await?;
        let until = Instant::now() + self.sweep.timeout;
        let mut said = false;
        while let Some(found) = self.call(member, self.cluster.transport.find(&member.path()).await)? {
            if found["metadata"]["uid"] != member.live["metadata"]["uid"] {
                break;
            }
            let left = remaining(&found);
            let reason = Text::new(format!("the cluster is still deleting it{left}"), format!("集群仍在删除它{left}"));
            self.wait(member, until, &mut said, reason).await?;
        }
        Ok(true)
    }

    /// What is in a namespace and neither ours nor made by Kubernetes itself.
    pub(super) async fn strangers(&self, namespace: &str) -> Result<Vec<Value>, CallError> {
        let kinds = self.cluster.kinds();
        let lists = kinds.listable().filter(|resource| resource.namespaced && !is_volatile(resource)).map(
            |resource| async move {
                match self.cluster.transport.list_metadata(&resource.list(Some(namespace))).await {
                    Ok(found) => {
                        let strangers =
                            found.into_iter().filter(|object| is_stranger(resource, object, &self.set.id()));
                        // Lists leave the kind out.
                        Ok(strangers.map(|object| Member::new(resource, object).live).collect::<Vec<_>>())
                    }
                    Err(CallError::NotFound) => Ok(Vec::new()),
                    Err(error) => Err(error),
                }
            },
        );
        let mut strangers = Vec::new();
        for found in join_all(lists).await {
            strangers.extend(found?);
        }
        Ok(strangers)
    }
}

/// What the cluster says is left in a namespace that it deletes, and whose finalizers hold it; empty where it does not say.
fn remaining(namespace: &Value) -> String {
    let of = |kind: &str| {
        let condition = elements(&namespace["status"]["conditions"]).iter().find(|one| one["type"] == kind)?;
        let message = condition["message"].as_str().filter(|_| condition["status"] == "True")?;
        // Each begins with the same words: `Some content in the namespace has finalizers remaining: …`.
        Some(message.split_once(": ").map_or(message, |(_, rest)| rest).to_owned())
    };
    let said: Vec<String> =
        ["NamespaceContentRemaining", "NamespaceFinalizersRemaining"].into_iter().filter_map(of).collect();
    if said.is_empty() { String::new() } else { format!(": {}", said.join("; ")) }
}

/// Kinds whose objects come and go by themselves.
fn is_volatile(resource: &Resource) -> bool {
    resource.kind.kind == "Event" || resource.kind.group == "metrics.k8s.io" || resource.kind.kind == "Endpoints"
}

/// Whether an object is somebody else's: not a member, not on its way out, not made by Kubernetes or owned by something that goes.
fn is_stranger(resource: &Resource, object: &Value, set: &str) -> bool {
    let metadata = &object["metadata"];
    let name = metadata["name"].as_str().unwrap_or_default();
    let made_by_kubernetes = match resource.kind.kind.as_str() {
        "ConfigMap" => name == "kube-root-ca.crt",
        "ServiceAccount" => name == "default",
        _ => false,
    };
    let taken_over = is_taken_over(object);
    let is_member = metadata["labels"][object::PART_OF] == set && !taken_over;
    let is_leaving = metadata["deletionTimestamp"].is_string();
    let is_owned = is_owned(object) && !taken_over;
    // Both write the same into every namespace.
    let by_controller = ["kube-controller-manager", ISTIOD].iter().any(|name| written_only_by(object, name));
    !(made_by_kubernetes || is_member || is_leaving || is_owned || by_controller)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::GroupKind;
    use serde_json::json;

    #[test]
    fn what_kubernetes_made_is_no_stranger() {
        let resource = Resource {
            kind: GroupKind { group: String::new(), kind: "ConfigMap".into() },
            version: "v1".into(),
            plural: "configmaps".into(),
            namespaced: true,
            listable: true,
            new: false,
        };
        let judge = |metadata: Value| is_stranger(&resource, &json!({"metadata": metadata}), "set");
        assert!(judge(json!({"name": "mine"})));
        assert!(!judge(json!({"name": "kube-root-ca.crt"})));
        assert!(!judge(json!({"name": "a", "ownerReferences": [{}]})));
        assert!(!judge(json!({"name": "a", "labels": {object::PART_OF: "set"}})));
        assert!(judge(json!({"name": "a", "labels": {object::PART_OF: "other"}})));
        let (ours, label) = (json!([{"manager": object::MANAGER}]), json!({object::PART_OF: "set"}));
        let owned = json!({"name": "a", "labels": label, "ownerReferences": [{}], "managedFields": ours});
        assert!(judge(owned), "what is ours and has an owner since is the owner's");
    }
}
