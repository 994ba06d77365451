//! What the page begins with: a link, the draft of last time, or nothing.

use std::rc::Rc;

use shared::text::Text;

use crate::command::{Command, Origin};
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::open::{self, Refusal};
use crate::settings::Settings;
use crate::{browser, share};

/// Begins with what a link holds, else with what was kept; undo leads from the one to the other.
pub(super) fn begin() -> Editor {
    let mut editor = kept();
    let Some(fragment) = browser::take_fragment() else { return editor };
    let refusal = |what: Text| Refusal {
        title: Msg::LinkBroken.text(&[]),
        line: None,
        what,
        hint: Msg::LinkBrokenHint.text(&[]),
    };
    let drawing = share::unpacked(&fragment)
        .ok_or_else(|| refusal(Msg::LinkBrokenWhat.text(&[])))
        .and_then(|(topology, layout)| open::read_text(Msg::LinkBroken.say(editor.lang()), &topology, &layout));
    editor.run(match drawing {
        Ok(drawing) => {
            // What was drawn here before is not written over by a link that somebody sent.
            browser::keep("draft.before-link", &editor.drawing.topology.write());
            Command::Replace(Rc::new(drawing), Origin::Link)
        }
        Err(refusal) => Command::Refuse(Rc::new(refusal)),
    });
    editor
}

fn kept() -> Editor {
    let settings = Settings::choose(browser::asked, browser::kept, &browser::languages(), browser::preferred());
    let Some(text) = browser::kept("draft.topology").filter(|text| !text.is_empty()) else {
        return Editor::new(None, settings);
    };
    let layout = browser::kept("draft.layout").unwrap_or_default();
    match open::read_text("draft", &text, &layout) {
        Ok(drawing) => {
            let mut editor = Editor::new(Some(drawing).filter(|drawing| !drawing.is_blank()), settings);
            editor.restore(&browser::kept("draft.history").unwrap_or_default());
            editor
        }
        Err(refusal) => {
            // What cannot be read is put aside and not written over.
            browser::keep("draft.unread", &text);
            let mut editor = Editor::new(None, settings);
            editor.run(Command::Refuse(Rc::new(Refusal { title: Msg::DraftUnreadable.text(&[]), ..refusal })));
            editor
        }
    }
}
