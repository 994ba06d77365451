//! Clusters as text: what is copied is what stands under `spec` of a topology, fit for an editor, and is read back as it is.

use shared::topology::Topology;

use crate::edit::many::part;
use crate::open::{self, Refusal};

/// The type of copied clusters, beside plain text: whoever changes the text leaves these as they were copied.
pub(crate) const KIND: &str = "application/x-isthmus+yaml";

/// What a topology begins with, up to what is copied.
const HEAD: &str = "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata:\n  name: mesh1\nspec:\n";
/// The lines of it.
const HEAD_LINES: u32 = 5;
/// The first words of what is copied.
const FIRST: &str = "clusters:";

/// Writes clusters and their gateways; nothing for none.
pub(crate) fn write(topology: &Topology, clusters: &[usize]) -> Option<String> {
    let part = part(topology, clusters);
    let text = part.write();
    let (_, listed) = text.split_once(&["\n  ", FIRST, "\n"].concat()).filter(|_| !part.clusters.is_empty())?;
    let mut out = FIRST.to_owned();
    for line in listed.lines() {
        out.push('\n');
        out.push_str(line.strip_prefix("  ").unwrap_or(line));
    }
    out.push('\n');
    Some(out)
}

/// Reads what was copied; nothing where the text is something else.
pub(crate) fn read(text: &str) -> Option<Result<Topology, Refusal>> {
    text.trim_start().strip_prefix(FIRST).filter(|rest| rest.starts_with(['\n', '\r']))?;
    let mut whole = HEAD.to_owned();
    for line in text.trim_start().lines() {
        whole.push_str("  ");
        whole.push_str(line);
        whole.push('\n');
    }
    let read = open::read_text("", &whole, "").map(|drawing| Topology::clone(&drawing.topology));
    Some(read.map_err(|refusal| Refusal { line: refusal.line.map(|line| line.saturating_sub(HEAD_LINES)), ..refusal }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_texts_are_left_to_others() {
        for text in ["", "kind: Topology", "apiVersion: v1\nclusters:\n- name: a\n", "clusters: []"] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_mistake_is_told_by_its_line() {
        let refusal = read("clusters:\n- name: a\n  network: n\n  role: king\n").unwrap().unwrap_err();
        assert_eq!(refusal.line, Some(4), "{refusal:?}");
    }
}
