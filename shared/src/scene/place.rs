//! Where boxes stand: those of a network in its region, those of none above all regions.

use super::{
    CLUSTER_GAP, CLUSTER_WIDTH, COLUMN_GAP, ClusterBox, MARGIN, REGION_GAP, REGION_PADDING, REGION_TITLE, REGION_WIDTH,
    Rect, Region,
};
use crate::layout::{Layout, Point};
use crate::name::NetworkName;
use crate::topology::Topology;

/// The farthest that a box is put by hand.
const PLACE_MAX: i32 = 100_000;

/// Places every box: externals in a row above, members in their network's column; returns the regions.
pub(super) fn place(topology: &Topology, layout: &Layout, clusters: &mut [ClusterBox]) -> Vec<Region> {
    let mut networks: Vec<NetworkName> = layout.networks.clone();
    for network in topology.networks() {
        if !networks.contains(network) {
            networks.push(network.clone());
        }
    }
    let mut top = MARGIN;
    let mut x = MARGIN + REGION_PADDING;
    for (cluster, _) in clusters.iter_mut().zip(&topology.clusters).filter(|(_, drawn)| drawn.network.is_none()) {
        put(cluster, layout, Point { x: MARGIN, y: MARGIN }, Point { x: x - MARGIN, y: 0 });
        x += CLUSTER_WIDTH + REGION_GAP;
        top = top.max(cluster.rect.bottom() + CLUSTER_GAP);
    }
    let mut regions = Vec::new();
    let mut left = MARGIN;
    let alone = networks.len() == 1;
    for (i, network) in networks.into_iter().enumerate() {
        let mut rect = Rect { x: left, y: top, width: REGION_WIDTH, height: REGION_TITLE + REGION_PADDING };
        let members = topology.clusters.iter().filter(|cluster| cluster.network.as_ref() == Some(&network)).count();
        let columns = columns(members, alone);
        let origin = Point { x: left + REGION_PADDING, y: top + REGION_TITLE };
        let mut slot = Point::default();
        let mut row_height = 0;
        let mut count = 0;
        for (cluster, drawn) in clusters.iter_mut().zip(&topology.clusters) {
            if drawn.network.as_ref() == Some(&network) {
                cluster.region = Some(i);
                put(cluster, layout, origin, slot);
                rect = around(rect, cluster.rect);
                row_height = row_height.max(cluster.rect.height);
                count += 1;
                slot.x += CLUSTER_WIDTH + COLUMN_GAP;
                if count % columns == 0 {
                    slot = Point { x: 0, y: slot.y + row_height + CLUSTER_GAP };
                    row_height = 0;
                }
            }
        }
        if count == 0 {
            rect.height = REGION_TITLE + 160;
        }
        left = rect.right() + REGION_GAP;
        regions.push(Region { network, rect, clusters: count });
    }
    let tallest = regions.iter().map(|region| region.rect.height).max().unwrap_or(0);
    for region in &mut regions {
        region.rect.height = tallest;
    }
    regions
}

/// Returns how many boxes stand beside each other: a lone network lies, networks beside each other stand.
fn columns(members: usize, alone: bool) -> usize {
    let side = |n: usize| (1..=n).find(|side| side * side >= n).unwrap_or(1);
    match (alone, members) {
        (true, 0..=3) => members.max(1),
        (true, _) => side(members),
        (false, 0..=4) => 1,
        (false, _) => side(members / 2),
    }
}

/// Moves a box, parts and all, to where it was put by hand in its network or else to where the rule has it.
fn put(cluster: &mut ClusterBox, layout: &Layout, origin: Point, rule: Point) {
    let Point { x, y } = layout.clusters.get(&cluster.name).copied().unwrap_or(rule);
    let (x, y) = (origin.x.saturating_add(x.clamp(0, PLACE_MAX)), origin.y.saturating_add(y.clamp(0, PLACE_MAX)));
    cluster.rect.x = x;
    cluster.rect.y = y;
    for part in &mut cluster.parts {
        part.rect.x += x;
        part.rect.y += y;
    }
}

/// Grows a region so that a box is inside with space around it.
fn around(region: Rect, inner: Rect) -> Rect {
    region.with(Rect {
        x: inner.x - REGION_PADDING,
        y: inner.y - REGION_TITLE,
        width: inner.width + 2 * REGION_PADDING,
        height: inner.height + REGION_TITLE + REGION_PADDING,
    })
}
