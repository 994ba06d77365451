//! The ways by which something comes into the planner from outside, each read as the page reads it: what is tried with any bytes.

use shared::layout::Layout;
use shared::preset::presets;
use shared::text::Text;

use crate::arrival::Arrival;
use crate::command::{Command, Edit};
use crate::drawing::Drawing;
use crate::editor::Editor;
use crate::open;
use crate::settings::Settings;
use crate::{clip, draft, png, share};

/// A way into the planner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A file that is chosen or dropped, or a text that is pasted: of any kind.
    File,
    /// The fragment of a link.
    Link,
    /// An SVG picture with a drawing inside.
    Picture,
    /// A PNG picture with a drawing inside.
    Dots,
    /// A drawing that the browser keeps.
    Draft,
    /// The steps that led to a drawing that the browser keeps.
    Steps,
    /// Clusters that are pasted.
    Paste,
}

/// What came in: the drawing as texts of its topology and its layout, or why it is none.
pub type Read = Result<(String, String), Text>;

/// Of so many kept steps one goes to each.
const STEPS: usize = 8;

impl Way {
    /// All ways.
    pub const ALL: [Way; 7] = [Way::File, Way::Link, Way::Picture, Way::Dots, Way::Draft, Way::Steps, Way::Paste];

    /// Reads what comes in; `None` where it is passed over without a word.
    pub fn read(self, bytes: &[u8]) -> Option<Read> {
        let text = std::str::from_utf8(bytes);
        let read = match self {
            Way::File | Way::Picture | Way::Dots => {
                let name = "file".to_owned();
                open::read(&name, bytes).map(|what| Drawing::clone(&Arrival { name, what }.alone()))
            }
            Way::Link => {
                let (topology, layout) = share::unpacked(text.ok()?)?;
                open::read_text("link", &topology, &layout)
            }
            Way::Draft => {
                draft::listed(1, text.ok()?)?;
                let _ = draft::renamed(text.ok()?, "other");
                draft::drawing(text.ok()?)
            }
            Way::Steps => {
                let mut editor = Editor::new(Some(template()), Settings::default());
                editor.restore(text.ok()?);
                for at in 0..editor.history.len().min(STEPS) {
                    editor.run(Command::Go(at));
                }
                Ok(Drawing::clone(&editor.drawing))
            }
            Way::Paste => clip::read(text.ok()?)?.map(|topology| Drawing::new(topology, Layout::default())),
        };
        Some(match read {
            Ok(drawing) => Ok((drawing.topology.write(), drawing.layout.write())),
            Err(refusal) => Err(refusal.what),
        })
    }

    /// Writes the first template as it comes in that way.
    pub fn template(self) -> Vec<u8> {
        let drawing = template();
        match self {
            Way::File => drawing.topology.write().into_bytes(),
            Way::Link => share::fragment(&drawing).into_bytes(),
            Way::Picture => share::picture(&drawing).into_bytes(),
            Way::Dots => png::with_fragment(png::PNG, &share::fragment(&drawing)),
            Way::Draft => draft::packed(&drawing, 1).into_bytes(),
            Way::Steps => {
                let mut editor = Editor::new(Some(drawing), Settings::default());
                for edit in [Edit::AddNetwork, Edit::AddCluster(None), Edit::SetSample(false)] {
                    editor.run(Command::Edit(edit));
                }
                editor.run(Command::Go(0));
                editor.history.write().into_bytes()
            }
            Way::Paste => clip::write(&drawing.topology, &[0, 1]).unwrap_or_default().into_bytes(),
        }
    }
}

fn template() -> Drawing {
    let topology = presets().into_iter().next().map(|preset| preset.topology);
    Drawing::new(topology.unwrap_or_else(|| shared::topology::Topology::empty("mesh1")), Layout::default())
}
