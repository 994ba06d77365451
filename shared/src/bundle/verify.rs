//! What `bundle.yaml` says of a mesh that works: who answers, who is asked, and what every istiod must see. An entry for each
//! cluster and none for a pair, since every member reaches every other.

use serde::{Deserialize, Serialize};

use crate::fact::{Fact, GatewayName};
use crate::manifest::{SAMPLE_NAMESPACE, istiod_deployments};
use crate::mesh::Mesh;
use crate::name::ClusterName;
use crate::plan::Plan;

/// The port at which an istiod tells what it sees, to callers from its own pod (research: istio, "What istiod does with the secret").
const DEBUG_PORT: u16 = 15014;

/// What is true of a mesh that works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Verify {
    /// The members, in drawing order; each reaches every other.
    #[serde(default)]
    pub members: Vec<VerifyMember>,
    /// Who calls in every member, and what; none where no sample is drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<VerifyClient>,
    /// The istiods, each of which must see every member.
    #[serde(default)]
    pub istiods: Vec<VerifyIstiod>,
}

/// A member that answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VerifyMember {
    /// Its name.
    pub cluster: ClusterName,
    /// How the answer of its sample begins; no other member's does.
    pub answer: String,
    /// The fact that holds the address at which calls from other networks come in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<String>,
}

/// The sample's client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VerifyClient {
    /// The namespace of client and sample.
    pub namespace: String,
    /// The label `app` of the client's pods.
    pub app: String,
    /// The container that calls.
    pub container: String,
    /// What it calls.
    pub url: String,
    /// The service behind it, as istiods name it.
    pub host: String,
}

/// An istiod that is asked what it sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VerifyIstiod {
    /// The cluster it runs in.
    pub cluster: ClusterName,
    /// Its namespace.
    pub namespace: String,
    /// The names its deployment may have; the first that is there counts.
    pub deployments: Vec<String>,
    /// The port at which it tells.
    pub port: u16,
}

impl Verify {
    pub(super) fn of(mesh: &Mesh, plan: &Plan) -> Self {
        let facts = plan.facts();
        let member = |(cluster, place): (&crate::topology::Cluster, usize)| {
            let gateway = Fact::Address(cluster.name.clone(), GatewayName::EastWest);
            VerifyMember {
                cluster: cluster.name.clone(),
                answer: format!("Hello version: v{place},"),
                gateway: (mesh.spans_networks() && facts.contains(&gateway)).then(|| gateway.to_string()),
            }
        };
        let client = || VerifyClient {
            namespace: SAMPLE_NAMESPACE.to_owned(),
            app: "curl".to_owned(),
            container: "curl".to_owned(),
            url: format!("http://helloworld.{SAMPLE_NAMESPACE}:5000/hello"),
            host: format!("helloworld.{SAMPLE_NAMESPACE}.svc.cluster.local"),
        };
        let istiod = |cluster: &crate::topology::Cluster| VerifyIstiod {
            cluster: cluster.name.clone(),
            namespace: mesh.system_namespace(cluster).to_owned(),
            deployments: istiod_deployments(mesh),
            port: DEBUG_PORT,
        };
        Verify {
            members: mesh.members().zip(1..).map(member).collect(),
            client: mesh.topology().sample.then(client),
            istiods: mesh.istiods().map(istiod).collect(),
        }
    }
}
