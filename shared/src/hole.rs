//! Holes: what a manifest cannot know before the clusters are there. Written as shell variables, so that a runbook can fill them too.

use serde::{Deserialize, Serialize};

use crate::fact::{Fact, GatewayName};
use crate::mesh::Mesh;
use crate::name::ClusterName;
use crate::sorted::Set;

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

/// What fills a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filling {
    /// The address of a gateway.
    Address(GatewayName),
    /// The URL of the API server.
    ApiServer,
    /// The token that others read the cluster with.
    Token,
    /// The certificate authority beside the token.
    TokenCa,
    /// The certificate of the signer's intermediate authority.
    CaCert,
    /// The private key of that authority.
    CaKey,
    /// The chain from that authority to the root.
    CertChain,
    /// The root that all signers share.
    RootCert,
}

/// A place in a manifest that a fact's value fills.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hole {
    /// What fills it.
    pub filling: Filling,
    /// Of which cluster.
    pub cluster: ClusterName,
}

/// What stands for an address that is not known yet, where a step does not wait for it (seed 001, `meshNetworks`).
pub const PLACEHOLDER: &str = "0.0.0.0";

/// What each hole's variable begins with. Kind first, since a name may begin with a digit.
const KINDS: [(&str, Filling); 10] = [
    ("CONTROL_PLANE_ADDRESS_", Filling::Address(GatewayName::ControlPlane)),
    ("EASTWEST_ADDRESS_", Filling::Address(GatewayName::EastWest)),
    ("INGRESS_ADDRESS_", Filling::Address(GatewayName::Ingress)),
    ("API_SERVER_", Filling::ApiServer),
    ("READER_CA_", Filling::TokenCa),
    ("TOKEN_", Filling::Token),
    ("CA_CERT_", Filling::CaCert),
    ("CA_KEY_", Filling::CaKey),
    ("CERT_CHAIN_", Filling::CertChain),
    ("ROOT_CERT_", Filling::RootCert),
];

impl Hole {
    /// Makes the hole for what fills it.
    pub fn new(filling: Filling, cluster: &ClusterName) -> Self {
        Hole { filling, cluster: cluster.clone() }
    }

    /// Returns the shell variable, `EASTWEST_ADDRESS_CLUSTER1`.
    pub fn variable(&self) -> String {
        let kind = KINDS.iter().find(|(_, filling)| *filling == self.filling).map_or("", |(kind, _)| kind);
        format!("{kind}{}", self.cluster.variable())
    }

    /// Returns the hole as it stands in a manifest, `${EASTWEST_ADDRESS_CLUSTER1}`.
    pub fn text(&self) -> String {
        format!("${{{}}}", self.variable())
    }

    /// Returns the fact whose value fills it.
    pub fn fact(&self) -> Fact {
        let cluster = self.cluster.clone();
        match self.filling {
            Filling::Address(gateway) => Fact::Address(cluster, gateway),
            Filling::ApiServer => Fact::ApiServer(cluster),
            Filling::Token | Filling::TokenCa => Fact::Token(cluster),
            Filling::CaCert | Filling::CaKey | Filling::CertChain | Filling::RootCert => Fact::Certificates(cluster),
        }
    }

    /// Returns the part of that fact's value.
    pub fn part(&self) -> Part {
        match self.filling {
            Filling::Address(_) => Part::Address,
            Filling::ApiServer => Part::Url,
            Filling::Token => Part::Token,
            Filling::TokenCa => Part::TokenCa,
            Filling::CaCert => Part::CaCert,
            Filling::CaKey => Part::CaKey,
            Filling::CertChain => Part::CertChain,
            Filling::RootCert => Part::RootCert,
        }
    }

    /// Reads a shell variable; no kind begins like another, so what follows it is the cluster, whatever that is called.
    fn parse(variable: &str, mesh: &Mesh) -> Option<Hole> {
        KINDS.iter().find_map(|&(kind, filling)| {
            let cluster = mesh.cluster_of_variable(variable.strip_prefix(kind)?)?;
            Some(Hole::new(filling, &cluster.name))
        })
    }

    /// Collects the holes in a text.
    pub fn collect(text: &str, mesh: &Mesh, into: &mut Set<Hole>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_begins_like_another() {
        // `TOKEN_CA_A` would be one thing of a cluster `a` and another of `ca-a`.
        for (kind, _) in KINDS {
            assert_eq!(KINDS.iter().filter(|(other, _)| other.starts_with(kind)).count(), 1, "{kind}");
        }
    }
}
