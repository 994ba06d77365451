//! Taking a file: a topology, or a bundle with one in it. What cannot be taken is refused with a reason, and the drawing stays.

use std::rc::Rc;

use shared::bundle::{Bundle, BundleError, LAYOUT, TOPOLOGY};
use shared::import;
use shared::layout::Layout;
use shared::text::Text;
use shared::topology::Topology;

use crate::arrival::What;
use crate::drawing::Drawing;
use crate::i18n::Msg;
use crate::png::{self, PNG};
use crate::share;

/// Why a file was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The file, or what else was to be done.
    pub(crate) title: Text,
    /// The line it is about, where there is one.
    pub(crate) line: Option<u32>,
    /// What is wrong.
    pub(crate) what: Text,
    /// What to do.
    pub(crate) hint: Text,
}

/// The first bytes of every zip.
const ZIP: &[u8] = b"PK";

/// Reads a file that was chosen or dropped, or a text that was pasted.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<What, Refusal> {
    let drawing = |drawing| What::Drawing(Rc::new(drawing));
    if bytes.starts_with(ZIP) {
        let files = Bundle::files_from_zip(bytes).map_err(|error| in_bundle(name, error))?;
        let text = |path: &str| files.get(path).map(String::as_str).unwrap_or_default();
        return read_text(name, text(TOPOLOGY), text(LAYOUT)).map(drawing);
    }
    if bytes.starts_with(PNG) {
        let (topology, layout) = png::fragment(bytes)
            .and_then(share::unpacked)
            .ok_or_else(|| refusal(name, None, Msg::BarePicture.text(&[]), Msg::BarePictureHint.text(&[])))?;
        return read_text(name, &topology, &layout).map(drawing);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(refusal(name, None, Msg::NotText.text(&[]), Msg::NotTextHint.text(&[])));
    };
    if text.trim_start().starts_with("<svg") {
        let (topology, layout) = share::from_picture(text)
            .ok_or_else(|| refusal(name, None, Msg::BarePicture.text(&[]), Msg::BarePictureHint.text(&[])))?;
        return read_text(name, &topology, &layout).map(drawing);
    }
    match import::read(text) {
        Some(Ok(imported)) => Ok(What::Other(imported)),
        Some(Err(error)) => Err(refusal(name, Some(error.line).filter(|&line| line > 0), error.what, error.hint)),
        None => read_text(name, text, "").map(drawing),
    }
}

/// Reads a topology, and a layout where there is one.
pub(crate) fn read_text(name: &str, topology: &str, layout: &str) -> Result<Drawing, Refusal> {
    let topology = Topology::read(topology)
        .map_err(|error| refusal(name, Some(error.line).filter(|&line| line > 0), error.what, error.hint))?;
    Ok(Drawing::new(topology, Layout::read(layout)))
}

/// Says that a file cannot be read at all.
pub(crate) fn unreadable(name: &str) -> Refusal {
    refusal(name, None, Msg::TooLarge.text(&[]), Msg::NotTextHint.text(&[]))
}

/// Names the file of the bundle that is meant.
fn in_bundle(name: &str, error: BundleError) -> Refusal {
    let place = |words: String| if error.path.is_empty() { words } else { format!("{}: {words}", error.path) };
    let what = Text::new(place(error.what.en), place(error.what.zh));
    refusal(name, Some(error.line).filter(|&line| line > 0), what, error.hint)
}

fn refusal(name: &str, line: Option<u32>, what: Text, hint: Text) -> Refusal {
    Refusal { title: Msg::CannotOpen.text(&[("name", name)]), line, what, hint }
}
