//! The picture of the drawing, cut into pieces that are shared and compared one by one, so that only what changed is drawn anew.

use std::rc::Rc;

use shared::layout::Point;
use shared::scene::{Arrow, ClusterBox, MARGIN, REGION_PADDING, REGION_TITLE, Rect, Region, Scene};

use crate::drawing::Drawing;
use crate::selection::ArrowId;

mod words;

pub(crate) use words::{fitted, width};

/// All that stands on the canvas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Networks, by column.
    pub(crate) regions: Vec<Rc<Region>>,
    /// Clusters, in drawing order.
    pub(crate) cards: Vec<Rc<ClusterBox>>,
    /// Who serves, reads and calls whom.
    pub(crate) arrows: Vec<Rc<Arrow>>,
    /// What all of it takes up.
    pub(crate) bounds: Rect,
}

impl Picture {
    /// Takes the picture of a drawing.
    pub(crate) fn new(drawing: &Drawing) -> Self {
        let Scene { width, height, regions, clusters, arrows } = Scene::new(&drawing.topology, &drawing.layout);
        Picture {
            regions: regions.into_iter().map(Rc::new).collect(),
            cards: clusters.into_iter().map(Rc::new).collect(),
            arrows: arrows.into_iter().map(Rc::new).collect(),
            bounds: Rect { x: MARGIN, y: MARGIN, width: width - 2 * MARGIN, height: height - 2 * MARGIN },
        }
    }

    /// Returns the region under a point.
    pub(crate) fn region_at(&self, point: Point) -> Option<&Region> {
        self.regions.iter().map(Rc::as_ref).find(|region| region.rect.contains(point))
    }

    /// Returns where in its network, or above all networks, a cluster would stand if its box were moved by so much.
    pub(crate) fn place_of(&self, index: usize, by: Point) -> Option<Point> {
        let card = self.cards.get(index)?;
        let origin = match card.region.and_then(|at| self.regions.get(at)) {
            Some(region) => Point { x: region.rect.x + REGION_PADDING, y: region.rect.y + REGION_TITLE },
            None => Point { x: MARGIN, y: MARGIN },
        };
        Some(Point { x: (card.rect.x + by.x - origin.x).max(0), y: (card.rect.y + by.y - origin.y).max(0) })
    }

    /// Returns an arrow that a picture of so many clusters leaves out, where both its ends are there.
    pub(crate) fn left_out(&self, id: ArrowId) -> Option<Rc<Arrow>> {
        let there = self.arrows.iter().any(|arrow| ArrowId::of(arrow) == id);
        if there || id.from == id.to || id.from.max(id.to) >= self.cards.len() {
            return None;
        }
        let cards: Vec<ClusterBox> = self.cards.iter().map(|card| ClusterBox::clone(card)).collect();
        Some(Rc::new(id.between(&cards)))
    }
}
