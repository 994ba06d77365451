//! Every small drawing: up to four clusters on up to two networks or on none, in each role, with each arrow and entry.

use shared::topology::{Cluster, Entry, Role, Topology};

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
    }
}
