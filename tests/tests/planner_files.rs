//! What comes into the planner and goes out of it, and what becomes of it without a network, in a second page and after a crash.

use std::fs;
use std::path::Path;

use shared::bundle::Bundle;
use shared::topology::Topology;
use tests::journey::{built, journey};

#[test]
fn the_planner_works_without_a_network_below_any_path() {
    let folder = tempfile::tempdir().unwrap();
    journey("offline.mjs", &folder.path().join("start.png"), &[built()]);
}

#[test]
fn drawings_are_kept_and_written_by_one_page_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    journey("drafts.mjs", folder.path(), &[]);
}

/// Bundles of a few drawings that differ in what they need; the terminal's reader has all of them.
#[test]
fn files_of_others_and_our_own_are_drawn_again() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = |name: &str| {
        let drawn = Path::new(env!("CARGO_MANIFEST_DIR")).join("topologies").join([name, ".yaml"].concat());
        let topology = Topology::read(&fs::read_to_string(drawn).unwrap()).unwrap();
        let zip = folder.path().join([name, ".zip"].concat());
        fs::write(&zip, Bundle::write(&topology, None).unwrap().to_zip()).unwrap();
        zip
    };
    journey("imports.mjs", folder.path(), &["external-dns", "node-port-and-nat", "awkward-names"].map(bundle));
}
