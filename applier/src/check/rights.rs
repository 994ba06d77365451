//! Checks of what the account may do: the API server is asked about each right that is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::json;
use shared::check as catalogue;
use shared::text::Text;

use super::{Ground, Line, Outcome};
use crate::clusters::Cluster;
use crate::object;
use crate::rights::{Purpose, Right, Rights, collect};
use crate::transport::CallError;

const REVIEWS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// Asks about every right on one cluster.
pub(super) async fn of(ground: &Ground<'_>, cluster: &Arc<Cluster>) -> Vec<Line> {
    let Some(objects) = &ground.objects else { return Vec::new() };
    let Some(rights) = collect(ground.work, objects).remove(cluster.name()) else { return Vec::new() };
    let missing = match missing(ground, cluster, &rights).await {
        Ok(missing) => missing,
        Err(error) => return vec![Line::unseen(catalogue::RIGHTS, cluster, &error)],
    };
    let of = |wanted: &dyn Fn(Purpose) -> bool| -> Vec<&Right> {
        missing.iter().filter(|right| rights.get(right).is_some_and(|purpose| wanted(*purpose))).collect()
    };
    let name = cluster.name();
    let count = rights.len();
    let mut lines = Vec::new();
    let apply = of(&|purpose| matches!(purpose, Purpose::Look | Purpose::Apply));
    let wait = of(&|purpose| purpose == Purpose::Wait);
    lines.push(if apply.is_empty() && !wait.is_empty() {
        let list = list(&wait);
        let said = Text::new(
            format!("the account may not {}: waits are longer, and told without the cluster's events", list.join("; ")),
            format!("该账号无权：{}：等待会更久，且不显示集群事件", list.join("；")),
        );
        Line::new(catalogue::RIGHTS, name, Outcome::Warning, said).advised()
    } else if apply.is_empty() {
        let said = Text::new(format!("{count} rights asked for"), format!("已询问 {count} 项权限"));
        Line::new(catalogue::RIGHTS, name, Outcome::Good, said)
    } else {
        let list = list(&apply);
        let said =
            Text::new(format!("the account may not {}", list.join("; ")), format!("该账号无权：{}", list.join("；")));
        Line::new(catalogue::RIGHTS, name, Outcome::Error, said).advised()
    });
    for (check, purpose, en, zh) in [
        (catalogue::RIGHTS_VERIFY, Purpose::Verify, "to verify", "验证"),
        (catalogue::RIGHTS_CLEANUP, Purpose::Cleanup, "to clean up", "清理"),
    ] {
        let missing = of(&|wanted| wanted == purpose);
        if !missing.is_empty() {
            let list = list(&missing);
            let said = Text::new(
                format!("{en}, the account may not {}", list.join("; ")),
                format!("{zh}时，该账号无权：{}", list.join("；")),
            );
            lines.push(Line::new(check, name, Outcome::Warning, said).advised());
        }
    }
    lines
}

/// The rights that the account does not have.
async fn missing(ground: &Ground<'_>, cluster: &Cluster, rights: &Rights) -> Result<BTreeSet<Right>, CallError> {
    // Who may do everything is asked once.
    if allowed(cluster, &everything()).await? {
        return Ok(BTreeSet::new());
    }
    // Most roles name no objects: what is allowed of all need not be asked of each.
    let mut wide: BTreeMap<Right, Vec<&Right>> = BTreeMap::new();
    for right in rights.keys() {
        wide.entry(Right { name: String::new(), ..right.clone() }).or_default().push(right);
    }
    let asked = wide.iter().map(|(wide, each)| async move {
        let mut missing = Vec::new();
        if allowed(cluster, wide).await? {
            return Ok(missing);
        }
        for right in each {
            let named = !right.name.is_empty() && allowed(cluster, right).await?;
            if !named && !granted(ground, cluster, right).await? {
                missing.push((*right).clone());
            }
        }
        Ok::<_, CallError>(missing)
    });
    let mut all = BTreeSet::new();
    for missing in join_all(asked).await {
        all.extend(missing?);
    }
    Ok(all)
}

fn everything() -> Right {
    let any = || "*".to_owned();
    Right { group: any(), resource: any(), namespace: String::new(), name: String::new(), verb: "*" }
}

async fn allowed(cluster: &Cluster, right: &Right) -> Result<bool, CallError> {
    let (resource, part) = right.resource.split_once('/').unwrap_or((&right.resource, ""));
    let attributes = json!({
        "verb": right.verb, "group": right.group, "resource": resource, "subresource": part,
        "namespace": right.namespace, "name": right.name,
    });
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    });
    Ok(cluster.transport.create(REVIEWS, &review).await?.body["status"]["allowed"] == true)
}

/// Whether a role may be granted without the verbs made for it: by whoever has every right in it. Only the server can say, by a dry run;
/// where the role's namespace is still to come, it cannot, and the doubt is in favour of the account.
async fn granted(ground: &Ground<'_>, cluster: &Cluster, right: &Right) -> Result<bool, CallError> {
    let concerned: Vec<_> = ground
        .objects(cluster.name())
        .filter(|object| {
            let id = object.id();
            let of_role = right.verb == "escalate" && id.name == right.name && id.kind.kind.ends_with("Role");
            let of_binding = right.verb == "bind" && object.value()["roleRef"]["name"] == right.name.as_str();
            (of_role || of_binding) && id.namespace == right.namespace
        })
        .collect();
    if concerned.is_empty() {
        return Ok(false);
    }
    for object in concerned {
        match object::rehearse(cluster, object).await {
            Ok(()) | Err(CallError::NotFound | CallError::Owned(_)) => {}
            Err(CallError::Forbidden(_)) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Rights as people read them: `create, patch deployments.apps in istio-system`.
fn list(rights: &[&Right]) -> Vec<String> {
    let mut verbs: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for right in rights {
        verbs.entry(object_of(right)).or_default().insert(right.verb);
    }
    let line = |(object, verbs): (String, BTreeSet<&str>)| {
        format!("{} {object}", verbs.into_iter().collect::<Vec<_>>().join(", "))
    };
    verbs.into_iter().map(line).collect()
}

fn object_of(right: &Right) -> String {
    let group = if right.group.is_empty() || right.group == "*" { String::new() } else { format!(".{}", right.group) };
    let place = if right.namespace.is_empty() { String::new() } else { format!(" in {}", right.namespace) };
    format!("{}{group}{place}", right.resource)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_rights_are_listed_by_resource_and_place() {
        let right = |verb: &'static str, group: &str, resource: &str, namespace: &str| Right {
            group: group.into(),
            resource: resource.into(),
            namespace: namespace.into(),
            name: "x".into(),
            verb,
        };
        let rights = [
            right("patch", "apps", "deployments", "istio-system"),
            right("create", "apps", "deployments", "istio-system"),
            right("get", "", "namespaces", ""),
        ];
        let rights: Vec<&Right> = rights.iter().collect();
        assert_eq!(list(&rights), ["create, patch deployments.apps in istio-system", "get namespaces"]);
    }
}
