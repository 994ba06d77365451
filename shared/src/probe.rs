//! How a fact is learnt, as data: the bundle carries it and the applier executes it, so that the applier knows nothing about Istio.

use serde::{Deserialize, Serialize};

use crate::fact::{Exposure, Fact, GatewayName};
use crate::manifest::{
    self, CACERTS_KEYS, EASTWEST, EGRESS, INGRESS, LEGACY_PORT, SAMPLE_NAMESPACE, ca_from_kubeconfig, injector,
    istiod_deployments, remote_secret_name, token_secret_name, validators,
};
use crate::mesh::{ISTIO_SYSTEM, Mesh};
use crate::name::ClusterName;
use crate::release::Feature;
use crate::sorted::Map;
use crate::topology::{AddressKind, Cluster, Entry, Expose, GatewayApi};

/// The CRDs without which none of Istio's configuration can be written.
const CRDS: [&str; 3] =
    ["destinationrules.networking.istio.io", "gateways.networking.istio.io", "virtualservices.networking.istio.io"];

/// How the applier learns a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Probe {
    /// The API server answers a version request at the address of the topology, else of the kubeconfig.
    ApiServer {
        /// What others dial, where the kubeconfig's address is not it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// The name expected in its certificate.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tls_server_name: Option<String>,
        /// Whether remote secrets carry the kubeconfig's certificate authority instead of the token's.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ca_from_kubeconfig: bool,
    },
    /// `--certs DIR` holds the cluster's files, or the secret that is there already has its keys.
    Certificates {
        /// The namespace of the secret.
        namespace: String,
        /// The name of the secret.
        secret: String,
        /// The keys it must have.
        keys: Vec<String>,
    },
    /// The TLS secret is there, its pair matches, covers the host and is not expired.
    Credential {
        /// The namespace of the secret.
        namespace: String,
        /// The name of the secret.
        secret: String,
        /// The host that it must cover.
        host: String,
    },
    /// The namespace's phase is `Active`.
    Namespace {
        /// Its name.
        name: String,
    },
    /// The secret has its keys, and the roots of all clusters are one.
    Trust {
        /// The namespace of the secret.
        namespace: String,
        /// The name of the secret.
        secret: String,
        /// The keys it must have.
        keys: Vec<String>,
    },
    /// The CRDs are established and the webhook configurations are there.
    Installed {
        /// Names of CRDs.
        crds: Vec<String>,
        /// Names of mutating webhook configurations.
        webhooks: Vec<String>,
    },
    /// The deployment is available at its generation, and its validating webhook, where it points at a Service, has a `caBundle`.
    Istiod {
        /// The namespace.
        namespace: String,
        /// The names that the deployment may have; the first that is there counts.
        deployments: Vec<String>,
        /// The names that the validating webhook configuration may have; the first that is there counts.
        validating_webhooks: Vec<String>,
        /// The cluster it is in, where that is not the istiod's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        webhook_cluster: Option<ClusterName>,
    },
    /// Every entry of the mutating webhook configurations that points at a Service has a `caBundle`.
    Injects {
        /// Their names.
        webhooks: Vec<String>,
    },
    /// The objects are there.
    Exposed {
        /// Which ones.
        objects: Vec<ObjectRef>,
    },
    /// The first entry of a Service's `status.loadBalancer.ingress`.
    Address {
        /// The namespace.
        namespace: String,
        /// The Service.
        service: String,
        /// The port others dial.
        port: u16,
        /// What the balancer is drawn to hand out.
        address_kind: AddressKindWord,
        /// The path of a page to open there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opens: Option<String>,
    },
    /// The address of a node, and the node port of a Service's port.
    NodeAddress {
        /// The namespace.
        namespace: String,
        /// The Service.
        service: String,
        /// The port whose node port others dial.
        port: u16,
        /// The labels of the nodes that count.
        node_selector: Map<String, String>,
        /// The kinds of addresses that count, the best first: `ExternalIP`, `InternalIP`.
        kinds: Vec<String>,
    },
    /// As drawn, since the cluster does not know it; the Service is there.
    DrawnAddress {
        /// The namespace.
        namespace: String,
        /// The Service.
        service: String,
        /// The port others dial.
        port: u16,
        /// What others dial.
        address: String,
    },
    /// The first of `status.addresses` of a `Gateway` of the Gateway API that is programmed.
    GatewayAddress {
        /// The namespace.
        namespace: String,
        /// The `Gateway`.
        gateway: String,
        /// The port others dial.
        port: u16,
        /// The path of a page to open there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        opens: Option<String>,
    },
    /// The definitions are established.
    Definitions {
        /// Names of CRDs.
        crds: Vec<String>,
        /// The command that installs them, with `CONTEXT` for the context.
        install: String,
    },
    /// The token controller has filled the secret: `token` and `ca.crt`.
    Token {
        /// The namespace.
        namespace: String,
        /// The secret.
        secret: String,
    },
    /// The secret is there in the cluster of the istiod, and the other cluster's API server accepts the token in it.
    Watched {
        /// The cluster of the istiod, which holds the secret.
        by: ClusterName,
        /// The namespace.
        namespace: String,
        /// The secret.
        secret: String,
        /// The key of its kubeconfig.
        key: String,
        /// The deployments, of which one is there, that read the secret when they start and never again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        read_at_start: Vec<String>,
    },
    /// The deployment is available.
    Deployment {
        /// The namespace.
        namespace: String,
        /// Its name.
        deployment: String,
    },
    /// The deployments are available.
    Sample {
        /// The namespace.
        namespace: String,
        /// Their names.
        deployments: Vec<String>,
    },
}

/// What a load balancer hands out, as a word of the bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AddressKindWord {
    /// An IP address.
    Ip,
    /// A host name.
    Hostname,
    /// Either.
    Any,
}

/// Names one object of an API server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectRef {
    /// Group and version, `v1` or `networking.istio.io/v1`.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// The namespace, if and only if the kind is namespaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl Probe {
    /// Says whether what it finds is a page that a person can open.
    pub fn opens(&self) -> bool {
        matches!(self, Probe::Address { opens: Some(_), .. } | Probe::GatewayAddress { opens: Some(_), .. })
    }

    /// Says how a fact of a mesh is learnt.
    pub fn of(fact: &Fact, mesh: &Mesh) -> Probe {
        let cluster = mesh.resolved(fact.cluster());
        let system = || mesh.system_namespace(cluster).to_owned();
        let keys = || CACERTS_KEYS.map(str::to_owned).to_vec();
        match fact {
            Fact::ApiServer(_) => Probe::ApiServer {
                url: cluster.api_server.as_ref().map(|api| api.url.clone()),
                tls_server_name: cluster.api_server.as_ref().and_then(|api| api.tls_server_name.clone()),
                ca_from_kubeconfig: ca_from_kubeconfig(cluster),
            },
            Fact::Certificates(_) => {
                Probe::Certificates { namespace: system(), secret: "cacerts".to_owned(), keys: keys() }
            }
            Fact::Credential(_) => {
                let (host, secret) = match mesh.entry(cluster) {
                    Entry::Host { host, credential } => (host.clone(), credential.clone()),
                    Entry::LoadBalancer => Default::default(),
                };
                Probe::Credential { namespace: ISTIO_SYSTEM.to_owned(), secret, host }
            }
            Fact::Namespace(_, name) => Probe::Namespace { name: name.clone() },
            Fact::Trust(_) => Probe::Trust { namespace: system(), secret: "cacerts".to_owned(), keys: keys() },
            Fact::Installed(_) => {
                // Beside an external istiod the gateway's own installation is meant, which has no revision.
                let webhook = if mesh.hosts_external(cluster) {
                    "istio-sidecar-injector".to_owned()
                } else {
                    injector(mesh, &system())
                };
                Probe::Installed { crds: CRDS.map(str::to_owned).to_vec(), webhooks: vec![webhook] }
            }
            Fact::Istiod(_) => Probe::Istiod {
                namespace: system(),
                deployments: istiod_deployments(mesh),
                validating_webhooks: validators(mesh, &system()),
                webhook_cluster: mesh.hosts_external(cluster).then(|| mesh.config_of(cluster).name.clone()),
            },
            Fact::GatewayIstiod(_) => Probe::Istiod {
                namespace: ISTIO_SYSTEM.to_owned(),
                deployments: vec!["istiod".to_owned()],
                validating_webhooks: vec![format!("istio-validator-{ISTIO_SYSTEM}")],
                webhook_cluster: None,
            },
            Fact::Injects(_) => Probe::Injects { webhooks: vec![injector(mesh, &system())] },
            Fact::Exposed(_, Exposure::Istiod) => Probe::Exposed {
                objects: manifest::expose_istiod(mesh, cluster).iter().map(manifest::Manifest::object).collect(),
            },
            Fact::Exposed(_, Exposure::Services) => {
                Probe::Exposed { objects: vec![manifest::expose_services(mesh, cluster).object()] }
            }
            Fact::GatewayApi(_) => {
                Probe::Definitions { crds: vec![GATEWAY_API_CRD.to_owned()], install: GATEWAY_API_INSTALL.to_owned() }
            }
            Fact::Address(_, GatewayName::ControlPlane) => {
                between_clusters(mesh, cluster, (ISTIO_SYSTEM.to_owned(), INGRESS, 15012))
            }
            Fact::Address(_, GatewayName::EastWest) if !mesh.has(Feature::EastWestGateway) => {
                between_clusters(mesh, cluster, (system(), INGRESS, LEGACY_PORT))
            }
            Fact::Address(_, GatewayName::EastWest) => {
                between_clusters(mesh, cluster, (system(), EASTWEST, cluster.east_west.port))
            }
            Fact::Address(_, GatewayName::Ingress) => ingress(mesh, cluster),
            Fact::Egress(_) => Probe::Deployment { namespace: system(), deployment: EGRESS.to_owned() },
            Fact::Pointer { cluster: to, .. } => {
                Probe::Exposed { objects: vec![manifest::pointer(mesh, cluster, mesh.resolved(to)).object()] }
            }
            Fact::Exposed(_, Exposure::ApiServer) => Probe::Exposed {
                objects: manifest::expose_api_server(mesh, cluster).iter().map(manifest::Manifest::object).collect(),
            },
            Fact::Exposed(_, Exposure::Sample) => Probe::Exposed {
                objects: manifest::sample_route(mesh, cluster).iter().map(manifest::Manifest::object).collect(),
            },
            Fact::Token(_) => Probe::Token { namespace: system(), secret: token_secret_name(mesh, cluster) },
            Fact::Watched { by, .. } => {
                let istiod = mesh.resolved(by);
                let (secret, key) = remote_secret_name(mesh, istiod, cluster);
                // A file that is mounted, and handed to the client once; remote secrets are watched (seen with Istio 1.31).
                let is_config = mesh.has(Feature::EastWestGateway) && mesh.config_of(istiod).name == cluster.name;
                let read_at_start = if is_config { istiod_deployments(mesh) } else { Vec::new() };
                let namespace = mesh.system_namespace(istiod).to_owned();
                Probe::Watched { by: by.clone(), namespace, secret, key, read_at_start }
            }
            Fact::Sample(name) => Probe::Sample {
                namespace: SAMPLE_NAMESPACE.to_owned(),
                deployments: manifest::deployments(mesh.member_place(name)),
            },
        }
    }
}

/// The CRD by which the Gateway API is recognised (seed 004, "Configure and test an ingress gateway").
const GATEWAY_API_CRD: &str = "gateways.gateway.networking.k8s.io";

/// The command of seed 004 that installs the Gateway API, at the version that Istio 1.31 is built with. Applied by the
/// server, since the definition of `HTTPRoute` has outgrown the annotation that `kubectl apply` alone would keep it in.
const GATEWAY_API_INSTALL: &str = "kubectl kustomize \"github.com/kubernetes-sigs/gateway-api/config/crd?ref=v1.6.0\" | kubectl apply --server-side -f - --context=\"CONTEXT\"";

/// The address of a gateway that other clusters dial, by what stands in front of it.
fn between_clusters(mesh: &Mesh, cluster: &Cluster, (namespace, service, port): (String, &str, u16)) -> Probe {
    let service = service.to_owned();
    match cluster.east_west.front() {
        Expose::LoadBalancer => {
            let address_kind = match cluster.east_west.address_kind {
                AddressKind::Ip => AddressKindWord::Ip,
                AddressKind::Hostname => AddressKindWord::Hostname,
            };
            Probe::Address { namespace, service, port, address_kind, opens: None }
        }
        Expose::NodePort => {
            // Of a node istiod reads the external address only. Where networks are one it need not: a host name leads there.
            let count = if mesh.spans_networks() && !mesh.hosts_external(cluster) { 1 } else { 2 };
            let kinds = ["ExternalIP", "InternalIP"].into_iter().take(count).map(str::to_owned).collect();
            let node_selector = cluster.east_west.node_selector();
            Probe::NodeAddress { namespace, service, port, node_selector, kinds }
        }
        Expose::Nat => {
            let address = cluster.east_west.addresses.first().cloned().unwrap_or_default();
            Probe::DrawnAddress { namespace, service, port, address }
        }
    }
}

/// The address of an ingress gateway: of the Service that was installed, or of the `Gateway` that istiod programs.
fn ingress(mesh: &Mesh, cluster: &Cluster) -> Probe {
    let opens = mesh.topology().sample.then(|| manifest::SAMPLE_PATH.to_owned());
    match mesh.ingress_api(cluster) {
        GatewayApi::Istio => Probe::Address {
            namespace: mesh.system_namespace(cluster).to_owned(),
            service: INGRESS.to_owned(),
            port: 80,
            address_kind: AddressKindWord::Any,
            opens,
        },
        GatewayApi::GatewayApi => {
            let gateway = manifest::ingress_gateway_api(mesh, cluster)[0].object();
            Probe::GatewayAddress {
                namespace: gateway.namespace.unwrap_or_default(),
                gateway: gateway.name,
                port: 80,
                opens,
            }
        }
    }
}
