//! Which key does what. The same table answers the keyboard and the list of keys.

use crate::command::{Command, Direction, Edit};
use crate::i18n::Msg;

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

/// A key of the table.
pub(crate) struct Key {
    /// How it is printed, one word per key to press; nothing where another line tells it.
    pub(crate) shown: &'static [&'static str],
    /// What it does.
    pub(crate) msg: Msg,
    /// Whether it needs the focus on the canvas.
    canvas: bool,
    combos: &'static [Combo],
}

struct Combo {
    key: &'static str,
    ctrl: bool,
    shift: Option<bool>,
    command: fn() -> Command,
}

const fn plain(key: &'static str, command: fn() -> Command) -> Combo {
    Combo { key, ctrl: false, shift: Some(false), command }
}

const fn ctrl(key: &'static str, shift: bool, command: fn() -> Command) -> Combo {
    Combo { key, ctrl: true, shift: Some(shift), command }
}

/// All keys.
pub(crate) const KEYS: &[Key] = &[
    Key {
        shown: &["N"],
        msg: Msg::KeyAddNetwork,
        canvas: false,
        combos: &[plain("n", || Command::Edit(Edit::AddNetwork))],
    },
    Key {
        shown: &["C"],
        msg: Msg::KeyAddCluster,
        canvas: false,
        combos: &[plain("c", || Command::Edit(Edit::AddCluster(None)))],
    },
    Key { shown: &["Enter", "F2"], msg: Msg::KeyRename, canvas: true, combos: &[plain("Enter", || Command::EditName)] },
    Key { shown: &[], msg: Msg::KeyRename, canvas: false, combos: &[plain("F2", || Command::EditName)] },
    Key {
        shown: &["M", "Shift M"],
        msg: Msg::KeyMove,
        canvas: false,
        combos: &[
            plain("m", || Command::MoveToNeighbour { forward: true }),
            Combo { key: "m", ctrl: false, shift: Some(true), command: || Command::MoveToNeighbour { forward: false } },
        ],
    },
    Key { shown: &["L"], msg: Msg::KeyLink, canvas: false, combos: &[plain("l", || Command::BeginLink(None))] },
    Key {
        shown: &["Delete"],
        msg: Msg::Delete,
        canvas: false,
        combos: &[plain("Delete", || Command::DeleteSelected), plain("Backspace", || Command::DeleteSelected)],
    },
    Key { shown: &["Ctrl Z"], msg: Msg::Undo, canvas: false, combos: &[ctrl("z", false, || Command::Undo)] },
    Key {
        shown: &["Ctrl Shift Z", "Ctrl Y"],
        msg: Msg::Redo,
        canvas: false,
        combos: &[ctrl("z", true, || Command::Redo), ctrl("y", false, || Command::Redo)],
    },
    Key {
        shown: &["Tab", "Shift Tab"],
        msg: Msg::KeyStep,
        canvas: true,
        combos: &[
            plain("Tab", || Command::SelectNext),
            Combo { key: "Tab", ctrl: false, shift: Some(true), command: || Command::SelectPrevious },
        ],
    },
    Key {
        shown: &["←", "→", "↑", "↓"],
        msg: Msg::KeyToward,
        canvas: true,
        combos: &[
            plain("ArrowLeft", || Command::SelectToward(Direction::Left)),
            plain("ArrowRight", || Command::SelectToward(Direction::Right)),
            plain("ArrowUp", || Command::SelectToward(Direction::Up)),
            plain("ArrowDown", || Command::SelectToward(Direction::Down)),
        ],
    },
    Key { shown: &["Esc"], msg: Msg::KeyEscape, canvas: false, combos: &[plain("Escape", || Command::LetGo)] },
    Key { shown: &["Ctrl S"], msg: Msg::Save, canvas: false, combos: &[ctrl("s", false, || Command::Save)] },
    Key { shown: &["Ctrl E"], msg: Msg::Export, canvas: false, combos: &[ctrl("e", false, || Command::Export)] },
    Key { shown: &["Ctrl O"], msg: Msg::OpenFile, canvas: false, combos: &[ctrl("o", false, || Command::Open)] },
    Key {
        shown: &["?"],
        msg: Msg::Keys,
        canvas: false,
        // Layouts differ in whether `?` needs Shift.
        combos: &[Combo { key: "?", ctrl: false, shift: None, command: || Command::ShowKeys }],
    },
];

/// Returns what a key does here, if anything.
pub(crate) fn command(stroke: &Stroke, on_board: bool) -> Option<Command> {
    if stroke.composing || stroke.alt {
        return None;
    }
    if stroke.in_dialog {
        return (stroke.key == "Escape").then_some(Command::CloseDialog);
    }
    let fits = |combo: &&Combo| {
        combo.ctrl == stroke.ctrl
            && combo.shift.is_none_or(|shift| shift == stroke.shift)
            && (combo.key == stroke.key || combo.key.len() == 1 && combo.key.eq_ignore_ascii_case(&stroke.key))
    };
    // While typing, letters are letters and Ctrl+Z is the field's own.
    let heard = |key: &&Key, combo: &Combo| {
        (stroke.on_canvas || !key.canvas) && (!stroke.typing || (combo.ctrl && !matches!(combo.key, "z" | "y")))
    };
    let found = KEYS.iter().find_map(|key| key.combos.iter().find(|combo| fits(combo) && heard(&key, combo)))?;
    let command = (found.command)();
    (on_board || matches!(command, Command::Open | Command::ShowKeys)).then_some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Stroke {
        Stroke { key: key.to_owned(), ..Stroke::default() }
    }

    #[test]
    fn keys_do_what_the_table_says() {
        assert_eq!(command(&press("n"), true), Some(Command::Edit(Edit::AddNetwork)));
        assert_eq!(command(&press("N"), true), Some(Command::Edit(Edit::AddNetwork)), "caps lock");
        assert_eq!(command(&Stroke { ctrl: true, ..press("z") }, true), Some(Command::Undo));
        assert_eq!(command(&Stroke { ctrl: true, shift: true, ..press("Z") }, true), Some(Command::Redo));
        assert_eq!(command(&Stroke { ctrl: true, ..press("y") }, true), Some(Command::Redo));
        assert_eq!(command(&Stroke { shift: true, ..press("?") }, true), Some(Command::ShowKeys));
        assert_eq!(command(&Stroke { ctrl: true, ..press("n") }, true), None, "a new window is the browser's");
    }

    #[test]
    fn no_shortcut_fires_while_composing_or_typing() {
        for key in ["n", "c", "Delete", "m", "?"] {
            assert_eq!(command(&Stroke { composing: true, ..press(key) }, true), None);
            assert_eq!(command(&Stroke { typing: true, ..press(key) }, true), None);
        }
        assert_eq!(command(&Stroke { typing: true, ctrl: true, ..press("z") }, true), None);
        assert_eq!(command(&Stroke { typing: true, ctrl: true, ..press("e") }, true), Some(Command::Export));
    }

    #[test]
    fn a_dialog_hears_escape_only_and_the_canvas_keys_need_the_canvas() {
        assert_eq!(command(&Stroke { in_dialog: true, ..press("n") }, true), None);
        assert_eq!(command(&Stroke { in_dialog: true, ..press("Escape") }, true), Some(Command::CloseDialog));
        assert_eq!(command(&press("Tab"), true), None);
        assert_eq!(command(&Stroke { on_canvas: true, ..press("Tab") }, true), Some(Command::SelectNext));
        assert_eq!(command(&press("n"), false), None, "the start screen has nothing to add to");
    }
}
