//! What is selected: the mesh, a network, a cluster or several, a part of one, an arrow.

use shared::layout::Point;
use shared::name::NetworkName;
use shared::scene::{Arrow, ArrowKind, ClusterBox, PartKind};

/// What is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Selection {
    /// The mesh as a whole.
    #[default]
    Mesh,
    /// A network.
    Network(NetworkName),
    /// A cluster, by its place in the drawing: its name may be the trouble.
    Cluster(usize),
    /// A part of a cluster.
    Part(usize, PartKind),
    /// An arrow between two clusters.
    Arrow(ArrowId),
    /// Several clusters, in the order in which they were picked.
    Many(Vec<usize>),
}

impl Selection {
    /// Selects clusters, as many as there are.
    pub(crate) fn of(clusters: Vec<usize>) -> Self {
        match clusters[..] {
            [] => Selection::Mesh,
            [one] => Selection::Cluster(one),
            _ => Selection::Many(clusters),
        }
    }

    /// Returns the one cluster it is about.
    pub(crate) fn cluster(&self) -> Option<usize> {
        match self {
            Selection::Cluster(index) | Selection::Part(index, _) => Some(*index),
            Selection::Mesh | Selection::Network(_) | Selection::Arrow(_) | Selection::Many(_) => None,
        }
    }

    /// Returns the clusters it is about, one or several.
    pub(crate) fn clusters(&self) -> &[usize] {
        match self {
            Selection::Cluster(index) | Selection::Part(index, _) => std::slice::from_ref(index),
            Selection::Many(all) => all,
            Selection::Mesh | Selection::Network(_) | Selection::Arrow(_) => &[],
        }
    }

    /// Returns what of a cluster is selected, if anything.
    pub(crate) fn at(&self, index: usize) -> Option<Selection> {
        match self {
            Selection::Many(all) if all.contains(&index) => Some(Selection::Cluster(index)),
            one if one.cluster() == Some(index) => Some(one.clone()),
            _ => None,
        }
    }

    /// Returns the selection with a cluster added, or taken out.
    pub(crate) fn toggled(&self, index: usize) -> Self {
        let mut all = self.clusters().to_vec();
        match all.iter().position(|one| *one == index) {
            Some(at) => drop(all.remove(at)),
            None => all.push(index),
        }
        Selection::of(all)
    }
}

/// Which arrow is meant: what it says, and the places of its two clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ArrowId {
    /// What it says.
    pub(crate) kind: ArrowKind,
    /// Where it begins.
    pub(crate) from: usize,
    /// Where it ends.
    pub(crate) to: usize,
}

impl ArrowId {
    /// Returns which arrow this is.
    pub(crate) fn of(arrow: &Arrow) -> Self {
        ArrowId { kind: arrow.kind, from: arrow.from, to: arrow.to }
    }

    /// Draws it between boxes.
    pub(crate) fn between(self, cards: &[ClusterBox]) -> Arrow {
        let ArrowId { kind, from, to } = self;
        Arrow { kind, from, to, path: String::new(), label: Point { x: 0, y: 0 } }.rerouted(cards)
    }

    /// Says whether the architect drew it: the others follow from the rules.
    pub(crate) fn is_drawn(self) -> bool {
        matches!(self.kind, ArrowKind::ServedBy | ArrowKind::Config)
    }
}
