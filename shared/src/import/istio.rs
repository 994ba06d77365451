//! `IstioOperator` files and the values of Istio's charts: the same values, in the one below `spec.values`.
//!
//! Sources: Install Multi-Primary, Install Primary-Remote, Install Istio with an External Control Plane; `manifests/charts` of the Istio module.

use super::sheet::{Sheet, title};
use super::{Imported, Kind, NETWORK, Part, Unread, name, network};
use crate::mesh::ISTIO_SYSTEM;
use crate::topology::{Cluster, DEFAULT_EXTERNAL_NAMESPACE, Entry, Gateway, GatewayApi, GatewayKind, Role};
use crate::yaml::Node;

/// What follows from a cluster's role, and is written anew with the bundle.
const FOLLOWS: [&str; 9] = [
    "global.externalIstiod",
    "global.configCluster",
    "global.caAddress",
    "global.operatorManageWebhooks",
    "global.configValidation",
    "pilot.configMap",
    "base.validationURL",
    "defaultRevision",
    "istiodRemote.enabled",
];

/// Reads a document. Paths of an operator's own begin with `own`, those of values with `values`.
pub(super) fn read(sheet: &mut Sheet, own: &str, values: &str, imported: &mut Imported) {
    sheet.mark("", &["apiVersion", "kind", "metadata.name", "metadata.namespace"]);
    sheet.mark(values, &FOLLOWS);
    let profile = sheet.text(own, "profile");
    let named = sheet.text(values, "global.multiCluster.clusterName");
    let on = sheet.text(values, "global.network");
    let path = sheet.text(values, "istiodRemote.injectionPath").or(sheet.text(values, "istiodRemote.injectionURL"));
    let path = path.and_then(|path| path.split_once("/inject/")).map_or("", |(_, path)| path);
    let dialled = sheet.text(values, "global.remotePilotAddress");
    let namespace = sheet.text(values, "global.istioNamespace").unwrap_or(ISTIO_SYSTEM);
    let config = environment(sheet, values, "CLUSTER_ID");
    let outside = environment(sheet, values, "EXTERNAL_ISTIOD").is_some_and(|value| value == "true");
    let is_remote = profile == Some("remote") || dialled.is_some();
    let external = config.filter(|_| outside && !is_remote && namespace != ISTIO_SYSTEM);
    let named = named.or_else(|| part_of(path, "cluster"));
    let on = on.or_else(|| part_of(path, "net")).and_then(network);

    if named.is_none() && external.is_none() && !is_remote && is_about_gateways(sheet.root()) {
        // What leads between networks, and to an istiod, follows from the drawing; of others the file does not say where they are.
        return imported.unread.push(Unread { line: sheet.root().line, field: title(sheet.root()) });
    }
    if imported.kind == Kind::Values && sheet.root().get("global").is_none() && path.is_empty() {
        // The values of the chart `base` hold nothing of a drawing.
        return sheet.unread(&mut imported.unread);
    }

    let whole = &mut imported.mesh;
    let tag = sheet.text(own, "tag").or(sheet.text(values, "global.tag"));
    let trust = sheet.text(own, "meshConfig.trustDomain").or(sheet.text(values, "global.trustDomain"));
    let revision = sheet.text(own, "revision").or(sheet.text(values, "revision"));
    // Of a tag such as 1.31.1-distroless the release counts.
    let tag = tag.map(|tag| tag.trim_start_matches('v').split('-').next().unwrap_or_default());
    for (field, found) in [
        (&mut whole.mesh_id, sheet.text(values, "global.meshID")),
        (&mut whole.trust_domain, trust),
        (&mut whole.version, tag),
        (&mut whole.revision, revision),
    ] {
        if field.is_empty() {
            found.unwrap_or_default().clone_into(field);
        }
    }

    let called = match named.filter(|_| external.is_none()).and_then(name) {
        Some(called) => called.into(),
        None => imported.free_name(if external.is_some() { "external" } else { "cluster" }),
    };
    let mut cluster = Cluster { name: called, ..Cluster::primary("", NETWORK) };
    if let Some(config) = external {
        let address = sheet.text(own, "meshConfig.defaultConfig.discoveryAddress").unwrap_or_default();
        sheet.mark(own, &["meshConfig.rootNamespace", "meshConfig.defaultConfig.proxyMetadata", "components.pilot"]);
        let namespace = name(namespace).unwrap_or_else(|| DEFAULT_EXTERNAL_NAMESPACE.to_owned());
        let config = name(config).unwrap_or_default().into();
        cluster.role = Role::External { config, entry: entry(address), namespace };
        cluster.network = None;
    } else if is_remote {
        cluster.role = Role::Remote { control_plane: "".into() };
    }
    for (kind, path) in
        [(GatewayKind::Ingress, "components.ingressGateways"), (GatewayKind::Egress, "components.egressGateways")]
    {
        let Some(items) = sheet.at(own, path).and_then(Node::items) else { continue };
        let says = |item: &Node, key: &str| item.get(key).and_then(Node::text).unwrap_or_default().to_owned();
        let drawn = |item: &Node| says(item, "enabled") == "true" && !says(item, "name").contains("eastwest");
        if items.iter().any(drawn) {
            let cluster = cluster.name.clone();
            imported.gateways.push(Gateway { cluster, kind, api: GatewayApi::Istio, installer: None });
        }
        for item in items.iter().filter(|item| item.get("k8s").is_some()) {
            imported.unread.push(Unread { line: item.line, field: [own, path, ": k8s"].concat() });
        }
    }
    let has_network = on.is_some();
    if external.is_none() && has_network {
        cluster.network = on;
    }
    imported.add(Part { cluster, has_role: true, has_network });
    sheet.unread(&mut imported.unread);
}

/// Returns a variable of istiod: from the list of an operator's component, or from the map of the charts' values.
fn environment<'a>(sheet: &mut Sheet<'a>, values: &str, variable: &str) -> Option<&'a str> {
    let list =
        sheet.root().get("spec").and_then(|spec| spec.get("components")?.get("pilot")?.get("k8s")?.get("env")?.items());
    let listed = list.unwrap_or_default().iter().find(|item| item.get("name").and_then(Node::text) == Some(variable));
    let listed = listed.and_then(|item| item.get("value")?.text());
    listed.or(sheet.text(values, &["pilot.env.", variable].concat()))
}

/// Takes what stands behind a word of a path: `cluster/NAME/net/NETWORK`.
fn part_of<'a>(path: &'a str, word: &str) -> Option<&'a str> {
    path.split('/').skip_while(|part| *part != word).nth(1)
}

/// Says whether a document is about gateways and nothing else.
fn is_about_gateways(root: &Node) -> bool {
    let spec = root.get("spec");
    let gateways = spec.and_then(|spec| spec.get("components")?.get("ingressGateways")).is_some();
    let empty = spec.and_then(|spec| spec.get("profile")?.text()) == Some("empty");
    gateways || empty || root.get("networkGateway").is_some()
}

/// Says how an istiod is reached, from what proxies dial.
fn entry(address: &str) -> Entry {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let is_name = host.contains('.')
        && host.split('.').all(crate::name::is_label)
        && !host.split('.').all(|part| part.parse::<u8>().is_ok());
    if is_name { Entry::Host { host: host.to_owned(), credential: String::new() } } else { Entry::LoadBalancer }
}

/// Names the secrets that a `Gateway` presents.
pub(super) fn credentials(node: &Node) -> impl Iterator<Item = &str> {
    let servers = Some(node).filter(|node| node.get("kind").and_then(Node::text) == Some("Gateway"));
    let servers = servers.and_then(|node| node.get("spec")?.get("servers")?.items()).unwrap_or_default();
    servers.iter().filter_map(|server| server.get("tls")?.get("credentialName")?.text())
}

/// Gives an external istiod that is reached by a host name the secret that its gateway presents.
pub(super) fn present(imported: &mut Imported, credentials: &[String]) {
    for part in &mut imported.clusters {
        if let (Role::External { entry: Entry::Host { credential, .. }, .. }, Some(found)) =
            (&mut part.cluster.role, credentials.first())
        {
            credential.clone_from(found);
        }
    }
}
