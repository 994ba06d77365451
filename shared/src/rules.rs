//! The rules: each a pure function from a mesh to steps, its doc comment the sentence of the table in `ARCHITECTURE.md`.
//!
//! No rule knows the name of an installation model; which steps a drawing has follows from roles, networks and arrows.

mod gateway;
mod istiod;
mod namespace;
mod north_south;
mod pointer;
mod sample;
mod secret;
pub mod topics;
mod trust;

use crate::mesh::Mesh;
use crate::step::{RuleName, Step};

/// A rule.
pub type Rule = fn(&Mesh) -> Vec<Step>;

/// Every rule, in the order of their numbers.
pub const RULES: [Rule; 16] = [
    namespace::namespace,
    trust::trust,
    istiod::istiod,
    istiod::remote,
    secret::reader,
    gateway::gateway,
    pointer::pointer,
    gateway::expose_istiod,
    gateway::expose_services,
    gateway::expose_api_server,
    secret::secret,
    istiod::mesh_networks,
    north_south::ingress,
    north_south::egress,
    sample::sample,
    north_south::expose_sample,
];

/// The names and numbers of the rules; those between are taken by rules to come.
pub mod names {
    use super::RuleName;

    /// The system namespace.
    pub const NAMESPACE: RuleName = RuleName { number: 10, word: "namespace" };
    /// The signer's certificates.
    pub const TRUST: RuleName = RuleName { number: 20, word: "trust" };
    /// The control plane.
    pub const ISTIOD: RuleName = RuleName { number: 30, word: "istiod" };
    /// A member served from elsewhere.
    pub const REMOTE: RuleName = RuleName { number: 40, word: "remote" };
    /// The account others read with.
    pub const READER: RuleName = RuleName { number: 45, word: "reader" };
    /// The gateway between networks.
    pub const GATEWAY: RuleName = RuleName { number: 50, word: "gateway" };
    /// Where the gateway of another cluster is dialled.
    pub const POINTER: RuleName = RuleName { number: 55, word: "pointer" };
    /// The istiod at that gateway.
    pub const EXPOSE_ISTIOD: RuleName = RuleName { number: 60, word: "expose-istiod" };
    /// The mesh's services at that gateway.
    pub const EXPOSE_SERVICES: RuleName = RuleName { number: 65, word: "expose-services" };
    /// The API server at that gateway.
    pub const EXPOSE_API_SERVER: RuleName = RuleName { number: 67, word: "expose-api-server" };
    /// A remote secret.
    pub const SECRET: RuleName = RuleName { number: 70, word: "secret" };
    /// An external control plane, which starts only once it may read its config cluster.
    pub const EXTERNAL_ISTIOD: RuleName = RuleName { number: 75, word: "istiod" };
    /// The gateways of every network, for a control plane that is told them.
    pub const MESH_NETWORKS: RuleName = RuleName { number: 78, word: "mesh-networks" };
    /// The gateway by which callers from outside enter.
    pub const INGRESS: RuleName = RuleName { number: 80, word: "ingress" };
    /// The gateway by which calls leave.
    pub const EGRESS: RuleName = RuleName { number: 85, word: "egress" };
    /// The sample application.
    pub const SAMPLE: RuleName = RuleName { number: 90, word: "sample" };
    /// The sample application at the ingress gateways.
    pub const EXPOSE_SAMPLE: RuleName = RuleName { number: 95, word: "expose-sample" };
}
