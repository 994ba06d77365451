//! The tool that draws an arrow: begun at a cluster, ended at another, by pointer, by clicks or by keys.

use std::rc::Rc;

use shared::text::Text;

use super::{Command, Edit, Editor, Selection};
use crate::edit::link;
use crate::i18n::Msg;

impl Command {
    /// Says whether it only looks around, so that an arrow that is being drawn is drawn on.
    pub(super) fn is_look(&self) -> bool {
        matches!(
            self,
            Command::Select(_)
                | Command::SelectNext
                | Command::SelectPrevious
                | Command::SelectToward(_)
                | Command::SelectOuter
                | Command::EditName
                | Command::LetGo
                | Command::ShowTab(_)
                | Command::ShowView(_)
                | Command::Look(_)
                | Command::SwitchAlone
                | Command::Focus(_)
                | Command::SetLang(_)
                | Command::NextTheme
                | Command::SystemTheme(_)
                | Command::Take(..)
                | Command::Done(_)
        )
    }

    /// Says whether it leads to something beside the drawing, so that the panels come back.
    pub(super) fn shows_beside(&self) -> bool {
        matches!(
            self,
            Command::ShowTab(_)
                | Command::ShowFile(_)
                | Command::ShowFinding(_)
                | Command::SelectLine(..)
                | Command::Tour(Some(_))
                | Command::Print
        )
    }
}

impl Editor {
    pub(super) fn begin_link(&mut self, from: Option<usize>) {
        let from = from.or(self.selection.cluster()).and_then(|from| Some((from, self.drawing.cluster(from)?)));
        let Some((from, cluster)) = from else { return self.refuse(Msg::LinkNeedsCluster.text(&[])) };
        let said = Msg::LinkHow.text(&[("from", cluster.name.as_str())]);
        self.linking = Some(from);
        self.select(Selection::Cluster(from));
        self.say(said);
    }

    pub(super) fn join(&mut self, from: usize, to: usize) {
        match link::judge(&self.drawing, from, to) {
            Ok(_) => drop(self.edit(&Edit::Link(from, to))),
            Err(why) => self.refuse(why),
        }
    }

    /// Ends the arrow at what is selected; what is refused can be tried elsewhere.
    pub(super) fn join_selected(&mut self) {
        let (Some(from), to) = (self.linking, self.selection.cluster()) else { return };
        match to {
            Some(to) if to != from => {
                self.join(from, to);
                self.linking = self.notice.is_some().then_some(from);
            }
            _ => self.refuse(Msg::LinkElsewhere.text(&[])),
        }
    }

    pub(super) fn let_go(&mut self) {
        match self.linking.take() {
            Some(_) => self.say(Msg::LinkLeft.text(&[])),
            None if self.walk.is_some() => drop(self.walk_to(None)),
            None if self.alone && self.selection == Selection::Mesh => self.switch_alone(),
            None if self.compared.is_some() && self.selection == Selection::Mesh => self.compare(None),
            None => self.select(Selection::Mesh),
        }
    }

    /// Says what an arrow to a cluster would come to, while one is being drawn.
    pub(crate) fn link_verdict(&self, to: usize) -> Option<Result<Text, Text>> {
        let from = self.linking.filter(|&from| from != to)?;
        Some(link::judge(&self.drawing, from, to))
    }

    /// Says whether an arrow could end at a cluster, by the two ends alone; nothing while none is being drawn.
    pub(crate) fn link_fits(&self, to: usize) -> Option<bool> {
        self.linking.map(|from| from == to || link::offer(&self.drawing.topology, from, to).is_ok())
    }

    fn refuse(&mut self, why: Text) {
        self.say(why.clone());
        self.notice = Some(Rc::new(why));
    }
}
