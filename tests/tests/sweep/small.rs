//! Every small drawing: up to four clusters on up to two networks or on none, in each role, with each arrow and entry.

use shared::topology::{ApiServer, Cluster, Entry, Expose, Gateway, GatewayApi, GatewayKind, Role, Topology, Via};

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
        cluster.east_west.expose =
            Some([Expose::LoadBalancer, Expose::NodePort, Expose::Nat][(number / 3 + place) % 3]);
        if cluster.east_west.front() == Expose::Nat {
            cluster.east_west.addresses = vec!["203.0.113.7".to_owned()];
        }
    }
    for (_, cluster) in topology.clusters.iter_mut().enumerate().filter(|(place, _)| (number + place) % 5 == 1) {
        let by_gateway = matches!(cluster.role, Role::Primary { .. }) && cluster.east_west.front() != Expose::NodePort;
        cluster.api_server = by_gateway.then(|| ApiServer { via: Via::EastWest, ..ApiServer::default() });
    }
    topology.sample = !number.is_multiple_of(7);
}

/// Calls a function for every drawing of that many clusters in that release, taking one in `stride`.
pub(crate) fn each(count: usize, stride: usize, release: &str, mut visit: impl FnMut(&Topology)) {
    let variants: Vec<Vec<Cluster>> = (0..count).map(|place| variants(place, count)).collect();
    let total: usize = variants.iter().map(Vec::len).product();
    for number in (0..total).step_by(stride) {
        let mut rest = number;
        let mut topology = Topology::empty("sweep");
        release.clone_into(&mut topology.istio.version);
        for choices in &variants {
            topology.clusters.push(choices[rest % choices.len()].clone());
            rest /= choices.len();
        }
        visit(&topology);
        // Some of them with more drawn in.
        if number % 5 == 0 {
            ways_in(&mut topology, number / 5);
            visit(&topology);
        }
    }
}
