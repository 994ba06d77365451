//! Commands that act on several clusters.

use std::cmp::Reverse;

use shared::layout::Point;
use shared::name::NetworkName;
use shared::scene::Rect;
use shared::text::Text;

use super::{Edit, Editor, Selection};
use crate::edit;
use crate::i18n::Msg;
use crate::picture::Picture;

/// So many names are said one by one.
const NAMED: usize = 12;

impl Editor {
    /// Returns the clusters that copying, cutting and drawing once more mean: those selected, or those of the selected network.
    pub(crate) fn picked(&self) -> Vec<usize> {
        match &self.selection {
            Selection::Network(network) => self.drawing.members(network).map(|(index, _)| index).collect(),
            other => other.clusters().to_vec(),
        }
    }

    pub(super) fn delete_many(&mut self, mut all: Vec<usize>) -> bool {
        // From the last one on, so that the others stay at their places.
        shared::sorted::by(&mut all, |&index| Reverse(index));
        let deleted = self.edit(&Edit::All(all.into_iter().map(Edit::DeleteCluster).collect()));
        self.select(Selection::Mesh);
        deleted
    }

    pub(super) fn duplicate(&mut self) -> bool {
        let into = match &self.selection {
            Selection::Network(network) if self.drawing.members(network).next().is_none() => {
                return self.edit(&Edit::AddNetwork);
            }
            Selection::Network(_) => Some(self.drawing.free_network()),
            _ => None,
        };
        self.edit(&Edit::Duplicate(self.picked(), into))
    }

    /// Moves the selected clusters a little; a way of many steps is taken back at once.
    pub(super) fn nudge(&mut self, by: Point) -> bool {
        let edits = self.placed(self.selection.clusters(), by);
        let moved = self.edit(&Edit::All(edits));
        self.nudged |= moved;
        moved
    }

    /// Returns the edits that move clusters by so much, each in its network.
    pub(crate) fn placed(&self, clusters: &[usize], by: Point) -> Vec<Edit> {
        let placed = |&index: &usize| Some(Edit::PlaceCluster(index, self.picture.place_of(index, by)?));
        clusters.iter().filter_map(placed).collect()
    }

    /// Returns where a cluster would stand in another network, for the time it is dragged over that.
    pub(crate) fn ghost(&self, index: usize, network: &NetworkName) -> Option<Rect> {
        let moved = edit::apply(&self.drawing, &self.selection, &Edit::MoveCluster(index, network.clone()))?;
        Some(Picture::new(&moved.drawing).cards.get(index)?.rect)
    }

    /// Selects what holds the selected thing: the cluster of a part, the network of a cluster, the mesh.
    pub(super) fn step_out(&mut self) -> bool {
        let outer = match &self.selection {
            Selection::Mesh => return false,
            Selection::Part(index, _) => Selection::Cluster(*index),
            Selection::Arrow(id) => Selection::Cluster(id.from),
            Selection::Cluster(index) => {
                let network = self.drawing.cluster(*index).and_then(|cluster| cluster.network.clone());
                network.map_or(Selection::Mesh, Selection::Network)
            }
            Selection::Network(_) | Selection::Many(_) => Selection::Mesh,
        };
        self.select_and_say(outer);
        true
    }

    /// Returns what clusters take up together.
    pub(super) fn rect_of(&self, clusters: &[usize]) -> Option<Rect> {
        clusters.iter().filter_map(|&index| self.picture.cards.get(index)).map(|card| card.rect).reduce(Rect::with)
    }

    pub(super) fn describe_many(&self, all: &[usize]) -> Text {
        let names: Vec<&str> =
            all.iter().take(NAMED).filter_map(|&index| Some(self.drawing.cluster(index)?.name.as_str())).collect();
        Msg::HeardMany.text(&[("count", &all.len().to_string()), ("names", &names.join(", "))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::drawing::Drawing;
    use crate::settings::Settings;

    fn three() -> Editor {
        let mut editor = Editor::new(Some(Drawing::empty()), Settings::default());
        let cluster = |network: &str| Edit::AddCluster(Some(network.into()));
        for edit in [Edit::AddNetwork, cluster("network1"), cluster("network1"), cluster("network2")] {
            editor.run(Command::Edit(edit));
        }
        editor
    }

    fn names(editor: &Editor) -> Vec<&str> {
        editor.drawing.topology.clusters.iter().map(|cluster| cluster.name.as_str()).collect()
    }

    #[test]
    fn many_are_picked_and_deleted_in_one_step() {
        let mut editor = three();
        editor.run(Command::Toggle(0));
        assert_eq!(editor.selection, Selection::Many(vec![2, 0]), "the last one added was selected");
        assert_eq!(editor.said.text.en, "2 clusters: cluster3, cluster1");
        editor.run(Command::Toggle(2));
        assert_eq!(editor.selection, Selection::Cluster(0));
        editor.run(Command::Toggle(2));
        editor.run(Command::DeleteSelected);
        assert_eq!((names(&editor), &editor.selection), (vec!["cluster2"], &Selection::Mesh));
        editor.run(Command::Undo);
        assert_eq!(names(&editor), ["cluster1", "cluster2", "cluster3"]);
        editor.run(Command::SelectAll);
        assert_eq!(editor.selection.clusters(), [0, 1, 2]);
        editor.run(Command::MoveToNeighbour { forward: true });
        assert_eq!(editor.drawing.members(&"network2".into()).count(), 3, "all go to one network");
        assert_eq!(editor.selection.clusters(), [0, 1, 2], "and stay selected");
    }

    #[test]
    fn a_way_of_many_steps_is_taken_back_at_once() {
        let mut editor = three();
        editor.run(Command::Select(Selection::of(vec![0, 2])));
        let before = editor.drawing.clone();
        for _ in 0..5 {
            assert!(editor.run(Command::Nudge(Point { x: 8, y: 0 })));
        }
        assert_eq!(editor.drawing.layout.clusters[&"cluster1".into()].x, 40);
        editor.run(Command::SetLang(shared::text::Lang::Zh));
        editor.run(Command::Nudge(Point { x: 0, y: 32 }));
        editor.run(Command::Undo);
        assert_eq!(editor.drawing.layout.clusters[&"cluster1".into()], Point { x: 40, y: 0 });
        editor.run(Command::Undo);
        assert_eq!(editor.drawing, before);
        editor.run(Command::Select(Selection::Mesh));
        assert!(!editor.run(Command::Nudge(Point { x: 8, y: 0 })), "nothing is held");
    }

    #[test]
    fn networks_are_drawn_once_more_with_what_is_in_them() {
        let mut editor = three();
        editor.run(Command::Select(Selection::Network("network1".into())));
        editor.run(Command::Duplicate);
        assert_eq!(editor.drawing.networks().len(), 3);
        assert_eq!(editor.drawing.members(&"network3".into()).count(), 2);
        editor.run(Command::SelectOuter);
        assert_eq!(editor.selection, Selection::Mesh);
        assert!(!editor.run(Command::Duplicate) && !editor.run(Command::SelectOuter));
    }
}
