//! The states there were, in order, and the one that is shown: undo, redo and the list of steps lead from one to another.

use std::cell::OnceCell;
use std::rc::Rc;

use shared::text::Text;

use super::{Editor, Effect, LastChange};
use crate::change::Change;
use crate::command::{Outside, Selection, Span};
use crate::drawing::Drawing;
use crate::i18n::Msg;
use crate::made::Made;
use crate::open;

/// How many edits can be taken back.
pub(super) const STEPS_MAX: usize = 200;

/// Of so many edits, the last ones, the difference is kept.
const KEPT: usize = 20;

/// The most bytes that the texts of a kept history may come to: two hundred drawings as large as are planned.
const TEXTS_MAX: usize = 16 * 1024 * 1024;

/// Parts the records of a history that is kept, which no text of a drawing has in it.
const RECORD: char = '\u{1e}';
/// Parts the fields of a record.
const FIELD: char = '\u{1f}';
/// Parts a topology from its layout.
const PART: char = '\u{1d}';

/// A state of the drawing and what led to it.
#[derive(Clone, Debug, Default)]
struct State {
    /// The drawing; made from its text when somebody goes there, where it was kept as a text.
    drawing: OnceCell<Rc<Drawing>>,
    /// Topology and layout as texts; written when the history is kept.
    text: OnceCell<Rc<str>>,
    /// What was selected when it was left.
    selection: Selection,
    /// The number that the browser keeps the drawing under.
    draft: u64,
    /// What led here; nothing where it all began.
    said: Text,
    /// What that did to the bundle.
    change: Option<Rc<LastChange>>,
}

impl State {
    fn of(drawing: Rc<Drawing>) -> Self {
        State { drawing: OnceCell::from(drawing), ..State::default() }
    }

    fn drawing(&self) -> Option<Rc<Drawing>> {
        if self.drawing.get().is_none() {
            let (topology, layout) = self.text.get()?.split_once(PART)?;
            let _ = self.drawing.set(Rc::new(open::read_text("", topology, layout).ok()?));
        }
        self.drawing.get().cloned()
    }

    fn text(&self) -> &Rc<str> {
        self.text.get_or_init(|| self.drawing.get().map(|drawing| written(drawing)).unwrap_or_default().into())
    }
}

fn written(drawing: &Drawing) -> String {
    let part = PART.to_string();
    [drawing.topology.write().as_str(), &part, &drawing.layout.write()].concat()
}

/// The states, and the place of the one that is shown.
#[derive(Clone, Debug)]
pub(crate) struct History {
    states: Rc<Vec<Rc<State>>>,
    at: usize,
}

impl History {
    /// Begins with a drawing.
    pub(super) fn new(drawing: Rc<Drawing>) -> Self {
        History { states: Rc::new(vec![Rc::new(State::of(drawing))]), at: 0 }
    }

    /// Returns the place of the state that is shown, counted from 0.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Counts the states.
    pub(crate) fn len(&self) -> usize {
        self.states.len()
    }

    /// Returns what led to a state and what that did; nothing was said where it all began.
    pub(crate) fn step(&self, at: usize) -> Option<(&Text, Option<&Rc<LastChange>>)> {
        self.states.get(at).map(|state| (&state.said, state.change.as_ref()))
    }

    /// Notes what is selected where one leaves, and the number of the drawing.
    pub(super) fn leave(&mut self, selection: &Selection, draft: u64) {
        self.change(self.at, |state| (state.selection, state.draft) = (selection.clone(), draft));
    }

    /// Puts another drawing in the place of the one that is shown.
    pub(super) fn replace(&mut self, drawing: Rc<Drawing>, said: Text) {
        Rc::make_mut(&mut self.states).truncate(self.at + 1);
        self.change(self.at, |state| {
            *state = State { said, change: state.change.take(), draft: state.draft, ..State::of(drawing) }
        });
    }

    /// Tells what a worker said about an edit.
    pub(super) fn amend(&mut self, before: &Rc<LastChange>, after: &Rc<LastChange>) {
        if self.states[self.at].change.as_ref().is_some_and(|change| Rc::ptr_eq(change, before)) {
            self.change(self.at, |state| state.change = Some(after.clone()));
        }
    }

    fn push(&mut self, state: State) {
        let states = Rc::make_mut(&mut self.states);
        states.truncate(self.at + 1);
        if states.len() > STEPS_MAX {
            states.remove(0);
        }
        states.push(Rc::new(state));
        self.at = states.len() - 1;
        // Of large bundles only the last two are kept, of others the last twenty.
        for back in [1, KEPT] {
            let Some(at) = self.at.checked_sub(back) else { continue };
            let found = self.states[at].change.clone();
            let Some(change) = found.as_ref().and_then(|change| change.on_files()) else { continue };
            if back == KEPT || change.is_large() {
                let files = Effect::On(change.thin());
                self.change(at, |state| {
                    let said = state.said.clone();
                    state.change = Some(Rc::new(LastChange { said, files }));
                });
            }
        }
    }

    fn change(&mut self, at: usize, with: impl FnOnce(&mut State)) {
        if let Some(state) = Rc::make_mut(&mut self.states).get_mut(at) {
            with(Rc::make_mut(state));
        }
    }

    /// Writes it as a text: the first state, then of each what differs from the one before.
    pub(crate) fn write(&self) -> String {
        let (field, mut out) = (FIELD.to_string(), self.at.to_string());
        let mut before: &str = "";
        for state in self.states.iter() {
            let text = state.text();
            let (start, end) = edges(before, text);
            let numbers = [start, end].map(|number| number.to_string());
            let words = [&state.said.en, &state.said.zh].map(|said| said.replace([RECORD, FIELD], " "));
            let draft = state.draft.to_string();
            let [en, zh] = &words;
            out.push(RECORD);
            out.push_str(&[en, zh, &draft, &numbers[0], &numbers[1], &text[start..text.len() - end]].join(&field));
            before = text;
        }
        out
    }

    /// Reads what was written, where it leads to this drawing.
    fn read(text: &str, drawing: &Rc<Drawing>) -> Option<Self> {
        let mut records = text.split(RECORD);
        let at: usize = records.next()?.parse().ok()?;
        let mut states: Vec<Rc<State>> = Vec::new();
        let (mut before, mut room): (Rc<str>, usize) = ("".into(), TEXTS_MAX);
        for record in records.take(STEPS_MAX + 1) {
            let mut fields = record.splitn(6, FIELD);
            let said = Text::new(fields.next()?, fields.next()?);
            let draft = fields.next()?.parse().ok()?;
            let (start, end): (usize, usize) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            // What two records have in common overlaps nowhere, or a few of them would be a text without end.
            let tail = before.len().checked_sub(end).filter(|&tail| start <= tail)?;
            before = [before.get(..start)?, fields.next()?, before.get(tail..)?].concat().into();
            room = room.checked_sub(before.len())?;
            states.push(Rc::new(State { text: OnceCell::from(before.clone()), said, draft, ..State::default() }));
        }
        // Another tab may have kept another drawing meanwhile.
        let here = states.get_mut(at).filter(|state| **state.text() == *written(drawing))?;
        let _ = here.drawing.set(drawing.clone());
        Some(History { states: Rc::new(states), at })
    }
}

/// Returns how many bytes two texts begin with alike, and end with alike, whole characters each.
fn edges(before: &str, after: &str) -> (usize, usize) {
    let (a, b) = (before.as_bytes(), after.as_bytes());
    let mut start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    while !after.is_char_boundary(start) || !before.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    while !after.is_char_boundary(after.len() - end) || !before.is_char_boundary(before.len() - end) {
        end -= 1;
    }
    (start, end)
}

impl Editor {
    /// Returns what undo would take back.
    pub(crate) fn undoable(&self) -> Option<&Text> {
        self.history.step(self.history.at).map(|(said, _)| said).filter(|_| self.history.at > 0)
    }

    /// Returns what redo would do again.
    pub(crate) fn redoable(&self) -> Option<&Text> {
        self.history.step(self.history.at + 1).map(|(said, _)| said)
    }

    /// Goes on with the steps of a history that was kept, where it leads to what is drawn.
    pub(crate) fn restore(&mut self, history: &str) {
        if let Some(history) = History::read(history, &self.drawing) {
            self.history = history;
        }
    }

    /// Remembers what was just done as a step.
    pub(super) fn remember(&mut self, said: Text) {
        let (drawing, change) = (self.drawing.clone(), self.change.clone());
        // Steps of one way across the canvas are one step.
        if self.nudged {
            return self.history.replace(drawing, said);
        }
        self.history.push(State { said, change, draft: self.draft, ..State::of(drawing) });
        self.untouched = false;
    }

    /// Goes to a state; `false` where there is none, or where it is shown already.
    pub(super) fn go(&mut self, to: usize) -> bool {
        if self.is_refused() {
            return true;
        }
        let from = self.history.at;
        let Some(state) = self.history.states.get(to).filter(|_| to != from).cloned() else { return false };
        let Some(drawing) = state.drawing() else { return false };
        self.history.leave(&self.selection, self.draft);
        self.history.at = to;
        (self.draft, self.untouched) = (state.draft, false);
        let (msg, what) = match (to + 1 == from, to == from + 1) {
            (true, _) => (Msg::Undid, self.undone(from)),
            (_, true) => (Msg::Redid, state.said.clone()),
            _ if to == 0 => (Msg::WentTo, Msg::HistoryBegin.text(&[])),
            _ => (Msg::WentTo, state.said.clone()),
        };
        // Where only places differ, the boxes glide there and back.
        self.glides += u32::from(drawing.topology == self.drawing.topology);
        self.show(drawing, msg.about(&what, &[]));
        self.selection = state.selection.clone();
        self.mend_selection();
        true
    }

    fn undone(&self, from: usize) -> Text {
        self.history.step(from).map(|(said, _)| said.clone()).unwrap_or_default()
    }

    /// Notes the first bundle of a drawing that was opened.
    pub(super) fn note_opened(&mut self) {
        if self.earlier[0].is_none() && (self.derived.is_planned() || self.drawing.is_blank()) {
            let made = if self.drawing.is_blank() { Rc::default() } else { self.derived.made.clone() };
            self.earlier[0] = Some(made);
        }
    }

    /// Notes the bundle that was exported: a large one is the one that its packing began with.
    pub(super) fn note_exported(&mut self, outside: &Outside) {
        let noted = match outside {
            Outside::Packing(_) => true,
            Outside::Exported(_) => !self.derived.is_large(),
            _ => false,
        };
        if noted {
            self.earlier[1] = Some(self.derived.made.clone());
        }
    }

    /// Returns the bundle when the drawing was opened, or exported, or that of the drawing it is compared with.
    pub(super) fn earlier_bundle(&self, span: Span) -> Option<&Rc<Made>> {
        match span {
            Span::Edit => None,
            Span::Opened => self.earlier[0].as_ref(),
            Span::Exported => self.earlier[1].as_ref(),
            Span::Compared => self.compared.as_ref()?.made.as_ref(),
        }
    }

    /// Returns the difference to the bundle when the drawing was opened, or exported; nothing where there is no such bundle.
    pub(crate) fn since(&self, span: Span) -> Option<Rc<LastChange>> {
        if span == Span::Edit {
            return self.change.clone();
        }
        let before = self.earlier_bundle(span)?;
        let files = match (&self.derived.mesh, self.derived.waits) {
            (None, _) => Effect::None,
            (_, true) => Effect::Awaited,
            _ => Effect::On(Change::between(before, &self.derived.made)),
        };
        Some(Rc::new(LastChange { said: span.msg().text(&[]), files }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Command, Edit};
    use crate::settings::Settings;

    fn drawn() -> Editor {
        let mut editor = Editor::new(None, Settings::default());
        for edit in [Edit::AddNetwork, Edit::AddCluster(None), Edit::AddCluster(None), Edit::SetSample(false)] {
            editor.run(Command::Edit(edit));
        }
        editor
    }

    #[test]
    fn one_goes_anywhere_in_the_history_and_back() {
        let mut editor = drawn();
        let (end, files) = (editor.drawing.clone(), editor.derived.made.files.clone());
        assert_eq!((editor.history.len(), editor.history.at()), (5, 4));
        assert!(editor.run(Command::Go(1)));
        assert_eq!((editor.drawing.topology.clusters.len(), editor.history.at()), (0, 1));
        assert_eq!(editor.said.text.en, "Went to: Added network1");
        assert!(editor.redoable().is_some() && editor.undoable().is_some());
        assert!(!editor.run(Command::Go(1)) && !editor.run(Command::Go(5)));
        assert!(editor.run(Command::Go(4)));
        assert_eq!((&editor.drawing, &editor.derived.made.files), (&end, &files));
        assert!(!editor.run(Command::Redo));
        // Another edit takes the place of those that were taken back.
        editor.run(Command::Go(0));
        assert_eq!(editor.said.text.zh, "已转到：起点");
        editor.run(Command::Edit(Edit::AddCluster(None)));
        assert_eq!((editor.history.len(), editor.history.at()), (2, 1));
    }

    #[test]
    fn every_edit_speaks_of_the_files_and_the_last_ones_keep_the_difference() {
        let mut editor = drawn();
        let spoken = &editor.said.text.en;
        assert!(spoken.starts_with("Took the sample out: ") && spoken.contains(" gone"), "{spoken}");
        for number in 0..30 {
            editor.run(Command::Edit(Edit::SetMeshId(format!("mesh{number}"))));
        }
        let kept = |at: usize| editor.history.step(at).unwrap().1.unwrap().on_files().unwrap().files().count() > 0;
        let count = (0..editor.history.len()).filter(|&at| at > 4 && kept(at)).count();
        assert_eq!(count, KEPT);
        assert!(editor.history.step(10).unwrap().1.unwrap().on_files().unwrap().counts().1 > 0, "counts are kept");
        let opened = editor.since(Span::Opened).unwrap();
        assert_eq!(
            opened.on_files().unwrap().counts().0,
            editor.derived.made.files.len() - 4,
            "all is new but what follows"
        );
        assert!(editor.since(Span::Exported).is_none());
        editor.run(Command::Done(Outside::Exported("mesh1.zip".into())));
        editor.run(Command::Edit(Edit::SetSample(true)));
        let exported = editor.since(Span::Exported).unwrap();
        assert_eq!(
            exported.on_files().unwrap().counts(),
            editor.since(Span::Edit).unwrap().on_files().unwrap().counts()
        );
    }

    #[test]
    fn the_history_survives_a_reload() {
        let mut editor = drawn();
        editor.run(Command::Edit(Edit::RenameCluster(0, "名\u{1f}字".into())));
        editor.run(Command::Edit(Edit::PlaceCluster(0, shared::layout::Point { x: 80, y: 40 })));
        editor.run(Command::Undo);
        let text = editor.history.write();
        let mut again = Editor::new(Some(Drawing::clone(&editor.drawing)), Settings::default());
        again.restore(&text);
        assert_eq!((again.history.len(), again.history.at()), (7, 5));
        assert_eq!(again.redoable().unwrap().en, "Placed 名 字");
        for to in [0, 6, 2, 5] {
            assert!(editor.run(Command::Go(to)) && again.run(Command::Go(to)), "{to}");
            assert_eq!(again.drawing, editor.drawing);
        }
        assert_eq!(again.history.write(), text, "what is kept is what was kept");
        // What was kept for another drawing, or is broken, is left alone.
        let mut other = Editor::new(Some(Drawing::empty()), Settings::default());
        for broken in [text.as_str(), "", "5", "x", "0\u{1e}a\u{1f}b\u{1f}1\u{1f}9\u{1f}9\u{1f}"] {
            other.restore(broken);
            assert_eq!(other.history.len(), 1);
        }
        // Nor does a text that doubles with every record.
        let double = |at: u32| format!("\u{1e}\u{1f}\u{1f}1\u{1f}{0}\u{1f}{0}\u{1f}", 1_u64 << at);
        let bomb: String = (0..60).map(double).collect();
        other.restore(&format!("0\u{1e}\u{1f}\u{1f}1\u{1f}0\u{1f}0\u{1f}x{bomb}"));
        assert_eq!(other.history.len(), 1);
    }

    #[test]
    fn a_long_history_of_a_large_drawing_is_small() {
        let mut editor = drawn();
        for _ in 0..40 {
            editor.run(Command::Edit(Edit::AddCluster(Some("network1".into()))));
        }
        for number in 0..250 {
            editor.run(Command::Edit(Edit::SetContext(number % 40, format!("context{number}"))));
        }
        assert_eq!(editor.history.len(), STEPS_MAX + 1);
        let kept = editor.history.write().len();
        assert!(kept < 60_000, "{kept} bytes");
    }
}
