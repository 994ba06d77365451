//! How soon the planner can be used, what a drag costs, and from an edit to the page that shows it, in Chromium.

use std::process::Command;

use tests::job::serve;

pub(crate) fn measure() {
    println!("The planner in Chromium: its start, and a drag");
    print_what("speed.mjs");
    println!("From an edit to new files, in the planner");
    print_what("edits.mjs");
}

fn print_what(script: &str) {
    let mut node = Command::new("node");
    node.arg(script).arg(serve()).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/browser"));
    let output = node.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    print!("{}", String::from_utf8_lossy(&output.stdout));
    println!();
}
