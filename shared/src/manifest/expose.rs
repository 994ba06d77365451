//! What gateways let in: istiods, for those they serve, and the mesh's services, for other networks.

use super::istio::EASTWEST;
use super::{Manifest, Meta, istiod_deployment};
use crate::mesh::Mesh;
use crate::release::Feature;
use crate::topology::{Cluster, Entry, Role};
use crate::yaml::Yaml;

/// Lets the services of the mesh in at the gateways between networks, as `samples/multicluster/expose-services.yaml` does.
pub fn expose_services(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    if !mesh.has(Feature::EastWestGateway) {
        return super::legacy::cluster_aware_gateway(mesh, cluster);
    }
    // It is read for every gateway of the istiod, so it has the port of each.
    let mut ports = vec![cluster.east_west.port];
    let istiod = &mesh.istiod_of(cluster).name;
    for member in mesh.members().filter(|member| mesh.istiod_of(member).name == *istiod) {
        if !ports.contains(&member.east_west.port) {
            ports.push(member.east_west.port);
        }
    }
    let servers = ports.into_iter().enumerate().map(|(i, port)| {
        let name = if i == 0 { "tls".to_owned() } else { format!("tls-{port}") };
        Yaml::map([
            ("port", Yaml::map([("number", port.into()), ("name", name.into()), ("protocol", "TLS".into())])),
            ("tls", Yaml::map([("mode", "AUTO_PASSTHROUGH".into())])),
            ("hosts", Yaml::list(["*.local".into()])),
        ])
    });
    let header = format!(
        "{}: lets the mesh's services in from other networks; only callers with a certificate of the mesh get through.",
        cluster.name
    );
    let selector = Yaml::map([("istio", "eastwestgateway".into())]);
    let spec = Yaml::map([("selector", selector), ("servers", Yaml::List(servers.collect()))]);
    let meta = Meta::namespaced(mesh.system_namespace(cluster), "cross-network-gateway");
    let source = "Source: samples/multicluster/expose-services.yaml.";
    Manifest::new(mesh, "gateway.yaml", [&header, source], networking(mesh), "Gateway", meta, vec![("spec", spec)])
}

/// The version of Istio's networking API that a release has.
pub(super) fn networking(mesh: &Mesh) -> &'static str {
    if mesh.has(Feature::NetworkingV1) { "networking.istio.io/v1" } else { "networking.istio.io/v1alpha3" }
}

/// The two ports of an istiod at its gateway: what comes in, and the port of its Service that it goes to.
const PORTS: [(u16, u16); 2] = [(15012, 15012), (15017, 443)];

/// The names under which an istiod is exposed; Istio's two pages use two sets.
struct Names {
    gateway: &'static str,
    route: String,
    rule: &'static str,
    selector: &'static str,
    servers: [&'static str; 2],
    source: &'static str,
}

/// Exposes an istiod to those it serves: passed through as it is, or, behind a host name, ended at the gateway with the host's certificate.
///
/// Sources: `samples/multicluster/expose-istiod.yaml`, `expose-istiod-https.yaml`, `expose-istiod-rev.yaml.tmpl`; seed 004 and its variant for an IP.
pub fn expose_istiod(mesh: &Mesh, cluster: &Cluster) -> Vec<Manifest> {
    let names = names(mesh, cluster);
    match mesh.entry(cluster) {
        Entry::Host { host, credential } => {
            let tls = Yaml::map([("mode", "SIMPLE".into()), ("credentialName", credential.as_str().into())]);
            vec![
                gateway(mesh, cluster, &names, "https", &tls, host),
                route(mesh, cluster, &names, "http", host, None),
                destination_rule(mesh, cluster, &names),
            ]
        }
        Entry::LoadBalancer => {
            let tls = Yaml::map([("mode", "PASSTHROUGH".into())]);
            let service = service(mesh, cluster);
            let hosts = match mesh.revision() {
                // Several revisions may stand behind one gateway: each answers to its own name only.
                Some(_) => vec![service.trim_end_matches(".cluster.local").into(), service.into()],
                None => vec!["*".into()],
            };
            vec![
                gateway(mesh, cluster, &names, "tls", &tls, "*"),
                route(mesh, cluster, &names, "tls", "*", Some(&hosts)),
            ]
        }
    }
}

fn names(mesh: &Mesh, cluster: &Cluster) -> Names {
    let https = matches!(mesh.entry(cluster), Entry::Host { .. });
    let with_revision =
        |name: &str| mesh.revision().map_or_else(|| name.to_owned(), |revision| format!("{name}-{revision}"));
    match cluster.role {
        Role::External { .. } => Names {
            gateway: "external-istiod-gw",
            route: "external-istiod-vs".to_owned(),
            rule: "external-istiod-dr",
            selector: "ingressgateway",
            servers: if https { ["https-XDS", "https-WEBHOOK"] } else { ["tls-XDS", "tls-WEBHOOK"] },
            source: "Source: Install Istio with an External Control Plane, \"Set up the control plane in the external cluster\".",
        },
        Role::Primary { .. } | Role::Remote { .. } => Names {
            gateway: "istiod-gateway",
            route: if https { "istiod-vs".to_owned() } else { with_revision("istiod-vs") },
            rule: "istiod-dr",
            selector: EASTWEST.trim_start_matches("istio-"),
            servers: if https { ["https-istiod", "https-istiodwebhook"] } else { ["tls-istiod", "tls-istiodwebhook"] },
            source: "Source: samples/multicluster/expose-istiod.yaml, expose-istiod-https.yaml and expose-istiod-rev.yaml.tmpl.",
        },
    }
}

/// The name of istiod's Service.
fn service(mesh: &Mesh, cluster: &Cluster) -> String {
    format!("{}.{}.svc.cluster.local", istiod_deployment(mesh), mesh.system_namespace(cluster))
}

fn gateway(mesh: &Mesh, cluster: &Cluster, names: &Names, protocol: &str, tls: &Yaml, host: &str) -> Manifest {
    let servers = PORTS.iter().zip(names.servers).map(|(&(number, _), name)| {
        Yaml::map([
            ("port", Yaml::map([("name", name.into()), ("number", number.into()), ("protocol", protocol.into())])),
            ("tls", tls.clone()),
            ("hosts", Yaml::list([host.into()])),
        ])
    });
    let selector = Yaml::map([("istio", names.selector.into())]);
    let spec = Yaml::map([("selector", selector), ("servers", Yaml::List(servers.collect()))]);
    let header = format!("{}: the ports at which its istiod is dialled by the clusters it serves.", cluster.name);
    let meta = Meta::namespaced(mesh.system_namespace(cluster), names.gateway);
    Manifest::new(
        mesh,
        "gateway.yaml",
        [&header, names.source],
        networking(mesh),
        "Gateway",
        meta,
        vec![("spec", spec)],
    )
}

fn route(mesh: &Mesh, cluster: &Cluster, names: &Names, protocol: &str, host: &str, sni: Option<&[Yaml]>) -> Manifest {
    let routes = PORTS.iter().map(|&(port, target)| {
        let mut matching = vec![("port".to_owned(), port.into())];
        if let Some(hosts) = sni {
            matching.push(("sniHosts".to_owned(), Yaml::List(hosts.to_vec())));
        }
        let destination =
            Yaml::map([("host", service(mesh, cluster).into()), ("port", Yaml::map([("number", target.into())]))]);
        Yaml::map([
            ("match", Yaml::list([Yaml::Map(matching)])),
            ("route", Yaml::list([Yaml::map([("destination", destination)])])),
        ])
    });
    let spec = Yaml::map([
        ("hosts", Yaml::list([host.into()])),
        ("gateways", Yaml::list([names.gateway.into()])),
        (protocol, Yaml::List(routes.collect())),
    ]);
    let header = format!("{}: leads those ports to its istiod.", cluster.name);
    let meta = Meta::namespaced(mesh.system_namespace(cluster), &names.route);
    let file = "virtual-service.yaml";
    Manifest::new(mesh, file, [&header, names.source], networking(mesh), "VirtualService", meta, vec![("spec", spec)])
}

/// Between a gateway that ends TLS and istiod, which wants it, TLS begins anew.
fn destination_rule(mesh: &Mesh, cluster: &Cluster, names: &Names) -> Manifest {
    let port = |number: u16| ("port", Yaml::map([("number", number.into())]));
    let tls = || ("tls", Yaml::map([("mode", "SIMPLE".into())]));
    let upgrade = Yaml::map([("http", Yaml::map([("h2UpgradePolicy", "UPGRADE".into())]))]);
    let settings =
        Yaml::list([Yaml::map([port(15012), tls(), ("connectionPool", upgrade)]), Yaml::map([port(443), tls()])]);
    let spec = Yaml::map([
        ("host", service(mesh, cluster).into()),
        ("trafficPolicy", Yaml::map([("portLevelSettings", settings)])),
    ]);
    let header = format!("{}: between the gateway, which ends TLS, and istiod TLS begins anew.", cluster.name);
    let meta = Meta::namespaced(mesh.system_namespace(cluster), names.rule);
    let file = "destination-rule.yaml";
    Manifest::new(mesh, file, [&header, names.source], networking(mesh), "DestinationRule", meta, vec![("spec", spec)])
}
