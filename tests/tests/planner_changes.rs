//! The planner says what every edit did to the bundle, and goes back and forth through the edits.

use tests::browser::journey;

#[test]
fn every_edit_says_what_it_did_and_can_be_gone_back_to() {
    let folder = tempfile::tempdir().unwrap();
    journey("changes.mjs", folder.path(), &[]);
}
