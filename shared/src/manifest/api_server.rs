//! An API server that others dial by way of its cluster's gateway between networks (seed 004, "API server access").

use super::expose::networking;
use super::{Manifest, Meta};
use crate::mesh::Mesh;
use crate::topology::{API_SERVER_NAME, API_SERVER_PORT, Cluster};
use crate::yaml::Yaml;

const SOURCE: &str =
    "Source: Install Istio with an External Control Plane, \"API server access\": the east-west gateway enables it.";

/// The name by which others ask for the API server, and which its certificate holds.
pub fn api_server_name(cluster: &Cluster) -> &str {
    cluster.api_server.as_ref().and_then(|api| api.tls_server_name.as_deref()).unwrap_or(API_SERVER_NAME)
}

/// Lets the API server in at the gateway, on a port of its own: by its name, TLS passed through as it is, so that callers see
/// the API server's own certificate and it sees their token.
pub fn expose_api_server(mesh: &Mesh, cluster: &Cluster) -> Vec<Manifest> {
    let name = "api-server";
    let host = api_server_name(cluster);
    let port =
        Yaml::map([("number", API_SERVER_PORT.into()), ("name", "tls-api-server".into()), ("protocol", "TLS".into())]);
    let server = Yaml::map([
        ("port", port),
        ("tls", Yaml::map([("mode", "PASSTHROUGH".into())])),
        ("hosts", Yaml::list([host.into()])),
    ]);
    let gateway =
        Yaml::map([("selector", Yaml::map([("istio", "eastwestgateway".into())])), ("servers", Yaml::list([server]))]);
    let destination = Yaml::map([
        ("host", "kubernetes.default.svc.cluster.local".into()),
        ("port", Yaml::map([("number", 443.into())])),
    ]);
    let matching = Yaml::map([("port", API_SERVER_PORT.into()), ("sniHosts", Yaml::list([host.into()]))]);
    let tls = Yaml::map([
        ("match", Yaml::list([matching])),
        ("route", Yaml::list([Yaml::map([("destination", destination)])])),
    ]);
    let route = Yaml::map([
        ("hosts", Yaml::list([host.into()])),
        ("gateways", Yaml::list([name.into()])),
        ("tls", Yaml::list([tls])),
    ]);
    let object = |file: &str, header: &str, kind: &str, spec: Yaml| {
        let header = format!("{}: {header}", cluster.name);
        let meta = Meta::namespaced(mesh.system_namespace(cluster), name);
        Manifest::new(mesh, file, [&header, SOURCE], networking(mesh), kind, meta, vec![("spec", spec)])
    };
    vec![
        object("gateway.yaml", "the port at which its API server is dialled by istiods elsewhere.", "Gateway", gateway),
        object("virtual-service.yaml", "leads that port to its API server.", "VirtualService", route),
    ]
}
