//! What happens between pressing and releasing the pointer. Nothing is dispatched meanwhile: attributes are written directly,
//! and put back before the one command that follows, since Yew compares with what it rendered and not with the page.

use shared::layout::Point;
use shared::name::NetworkName;
use shared::scene::{PartKind, Rect};
use web_sys::{Element, PointerEvent};

use super::camera::Camera;
use super::held::Held;
use super::shapes::{arrow_id, part_id};
use crate::browser;
use crate::command::{ArrowId, Command, Edit, Selection};
use crate::editor::Editor;
use crate::picture::Picture;

/// How far the pointer moves before a press becomes a drag.
const SLACK: i32 = 4;

/// A gesture that is under way.
pub(super) struct Gesture {
    svg: Element,
    camera: Camera,
    /// Where the canvas is in the window: asking during a drag would lay the page out.
    corner: (f64, f64),
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

/// How the pointer was pressed, beyond where.
#[derive(Clone, Copy, Default)]
pub(super) struct Press {
    /// A drag of the ground moves the canvas: the hand, the space bar, the middle button, a finger.
    pub(super) hand: bool,
    /// Shift is held: what is pressed or framed is added to the selection.
    pub(super) more: bool,
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
                Grip::Card(Held::new(editor, index, part))
            }
            _ => {
                let pressed = nearest("data-arrow")
                    .and_then(|(_, id)| picture.arrows.iter().find(|arrow| arrow_id(arrow) == id))
                    .map(|arrow| Selection::Arrow(ArrowId::of(arrow)))
                    .or_else(|| nearest("data-region").map(|(_, network)| Selection::Network(network.into())))
                    .unwrap_or_default();
                if press.hand {
                    Grip::World { world: browser::by_id("world"), pressed }
                } else {
                    Grip::Frame { frame: browser::by_id("frame"), pressed }
                }
            }
        };
        let corner = browser::corner(&svg);
        Gesture { svg, camera, corner, start: (event.client_x(), event.client_y()), moved: false, press, grip }
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
        self.at((event.client_x(), event.client_y()))
    }

    /// Returns a point of the window as a place on the canvas.
    fn at(&self, (x, y): (i32, i32)) -> Point {
        self.camera.place((f64::from(x) - self.corner.0, f64::from(y) - self.corner.1))
    }

    /// Returns the rectangle between where the pointer was pressed and a place.
    fn framed(&self, end: Point) -> Rect {
        let corner = |point: Point| Rect { x: point.x, y: point.y, width: 0, height: 0 };
        corner(self.at(self.start)).with(corner(end))
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
        let framed = self.framed(under);
        match &mut self.grip {
            Grip::Card(held) => held.follow(&self.svg, by, under, event.alt_key(), editor),
            Grip::Frame { frame: Some(frame), .. } => place(frame, framed),
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
    pub(super) fn put_back(&self) {
        match &self.grip {
            Grip::Card(held) => held.put_back(&self.svg),
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
        self.put_back();
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
                let frame = self.framed(self.under(event));
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

/// Writes where a rectangle stands; one of no size is not seen.
pub(super) fn place(element: &Element, rect: Rect) {
    for (name, value) in [("x", rect.x), ("y", rect.y), ("width", rect.width), ("height", rect.height)] {
        browser::set(element, name, &value.to_string());
    }
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
