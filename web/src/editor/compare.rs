//! Comparing: another drawing is laid beside this one until it is let go of.

use std::rc::Rc;

use shared::bundle::TOPOLOGY;
use shared::text::Text;

use super::{Editor, Screen, Tab};
use crate::command::{Span, View};
use crate::compare::Compared;
use crate::drawing::Drawing;
use crate::made::Made;
use crate::open;
use crate::picture::Picture;

impl Editor {
    /// Begins to compare with another drawing, or ends it.
    pub(super) fn compare(&mut self, with: Option<(Text, Rc<Drawing>)>) {
        let Some((name, other)) = with else {
            self.compared = None;
            self.redraw();
            self.span = if self.span == Span::Compared { Span::Edit } else { self.span };
            self.say(crate::i18n::Msg::CompareEnded.text(&[]));
            return;
        };
        let made = Compared::bundle(&other);
        self.beside(name, other, made);
        (self.span, self.tab, self.view, self.dialog) = (Span::Compared, Tab::Changes, View::Drawing, None);
        self.screen = Screen::Board;
        let said = self.compared.as_ref().map(|compared| compared.said()).unwrap_or_default();
        self.say(said);
    }

    /// Draws the picture anew, with what is compared beside it.
    pub(super) fn redraw(&mut self) {
        match self.compared.take() {
            Some(compared) => self.beside(compared.name.clone(), compared.other.clone(), compared.made.clone()),
            None => self.picture = Rc::new(Picture::new(&self.drawing)),
        }
    }

    fn beside(&mut self, name: Text, other: Rc<Drawing>, made: Option<Rc<Made>>) {
        let (compared, picture) = Compared::new(name, other, made, &self.drawing);
        (self.compared, self.picture) = (Some(Rc::new(compared)), Rc::new(picture));
    }

    /// Returns the drawing as it was opened or exported last, with a name for it; nothing where it was not.
    pub(crate) fn earlier_drawing(&self, span: Span) -> Option<(Text, Rc<Drawing>)> {
        let made = self.earlier_bundle(span)?;
        let drawing = match made.files.get(TOPOLOGY) {
            Some(text) => open::read_text("", text, "").ok()?,
            None => Drawing::empty(),
        };
        Some((span.msg().text(&[]), Rc::new(drawing)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Command, Edit};
    use crate::settings::Settings;

    #[test]
    fn comparing_follows_every_edit_until_it_ends() {
        let mut editor = Editor::new(Some(Drawing::empty()), Settings::default());
        editor.run(Command::Edit(Edit::AddCluster(None)));
        let before = editor.drawing.clone();
        editor.run(Command::Compare(Some((Text::default(), before))));
        assert_eq!(editor.compared.as_ref().unwrap().counts(), [0, 0, 0]);
        editor.run(Command::Edit(Edit::AddCluster(None)));
        assert_eq!(editor.compared.as_ref().unwrap().counts(), [1, 0, 0]);
        let files = editor.since(Span::Compared).unwrap();
        assert!(files.on_files().unwrap().counts().0 > 0, "the files are compared too");
        editor.run(Command::Edit(Edit::DeleteCluster(0)));
        assert_eq!(editor.compared.as_ref().unwrap().counts(), [1, 1, 0]);
        assert_eq!(editor.picture.cards.len(), 1);
        editor.run(Command::Undo);
        assert_eq!(editor.compared.as_ref().unwrap().counts(), [1, 0, 0]);
        editor.run(Command::Compare(None));
        assert!(editor.compared.is_none() && editor.span == Span::Edit);
        assert_eq!(*editor.picture, Picture::new(&editor.drawing));
    }

    #[test]
    fn the_drawing_as_it_was_opened_or_exported_is_at_hand() {
        let mut editor = Editor::new(Some(Drawing::empty()), Settings::default());
        editor.run(Command::Edit(Edit::AddCluster(None)));
        assert!(editor.earlier_drawing(Span::Exported).is_none());
        assert!(editor.earlier_drawing(Span::Opened).unwrap().1.is_blank());
        editor.run(Command::Done(crate::command::Outside::Exported("mesh1.zip".into())));
        let exported = editor.drawing.topology.clone();
        editor.run(Command::Edit(Edit::AddCluster(None)));
        assert_eq!(editor.earlier_drawing(Span::Exported).unwrap().1.topology, exported);
    }
}
