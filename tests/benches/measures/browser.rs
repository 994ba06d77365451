//! How soon the planner can be used, what a drag costs beside other editors, and from an edit to the page that shows it, in Chromium.

use std::process::Command;

use tests::job::serve;

pub(crate) fn measure() {
    println!("The planner in Chromium: its start");
    print_what("speed.mjs");
    println!("A drag, and what loads, beside plain SVG, React Flow and cytoscape");
    print_what("drag.mjs");
    println!("From an edit to new files, in the planner");
    print_what("edits.mjs");
}

fn print_what(script: &str) {
    let mut node = Command::new("node");
    node.arg(script).arg(serve()).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/browser"));
    if let Some(browser) = std::env::var_os("ISTHMUS_CHROMIUM") {
        node.env("CHROMIUM", browser);
    }
    let output = node.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    print!("{}", String::from_utf8_lossy(&output.stdout));
    println!();
}
