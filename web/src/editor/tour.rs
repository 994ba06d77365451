//! The tour: six steps on a drawing, each with something selected and a few words; begun on a template where nothing is drawn.

use std::rc::Rc;

use shared::layout::Layout;
use shared::preset::presets;
use shared::scene::PartKind;

use super::{Editor, Screen, Selection, Tab, View};
use crate::command::Origin;
use crate::drawing::Drawing;
use crate::i18n::Msg;

/// The words of each step: a heading, and what there is to know.
pub(crate) const STOPS: [(Msg, Msg); 6] = [
    (Msg::TourDrawing, Msg::TourDrawingText),
    (Msg::TourCluster, Msg::TourClusterText),
    (Msg::TourImplied, Msg::TourImpliedText),
    (Msg::TourArrow, Msg::TourArrowText),
    (Msg::TourFiles, Msg::TourFilesText),
    (Msg::TourSteps, Msg::TourStepsText),
];

impl Editor {
    /// Goes to a step of the tour, or ends it.
    pub(super) fn tour_to(&mut self, step: Option<usize>) -> bool {
        let Some(at) = step else {
            self.tour = None;
            self.say(Msg::TourEnded.text(&[]));
            return true;
        };
        let Some((heading, _)) = STOPS.get(at) else { return false };
        if self.tour.is_none() && (self.screen == Screen::Start || self.drawing.topology.clusters.is_empty()) {
            let Some(preset) = presets().into_iter().next() else { return false };
            self.replace(Rc::new(Drawing::new(preset.topology, Layout::default())), &Origin::Template);
        }
        (self.tour, self.dialog, self.walk) = (Some(at), None, None);
        let (selection, tab) = match at {
            1 => (Selection::Cluster(0), Tab::Selected),
            2 => (Selection::Part(0, PartKind::EastWest), Tab::Selected),
            3 => (Selection::Cluster(1), Tab::Selected),
            4 => (Selection::Mesh, Tab::Files),
            5 => (Selection::Mesh, Tab::Steps),
            _ => (Selection::Mesh, Tab::Selected),
        };
        self.select(selection);
        self.mend_selection();
        self.tab = tab;
        self.view = if at < 4 { View::Drawing } else { View::Details };
        self.say(heading.text(&[]));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::settings::Settings;

    #[test]
    fn the_tour_begins_on_a_template_and_leaves_a_drawing_alone() {
        let mut editor = Editor::new(None, Settings::default());
        editor.run(Command::Tour(Some(0)));
        assert_eq!((editor.screen, editor.drawing.topology.clusters.len()), (Screen::Board, 2));
        for at in 1..STOPS.len() {
            assert!(editor.run(Command::Tour(Some(at))), "{at}");
            assert_eq!(editor.tour, Some(at));
        }
        assert_eq!(editor.tab, Tab::Steps);
        assert!(!editor.run(Command::Tour(Some(STOPS.len()))), "there are no more");
        editor.run(Command::Tour(None));
        assert_eq!(editor.tour, None);
        let drawn = editor.drawing.clone();
        editor.run(Command::Tour(Some(0)));
        assert_eq!(editor.drawing, drawn, "begun anew, on what there is");
    }

    #[test]
    fn the_tour_goes_on_where_there_is_no_gateway_to_show() {
        let mut editor = Editor::new(None, Settings::default());
        editor.run(Command::Edit(crate::command::Edit::AddCluster(None)));
        editor.screen = Screen::Board;
        editor.run(Command::Tour(Some(0)));
        for at in 1..STOPS.len() {
            assert!(editor.run(Command::Tour(Some(at))), "{at}");
        }
        assert_eq!(editor.drawing.topology.clusters.len(), 1);
    }
}
