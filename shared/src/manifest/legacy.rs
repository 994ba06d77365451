//! Istio 1.4 and 1.5, where one control plane serves all clusters and knows their networks by `meshNetworks` (seed 001).

use super::expose::networking;
use super::istio::INGRESS;
use super::{Manifest, Meta};
use crate::fact::GatewayName;
use crate::hole::{Filling, Hole};
use crate::mesh::{ISTIO_SYSTEM, Mesh};
use crate::release::Feature;
use crate::topology::{Cluster, DEFAULT_TRUST_DOMAIN};
use crate::yaml::Yaml;

/// The port by which other networks enter an ingress gateway.
pub const PORT: u16 = 443;

/// The registry by which a control plane knows its own cluster; the case matters (research: Istio issue 23828).
pub(super) const OWN_REGISTRY: &str = "Kubernetes";

const SOURCE: &str = "Source: Shared control plane (multi-network), Istio 1.5.";

/// The registry by which the control plane knows another cluster: the key of its secret, numbered by its place in the drawing.
pub(super) fn registry(mesh: &Mesh, cluster: &Cluster) -> String {
    format!("n{}-k8s-config", mesh.place(&cluster.name) + 1)
}

/// The secret that holds the kubeconfig of another cluster.
pub(super) fn secret(mesh: &Mesh, cluster: &Cluster) -> String {
    format!("n{}-k8s-secret", mesh.place(&cluster.name) + 1)
}

/// A file for `istioctl`, whose kind had another name before 1.5.
fn operator(mesh: &Mesh, name: &str, header: &str, spec: Vec<(&str, Yaml)>) -> Manifest {
    let (version, kind) = if mesh.has(Feature::IstioOperator) {
        ("install.istio.io/v1alpha1", "IstioOperator")
    } else {
        ("install.istio.io/v1alpha2", "IstioControlPlane")
    };
    let body = Yaml::map([
        ("apiVersion", version.into()),
        ("kind", kind.into()),
        ("metadata", Yaml::map([("name", name.into()), ("namespace", ISTIO_SYSTEM.into())])),
        ("spec", entries(spec)),
    ]);
    Manifest { file: "istio.yaml".to_owned(), header: vec![header.to_owned(), SOURCE.to_owned()], body }
}

fn entries(entries: Vec<(&str, Yaml)>) -> Yaml {
    Yaml::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The ingress gateway, which says what network it is on.
fn gateway(mesh: &Mesh, cluster: &Cluster) -> (&'static str, Yaml) {
    let network = mesh.network(cluster).as_str();
    (INGRESS, Yaml::map([("env", Yaml::map([("ISTIO_META_NETWORK", network.into())]))]))
}

fn trust_domain(mesh: &Mesh, global: &mut Vec<(&str, Yaml)>) {
    if mesh.topology().trust_domain != DEFAULT_TRUST_DOMAIN {
        global.push(("trustDomain", mesh.topology().trust_domain.as_str().into()));
    }
}

fn address(cluster: &Cluster) -> Yaml {
    Hole::new(Filling::Address(GatewayName::EastWest), &cluster.name).text().into()
}

/// The control plane: the file `values-istio-multicluster-primary.yaml` of that release, for the networks that are drawn.
///
/// It is installed twice: first with placeholders for the addresses of gateways, then with what they were given.
pub fn primary(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let mut global = vec![
        ("mtls", Yaml::map([("enabled", true.into())])),
        ("controlPlaneSecurityEnabled", true.into()),
        ("proxy", Yaml::map([("accessLogFile", "/dev/stdout".into())])),
        ("network", mesh.network(cluster).as_str().into()),
        ("meshExpansion", Yaml::map([("enabled", true.into())])),
    ];
    trust_domain(mesh, &mut global);
    let mut values = vec![
        ("security", Yaml::map([("selfSigned", false.into())])),
        ("gateways", Yaml::map([gateway(mesh, cluster)])),
        ("global", entries(global)),
    ];
    if mesh.spans_networks() {
        let networks = Yaml::map([("networks", mesh_networks(mesh, cluster))]);
        values.push(("pilot", Yaml::map([("meshNetworks", networks)])));
    }
    let header = format!("{}: the control plane of all clusters.", cluster.name);
    operator(mesh, "istiod", &header, vec![("values", entries(values))])
}

/// Every network: by which registries its endpoints are known, and by which gateways it is entered.
fn mesh_networks(mesh: &Mesh, control_plane: &Cluster) -> Yaml {
    let network = |name: &&crate::name::NetworkName| {
        let members: Vec<&Cluster> = mesh.members().filter(|member| mesh.network(member) == *name).collect();
        let registry = |member: &&Cluster| {
            let own = member.name == control_plane.name;
            let name = if own { OWN_REGISTRY.to_owned() } else { registry(mesh, member) };
            Yaml::map([("fromRegistry", name.into())])
        };
        let gateway = |member: &&Cluster| Yaml::map([("address", address(member)), ("port", PORT.into())]);
        let body = Yaml::map([
            ("endpoints", Yaml::List(members.iter().map(registry).collect())),
            ("gateways", Yaml::List(members.iter().map(gateway).collect())),
        ]);
        (name.to_string(), body)
    };
    Yaml::Map(mesh.topology().networks().iter().map(network).collect())
}

/// A cluster that is served from elsewhere, with a certificate authority and an injector of its own.
pub(super) fn remote(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let control_plane = mesh.istiod_of(cluster);
    let mut global = vec![
        ("mtls", Yaml::map([("enabled", true.into())])),
        ("createRemoteSvcEndpoints", true.into()),
        ("remotePilotCreateSvcEndpoint", true.into()),
        ("remotePilotAddress", address(control_plane)),
        ("remotePolicyAddress", address(control_plane)),
        ("remoteTelemetryAddress", address(control_plane)),
        ("network", mesh.network(cluster).as_str().into()),
        ("multiCluster", Yaml::map([("clusterName", cluster.name.as_str().into())])),
    ];
    trust_domain(mesh, &mut global);
    let values = Yaml::map([
        ("gateways", Yaml::map([("enabled", true.into()), gateway(mesh, cluster)])),
        ("security", Yaml::map([("selfSigned", false.into())])),
        ("global", entries(global)),
    ]);
    let header = format!(
        "{}: a remote, which injects and signs by itself and is configured from {}.",
        cluster.name, control_plane.name
    );
    let injection = Yaml::map([("enabled", true.into())]);
    operator(
        mesh,
        "remote",
        &header,
        vec![("profile", "remote".into()), ("autoInjection", injection), ("values", values)],
    )
}

/// Lets the mesh's services in at the ingress gateways of all clusters, which one control plane configures.
pub(super) fn cluster_aware_gateway(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let port = Yaml::map([("number", PORT.into()), ("name", "tls".into()), ("protocol", "TLS".into())]);
    let server = Yaml::map([
        ("port", port),
        ("tls", Yaml::map([("mode", "AUTO_PASSTHROUGH".into())])),
        ("hosts", Yaml::list(["*.local".into()])),
    ]);
    let selector = Yaml::map([("istio", INGRESS.trim_start_matches("istio-").into())]);
    let spec = Yaml::map([("selector", selector), ("servers", Yaml::list([server]))]);
    let header = format!(
        "{}: lets the mesh's services in from other networks, at the ingress gateways of all clusters.",
        cluster.name
    );
    let meta = Meta::namespaced(ISTIO_SYSTEM, "cluster-aware-gateway");
    Manifest::new(mesh, "gateway.yaml", [&header, SOURCE], networking(mesh), "Gateway", meta, vec![("spec", spec)])
}
