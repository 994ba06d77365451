//! Who dials whom, on which port: what the firewalls between clusters must let through, for every edge of a mesh.
//!
//! Sources: Istio's page "Ports used by Istio"; `samples/multicluster/gen-eastwest-gateway.sh`; seed 004 for the gateway of an
//! external control plane; research, section 3.3, 17 ("print a firewall table per edge – nobody does").

use crate::manifest::LEGACY_PORT;
use crate::mesh::{Mesh, is_member};
use crate::name::ClusterName;
use crate::release::Feature;
use crate::sorted::Set;
use crate::text::{Lang, Words};
use crate::topology::{API_SERVER_PORT, Cluster, Entry, Expose, GatewayKind, Role};

/// What dials or is dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Whoever installs: `kubectl`, `istioctl`, `isthmus`.
    Operator,
    /// Callers that are no part of the mesh.
    Outside,
    /// The load balancer in front of a gateway.
    Balancer,
    /// A control plane.
    Istiod,
    /// The API server; webhooks are called from there, not from pods.
    ApiServer,
    /// The pods.
    Pods,
    /// The gateway between networks.
    EastWest,
    /// The gateway in front of an external control plane.
    ControlPlaneGateway,
    /// The ingress gateway; before 1.8 also the gateway between networks.
    Ingress,
}

impl End {
    /// Returns its name, as it stands behind that of its cluster.
    pub fn words(self) -> Words {
        let (en, zh) = match self {
            End::Operator => ("operator", "操作者"),
            End::Outside => ("callers from outside", "外部调用方"),
            End::Balancer => ("its load balancer", "其负载均衡器"),
            End::Istiod => ("istiod", "istiod"),
            End::ApiServer => ("API server", "API Server"),
            End::Pods => ("pods", "Pod"),
            End::EastWest => ("east-west gateway", "东西向网关"),
            End::ControlPlaneGateway => ("gateway of istiod", "istiod 的网关"),
            End::Ingress => ("ingress gateway", "入口网关"),
        };
        Words { en, zh }
    }
}

/// What a way is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// The steps are applied.
    Install,
    /// An istiod reads services and endpoints.
    Discovery,
    /// Proxies get configuration and certificates.
    Configuration,
    /// The API server asks for injection and validation.
    Webhooks,
    /// Calls between pods of one network.
    Direct,
    /// Calls between networks, mutual TLS from end to end.
    Between,
    /// Calls into the mesh.
    Inward,
    /// A balancer asks whether the gateway is well.
    Health,
}

impl Purpose {
    /// Returns it in words.
    pub fn words(self) -> Words {
        let (en, zh) = match self {
            Purpose::Install => ("installation", "安装"),
            Purpose::Discovery => ("endpoint discovery", "端点发现"),
            Purpose::Configuration => ("configuration and certificates of proxies", "代理的配置与证书"),
            Purpose::Webhooks => ("injection and validation (webhooks)", "注入与校验（Webhook）"),
            Purpose::Direct => ("traffic of the mesh", "网格流量"),
            Purpose::Between => ("traffic of the mesh, mTLS", "网格流量（mTLS）"),
            Purpose::Inward => ("calls from outside", "外部调用"),
            Purpose::Health => ("health checks", "健康检查"),
        };
        Words { en, zh }
    }
}

/// Which ports of the dialled end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Port {
    /// Any: pods of one network dial each other wherever their services listen.
    Any,
    /// One.
    One(u16),
    /// The node port that Kubernetes chooses for a Service's port.
    OfNode(u16),
    /// That of the API server's address in the kubeconfig, often 443 or 6443.
    OfApiServer,
    /// HTTP and HTTPS.
    Web,
}

impl Port {
    /// Returns it in words.
    pub fn say(self, lang: Lang) -> String {
        match (self, lang) {
            (Port::Any, Lang::En) => "any".to_owned(),
            (Port::Any, Lang::Zh) => "任意".to_owned(),
            (Port::One(port), _) => port.to_string(),
            (Port::OfNode(port), Lang::En) => format!("the node port of {port} (30000–32767)"),
            (Port::OfNode(port), Lang::Zh) => format!("{port} 的节点端口（30000–32767）"),
            (Port::OfApiServer, Lang::En) => "443 or 6443, as in the kubeconfig".to_owned(),
            (Port::OfApiServer, Lang::Zh) => "443 或 6443，以 kubeconfig 为准".to_owned(),
            (Port::Web, _) => "80, 443".to_owned(),
        }
    }
}

/// What protects a way, and who ends it: what a firewall that looks inside must leave alone.
///
/// Sources: the `tls.mode` of the gateways in `shared/src/manifest/expose.rs` and `api_server.rs`; Istio's page "Ports used by Istio".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// None: plain HTTP.
    Plain,
    /// The dialled end shows a certificate, the dialling one a token.
    OneSided,
    /// The same, through a gateway that does not open it.
    PassedThrough,
    /// The gateway ends it and begins anew behind.
    EndedAtGateway,
    /// Both ends show certificates of the mesh.
    Mutual,
    /// Both ends show certificates of the mesh, through a gateway that goes by the name alone.
    MutualPassedThrough,
    /// Whatever the `Gateway` says that an application's owner writes.
    AsWritten,
}

impl Tls {
    /// Returns it in words.
    pub fn words(self) -> Words {
        let (en, zh) = match self {
            Tls::Plain => ("none (HTTP)", "无（HTTP）"),
            Tls::OneSided => ("TLS, end to end", "TLS，端到端"),
            Tls::PassedThrough => ("TLS, end to end (PASSTHROUGH)", "TLS，端到端（PASSTHROUGH）"),
            Tls::EndedAtGateway => ("TLS, ended at the gateway (SIMPLE)", "TLS，在网关终止（SIMPLE）"),
            Tls::Mutual => ("mTLS, end to end", "mTLS，端到端"),
            Tls::MutualPassedThrough => ("mTLS, end to end (AUTO_PASSTHROUGH)", "mTLS，端到端（AUTO_PASSTHROUGH）"),
            Tls::AsWritten => ("as its Gateway says", "由其 Gateway 决定"),
        };
        Words { en, zh }
    }
}

/// Returns what protects a way.
pub fn tls(mesh: &Mesh, row: &FirewallRow) -> Tls {
    match row.purpose {
        Purpose::Discovery if row.to_end == End::EastWest => Tls::PassedThrough,
        Purpose::Install | Purpose::Discovery => Tls::OneSided,
        Purpose::Configuration | Purpose::Webhooks => {
            let has_host = |istiod: &Cluster| matches!(mesh.entry(istiod), Entry::Host { .. });
            match mesh.topology().cluster(&row.to) {
                Some(istiod) if has_host(istiod) => Tls::EndedAtGateway,
                // Pilot's own port asked for a certificate of the mesh.
                _ if row.purpose == Purpose::Configuration && row.port == Port::One(PILOT) => Tls::Mutual,
                _ => Tls::PassedThrough,
            }
        }
        Purpose::Direct => Tls::Mutual,
        Purpose::Between => Tls::MutualPassedThrough,
        Purpose::Inward => Tls::AsWritten,
        Purpose::Health => Tls::Plain,
    }
}

/// Returns what is dialled, as far as the drawing knows it; the rest hands out balancers, nodes and a kubeconfig.
pub fn address(mesh: &Mesh, row: &FirewallRow) -> Option<String> {
    let to = mesh.topology().cluster(&row.to)?;
    let host = |url: &str| {
        let authority = url.strip_prefix("https://")?.split('/').next()?;
        let end = authority.rfind(':').filter(|&at| !authority[at..].contains(']')).unwrap_or(authority.len());
        Some(authority[..end].to_owned())
    };
    let listed = |list: &[String]| Some(list.join(", ")).filter(|list| !list.is_empty());
    let api_server = to.api_server.as_ref().and_then(|api| host(&api.url));
    match (row.purpose, row.to_end) {
        (Purpose::Install, _) | (Purpose::Discovery, End::ApiServer) => api_server,
        (Purpose::Configuration | Purpose::Webhooks, _) => match mesh.entry(to) {
            Entry::Host { host, .. } => Some(host.clone()),
            Entry::LoadBalancer => listed(&to.east_west.addresses),
        },
        (Purpose::Discovery, _) => api_server.or_else(|| listed(&to.east_west.addresses)),
        (Purpose::Between, End::EastWest) => listed(&to.east_west.addresses),
        (Purpose::Direct, _) => listed(&to.pod_cidrs),
        (Purpose::Between | Purpose::Inward | Purpose::Health, _) => None,
    }
}

/// One way that must be open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FirewallRow {
    /// The cluster that dials; none for who is in no cluster.
    pub from: Option<ClusterName>,
    /// What dials.
    pub from_end: End,
    /// The cluster that is dialled.
    pub to: ClusterName,
    /// What is dialled.
    pub to_end: End,
    /// On which port, TCP.
    pub port: Port,
    /// What for.
    pub purpose: Purpose,
}

/// Returns every way, in drawing order of who dials.
pub fn firewall(mesh: &Mesh) -> Vec<FirewallRow> {
    let mut rows = Vec::new();
    each(mesh, |from, from_end, to, to_end, port, purpose| {
        let from = from.map(|from| from.name.clone());
        rows.push(FirewallRow { from, from_end, to: to.name.clone(), to_end, port, purpose });
    });
    rows
}

/// A kind of way: what dials, what is dialled, on which port, what for.
pub type Way = (End, End, Port, Purpose);

/// Returns the kinds of ways, whichever clusters they join: a table for many clusters.
pub fn ways(mesh: &Mesh) -> Set<Way> {
    let mut ways = Set::new();
    each(mesh, |_, from_end, _, to_end, port, purpose| {
        ways.insert((from_end, to_end, port, purpose));
    });
    ways
}

/// The port of an east-west gateway at which a balancer asks for its health.
const HEALTH: u16 = 15021;

/// The port of pilot, before there was istiod.
const PILOT: u16 = 15011;

fn each<'a>(mesh: &'a Mesh, mut way: impl FnMut(Option<&'a Cluster>, End, &'a Cluster, End, Port, Purpose)) {
    for cluster in mesh.clusters() {
        way(None, End::Operator, cluster, End::ApiServer, api_port(cluster), Purpose::Install);
    }
    for istiod in mesh.istiods() {
        for watched in mesh.watched_by(istiod) {
            let (end, port) = if watched.api_server_by_gateway() {
                let drawn = Some(api_port(watched)).filter(|port| *port != Port::OfApiServer);
                (End::EastWest, drawn.unwrap_or(Port::One(API_SERVER_PORT)))
            } else {
                (End::ApiServer, api_port(watched))
            };
            way(Some(istiod), End::Istiod, watched, end, port, Purpose::Discovery);
        }
    }
    let between = |to: &Cluster| {
        if mesh.has(Feature::EastWestGateway) {
            let port = to.east_west.port;
            let is_of_node = to.east_west.front() == Expose::NodePort;
            (End::EastWest, if is_of_node { Port::OfNode(port) } else { Port::One(port) })
        } else {
            (End::Ingress, Port::One(LEGACY_PORT))
        }
    };
    for member in mesh.members() {
        let istiod = mesh.istiod_of(member);
        if istiod.name != member.name {
            let gateway = match istiod.role {
                Role::External { .. } => End::ControlPlaneGateway,
                _ => between(istiod).0,
            };
            // Before istiod, pilot answered on a port of its own.
            let port = if mesh.has(Feature::EastWestGateway) { 15012 } else { PILOT };
            way(Some(member), End::Pods, istiod, gateway, Port::One(port), Purpose::Configuration);
            // Before the injector moved to the istiod that serves a remote, it had one of its own.
            if !mesh.injects_itself(member) {
                way(Some(member), End::ApiServer, istiod, gateway, Port::One(15017), Purpose::Webhooks);
            }
        }
        for to in mesh.members().filter(|to| to.name != member.name) {
            if to.network == member.network {
                way(Some(member), End::Pods, to, End::Pods, Port::Any, Purpose::Direct);
            } else {
                let (gateway, port) = between(to);
                way(Some(member), End::Pods, to, gateway, port, Purpose::Between);
            }
        }
    }
    for (member, _) in mesh.gateways(GatewayKind::Ingress) {
        way(None, End::Outside, member, End::Ingress, Port::Web, Purpose::Inward);
    }
    if mesh.has(Feature::EastWestGateway) {
        let behind_balancer = |cluster: &&Cluster| cluster.east_west.front() != Expose::NodePort;
        for cluster in mesh.clusters().iter().filter(behind_balancer) {
            let gateway = match is_member(cluster) {
                true if mesh.has_east_west(cluster) => End::EastWest,
                true => continue,
                false => End::ControlPlaneGateway,
            };
            way(Some(cluster), End::Balancer, cluster, gateway, Port::One(HEALTH), Purpose::Health);
        }
    }
}

/// Returns the port of an API server, where the drawing says how others dial it.
fn api_port(cluster: &Cluster) -> Port {
    let url = cluster.api_server.as_ref().map(|api| api.url.as_str()).filter(|url| !url.is_empty());
    let Some(authority) = url.and_then(|url| url.strip_prefix("https://")?.split('/').next()) else {
        return Port::OfApiServer;
    };
    // The colons of an IPv6 address stand in brackets.
    let after = authority.rsplit(']').next().unwrap_or(authority);
    Port::One(after.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or(443))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::check;
    use crate::preset::presets;
    use crate::sorted;
    use crate::topology::{ApiServer, Topology};

    fn rows(topology: &Topology) -> Vec<String> {
        let row = |row: &FirewallRow| {
            let from = row.from.as_ref().map(|from| format!("{from} ")).unwrap_or_default();
            let (from_end, to_end) = (row.from_end.words().en, row.to_end.words().en);
            format!("{from}{from_end} → {} {to_end} {}", row.to, row.port.say(Lang::En))
        };
        firewall(&check(topology).mesh.unwrap()).iter().map(row).collect()
    }

    #[test]
    fn a_remote_dials_its_istiod_from_pods_and_from_its_api_server() {
        let preset = presets().into_iter().find(|preset| preset.id == "primary-remote-multi-network").unwrap();
        let mut topology = preset.topology;
        let url = "https://[fd00::1]:7443/".to_owned();
        topology.clusters[1].api_server = Some(ApiServer { url, ..ApiServer::default() });
        let rows = rows(&topology);
        for expected in [
            "cluster1 istiod → cluster2 API server 7443",
            "cluster2 pods → cluster1 east-west gateway 15012",
            "cluster2 API server → cluster1 east-west gateway 15017",
            "cluster1 pods → cluster2 east-west gateway 15443",
            "cluster2 pods → cluster1 east-west gateway 15443",
            "cluster1 its load balancer → cluster1 east-west gateway 15021",
            "operator → cluster1 API server 443 or 6443, as in the kubeconfig",
        ] {
            assert!(rows.contains(&expected.to_owned()), "{expected} in {rows:#?}");
        }
    }

    #[test]
    fn node_ports_are_no_ports_of_a_balancer() {
        let preset = presets().into_iter().find(|preset| preset.id == "multi-primary-multi-network").unwrap();
        let mut topology = preset.topology;
        topology.clusters[0].east_west.expose = Some(Expose::NodePort);
        let rows = rows(&topology);
        let ports = "cluster2 pods → cluster1 east-west gateway the node port of 15443 (30000–32767)";
        assert!(rows.contains(&ports.to_owned()), "{rows:#?}");
        assert!(!rows.iter().any(|row| row.starts_with("cluster1 its load balancer")), "{rows:#?}");
    }

    #[test]
    fn kinds_of_ways_are_those_of_the_rows() {
        for preset in presets() {
            let mesh = check(&preset.topology).mesh.unwrap();
            let rows = firewall(&mesh);
            let of_rows = sorted::set(rows.iter().map(|row| (row.from_end, row.to_end, row.port, row.purpose)));
            assert_eq!(of_rows, ways(&mesh), "{}", preset.id);
        }
    }
}
