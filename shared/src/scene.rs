//! The picture of a topology, right or wrong: regions, boxes, parts and arrows, as plain geometry in whole numbers.
//!
//! Networks are columns, clusters are stacked in them, control planes above gateways above workloads, so that most arrows run level
//! and none crosses a box. The planner draws it, and [`svg`] writes it for the bundle.

mod arrows;
mod place;
mod svg;

use crate::layout::{Layout, Point};
use crate::name::{ClusterName, NetworkName};
use crate::topology::{API_SERVER_PORT, Cluster, GatewayApi, GatewayKind, Role, Topology};

pub use svg::svg;

/// The width of a cluster's box.
pub const CLUSTER_WIDTH: i32 = 272;
/// The space around what a region holds.
pub const REGION_PADDING: i32 = 24;
/// The height of a region's title.
pub const REGION_TITLE: i32 = 48;
/// The space between two regions, wide enough for the words on an arrow.
pub const REGION_GAP: i32 = 96;
/// The space between two clusters of a region that stand above one another.
pub const CLUSTER_GAP: i32 = 56;
/// The space between two clusters of a region that stand side by side, wide enough for the words on an arrow.
pub const COLUMN_GAP: i32 = 144;
/// The space around the whole picture.
pub const MARGIN: i32 = 40;
/// The width of a region.
pub const REGION_WIDTH: i32 = CLUSTER_WIDTH + 2 * REGION_PADDING;

const PART_X: i32 = 20;
const PART_WIDTH: i32 = CLUSTER_WIDTH - 2 * PART_X;
const HEAD: i32 = 76;
const PART_HEIGHT: i32 = 64;
const PART_GAP: i32 = 40;
const SMALL_HEIGHT: i32 = 56;

/// The whole picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Its width.
    pub width: i32,
    /// Its height.
    pub height: i32,
    /// The networks.
    pub regions: Vec<Region>,
    /// The clusters, in drawing order.
    pub clusters: Vec<ClusterBox>,
    /// Who serves, reads and calls whom.
    pub arrows: Vec<Arrow>,
}

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Rect {
    /// Returns the right edge.
    pub fn right(&self) -> i32 {
        self.x + self.width
    }

    /// Returns the lower edge.
    pub fn bottom(&self) -> i32 {
        self.y + self.height
    }

    /// Returns the middle, from above.
    pub fn middle(&self) -> i32 {
        self.y + self.height / 2
    }

    /// Says whether two rectangles have a part in common.
    pub fn meets(&self, other: Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Returns the smallest rectangle that holds both.
    #[must_use]
    pub fn with(self, other: Rect) -> Rect {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Rect { x, y, width: self.right().max(other.right()) - x, height: self.bottom().max(other.bottom()) - y }
    }

    /// Says whether a point is inside.
    pub fn contains(&self, point: Point) -> bool {
        (self.x..self.right()).contains(&point.x) && (self.y..self.bottom()).contains(&point.y)
    }
}

/// A network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its name.
    pub network: NetworkName,
    /// Where it is.
    pub rect: Rect,
    /// How many clusters are on it.
    pub clusters: usize,
}

/// A cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterBox {
    /// Its name.
    pub name: ClusterName,
    /// Its place in the drawing, counted from 0.
    pub index: usize,
    /// The word for its role.
    pub role: &'static str,
    /// The kubeconfig context.
    pub context: String,
    /// The place of its region in the picture, for a member.
    pub region: Option<usize>,
    /// Where it is.
    pub rect: Rect,
    /// What is in it.
    pub parts: Vec<Part>,
}

/// Something in a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Where it is.
    pub rect: Rect,
    /// A second line: ports, version, place.
    pub note: String,
    /// Whether the rules imply it, rather than the architect drawing it.
    pub implied: bool,
}

/// What a part of a cluster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A control plane.
    Istiod,
    /// The webhook that asks a control plane elsewhere.
    Webhook,
    /// The gateway between networks.
    EastWest,
    /// A gateway into the mesh.
    Ingress,
    /// A gateway out of the mesh.
    Egress,
    /// The gateway in front of an external control plane.
    ControlPlaneGateway,
    /// The sample application.
    Sample,
    /// The client that calls it.
    Client,
}

impl ClusterBox {
    /// Returns the box moved, parts and all.
    #[must_use]
    pub fn moved(&self, by: Point) -> ClusterBox {
        let mut moved = self.clone();
        for rect in std::iter::once(&mut moved.rect).chain(moved.parts.iter_mut().map(|part| &mut part.rect)) {
            rect.x += by.x;
            rect.y += by.y;
        }
        moved
    }

    /// Returns the part of that kind, where the cluster has it.
    pub fn part(&self, kind: PartKind) -> Option<&Part> {
        self.parts.iter().find(|part| part.kind == kind)
    }
}

/// An arrow between two clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrow {
    /// What it says.
    pub kind: ArrowKind,
    /// The place of the cluster it begins at.
    pub from: usize,
    /// The place of the cluster it ends at.
    pub to: usize,
    /// The path, as SVG path data.
    pub path: String,
    /// The middle of its label.
    pub label: Point,
}

impl Arrow {
    /// Returns the arrow as it runs between these boxes; a picture has them by their places in the drawing.
    #[must_use]
    pub fn rerouted(&self, clusters: &[ClusterBox]) -> Arrow {
        arrows::arrow(clusters, self.kind, self.from, self.to)
    }
}

/// What an arrow says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArrowKind {
    /// From a cluster to the one whose control plane serves it.
    ServedBy,
    /// From an external control plane to the remote whose API server holds its configuration.
    Config,
    /// From an istiod to the API server it reads.
    Reads,
    /// Traffic of the mesh, both ways.
    Traffic,
}

impl Scene {
    /// Lays a topology out; clusters that were moved by hand stay where they were put.
    pub fn new(topology: &Topology, layout: &Layout) -> Scene {
        let mut clusters: Vec<ClusterBox> = topology
            .clusters
            .iter()
            .enumerate()
            .map(|(index, cluster)| cluster_box(topology, index, cluster))
            .collect();
        let regions = place::place(topology, layout, &mut clusters);
        let arrows = arrows::arrows(topology, &clusters);
        let edge = |end: fn(&Rect) -> i32| {
            let rects = regions.iter().map(|region| &region.rect).chain(clusters.iter().map(|cluster| &cluster.rect));
            rects.map(end).max().unwrap_or(0) + MARGIN
        };
        Scene { width: edge(Rect::right), height: edge(Rect::bottom), regions, clusters, arrows }
    }
}

/// Makes the box of a cluster, at the origin.
fn cluster_box(topology: &Topology, index: usize, cluster: &Cluster) -> ClusterBox {
    let mut parts = Vec::new();
    let mut y = HEAD;
    let mut add = |kind, note: String, implied| {
        parts.push(Part { kind, rect: Rect { x: PART_X, y, width: PART_WIDTH, height: PART_HEIGHT }, note, implied });
        y += PART_HEIGHT + PART_GAP;
    };
    let version = &topology.istio.version;
    match &cluster.role {
        Role::Primary { .. } => add(PartKind::Istiod, format!("{version} · istio-system"), false),
        Role::External { namespace, .. } => add(PartKind::Istiod, format!("{version} · {namespace}"), false),
        Role::Remote { control_plane } => add(PartKind::Webhook, format!("{control_plane}:15017"), true),
    }
    y += north_south(topology, cluster, y, &mut parts);
    let mut add = |kind, note: String, implied| {
        parts.push(Part { kind, rect: Rect { x: PART_X, y, width: PART_WIDTH, height: PART_HEIGHT }, note, implied });
        y += PART_HEIGHT + PART_GAP;
    };
    let serves = topology.serves_others(cluster);
    let external = matches!(cluster.role, Role::External { .. });
    let leads_to_api_server = cluster.api_server_by_gateway() && !external;
    if serves || leads_to_api_server || (topology.spans_networks() && !external) {
        let mut open = Vec::new();
        if topology.spans_networks() && !external {
            open.push(cluster.east_west.port.to_string());
        }
        if serves {
            open.extend(["15012".to_owned(), "15017".to_owned()]);
        }
        if leads_to_api_server {
            open.push(API_SERVER_PORT.to_string());
        }
        let kind = if external { PartKind::ControlPlaneGateway } else { PartKind::EastWest };
        add(kind, open.join(" · "), cluster.east_west.expose.is_none());
    }
    if topology.sample && !external {
        let member =
            topology.clusters[..=index].iter().filter(|cluster| !matches!(cluster.role, Role::External { .. })).count();
        let pair = [(PartKind::Sample, format!("v{member}")), (PartKind::Client, String::new())];
        y += small(pair.into(), y, &mut parts);
    }
    let height = y - PART_GAP + PART_X;
    ClusterBox {
        name: cluster.name.clone(),
        index,
        role: cluster.role.word(),
        context: cluster.context().to_owned(),
        region: None,
        rect: Rect { x: 0, y: 0, width: CLUSTER_WIDTH, height },
        parts,
    }
}

/// Adds the gateways that are drawn in a cluster, one of each kind; returns the height that takes.
fn north_south(topology: &Topology, cluster: &Cluster, y: i32, parts: &mut Vec<Part>) -> i32 {
    let drawn = |kind: GatewayKind| {
        let gateway =
            topology.gateways.iter().find(|gateway| gateway.cluster == cluster.name && gateway.kind == kind)?;
        let part = match kind {
            GatewayKind::Ingress => PartKind::Ingress,
            GatewayKind::Egress => PartKind::Egress,
        };
        let note = match gateway.api {
            GatewayApi::Istio => "Istio",
            GatewayApi::GatewayApi => "Gateway API",
        };
        Some((part, note.to_owned()))
    };
    small([GatewayKind::Ingress, GatewayKind::Egress].into_iter().filter_map(drawn).collect(), y, parts)
}

/// Adds small parts side by side; returns the height they take.
fn small(row: Vec<(PartKind, String)>, y: i32, parts: &mut Vec<Part>) -> i32 {
    const GAP: i32 = 16;
    if row.is_empty() {
        return 0;
    }
    let width = if row.len() == 1 { PART_WIDTH } else { (PART_WIDTH - GAP) / 2 };
    let mut x = PART_X;
    for (kind, note) in row {
        parts.push(Part { kind, rect: Rect { x, y, width, height: SMALL_HEIGHT }, note, implied: false });
        x += width + GAP;
    }
    SMALL_HEIGHT + PART_GAP
}
