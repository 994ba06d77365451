//! What the architect drew, as a file format with a version. A topology may be wrong: see [`check`](crate::mesh::check).

mod fields;
mod locate;
mod read;
mod write;

pub(crate) use fields::Fields;
pub use locate::line_of;
pub(crate) use read::CLUSTERS_MAX;
pub use read::ReadError;

use crate::name::{ClusterName, NetworkName};
use crate::sorted::Map;

/// The version of the format, written in every topology and bundle.
pub const API_VERSION: &str = "isthmus.dev/v1alpha1";

/// The release that a new drawing starts with.
pub const DEFAULT_RELEASE: &str = "1.31";

/// The trust domain that Istio takes when none is named.
pub const DEFAULT_TRUST_DOMAIN: &str = "cluster.local";

/// The namespace of an external istiod, as Istio's own page has it (seed 004).
pub const DEFAULT_EXTERNAL_NAMESPACE: &str = "external-istiod";

/// The port of an east-west gateway that carries traffic between networks.
pub const EAST_WEST_PORT: u16 = 15443;

/// A drawing of one mesh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topology {
    /// The name of the drawing, and of its file.
    pub name: String,
    /// Istio's `meshID`.
    pub mesh_id: String,
    /// Istio's trust domain, the same in every cluster.
    pub trust_domain: String,
    /// Which Istio, and how it is installed.
    pub istio: Istio,
    /// The clusters, in drawing order.
    pub clusters: Vec<Cluster>,
    /// Ingress and egress gateways.
    pub gateways: Vec<Gateway>,
    /// Whether the sample application is deployed in every member, for `verify`.
    pub sample: bool,
}

/// Which Istio, and how it is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Istio {
    /// The release, `1.31` or `1.31.1`.
    pub version: String,
    /// The program that renders it.
    pub installer: Installer,
    /// The revision, or nothing for the default one.
    pub revision: String,
}

/// The program that renders an installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Installer {
    /// `istioctl`, from an `IstioOperator` file.
    #[default]
    Istioctl,
    /// `helm`, from Istio's charts.
    Helm,
}

/// One Kubernetes cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The name, used for everything that names this cluster.
    pub name: ClusterName,
    /// The network its pods are on; a cluster that is no member of the mesh has none.
    pub network: Option<NetworkName>,
    /// What the cluster does in the mesh.
    pub role: Role,
    /// The kubeconfig context, where it is not called like the cluster.
    pub context: Option<String>,
    /// How others dial its API server, where the kubeconfig's address is not it.
    pub api_server: Option<ApiServer>,
    /// Address ranges of its pods.
    pub pod_cidrs: Vec<String>,
    /// Address ranges of its services.
    pub service_cidrs: Vec<String>,
    /// How its east-west gateway is reached.
    pub east_west: EastWest,
}

/// What a cluster does in the mesh. The names inside are the arrows of the diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Runs its own control plane.
    Primary {
        /// How its istiod is reached by the clusters it serves.
        entry: Entry,
    },
    /// Is served by a control plane elsewhere.
    Remote {
        /// The primary or external cluster that serves it; empty while the arrow is not drawn.
        control_plane: ClusterName,
    },
    /// Runs the control plane of others and is no member of the mesh.
    External {
        /// The remote whose API server holds the mesh's configuration; empty while the arrow is not drawn.
        config: ClusterName,
        /// How its istiod is reached.
        entry: Entry,
        /// The namespace of its istiod, also the system namespace of its members.
        namespace: String,
    },
}

impl Default for Role {
    fn default() -> Self {
        Role::Primary { entry: Entry::LoadBalancer }
    }
}

impl Role {
    /// Returns the word for the role in the format.
    pub fn word(&self) -> &'static str {
        match self {
            Role::Primary { .. } => "primary",
            Role::Remote { .. } => "remote",
            Role::External { .. } => "external",
        }
    }
}

/// How an istiod is reached by the clusters it serves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// By the address its gateway's load balancer hands out.
    #[default]
    LoadBalancer,
    /// By a host name with a certificate of its own.
    Host {
        /// The DNS name.
        host: String,
        /// The TLS secret, in `istio-system`, that the gateway presents.
        credential: String,
    },
}

/// How others dial an API server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiServer {
    /// `https://host:port`; may be empty behind a gateway, whose address it then is.
    pub url: String,
    /// The name expected in its certificate, where it is not the host.
    pub tls_server_name: Option<String>,
    /// Which certificate authority a remote secret carries.
    pub ca: CaSource,
    /// What others dial it by.
    pub via: Via,
}

/// What others dial an API server by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Via {
    /// Itself, or something that the drawing does not show.
    #[default]
    Direct,
    /// The east-west gateway of its own cluster.
    EastWest,
}

/// The port of an east-west gateway that leads to its cluster's API server, where it does.
pub const API_SERVER_PORT: u16 = 6443;

/// The name that every API server's certificate holds: that of its Service in its own cluster.
pub const API_SERVER_NAME: &str = "kubernetes.default.svc";

/// Which certificate authority a remote secret carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaSource {
    /// The one beside the account's token.
    #[default]
    Token,
    /// The kubeconfig's, where a proxy in front of the API server has a CA of its own.
    Kubeconfig,
}

/// How an east-west gateway is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EastWest {
    /// What stands in front of it; where nothing is said the gateway is implied, and a load balancer is what stands there.
    pub expose: Option<Expose>,
    /// What the balancer hands out.
    pub address_kind: AddressKind,
    /// What others dial, where the gateway is behind NAT.
    pub addresses: Vec<String>,
    /// The port for traffic between networks.
    pub port: u16,
    /// Annotations of its Service.
    pub annotations: Vec<(String, String)>,
    /// `loadBalancerSourceRanges` of its Service.
    pub source_ranges: Vec<String>,
}

/// The annotation by which istiod takes a Service of type `NodePort` for a gateway, and from which nodes it takes addresses.
pub const NODE_SELECTOR: &str = "traffic.istio.io/nodeSelector";

impl EastWest {
    /// Returns what stands in front of it.
    pub fn front(&self) -> Expose {
        self.expose.unwrap_or_default()
    }

    /// Returns the labels of the nodes whose addresses count behind a node port; none where every node does.
    pub fn node_selector(&self) -> Map<String, String> {
        let drawn = self.annotations.iter().find(|(key, _)| key == NODE_SELECTOR);
        drawn.and_then(|(_, value)| node_selector(value)).unwrap_or_default()
    }
}

/// Reads a node selector: a JSON object of texts.
pub fn node_selector(text: &str) -> Option<Map<String, String>> {
    // JSON alone: YAML would bring anchors, aliases and tags, which the guard refuses.
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let read = crate::yaml::parse(text, 4096).ok()?;
    let mut labels = Map::new();
    for entry in read.entries()? {
        labels.insert(entry.key.clone(), entry.node.text()?.to_owned());
    }
    Some(labels)
}

impl Default for EastWest {
    fn default() -> Self {
        EastWest {
            expose: None,
            address_kind: AddressKind::default(),
            addresses: Vec::new(),
            port: EAST_WEST_PORT,
            annotations: Vec::new(),
            source_ranges: Vec::new(),
        }
    }
}

/// What stands in front of an east-west gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expose {
    /// A load balancer.
    #[default]
    LoadBalancer,
    /// A port of the nodes.
    NodePort,
    /// An address translation that Istio cannot see.
    Nat,
}

/// What a load balancer hands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddressKind {
    /// IP addresses.
    #[default]
    Ip,
    /// Host names.
    Hostname,
}

/// An ingress or egress gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The member it runs in.
    pub cluster: ClusterName,
    /// Which way traffic goes.
    pub kind: GatewayKind,
    /// In which vocabulary it is configured.
    pub api: GatewayApi,
    /// The program that renders it, where it is not the mesh's.
    pub installer: Option<Installer>,
}

/// Which way traffic goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GatewayKind {
    /// Into the mesh.
    Ingress,
    /// Out of the mesh.
    Egress,
}

/// In which vocabulary a gateway is configured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GatewayApi {
    /// Istio's `Gateway` and `VirtualService`.
    #[default]
    Istio,
    /// Kubernetes' Gateway API.
    GatewayApi,
}

impl Topology {
    /// Returns a drawing with nothing in it yet.
    pub fn empty(name: &str) -> Self {
        Topology {
            name: name.to_owned(),
            mesh_id: name.to_owned(),
            trust_domain: DEFAULT_TRUST_DOMAIN.to_owned(),
            istio: Istio {
                version: DEFAULT_RELEASE.to_owned(),
                installer: Installer::Istioctl,
                revision: String::new(),
            },
            clusters: Vec::new(),
            gateways: Vec::new(),
            sample: true,
        }
    }

    /// Reads a topology document, refusing whatever the format does not know.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        read::read(text)
    }

    /// Writes the document; fields that have their default are left out.
    pub fn write(&self) -> String {
        write::document(self)
    }

    /// Returns the cluster of that name, the first where several have it.
    pub fn cluster(&self, name: &ClusterName) -> Option<&Cluster> {
        self.clusters.iter().find(|cluster| cluster.name == *name)
    }

    /// Returns the remotes that an istiod serves, by the name of its cluster.
    pub fn served_by<'a>(&'a self, istiod: &'a ClusterName) -> impl Iterator<Item = &'a Cluster> {
        let is_served = move |cluster: &&Cluster| matches!(&cluster.role, Role::Remote { control_plane } if control_plane == istiod);
        self.clusters.iter().filter(is_served)
    }

    /// Says whether the istiod of a cluster serves others.
    pub fn serves_others(&self, cluster: &Cluster) -> bool {
        self.served_by(&cluster.name).next().is_some()
    }

    /// Says whether traffic of the drawing crosses between networks.
    pub fn spans_networks(&self) -> bool {
        self.networks().len() > 1
    }

    /// Returns the networks of the members, in drawing order, each once.
    pub fn networks(&self) -> Vec<&NetworkName> {
        let mut networks = Vec::new();
        for network in self.clusters.iter().filter_map(|cluster| cluster.network.as_ref()) {
            if !networks.contains(&network) {
                networks.push(network);
            }
        }
        networks
    }
}

impl Cluster {
    /// Returns a primary on a network, all else as the defaults have it.
    pub fn primary(name: &str, network: &str) -> Self {
        Cluster { name: name.into(), network: Some(network.into()), ..Cluster::default() }
    }

    /// Says whether others dial its API server by its east-west gateway.
    pub fn api_server_by_gateway(&self) -> bool {
        self.api_server.as_ref().is_some_and(|api| api.via == Via::EastWest)
    }

    /// Returns the kubeconfig context that is meant.
    pub fn context(&self) -> &str {
        self.context.as_deref().unwrap_or(self.name.as_str())
    }
}
