//! What an istiod itself says that it sees, at its debug port, through its API server (`port-forward`).

use std::collections::BTreeSet;
use std::net::IpAddr;

use futures_util::future::join_all;
use serde_json::Value;
use shared::bundle::{IstiodPage, VerifyIstiod};
use shared::text::Text;

use super::{Check, Group, Outcome};
use crate::clusters::Cluster;
use crate::kinds::elements;
use crate::refusal::refusal;
use crate::transport::{CallError, Place};

/// What every istiod must see.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    /// The members by what istiods call them, all in sync.
    pub(crate) members: Vec<String>,
    /// Network and address of every gateway between networks.
    pub(crate) gateways: Vec<(String, String)>,
    /// The service of which every member has an endpoint, and its namespace.
    pub(crate) service: Option<(String, String)>,
}

/// A page of an istiod, and the pure function that judges it.
type View = (IstiodPage, &'static str, &'static str, fn(&Value, &Expected) -> Result<Text, Text>);

/// The pages that are read.
const VIEWS: [View; 3] = [
    (IstiodPage::Clusters, "clusters", "/debug/clusterz", clusters),
    (IstiodPage::Gateways, "gateways", "/debug/networkz", gateways),
    (IstiodPage::Endpoints, "endpoints", "/debug/endpointShardz", endpoints),
];

/// Asks one istiod.
pub(crate) async fn ask(cluster: &Cluster, istiod: &VerifyIstiod, expected: &Expected) -> Vec<Check> {
    let pod = pod(cluster, istiod).await;
    let is_expected = |page: IstiodPage| match page {
        _ if istiod.lacks.contains(&page) => false,
        IstiodPage::Gateways => !expected.gateways.is_empty(),
        IstiodPage::Endpoints => expected.service.is_some(),
        IstiodPage::Clusters => true,
    };
    let asked = VIEWS.into_iter().filter(|(page, ..)| is_expected(*page));
    join_all(asked.map(async |(_, what, path, judge)| {
        let name = format!("{} {what}", istiod.cluster);
        let check = |outcome, text| Check::new(Group::Istiods, &name, outcome, text);
        let read = match &pod {
            Ok(pod) => read(cluster, istiod, pod, path).await,
            Err(why) => Err(why.clone()),
        };
        match read.map(|page| judge(&page, expected)) {
            Ok(Ok(seen)) => check(Outcome::Passed, seen),
            Ok(Err(missing)) => check(Outcome::Failed, missing).hint(Text::new(
                format!("see what istiod writes: `kubectl -n {} logs deploy/{}`", istiod.namespace, first(istiod)),
                format!("请查看 istiod 的日志：`kubectl -n {} logs deploy/{}`", istiod.namespace, first(istiod)),
            )),
            Err(Unasked { outcome, why }) => {
                check(outcome, Text::new(format!("not asked: {}", why.en), format!("未询问：{}", why.zh)))
            }
        }
    }))
    .await
}

/// Why nothing is known.
#[derive(Debug, Clone)]
struct Unasked {
    outcome: Outcome,
    why: Text,
}

impl From<Text> for Unasked {
    fn from(why: Text) -> Self {
        Self { outcome: Outcome::NotAsked, why }
    }
}

impl Unasked {
    fn of(cluster: &Cluster, what: &str, error: &CallError) -> Self {
        let why = refusal(&cluster.target, cluster.name(), what, error).what;
        let outcome = if error.is_denied() { Outcome::Refused } else { Outcome::NotAsked };
        Self { outcome, why }
    }
}

fn first(istiod: &VerifyIstiod) -> &str {
    istiod.deployments.first().map_or("", String::as_str)
}

/// A pod of the istiod that is ready.
async fn pod(cluster: &Cluster, istiod: &VerifyIstiod) -> Result<String, Unasked> {
    let refused = |error: &CallError| Unasked::of(cluster, "pods", error);
    let mut deployment = None;
    for name in &istiod.deployments {
        let found = cluster.find("apps", "Deployment", &istiod.namespace, name).await;
        deployment = found.map_err(|error| refused(&error))?;
        if deployment.is_some() {
            break;
        }
    }
    let place = format!("{}/{}", istiod.namespace, first(istiod));
    let Some(deployment) = deployment else {
        return Err(Text::new(format!("there is no deployment {place}"), format!("没有 Deployment {place}")).into());
    };
    let path = format!("/api/v1/namespaces/{}/pods", istiod.namespace);
    let pods = cluster.transport.get(&path).await.map_err(|error| refused(&error))?;
    let labels = deployment["spec"]["selector"]["matchLabels"].as_object();
    let is_its = |pod: &&Value| {
        let ready = |one: &Value| one["type"] == "Ready" && one["status"] == "True";
        let matches =
            labels.is_some_and(|labels| labels.iter().all(|(key, value)| pod["metadata"]["labels"][key] == *value));
        matches && elements(&pod["status"]["conditions"]).iter().any(ready)
    };
    let found = elements(&pods["items"]).iter().find(is_its).and_then(|pod| pod["metadata"]["name"].as_str());
    let none = || Text::new(format!("no pod of {place} is ready"), format!("{place} 没有就绪的 Pod"));
    found.map(str::to_owned).ok_or_else(|| none().into())
}

/// A page of the istiod, as JSON.
async fn read(cluster: &Cluster, istiod: &VerifyIstiod, pod: &str, path: &str) -> Result<Value, Unasked> {
    let place = Place { namespace: &istiod.namespace, pod };
    let port = istiod.port;
    let page = match cluster.transport.page(place, port, path).await {
        Ok(page) => page,
        // The port is what broke, not the API server that led there.
        Err(CallError::Broken) => {
            return Err(Text::new(
                format!("port {port} of {pod} does not answer"),
                format!("{pod} 的端口 {port} 没有应答"),
            )
            .into());
        }
        Err(error) => return Err(Unasked::of(cluster, "port-forward", &error)),
    };
    let status = page.status;
    let wrong = || Text::new(format!("{path} answers with status {status}"), format!("{path} 返回状态 {status}"));
    if status != 200 {
        return Err(wrong().into());
    }
    serde_json::from_str(&page.text).map_err(|_| wrong().into())
}

/// Every member is in sync.
fn clusters(page: &Value, expected: &Expected) -> Result<Text, Text> {
    let status = |member: &String| {
        let found = elements(page).iter().find(|one| one["id"] == **member);
        found.and_then(|one| one["syncStatus"].as_str()).unwrap_or("-").to_owned()
    };
    let said = |member: &String| format!("{member} {}", status(member));
    let all: Vec<String> = expected.members.iter().map(said).collect();
    let late: Vec<String> = expected.members.iter().filter(|member| status(member) != "synced").map(said).collect();
    verdict(&all, &late)
}

/// Every gateway between networks is known by its address; what a host name resolves to is istiod's to find out.
fn gateways(page: &Value, expected: &Expected) -> Result<Text, Text> {
    let listed = |network: &str, address: &str| {
        elements(page).iter().find(|one| {
            let is_there = one["Addr"] == *address || address.parse::<IpAddr>().is_err();
            one["Network"] == *network && is_there
        })
    };
    let mut all = Vec::new();
    let mut missing = Vec::new();
    for (network, address) in &expected.gateways {
        match listed(network, address) {
            Some(one) => {
                all.push(format!("{network} {}:{}", one["Addr"].as_str().unwrap_or_default(), one["Port"]));
            }
            None => missing.push(format!("{network} {address}")),
        }
    }
    verdict(&all, &missing)
}

/// Every member has an endpoint of the service.
fn endpoints(page: &Value, expected: &Expected) -> Result<Text, Text> {
    let Some((host, namespace)) = &expected.service else { return Ok(Text::default()) };
    let shards = page[host][namespace]["Shards"].as_object();
    // A shard is called `Kubernetes/cluster1`, and in older releases `cluster1`.
    let count = |member: &String| {
        let is_its = |shard: &str| shard.rsplit('/').next() == Some(member);
        let of_member = shards.into_iter().flatten().filter(|(shard, _)| is_its(shard));
        of_member.map(|(_, endpoints)| elements(endpoints).len()).sum::<usize>()
    };
    let said = |member: &String| format!("{member} {}", count(member));
    let all: Vec<String> = expected.members.iter().map(said).collect();
    let without: BTreeSet<String> = expected.members.iter().filter(|member| count(member) == 0).cloned().collect();
    let host = host.split('.').take(2).collect::<Vec<_>>().join(".");
    verdict(&all, &without.into_iter().collect::<Vec<_>>())
        .map(|text| Text::new(format!("{host}: {}", text.en), format!("{host}：{}", text.zh)))
}

fn verdict(all: &[String], missing: &[String]) -> Result<Text, Text> {
    if missing.is_empty() {
        return Ok(Text::new(all.join(", "), all.join("、")));
    }
    Err(Text::new(format!("missing: {}", missing.join(", ")), format!("缺少：{}", missing.join("、"))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expected() -> Expected {
        Expected {
            members: vec!["c1".into(), "c2".into()],
            gateways: vec![("n1".into(), "198.51.100.1".into()), ("n2".into(), "gw.example".into())],
            service: Some(("helloworld.sample.svc.cluster.local".into(), "sample".into())),
        }
    }

    #[test]
    fn a_cluster_that_is_not_in_sync_is_named() {
        let page = |second: &str| json!([{"id": "c1", "syncStatus": "synced"}, {"id": "c2", "syncStatus": second}]);
        assert_eq!(clusters(&page("synced"), &expected()).unwrap().en, "c1 synced, c2 synced");
        assert_eq!(clusters(&page("timeout"), &expected()).unwrap_err().en, "missing: c2 timeout");
        assert_eq!(clusters(&json!([]), &expected()).unwrap_err().en, "missing: c1 -, c2 -");
    }

    #[test]
    fn a_gateway_counts_by_its_address_and_a_host_name_by_its_network() {
        let one =
            |network: &str, address: &str| json!({"Network": network, "Cluster": "x", "Addr": address, "Port": 15443});
        let page = json!([one("n1", "198.51.100.1"), one("n2", "203.0.113.9")]);
        assert_eq!(gateways(&page, &expected()).unwrap().en, "n1 198.51.100.1:15443, n2 203.0.113.9:15443");
        let page = json!([one("n1", "198.51.100.2")]);
        assert_eq!(gateways(&page, &expected()).unwrap_err().en, "missing: n1 198.51.100.1, n2 gw.example");
    }

    #[test]
    fn a_member_without_endpoints_is_named() {
        let page = |second: Value| json!({"helloworld.sample.svc.cluster.local": {"sample": {"Shards": {"Kubernetes/c1": [{}], "c2": second}}}});
        assert_eq!(endpoints(&page(json!([{}, {}])), &expected()).unwrap().en, "helloworld.sample: c1 1, c2 2");
        assert_eq!(endpoints(&page(json!([])), &expected()).unwrap_err().en, "missing: c2");
        assert_eq!(endpoints(&page(Value::Null), &expected()).unwrap_err().en, "missing: c2");
    }
}
