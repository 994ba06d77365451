//! From the planner to a mesh: Chromium draws two primaries on two networks by clicks and keys and exports the bundle; it is
//! what `isthmus generate` makes, and what is applied to two real API servers.

use std::fs;
use std::path::{Path, PathBuf};

use shared::bundle::Bundle;
use shared::topology::{Cluster, Entry, Role, Topology};
use tests::bed::{Bed, ClusterSpec};
use tests::golden::golden_tree;
use tests::job::Job;
use tests::journey::{built, drawn, draws, journey};
use tests::judge::{self, Member};

#[test]
fn a_drawing_becomes_a_mesh() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    let exported = bed.folder().join("mesh1.zip");
    journey("journey.mjs", &exported, &[]);
    golden_tree("multi-primary-multi-network", &drawn(&exported));

    let job = Job::with_bundle(&bed, exported, &[]);
    job.apply(&[]).ends_with(0);
    let members = [("cluster1", "network1"), ("cluster2", "network2")].map(|(name, network)| {
        let cluster = bed.cluster(name);
        Member { name, network, cluster }
    });
    judge::two_networks(&members, &job.root());
}

#[test]
fn roles_are_chosen_in_the_inspector() {
    golden_tree("primary-remote-multi-network", &draws("roles.mjs", &[]));
}

#[test]
fn arrows_are_drawn_by_pointer_by_clicks_and_by_keys() {
    let drawn = draws("arrows.mjs", &[]);
    let remote = |name: &str| Cluster {
        role: Role::Remote { control_plane: "cluster1".into() },
        ..Cluster::primary(name, "network2")
    };
    let (entry, namespace) = (Entry::LoadBalancer, "external-istiod".to_owned());
    let external = Role::External { config: "cluster2".into(), entry, namespace };
    let external = Cluster { role: external, network: None, ..Cluster::primary("cluster1", "network1") };
    let topology =
        Topology { clusters: vec![external, remote("cluster2"), remote("cluster3")], ..Topology::empty("mesh1") };
    assert!(drawn == Bundle::write(&topology, None).unwrap().files, "the arrows say what the format says");
}

#[test]
fn the_palette_does_all_of_it() {
    golden_tree("primary-remote-multi-network", &draws("palette.mjs", &[]));
}

#[test]
fn the_plan_is_played_and_printed() {
    let folder = tempfile::tempdir().unwrap();
    journey("walk.mjs", &folder.path().join("steps.pdf"), &[]);
}

#[test]
fn questions_and_templates_are_drawings() {
    golden_tree("external-two-remotes", &draws("wizard.mjs", &[]));
}

#[test]
fn links_and_pictures_hold_the_drawing() {
    let folder = tempfile::tempdir().unwrap();
    journey("share.mjs", &folder.path().join("mesh1.svg"), &[]);
}

#[test]
fn ways_in_and_gateways_are_drawn_in_the_inspector() {
    golden_tree("node-port-and-nat", &draws("reach.mjs", &[]));
}

/// A hundred primaries: 9,900 remote secrets.
fn hundred_primaries() -> Topology {
    let cluster = |i: usize| Cluster::primary(&format!("cluster{i}"), &format!("network{}", i % 2 + 1));
    Topology { clusters: (1..=100).map(cluster).collect(), ..Topology::empty("mesh1") }
}

#[test]
fn a_large_bundle_is_written_beside_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let (file, topology) = (folder.path().join("drawn.yaml"), hundred_primaries());
    fs::write(&file, topology.write()).unwrap();
    assert!(
        draws("large.mjs", &[file, built()]) == Bundle::write(&topology, None).unwrap().files,
        "the worker writes what the terminal writes"
    );
}

#[test]
fn the_browser_writes_the_bytes_that_the_terminal_writes() {
    let folder = tempfile::tempdir().unwrap();
    let topologies = Path::new(env!("CARGO_MANIFEST_DIR")).join("topologies");
    let mut all: Vec<PathBuf> = fs::read_dir(topologies).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    journey("exports.mjs", folder.path(), &all);
    for topology in all {
        let name = topology.file_stem().unwrap().to_string_lossy().into_owned();
        golden_tree(&name, &drawn(&folder.path().join(format!("{name}.zip"))));
    }
}
