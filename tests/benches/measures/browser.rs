//! From an edit to the page that shows it, in Chromium.

use std::process::Command;

use tests::job::serve;

pub(crate) fn measure() {
    println!("From an edit to new files, in the planner");
    let mut node = Command::new("node");
    node.arg("edits.mjs").arg(serve()).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/browser"));
    let output = node.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    print!("{}", String::from_utf8_lossy(&output.stdout));
    println!();
}
