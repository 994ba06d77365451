//! Steps: on one cluster an action, what it needs and what it gives.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::hole::Hole;
use crate::manifest::Manifest;
use crate::mesh::Mesh;
use crate::name::ClusterName;
use crate::sorted::{self, Set};
use crate::text::Text;

/// The name of a rule and its number in paths: the order in which a reader meets the steps of one cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleName {
    /// The number of the folder.
    pub number: u8,
    /// The word.
    pub word: &'static str,
}

/// The id of a step; reads as a path, `cluster1/secret/cluster2`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId {
    /// The cluster the step acts on.
    pub cluster: ClusterName,
    /// The rule that made it.
    pub rule: RuleName,
    /// What tells several steps of one rule on one cluster apart.
    pub object: Option<String>,
}

impl StepId {
    /// Names the only step of a rule on a cluster.
    pub fn new(cluster: &ClusterName, rule: RuleName) -> Self {
        StepId { cluster: cluster.clone(), rule, object: None }
    }

    /// Returns the folder of the step's files.
    pub fn folder(&self) -> String {
        format!("clusters/{}/{:02}-{}", self.cluster, self.rule.number, self.rule.word)
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.cluster, self.rule.word)?;
        self.object.as_ref().map_or(Ok(()), |object| write!(f, "/{object}"))
    }
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Applies objects.
    Apply(Vec<Manifest>),
    /// Renders an `IstioOperator` file by `istioctl`, then applies what comes out.
    Install(Manifest),
    /// Renders charts by `helm`, each with its values, then applies what comes out.
    Helm(Vec<HelmRelease>),
}

impl Action {
    /// Returns the manifests, or the files that are rendered.
    pub fn manifests(&self) -> impl Iterator<Item = &Manifest> {
        let (manifests, releases): (&[Manifest], &[HelmRelease]) = match self {
            Action::Apply(manifests) => (manifests, &[]),
            Action::Install(manifest) => (std::slice::from_ref(manifest), &[]),
            Action::Helm(releases) => (&[], releases),
        };
        manifests.iter().chain(releases.iter().map(|release| &release.values))
    }
}

/// One of Istio's charts, installed under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelmRelease {
    /// The name of the release, as Istio's pages call it. Of a gateway it is also the name of its objects, on which selectors rely.
    pub name: String,
    /// The chart.
    pub chart: Chart,
    /// The namespace.
    pub namespace: String,
    /// The values: a file for helm, not an object of the API server.
    pub values: Manifest,
}

/// A chart of Istio's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Chart {
    /// CRDs, the account that others read with, and the validator of every revision.
    Base,
    /// A control plane, or a remote's share of one elsewhere.
    Istiod,
    /// A gateway.
    Gateway,
}

impl Chart {
    /// Returns its name in Istio's repository of charts.
    pub fn word(self) -> &'static str {
        match self {
            Chart::Base => "base",
            Chart::Istiod => "istiod",
            Chart::Gateway => "gateway",
        }
    }
}

/// Why a step exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// What it is for.
    pub purpose: Text,
    /// What breaks without it.
    pub breaks: Text,
    /// The page or document that it comes from.
    pub source: &'static str,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// What it does.
    pub action: Action,
    /// What must be so before, the facts of the holes among it.
    pub needs: Set<Fact>,
    /// What is so afterwards.
    pub gives: Set<Fact>,
    /// The holes of its manifests.
    pub holes: Set<Hole>,
    /// Why it exists.
    pub why: Why,
    /// The step whose file this one installs once more, with holes that only had placeholders then.
    pub shares: Option<StepId>,
}

impl Step {
    /// Makes a step; holes are collected from its manifests, and what fills them is needed too.
    pub fn new<const N: usize, const M: usize>(
        mesh: &Mesh,
        id: StepId,
        action: Action,
        needs: [Fact; N],
        gives: [Fact; M],
        why: Why,
    ) -> Self {
        let mut holes = Set::new();
        for manifest in action.manifests() {
            manifest.holes(mesh, &mut holes);
        }
        let needs = sorted::set(needs.into_iter().chain(holes.iter().map(Hole::fact)));
        Step { id, action, needs, gives: sorted::set(gives), holes, why, shares: None }
    }

    /// Returns the folder of its files.
    pub fn folder(&self) -> String {
        self.shares.as_ref().unwrap_or(&self.id).folder()
    }

    /// Returns the holes that are filled by [`PLACEHOLDER`](crate::hole::PLACEHOLDER) as long as their fact is not known, since the step does not wait for it.
    pub fn placeholders(&self) -> impl Iterator<Item = &Hole> {
        self.holes.iter().filter(|hole| !self.needs.contains(&hole.fact()))
    }

    /// Returns the paths of its files.
    pub fn files(&self) -> Vec<String> {
        let folder = self.folder();
        self.action.manifests().map(|manifest| format!("{folder}/{}", manifest.file)).collect()
    }
}
