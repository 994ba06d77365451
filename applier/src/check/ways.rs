//! Checks of how gateways are reached: host names lead to them, load balancers get addresses.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use shared::check as catalogue;
use shared::fact::{Fact, GatewayName};
use shared::hole::Part;
use shared::probe::Probe;
use shared::text::Text;

use super::{Ground, Line, Outcome, some};
use crate::clusters::Cluster;
use crate::fill::Filling;
use crate::kinds::elements;
use crate::probe::{self, Sight};

/// How long the system's resolver may take.
const RESOLVER: Duration = Duration::from_secs(5);

/// Looks at the ways into one cluster.
pub(super) async fn of(ground: &Ground<'_>, cluster: &Arc<Cluster>) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(entry(ground, cluster).await);
    lines.extend(balancers(ground, cluster).await);
    lines
}

/// Whether the host name of the cluster's istiod leads to the gateway in front of it.
async fn entry(ground: &Ground<'_>, cluster: &Cluster) -> Option<Line> {
    let of_this = |fact: &Fact| fact.cluster().as_str() == cluster.name();
    let probes = || ground.work.probes.iter().filter(|(fact, _)| of_this(fact));
    let host =
        probes().find_map(|(_, probe)| if let Probe::Credential { host, .. } = probe { Some(host) } else { None })?;
    let gateway = |wanted: GatewayName| {
        probes().find(move |(fact, _)| matches!(fact, Fact::Address(_, gateway) if *gateway == wanted))
    };
    let (fact, how) = gateway(GatewayName::ControlPlane).or_else(|| gateway(GatewayName::EastWest))?;
    let address = match probe::look(&ground.world, fact, how).await {
        Ok(Sight::So(learnt)) => learnt.parts.get(&Part::Address).and_then(Filling::shown).map(str::to_owned),
        _ => None,
    };
    let leads = resolve(host).await;
    let gateway = match &address {
        Some(address) => resolve(address).await,
        None => BTreeSet::new(),
    };
    Some(leads_to(cluster.name(), host, &leads, address.as_deref(), &gateway))
}

/// The addresses of a name; none where there is none.
async fn resolve(host: &str) -> BTreeSet<IpAddr> {
    let asked = tokio::time::timeout(RESOLVER, tokio::net::lookup_host((host, 0))).await;
    asked.ok().and_then(Result::ok).map(|found| found.map(|address| address.ip()).collect()).unwrap_or_default()
}

fn leads_to(
    place: &str,
    host: &str,
    leads: &BTreeSet<IpAddr>,
    address: Option<&str>,
    gateway: &BTreeSet<IpAddr>,
) -> Line {
    let line = |outcome, en, zh| Line::new(catalogue::ENTRY_HOST, place, outcome, Text::new(en, zh));
    let list = leads.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match address {
        None if leads.is_empty() => line(
            Outcome::Info,
            format!("{host} does not resolve yet, and the gateway has no address yet"),
            format!("{host} 尚无法解析，网关也还没有地址"),
        ),
        None => line(
            Outcome::Info,
            format!("{host} leads to {list}; the gateway has no address yet"),
            format!("{host} 指向 {list}；网关还没有地址"),
        ),
        Some(address) if !leads.is_disjoint(gateway) => {
            line(Outcome::Good, format!("{host} leads to {address}"), format!("{host} 指向 {address}"))
        }
        Some(address) if leads.is_empty() => line(
            Outcome::Warning,
            format!("{host} does not resolve; the gateway is at {address}"),
            format!("{host} 无法解析；网关位于 {address}"),
        )
        .advised(),
        Some(address) => line(
            Outcome::Warning,
            format!("{host} leads to {list}, and the gateway is at {address}"),
            format!("{host} 指向 {list}，而网关位于 {address}"),
        )
        .advised(),
    }
}

/// Whether Services of type `LoadBalancer` get addresses in a cluster whose gateways wait for one.
async fn balancers(ground: &Ground<'_>, cluster: &Cluster) -> Option<Line> {
    let waits = |(fact, probe): (&Fact, &Probe)| {
        fact.cluster().as_str() == cluster.name()
            && matches!(probe, Probe::Address { .. } | Probe::GatewayAddress { .. })
    };
    if !ground.work.probes.iter().any(waits) {
        return None;
    }
    Some(match cluster.transport.get("/api/v1/services").await {
        Ok(services) => given(cluster.name(), elements(&services["items"])),
        Err(error) => Line::unseen(catalogue::BALANCER, cluster, &error),
    })
}

fn given(place: &str, services: &[Value]) -> Line {
    let balanced = services.iter().filter(|service| service["spec"]["type"] == "LoadBalancer");
    let (served, pending): (Vec<&Value>, Vec<&Value>) =
        balanced.partition(|service| !elements(&service["status"]["loadBalancer"]["ingress"]).is_empty());
    let names = |services: &[&Value]| {
        let name = |service: &&Value| {
            let text = |key: &str| service["metadata"][key].as_str().unwrap_or_default();
            format!("{}/{}", text("namespace"), text("name"))
        };
        some(&services.iter().map(name).collect::<Vec<_>>())
    };
    if !served.is_empty() {
        let names = names(&served);
        let said = Text::new(format!("they do: {names}"), format!("可以获得：{names}"));
        return Line::new(catalogue::BALANCER, place, Outcome::Good, said);
    }
    if pending.is_empty() {
        let said =
            Text::new("not known: there is no such Service in the cluster yet", "尚不得知：集群中还没有这类 Service");
        return Line::new(catalogue::BALANCER, place, Outcome::Info, said);
    }
    let names = names(&pending);
    let said = Text::new(format!("without an address: {names}"), format!("没有地址：{names}"));
    Line::new(catalogue::BALANCER, place, Outcome::Warning, said).advised()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_host_leads_to_the_gateway_or_it_is_told_where() {
        let ips = |list: &[&str]| list.iter().map(|ip| ip.parse().unwrap()).collect::<BTreeSet<IpAddr>>();
        let judge = |leads: &[&str], address: Option<&str>, gateway: &[&str]| {
            leads_to("a", "istiod.example.com", &ips(leads), address, &ips(gateway)).outcome
        };
        assert_eq!(judge(&[], None, &[]), Outcome::Info);
        assert_eq!(judge(&["192.0.2.1"], None, &[]), Outcome::Info, "nothing to compare it with");
        assert_eq!(judge(&["192.0.2.1", "192.0.2.2"], Some("192.0.2.2"), &["192.0.2.2"]), Outcome::Good);
        assert_eq!(judge(&["192.0.2.1"], Some("192.0.2.2"), &["192.0.2.2"]), Outcome::Warning);
        assert_eq!(judge(&[], Some("192.0.2.2"), &["192.0.2.2"]), Outcome::Warning);
    }

    #[test]
    fn one_address_shows_that_balancers_work() {
        let service = |kind: &str, ingress: Value| json!({"metadata": {"name": "s", "namespace": "n"}, "spec": {"type": kind}, "status": {"loadBalancer": {"ingress": ingress}}});
        let served = service("LoadBalancer", json!([{"ip": "192.0.2.1"}]));
        let pending = service("LoadBalancer", Value::Null);
        assert_eq!(given("a", &[pending.clone(), served]).outcome, Outcome::Good);
        assert_eq!(given("a", &[pending]).outcome, Outcome::Warning);
        assert_eq!(given("a", &[service("ClusterIP", Value::Null)]).outcome, Outcome::Info);
    }
}
