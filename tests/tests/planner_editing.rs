//! Editing in Chromium: several boxes at once, the clipboard, snapping, and undo over many commands.

use shared::bundle::Bundle;
use shared::preset::presets;
use shared::topology::{Cluster, Expose, Topology};
use tests::journey::{draws, journey};

#[test]
fn boxes_are_picked_moved_and_copied_as_one() {
    let drawn = draws("editing.mjs", &[]);
    let places = [("cluster1", "network1"), ("cluster2", "network2"), ("cluster3", "network2")];
    let clusters = places.map(|(name, network)| Cluster::primary(name, network)).into();
    let topology = Topology { clusters, ..Topology::empty("mesh1") };
    assert!(drawn == Bundle::write(&topology, None).unwrap().files, "all that was done was taken back");
}

#[test]
fn two_hundred_keys_are_taken_back_and_the_tour_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    journey("undo.mjs", &folder.path().join("mesh1.yaml"), &[]);
}

#[test]
fn what_the_rules_imply_is_made_explicit_and_left_to_them_again() {
    let drawn = draws("implied.mjs", &[]);
    let preset = presets().into_iter().find(|preset| preset.id == "multi-primary-multi-network").unwrap();
    let mut topology = preset.topology;
    let implied = Bundle::write(&topology, None).unwrap().files;
    topology.clusters[0].east_west.expose = Some(Expose::LoadBalancer);
    let explicit = Bundle::write(&topology, None).unwrap().files;
    assert!(drawn == explicit, "the drawing says what was made explicit");
    // But for the drawing itself, it is the same mesh.
    let differs: Vec<&String> = explicit.keys().filter(|path| implied.get(*path) != explicit.get(*path)).collect();
    assert_eq!(differs, ["bundle.yaml", "diagram.svg", "topology.yaml"]);
}
