//! Builds the program anew when the planner it carries changes.

use std::path::Path;

fn main() {
    let planner = "../web/dist";
    // A path that is missing would run this every time: the folder above it notices when the planner appears.
    println!("cargo::rerun-if-changed={}", if Path::new(planner).exists() { planner } else { "../web" });
}
