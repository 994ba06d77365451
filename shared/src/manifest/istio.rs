//! What Istio is installed from, and its own configuration.

use super::Manifest;
use super::Meta;
use crate::mesh::{ISTIO_SYSTEM, Mesh};
use crate::topology::{Cluster, DEFAULT_TRUST_DOMAIN};
use crate::yaml::Yaml;

/// The name of the gateway between networks, on which the selectors of Istio's samples rely.
pub const EASTWEST: &str = "istio-eastwestgateway";

/// An `IstioOperator` file: an input of `istioctl`, not an object of the API server.
///
/// It has a name and a namespace since `istioctl install`, which readers of the runbook do run, otherwise prunes what other files installed.
fn operator(name: &str, namespace: &str, header: [&str; 2], spec: Vec<(&str, Yaml)>) -> Manifest {
    let body = Yaml::map([
        ("apiVersion", "install.istio.io/v1alpha1".into()),
        ("kind", "IstioOperator".into()),
        ("metadata", Yaml::map([("name", name.into()), ("namespace", namespace.into())])),
        ("spec", Yaml::Map(spec.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())),
    ]);
    Manifest { file: "istio.yaml".to_owned(), header: header.map(str::to_owned).to_vec(), body }
}

/// The control plane of a primary.
pub fn primary(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let name = cluster.name.as_str();
    let mut spec = Vec::new();
    let mut values = Vec::new();
    match mesh.revision() {
        Some(revision) => spec.push(("revision", revision.into())),
        // What `istioctl install` adds by itself and `manifest generate` does not: the validator that checks configuration of every revision.
        None => values.push(("defaultRevision".to_owned(), "default".into())),
    }
    // The default profile brings an ingress gateway; the drawing shows none, so there is none.
    let ingress = Yaml::map([("name", "istio-ingressgateway".into()), ("enabled", false.into())]);
    spec.push(("components", Yaml::map([("ingressGateways", Yaml::list([ingress]))])));
    if mesh.topology().trust_domain != DEFAULT_TRUST_DOMAIN {
        spec.push(("meshConfig", Yaml::map([("trustDomain", mesh.topology().trust_domain.as_str().into())])));
    }
    let mut global = vec![
        ("meshID".to_owned(), mesh.topology().mesh_id.as_str().into()),
        ("multiCluster".to_owned(), Yaml::map([("clusterName", name.into())])),
        ("network".to_owned(), mesh.network(cluster).as_str().into()),
    ];
    if mesh.serves_others(cluster) {
        global.push(("externalIstiod".to_owned(), true.into()));
    }
    values.push(("global".to_owned(), Yaml::Map(global)));
    spec.push(("values", Yaml::Map(values)));
    let header = format!("{name}: its control plane.");
    operator(
        "istiod",
        mesh.system_namespace(cluster),
        [&header, "Source: Install Multi-Primary, \"Configure cluster1 as a primary\"."],
        spec,
    )
}

/// The gateway between networks, as `samples/multicluster/gen-eastwest-gateway.sh` prints it.
pub fn eastwest_gateway(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let network = mesh.network(cluster).as_str();
    let port =
        |name: &str, port: u16| Yaml::map([("name", name.into()), ("port", port.into()), ("targetPort", port.into())]);
    let mut service = vec![(
        "ports".to_owned(),
        Yaml::list([
            port("status-port", 15021),
            port("tls", cluster.east_west.port),
            port("tls-istiod", 15012),
            port("tls-webhook", 15017),
        ]),
    )];
    let ranges = &cluster.east_west.source_ranges;
    if !ranges.is_empty() {
        service.push((
            "loadBalancerSourceRanges".to_owned(),
            Yaml::List(ranges.iter().map(|range| range.as_str().into()).collect()),
        ));
    }
    let mut k8s = vec![(
        "env".to_owned(),
        // Traffic through this gateway is routed inside its network.
        Yaml::list([Yaml::map([("name", "ISTIO_META_REQUESTED_NETWORK_VIEW".into()), ("value", network.into())])]),
    )];
    let annotations = &cluster.east_west.annotations;
    if !annotations.is_empty() {
        let annotations = annotations.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
        k8s.push(("serviceAnnotations".to_owned(), Yaml::Map(annotations)));
    }
    k8s.push(("service".to_owned(), Yaml::Map(service)));
    let mut label = vec![
        ("istio".to_owned(), "eastwestgateway".into()),
        ("app".to_owned(), EASTWEST.into()),
        ("topology.istio.io/network".to_owned(), network.into()),
    ];
    if cluster.east_west.port != crate::topology::EAST_WEST_PORT {
        label.push(("networking.istio.io/gatewayPort".to_owned(), cluster.east_west.port.to_string().into()));
    }
    let gateway = Yaml::map([
        ("name", EASTWEST.into()),
        ("label", Yaml::Map(label)),
        ("enabled", true.into()),
        ("k8s", Yaml::Map(k8s)),
    ]);
    let mut spec = Vec::new();
    if let Some(revision) = mesh.revision() {
        spec.push(("revision", revision.into()));
    }
    spec.push(("profile", "empty".into()));
    spec.push(("components", Yaml::map([("ingressGateways", Yaml::list([gateway]))])));
    spec.push((
        "values",
        Yaml::map([
            ("gateways", Yaml::map([("istio-ingressgateway", Yaml::map([("injectionTemplate", "gateway".into())]))])),
            ("global", Yaml::map([("network", network.into())])),
        ]),
    ));
    let header = format!("{}: the gateway through which other networks enter {network}.", cluster.name);
    operator(
        "eastwest",
        mesh.system_namespace(cluster),
        [&header, "Source: samples/multicluster/gen-eastwest-gateway.sh."],
        spec,
    )
}

/// Lets the services of the mesh in at the gateways between networks, as `samples/multicluster/expose-services.yaml` does.
pub fn expose_services(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let port =
        Yaml::map([("number", cluster.east_west.port.into()), ("name", "tls".into()), ("protocol", "TLS".into())]);
    let server = Yaml::map([
        ("port", port),
        ("tls", Yaml::map([("mode", "AUTO_PASSTHROUGH".into())])),
        ("hosts", Yaml::list(["*.local".into()])),
    ]);
    let header = format!(
        "{}: lets the mesh's services in from other networks; only callers with a certificate of the mesh get through.",
        cluster.name
    );
    Manifest::new(
        mesh,
        "gateway.yaml",
        [&header, "Source: samples/multicluster/expose-services.yaml."],
        "networking.istio.io/v1",
        "Gateway",
        Meta::namespaced(mesh.system_namespace(cluster), "cross-network-gateway"),
        vec![(
            "spec",
            Yaml::map([
                ("selector", Yaml::map([("istio", "eastwestgateway".into())])),
                ("servers", Yaml::list([server])),
            ]),
        )],
    )
}

/// The mutating webhook configuration that injects proxies (research: Istio 1.30.3 charts).
pub fn injector(mesh: &Mesh, namespace: &str) -> String {
    let mut name = "istio-sidecar-injector".to_owned();
    if let Some(revision) = mesh.revision() {
        name = format!("{name}-{revision}");
    }
    if namespace != ISTIO_SYSTEM {
        name = format!("{name}-{namespace}");
    }
    name
}

/// The validating webhook configuration that checks Istio's configuration (research: Istio 1.30.3 charts).
pub fn validator(mesh: &Mesh, namespace: &str) -> String {
    mesh.revision().map_or_else(
        || format!("istio-validator-{namespace}"),
        |revision| format!("istio-validator-{revision}-{namespace}"),
    )
}

/// The deployment of istiod.
pub fn istiod_deployment(mesh: &Mesh) -> String {
    mesh.revision().map_or_else(|| "istiod".to_owned(), |revision| format!("istiod-{revision}"))
}
