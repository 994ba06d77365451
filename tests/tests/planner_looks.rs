//! Looks and accessibility, as Chromium has them: every screen in every theme and language, and all of it by keys alone.

use shared::preset::presets;
use tests::golden::golden_tree;
use tests::journey::{drawn, journey};

#[test]
fn every_screen_is_accessible_in_every_theme_and_language_and_holds_its_words() {
    let folder = tempfile::tempdir().unwrap();
    journey("looks.mjs", &folder.path().join("unused"), &[]);
}

#[test]
fn every_template_is_drawn_checked_and_exported_by_keys_alone() {
    let folder = tempfile::tempdir().unwrap();
    journey("keyboard.mjs", folder.path(), &[]);
    for preset in presets() {
        golden_tree(preset.id, &drawn(&folder.path().join(format!("{}.zip", preset.id))));
    }
}

#[test]
fn the_words_of_the_drawing_stand_out_in_every_theme() {
    let folder = tempfile::tempdir().unwrap();
    journey("contrast.mjs", &folder.path().join("unused"), &[]);
}

#[test]
fn boxes_glide_where_motion_is_wanted_and_help_leads_to_pages() {
    let folder = tempfile::tempdir().unwrap();
    journey("motion.mjs", &folder.path().join("unused"), &[]);
}
