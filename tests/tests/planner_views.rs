//! What a drawing comes to, as Chromium shows it: tables over the canvas, by keys and by clicks; and another drawing beside it.

use std::fs;

use shared::firewall::firewall;
use shared::mesh::check;
use shared::preset::presets;
use tests::journey::journey;

#[test]
fn tables_say_who_reads_whom_and_lead_to_the_canvas() {
    let folder = tempfile::tempdir().unwrap();
    let copied = folder.path().join("firewall.csv");
    journey("views.mjs", &copied, &[]);
    let preset = presets().into_iter().find(|preset| preset.id == "primary-remote-multi-network").unwrap();
    let ways = firewall(&check(&preset.topology).mesh.unwrap());
    assert_eq!(fs::read_to_string(copied).unwrap().lines().count(), ways.len() + 1);
}

#[test]
fn two_drawings_are_compared_on_the_canvas_and_in_files() {
    let folder = tempfile::tempdir().unwrap();
    journey("compare.mjs", &folder.path().join("other.yaml"), &[]);
}
