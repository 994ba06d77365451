//! Writing a topology: fields that have their default are left out.

use super::{
    API_VERSION, AddressKind, ApiServer, CaSource, Cluster, DEFAULT_EXTERNAL_NAMESPACE, DEFAULT_TRUST_DOMAIN,
    EAST_WEST_PORT, EastWest, Entry, Expose, Gateway, GatewayApi, GatewayKind, Installer, Role, Topology, Via,
};
use crate::name::NetworkName;
use crate::sorted;
use crate::yaml::{Yaml, emit};

/// A mapping that is filled field by field.
struct Fields(Vec<(String, Yaml)>);

impl Fields {
    fn new() -> Self {
        Fields(Vec::new())
    }

    fn put(&mut self, field: &str, value: Yaml) {
        self.0.push((field.to_owned(), value));
    }

    fn text(&mut self, field: &str, text: &str) {
        self.put(field, text.into());
    }

    /// Writes a text that is not the default.
    fn other(&mut self, field: &str, text: &str, default: &str) {
        if text != default {
            self.text(field, text);
        }
    }

    fn optional(&mut self, field: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(field, text);
        }
    }

    fn list(&mut self, field: &str, items: Vec<Yaml>) {
        if !items.is_empty() {
            self.put(field, Yaml::List(items));
        }
    }

    fn texts(&mut self, field: &str, texts: &[String]) {
        self.list(field, texts.iter().map(|text| text.as_str().into()).collect());
    }

    fn done(self) -> Yaml {
        Yaml::Map(self.0)
    }
}

/// Writes the document.
pub(super) fn document(topology: &Topology) -> String {
    let mut istio = Fields::new();
    istio.text("version", &topology.istio.version);
    istio.text("installer", installer(topology.istio.installer));
    istio.other("revision", &topology.istio.revision, "");
    let mut spec = Fields::new();
    spec.text("meshId", &topology.mesh_id);
    spec.other("trustDomain", &topology.trust_domain, DEFAULT_TRUST_DOMAIN);
    spec.put("istio", istio.done());
    spec.put("clusters", Yaml::List(topology.clusters.iter().map(cluster).collect()));
    spec.list("gateways", topology.gateways.iter().map(gateway).collect());
    if topology.sample {
        spec.put("sample", true.into());
    }
    emit(&Yaml::map([
        ("apiVersion", API_VERSION.into()),
        ("kind", "Topology".into()),
        ("metadata", Yaml::map([("name", topology.name.as_str().into())])),
        ("spec", spec.done()),
    ]))
}

fn installer(installer: Installer) -> &'static str {
    match installer {
        Installer::Istioctl => "istioctl",
        Installer::Helm => "helm",
    }
}

fn cluster(cluster: &Cluster) -> Yaml {
    let mut out = Fields::new();
    out.text("name", cluster.name.as_str());
    out.optional("network", cluster.network.as_ref().map(NetworkName::as_str));
    out.text("role", cluster.role.word());
    match &cluster.role {
        Role::Primary { entry } => put_entry(&mut out, entry),
        Role::Remote { control_plane } => out.other("controlPlane", control_plane.as_str(), ""),
        Role::External { config, entry, namespace } => {
            out.other("config", config.as_str(), "");
            out.other("namespace", namespace, DEFAULT_EXTERNAL_NAMESPACE);
            put_entry(&mut out, entry);
        }
    }
    out.optional("context", cluster.context.as_deref());
    if let Some(api) = &cluster.api_server {
        out.put("apiServer", api_server(api));
    }
    out.texts("podCIDRs", &cluster.pod_cidrs);
    out.texts("serviceCIDRs", &cluster.service_cidrs);
    if cluster.east_west != EastWest::default() {
        out.put("eastWest", east_west(&cluster.east_west));
    }
    out.done()
}

fn put_entry(out: &mut Fields, entry: &Entry) {
    if let Entry::Host { host, credential } = entry {
        let entry = [("host", host.as_str().into()), ("credential", credential.as_str().into())];
        out.put("entry", Yaml::map(entry));
    }
}

fn api_server(api: &ApiServer) -> Yaml {
    let mut out = Fields::new();
    out.other("url", &api.url, "");
    out.optional("tlsServerName", api.tls_server_name.as_deref());
    if api.ca == CaSource::Kubeconfig {
        out.text("ca", "kubeconfig");
    }
    if api.via == Via::EastWest {
        out.text("via", "eastWest");
    }
    out.done()
}

fn east_west(east_west: &EastWest) -> Yaml {
    let mut out = Fields::new();
    match east_west.expose {
        None => {}
        Some(Expose::LoadBalancer) => out.text("expose", "loadBalancer"),
        Some(Expose::NodePort) => out.text("expose", "nodePort"),
        Some(Expose::Nat) => out.text("expose", "nat"),
    }
    if east_west.address_kind == AddressKind::Hostname {
        out.text("addressKind", "hostname");
    }
    out.texts("addresses", &east_west.addresses);
    if east_west.port != EAST_WEST_PORT {
        out.put("port", east_west.port.into());
    }
    let annotations = sorted::map(east_west.annotations.iter().cloned());
    if !annotations.is_empty() {
        out.put("annotations", Yaml::Map(annotations.into_iter().map(|(key, value)| (key, value.into())).collect()));
    }
    out.texts("sourceRanges", &east_west.source_ranges);
    out.done()
}

fn gateway(gateway: &Gateway) -> Yaml {
    let mut out = Fields::new();
    out.text("cluster", gateway.cluster.as_str());
    out.text(
        "kind",
        match gateway.kind {
            GatewayKind::Ingress => "ingress",
            GatewayKind::Egress => "egress",
        },
    );
    out.text(
        "api",
        match gateway.api {
            GatewayApi::Istio => "istio",
            GatewayApi::GatewayApi => "gateway-api",
        },
    );
    out.optional("installer", gateway.installer.map(installer));
    out.done()
}
