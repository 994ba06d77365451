//! What follows from a topology: findings, mesh, plan and bundle. Made when the topology changes, never while a pointer moves.

use std::rc::Rc;

use shared::bundle::Bundle;
use shared::finding::{Finding, Severity, Subject, pressing};
use shared::mesh::{Mesh, check, model};
use shared::plan::Plan;
use shared::scene::PartKind;
use shared::step::Step;
use shared::text::Text;
use shared::topology::{Role, Topology};

use crate::change::Files;
use crate::command::Selection;
use crate::drawing::Drawing;

/// What follows from a topology.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    /// The checked mesh, unless a finding is an error.
    pub(crate) mesh: Option<Mesh>,
    /// All that was found.
    pub(crate) findings: Vec<Finding>,
    /// The steps, where there is a mesh.
    pub(crate) plan: Option<Plan>,
    /// The name of the model.
    pub(crate) model: Text,
    /// The files of the bundle, or those of the last drawing that had one.
    pub(crate) files: Rc<Files>,
}

impl Derived {
    /// Checks a topology and writes its bundle; `before` lends its files while there is an error.
    pub(crate) fn new(topology: &Topology, before: Option<&Derived>) -> Self {
        let checked = check(topology);
        let plan = checked.mesh.as_ref().map(Plan::new);
        let files = match checked.mesh.as_ref().zip(plan.as_ref()) {
            Some((mesh, plan)) => Rc::new(Bundle::of(mesh, plan, None).files),
            None => before.map(|before| before.files.clone()).unwrap_or_default(),
        };
        Derived { mesh: checked.mesh, findings: checked.findings, plan, model: model(topology), files }
    }

    /// Returns the findings that keep the bundle from being written.
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_error())
    }

    /// Returns the findings about a cluster.
    pub(crate) fn about_cluster(&self, index: usize) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(move |finding| matches!(finding.subject, Subject::Cluster { index: about, .. } if about == index))
    }

    /// Returns the findings about what is selected.
    pub(crate) fn about<'a>(&'a self, selection: &'a Selection) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| match (&finding.subject, selection) {
            (Subject::Cluster { index, .. }, Selection::Cluster(selected) | Selection::Part(selected, _)) => {
                index == selected
            }
            (Subject::Network(network), Selection::Network(selected)) => network == selected,
            (Subject::Mesh(_) | Subject::Gateway { .. }, Selection::Mesh) => true,
            _ => false,
        })
    }

    /// Returns how bad the worst of some findings is; what is only to be known is not bad.
    pub(crate) fn worst<'a>(findings: impl Iterator<Item = &'a Finding>) -> Option<Severity> {
        pressing(findings).map(Finding::severity).min()
    }

    /// Returns the step that makes a part of a cluster; for a cluster as a whole, its control plane, or what asks the one elsewhere.
    pub(crate) fn step_of(&self, drawing: &Drawing, selection: &Selection) -> Option<&Step> {
        let (index, rule) = match selection {
            Selection::Cluster(index) if matches!(drawing.cluster(*index)?.role, Role::Remote { .. }) => {
                (*index, "remote")
            }
            Selection::Cluster(index) | Selection::Part(index, PartKind::Istiod) => (*index, "istiod"),
            Selection::Part(index, PartKind::EastWest | PartKind::ControlPlaneGateway) => (*index, "gateway"),
            Selection::Part(index, PartKind::Webhook) => (*index, "remote"),
            Selection::Part(index, PartKind::Sample | PartKind::Client) => (*index, "sample"),
            Selection::Mesh | Selection::Network(_) => return None,
        };
        let name = &drawing.cluster(index)?.name;
        self.plan.as_ref()?.steps.iter().find(|step| step.id.cluster == *name && step.id.rule.word == rule)
    }
}

/// Returns what a finding is about, as something that can be selected.
pub(crate) fn subject(drawing: &Drawing, finding: &Finding) -> Selection {
    match &finding.subject {
        Subject::Cluster { index, .. } => Selection::Cluster(*index),
        Subject::Network(network) => Selection::Network(network.clone()),
        Subject::Gateway { cluster, .. } => drawing
            .topology
            .clusters
            .iter()
            .position(|other| other.name == *cluster)
            .map_or(Selection::Mesh, Selection::Cluster),
        Subject::Mesh(_) => Selection::Mesh,
    }
}
