//! What must be so of every plan.

use std::collections::BTreeSet;

use shared::fact::Fact;
use shared::mesh::{Mesh, check};
use shared::plan::Plan;
use shared::step::Action;
use shared::topology::{Installer, Topology};
use tests::replay::replay;

/// Asserts all that must be so of a plan.
pub(crate) fn holds_together(topology: &Topology, plan: &Plan) {
    let mut ids = BTreeSet::new();
    let mut objects = BTreeSet::new();
    let mut known = plan.assumptions.clone();
    for (place, step) in plan.steps.iter().enumerate() {
        assert!(ids.insert(step.id.to_string()), "{} twice in {topology:?}", step.id);
        assert!(plan.after[place].iter().all(|&before| before < place), "{} before what it waits for", step.id);
        for need in &step.needs {
            assert!(known.contains(need), "{} needs {need}, which nothing before it gives", step.id);
        }
        known.extend(step.gives.iter().cloned());
        for manifest in step.action.manifests().filter(|_| !matches!(step.action, Action::Helm(_))) {
            let object = manifest.object();
            let is_new = objects.insert((step.id.cluster.clone(), object.clone()));
            assert_eq!(is_new, step.shares.is_none(), "{object:?} belongs to two steps");
        }
    }
    for fact in &plan.assumptions {
        let foreseen =
            matches!(fact, Fact::ApiServer(_) | Fact::Certificates(_) | Fact::Credential(_) | Fact::GatewayApi(_));
        assert!(foreseen, "{fact} is needed and nobody gives it in {topology:?}");
    }
}

/// Asserts that the other installer changes files and nothing else: helm is refused for external control planes alone.
pub(crate) fn by_helm(topology: &Topology) {
    let Some(mesh) = check(topology).mesh else { return };
    let plan = Plan::new(&mesh);
    let mut topology = topology.clone();
    topology.istio.installer = Installer::Helm;
    let checked = check(&topology);
    let Some(mesh) = checked.mesh else {
        assert_eq!(checked.findings[0].id(), "helm-external", "{topology:?}");
        let fixed = checked.findings[0].fixes.first().map(|fix| check(&fix.topology));
        assert!(fixed.is_some_and(|fixed| fixed.mesh.is_some()), "{topology:?}");
        return;
    };
    let other = Plan::new(&mesh);
    holds_together(&topology, &other);
    assert_eq!((&other.after, &other.assumptions), (&plan.after, &plan.assumptions), "{topology:?}");
    for (other, step) in other.steps.iter().zip(&plan.steps) {
        assert_eq!((&other.id, &other.needs, &other.gives), (&step.id, &step.needs, &step.gives), "{topology:?}");
    }
}

/// Asserts that every file is YAML with no hole left once what the plan gives has been filled in, and that the reverse order
/// is one that the reversed edges admit and the edges do not.
pub(crate) fn can_be_walked(mesh: &Mesh, plan: &Plan) {
    for replayed in replay(mesh, plan) {
        let objects = replayed.objects();
        assert_eq!(objects.len(), replayed.texts.len(), "{}: one object a file", replayed.step.id);
    }
    let count = plan.steps.len();
    let from_the_end = |place: usize| count - 1 - place;
    for (place, after) in plan.after.iter().enumerate() {
        for &before in after {
            assert!(before < place && from_the_end(before) > from_the_end(place), "{}", plan.steps[place].id);
        }
    }
}
