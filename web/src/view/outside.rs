//! What leaves the page and what comes into it: files, and the drawings that the browser keeps.

use std::rc::Rc;

use shared::bundle::Bundle;
use shared::text::Text;

use crate::arrival::Arrival;
use crate::browser::{self, drafts};
use crate::command::{Command, Origin, Outside};
use crate::draft::{self, Draft, Drafts, Keeping};
use crate::drawing::Drawing;
use crate::editor::{Editor, Screen};
use crate::i18n::Msg;
use crate::open::{self, Refusal};
use crate::{clip, png, share};

/// The media type of bundles.
pub(super) const ZIP: &str = "application/zip";

/// Notes whether this page holds the drawing at hand; what was made of it elsewhere comes with it.
pub(super) fn held(editor: &Editor, held: bool) -> Command {
    let newer = drafts::draft(editor.draft).filter(|_| held && !editor.held);
    Command::Held(held, newer.and_then(|text| draft::drawing(&text).ok()).map(Rc::new))
}

/// Does something with the drawings that the browser keeps, and returns what the page is to do upon it.
pub(super) fn keeping(editor: &Editor, what: Keeping, hearer: &drafts::Hearer) -> Option<Command> {
    let mut deleted = None;
    match what {
        Keeping::TakeOver => {
            drafts::hold(editor.draft, true, hearer);
            return None;
        }
        Keeping::Open(id) => {
            keep(editor);
            return Some(match draft::drawing(&drafts::draft(id)?) {
                Ok(drawing) => Command::Replace(Rc::new(drawing), Origin::Draft(id)),
                Err(refusal) => Command::Refuse(Rc::new(refusal)),
            });
        }
        Keeping::Compare(id) => {
            return Some(match draft::drawing(&drafts::draft(id)?) {
                Ok(drawing) => compared(&drawing.topology.name.clone(), Rc::new(drawing)),
                Err(refusal) => Command::Refuse(Rc::new(refusal)),
            });
        }
        // The one at hand is named in the inspector, where undo knows of it.
        Keeping::Rename(id, name) => {
            if let Some(text) = drafts::draft(id).and_then(|text| draft::renamed(&text, &name)) {
                drafts::rewrite(id, &text);
            }
        }
        Keeping::Delete(id) => {
            let text = drafts::draft(id)?;
            deleted = draft::listed(id, &text).map(|draft| (draft, text));
            drafts::forget(id);
        }
        Keeping::Restore => {
            let (draft, text) = editor.drafts.deleted.as_ref()?;
            drafts::rewrite(draft.id, text);
        }
    }
    Some(listed(deleted))
}

/// Lists the drawings that the browser keeps.
pub(super) fn listed(deleted: Option<(Draft, String)>) -> Command {
    Command::Drafts(Rc::new(Drafts { kept: drafts::drafts(), deleted }))
}

/// Keeps the drawing at hand, where it is this page's to write; `false` where the browser has no room or forbids it.
pub(super) fn keep(editor: &Editor) -> bool {
    // Nothing drawn is a drawing too, but not before anything was begun.
    let begun = editor.screen == Screen::Board || !editor.drawing.is_blank();
    if !begun || !editor.held {
        return true;
    }
    let kept = drafts::keep_draft(editor.draft, &draft::packed(&editor.drawing, drafts::now()));
    drafts::keep_steps(editor.draft, &editor.history.write());
    kept
}

/// Says whether a pasted text looks like something that is drawn.
pub(super) fn looks_like_ours(text: &str) -> bool {
    let marks = ["kind: Topology", "kind: IstioOperator", "kind: Config\n", "\nglobal:"];
    marks.iter().any(|mark| text.contains(mark) || text.starts_with(mark.trim_start()))
}

/// Takes what was read from a file, or says why not.
pub(super) fn opened(name: String, bytes: &[u8]) -> Command {
    match open::read(&name, bytes) {
        Ok(what) => Command::Arrive(Rc::new(Arrival { name, what })),
        Err(refusal) => Command::Refuse(Rc::new(refusal)),
    }
}

/// Lays what was read from a file beside the drawing, in place of it.
pub(super) fn beside(opened: Command) -> Command {
    match opened {
        Command::Arrive(arrival) => compared(&arrival.name, arrival.alone()),
        other => other,
    }
}

fn compared(name: &str, drawing: Rc<Drawing>) -> Command {
    Command::Compare(Some((Text::new(name, name), drawing)))
}

/// Exports the bundle; where findings forbid it, the command goes on to the dialog that names them.
pub(super) fn export(editor: &Editor) -> Command {
    let Ok(bundle) = Bundle::write(&editor.drawing.topology, Some(&editor.drawing.layout)) else {
        return Command::Export;
    };
    given(&zip_name(editor), ZIP, &bundle.to_zip(), Outside::Exported)
}

pub(super) fn zip_name(editor: &Editor) -> String {
    format!("{}.zip", editor.drawing.topology.name)
}

/// Returns the drawing's name as that of a file.
fn stem(editor: &Editor) -> &str {
    Some(editor.drawing.topology.name.as_str()).filter(|name| shared::name::is_label(name)).unwrap_or("topology")
}

/// Saves the picture with the drawing inside.
pub(super) fn picture(editor: &Editor) -> Command {
    let name = [stem(editor), ".svg"].concat();
    given(&name, "image/svg+xml", share::picture(&editor.drawing).as_bytes(), Outside::Saved)
}

/// Saves the picture as dots, with the drawing inside.
pub(super) async fn dots(editor: &Editor, dots: u8) -> Command {
    let name = [stem(editor), ".png"].concat();
    match drafts::painted(&share::picture(&editor.drawing), dots).await {
        Some(png) => {
            let png = png::with_fragment(&png, &share::fragment(&editor.drawing));
            given(&name, "image/png", &png, Outside::Saved)
        }
        None => not_given(&name),
    }
}

/// Returns the selected clusters as a text for the clipboard, and says that they were copied, or cut.
pub(super) fn clipped(editor: &Editor, cut: bool, send: impl Fn(Command)) -> Option<String> {
    let picked = editor.picked();
    let text = clip::write(&editor.drawing.topology, &picked)?;
    if cut {
        send(Command::DeleteSelected);
    }
    send(Command::Done(Outside::CopiedClusters(picked.len())));
    Some(text)
}

/// Saves one file of the bundle, under the last part of its path.
pub(super) fn file(editor: &Editor, path: &str) -> Option<Command> {
    let text = editor.text_of(path)?;
    let name = path.rsplit('/').next().unwrap_or(path);
    Some(given(name, "text/plain", text.as_bytes(), Outside::Saved))
}

pub(super) fn save(editor: &Editor) -> Command {
    keep(editor);
    given(
        &format!("{}.yaml", stem(editor)),
        "application/yaml",
        editor.drawing.topology.write().as_bytes(),
        Outside::Saved,
    )
}

pub(super) fn given(name: &str, kind: &str, bytes: &[u8], done: fn(String) -> Outside) -> Command {
    match browser::download(name, kind, bytes) {
        Ok(()) => Command::Done(done(name.to_owned())),
        Err(_) => not_given(name),
    }
}

fn not_given(name: &str) -> Command {
    Command::Refuse(Rc::new(Refusal {
        title: Msg::CannotOpen.text(&[("name", name)]),
        line: None,
        what: Msg::ExportFailed.text(&[]),
        hint: Msg::ExportFailedHint.text(&[]),
    }))
}
