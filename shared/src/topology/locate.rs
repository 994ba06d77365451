//! Where in a topology's text a thing stands, for findings that show a line.
//!
//! The reader keeps no positions, so the text is searched: exact for block style and for one cluster a line.

use crate::finding::Subject;

use super::Topology;

/// Returns the line, counted from 1, of what a finding is about.
pub fn line_of(text: &str, topology: &Topology, subject: &Subject) -> Option<u32> {
    match subject {
        Subject::Mesh(field) => first_line(text, |line| line.contains(&format!("{field}:"))),
        Subject::Network(network) => {
            let index = topology.clusters.iter().position(|cluster| cluster.network.as_ref() == Some(network))?;
            line_of_cluster(text, index)
        }
        Subject::Cluster { index, .. } => line_of_cluster(text, *index),
        Subject::Gateway { index, .. } => line_of_item(text, "gateways:", *index),
    }
}

/// Returns the line of the cluster at that place of the list.
pub(super) fn line_of_cluster(text: &str, index: usize) -> Option<u32> {
    line_of_item(text, "clusters:", index)
}

/// Returns the line of an item of the list under `key`, or of the key itself where the list stands on one line.
fn line_of_item(text: &str, key: &str, index: usize) -> Option<u32> {
    let lines: Vec<&str> = text.lines().collect();
    let head = lines.iter().position(|line| line.trim_start().starts_with(key))?;
    let mut dash = None;
    let mut seen = 0;
    for (number, line) in lines.iter().enumerate().skip(head + 1) {
        let indent = line.len() - line.trim_start().len();
        if !line.trim_start().starts_with("- ") || *dash.get_or_insert(indent) != indent {
            continue;
        }
        if seen == index {
            return u32::try_from(number + 1).ok();
        }
        seen += 1;
    }
    u32::try_from(head + 1).ok()
}

fn first_line(text: &str, meets: impl Fn(&str) -> bool) -> Option<u32> {
    (1u32..).zip(text.lines()).find(|(_, line)| meets(line)).map(|(number, _)| number)
}
