//! What follows from a topology: findings, mesh, and what the bundle holds. Made when the topology changes, never while a pointer moves;
//! where that would take longer than a frame, the bundle is left to a worker.

use std::rc::Rc;

use shared::finding::{Finding, Severity, Subject, pressing};
use shared::mesh::{Checked, Mesh, check, model};
use shared::name::ClusterName;
use shared::scene::{ArrowKind, PartKind};
use shared::text::Text;
use shared::topology::{GatewayKind, Role, Topology};

use crate::command::{ArrowId, Selection};
use crate::drawing::Drawing;
use crate::made::{Made, PlanStep};

/// From this many steps on the bundle is made by a worker; below, it takes less than a frame. Measured by `cargo xtask bench browser`.
const LARGE: usize = 160;

/// What follows from a topology.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    /// The checked mesh, unless a finding is an error.
    pub(crate) mesh: Option<Mesh>,
    /// All that was found.
    pub(crate) findings: Vec<Finding>,
    /// The names of the clusters as drawn, by which gateways are tied to them.
    pub(crate) names: Vec<ClusterName>,
    /// The name of the model.
    pub(crate) model: Text,
    /// The files and steps of the bundle, or those of the last drawing that had one.
    pub(crate) made: Rc<Made>,
    /// Whether they are those of a drawing before, while a worker makes those of this one.
    pub(crate) waits: bool,
}

/// What is said of the way that an arrow stands for, by a word of the kind's id.
const WAYS: [(ArrowKind, &str); 6] = [
    (ArrowKind::ServedBy, "entry"),
    (ArrowKind::Reads, "api-server"),
    (ArrowKind::Config, "api-server"),
    (ArrowKind::Traffic, "nat-"),
    (ArrowKind::Traffic, "port-invalid"),
    (ArrowKind::Traffic, "source-ranges"),
];

impl Derived {
    /// Checks a topology and makes its bundle, unless that takes long; `before` lends its own meanwhile, or while there is an error.
    pub(crate) fn new(topology: &Topology, before: Option<&Derived>) -> Self {
        let checked = check(topology);
        let lent = || before.map(|before| before.made.clone()).unwrap_or_default();
        let (made, waits) = match &checked.mesh {
            Some(mesh) if is_large(mesh) => (lent(), true),
            Some(mesh) => (Rc::new(Made::of(mesh, before.map(|before| &*before.made))), false),
            None => (lent(), false),
        };
        Derived::of(checked, topology, made, waits)
    }

    /// Checks a topology, and leaves its bundle to a worker.
    pub(crate) fn later(topology: &Topology) -> Self {
        let checked = check(topology);
        let waits = checked.mesh.is_some();
        Derived::of(checked, topology, Rc::default(), waits)
    }

    fn of(checked: Checked, topology: &Topology, made: Rc<Made>, waits: bool) -> Self {
        let names = topology.clusters.iter().map(|cluster| cluster.name.clone()).collect();
        Derived { mesh: checked.mesh, findings: checked.findings, names, model: model(topology), made, waits }
    }

    /// Says whether there is a bundle to show and how its steps go, of this drawing and no other.
    pub(crate) fn is_planned(&self) -> bool {
        self.mesh.is_some() && !self.waits
    }

    /// Says whether a worker is to do what is to be done for the whole bundle.
    pub(crate) fn is_large(&self) -> bool {
        self.mesh.as_ref().is_some_and(is_large)
    }

    /// Returns the findings that keep the bundle from being written.
    #[cfg(test)]
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.is_error())
    }

    /// Returns the findings about a cluster.
    pub(crate) fn about_cluster(&self, index: usize) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| match &finding.subject {
            Subject::Cluster { index: about, .. } => *about == index,
            Subject::Gateway { cluster, .. } => self.names.get(index) == Some(cluster),
            Subject::Mesh(_) | Subject::Network(_) => false,
        })
    }

    /// Returns the findings about what an arrow stands for: how the cluster it leads to is reached that way.
    pub(crate) fn about_arrow(&self, id: ArrowId) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| {
            let Subject::Cluster { index, .. } = finding.subject else { return false };
            let traffic = id.kind == ArrowKind::Traffic;
            (index == id.to || traffic && index == id.from)
                && WAYS.iter().any(|(kind, word)| *kind == id.kind && finding.id().contains(word))
        })
    }

    /// Returns the findings about what is selected.
    pub(crate) fn about<'a>(&'a self, selection: &'a Selection) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().filter(move |finding| match (&finding.subject, selection) {
            (Subject::Cluster { index, .. }, Selection::Cluster(selected) | Selection::Part(selected, _)) => {
                index == selected
            }
            (Subject::Cluster { index, .. }, Selection::Many(all)) => all.contains(index),
            (Subject::Network(network), Selection::Network(selected)) => network == selected,
            (Subject::Gateway { cluster, .. }, Selection::Cluster(selected) | Selection::Part(selected, _)) => {
                self.names.get(*selected) == Some(cluster)
            }
            (Subject::Gateway { cluster, .. }, Selection::Mesh) => !self.names.contains(cluster),
            (Subject::Mesh(_), Selection::Mesh) => true,
            (_, Selection::Arrow(id)) => self.about_arrow(*id).any(|other| std::ptr::eq(other, *finding)),
            _ => false,
        })
    }

    /// Returns how bad the worst of some findings is; what is only to be known is not bad.
    pub(crate) fn worst<'a>(findings: impl Iterator<Item = &'a Finding>) -> Option<Severity> {
        pressing(findings).map(Finding::severity).min()
    }

    /// Returns how bad the worst of some findings is, and how many there are.
    pub(crate) fn badge<'a>(findings: impl Iterator<Item = &'a Finding>) -> Option<(Severity, usize)> {
        let both = |worst: Option<(Severity, usize)>, finding: &Finding| {
            let (worst, count) = worst.unwrap_or((finding.severity(), 0));
            Some((worst.min(finding.severity()), count + 1))
        };
        pressing(findings).fold(None, both)
    }

    /// Returns the step that makes a part of a cluster; for a cluster as a whole, its control plane, or what asks the one elsewhere.
    pub(crate) fn step_of(&self, drawing: &Drawing, selection: &Selection) -> Option<PlanStep<'_>> {
        let (index, rule) = match selection {
            Selection::Cluster(index) if matches!(drawing.cluster(*index)?.role, Role::Remote { .. }) => {
                (*index, "remote")
            }
            Selection::Cluster(index) | Selection::Part(index, PartKind::Istiod) => (*index, "istiod"),
            Selection::Part(index, PartKind::EastWest | PartKind::ControlPlaneGateway) => (*index, "gateway"),
            Selection::Part(index, PartKind::Ingress) => (*index, "ingress"),
            Selection::Part(index, PartKind::Egress) => (*index, "egress"),
            Selection::Part(index, PartKind::Webhook) => (*index, "remote"),
            Selection::Part(index, PartKind::Sample | PartKind::Client) => (*index, "sample"),
            Selection::Arrow(id) => return self.step_of_arrow(drawing, *id),
            Selection::Mesh | Selection::Network(_) | Selection::Many(_) => return None,
        };
        let name = drawing.cluster(index)?.name.as_str();
        self.mesh.as_ref()?;
        self.made.steps.iter().find(|step| step.cluster() == name && step.rule() == rule)
    }
}

impl Derived {
    /// Returns the step that an arrow becomes, or the first of them.
    fn step_of_arrow(&self, drawing: &Drawing, id: ArrowId) -> Option<PlanStep<'_>> {
        self.mesh.as_ref()?;
        let (from, to) = (&drawing.cluster(id.from)?.name, &drawing.cluster(id.to)?.name);
        let step = match id.kind {
            ArrowKind::ServedBy => format!("{from}/remote"),
            ArrowKind::Config | ArrowKind::Reads => format!("{from}/secret/{to}"),
            ArrowKind::Traffic => format!("{from}/gateway"),
        };
        self.made.steps.iter().find(|other| other.id() == step)
    }
}

/// Says whether the plan has many steps: some for every cluster, and one for every pair of an istiod and another member.
fn is_large(mesh: &Mesh) -> bool {
    let (istiods, members) = (mesh.istiods().count(), mesh.members().count());
    istiods * members + 5 * members >= LARGE
}

/// Returns what a finding is about, as something that can be selected.
pub(crate) fn subject(drawing: &Drawing, finding: &Finding) -> Selection {
    match &finding.subject {
        Subject::Cluster { index, .. } => Selection::Cluster(*index),
        Subject::Network(network) => Selection::Network(network.clone()),
        Subject::Gateway { index, cluster } => {
            let kind = drawing.topology.gateways.get(*index).map(|gateway| gateway.kind);
            let part = if kind == Some(GatewayKind::Egress) { PartKind::Egress } else { PartKind::Ingress };
            let at = drawing.topology.clusters.iter().position(|other| other.name == *cluster);
            at.map_or(Selection::Mesh, |at| Selection::Part(at, part))
        }
        Subject::Mesh(_) => Selection::Mesh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::finding::catalogue;

    #[test]
    fn every_word_of_a_way_is_one_of_a_kind() {
        for (kind, word) in WAYS {
            assert!(catalogue::all().any(|kind| kind.id.contains(word)), "{kind:?} {word}");
        }
    }
}
