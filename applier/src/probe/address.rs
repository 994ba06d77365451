//! The addresses of gateways: handed out by a balancer, those of nodes, as drawn, or of a `Gateway` that is programmed.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::hole::Part;
use shared::probe::AddressKindWord;
use shared::sorted::Map;
use shared::text::Text;

use super::{Learned, Sight, condition, never};
use crate::clusters::Cluster;
use crate::fill::{Filling, is_plain};
use crate::kinds::elements;
use crate::transport::CallError;

/// A namespace, the name of what has the address, and the port that is dialled there.
type Place<'a> = (&'a str, &'a str, u16);

/// The group of the Gateway API.
pub(super) const GATEWAY_API: &str = "gateway.networking.k8s.io";

/// The address that the load balancer gave the Service, of the kind that was drawn.
pub(super) async fn of_balancer(
    cluster: &Cluster,
    (namespace, service, port): Place<'_>,
    drawn: AddressKindWord,
    opens: Option<&str>,
) -> Result<Sight, CallError> {
    Ok(match cluster.find("", "Service", namespace, service).await? {
        Some(found) => given(cluster, (namespace, service, port), drawn, opens, &found),
        None => no_service(namespace, service),
    })
}

/// The same as the Service says it.
pub(super) fn given(
    cluster: &Cluster,
    (namespace, service, port): Place<'_>,
    drawn: AddressKindWord,
    opens: Option<&str>,
    found: &Value,
) -> Sight {
    let given = &found["status"]["loadBalancer"]["ingress"][0];
    let (ip, hostname) = (given["ip"].as_str(), given["hostname"].as_str());
    let (value, other, wanted, change) = match drawn {
        AddressKindWord::Ip => (ip, hostname, ("an IP address", "IP 地址"), "hostname"),
        AddressKindWord::Hostname => (hostname, ip, ("a host name", "主机名"), "ip"),
        AddressKindWord::Any => (ip.or(hostname), None, ("an address", "地址"), ""),
    };
    match (value, other) {
        (Some(value), _) if is_plain(value) => so(value, port, opens),
        (None, Some(other)) => never(
            &format!("{}/{namespace}/{service}", cluster.name()),
            Text::new(
                format!("the load balancer gave {other}, where the topology says {}", wanted.0),
                format!("负载均衡器给出的是 {other}，而拓扑中写的是{}", wanted.1),
            ),
            Text::new(
                format!(
                    "set `eastWest.addressKind: {change}` for {} in the topology and export the bundle again",
                    cluster.name()
                ),
                format!("请在拓扑中为 {} 设置 `eastWest.addressKind: {change}`，再重新导出", cluster.name()),
            ),
        ),
        _ => Sight::not_yet(
            format!("the load balancer of {namespace}/{service} has no address yet"),
            format!("{namespace}/{service} 的负载均衡器还没有地址"),
        ),
    }
}

/// The address of a node that counts, of the best kind there is, and the node port.
pub(super) async fn of_node(
    cluster: &Cluster,
    (namespace, service, port): Place<'_>,
    selector: &Map<String, String>,
    kinds: &[String],
) -> Result<Sight, CallError> {
    let Some(found) = cluster.find("", "Service", namespace, service).await? else {
        return Ok(no_service(namespace, service));
    };
    let node_port = elements(&found["spec"]["ports"])
        .iter()
        .find(|one| one["port"].as_u64() == Some(port.into()))
        .and_then(|one| one["nodePort"].as_u64());
    let Some(node_port) = node_port.and_then(|port| u16::try_from(port).ok()) else {
        return Ok(Sight::not_yet(
            format!("{namespace}/{service} has no node port for {port} yet"),
            format!("{namespace}/{service} 的 {port} 端口还没有节点端口"),
        ));
    };
    let nodes = cluster.transport.get("/api/v1/nodes").await?;
    let address = kinds.iter().find_map(|kind| address_of(&nodes, selector, kind));
    if let Some(address) = address {
        return Ok(so(address, node_port, None));
    }
    let kinds = kinds.join("/");
    Ok(Sight::not_yet(
        format!(
            "no node that leads to the gateway has an address of the kind that is read, {kinds}; without one draw `expose: nat` and the address that others dial"
        ),
        format!(
            "没有通向该网关的节点具有可读取的地址（{kinds}）；若没有，请改写 `expose: nat` 并给出其他集群访问的地址"
        ),
    ))
}

/// The first address of a kind among the nodes that have these labels; the same one every time.
fn address_of<'a>(nodes: &'a Value, selector: &Map<String, String>, kind: &str) -> Option<&'a str> {
    let counts = |node: &&Value| selector.iter().all(|(key, value)| node["metadata"]["labels"][key] == **value);
    let addresses =
        elements(&nodes["items"]).iter().filter(counts).flat_map(|node| elements(&node["status"]["addresses"]));
    let of_kind =
        addresses.filter(|address| address["type"] == *kind).filter_map(|address| address["address"].as_str());
    of_kind.filter(|address| is_plain(address)).min()
}

/// The address as drawn, once the Service is there that it leads to.
pub(super) async fn drawn(
    cluster: &Cluster,
    (namespace, service, port): Place<'_>,
    address: &str,
) -> Result<Sight, CallError> {
    Ok(match cluster.find("", "Service", namespace, service).await? {
        Some(_) => so(address, port, None),
        None => no_service(namespace, service),
    })
}

/// The address of a `Gateway` that is programmed.
pub(super) async fn of_gateway(
    cluster: &Cluster,
    (namespace, gateway, port): Place<'_>,
    opens: Option<&str>,
) -> Result<Sight, CallError> {
    let Some(found) = cluster.find(GATEWAY_API, "Gateway", namespace, gateway).await? else {
        let name = format!("{namespace}/{gateway}");
        return Ok(Sight::not_yet(format!("there is no Gateway {name}"), format!("没有 Gateway {name}")));
    };
    Ok(programmed((namespace, gateway, port), opens, &found))
}

/// The same as the `Gateway` says it.
pub(super) fn programmed((namespace, gateway, port): Place<'_>, opens: Option<&str>, found: &Value) -> Sight {
    let programmed = condition(found, "Programmed");
    let address = found["status"]["addresses"][0]["value"].as_str();
    match address {
        Some(address) if programmed.is_some_and(|one| one["status"] == "True") && is_plain(address) => {
            so(address, port, opens)
        }
        _ => {
            let why = programmed.and_then(|one| one["message"].as_str());
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            Sight::not_yet(
                format!("the Gateway {namespace}/{gateway} is not programmed yet{why}"),
                format!("Gateway {namespace}/{gateway} 尚未就绪{why}"),
            )
        }
    }
}

fn no_service(namespace: &str, service: &str) -> Sight {
    Sight::not_yet(format!("there is no service {namespace}/{service}"), format!("没有 Service {namespace}/{service}"))
}

/// The address is known, and with it the page there, if there is one.
fn so(address: &str, port: u16, opens: Option<&str>) -> Sight {
    let page = opens.map(|path| url(address, port, path));
    let detail = page.clone().unwrap_or_else(|| format!("{address}, {port}"));
    let parts = BTreeMap::from([(Part::Address, Filling::open(address))]);
    let dialled = Some(format!("{}:{port}", host(address)));
    Sight::So(Learned { parts, detail: Text::new(detail.clone(), detail), page, dialled })
}

/// An address as it stands in a URL.
fn host(address: &str) -> String {
    if address.contains(':') { format!("[{address}]") } else { address.to_owned() }
}

fn url(address: &str, port: u16, path: &str) -> String {
    let host = host(address);
    if port == 80 { format!("http://{host}{path}") } else { format!("http://{host}:{port}{path}") }
}

#[cfg(test)]
mod tests {
    use shared::sorted;

    use serde_json::json;

    use super::{Sight, address_of, so, url};

    #[test]
    fn only_nodes_that_are_meant_count_and_only_by_the_address_that_is_asked_for() {
        let node = |pool: &str, kind: &str, address: &str| json!({"metadata": {"labels": {"pool": pool}}, "status": {"addresses": [{"type": kind, "address": address}]}});
        let nodes = json!({"items": [
            node("edge", "InternalIP", "10.0.0.1"), node("edge", "ExternalIP", "198.51.100.9"),
            node("edge", "ExternalIP", "198.51.100.10"), node("inner", "ExternalIP", "198.51.100.1"),
        ]});
        let edge = sorted::map([("pool".to_owned(), "edge".to_owned())]);
        assert_eq!(address_of(&nodes, &edge, "ExternalIP"), Some("198.51.100.10"));
        assert_eq!(address_of(&nodes, &edge, "InternalIP"), Some("10.0.0.1"));
        assert_eq!(address_of(&nodes, &sorted::map([]), "ExternalIP"), Some("198.51.100.1"));
        let absent = sorted::map([("pool".to_owned(), "absent".to_owned())]);
        assert_eq!(address_of(&nodes, &absent, "ExternalIP"), None);
    }

    #[test]
    fn a_page_is_told_as_a_browser_takes_it() {
        assert_eq!(url("198.51.100.7", 80, "/hello"), "http://198.51.100.7/hello");
        assert_eq!(url("2001:db8::7", 8080, "/hello"), "http://[2001:db8::7]:8080/hello");
    }

    #[test]
    fn an_ipv6_address_is_dialled_in_brackets() {
        let dialled = |address: &str| match so(address, 15443, None) {
            Sight::So(learnt) => learnt.dialled.unwrap(),
            other => panic!("{other:?}"),
        };
        assert_eq!(dialled("2001:db8::7"), "[2001:db8::7]:15443");
        assert_eq!(
            (dialled("192.0.2.1"), dialled("lb.example")),
            ("192.0.2.1:15443".into(), "lb.example:15443".into())
        );
    }
}
