//! Drawings at random, beyond the small ones: more clusters and networks, gateways, exposures, revisions, installers,
//! releases. Most are nearly right, so that both findings and plans are met.

use shared::name::ClusterName;
use shared::topology::{
    AddressKind, ApiServer, CaSource, Cluster, EastWest, Entry, Expose, Gateway, GatewayApi, GatewayKind, Installer,
    Role, Topology, Via,
};

use super::RELEASES;
use super::chance::Chance;

const NAMES: [&str; 8] = ["a", "no", "1-a", "ca-a", "cluster1", "cluster10", "x-y", "token"];
const NETWORKS: [&str; 4] = ["n1", "n2", "on", "3"];
const WRONG: [&str; 8] = ["", "A", "a/b", "-", "${A}", "é", "a b", "x.y"];

/// Returns the drawing of that number.
pub(crate) fn topology(number: u64) -> Topology {
    let chance = &mut Chance::new(number);
    let mut topology = Topology::empty("random");
    if chance.once_in(3) {
        chance.of(&RELEASES).clone_into(&mut topology.istio.version);
    }
    if chance.once_in(4) {
        topology.istio.installer = Installer::Helm;
    }
    if chance.once_in(4) {
        chance.pick(&["1-31", "canary"], &["B", "1.31", "default"]).clone_into(&mut topology.istio.revision);
    }
    if chance.once_in(4) {
        chance.pick(&["yes", "mesh-2", "1e3"], &["", "a\nb", "${A}"]).clone_into(&mut topology.mesh_id);
        chance.pick(&["example.com", "null"], &["", "a_b"]).clone_into(&mut topology.trust_domain);
    }
    topology.sample = !chance.once_in(3);
    let names = &NAMES[..=chance.below(NAMES.len())];
    let networks = 1 + chance.below(NETWORKS.len());
    for place in 0..names.len() {
        topology.clusters.push(cluster(chance, names, place, networks));
    }
    arrows(chance, &mut topology);
    if chance.once_in(3) {
        topology.gateways.push(gateway(chance, names));
    }
    topology
}

fn cluster(chance: &mut Chance, names: &[&str], place: usize, networks: usize) -> Cluster {
    let own = if chance.slips(9) { chance.pick(names, &WRONG) } else { names[place] };
    let anybody = |chance: &mut Chance| chance.pick(names, &WRONG).into();
    let role = match chance.below(5) {
        0 | 1 => Role::Primary { entry: entry(chance) },
        2 | 3 => Role::Remote { control_plane: anybody(chance) },
        _ => Role::External {
            config: anybody(chance),
            entry: entry(chance),
            namespace: chance.pick(&["external-istiod", "mesh", "no"], &["istio-system", "", "A"]).to_owned(),
        },
    };
    let is_member = matches!(role, Role::External { .. }) == chance.slips(9);
    let context = chance.once_in(4).then(|| chance.pick(&["kind-", "it's ", "arn:aws:eks:x:1:cluster/"], &["\n"]));
    Cluster {
        name: own.into(),
        network: is_member.then(|| NETWORKS[chance.below(networks)].into()),
        role,
        context: context.map(|context| format!("{context}{own}")),
        api_server: chance.once_in(4).then(|| api_server(chance)),
        pod_cidrs: cidrs(chance, 10, place),
        service_cidrs: cidrs(chance, 11, place),
        east_west: east_west(chance),
    }
}

fn entry(chance: &mut Chance) -> Entry {
    if chance.once_in(3) {
        let host = chance.pick(&["istiod.example.com"], &["203.0.113.7", "", "a b"]);
        Entry::Host { host: host.to_owned(), credential: "istiod-credential".to_owned() }
    } else {
        Entry::LoadBalancer
    }
}

fn api_server(chance: &mut Chance) -> ApiServer {
    let right = ["https://10.0.0.1:6443", "https://api.example.com"];
    ApiServer {
        url: chance.pick(&right, &["https://127.0.0.1:6443", "http://x", ""]).to_owned(),
        tls_server_name: chance.once_in(3).then(|| "api.example.com".to_owned()),
        ca: chance.of(&[CaSource::Token, CaSource::Token, CaSource::Kubeconfig]),
        via: chance.of(&[Via::Direct, Via::Direct, Via::EastWest]),
    }
}

fn cidrs(chance: &mut Chance, block: u8, place: usize) -> Vec<String> {
    let mut ranges = if chance.once_in(3) { vec![format!("{block}.{place}.0.0/16")] } else { Vec::new() };
    if chance.slips(6) {
        ranges.push(chance.of(&["10.0.0.0/8", "fd00::/8", "10.0.0.0/33", "x"]).to_owned());
    }
    ranges
}

fn east_west(chance: &mut Chance) -> EastWest {
    let mut drawn = EastWest::default();
    if chance.once_in(4) {
        drawn.expose = Some(chance.of(&[Expose::NodePort, Expose::Nat]));
        drawn.addresses = vec![chance.pick(&["203.0.113.7", "gw.example.com"], &["x y", ""]).to_owned()];
    }
    if chance.once_in(8) {
        drawn.address_kind = AddressKind::Hostname;
    }
    if chance.once_in(6) {
        drawn.port = chance.pick(&[443, 16443], &[0, 15012]);
        drawn.annotations.push(("example.com/internal".to_owned(), chance.of(&["true", "no", ""]).to_owned()));
        drawn.source_ranges.push(chance.pick(&["203.0.113.0/24"], &["x"]).to_owned());
    }
    drawn
}

fn gateway(chance: &mut Chance, names: &[&str]) -> Gateway {
    Gateway {
        cluster: chance.pick(names, &WRONG).into(),
        kind: chance.of(&[GatewayKind::Ingress, GatewayKind::Ingress, GatewayKind::Egress]),
        api: chance.of(&[GatewayApi::Istio, GatewayApi::GatewayApi]),
        installer: chance.of(&[None, Some(Installer::Istioctl), Some(Installer::Helm)]),
    }
}

/// Turns arrows to where they can lead: remotes to clusters that run an istiod, external ones to a remote of their own, which
/// one without is no longer.
fn arrows(chance: &mut Chance, topology: &mut Topology) {
    let runs = |cluster: &&Cluster| !matches!(cluster.role, Role::Remote { .. });
    let serving: Vec<ClusterName> = topology.clusters.iter().filter(runs).map(|one| one.name.clone()).collect();
    for cluster in &mut topology.clusters {
        if chance.slips(9) {
            continue;
        }
        if let Role::Remote { control_plane } = &mut cluster.role {
            match serving.len() {
                0 => cluster.role = Role::default(),
                count => control_plane.clone_from(&serving[chance.below(count)]),
            }
        }
    }
    let all = topology.clusters.clone();
    for cluster in &mut topology.clusters {
        if chance.slips(9) {
            continue;
        }
        let name = cluster.name.clone();
        let own = |one: &&Cluster| matches!(&one.role, Role::Remote { control_plane } if *control_plane == name);
        if let Role::External { config, .. } = &mut cluster.role {
            if let Some(served) = all.iter().find(own) {
                config.clone_from(&served.name);
            } else {
                cluster.role = Role::default();
                cluster.network = Some(NETWORKS[0].into());
            }
        }
    }
}
