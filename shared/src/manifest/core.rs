//! Kubernetes' own objects: namespaces and the secrets that carry trust and access.

use super::{CACERTS_KEYS, Manifest, Meta};
use crate::hole::{Hole, Part};
use crate::mesh::Mesh;
use crate::name::ClusterName;
use crate::topology::{CaSource, Cluster};
use crate::yaml::{Yaml, emit};

/// The account that istiods elsewhere read a cluster with; every installation of Istio brings it.
const READER: &str = "istio-reader-service-account";

/// The system namespace of a member, labelled with the member's network so that istiod knows where its endpoints are (seed 000).
///
/// The label stands on one-network meshes too, as `istioctl install` writes it when it makes the namespace.
pub fn namespace(mesh: &Mesh, cluster: &Cluster, name: &str) -> Manifest {
    let header = format!("{}: the namespace that Istio lives in, with the network its pods are on.", cluster.name);
    let mut meta = Meta::cluster_wide(name);
    if let Some(network) = &cluster.network {
        meta = meta.label("topology.istio.io/network", network.as_str());
    }
    Manifest::new(
        mesh,
        "namespace.yaml",
        [&header, "Source: Install Multi-Primary on different networks, \"Set the default network\"."],
        "v1",
        "Namespace",
        meta,
        vec![],
    )
}

/// The recipe of a signer's certificates: `isthmus apply --certs` fills it in memory, a person by `kubectl create secret generic`.
pub fn cacerts(mesh: &Mesh, cluster: &Cluster, namespace: &str) -> Manifest {
    let header =
        format!("{}: its intermediate certificate authority, under the root that all clusters share.", cluster.name);
    let parts = [Part::CaCert, Part::CaKey, Part::CertChain, Part::RootCert];
    let data = CACERTS_KEYS
        .iter()
        .zip(parts)
        .map(|(&key, part)| (key.to_owned(), Hole::new(part, &cluster.name).text().into()))
        .collect();
    Manifest::new(
        mesh,
        "cacerts.yaml",
        [
            &header,
            "A recipe without keys: they are filled in on their way to the cluster. Source: Plug in CA Certificates.",
        ],
        "v1",
        "Secret",
        Meta::namespaced(namespace, "cacerts"),
        vec![("data", Yaml::Map(data))],
    )
}

/// The name of the token secret of an account, the one that `istioctl create-remote-secret` makes and looks for.
pub fn token_secret_name() -> String {
    format!("{READER}-istio-remote-secret-token")
}

/// The token that istiods elsewhere read this cluster with.
pub fn reader_token(mesh: &Mesh, cluster: &Cluster, namespace: &str) -> Manifest {
    let header = format!("{}: a token for the account that istiods of other clusters read it with.", cluster.name);
    Manifest::new(
        mesh,
        "token.yaml",
        [&header, "Kubernetes fills it in. Source: istioctl create-remote-secret, which makes the same secret."],
        "v1",
        "Secret",
        Meta::namespaced(namespace, &token_secret_name()).annotation("kubernetes.io/service-account.name", READER),
        vec![("type", "kubernetes.io/service-account-token".into())],
    )
}

/// The secret that lets one istiod watch another cluster, as `istioctl create-remote-secret` stores it.
pub fn remote_secret(mesh: &Mesh, istiod: &Cluster, watched: &Cluster) -> Manifest {
    let name = &watched.name;
    let header = format!("{}: lets its istiod watch {name}.", istiod.name);
    Manifest::new(
        mesh,
        &format!("{name}.yaml"),
        [
            &header,
            "A recipe without the token: it is filled in on its way to the cluster. Source: istioctl create-remote-secret.",
        ],
        "v1",
        "Secret",
        Meta::namespaced(mesh.system_namespace(istiod), &remote_secret_name(name))
            .label("istio/multiCluster", "true")
            .annotation("networking.istio.io/cluster", name.as_str()),
        vec![("stringData", Yaml::map([(name.as_str(), Yaml::Text(kubeconfig(watched)))]))],
    )
}

/// The name of a remote secret.
pub fn remote_secret_name(watched: &ClusterName) -> String {
    format!("istio-remote-secret-{watched}")
}

/// The kubeconfig in a remote secret; keys in the order in which `istioctl` writes them, every name the cluster's.
fn kubeconfig(watched: &Cluster) -> String {
    let name = watched.name.as_str();
    let hole = |part| Yaml::Text(Hole::new(part, &watched.name).text());
    let mut cluster =
        vec![("certificate-authority-data".to_owned(), hole(Part::TokenCa)), ("server".to_owned(), hole(Part::Url))];
    if let Some(server_name) = watched.api_server.as_ref().and_then(|api| api.tls_server_name.as_ref()) {
        cluster.push(("tls-server-name".to_owned(), server_name.as_str().into()));
    }
    emit(&Yaml::map([
        ("apiVersion", "v1".into()),
        ("clusters", Yaml::list([Yaml::map([("cluster", Yaml::Map(cluster)), ("name", name.into())])])),
        (
            "contexts",
            Yaml::list([Yaml::map([
                ("context", Yaml::map([("cluster", name.into()), ("user", name.into())])),
                ("name", name.into()),
            ])]),
        ),
        ("current-context", name.into()),
        ("kind", "Config".into()),
        (
            "users",
            Yaml::list([Yaml::map([("name", name.into()), ("user", Yaml::map([("token", hole(Part::Token))]))])]),
        ),
    ]))
}

/// Says whether remote secrets for a cluster carry the kubeconfig's certificate authority.
pub fn ca_from_kubeconfig(cluster: &Cluster) -> bool {
    cluster.api_server.as_ref().is_some_and(|api| api.ca == CaSource::Kubeconfig)
}
