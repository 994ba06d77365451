//! Holes: what a manifest cannot know before the clusters are there. Written as shell variables, so that a runbook can fill them too.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fact::{Fact, GatewayName};
use crate::mesh::Mesh;
use crate::name::ClusterName;

/// Which part of a fact's value goes into a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// The address others dial, an IP or a host name.
    Address,
    /// `https://host:port` of the API server.
    Url,
    /// The token itself; secret.
    Token,
    /// The certificate authority beside the token, base64 of PEM.
    TokenCa,
    /// `ca-cert.pem`, base64; secret by association.
    CaCert,
    /// `ca-key.pem`, base64; secret.
    CaKey,
    /// `cert-chain.pem`, base64.
    CertChain,
    /// `root-cert.pem`, base64.
    RootCert,
}

/// A place in a manifest that a fact's value fills.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hole {
    /// Which part of the value.
    pub part: Part,
    /// Of which cluster's fact.
    pub cluster: ClusterName,
}

/// The kinds of holes: what the variable begins with, and which part it takes. Kind first, since a name may begin with a digit.
const KINDS: [(&str, Part); 8] = [
    ("EASTWEST_ADDRESS_", Part::Address),
    ("API_SERVER_", Part::Url),
    ("TOKEN_CA_", Part::TokenCa),
    ("TOKEN_", Part::Token),
    ("CA_CERT_", Part::CaCert),
    ("CA_KEY_", Part::CaKey),
    ("CERT_CHAIN_", Part::CertChain),
    ("ROOT_CERT_", Part::RootCert),
];

impl Hole {
    /// Makes the hole for a part of a cluster's fact.
    pub fn new(part: Part, cluster: &ClusterName) -> Self {
        Hole { part, cluster: cluster.clone() }
    }

    /// Returns the shell variable, `EASTWEST_ADDRESS_CLUSTER1`.
    pub fn variable(&self) -> String {
        let kind = KINDS.iter().find(|(_, part)| *part == self.part).map_or("", |(kind, _)| kind);
        format!("{kind}{}", self.cluster.variable())
    }

    /// Returns the hole as it stands in a manifest, `${EASTWEST_ADDRESS_CLUSTER1}`.
    pub fn text(&self) -> String {
        format!("${{{}}}", self.variable())
    }

    /// Returns the fact whose value fills it.
    pub fn fact(&self) -> Fact {
        let cluster = self.cluster.clone();
        match self.part {
            Part::Address => Fact::Address(cluster, GatewayName::EastWest),
            Part::Url => Fact::ApiServer(cluster),
            Part::Token | Part::TokenCa => Fact::Token(cluster),
            Part::CaCert | Part::CaKey | Part::CertChain | Part::RootCert => Fact::Certificates(cluster),
        }
    }

    /// Reads a shell variable; a cluster called `ca-x` makes no `TOKEN_CA_X` ambiguous, as only clusters of the mesh count.
    fn parse(variable: &str, mesh: &Mesh) -> Option<Hole> {
        KINDS.iter().find_map(|&(kind, part)| {
            let cluster = mesh.cluster_of_variable(variable.strip_prefix(kind)?)?;
            Some(Hole::new(part, &cluster.name))
        })
    }

    /// Collects the holes in a text.
    pub fn collect(text: &str, mesh: &Mesh, into: &mut BTreeSet<Hole>) {
        each_variable(text, |variable| into.extend(Hole::parse(variable, mesh)));
    }
}

/// Calls a function for the name in every `${NAME}` of a text.
pub fn each_variable<'a>(text: &'a str, mut visit: impl FnMut(&'a str)) {
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        rest = &rest[start + 2..];
        if let Some(end) = rest.find('}') {
            visit(&rest[..end]);
        }
    }
}
