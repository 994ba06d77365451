//! Gateways between the mesh and the world outside: ingress and egress, and the sample's route through an ingress (seed 004).

use super::istio::{INGRESS, entries, operator};
use super::{Manifest, Meta, SAMPLE_NAMESPACE};
use crate::mesh::{ISTIO_SYSTEM, Mesh};
use crate::topology::Cluster;
use crate::yaml::Yaml;

/// The name of Istio's egress gateway.
pub const EGRESS: &str = "istio-egressgateway";

/// The path at which the sample answers callers from outside.
pub const SAMPLE_PATH: &str = "/hello";

const SOURCE: &str = "Source: Install Istio with an External Control Plane, \"Enable gateways\".";
const ROUTE: &str = "Source: samples/helloworld/helloworld-gateway.yaml.";
const API_ROUTE: &str = "Source: samples/helloworld/gateway-api/helloworld-gateway.yaml.";

/// The ingress gateway, for `istioctl`.
pub(super) fn ingress_gateway(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let header = format!("{}: the gateway by which callers from outside enter the mesh.", cluster.name);
    gateway(mesh, cluster, "ingress", "ingressGateways", INGRESS, &header)
}

/// The egress gateway, for `istioctl`.
pub(super) fn egress_gateway(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let header = format!("{}: the gateway by which calls leave the mesh.", cluster.name);
    gateway(mesh, cluster, "egress", "egressGateways", EGRESS, &header)
}

/// A gateway and nothing else, whose pod the injector completes.
fn gateway(mesh: &Mesh, cluster: &Cluster, file: &str, component: &str, name: &str, header: &str) -> Manifest {
    let namespace = mesh.system_namespace(cluster);
    let mut spec = Vec::new();
    if let Some(revision) = mesh.revision() {
        spec.push(("revision", revision.into()));
    }
    spec.push(("profile", "empty".into()));
    let gateway = Yaml::map([("namespace", namespace.into()), ("name", name.into()), ("enabled", true.into())]);
    spec.push(("components", Yaml::map([(component, Yaml::list([gateway]))])));
    let injected = Yaml::map([(name, Yaml::map([("injectionTemplate", "gateway".into())]))]);
    let mut values = vec![("gateways", injected)];
    if namespace != ISTIO_SYSTEM {
        values.push(("global", Yaml::map([("istioNamespace", namespace.into())])));
    }
    spec.push(("values", entries(values)));
    operator(file, namespace, [header, SOURCE], spec)
}

const GATEWAY_API: &str = "gateway.networking.k8s.io/v1";

/// An ingress gateway of the Gateway API: istiod installs what it asks for. With the sample, the sample's own with its
/// route; without it one in the system namespace that takes routes from every namespace.
pub fn ingress_gateway_api(mesh: &Mesh, cluster: &Cluster) -> Vec<Manifest> {
    let sample = mesh.topology().sample;
    let (namespace, name, from) = if sample {
        (SAMPLE_NAMESPACE, "helloworld-gateway", "Same")
    } else {
        (mesh.system_namespace(cluster), INGRESS, "All")
    };
    let header = format!("{}: asks istiod for a gateway by which callers from outside enter the mesh.", cluster.name);
    let listener = Yaml::map([
        ("name", "http".into()),
        ("port", 80.into()),
        ("protocol", "HTTP".into()),
        ("allowedRoutes", Yaml::map([("namespaces", Yaml::map([("from", from.into())]))])),
    ]);
    let spec = Yaml::map([("gatewayClassName", "istio".into()), ("listeners", Yaml::list([listener]))]);
    let meta = of_revision(mesh, Meta::namespaced(namespace, name));
    let spec = vec![("spec", spec)];
    let mut manifests =
        vec![Manifest::new(mesh, "gateway.yaml", [&header, API_ROUTE], GATEWAY_API, "Gateway", meta, spec)];
    if sample {
        manifests.push(http_route(mesh, cluster, name));
    }
    manifests
}

/// Several istiods may stand beside each other: the label says whose gateway it is.
fn of_revision(mesh: &Mesh, meta: Meta) -> Meta {
    match mesh.revision() {
        Some(revision) => meta.label("istio.io/rev", revision),
        None => meta,
    }
}

fn http_route(mesh: &Mesh, cluster: &Cluster, gateway: &str) -> Manifest {
    let path = Yaml::map([("type", "Exact".into()), ("value", SAMPLE_PATH.into())]);
    let backend = Yaml::map([("name", "helloworld".into()), ("port", 5000.into())]);
    let rule =
        Yaml::map([("matches", Yaml::list([Yaml::map([("path", path)])])), ("backendRefs", Yaml::list([backend]))]);
    let parent = Yaml::map([("name", gateway.into())]);
    let spec = Yaml::map([("parentRefs", Yaml::list([parent])), ("rules", Yaml::list([rule]))]);
    let header = format!("{}: leads {SAMPLE_PATH} at that gateway to the sample application.", cluster.name);
    let meta = Meta::namespaced(SAMPLE_NAMESPACE, "helloworld");
    let file = "http-route.yaml";
    Manifest::new(mesh, file, [&header, API_ROUTE], GATEWAY_API, "HTTPRoute", meta, vec![("spec", spec)])
}

const NETWORKING: &str = "networking.istio.io/v1";

/// Leads callers from outside to the sample application, at every ingress gateway that the istiod of this config cluster configures.
pub fn sample_route(mesh: &Mesh, config: &Cluster) -> Vec<Manifest> {
    let name = "helloworld-gateway";
    let port = Yaml::map([("number", 80.into()), ("name", "http".into()), ("protocol", "HTTP".into())]);
    let server = Yaml::map([("port", port), ("hosts", Yaml::list(["*".into()]))]);
    let gateway =
        Yaml::map([("selector", Yaml::map([("istio", "ingressgateway".into())])), ("servers", Yaml::list([server]))]);
    let destination = Yaml::map([("host", "helloworld".into()), ("port", Yaml::map([("number", 5000.into())]))]);
    let http = Yaml::map([
        ("match", Yaml::list([Yaml::map([("uri", Yaml::map([("exact", SAMPLE_PATH.into())]))])])),
        ("route", Yaml::list([Yaml::map([("destination", destination)])])),
    ]);
    let route = Yaml::map([
        ("hosts", Yaml::list(["*".into()])),
        ("gateways", Yaml::list([name.into()])),
        ("http", Yaml::list([http])),
    ]);
    let object = |file: &str, header: &str, kind: &str, name: &str, spec: Yaml| {
        let header = format!("{}: {header}", config.name);
        let meta = Meta::namespaced(SAMPLE_NAMESPACE, name);
        Manifest::new(mesh, file, [&header, ROUTE], NETWORKING, kind, meta, vec![("spec", spec)])
    };
    let leads = format!("leads {SAMPLE_PATH} there to the sample application.");
    vec![
        object("gateway.yaml", "lets callers from outside in at its ingress gateways.", "Gateway", name, gateway),
        object("virtual-service.yaml", &leads, "VirtualService", "helloworld", route),
    ]
}
