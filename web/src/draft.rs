//! Drafts: the drawings that this browser keeps, each under a number of its own, with what a list of them shows.

use std::rc::Rc;

use crate::drawing::Drawing;
use crate::open::{self, Refusal};

/// What stands between the topology and the layout of a kept drawing; neither may hold it.
const BETWEEN: char = '\0';

/// A kept drawing, as the list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The number it is kept under.
    pub(crate) id: u64,
    /// When it was kept, in milliseconds since 1970.
    pub(crate) when: u64,
    /// So many clusters are drawn.
    pub(crate) clusters: usize,
    /// What the drawing is called.
    pub(crate) name: String,
}

/// The kept drawings, and the one that was deleted last, which can be brought back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drafts {
    /// Those that are kept, the last one first.
    pub(crate) kept: Vec<Draft>,
    /// The one that was deleted, with its text.
    pub(crate) deleted: Option<(Draft, String)>,
}

/// What can be done with the drawings that the browser keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// Opens one.
    Open(u64),
    /// Compares the drawing at hand with one.
    Compare(u64),
    /// Gives one another name.
    Rename(u64, String),
    /// Deletes one.
    Delete(u64),
    /// Brings back the one that was deleted last.
    Restore,
    /// Takes the drawing at hand from another page.
    TakeOver,
}

/// Writes a drawing as it is kept: a line for the list, the topology, the layout.
pub(crate) fn packed(drawing: &Drawing, when: u64) -> String {
    let (when, clusters) = (when.to_string(), drawing.topology.clusters.len().to_string());
    let name = drawing.topology.name.replace(char::is_control, " ");
    let (topology, layout) = (drawing.topology.write(), drawing.layout.write());
    [&when, " ", &clusters, " ", &name, "\n", &topology, &BETWEEN.to_string(), &layout].concat()
}

/// Reads the line for the list.
pub(crate) fn listed(id: u64, text: &str) -> Option<Draft> {
    let mut words = text.lines().next()?.splitn(3, ' ');
    let (when, clusters) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some(Draft { id, when, clusters, name: words.next()?.to_owned() })
}

/// Reads the drawing.
pub(crate) fn drawing(text: &str) -> Result<Drawing, Refusal> {
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    let (topology, layout) = body.split_once(BETWEEN).unwrap_or((body, ""));
    open::read_text("draft", topology, layout)
}

/// Gives a kept drawing another name; what cannot be read keeps the one it has.
pub(crate) fn renamed(text: &str, name: &str) -> Option<String> {
    let mut drawing = drawing(text).ok()?;
    name.trim().clone_into(&mut Rc::make_mut(&mut drawing.topology).name);
    Some(packed(&drawing, listed(0, text)?.when))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::layout::{Layout, Point};

    fn drawn() -> Drawing {
        let mut drawing = Drawing::new(shared::preset::presets().remove(0).topology, Layout::default());
        drawing.layout.clusters.insert("cluster1".into(), Point { x: 80, y: 16 });
        drawing
    }

    #[test]
    fn what_is_kept_is_what_was_drawn() {
        let drawing_before = drawn();
        let text = packed(&drawing_before, 17);
        assert_eq!(drawing(&text), Ok(drawing_before));
        let listed = listed(3, &text).unwrap();
        assert_eq!((listed.id, listed.when, listed.clusters, listed.name.as_str()), (3, 17, 2, "mesh1"));
    }

    #[test]
    fn a_new_name_changes_the_name_alone() {
        let mut drawing_before = drawn();
        let text = renamed(&packed(&drawing_before, 17), " two words ").unwrap();
        Rc::make_mut(&mut drawing_before.topology).name = "two words".to_owned();
        assert_eq!(text, packed(&drawing_before, 17));
        assert_eq!(listed(1, &text).unwrap().name, "two words");
    }

    #[test]
    fn whatever_else_is_there_is_no_draft() {
        for text in ["", "\n", "x 1 a\n", "1 2", "1 x a\n"] {
            assert_eq!(listed(1, text), None, "{text:?}");
            assert!(drawing(text).is_err() && renamed(text, "a").is_none(), "{text:?}");
        }
        // A name with a line break does not reach into the drawing.
        let mut drawing_before = drawn();
        Rc::make_mut(&mut drawing_before.topology).name = "a\nb\0c".to_owned();
        let text = packed(&drawing_before, 1);
        assert_eq!(listed(1, &text).unwrap().name, "a b c");
        assert_eq!(drawing(&text), Ok(drawing_before));
    }
}
