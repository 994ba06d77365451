//! What `bundle.yaml` says of a mesh that works: who answers, who is asked, and what every istiod must see. An entry for each
//! cluster and none for a pair, since every member reaches every other.

use serde::{Deserialize, Serialize};

use crate::fact::{Fact, GatewayName};
use crate::manifest::{SAMPLE_NAMESPACE, istiod_deployments, registry};
use crate::mesh::Mesh;
use crate::name::ClusterName;
use crate::plan::Plan;
use crate::release::Feature;

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
    /// What istiods call it, where that is not its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<String>,
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
    /// The proxy beside it, which counts what it dials.
    pub proxy: VerifyProxy,
}

/// A proxy, and how it tells which addresses it dialled how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VerifyProxy {
    /// Its container.
    pub container: String,
    /// What prints its counters, a line for each: `CLUSTER::ADDRESS::rq_total::COUNT` among others.
    pub command: Vec<String>,
    /// What it calls the service, the beginning of those lines.
    pub cluster: String,
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
    /// What its release does not tell there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<IstiodPage>,
}

/// What an istiod can tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IstiodPage {
    /// The clusters it watches.
    Clusters,
    /// The gateways between networks.
    Gateways,
    /// The endpoints of every service.
    Endpoints,
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
                registry: registry(mesh, cluster),
            }
        };
        let host = || format!("helloworld.{SAMPLE_NAMESPACE}.svc.cluster.local");
        // How the proxy is asked: `istioctl proxy-config cluster`, which does the same; the lines: Envoy, "Administration interface".
        let client = || VerifyClient {
            namespace: SAMPLE_NAMESPACE.to_owned(),
            app: "curl".to_owned(),
            container: "curl".to_owned(),
            url: format!("http://helloworld.{SAMPLE_NAMESPACE}:5000/hello"),
            host: host(),
            proxy: VerifyProxy {
                container: "istio-proxy".to_owned(),
                command: ["pilot-agent", "request", "GET", "clusters"].map(str::to_owned).to_vec(),
                cluster: format!("outbound|5000||{}", host()),
            },
        };
        let istiod = |cluster: &crate::topology::Cluster| VerifyIstiod {
            cluster: cluster.name.clone(),
            namespace: mesh.system_namespace(cluster).to_owned(),
            deployments: istiod_deployments(mesh),
            port: DEBUG_PORT,
            lacks: [(Feature::ClustersPage, IstiodPage::Clusters), (Feature::NetworksPage, IstiodPage::Gateways)]
                .into_iter()
                .filter_map(|(feature, page)| (!mesh.has(feature)).then_some(page))
                .collect(),
        };
        Verify {
            members: mesh.members().zip(1..).map(member).collect(),
            client: mesh.topology().sample.then(client),
            istiods: mesh.istiods().map(istiod).collect(),
        }
    }
}
