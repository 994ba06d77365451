//! Boxes while they are dragged. Copies of them and of their arrows follow the pointer in a layer of their own, and the drawing below, where
//! the originals are hidden, is not painted anew. Yew knows nothing of the copies; they are gone before the command that ends the drag.

use shared::layout::Point;
use shared::name::NetworkName;
use shared::scene::{ClusterBox, PartKind, Rect};
use web_sys::Element;

use super::gesture::{mark_target, place};
use super::shapes::{arrow_id, at};
use crate::browser;
use crate::command::Edit;
use crate::editor::Editor;
use crate::picture::Picture;
use crate::snap::{Snapped, snap};

/// Clusters that are dragged.
pub(super) struct Held {
    /// The pressed one.
    pub(super) index: usize,
    /// The pressed part of it.
    pub(super) part: Option<PartKind>,
    /// All of them, by their places in the drawing.
    all: Vec<usize>,
    /// What is shown of them while they move.
    lifted: Option<Lifted>,
    /// What they take up together, and the boxes that stay.
    rect: Rect,
    others: Vec<Rect>,
    /// The lines that say why they stand where they do, as last drawn.
    guides: String,
    /// The network under the pointer.
    over: Option<NetworkName>,
    /// How far they were moved.
    by: Point,
}

impl Held {
    /// Takes a cluster, and those that are selected with it.
    pub(super) fn new(editor: &Editor, index: usize, part: Option<PartKind>) -> Self {
        let picture = &editor.picture;
        let selected = editor.selection.clusters();
        let all = if selected.contains(&index) { selected.to_vec() } else { vec![index] };
        let rects = |held: bool| {
            let of = picture.cards.iter().filter(|card| all.contains(&card.index) == held);
            of.map(|card| card.rect).collect::<Vec<_>>()
        };
        Held {
            index,
            part,
            rect: rects(true).into_iter().reduce(Rect::with).unwrap_or_default(),
            others: rects(false),
            all,
            lifted: None,
            guides: String::new(),
            over: None,
            by: Point::default(),
        }
    }

    /// Follows the pointer: in line with the others unless the drag is free, and with what it would come to in another network.
    pub(super) fn follow(&mut self, svg: &Element, by: Point, under: Point, free: bool, editor: &Editor) {
        let picture = &editor.picture;
        let target = picture.region_at(under).map(|region| &region.network).filter(|_| !free);
        let leaves = self.leaves(target, editor);
        let snapped =
            if free || leaves { Snapped { by, lines: Vec::new() } } else { snap(self.rect, by, &self.others) };
        let lifted = self.lifted.get_or_insert_with(|| Lifted::new(svg, picture, &self.all));
        if self.by != snapped.by {
            self.by = snapped.by;
            lifted.follow(picture, &self.all, self.by);
        }
        let mut guides = String::new();
        for (from, to) in snapped.lines {
            let line =
                ["M", &from.x.to_string(), " ", &from.y.to_string(), "L", &to.x.to_string(), " ", &to.y.to_string()];
            guides.push_str(&line.concat());
        }
        if self.guides != guides {
            draw_guides(&guides);
            self.guides = guides;
        }
        if self.over.as_ref() != target {
            mark_target(svg, target);
            let ghost = target.filter(|_| leaves).and_then(|network| editor.ghost(self.index, network));
            show_ghost(ghost);
            self.over = target.cloned();
        }
    }

    /// Says whether the held ones would come to another network.
    fn leaves(&self, target: Option<&NetworkName>, editor: &Editor) -> bool {
        let here = |index: &usize| editor.drawing.cluster(*index).and_then(|cluster| cluster.network.as_ref());
        target.is_some() && self.all.iter().any(|index| here(index) != target)
    }

    /// Says what dropping does: another network, or another place.
    pub(super) fn dropped(&self, editor: &Editor) -> Vec<Edit> {
        match self.over.as_ref().filter(|_| self.leaves(self.over.as_ref(), editor)) {
            Some(network) => self.all.iter().map(|&index| Edit::MoveCluster(index, network.clone())).collect(),
            None => editor.placed(&self.all, self.by),
        }
    }

    /// Takes all away that the drag has drawn.
    pub(super) fn put_back(&self, svg: &Element) {
        let Some(lifted) = &self.lifted else { return };
        lifted.put_back();
        mark_target(svg, None);
        draw_guides("");
        show_ghost(None);
    }
}

fn draw_guides(path: &str) {
    if let Some(guides) = browser::by_id("guides") {
        browser::set(&guides, "d", path);
    }
}

fn show_ghost(rect: Option<Rect>) {
    if let Some(ghost) = browser::by_id("ghost") {
        place(&ghost, rect.unwrap_or_default());
    }
}

/// The copies, and what they stand for.
struct Lifted {
    originals: Vec<Element>,
    copies: Vec<Element>,
    /// What holds the copies of the boxes.
    boxes: Option<Element>,
    arrows: Vec<End>,
    /// All boxes as they stand now, by which arrows find their way.
    cards: Vec<ClusterBox>,
}

/// A copy of an arrow or of its label, and the place of the arrow in the picture.
struct End {
    arrow: usize,
    paths: Vec<Element>,
    label: Option<Element>,
}

impl Lifted {
    fn new(svg: &Element, picture: &Picture, held: &[usize]) -> Self {
        let boxes = browser::by_id("held");
        let mut lifted = Lifted {
            originals: Vec::new(),
            copies: Vec::new(),
            boxes: boxes.clone(),
            arrows: Vec::new(),
            cards: picture.cards.iter().map(|card| ClusterBox::clone(card)).collect(),
        };
        let number = |(_, index): (Element, String)| index.parse().ok();
        for card in browser::find(svg, "[data-card]") {
            let index: Option<usize> = browser::nearest(&card, "data-card").and_then(number);
            if index.is_some_and(|index| held.contains(&index)) {
                lifted.lift(card, "data-card", boxes.as_ref());
            }
        }
        let touches = |arrow: &usize| {
            let arrow = &picture.arrows[*arrow];
            held.contains(&arrow.from) || held.contains(&arrow.to)
        };
        let ids: Vec<(usize, String)> =
            (0..picture.arrows.len()).filter(touches).map(|arrow| (arrow, arrow_id(&picture.arrows[arrow]))).collect();
        let above = browser::by_id("held-arrows");
        for element in browser::find(svg, "[data-arrow]") {
            let Some((_, id)) = browser::nearest(&element, "data-arrow") else { continue };
            let Some(&(arrow, _)) = ids.iter().find(|(_, other)| *other == id) else { continue };
            let is_label = element.has_attribute("data-label");
            if let Some(copy) = lifted.lift(element, "data-arrow", above.as_ref()) {
                let paths = browser::find(&copy, ":scope > path");
                lifted.arrows.push(End { arrow, paths, label: is_label.then_some(copy) });
            }
        }
        lifted
    }

    /// Hides an element and shows a copy, which does not go by its name.
    fn lift(&mut self, original: Element, name: &str, layer: Option<&Element>) -> Option<Element> {
        let copy = browser::copied_into(layer?, &original)?;
        let _ = copy.remove_attribute(name);
        browser::mark(&original, "lifted", true);
        self.originals.push(original);
        self.copies.push(copy.clone());
        Some(copy)
    }

    fn follow(&mut self, picture: &Picture, held: &[usize], by: Point) {
        if let Some(boxes) = &self.boxes {
            browser::set(boxes, "transform", &at(by.x, by.y));
        }
        if self.arrows.is_empty() {
            return;
        }
        for &index in held {
            if let (Some(card), Some(shown)) = (self.cards.get_mut(index), picture.cards.get(index)) {
                *card = shown.moved(by);
            }
        }
        for End { arrow, paths, label } in &self.arrows {
            let moved = picture.arrows[*arrow].rerouted(&self.cards);
            for path in paths {
                browser::set(path, "d", &moved.path);
            }
            if let Some(label) = label {
                browser::set(label, "transform", &at(moved.label.x, moved.label.y));
            }
        }
    }

    fn put_back(&self) {
        self.copies.iter().for_each(Element::remove);
        self.originals.iter().for_each(|original| browser::mark(original, "lifted", false));
    }
}
