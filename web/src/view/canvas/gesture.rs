//! What happens between pressing and releasing the pointer. Nothing is dispatched meanwhile: attributes are written directly,
//! and put back before the one command that follows, since Yew compares with what it rendered and not with the page.

use shared::layout::Point;
use shared::name::NetworkName;
use shared::scene::{Arrow, PartKind};
use web_sys::{Element, PointerEvent};

use super::camera::Camera;
use super::shapes::{arrow_id, at, part_id};
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
    start: (i32, i32),
    moved: bool,
    grip: Grip,
}

/// What the pointer holds.
enum Grip {
    /// A cluster.
    Card { index: usize, part: Option<PartKind>, card: Element, arrows: Vec<Ends>, over: Option<NetworkName> },
    /// An arrow that is being drawn from a cluster.
    Link { from: usize },
    /// The canvas, pressed on an arrow, a network or nothing.
    World { world: Option<Element>, pressed: Selection },
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
    pub(super) fn begin(svg: Element, event: &PointerEvent, picture: &Picture, camera: Camera) -> Self {
        let pressed = browser::pressed(event);
        let nearest = |attribute: &str| pressed.as_ref().and_then(|element| browser::nearest(element, attribute));
        let grip = match nearest("data-card").and_then(|(card, index)| Some((card, index.parse().ok()?))) {
            Some((_, from)) if nearest("data-port").is_some() => Grip::Link { from },
            Some((card, index)) => {
                let part = nearest("data-part").and_then(|(_, word)| part_of(picture, index, &word));
                Grip::Card { index, part, card, arrows: touching(&svg, picture, index), over: None }
            }
            None => Grip::World {
                world: browser::find(&svg, "#world").into_iter().next(),
                pressed: nearest("data-arrow")
                    .and_then(|(_, id)| picture.arrows.iter().find(|arrow| arrow_id(arrow) == id))
                    .map(|arrow| Selection::Arrow(ArrowId::of(arrow)))
                    .or_else(|| nearest("data-region").map(|(_, network)| Selection::Network(network.into())))
                    .unwrap_or_default(),
            },
        };
        Gesture { svg, camera, start: (event.client_x(), event.client_y()), moved: false, grip }
    }

    /// Returns the cluster that an arrow is being drawn from.
    pub(super) fn link(&self) -> Option<usize> {
        match self.grip {
            Grip::Link { from } => Some(from),
            Grip::Card { .. } | Grip::World { .. } => None,
        }
    }

    fn way(&self, event: &PointerEvent) -> (i32, i32) {
        (event.client_x() - self.start.0, event.client_y() - self.start.1)
    }

    fn under(&self, event: &PointerEvent) -> Point {
        self.camera.place(browser::inside(&self.svg, event.client_x(), event.client_y()))
    }

    /// Follows the pointer.
    pub(super) fn go_on(&mut self, event: &PointerEvent, picture: &Picture) {
        let (dx, dy) = self.way(event);
        if !self.moved && dx.abs() < SLACK && dy.abs() < SLACK {
            return;
        }
        self.moved = true;
        let by = self.camera.distance(dx, dy);
        let under = self.under(event);
        match &mut self.grip {
            Grip::Card { index, card, arrows, over, .. } => {
                let Some(shown) = picture.cards.get(*index) else { return };
                browser::set(card, "transform", &at(shown.rect.x + by.x, shown.rect.y + by.y));
                browser::mark(card, "moving", true);
                if !arrows.is_empty() {
                    let moved = picture.arrows_with(*index, by);
                    for ends in arrows {
                        ends.write(&moved[ends.arrow]);
                    }
                }
                let target = picture.region_at(under).map(|region| region.network.clone());
                if *over != target {
                    mark_target(&self.svg, target.as_ref());
                    *over = target;
                }
            }
            Grip::Link { .. } => {}
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
            Grip::Card { index, card, arrows, .. } => {
                if let Some(shown) = picture.cards.get(*index) {
                    browser::set(card, "transform", &at(shown.rect.x, shown.rect.y));
                }
                browser::mark(card, "moving", false);
                for ends in arrows {
                    if let Some(arrow) = picture.arrows.get(ends.arrow) {
                        ends.write(arrow);
                    }
                }
                mark_target(&self.svg, None);
            }
            Grip::Link { .. } => {}
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
            (Grip::Card { index, .. }, Some(from)) if !self.moved => Outcome::Send(Command::Join(from, *index)),
            (Grip::World { .. }, Some(_)) if !self.moved => Outcome::Send(Command::LetGo),
            (grip, _) => self.let_loose(grip, event, editor),
        }
    }

    fn let_loose(&self, grip: &Grip, event: &PointerEvent, editor: &Editor) -> Outcome {
        let (dx, dy) = self.way(event);
        match grip {
            Grip::Link { .. } => Outcome::Nothing,
            Grip::Card { index, part, .. } if !self.moved => Outcome::Send(Command::Select(
                part.map_or(Selection::Cluster(*index), |part| Selection::Part(*index, part)),
            )),
            Grip::World { pressed, .. } if !self.moved => Outcome::Send(Command::Select(pressed.clone())),
            Grip::World { .. } => Outcome::Look(self.camera.panned(f64::from(dx), f64::from(dy))),
            Grip::Card { index, .. } => {
                self.dropped(*index, event, editor).map_or(Outcome::Nothing, |edit| Outcome::Send(Command::Edit(edit)))
            }
        }
    }

    /// Says what dropping a cluster does: another network, another place in its own, or nothing.
    fn dropped(&self, index: usize, event: &PointerEvent, editor: &Editor) -> Option<Edit> {
        let picture = &editor.picture;
        let network = &picture.region_at(self.under(event))?.network;
        if editor.drawing.cluster(index)?.network.as_ref() != Some(network) {
            return Some(Edit::MoveCluster(index, network.clone()));
        }
        let (dx, dy) = self.way(event);
        let by = self.camera.distance(dx, dy);
        let rect = picture.cards.get(index)?.rect;
        Some(Edit::PlaceCluster(index, picture.place_in(network, Point { x: rect.x + by.x, y: rect.y + by.y })?))
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

fn touching(svg: &Element, picture: &Picture, index: usize) -> Vec<Ends> {
    let ends = |(arrow, drawn): (usize, &Arrow)| {
        let id = arrow_id(drawn);
        Ends {
            arrow,
            paths: browser::find(svg, &format!("[data-arrow='{id}'] path")),
            label: browser::find(svg, &format!("[data-label='{id}']")).into_iter().next(),
        }
    };
    let all = picture.arrows.iter().map(std::rc::Rc::as_ref).enumerate();
    all.filter(|(_, arrow)| arrow.from == index || arrow.to == index).map(ends).collect()
}

fn mark_target(svg: &Element, target: Option<&NetworkName>) {
    for region in browser::find(svg, "[data-region]") {
        let name = browser::nearest(&region, "data-region").map(|(_, name)| name);
        browser::mark(&region, "target", target.is_some_and(|target| name.as_deref() == Some(target.as_str())));
    }
}

fn part_of(picture: &Picture, index: usize, word: &str) -> Option<PartKind> {
    picture.cards.get(index)?.parts.iter().map(|part| part.kind).find(|kind| part_id(*kind) == word)
}
