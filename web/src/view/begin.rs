//! What the page begins with: a link, the draft of last time, or nothing.

use std::rc::Rc;

use shared::text::Text;

use crate::browser::drafts;
use crate::command::{Command, Origin};
use crate::draft::{self, Drafts};
use crate::editor::{Editor, Screen};
use crate::i18n::Msg;
use crate::open::{self, Refusal};
use crate::settings::Settings;
use crate::{browser, share};

/// Begins with what a link holds, else with what was kept; undo leads from the one to the other.
pub(crate) fn begin() -> Editor {
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
        // What was drawn here before is not written over by a link that somebody sent: this is a draft of its own.
        Ok(drawing) => Command::Replace(Rc::new(drawing), Origin::Link),
        Err(refusal) => Command::Refuse(Rc::new(refusal)),
    });
    editor
}

fn kept() -> Editor {
    let settings = Settings::choose(browser::asked, browser::kept, &browser::languages(), browser::preferred());
    let at_hand = drafts::at_hand();
    let kept = at_hand.and_then(drafts::draft).map(|text| draft::drawing(&text));
    let mut editor = match kept {
        None => Editor::new(None, settings),
        Some(Ok(drawing)) if drawing.is_blank() => Editor::new(None, settings),
        Some(Ok(drawing)) => Editor::begun(drawing, settings),
        Some(Err(refusal)) => {
            let mut editor = Editor::new(None, settings);
            editor.run(Command::Refuse(Rc::new(Refusal { title: Msg::DraftUnreadable.text(&[]), ..refusal })));
            editor
        }
    };
    editor.next_draft = drafts::now();
    editor.drafts = Rc::new(Drafts { kept: drafts::drafts(), deleted: None });
    // What cannot be read stays under its number and is not written over.
    let readable = editor.screen == Screen::Board;
    editor.draft = at_hand.filter(|_| readable).unwrap_or(editor.next_draft);
    editor.next_draft += 1;
    editor.restore(&drafts::steps(editor.draft).unwrap_or_default());
    editor
}
