//! Every small drawing, right or wrong: the wrong ones get findings, the right ones a plan that holds together.
//!
//! All of one and two clusters run each time, and a sample of three and four; `SWEEP=all` in the environment takes all of them.

#![expect(clippy::print_stdout, reason = "how many drawings there are is worth a line")]

use std::collections::BTreeSet;

use shared::bundle::Bundle;
use shared::fact::Fact;
use shared::mesh::check;
use shared::plan::Plan;
use shared::step::Action;
use shared::topology::{
    ApiServer, Cluster, Entry, Expose, Gateway, GatewayApi, GatewayKind, Installer, Role, Topology, Via,
};

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// Returns every cluster that can stand at a place among `count`: on either network or none, in each role, with each arrow and entry.
fn variants(place: usize, count: usize) -> Vec<Cluster> {
    let host = || Entry::Host { host: "istiod.example.com".to_owned(), credential: "istiod".to_owned() };
    let mut roles = Vec::new();
    for entry in [Entry::LoadBalancer, host()] {
        roles.push(Role::Primary { entry: entry.clone() });
        for config in &NAMES[..count] {
            roles.push(Role::External {
                config: (*config).into(),
                entry: entry.clone(),
                namespace: "external-istiod".to_owned(),
            });
        }
    }
    roles.extend(NAMES[..count].iter().map(|name| Role::Remote { control_plane: (*name).into() }));
    let mut clusters = Vec::new();
    for role in roles {
        for network in [None, Some("n1"), Some("n2")] {
            let network = network.map(Into::into);
            clusters.push(Cluster { name: NAMES[place].into(), network, role: role.clone(), ..Cluster::default() });
        }
    }
    clusters
}

/// Draws gateways into some drawings, by turns: ingress and egress in every cluster, and other ways in than a load balancer.
fn ways_in(topology: &mut Topology, number: usize) {
    let names: Vec<_> = topology.clusters.iter().map(|cluster| cluster.name.clone()).collect();
    let apis = [GatewayApi::Istio, GatewayApi::GatewayApi];
    let kinds = [GatewayKind::Ingress, GatewayKind::Egress];
    for (place, cluster) in names.into_iter().enumerate().filter(|_| number % 3 == 1) {
        let kind = kinds[(number + place) % 2];
        let api = if kind == GatewayKind::Ingress { apis[number / 5 % 2] } else { GatewayApi::Istio };
        topology.gateways.push(Gateway { cluster, kind, api, installer: None });
    }
    for (place, cluster) in topology.clusters.iter_mut().enumerate().filter(|_| number % 3 == 2) {
        cluster.east_west.expose = [Expose::LoadBalancer, Expose::NodePort, Expose::Nat][(number / 3 + place) % 3];
        if cluster.east_west.expose == Expose::Nat {
            cluster.east_west.addresses = vec!["203.0.113.7".to_owned()];
        }
    }
    for (_, cluster) in topology.clusters.iter_mut().enumerate().filter(|(place, _)| (number + place) % 5 == 1) {
        let by_gateway = matches!(cluster.role, Role::Primary { .. }) && cluster.east_west.expose != Expose::NodePort;
        cluster.api_server = by_gateway.then(|| ApiServer { via: Via::EastWest, ..ApiServer::default() });
    }
    topology.sample = !number.is_multiple_of(7);
}

/// Calls a function for every drawing of that many clusters, taking one in `stride`.
fn each(count: usize, stride: usize, mut visit: impl FnMut(&Topology)) {
    let variants: Vec<Vec<Cluster>> = (0..count).map(|place| variants(place, count)).collect();
    let total: usize = variants.iter().map(Vec::len).product();
    for number in (0..total).step_by(stride) {
        let mut rest = number;
        let mut topology = Topology::empty("sweep");
        for choices in &variants {
            topology.clusters.push(choices[rest % choices.len()].clone());
            rest /= choices.len();
        }
        ways_in(&mut topology, number);
        visit(&topology);
    }
}

/// Asserts all that must be so of a plan.
fn holds_together(topology: &Topology, plan: &Plan) {
    let mut ids = BTreeSet::new();
    let mut objects = BTreeSet::new();
    let mut known: BTreeSet<Fact> = plan.assumptions.clone();
    for (place, step) in plan.steps.iter().enumerate() {
        assert!(ids.insert(step.id.to_string()), "{} twice in {topology:?}", step.id);
        assert!(plan.after[place].iter().all(|&before| before < place), "{} before what it waits for", step.id);
        for need in &step.needs {
            assert!(known.contains(need), "{} needs {need}, which nothing before it gives", step.id);
        }
        for hole in &step.holes {
            assert!(known.contains(&hole.fact()), "{} has a hole that cannot be filled: {}", step.id, hole.text());
        }
        known.extend(step.gives.iter().cloned());
        for manifest in step.action.manifests().filter(|_| !matches!(step.action, Action::Helm(_))) {
            let object = manifest.object();
            assert!(objects.insert((step.id.cluster.clone(), object.clone())), "{object:?} belongs to two steps");
        }
    }
    for fact in &plan.assumptions {
        let foreseen =
            matches!(fact, Fact::ApiServer(_) | Fact::Certificates(_) | Fact::Credential(_) | Fact::GatewayApi(_));
        assert!(foreseen, "{fact} is needed and nobody gives it in {topology:?}");
    }
}

/// Asserts that the other installer changes files and nothing else: helm is refused for external control planes alone.
fn by_helm(topology: &Topology, plan: &Plan) {
    let mut topology = topology.clone();
    topology.istio.installer = Installer::Helm;
    let checked = check(&topology);
    let Some(mesh) = checked.mesh else {
        assert_eq!(checked.findings[0].id(), "helm-external", "{topology:?}");
        let fixed = checked.findings[0].fix.as_ref().map(|fix| check(&fix.topology));
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

fn sweep(count: usize, stride: usize) -> (usize, usize) {
    let (mut drawn, mut valid) = (0, 0);
    each(count, stride, |topology| {
        drawn += 1;
        let checked = check(topology);
        assert_eq!(checked.mesh.is_none(), checked.findings.iter().any(shared::finding::Finding::is_error));
        let Some(mesh) = checked.mesh else { return };
        valid += 1;
        let plan = Plan::new(&mesh);
        holds_together(topology, &plan);
        let bundle = Bundle::of(&mesh, &plan, None);
        assert_eq!(Bundle::from_zip(&bundle.to_zip()), Ok(bundle), "{topology:?}");
        assert_eq!(Topology::read(&topology.write()).as_ref(), Ok(topology));
        by_helm(topology, &plan);
    });
    (drawn, valid)
}

/// Says whether all drawings were asked for, not a sample.
fn is_whole() -> bool {
    std::env::var("SWEEP").is_ok_and(|value| value == "all")
}

#[test]
fn every_small_drawing_gets_findings_or_a_sound_plan() {
    let (three, four) = if is_whole() { (1, 1) } else { (7, 9973) };
    let seen = [sweep(1, 1), sweep(2, 1), sweep(3, three), sweep(4, four)];
    println!("drawings and valid ones among them, by number of clusters: {seen:?}");
    assert!(seen[..3].iter().all(|&(_, valid)| valid > 0));
}
