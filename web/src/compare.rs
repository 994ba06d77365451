//! Another drawing beside this one: what came, what is gone and what is another, in words, and as shapes over the canvas.

use std::rc::Rc;

use shared::layout::Layout;
use shared::name::NetworkName;
use shared::scene::{Arrow, ArrowKind, Rect, Scene};
use shared::text::Text;
use shared::topology::{Cluster, Topology};

use crate::change::Mark;
use crate::derived::Derived;
use crate::drawing::Drawing;
use crate::i18n::Msg;
use crate::lines::{Side, difference};
use crate::made::Made;
use crate::picture::Picture;
use crate::selection::{ArrowId, Selection};

/// What a drawing is compared with, and what comes of it.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    /// What the other drawing is called.
    pub(crate) name: Text,
    /// The other drawing.
    pub(crate) other: Rc<Drawing>,
    /// Its bundle; nothing where it has an error, or is so large that a worker would make it.
    pub(crate) made: Option<Rc<Made>>,
    /// What differs, in reading order.
    pub(crate) differences: Vec<Difference>,
    /// The same over the canvas.
    pub(crate) shapes: Vec<(Mark, Shape)>,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// How.
    pub(crate) mark: Mark,
    /// What kind of a thing it is.
    pub(crate) kind: Msg,
    /// Its name.
    pub(crate) name: String,
    /// The lines of the document that differ, with the sign of each.
    pub(crate) lines: Vec<(Side, String)>,
    /// What it is in this drawing; nothing where it is gone.
    pub(crate) about: Option<Selection>,
}

/// Something over the canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Around what is there, or in the place of what is gone, by its name.
    Box(Rect, String),
    /// Along an arrow.
    Path(Arrow),
}

impl Compared {
    /// Compares a drawing with another one; returns the picture too, which has room for what is gone.
    pub(crate) fn new(name: Text, other: Rc<Drawing>, made: Option<Rc<Made>>, now: &Drawing) -> (Self, Picture) {
        let differences = differences(&other, now);
        let (picture, shapes) = shapes(&other, now, &differences);
        (Compared { name, other, made, differences, shapes }, picture)
    }

    /// Makes the bundle of a drawing, where that takes less than a frame.
    pub(crate) fn bundle(drawing: &Drawing) -> Option<Rc<Made>> {
        let derived = Derived::new(&drawing.topology, None);
        (derived.is_planned()).then_some(derived.made)
    }

    /// Counts what came, what is gone and what is another.
    pub(crate) fn counts(&self) -> [usize; 3] {
        [Mark::New, Mark::Gone, Mark::Changed]
            .map(|mark| self.differences.iter().filter(|difference| difference.mark == mark).count())
    }

    /// Says what came of it.
    pub(crate) fn said(&self) -> Text {
        if self.differences.is_empty() {
            return Msg::ComparedSame.text(&[]);
        }
        let [new, gone, changed] = self.counts().map(|count| count.to_string());
        Msg::ComparedCount.text(&[("new", &new), ("gone", &gone), ("changed", &changed)])
    }
}

fn differences(other: &Drawing, now: &Drawing) -> Vec<Difference> {
    let (old, new) = (&*other.topology, &*now.topology);
    let mut found = Vec::new();
    let mut add = |mark: Mark, kind: Msg, name: &str, lines: Vec<(Side, String)>, about: Option<Selection>| {
        found.push(Difference { mark, kind, name: name.to_owned(), lines, about });
    };
    let lines = changed(&bare(old), &bare(new));
    if !lines.is_empty() {
        add(Mark::Changed, Msg::MeshHeading, &new.name, lines, Some(Selection::Mesh));
    }
    for network in now.networks().iter().filter(|network| !other.networks().contains(network)) {
        add(Mark::New, Msg::AddNetwork, network.as_str(), Vec::new(), Some(Selection::Network(network.clone())));
    }
    for network in other.networks().iter().filter(|network| !now.networks().contains(network)) {
        add(Mark::Gone, Msg::AddNetwork, network.as_str(), Vec::new(), None);
    }
    for (index, cluster) in new.clusters.iter().enumerate() {
        let about = Some(Selection::Cluster(index));
        match old.cluster(&cluster.name) {
            None => add(Mark::New, Msg::AddCluster, cluster.name.as_str(), Vec::new(), about),
            Some(before) => {
                let lines = changed(&alone(old, before), &alone(new, cluster));
                if !lines.is_empty() {
                    add(Mark::Changed, Msg::AddCluster, cluster.name.as_str(), lines, about);
                }
            }
        }
    }
    for cluster in old.clusters.iter().filter(|cluster| new.cluster(&cluster.name).is_none()) {
        add(Mark::Gone, Msg::AddCluster, cluster.name.as_str(), Vec::new(), None);
    }
    found
}

/// Returns what a drawing says of the mesh as a whole; how it is called is no difference.
fn bare(topology: &Topology) -> Topology {
    Topology { name: String::new(), clusters: Vec::new(), gateways: Vec::new(), ..topology.clone() }
}

/// Returns what a drawing says of one cluster.
fn alone(topology: &Topology, cluster: &Cluster) -> Topology {
    let gateways = topology.gateways.iter().filter(|gateway| gateway.cluster == cluster.name).cloned().collect();
    Topology { clusters: vec![cluster.clone()], gateways, ..Topology::empty("") }
}

/// Returns the lines in which two documents differ.
fn changed(old: &Topology, new: &Topology) -> Vec<(Side, String)> {
    if old == new {
        return Vec::new();
    }
    let (old, new) = (old.write(), new.write());
    let lines = difference(&old, &new);
    let differ = lines.iter().filter(|line| line.side != Side::Both);
    differ.map(|line| (line.side, line.text.trim_start().to_owned())).collect()
}

/// Draws both drawings as one: what is gone stands where it would stand, beside what is there.
fn shapes(other: &Drawing, now: &Drawing, differences: &[Difference]) -> (Picture, Vec<(Mark, Shape)>) {
    let count = now.topology.clusters.len();
    let gone = other.topology.clusters.iter().filter(|cluster| now.topology.cluster(&cluster.name).is_none());
    let mut both = Topology::clone(&now.topology);
    both.clusters.extend(gone.cloned());
    let mut layout = Layout { networks: now.networks().to_vec(), clusters: now.layout.clusters.clone() };
    layout.networks.extend(other.networks().iter().filter(|network| !now.networks().contains(network)).cloned());
    for cluster in &both.clusters[count..] {
        if let Some(point) = other.layout.clusters.get(&cluster.name) {
            layout.clusters.insert(cluster.name.clone(), *point);
        }
    }
    let both = Drawing::new(both, layout);
    let mut picture = Picture::new(&both);
    let boxes: Vec<_> = picture.cards.iter().map(|card| (**card).clone()).collect();

    let mut shapes = Vec::new();
    for Difference { mark, kind, name, .. } in differences {
        let rect = match kind {
            Msg::AddNetwork => region(&picture, &name.as_str().into()),
            Msg::AddCluster => boxes.iter().find(|card| card.name.as_str() == name).map(|card| card.rect),
            _ => None,
        };
        shapes.extend(rect.map(|rect| (*mark, Shape::Box(rect, name.clone()))));
    }
    let (before, after) = (drawn(&other.topology), drawn(&both.topology));
    for (ends, id) in &after {
        if id.from < count && !before.iter().any(|(other, _)| other == ends) {
            let found = picture.arrows.iter().find(|arrow| ArrowId::of(arrow) == *id);
            shapes.extend(found.map(|arrow| (Mark::New, Shape::Path(Arrow::clone(arrow)))));
        }
    }
    let place = |name: &str| boxes.iter().position(|card| card.name.as_str() == name);
    for ((kind, from, to), _) in &before {
        let is_there = after.iter().any(|(ends, id)| id.from < count && *ends == (*kind, from.clone(), to.clone()));
        if let (false, Some(from), Some(to)) = (is_there, place(from), place(to)) {
            let id = ArrowId { kind: *kind, from, to };
            shapes.push((Mark::Gone, Shape::Path(id.between(&boxes))));
        }
    }

    // What is gone is not there to be selected, moved or counted.
    picture.cards.truncate(count);
    picture.arrows.retain(|arrow| arrow.from < count && arrow.to < count);
    picture.regions.retain(|region| now.networks().contains(&region.network));
    for region in &mut picture.regions {
        let members = now.members(&region.network).count();
        if region.clusters != members {
            Rc::make_mut(region).clusters = members;
        }
    }
    (picture, shapes)
}

fn region(picture: &Picture, network: &NetworkName) -> Option<Rect> {
    picture.regions.iter().find(|region| region.network == *network).map(|region| region.rect)
}

/// What an arrow says, and the names of its two ends.
type Ends = (ArrowKind, String, String);

/// Returns the arrows that architects draw; the others follow from them.
fn drawn(topology: &Topology) -> Vec<(Ends, ArrowId)> {
    let name = |at: usize| topology.clusters.get(at).map(|cluster| cluster.name.to_string()).unwrap_or_default();
    let arrows = Scene::new(topology, &Layout::default()).arrows;
    let ids = arrows.iter().map(ArrowId::of).filter(|id| id.is_drawn());
    ids.map(|id| ((id.kind, name(id.from), name(id.to)), id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::topology::Role;

    fn drawing(clusters: Vec<Cluster>) -> Drawing {
        Drawing::new(Topology { clusters, ..Topology::empty("mesh1") }, Layout::default())
    }

    fn remote(name: &str, network: &str, of: &str) -> Cluster {
        Cluster { role: Role::Remote { control_plane: of.into() }, ..Cluster::primary(name, network) }
    }

    fn compare(before: Drawing, now: &Drawing) -> (Compared, Picture) {
        Compared::new(Text::default(), Rc::new(before), None, now)
    }

    #[test]
    fn what_came_what_is_gone_and_what_is_another_is_told_apart() {
        let before = drawing(vec![Cluster::primary("a", "n1"), remote("b", "n1", "a"), Cluster::primary("gone", "n2")]);
        let mut now =
            drawing(vec![Cluster::primary("new", "n3"), Cluster::primary("b", "n1"), Cluster::primary("a", "n1")]);
        let mut topology = Topology::clone(&now.topology);
        topology.trust_domain = "example".into();
        now.topology = Rc::new(topology);
        let (compared, picture) = compare(before, &now);
        let told: Vec<(Mark, &str)> = compared.differences.iter().map(|one| (one.mark, one.name.as_str())).collect();
        assert_eq!(
            told,
            [
                (Mark::Changed, "mesh1"),
                (Mark::New, "n3"),
                (Mark::Gone, "n2"),
                (Mark::New, "new"),
                (Mark::Changed, "b"),
                (Mark::Gone, "gone"),
            ],
            "another order is no difference"
        );
        assert_eq!(compared.counts(), [2, 2, 2]);
        let lines = &compared.differences[4].lines;
        assert!(lines.contains(&(Side::Before, "controlPlane: a".into())), "{lines:?}");
        assert_eq!(compared.differences[4].about, Some(Selection::Cluster(1)));

        // On the canvas: a box for each but the mesh, and the arrow that is gone.
        let boxes = compared.shapes.iter().filter(|(_, shape)| matches!(shape, Shape::Box(..))).count();
        assert_eq!(boxes, 5);
        let paths: Vec<&(Mark, Shape)> =
            compared.shapes.iter().filter(|(_, shape)| matches!(shape, Shape::Path(_))).collect();
        let [(Mark::Gone, Shape::Path(arrow))] = paths[..] else { panic!("{paths:?}") };
        assert_eq!((arrow.from, arrow.to), (1, 2));
        assert_eq!((picture.cards.len(), picture.regions.len()), (3, 2), "what is gone is not there to be selected");
        let overlap = |a: Rect, b: Rect| a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
        for (mark, shape) in &compared.shapes {
            if let (Mark::Gone, Shape::Box(rect, name)) = (mark, shape)
                && name == "gone"
            {
                assert!(picture.cards.iter().all(|card| !overlap(card.rect, *rect)), "there is room for what is gone");
            }
        }
    }

    #[test]
    fn a_drawing_is_itself() {
        let now = drawing(vec![Cluster::primary("a", "n1"), remote("b", "n2", "a")]);
        let (compared, picture) = compare(now.clone(), &now);
        assert!(compared.differences.is_empty() && compared.shapes.is_empty());
        assert_eq!(picture, Picture::new(&now));
        let renamed =
            Drawing::new(Topology { name: "other".into(), ..Topology::clone(&now.topology) }, Layout::default());
        assert!(compare(renamed, &now).0.differences.is_empty(), "the name of a file is no difference");
    }

    #[test]
    fn nothing_can_be_compared_with_something_and_the_other_way_round() {
        let (nothing, something) = (Drawing::empty(), drawing(vec![Cluster::primary("a", "n1")]));
        assert_eq!(compare(nothing.clone(), &something).0.counts(), [2, 0, 0]);
        let (compared, picture) = compare(something, &nothing);
        assert_eq!(compared.counts(), [0, 2, 0]);
        assert!(picture.cards.is_empty() && compared.shapes.len() == 2);
    }
}
