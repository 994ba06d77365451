//! All that the format can say can be drawn: every topology is reached from an empty drawing by edits, and every edit has a place in the page.

use std::fs;
use std::path::{Path, PathBuf};

use shared::topology::{
    AddressKind, ApiServer, CaSource, Cluster, EastWest, Entry, Expose, Gateway, GatewayApi, GatewayKind, Installer,
    Istio, Role, Topology, Via,
};

use super::apply;
use crate::command::{Edit, RoleKind, Selection};
use crate::drawing::Drawing;

/// Returns the edits that draw a topology. What is taken apart here is named field by field: a new one does not compile.
fn edits(topology: &Topology) -> Vec<Edit> {
    let Topology { name, mesh_id, trust_domain, istio, clusters, gateways, sample } = topology;
    let Istio { version, installer, revision } = istio;
    let mut edits = vec![
        Edit::SetName(name.clone()),
        Edit::SetMeshId(mesh_id.clone()),
        Edit::SetTrustDomain(trust_domain.clone()),
        Edit::SetVersion(version.clone()),
        Edit::SetInstaller(*installer),
        Edit::SetRevision(revision.clone()),
        Edit::SetSample(*sample),
    ];
    for (index, cluster) in clusters.iter().enumerate() {
        let network = cluster.network.clone().unwrap_or_else(|| clusters[index - 1].network.clone().unwrap());
        edits.push(Edit::AddCluster(Some(network)));
        edits.push(Edit::RenameCluster(index, cluster.name.to_string()));
    }
    for (index, cluster) in clusters.iter().enumerate() {
        let Cluster { name: _, network: _, role, context, api_server, pod_cidrs, service_cidrs, east_west } = cluster;
        match role {
            Role::Primary { entry } => edits.push(Edit::SetEntry(index, entry.clone())),
            Role::Remote { control_plane } => {
                edits.push(Edit::SetRole(index, RoleKind::Remote));
                edits.push(Edit::SetControlPlane(index, control_plane.clone()));
            }
            Role::External { config, entry, namespace } => {
                edits.push(Edit::SetRole(index, RoleKind::External));
                edits.push(Edit::SetConfig(index, config.clone()));
                edits.push(Edit::SetEntry(index, entry.clone()));
                edits.push(Edit::SetNamespace(index, namespace.clone()));
            }
        }
        edits.push(Edit::SetContext(index, context.clone().unwrap_or_default()));
        edits.push(Edit::SetApiServer(index, api_server.clone()));
        edits.push(Edit::SetPodRanges(index, pod_cidrs.clone()));
        edits.push(Edit::SetServiceRanges(index, service_cidrs.clone()));
        edits.push(Edit::SetEastWest(index, Box::new(east_west.clone())));
    }
    for (at, gateway) in gateways.iter().enumerate() {
        let index = clusters.iter().position(|cluster| cluster.name == gateway.cluster).unwrap();
        edits.push(Edit::AddGateway(index, gateway.kind));
        edits.push(Edit::SetGateway(at, gateway.clone()));
    }
    edits
}

fn is_reached(topology: &Topology) {
    // An external control plane needs a network for the time before it is one.
    let mut first = topology.clone();
    first.clusters.iter_mut().filter(|cluster| cluster.network.is_none()).for_each(|cluster| {
        cluster.network = topology.networks().first().map(|network| (*network).clone());
    });
    let drawn = edits(&first).iter().fold(Drawing::empty(), |drawing, edit| {
        apply(&drawing, &Selection::Mesh, edit).map_or(drawing, |edited| edited.drawing)
    });
    assert_eq!(*drawn.topology, *topology);
}

#[test]
fn every_topology_of_the_tests_is_reached_from_an_empty_drawing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/topologies");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        is_reached(&Topology::read(&text).unwrap());
        seen += 1;
    }
    assert!(seen >= 20, "{seen}");
}

#[test]
fn a_topology_that_says_all_that_can_be_said_is_reached() {
    let list = |text: &str| vec![text.to_owned()];
    let east_west = EastWest {
        expose: Some(Expose::Nat),
        address_kind: AddressKind::Hostname,
        addresses: list("203.0.113.7"),
        port: 15444,
        annotations: vec![("cloud/internal".to_owned(), "true".to_owned())],
        source_ranges: list("198.51.100.0/24"),
    };
    let api_server = ApiServer {
        url: "https://10.0.0.1:6443".to_owned(),
        tls_server_name: Some("api".to_owned()),
        ca: CaSource::Kubeconfig,
        via: Via::EastWest,
    };
    let entry = Entry::Host { host: "istiod.example.com".to_owned(), credential: "secret".to_owned() };
    let external = Role::External { config: "b".into(), entry: entry.clone(), namespace: "apart".to_owned() };
    let remote = Cluster {
        role: Role::Remote { control_plane: "a".into() },
        context: Some("prod".to_owned()),
        api_server: Some(api_server),
        pod_cidrs: list("10.10.0.0/16"),
        service_cidrs: list("10.20.0.0/16"),
        east_west,
        ..Cluster::primary("b", "west")
    };
    let gateway = |kind, api, installer| Gateway { cluster: "b".into(), kind, api, installer };
    is_reached(&Topology {
        name: "all".to_owned(),
        mesh_id: "mesh9".to_owned(),
        trust_domain: "example.com".to_owned(),
        istio: Istio { version: "1.30".to_owned(), installer: Installer::Helm, revision: "blue".to_owned() },
        clusters: vec![
            Cluster { role: external, network: None, ..Cluster::primary("a", "west") },
            remote,
            Cluster { role: Role::Primary { entry }, ..Cluster::primary("c", "east") },
        ],
        gateways: vec![
            gateway(GatewayKind::Ingress, GatewayApi::GatewayApi, None),
            gateway(GatewayKind::Egress, GatewayApi::Istio, Some(Installer::Istioctl)),
        ],
        sample: true,
    });
}

/// Returns the text of the files under a folder, tests left out.
fn written(folder: PathBuf) -> String {
    let mut all = String::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                all += fs::read_to_string(path).unwrap().split("#[cfg(test)]").next().unwrap();
            }
        }
    }
    all
}

#[test]
fn every_edit_has_a_place_in_the_page() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let command = fs::read_to_string(source.join("command.rs")).unwrap();
    let body = command.split_once("enum Edit {").unwrap().1.split_once("\n}").unwrap().0;
    let named = body.lines().filter_map(|line| line.strip_prefix("    ")?.split(['(', ',', ' ']).next());
    let named: Vec<&str> = named.filter(|word| word.starts_with(char::is_uppercase)).collect();
    assert!(named.len() > 20, "{named:?}");
    let page = written(source.join("view")) + &written(source.join("editor"));
    for name in named {
        assert!(page.contains(&["Edit::", name].concat()), "nothing in the page sends {name}");
    }
}
