//! Checks of the names under which clusters are registered with istiods.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use shared::check::{self as catalogue, REMOTE_SECRET_LABEL};
use shared::fact::Fact;
use shared::probe::Probe;
use shared::text::Text;

use super::{Ground, Line, Outcome};
use crate::applyset;
use crate::clusters::Cluster;
use crate::kinds::elements;
use crate::object::PART_OF;
use crate::probe::{self, Sight};

/// Looks at the remote secrets in one cluster.
pub(super) async fn of(ground: &Ground<'_>, cluster: &Arc<Cluster>) -> Vec<Line> {
    let path = format!("/api/v1/secrets?labelSelector={}%3Dtrue", REMOTE_SECRET_LABEL.replace('/', "%2F"));
    let found = match cluster.transport.get(&path).await {
        Ok(found) => found,
        Err(error) => return vec![Line::unseen(catalogue::REGISTERED, cluster, &error)],
    };
    let planned: BTreeSet<&str> = ground.work.clusters.iter().map(|wanted| wanted.cluster.as_str()).collect();
    let ours: BTreeSet<(&str, &str)> =
        ground.work.probes.values().filter_map(|probe| written(probe, cluster)).collect();
    let set = applyset::id(&ground.work.mesh);
    let mut lines = vec![registered(cluster.name(), elements(&found["items"]), &planned, &ours, &set)];
    for (fact, probe) in &ground.work.probes {
        if let Some((namespace, secret)) = written(probe, cluster)
            && is_there(&found, namespace, secret)
            && ground.answers(fact.cluster().as_str())
        {
            lines.push(token(ground, cluster, fact, probe).await);
        }
    }
    lines
}

/// The remote secret that the plan writes into this cluster by that fact.
fn written<'p>(probe: &'p Probe, cluster: &Cluster) -> Option<(&'p str, &'p str)> {
    match probe {
        Probe::Watched { by, namespace, secret, .. } if by.as_str() == cluster.name() => Some((namespace, secret)),
        _ => None,
    }
}

fn is_there(found: &Value, namespace: &str, secret: &str) -> bool {
    elements(&found["items"])
        .iter()
        .any(|one| one["metadata"]["namespace"] == namespace && one["metadata"]["name"] == secret)
}

/// Whether secrets of others register a cluster under a name of the plan.
fn registered(
    place: &str,
    found: &[Value],
    planned: &BTreeSet<&str>,
    ours: &BTreeSet<(&str, &str)>,
    set: &str,
) -> Line {
    let (mut clashes, mut others) = (Vec::new(), Vec::new());
    for secret in found {
        let text = |key: &str| secret["metadata"][key].as_str().unwrap_or_default();
        let is_ours = secret["metadata"]["labels"][PART_OF] == set || ours.contains(&(text("namespace"), text("name")));
        for key in secret["data"].as_object().into_iter().flat_map(|data| data.keys()).filter(|_| !is_ours) {
            let name = format!("{key} ({}/{})", text("namespace"), text("name"));
            if planned.contains(key.as_str()) { clashes.push(name) } else { others.push(name) }
        }
    }
    if !clashes.is_empty() {
        let names = clashes.join(", ");
        let said = Text::new(
            format!("registered already by a secret that is not of this mesh: {names}"),
            format!("已由不属于此网格的 Secret 注册：{names}"),
        );
        return Line::new(catalogue::REGISTERED, place, Outcome::Error, said).advised();
    }
    let (outcome, said) = if others.is_empty() {
        (Outcome::Good, Text::new("none", "无"))
    } else {
        let names = others.join(", ");
        (Outcome::Info, Text::new(format!("clusters of others: {names}"), format!("他人的集群：{names}")))
    };
    Line::new(catalogue::REGISTERED, place, outcome, said)
}

/// Whether the token in a secret that is there is accepted by the cluster it leads to.
async fn token(ground: &Ground<'_>, cluster: &Cluster, fact: &Fact, how: &Probe) -> Line {
    let place = format!("{} → {}", cluster.name(), fact.cluster());
    match probe::look(&ground.world, fact, how).await {
        Ok(Sight::So(learnt)) => Line::new(catalogue::TOKENS, &place, Outcome::Good, learnt.detail),
        Ok(Sight::NotYet(why)) => Line::new(catalogue::TOKENS, &place, Outcome::Warning, why).advised(),
        Ok(Sight::Never(failure)) => Line::of(catalogue::TOKENS, &place, Outcome::Warning, *failure),
        Err(failure) => Line::of(catalogue::TOKENS, &place, Outcome::Warning, failure),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_name_of_the_plan_in_a_secret_of_others_is_an_error() {
        let secret = |name: &str, key: &str, labels: Value| json!({"metadata": {"name": name, "namespace": "istio-system", "labels": labels}, "data": {key: ""}});
        let (planned, ours) = (BTreeSet::from(["b"]), BTreeSet::from([("istio-system", "istio-remote-secret-b")]));
        let judge = |found: &[Value]| registered("a", found, &planned, &ours, "set").outcome;
        assert_eq!(judge(&[]), Outcome::Good);
        assert_eq!(judge(&[secret("istio-remote-secret-b", "b", json!({}))]), Outcome::Good, "the plan's own");
        assert_eq!(judge(&[secret("renamed", "b", json!({PART_OF: "set"}))]), Outcome::Good, "of an earlier bundle");
        assert_eq!(judge(&[secret("by-hand", "b", json!({}))]), Outcome::Error);
        assert_eq!(judge(&[secret("by-hand", "c", json!({}))]), Outcome::Info);
    }
}
