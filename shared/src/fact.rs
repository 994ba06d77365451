//! Facts: what is, or will be, true of a cluster. A step needs some and gives some; all order comes from that.

pub mod topics;

use std::fmt;
use std::str::FromStr;

use crate::name::ClusterName;

/// Something that is, or will be, true of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fact {
    /// The API server answers, and others can dial it.
    ApiServer(ClusterName),
    /// The files or secrets that make up a signer's place in the chain of trust are at hand.
    Certificates(ClusterName),
    /// The TLS secret of an istiod's entry is there, matches its host and is not expired.
    Credential(ClusterName),
    /// The definitions of Kubernetes' Gateway API are there.
    GatewayApi(ClusterName),
    /// The namespace is there.
    Namespace(ClusterName, String),
    /// The signer has its certificates, under the mesh's one root.
    Trust(ClusterName),
    /// Istio's CRDs and webhooks are there.
    Installed(ClusterName),
    /// Istiod answers.
    Istiod(ClusterName),
    /// The istiod that runs the gateway in front of an external one answers.
    GatewayIstiod(ClusterName),
    /// Pods that are made are given their proxy.
    Injects(ClusterName),
    /// The gateway lets traffic of that kind in.
    Exposed(ClusterName, Exposure),
    /// The gateway has an address.
    Address(ClusterName, GatewayName),
    /// The egress gateway runs.
    Egress(ClusterName),
    /// The istiod that reads the first cluster's configuration finds in it where the second's gateway is dialled.
    Pointer {
        /// The cluster that holds the address.
        at: ClusterName,
        /// The cluster whose gateway it is.
        cluster: ClusterName,
    },
    /// A token for the account that istiods elsewhere read with; secret.
    Token(ClusterName),
    /// The istiod of the first cluster may read the second.
    Watched {
        /// The cluster whose istiod reads.
        by: ClusterName,
        /// The cluster that is read.
        cluster: ClusterName,
    },
    /// The sample application runs.
    Sample(ClusterName),
}

/// What a gateway lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// The istiod, for the clusters it serves.
    Istiod,
    /// The mesh's services, for other networks.
    Services,
    /// The sample application, for callers from outside.
    Sample,
    /// The API server, for istiods elsewhere.
    ApiServer,
}

/// Which gateway of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GatewayName {
    /// The one in front of an external istiod.
    ControlPlane,
    /// The one between networks.
    EastWest,
    /// The one by which callers from outside enter the mesh.
    Ingress,
}

impl Fact {
    /// Returns the cluster the fact is about.
    pub fn cluster(&self) -> &ClusterName {
        match self {
            Fact::ApiServer(cluster)
            | Fact::Certificates(cluster)
            | Fact::Credential(cluster)
            | Fact::GatewayApi(cluster)
            | Fact::Namespace(cluster, _)
            | Fact::Trust(cluster)
            | Fact::Installed(cluster)
            | Fact::Istiod(cluster)
            | Fact::GatewayIstiod(cluster)
            | Fact::Injects(cluster)
            | Fact::Exposed(cluster, _)
            | Fact::Address(cluster, _)
            | Fact::Egress(cluster)
            | Fact::Pointer { at: cluster, .. }
            | Fact::Token(cluster)
            | Fact::Watched { cluster, .. }
            | Fact::Sample(cluster) => cluster,
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::ApiServer(c) => write!(f, "ApiServer({c})"),
            Fact::Certificates(c) => write!(f, "Certificates({c})"),
            Fact::Namespace(c, namespace) => write!(f, "Namespace({c}, {namespace})"),
            Fact::Trust(c) => write!(f, "Trust({c})"),
            Fact::Installed(c) => write!(f, "Installed({c})"),
            Fact::Istiod(c) => write!(f, "Istiod({c})"),
            Fact::GatewayIstiod(c) => write!(f, "GatewayIstiod({c})"),
            Fact::Injects(c) => write!(f, "Injects({c})"),
            Fact::Credential(c) => write!(f, "Credential({c})"),
            Fact::Exposed(c, Exposure::Istiod) => write!(f, "Exposed({c}, istiod)"),
            Fact::Exposed(c, Exposure::Services) => write!(f, "Exposed({c}, services)"),
            Fact::Exposed(c, Exposure::Sample) => write!(f, "Exposed({c}, sample)"),
            Fact::Exposed(c, Exposure::ApiServer) => write!(f, "Exposed({c}, api-server)"),
            Fact::GatewayApi(c) => write!(f, "GatewayApi({c})"),
            Fact::Address(c, GatewayName::ControlPlane) => write!(f, "Address({c}, control-plane)"),
            Fact::Address(c, GatewayName::EastWest) => write!(f, "Address({c}, eastwest)"),
            Fact::Address(c, GatewayName::Ingress) => write!(f, "Address({c}, ingress)"),
            Fact::Egress(c) => write!(f, "Egress({c})"),
            Fact::Pointer { at, cluster } => write!(f, "Pointer({at}, {cluster})"),
            Fact::Token(c) => write!(f, "Token({c})"),
            Fact::Watched { by, cluster } => write!(f, "Watched({by}, {cluster})"),
            Fact::Sample(c) => write!(f, "Sample({c})"),
        }
    }
}

impl FromStr for Fact {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (kind, rest) = text.strip_suffix(')').and_then(|text| text.split_once('(')).ok_or(())?;
        let (first, second) = match rest.split_once(", ") {
            Some((first, second)) => (first, Some(second)),
            None => (rest, None),
        };
        let cluster = ClusterName::from(first);
        Ok(match (kind, second) {
            ("ApiServer", None) => Fact::ApiServer(cluster),
            ("Certificates", None) => Fact::Certificates(cluster),
            ("Namespace", Some(namespace)) => Fact::Namespace(cluster, namespace.to_owned()),
            ("Trust", None) => Fact::Trust(cluster),
            ("Installed", None) => Fact::Installed(cluster),
            ("Istiod", None) => Fact::Istiod(cluster),
            ("GatewayIstiod", None) => Fact::GatewayIstiod(cluster),
            ("Injects", None) => Fact::Injects(cluster),
            ("Credential", None) => Fact::Credential(cluster),
            ("Exposed", Some("istiod")) => Fact::Exposed(cluster, Exposure::Istiod),
            ("Exposed", Some("services")) => Fact::Exposed(cluster, Exposure::Services),
            ("Exposed", Some("sample")) => Fact::Exposed(cluster, Exposure::Sample),
            ("Exposed", Some("api-server")) => Fact::Exposed(cluster, Exposure::ApiServer),
            ("GatewayApi", None) => Fact::GatewayApi(cluster),
            ("Address", Some("control-plane")) => Fact::Address(cluster, GatewayName::ControlPlane),
            ("Address", Some("eastwest")) => Fact::Address(cluster, GatewayName::EastWest),
            ("Address", Some("ingress")) => Fact::Address(cluster, GatewayName::Ingress),
            ("Egress", None) => Fact::Egress(cluster),
            ("Pointer", Some(to)) => Fact::Pointer { at: cluster, cluster: to.into() },
            ("Token", None) => Fact::Token(cluster),
            ("Watched", Some(watched)) => Fact::Watched { by: cluster, cluster: watched.into() },
            ("Sample", None) => Fact::Sample(cluster),
            _ => return Err(()),
        })
    }
}
