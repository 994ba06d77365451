//! `bundle.yaml`: what a bundle holds, as data for the applier.

use serde::{Deserialize, Serialize};

use super::Verify;
use crate::hole::Part;
use crate::mesh::Mesh;
use crate::name::{ClusterName, NetworkName};
use crate::probe::Probe;
use crate::sorted::Map;
use crate::step::{Action, Chart, HelmRelease, Step};
use crate::topology::Cluster;

/// The content of `bundle.yaml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Index {
    /// The version of the format.
    pub api_version: String,
    /// `Bundle`.
    pub kind: String,
    /// Name of the drawing.
    pub metadata: IndexMetadata,
    /// The version of Isthmus that wrote the bundle.
    pub isthmus: String,
    /// Which Istio it installs.
    pub istio: IndexIstio,
    /// Istio's mesh id.
    pub mesh_id: String,
    /// The clusters, in drawing order.
    pub clusters: Vec<IndexCluster>,
    /// The steps, in plan order.
    pub steps: Vec<IndexStep>,
    /// How each fact is learnt.
    pub facts: Map<String, Probe>,
    /// Which part of which fact fills each hole, by the hole's variable.
    pub holes: Map<String, HoleRef>,
    /// What is true of the mesh once it works.
    #[serde(default)]
    pub verify: Verify,
    /// SHA-256 of every other file but the layout.
    pub files: Map<String, String>,
}

/// The metadata of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexMetadata {
    /// The name of the drawing.
    pub name: String,
}

/// Which Istio a bundle installs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexIstio {
    /// The release.
    pub version: String,
    /// The revision, where one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// One cluster of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct IndexCluster {
    /// Its name.
    pub name: ClusterName,
    /// The word for its role.
    pub role: String,
    /// Its network, for a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkName>,
    /// The kubeconfig context that the drawing names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// The namespace its istiod, or its share of one, lives in.
    pub namespace: String,
}

impl IndexCluster {
    pub(super) fn of(mesh: &Mesh, cluster: &Cluster) -> Self {
        IndexCluster {
            name: cluster.name.clone(),
            role: cluster.role.word().to_owned(),
            network: cluster.network.clone(),
            context: cluster.context.clone(),
            namespace: mesh.system_namespace(cluster).to_owned(),
        }
    }
}

/// One step of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexStep {
    /// Its id, which reads as a path.
    pub id: String,
    /// The cluster it acts on.
    pub cluster: ClusterName,
    /// The rule that made it.
    pub rule: String,
    /// What it does with its files.
    pub action: ActionWord,
    /// Its files.
    pub files: Vec<String>,
    /// What each file holds the values of, where `helm` renders them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charts: Vec<IndexChart>,
    /// The facts it needs.
    pub needs: Vec<String>,
    /// The facts it gives.
    pub gives: Vec<String>,
}

impl IndexStep {
    pub(super) fn of(step: &Step) -> Self {
        IndexStep {
            id: step.id.to_string(),
            cluster: step.id.cluster.clone(),
            rule: step.id.rule.word.to_owned(),
            action: match step.action {
                Action::Apply(_) => ActionWord::Apply,
                Action::Install(_) => ActionWord::Istioctl,
                Action::Helm(_) => ActionWord::Helm,
            },
            files: step.files(),
            charts: match &step.action {
                Action::Helm(releases) => releases.iter().map(IndexChart::of).collect(),
                Action::Apply(_) | Action::Install(_) => Vec::new(),
            },
            needs: step.needs.iter().map(ToString::to_string).collect(),
            gives: step.gives.iter().map(ToString::to_string).collect(),
        }
    }
}

/// One chart that a step installs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexChart {
    /// The name of the release.
    pub release: String,
    /// The chart.
    pub chart: Chart,
    /// The namespace.
    pub namespace: String,
}

impl IndexChart {
    fn of(release: &HelmRelease) -> Self {
        IndexChart { release: release.name.clone(), chart: release.chart, namespace: release.namespace.clone() }
    }
}

/// What a step does with its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ActionWord {
    /// Applies them.
    Apply,
    /// Renders the one it has by `istioctl manifest generate`, and applies what comes out.
    Istioctl,
    /// Renders a chart for each by `helm template`, and applies what comes out.
    Helm,
}

/// Which part of which fact fills a hole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoleRef {
    /// The fact.
    pub fact: String,
    /// The part of its value.
    pub part: Part,
    /// What fills it in steps that do not wait for the fact, as long as it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
}
