//! What happens between pressing and releasing the pointer. Nothing is dispatched meanwhile: attributes are written directly,
//! and put back before the one command that follows, since Yew compares with what it rendered and not with the page.

use shared::layout::Point;
use shared::name::NetworkName;
use shared::scene::{Arrow, PartKind, Rect};
use web_sys::{Element, PointerEvent};

use super::camera::Camera;
use super::shapes::{arrow_id, at, part_id};
use crate::browser;
use crate::command::{ArrowId, Command, Edit, Selection};
use crate::editor::Editor;
use crate::picture::Picture;
use crate::snap::{Snapped, snap};

/// How far the pointer moves before a press becomes a drag.
const SLACK: i32 = 4;

/// A gesture that is under way.
pub(super) struct Gesture {
    svg: Element,
    camera: Camera,
    start: (i32, i32),
    moved: bool,
    press: Press,
    grip: Grip,
}

/// What the pointer holds.
enum Grip {
    /// Clusters: the pressed one, and those that are selected with it.
    Card(Held),
    /// An arrow that is being drawn from a cluster.
    Link { from: usize },
    /// The canvas, pressed on an arrow, a network or nothing.
    World { world: Option<Element>, pressed: Selection },
    /// What a frame is drawn around.
    Frame { frame: Option<Element>, pressed: Selection },
}

/// Clusters that are dragged.
struct Held {
    /// The pressed one.
    index: usize,
    /// The pressed part of it.
    part: Option<PartKind>,
    /// All of them, by their places in the drawing.
    all: Vec<usize>,
    /// What draws them, in the same order.
    cards: Vec<Element>,
    arrows: Vec<Ends>,
    /// What they take up together, and the boxes that stay.
    rect: Rect,
    others: Vec<Rect>,
    /// Draws the lines that say why they stand where they do.
    guides: Option<Element>,
    /// Draws where the pressed one will be in another network.
    ghost: Option<Element>,
    /// The network under the pointer.
    over: Option<NetworkName>,
    /// How far they were moved.
    by: Point,
}

/// How the pointer was pressed, beyond where.
#[derive(Clone, Copy, Default)]
pub(super) struct Press {
    /// A drag of the ground moves the canvas: the hand, the space bar, the middle button, a finger.
    pub(super) hand: bool,
    /// Shift is held: what is pressed or framed is added to the selection.
    pub(super) more: bool,
}

/// What draws an arrow that begins or ends at the held cluster: its place in the picture, its paths and its label.
struct Ends {
    arrow: usize,
    paths: Vec<Element>,
    label: Option<Element>,
}

/// What a gesture comes to.
pub(super) enum Outcome {
    /// A command.
    Send(Command),
    /// Another view of the canvas.
    Look(Camera),
    /// Nothing.
    Nothing,
}

impl Gesture {
    /// Begins where the pointer is pressed.
    pub(super) fn begin(svg: Element, event: &PointerEvent, press: Press, editor: &Editor, camera: Camera) -> Self {
        let picture = &editor.picture;
        let pressed = browser::pressed(event);
        let nearest = |attribute: &str| pressed.as_ref().and_then(|element| browser::nearest(element, attribute));
        let grip = match nearest("data-card").and_then(|(card, index)| Some((card, index.parse().ok()?))) {
            Some((_, from)) if nearest("data-port").is_some() && !press.hand => Grip::Link { from },
            Some((_, index)) if !press.hand => {
                let part = nearest("data-part").and_then(|(_, word)| part_of(picture, index, &word));
                Grip::Card(Held::new(&svg, editor, index, part))
            }
            _ => {
                let pressed = nearest("data-arrow")
                    .and_then(|(_, id)| picture.arrows.iter().find(|arrow| arrow_id(arrow) == id))
                    .map(|arrow| Selection::Arrow(ArrowId::of(arrow)))
                    .or_else(|| nearest("data-region").map(|(_, network)| Selection::Network(network.into())))
                    .unwrap_or_default();
                let found = |selector: &str| browser::find(&svg, selector).into_iter().next();
                if press.hand {
                    Grip::World { world: found("#world"), pressed }
                } else {
                    Grip::Frame { frame: found("#frame"), pressed }
                }
            }
        };
        Gesture { svg, camera, start: (event.client_x(), event.client_y()), moved: false, press, grip }
    }

    /// Returns the cluster that an arrow is being drawn from.
    pub(super) fn link(&self) -> Option<usize> {
        match self.grip {
            Grip::Link { from } => Some(from),
            Grip::Card(_) | Grip::World { .. } | Grip::Frame { .. } => None,
        }
    }

    fn way(&self, event: &PointerEvent) -> (i32, i32) {
        (event.client_x() - self.start.0, event.client_y() - self.start.1)
    }

    fn under(&self, event: &PointerEvent) -> Point {
        self.camera.place(browser::inside(&self.svg, event.client_x(), event.client_y()))
    }

    /// Follows the pointer.
    pub(super) fn go_on(&mut self, event: &PointerEvent, editor: &Editor) {
        let (dx, dy) = self.way(event);
        if !self.moved && dx.abs() < SLACK && dy.abs() < SLACK {
            return;
        }
        self.moved = true;
        let by = self.camera.distance(dx, dy);
        let under = self.under(event);
        match &mut self.grip {
            Grip::Card(held) => held.follow(&self.svg, by, under, event.alt_key(), editor),
            Grip::Frame { frame: Some(frame), .. } => place(frame, framed(self.camera, &self.svg, self.start, under)),
            Grip::Link { .. } | Grip::Frame { .. } => {}
            Grip::World { world, .. } => {
                browser::mark(&self.svg, "panning", true);
                if let Some(world) = world {
                    browser::set(world, "transform", &self.camera.panned(f64::from(dx), f64::from(dy)).transform());
                }
            }
        }
    }

    /// Writes what is rendered again; after it, the page is as Yew believes it is.
    pub(super) fn put_back(&self, picture: &Picture) {
        match &self.grip {
            Grip::Card(held) => held.put_back(&self.svg, picture),
            Grip::Link { .. } => {}
            Grip::Frame { frame, .. } => {
                if let Some(frame) = frame {
                    place(frame, Rect::default());
                }
            }
            Grip::World { world, .. } => {
                browser::mark(&self.svg, "panning", false);
                if let Some(world) = world {
                    browser::set(world, "transform", &self.camera.transform());
                }
            }
        }
    }

    /// Ends where the pointer is released.
    pub(super) fn end(self, event: &PointerEvent, editor: &Editor) -> Outcome {
        self.put_back(&editor.picture);
        match (&self.grip, editor.linking) {
            // A click on a port leaves the tool in hand: the next click says where the arrow ends.
            (Grip::Link { .. }, _) if !self.moved => Outcome::Nothing,
            (Grip::Link { from }, _) => {
                let under = self.under(event);
                let to = editor.picture.cards.iter().find(|card| card.rect.contains(under)).map(|card| card.index);
                Outcome::Send(to.filter(|to| to != from).map_or(Command::LetGo, |to| Command::Join(*from, to)))
            }
            (Grip::Card(held), Some(from)) if !self.moved => Outcome::Send(Command::Join(from, held.index)),
            (Grip::World { .. } | Grip::Frame { .. }, Some(_)) if !self.moved => Outcome::Send(Command::LetGo),
            (grip, _) => self.let_loose(grip, event, editor),
        }
    }

    fn let_loose(&self, grip: &Grip, event: &PointerEvent, editor: &Editor) -> Outcome {
        let (dx, dy) = self.way(event);
        match grip {
            Grip::Link { .. } => Outcome::Nothing,
            Grip::Card(held) if !self.moved && self.press.more => Outcome::Send(Command::Toggle(held.index)),
            Grip::Card(held) if !self.moved => Outcome::Send(Command::Select(
                held.part.map_or(Selection::Cluster(held.index), |part| Selection::Part(held.index, part)),
            )),
            Grip::World { pressed, .. } | Grip::Frame { pressed, .. } if !self.moved => {
                Outcome::Send(Command::Select(pressed.clone()))
            }
            Grip::World { .. } => Outcome::Look(self.camera.panned(f64::from(dx), f64::from(dy))),
            Grip::Frame { .. } => {
                let frame = framed(self.camera, &self.svg, self.start, self.under(event));
                let inside = editor.picture.cards.iter().filter(|card| card.rect.meets(frame)).map(|card| card.index);
                let mut all: Vec<usize> = Vec::new();
                if self.press.more {
                    all.extend(editor.selection.clusters());
                }
                for index in inside {
                    if !all.contains(&index) {
                        all.push(index);
                    }
                }
                Outcome::Send(Command::Select(Selection::of(all)))
            }
            Grip::Card(held) => {
                let mut edits = held.dropped(editor);
                // One alone is selected by its edit; several stay as they were picked.
                let edit = if edits.len() == 1 { edits.pop() } else { Some(Edit::All(edits)) };
                edit.map_or(Outcome::Nothing, |edit| Outcome::Send(Command::Edit(edit)))
            }
        }
    }
}

impl Held {
    fn new(svg: &Element, editor: &Editor, index: usize, part: Option<PartKind>) -> Self {
        let picture = &editor.picture;
        let selected = editor.selection.clusters();
        let all = if selected.contains(&index) { selected.to_vec() } else { vec![index] };
        let cards =
            all.iter().flat_map(|index| browser::find(svg, &["[data-card='", &index.to_string(), "']"].concat()));
        let rects = |held: bool| {
            let of = picture.cards.iter().filter(|card| all.contains(&card.index) == held);
            of.map(|card| card.rect).collect::<Vec<_>>()
        };
        let found = |selector: &str| browser::find(svg, selector).into_iter().next();
        Held {
            index,
            part,
            cards: cards.collect(),
            arrows: touching(svg, picture, &all),
            rect: rects(true).into_iter().reduce(Rect::with).unwrap_or_default(),
            others: rects(false),
            guides: found("#guides"),
            ghost: found("#ghost"),
            all,
            over: None,
            by: Point::default(),
        }
    }

    /// Follows the pointer: in line with the others unless the drag is free, and with what it would come to in another network.
    fn follow(&mut self, svg: &Element, by: Point, under: Point, free: bool, editor: &Editor) {
        let picture = &editor.picture;
        let target = picture.region_at(under).map(|region| &region.network).filter(|_| !free);
        let leaves = self.leaves(target, editor);
        let snapped =
            if free || leaves { Snapped { by, lines: Vec::new() } } else { snap(self.rect, by, &self.others) };
        self.by = snapped.by;
        for (index, card) in self.all.iter().zip(&self.cards) {
            let Some(shown) = picture.cards.get(*index) else { continue };
            browser::set(card, "transform", &at(shown.rect.x + self.by.x, shown.rect.y + self.by.y));
            browser::mark(card, "moving", true);
        }
        if !self.arrows.is_empty() {
            let moved = picture.arrows_with(&self.all, self.by);
            for ends in &self.arrows {
                ends.write(&moved[ends.arrow]);
            }
        }
        if let Some(guides) = &self.guides {
            let mut path = String::new();
            for (from, to) in snapped.lines {
                let line = [
                    "M",
                    &from.x.to_string(),
                    " ",
                    &from.y.to_string(),
                    "L",
                    &to.x.to_string(),
                    " ",
                    &to.y.to_string(),
                ];
                path.push_str(&line.concat());
            }
            browser::set(guides, "d", &path);
        }
        if self.over.as_ref() != target {
            mark_target(svg, target);
            if let Some(ghost) = &self.ghost {
                let rect = target.filter(|_| leaves).and_then(|network| editor.ghost(self.index, network));
                place(ghost, rect.unwrap_or_default());
            }
            self.over = target.cloned();
        }
    }

    /// Says whether the held ones would come to another network.
    fn leaves(&self, target: Option<&NetworkName>, editor: &Editor) -> bool {
        let here = |index: &usize| editor.drawing.cluster(*index).and_then(|cluster| cluster.network.as_ref());
        target.is_some() && self.all.iter().any(|index| here(index) != target)
    }

    /// Says what dropping does: another network, or another place.
    fn dropped(&self, editor: &Editor) -> Vec<Edit> {
        match self.over.as_ref().filter(|_| self.leaves(self.over.as_ref(), editor)) {
            Some(network) => self.all.iter().map(|&index| Edit::MoveCluster(index, network.clone())).collect(),
            None => editor.placed(&self.all, self.by),
        }
    }

    fn put_back(&self, svg: &Element, picture: &Picture) {
        for (index, card) in self.all.iter().zip(&self.cards) {
            if let Some(shown) = picture.cards.get(*index) {
                browser::set(card, "transform", &at(shown.rect.x, shown.rect.y));
            }
            browser::mark(card, "moving", false);
        }
        for ends in &self.arrows {
            if let Some(arrow) = picture.arrows.get(ends.arrow) {
                ends.write(arrow);
            }
        }
        mark_target(svg, None);
        if let Some(guides) = &self.guides {
            browser::set(guides, "d", "");
        }
        if let Some(ghost) = &self.ghost {
            place(ghost, Rect::default());
        }
    }
}

/// Returns the rectangle between where the pointer was pressed and where it is.
fn framed(camera: Camera, svg: &Element, start: (i32, i32), end: Point) -> Rect {
    let start = camera.place(browser::inside(svg, start.0, start.1));
    let corner = |point: Point| Rect { x: point.x, y: point.y, width: 0, height: 0 };
    corner(start).with(corner(end))
}

/// Writes where a rectangle stands; one of no size is not seen.
fn place(element: &Element, rect: Rect) {
    for (name, value) in [("x", rect.x), ("y", rect.y), ("width", rect.width), ("height", rect.height)] {
        browser::set(element, name, &value.to_string());
    }
}

impl Ends {
    fn write(&self, arrow: &Arrow) {
        for path in &self.paths {
            browser::set(path, "d", &arrow.path);
        }
        if let Some(label) = &self.label {
            browser::set(label, "transform", &at(arrow.label.x, arrow.label.y));
        }
    }
}

fn touching(svg: &Element, picture: &Picture, held: &[usize]) -> Vec<Ends> {
    let ends = |(arrow, drawn): (usize, &Arrow)| {
        let id = arrow_id(drawn);
        Ends {
            arrow,
            paths: browser::find(svg, &format!("[data-arrow='{id}'] path")),
            label: browser::find(svg, &format!("[data-label='{id}']")).into_iter().next(),
        }
    };
    let all = picture.arrows.iter().map(std::rc::Rc::as_ref).enumerate();
    all.filter(|(_, arrow)| held.contains(&arrow.from) || held.contains(&arrow.to)).map(ends).collect()
}

/// Shows which network something would come to.
pub(super) fn mark_target(svg: &Element, target: Option<&NetworkName>) {
    for region in browser::find(svg, "[data-region]") {
        let name = browser::nearest(&region, "data-region").map(|(_, name)| name);
        browser::mark(&region, "target", target.is_some_and(|target| name.as_deref() == Some(target.as_str())));
    }
}

fn part_of(picture: &Picture, index: usize, word: &str) -> Option<PartKind> {
    picture.cards.get(index)?.parts.iter().map(|part| part.kind).find(|kind| part_id(*kind) == word)
}
