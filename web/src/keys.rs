//! What a key does: the list of actions, asked by the key that was pressed and where.

use crate::actions::{ACTIONS, Combo};
use crate::command::{Command, Place};
use crate::editor::Editor;

/// A key as it was pressed, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is what the browser reports of a key, and they combine freely")]
pub(crate) struct Stroke {
    /// The key, as browsers name it.
    pub(crate) key: String,
    /// Control, or Command on a Mac.
    pub(crate) ctrl: bool,
    /// Shift.
    pub(crate) shift: bool,
    /// Alt.
    pub(crate) alt: bool,
    /// An input method is composing: the key is a letter to be, never a shortcut.
    pub(crate) composing: bool,
    /// The caret is in a field.
    pub(crate) typing: bool,
    /// The focus is on the canvas.
    pub(crate) on_canvas: bool,
    /// A dialog is open.
    pub(crate) in_dialog: bool,
}

/// Returns what a key does here, if anything.
pub(crate) fn command(stroke: &Stroke, editor: &Editor) -> Option<Command> {
    if stroke.composing {
        return None;
    }
    if stroke.in_dialog {
        return (stroke.key == "Escape").then_some(Command::CloseDialog);
    }
    // A field is left by Escape; what is typed and not yet taken is dropped by the field itself.
    if stroke.typing && stroke.key == "Escape" {
        return Some(Command::Focus(Place::Selected));
    }
    if stroke.typing && stroke.key == "F1" {
        return Some(Command::Focus(Place::Help));
    }
    let fits = |combo: &Combo| {
        combo.ctrl == stroke.ctrl
            && combo.alt == stroke.alt
            && combo.shift.is_none_or(|shift| shift == stroke.shift)
            && (combo.key == stroke.key || combo.key.len() == 1 && combo.key.eq_ignore_ascii_case(&stroke.key))
    };
    // While typing, letters are letters, and undoing and selecting all are the field's own; keys of one letter can be switched off.
    let heard = |combo: &Combo| {
        (!stroke.typing || combo.key == "F6" || (combo.ctrl && !matches!(combo.key, "z" | "y" | "a" | "d")))
            && (combo.ctrl || combo.key.len() > 1 || editor.settings.letters || combo.key == "?")
    };
    let here = ACTIONS.iter().filter(|action| stroke.on_canvas || !action.canvas);
    let mut found = here.filter(|action| action.combos.iter().any(|combo| fits(combo) && heard(combo)));
    found.find_map(|action| (action.command)(editor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Edit, Selection};
    use crate::drawing::Drawing;
    use crate::settings::Settings;

    fn press(key: &str) -> Stroke {
        Stroke { key: key.to_owned(), ..Stroke::default() }
    }

    fn board() -> Editor {
        let mut editor = Editor::new(Some(Drawing::empty()), Settings::default());
        editor.run(Command::Edit(Edit::AddCluster(None)));
        editor.run(Command::Undo);
        editor.run(Command::Edit(Edit::AddCluster(None)));
        editor
    }

    fn does(stroke: &Stroke) -> Option<Command> {
        command(stroke, &board())
    }

    #[test]
    fn keys_do_what_the_list_says() {
        assert_eq!(does(&press("n")), Some(Command::Edit(Edit::AddNetwork)));
        assert_eq!(does(&press("N")), Some(Command::Edit(Edit::AddNetwork)), "caps lock");
        assert_eq!(does(&Stroke { ctrl: true, ..press("z") }), Some(Command::Undo));
        assert_eq!(does(&Stroke { ctrl: true, ..press("y") }), None, "nothing to do again");
        assert_eq!(does(&Stroke { shift: true, ..press("?") }), Some(Command::ShowKeys));
        assert_eq!(does(&Stroke { ctrl: true, ..press("k") }), Some(Command::ShowPalette));
        assert_eq!(does(&Stroke { ctrl: true, ..press("n") }), None, "a new window is the browser's");
        let mut editor = board();
        assert_eq!(command(&press("Delete"), &editor), Some(Command::DeleteSelected));
        editor.run(Command::Select(Selection::Mesh));
        assert_eq!(command(&press("Delete"), &editor), None);
    }

    #[test]
    fn no_shortcut_fires_while_composing_or_typing() {
        for key in ["n", "c", "l", "Delete", "m", "?", "+"] {
            assert_eq!(does(&Stroke { composing: true, ..press(key) }), None);
            assert_eq!(does(&Stroke { typing: true, ..press(key) }), None);
        }
        for key in ["a", "d", "y"] {
            assert_eq!(does(&Stroke { typing: true, ctrl: true, ..press(key) }), None, "{key} is the field's own");
        }
        assert_eq!(does(&Stroke { typing: true, ctrl: true, ..press("z") }), None);
        assert_eq!(does(&Stroke { typing: true, ctrl: true, ..press("e") }), Some(Command::Export));
        assert_eq!(does(&Stroke { typing: true, ..press("Escape") }), Some(Command::Focus(Place::Selected)));
        assert_eq!(does(&Stroke { typing: true, ..press("F1") }), Some(Command::Focus(Place::Help)));
        assert_eq!(does(&press("F1")), None, "elsewhere it is the browser's");
    }

    #[test]
    fn keys_of_one_letter_can_be_switched_off() {
        let mut editor = board();
        editor.run(Command::SwitchLetters);
        for key in ["n", "c", "l", "m", "p", "g", "+", "-"] {
            assert_eq!(command(&press(key), &editor), None, "{key}");
        }
        assert_eq!(command(&press("?"), &editor), Some(Command::ShowKeys), "where they are switched on again");
        assert_eq!(command(&press("Delete"), &editor), Some(Command::DeleteSelected));
    }

    #[test]
    fn a_dialog_hears_escape_only_and_the_canvas_keys_need_the_canvas() {
        assert_eq!(does(&Stroke { in_dialog: true, ..press("n") }), None);
        assert_eq!(does(&Stroke { in_dialog: true, ..press("Escape") }), Some(Command::CloseDialog));
        assert_eq!(does(&press("Tab")), None);
        assert_eq!(does(&Stroke { on_canvas: true, ..press("Tab") }), Some(Command::SelectNext));
        let start = Editor::new(None, Settings::default());
        assert_eq!(command(&press("n"), &start), None, "the start screen has nothing to add to");
        assert_eq!(command(&Stroke { ctrl: true, ..press("o") }, &start), Some(Command::Open));
    }
}
