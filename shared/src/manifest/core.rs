//! Kubernetes' own objects: namespaces and the secrets that carry trust and access.

use super::{CACERTS_KEYS, Manifest, Meta};
use crate::fact::GatewayName;
use crate::hole::{Filling, Hole};
use crate::mesh::Mesh;
use crate::release::Feature;
use crate::topology::{API_SERVER_PORT, CaSource, Cluster};
use crate::yaml::{Yaml, emit};

/// The account that istiods elsewhere read a cluster with; every installation of Istio brings it.
const READER: &str = "istio-reader-service-account";

/// The kubeconfig that an external istiod starts with, as `istioctl create-remote-secret --type=config` names it (seed 004).
const CONFIG_SECRET: &str = "istio-kubeconfig";

/// A system namespace, labelled with the member's network so that istiod knows where its endpoints are (seed 000), and
/// annotated with who serves the member, where that is elsewhere and not by way of its own configuration (seed 004).
///
/// The label stands on one-network meshes too, as `istioctl install` writes it when it makes the namespace.
pub fn namespace(mesh: &Mesh, cluster: &Cluster, name: &str, file: &str) -> Manifest {
    let header = format!(
        "{}: the namespace that Istio lives in{}.",
        cluster.name,
        match &cluster.network {
            Some(_) if mesh.has(Feature::NetworkLabel) => ", with the network its pods are on",
            _ => "",
        }
    );
    let mut meta = Meta::cluster_wide(name);
    if let Some(network) = cluster.network.as_ref().filter(|_| mesh.has(Feature::NetworkLabel)) {
        meta = meta.label("topology.istio.io/network", network.as_str());
    }
    if let Some(config) = mesh.managed_by(cluster) {
        meta = meta.annotation("topology.istio.io/controlPlaneClusters", config.name.as_str());
    }
    let source = "Source: Install Multi-Primary on different networks, \"Set the default network\".";
    Manifest::new(mesh, file, [&header, source], "v1", "Namespace", meta, vec![])
}

/// The recipe of a signer's certificates: `isthmus apply --certs` fills it in memory, a person by `kubectl create secret generic`.
pub fn cacerts(mesh: &Mesh, cluster: &Cluster, namespace: &str) -> Manifest {
    let name = &cluster.name;
    let header = format!("{name}: its intermediate certificate authority, under the root that all clusters share.");
    let fillings = [Filling::CaCert, Filling::CaKey, Filling::CertChain, Filling::RootCert];
    let data =
        CACERTS_KEYS.iter().zip(fillings).map(|(&key, part)| (key.to_owned(), Hole::new(part, name).text().into()));
    let recipe =
        "A recipe without keys: they are filled in on their way to the cluster. Source: Plug in CA Certificates.";
    let meta = Meta::namespaced(namespace, "cacerts");
    Manifest::new(
        mesh,
        "cacerts.yaml",
        [&header, recipe],
        "v1",
        "Secret",
        meta,
        vec![("data", Yaml::Map(data.collect()))],
    )
}

/// The account that istiods elsewhere read a cluster with: on a config cluster istiod's own, since that one may also write (seed 004).
fn reader_account(mesh: &Mesh, cluster: &Cluster) -> String {
    if mesh.is_config_of_external(cluster) { super::istiod_deployment(mesh) } else { READER.to_owned() }
}

/// The name of that account's token secret, the one that `istioctl create-remote-secret` makes and looks for.
pub fn token_secret_name(mesh: &Mesh, cluster: &Cluster) -> String {
    format!("{}-istio-remote-secret-token", reader_account(mesh, cluster))
}

/// The token that istiods elsewhere read this cluster with.
pub fn reader_token(mesh: &Mesh, cluster: &Cluster, namespace: &str) -> Manifest {
    let header = format!("{}: a token for the account that istiods of other clusters read it with.", cluster.name);
    let source = "Kubernetes fills it in. Source: istioctl create-remote-secret, which makes the same secret.";
    let account = reader_account(mesh, cluster);
    let meta = Meta::namespaced(namespace, &token_secret_name(mesh, cluster))
        .annotation("kubernetes.io/service-account.name", &account);
    let kind = vec![("type", "kubernetes.io/service-account-token".into())];
    Manifest::new(mesh, "token.yaml", [&header, source], "v1", "Secret", meta, kind)
}

/// The secret that lets one istiod watch another cluster, as `istioctl create-remote-secret` stores it.
///
/// The kubeconfig is made by [`kubeconfig`], once for all istiods that watch the cluster.
pub fn remote_secret(mesh: &Mesh, istiod: &Cluster, watched: &Cluster, kubeconfig: &str) -> Manifest {
    let name = &watched.name;
    let (secret, key) = remote_secret_name(mesh, istiod, watched);
    let header = format!("{}: lets its istiod watch {name}.", istiod.name);
    let recipe =
        "A recipe without the token: it is filled in on its way to the cluster. Source: istioctl create-remote-secret.";
    let mut meta = Meta::namespaced(mesh.system_namespace(istiod), &secret)
        .annotation("networking.istio.io/cluster", name.as_str());
    if secret != CONFIG_SECRET {
        // `istioctl` labels the config secret too; with it an istiod that watches its own cluster's secrets takes the config
        // cluster for a second one called `config` and counts its endpoints twice (seen with Istio 1.31).
        meta = meta.label("istio/multiCluster", "true");
    }
    let data = vec![("stringData", Yaml::map([(key, kubeconfig.into())]))];
    Manifest::new(mesh, &format!("{name}.yaml"), [&header, recipe], "v1", "Secret", meta, data)
}

/// The name of a remote secret, and the key of the kubeconfig in it.
pub fn remote_secret_name(mesh: &Mesh, istiod: &Cluster, watched: &Cluster) -> (String, String) {
    if !mesh.has(Feature::EastWestGateway) {
        return (super::legacy::secret(mesh, watched), super::legacy::registry(mesh, watched));
    }
    if mesh.config_of(istiod).name == watched.name {
        (CONFIG_SECRET.to_owned(), "config".to_owned())
    } else {
        (format!("istio-remote-secret-{}", watched.name), watched.name.to_string())
    }
}

/// What istiods call a cluster, where that is not its name.
pub fn registry(mesh: &Mesh, cluster: &Cluster) -> Option<String> {
    if mesh.has(Feature::EastWestGateway) {
        return None;
    }
    let own = mesh.istiods().any(|istiod| mesh.config_of(istiod).name == cluster.name);
    Some(if own { super::legacy::OWN_REGISTRY.to_owned() } else { super::legacy::registry(mesh, cluster) })
}

/// The kubeconfig in a remote secret; keys in the order in which `istioctl` writes them, every name the cluster's.
pub fn kubeconfig(watched: &Cluster) -> String {
    let name = watched.name.as_str();
    let hole = |filling| Yaml::Text(Hole::new(filling, &watched.name).text());
    let mut cluster =
        vec![("certificate-authority-data".to_owned(), hole(Filling::TokenCa)), ("server".to_owned(), server(watched))];
    let by_gateway = watched.api_server_by_gateway().then(|| super::api_server_name(watched));
    let drawn = watched.api_server.as_ref().and_then(|api| api.tls_server_name.as_deref());
    if let Some(server_name) = drawn.or(by_gateway) {
        cluster.push(("tls-server-name".to_owned(), server_name.into()));
    }
    let named = |key: &str, value: Yaml| Yaml::list([Yaml::map([(key, value), ("name", name.into())])]);
    let user = Yaml::map([("token", hole(Filling::Token))]);
    emit(&Yaml::map([
        ("apiVersion", "v1".into()),
        ("clusters", named("cluster", Yaml::Map(cluster))),
        ("contexts", named("context", Yaml::map([("cluster", name.into()), ("user", name.into())]))),
        ("current-context", name.into()),
        ("kind", "Config".into()),
        ("users", Yaml::list([Yaml::map([("name", name.into()), ("user", user)])])),
    ]))
}

/// What others dial: as drawn or known to the kubeconfig, or the gateway that leads to it.
fn server(watched: &Cluster) -> Yaml {
    let drawn = watched.api_server.as_ref().is_some_and(|api| !api.url.is_empty());
    if watched.api_server_by_gateway() && !drawn {
        let address = Hole::new(Filling::Address(GatewayName::EastWest), &watched.name).text();
        return Yaml::Text(format!("https://{address}:{API_SERVER_PORT}"));
    }
    Yaml::Text(Hole::new(Filling::ApiServer, &watched.name).text())
}

/// Says whether remote secrets for a cluster carry the kubeconfig's certificate authority.
pub fn ca_from_kubeconfig(cluster: &Cluster) -> bool {
    cluster.api_server.as_ref().is_some_and(|api| api.ca == CaSource::Kubeconfig)
}
