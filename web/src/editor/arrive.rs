//! What comes into the page: what a worker made, and files. A file is drawn at once where nothing is drawn yet; else it is asked what to do with it.

use std::rc::Rc;

use shared::topology::Topology;

use crate::arrival::{Arrival, What};
use crate::change::Change;
use crate::command::Origin;
use crate::derived::Derived;
use crate::i18n::Msg;
use crate::made::Made;

use super::{Dialog, Editor, Effect, LastChange, Screen};

impl Editor {
    /// Takes what a worker made, unless the drawing has become another one meanwhile.
    pub(super) fn take(&mut self, topology: &Rc<Topology>, made: Rc<Made>) -> bool {
        if !self.derived.waits || self.drawing.topology != *topology {
            return false;
        }
        if let Some(before) = self.change.take_if(|change| change.files == Effect::Awaited) {
            let files = Effect::On(Change::between(&self.derived.made, &made));
            let change = Rc::new(LastChange { said: before.said.clone(), files });
            self.history.amend(&before, &change);
            self.say(change.line());
            self.change = Some(change);
        }
        self.derived = Rc::new(Derived { made, waits: false, ..Derived::clone(&self.derived) });
        self.note_opened();
        true
    }

    /// Takes what came in, or asks.
    pub(super) fn arrive(&mut self, arrival: Rc<Arrival>) {
        match &arrival.what {
            What::Drawing(drawing) if self.drawing.is_blank() => {
                self.replace(drawing.clone(), &Origin::File(arrival.name.clone()));
            }
            What::Drawing(_) | What::Other(_) => {
                self.say(Msg::ImportTitle.text(&[("name", &arrival.name)]));
                self.dialog = Some(Dialog::Arrival(arrival));
            }
        }
    }

    /// Draws what it was asked about: added to the drawing, or in its place.
    pub(super) fn admit(&mut self, add: bool) -> bool {
        let Some(Dialog::Arrival(arrival)) = self.dialog.take() else { return false };
        if !add {
            self.replace(arrival.alone(), &Origin::File(arrival.name.clone()));
        } else if !self.is_refused() {
            let said = Msg::AddedFile.text(&[("name", &arrival.name)]);
            self.history.leave(&self.selection, self.draft);
            self.show(arrival.added(&self.drawing), said.clone());
            self.remember(said);
            self.screen = Screen::Board;
        }
        true
    }
}
