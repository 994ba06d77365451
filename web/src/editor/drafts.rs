//! Which of the kept drawings is at hand, and whether this page may write it.

use std::rc::Rc;

use crate::command::{Origin, Selection, Tab, View};
use crate::draft::Drafts;
use crate::drawing::Drawing;
use crate::i18n::Msg;

use super::history::History;
use super::{Editor, Screen};

impl Editor {
    /// Says that another page has the drawing, where one has it.
    pub(super) fn is_refused(&mut self) -> bool {
        if !self.held {
            let why = Msg::Elsewhere.text(&[]);
            self.notice = Some(Rc::new(why.clone()));
            self.say(why);
        }
        !self.held
    }

    /// Shows another drawing in place of the one at hand, which undo brings back.
    pub(super) fn replace(&mut self, drawing: Rc<Drawing>, origin: &Origin) {
        let said = match origin {
            Origin::Template => Msg::OpenedTemplate.text(&[("name", &drawing.topology.name)]),
            Origin::Blank => Msg::OpenedBlank.text(&[]),
            Origin::Link => Msg::OpenedLink.text(&[]),
            Origin::File(name) => Msg::OpenedFile.text(&[("name", name)]),
            Origin::Draft(_) => Msg::OpenedDraft.text(&[("name", &drawing.topology.name)]),
        };
        let place_is_free = self.untouched || self.drawing.is_blank();
        let blank = self.drawing.is_blank();
        self.history.leave(&self.selection, self.draft);
        self.begin_draft(origin, place_is_free);
        self.earlier = [None, None];
        self.show(drawing, said.clone());
        // Nothing drawn is nothing to go back to.
        if blank {
            self.history.replace(self.drawing.clone(), said);
        } else {
            let untouched = self.untouched;
            self.remember(said);
            self.untouched = untouched;
        }
        self.selection = Selection::Mesh;
        (self.screen, self.dialog, self.file, self.tab) = (Screen::Board, None, None, Tab::Selected);
        self.view = if self.drawing.is_blank() { View::Outline } else { View::Drawing };
    }

    /// Gives the drawing that is about to be shown a number: its own, or that of the one before where there is nothing to keep of
    /// it, else a new one.
    fn begin_draft(&mut self, origin: &Origin, place_is_free: bool) {
        self.untouched = matches!(origin, Origin::Template | Origin::Blank);
        match origin {
            Origin::Draft(id) => self.draft = *id,
            _ if place_is_free && self.held => return,
            _ => (self.draft, self.next_draft) = (self.next_draft, self.next_draft + 1),
        }
        // Until the browser says otherwise.
        self.held = true;
    }

    /// Takes the list of kept drawings. Where the one at hand was deleted, there is nothing at hand.
    pub(super) fn list(&mut self, drafts: Rc<Drafts>) {
        if drafts.deleted.as_ref().is_some_and(|(draft, _)| draft.id == self.draft) {
            self.show(Rc::new(Drawing::empty()), Msg::OpenedBlank.text(&[]));
            self.history = History::new(self.drawing.clone());
            self.begin_draft(&Origin::Link, false);
            self.screen = Screen::Start;
        }
        self.drafts = drafts;
    }

    /// Notes whether this page may write the drawing; what another page made of it meanwhile is shown.
    pub(super) fn hold(&mut self, held: bool, newer: Option<Rc<Drawing>>) -> bool {
        if self.held == held {
            return false;
        }
        self.held = held;
        match newer {
            Some(drawing) => {
                self.history.leave(&self.selection, self.draft);
                self.show(drawing, Msg::TakenOver.text(&[]));
                self.remember(Msg::TakenOver.text(&[]));
            }
            None if !held => self.say(Msg::Elsewhere.text(&[])),
            None => {}
        }
        true
    }
}
