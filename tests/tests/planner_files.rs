//! What comes into the planner and goes out of it, and what becomes of it without a network, in a second page and after a crash.

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
