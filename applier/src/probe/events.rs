//! What the cluster itself says of an object that is waited for: its last events.

use serde_json::Value;
use shared::fact::Fact;
use shared::probe::Probe;

use crate::kinds::{elements, segment};
use crate::world::World;

/// How many events are told; more are old news.
const TOLD: usize = 2;

/// How much of one is told.
const LENGTH: usize = 160;

/// The last events of what a fact is about, the newest last. None where it is about no single object, or where events may not be read:
/// they explain a wait and decide nothing.
pub(crate) async fn events(world: &World, fact: &Fact, probe: &Probe) -> Vec<String> {
    let Some((namespace, names)) = about(probe) else { return Vec::new() };
    let Ok(cluster) = world.cluster(fact.cluster().as_str()) else { return Vec::new() };
    let path = format!("/api/v1/namespaces/{}/events?limit=500", segment(namespace));
    let found = cluster.transport.get(&path).await.unwrap_or_default();
    last(elements(&found["items"]), &names)
}

/// The namespace and the names of what a probe looks at.
pub(crate) fn about(probe: &Probe) -> Option<(&str, Vec<&str>)> {
    match probe {
        Probe::Address { namespace, service, .. }
        | Probe::NodeAddress { namespace, service, .. }
        | Probe::DrawnAddress { namespace, service, .. } => Some((namespace, vec![service])),
        Probe::GatewayAddress { namespace, gateway, .. } => Some((namespace, vec![gateway])),
        Probe::Deployment { namespace, deployment } => Some((namespace, vec![deployment])),
        Probe::Istiod { namespace, deployments, .. } | Probe::Sample { namespace, deployments } => {
            Some((namespace, deployments.iter().map(String::as_str).collect()))
        }
        _ => None,
    }
}

/// The last events of objects of these names, or of what is made for them and named after them.
fn last(events: &[Value], names: &[&str]) -> Vec<String> {
    let concerns = |event: &&Value| {
        let object = &event["involvedObject"];
        // An autoscaler without metrics complains all the time, and nothing waits for it.
        if object["kind"] == "HorizontalPodAutoscaler" {
            return false;
        }
        let object = object["name"].as_str().unwrap_or_default();
        names.iter().any(|name| object.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
    };
    let time = |event: &Value| {
        let times = [&event["lastTimestamp"], &event["eventTime"], &event["metadata"]["creationTimestamp"]];
        times.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut found: Vec<&Value> = events.iter().filter(concerns).collect();
    found.sort_by_key(|event| time(event));
    let told = found.iter().skip(found.len().saturating_sub(TOLD)).map(|event| {
        let text = |key: &str| event[key].as_str().unwrap_or_default();
        let words: Vec<&str> = text("message").split_whitespace().collect();
        format!("{}: {}", text("reason"), words.join(" ")).chars().take(LENGTH).collect()
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_last_events_of_the_object_are_told_on_one_line_each() {
        let event = |name: &str, time: &str, message: &str| json!({"involvedObject": {"name": name}, "lastTimestamp": time, "reason": "Sync", "message": message});
        let mut scaler = event("gateway", "2026-01-01T00:00:05Z", "no metrics");
        scaler["involvedObject"]["kind"] = json!("HorizontalPodAutoscaler");
        let events = [
            scaler,
            event("gateway", "2026-01-01T00:00:03Z", "no\n  quota"),
            event("gateway-5f4", "2026-01-01T00:00:02Z", "pulled"),
            event("gateway", "2026-01-01T00:00:01Z", "old"),
            event("gateways", "2026-01-01T00:00:04Z", "another's"),
        ];
        assert_eq!(last(&events, &["gateway"]), ["Sync: pulled", "Sync: no quota"]);
    }
}
