//! What comes into the page: it is drawn at once where nothing is drawn yet; else it is asked what to do with it.

use std::rc::Rc;

use crate::arrival::{Arrival, What};
use crate::command::Origin;
use crate::i18n::Msg;

use super::{Dialog, Editor, Screen};

impl Editor {
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
