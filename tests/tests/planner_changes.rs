//! The planner says what every edit did to the bundle, goes back and forth through the edits, and leads from boxes to lines and back.

use tests::journey::journey;

#[test]
fn every_edit_says_what_it_did_and_can_be_gone_back_to() {
    let folder = tempfile::tempdir().unwrap();
    journey("changes.mjs", folder.path(), &[]);
}

#[test]
fn a_box_marks_its_lines_and_a_line_selects_its_box() {
    let folder = tempfile::tempdir().unwrap();
    journey("lines.mjs", folder.path(), &[]);
}

#[test]
fn findings_are_badges_and_lines_and_are_mended_by_one_press() {
    let folder = tempfile::tempdir().unwrap();
    journey("findings.mjs", folder.path(), &[]);
}
