//! The `IstioOperator` files that Istio is installed from.

use super::Manifest;
use super::names::{injector, istiod_deployment, validator};
use crate::fact::GatewayName;
use crate::hole::{Filling, Hole};
use crate::mesh::{ISTIO_SYSTEM, Mesh};
use crate::release::Feature;
use crate::topology::{
    API_SERVER_PORT, Cluster, DEFAULT_TRUST_DOMAIN, EAST_WEST_PORT, Entry, Expose, NODE_SELECTOR, Role,
};
use crate::yaml::Yaml;

/// The name of the gateway between networks, on which the selectors of Istio's samples rely.
pub const EASTWEST: &str = "istio-eastwestgateway";

/// The name of Istio's ingress gateway, which stands in front of an external istiod too.
pub const INGRESS: &str = "istio-ingressgateway";

/// An `IstioOperator` file: an input of `istioctl`, not an object of the API server.
///
/// It has a name and a namespace since `istioctl install`, which readers of the runbook do run, otherwise prunes what other files installed.
pub(super) fn operator(name: &str, namespace: &str, header: [&str; 2], spec: Vec<(&str, Yaml)>) -> Manifest {
    let body = Yaml::map([
        ("apiVersion", "install.istio.io/v1alpha1".into()),
        ("kind", "IstioOperator".into()),
        ("metadata", Yaml::map([("name", name.into()), ("namespace", namespace.into())])),
        ("spec", entries(spec)),
    ]);
    Manifest { file: "istio.yaml".to_owned(), header: header.map(str::to_owned).to_vec(), body }
}

/// A map of entries that were gathered one by one.
pub(super) fn entries(entries: Vec<(&str, Yaml)>) -> Yaml {
    Yaml::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Where an istiod is dialled by those it serves: its host name, or a hole for its gateway's address.
fn entry_address(mesh: &Mesh, istiod: &Cluster) -> String {
    match mesh.entry(istiod) {
        Entry::Host { host, .. } => host.clone(),
        Entry::LoadBalancer => Hole::new(Filling::Address(entry_gateway(istiod)), &istiod.name).text(),
    }
}

/// The gateway through which an istiod is reached by those it serves.
pub fn entry_gateway(istiod: &Cluster) -> GatewayName {
    match istiod.role {
        Role::External { .. } => GatewayName::ControlPlane,
        Role::Primary { .. } | Role::Remote { .. } => GatewayName::EastWest,
    }
}

/// Says whether an istiod is reached by a host name, with a certificate that its gateway presents.
fn has_host(mesh: &Mesh, istiod: &Cluster) -> bool {
    matches!(mesh.entry(istiod), Entry::Host { .. })
}

/// The mesh's own configuration: trust domain, and where proxies find an istiod that is dialled by a host name.
fn mesh_config(mesh: &Mesh, istiod: &Cluster) -> Vec<(&'static str, Yaml)> {
    let mut config = Vec::new();
    if mesh.topology().trust_domain != DEFAULT_TRUST_DOMAIN {
        config.push(("trustDomain", mesh.topology().trust_domain.as_str().into()));
    }
    let external = matches!(istiod.role, Role::External { .. });
    if external {
        config.push(("rootNamespace", mesh.system_namespace(istiod).into()));
    }
    if external || (mesh.serves_others(istiod) && has_host(mesh, istiod)) {
        let address = entry_address(mesh, istiod);
        let mut defaults = vec![("discoveryAddress", format!("{address}:15012").into())];
        if has_host(mesh, istiod) {
            let bundle = "/etc/ssl/certs/ca-certificates.crt";
            defaults
                .push(("proxyMetadata", Yaml::map([("XDS_ROOT_CA", bundle.into()), ("CA_ROOT_CA", bundle.into())])));
        }
        config.push(("defaultConfig", entries(defaults)));
    }
    config
}

/// The revision that checks configuration which names none, where this cluster keeps configuration and no revision is set.
///
/// It is what `istioctl install` adds by itself and `manifest generate` does not.
pub(super) fn default_revision(mesh: &Mesh, cluster: &Cluster) -> Option<&'static str> {
    let keeps_configuration = mesh.config_of(mesh.istiod_of(cluster)).name == cluster.name;
    let wanted = mesh.revision().is_none() && keeps_configuration && mesh.has(Feature::DefaultValidator);
    wanted.then_some("default")
}

/// The control plane of a primary.
pub(super) fn primary(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    if !mesh.has(Feature::EastWestGateway) {
        return super::legacy::primary(mesh, cluster);
    }
    let mut spec = Vec::new();
    spec.extend(mesh.revision().map(|revision| ("revision", revision.into())));
    spec.push(no_ingress());
    let (config, rest): (Vec<_>, Vec<_>) =
        primary_values(mesh, cluster).into_iter().partition(|(key, _)| *key == "meshConfig");
    spec.extend(config);
    let mut values = Vec::new();
    values.extend(default_revision(mesh, cluster).map(|revision| ("defaultRevision", revision.into())));
    values.extend(rest);
    spec.push(("values", entries(values)));
    let header = format!("{}: its control plane.", cluster.name);
    let source = "Source: Install Multi-Primary, \"Configure cluster1 as a primary\".";
    operator("istiod", mesh.system_namespace(cluster), [&header, source], spec)
}

/// What both installers are told of a primary: `meshConfig`, where there is something to say, and `global`.
pub(super) fn primary_values(mesh: &Mesh, cluster: &Cluster) -> Vec<(&'static str, Yaml)> {
    let mut values = Vec::new();
    let config = mesh_config(mesh, cluster);
    if !config.is_empty() {
        values.push(("meshConfig", entries(config)));
    }
    let mut global = vec![
        ("meshID", mesh.topology().mesh_id.as_str().into()),
        ("multiCluster", Yaml::map([("clusterName", cluster.name.as_str().into())])),
        ("network", mesh.network(cluster).as_str().into()),
    ];
    if mesh.serves_others(cluster) && mesh.has(Feature::SoleControlPlane) {
        global.push(("externalIstiod", true.into()));
        if has_host(mesh, cluster) {
            global.push(("caAddress", format!("{}:15012", entry_address(mesh, cluster)).into()));
        }
    }
    values.push(("global", entries(global)));
    values
}

/// The default profile brings an ingress gateway; the drawing shows none in the control plane, so there is none.
fn no_ingress() -> (&'static str, Yaml) {
    let ingress = Yaml::map([("name", INGRESS.into()), ("enabled", false.into())]);
    ("components", Yaml::map([("ingressGateways", Yaml::list([ingress]))]))
}

/// A remote that injects and signs by itself and is told by the istiod elsewhere what its proxies need: the default profile
/// with another discovery address (seeds 002 and 003; istio.io, issue 9618).
fn self_injecting_remote(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let istiod = mesh.istiod_of(cluster);
    let mut spec = Vec::new();
    if let Some(revision) = mesh.revision() {
        spec.push(("revision", revision.into()));
    }
    spec.push(("profile", "remote".into()));
    spec.push(no_ingress());
    let config = mesh_config(mesh, cluster);
    if !config.is_empty() {
        spec.push(("meshConfig", entries(config)));
    }
    let global = Yaml::map([
        ("meshID", mesh.topology().mesh_id.as_str().into()),
        ("multiCluster", Yaml::map([("clusterName", cluster.name.as_str().into())])),
        ("network", mesh.network(cluster).as_str().into()),
        ("remotePilotAddress", entry_address(mesh, istiod).into()),
    ]);
    spec.push(("values", Yaml::map([("global", global)])));
    let header = format!(
        "{}: a remote, which injects by itself and is configured by the istiod of {}.",
        cluster.name, istiod.name
    );
    operator("remote", mesh.system_namespace(cluster), [&header, "Source: Install Primary-Remote, Istio 1.12."], spec)
}

/// A member that is served from elsewhere: webhooks that ask the istiod there, accounts it reads with, and on its config cluster the CRDs.
pub(super) fn remote(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    if !mesh.has(Feature::EastWestGateway) {
        return super::legacy::remote(mesh, cluster);
    }
    if mesh.injects_itself(cluster) {
        return self_injecting_remote(mesh, cluster);
    }
    let istiod = mesh.istiod_of(cluster);
    let mut spec = Vec::new();
    spec.extend(mesh.revision().map(|revision| ("revision", revision.into())));
    spec.push(("profile", "remote".into()));
    let mut values = remote_values(mesh, cluster);
    if let Some(revision) = default_revision(mesh, cluster) {
        let after_global = values.iter().take_while(|(key, _)| *key == "global").count();
        values.insert(after_global, ("defaultRevision", revision.into()));
    }
    spec.push(("values", entries(values)));
    let header = format!("{}: a remote, served by the istiod of {}.", cluster.name, istiod.name);
    let source =
        "Source: Install Primary-Remote; Install Istio with an External Control Plane, \"Set up the remote cluster\".";
    operator("remote", mesh.system_namespace(cluster), [&header, source], spec)
}

/// What both installers are told of a remote: where its istiod is dialled and, on a config cluster, what configuration needs.
pub(super) fn remote_values(mesh: &Mesh, cluster: &Cluster) -> Vec<(&'static str, Yaml)> {
    let istiod = mesh.istiod_of(cluster);
    let namespace = mesh.system_namespace(cluster);
    let keeps_configuration = mesh.config_of(istiod).name == cluster.name;
    let address = entry_address(mesh, istiod);
    let path = format!("/inject/cluster/{}/net/{}", cluster.name, mesh.network(cluster));
    let mut values = Vec::new();
    let mut global = Vec::new();
    if namespace != ISTIO_SYSTEM {
        global.push(("istioNamespace", namespace.into()));
    }
    if keeps_configuration {
        global.push(("configCluster", true.into()));
        values.push(("pilot", Yaml::map([("configMap", true.into())])));
    }
    let injection = if has_host(mesh, istiod) {
        if keeps_configuration {
            let url = format!("https://{address}:15017/validate");
            values.push(("base", Yaml::map([("validationURL", url.into())])));
        }
        ("injectionURL", format!("https://{address}:15017{path}"))
    } else {
        global.push(("remotePilotAddress", address.into()));
        ("injectionPath", path)
    };
    if !global.is_empty() {
        values.insert(0, ("global", entries(global)));
    }
    values.push(("istiodRemote", Yaml::map([(injection.0, injection.1.into())])));
    values
}

/// The istiod of an external control plane, which reads its configuration from the config cluster (seed 004).
pub fn external(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let namespace = mesh.system_namespace(cluster);
    let config = mesh.config_of(cluster);
    let with_revision =
        |name: &str| mesh.revision().map_or_else(|| name.to_owned(), |revision| format!("{name}-{revision}"));
    let (deployment, shared) = (istiod_deployment(mesh), with_revision("istio"));
    let volume = |name: &str, config_map: &str| format!("name: {name}\nconfigMap:\n  name: {config_map}");
    let mount = |name: &str, path: &str| format!("name: {name}\nmountPath: {path}");
    let patch = |path: &str, value: String| Yaml::map([("path", path.into()), ("value", value.into())]);
    let patches = Yaml::list([
        patch("spec.template.spec.volumes[100]", volume("config-volume", &shared)),
        patch("spec.template.spec.volumes[100]", volume("inject-volume", &with_revision("istio-sidecar-injector"))),
        patch("spec.template.spec.containers[0].volumeMounts[100]", mount("config-volume", "/etc/istio/config")),
        patch("spec.template.spec.containers[0].volumeMounts[100]", mount("inject-volume", "/var/lib/istio/inject")),
    ]);
    // Behind a host name the gateway presents a certificate of its own, so istiod must not write its own into the webhooks.
    let webhook = |name: String| if has_host(mesh, cluster) { String::new() } else { name };
    let env = [
        ("INJECTION_WEBHOOK_CONFIG_NAME", webhook(injector(mesh, namespace))),
        ("VALIDATION_WEBHOOK_CONFIG_NAME", webhook(validator(mesh, namespace))),
        ("EXTERNAL_ISTIOD", "true".to_owned()),
        ("LOCAL_CLUSTER_SECRET_WATCHER", "true".to_owned()),
        // The control plane goes by the name of its config cluster.
        ("CLUSTER_ID", config.name.to_string()),
        ("SHARED_MESH_CONFIG", shared),
    ];
    let env = env.map(|(name, value)| Yaml::map([("name", name.into()), ("value", value.into())]));
    let overlay = Yaml::map([("kind", "Deployment".into()), ("name", deployment.into()), ("patches", patches)]);
    let k8s = Yaml::map([("overlays", Yaml::list([overlay])), ("env", Yaml::list(env))]);
    let pilot = Yaml::map([("enabled", true.into()), ("k8s", k8s)]);
    let global = Yaml::map([
        ("caAddress", format!("{}:15012", entry_address(mesh, cluster)).into()),
        ("istioNamespace", namespace.into()),
        ("operatorManageWebhooks", true.into()),
        ("configValidation", false.into()),
        ("meshID", mesh.topology().mesh_id.as_str().into()),
        ("multiCluster", Yaml::map([("clusterName", config.name.as_str().into())])),
        ("network", mesh.network(config).as_str().into()),
    ]);
    let mut spec = Vec::new();
    if let Some(revision) = mesh.revision() {
        spec.push(("revision", revision.into()));
    }
    spec.push(("profile", "empty".into()));
    spec.push(("meshConfig", entries(mesh_config(mesh, cluster))));
    spec.push(("components", Yaml::map([("pilot", pilot)])));
    spec.push(("values", Yaml::map([("global", global)])));
    let header = format!("{}: the control plane of the mesh whose configuration {} holds.", cluster.name, config.name);
    let source =
        "Source: Install Istio with an External Control Plane, \"Set up the control plane in the external cluster\".";
    operator("external-istiod", namespace, [&header, source], spec)
}

/// The gateway in front of an external istiod: a default installation of its own, whose istiod programs nothing but this gateway (seed 004).
pub fn controlplane_gateway(cluster: &Cluster) -> Manifest {
    let port =
        |port: u16, name: &str| Yaml::map([("port", port.into()), ("targetPort", port.into()), ("name", name.into())]);
    let open = Yaml::list([port(15021, "status-port"), port(15012, "tls-xds"), port(15017, "tls-webhook")]);
    let gateway =
        Yaml::map([("name", INGRESS.into()), ("enabled", true.into()), ("k8s", service(cluster, open, Vec::new()))]);
    let header = format!("{}: the gateway through which the mesh reaches its istiod.", cluster.name);
    let source = "Source: Install Istio with an External Control Plane, \"Set up a Gateway in the external cluster\".";
    let spec = vec![
        ("components", Yaml::map([("ingressGateways", Yaml::list([gateway]))])),
        ("values", Yaml::map([("defaultRevision", "default".into())])),
    ];
    operator("controlplane-gateway", ISTIO_SYSTEM, [&header, source], spec)
}

/// The annotations of a gateway's Service: as drawn, and behind node ports the one by which istiod finds the nodes.
pub(super) fn service_annotations(cluster: &Cluster) -> Vec<(String, String)> {
    let mut annotations = cluster.east_west.annotations.clone();
    let is_drawn = annotations.iter().any(|(key, _)| key == NODE_SELECTOR);
    if cluster.east_west.front() == Expose::NodePort && !is_drawn {
        // Every node; without the annotation istiod does not see the gateway at all (research: 1.2).
        annotations.push((NODE_SELECTOR.to_owned(), "{}".to_owned()));
    }
    annotations
}

/// The ports of a gateway between networks.
pub(super) fn eastwest_ports(cluster: &Cluster) -> Yaml {
    let port = |name: &str, port: u16| {
        // A proxy that is not root cannot listen below 1024, and `istioctl` refuses to render it; istiod knows the port behind the Service's.
        let target = if port < 1024 { EAST_WEST_PORT } else { port };
        Yaml::map([("name", name.into()), ("port", port.into()), ("targetPort", target.into())])
    };
    let mut ports = vec![
        port("status-port", 15021),
        port("tls", cluster.east_west.port),
        port("tls-istiod", 15012),
        port("tls-webhook", 15017),
    ];
    if cluster.api_server_by_gateway() {
        ports.push(port("tls-api-server", API_SERVER_PORT));
    }
    Yaml::List(ports)
}

/// The Kubernetes settings of a gateway: its ports, and what the drawing says of its Service.
fn service(cluster: &Cluster, ports: Yaml, mut k8s: Vec<(&str, Yaml)>) -> Yaml {
    let mut service = vec![("ports", ports)];
    let ranges = &cluster.east_west.source_ranges;
    if !ranges.is_empty() {
        service
            .push(("loadBalancerSourceRanges", Yaml::List(ranges.iter().map(|range| range.as_str().into()).collect())));
    }
    if cluster.east_west.front() == Expose::NodePort {
        service.insert(0, ("type", "NodePort".into()));
    }
    let annotations = service_annotations(cluster);
    if !annotations.is_empty() {
        let annotations = annotations.into_iter().map(|(key, value)| (key, value.into())).collect();
        k8s.push(("serviceAnnotations", Yaml::Map(annotations)));
    }
    k8s.push(("service", entries(service)));
    entries(k8s)
}

/// The gateway between networks, as `samples/multicluster/gen-eastwest-gateway.sh` prints it.
pub(super) fn eastwest_gateway(mesh: &Mesh, cluster: &Cluster) -> Manifest {
    let network = mesh.network(cluster).as_str();
    let namespace = mesh.system_namespace(cluster);
    let variable = |name: &str, value: &str| Yaml::map([("name", name.into()), ("value", value.into())]);
    // Traffic through this gateway is routed inside its network.
    let mut env = vec![variable("ISTIO_META_REQUESTED_NETWORK_VIEW", network)];
    if !mesh.has(Feature::GatewayInjection) {
        env.insert(0, variable("ISTIO_META_ROUTER_MODE", "sni-dnat"));
    }
    let mut label = vec![("istio", "eastwestgateway".into()), ("app", EASTWEST.into())];
    // Behind an address translation the Service's own address is not the one to dial: without the label istiod does not
    // take it, and a pointer names the other (`pilot/pkg/serviceregistry/kube/controller/network.go`).
    let is_seen = cluster.east_west.front() != Expose::Nat;
    if is_seen {
        label.push(("topology.istio.io/network", network.into()));
    }
    if is_seen && cluster.east_west.port != EAST_WEST_PORT {
        label.push(("networking.istio.io/gatewayPort", cluster.east_west.port.to_string().into()));
    }
    let mut gateway = Vec::new();
    let mut global = Vec::new();
    if namespace != ISTIO_SYSTEM {
        gateway.push(("namespace", namespace.into()));
        global.push(("istioNamespace", namespace.into()));
    }
    global.push(("network", network.into()));
    gateway.extend([
        ("name", EASTWEST.into()),
        ("label", entries(label)),
        ("enabled", true.into()),
        ("k8s", service(cluster, eastwest_ports(cluster), vec![("env", Yaml::List(env))])),
    ]);
    let mut spec = Vec::new();
    if let Some(revision) = mesh.revision() {
        spec.push(("revision", revision.into()));
    }
    spec.push(("profile", "empty".into()));
    spec.push(("components", Yaml::map([("ingressGateways", Yaml::list([entries(gateway)]))])));
    let mut values = Vec::new();
    if mesh.has(Feature::GatewayInjection) {
        let injected = Yaml::map([(INGRESS, Yaml::map([("injectionTemplate", "gateway".into())]))]);
        values.push(("gateways", injected));
    } else {
        global.push(("meshID", mesh.topology().mesh_id.as_str().into()));
        global.push(("multiCluster", Yaml::map([("clusterName", cluster.name.as_str().into())])));
    }
    values.push(("global", entries(global)));
    spec.push(("values", entries(values)));
    let header = format!("{}: the gateway through which other networks enter {network}.", cluster.name);
    operator("eastwest", namespace, [&header, "Source: samples/multicluster/gen-eastwest-gateway.sh."], spec)
}
