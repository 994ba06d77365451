//! Pointers to gateways that istiod cannot see: those behind an address translation.

use std::net::IpAddr;

use super::{EASTWEST, Manifest, Meta};
use crate::mesh::Mesh;
use crate::topology::Cluster;
use crate::yaml::Yaml;

/// Tells the istiod that reads the configuration of cluster `at` where the gateway of `cluster` is dialled.
///
/// A `Gateway` of class `istio-remote`: nothing is deployed for it, and only an istiod's own config cluster is read for it
/// (`pilot/pkg/serviceregistry/kube/controller/network.go`).
pub fn pointer(mesh: &Mesh, at: &Cluster, cluster: &Cluster) -> Manifest {
    let gateway = &cluster.east_west;
    let address = |address: &String| {
        let kind = if address.parse::<IpAddr>().is_ok() { "IPAddress" } else { "Hostname" };
        Yaml::map([("type", kind.into()), ("value", address.as_str().into())])
    };
    // What makes the listener one between networks, whatever its port.
    let options = Yaml::map([("gateway.istio.io/listener-protocol", "auto-passthrough".into())]);
    let listener = Yaml::map([
        ("name", "cross-network".into()),
        ("hostname", "*.local".into()),
        ("port", gateway.port.into()),
        ("protocol", "TLS".into()),
        ("tls", Yaml::map([("mode", "Passthrough".into()), ("options", options)])),
    ]);
    let spec = Yaml::map([
        ("gatewayClassName", "istio-remote".into()),
        ("addresses", Yaml::List(gateway.addresses.iter().map(address).collect())),
        ("listeners", Yaml::list([listener])),
    ]);
    let name = &cluster.name;
    let network = mesh.network(cluster).as_str();
    let header = format!("{}: tells its istiod where the gateway of {name} is dialled from other networks.", at.name);
    let source = "Source: the class `istio-remote` in Istio's own code; no page of istio.io describes it.";
    let meta = Meta::namespaced(mesh.system_namespace(at), &format!("{EASTWEST}-{name}"))
        .label("topology.istio.io/network", network);
    let file = format!("{name}.yaml");
    let api = "gateway.networking.k8s.io/v1";
    Manifest::new(mesh, &file, [&header, source], api, "Gateway", meta, vec![("spec", spec)])
}
