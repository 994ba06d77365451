//! Arrows: level where two clusters stand side by side, round the outside where one stands above the other.

use super::{Arrow, ArrowKind, ClusterBox, PartKind, Rect};
use crate::layout::Point;
use crate::name::ClusterName;
use crate::sorted;
use crate::topology::{Cluster, Role, Topology};

/// Beyond this many clusters who reads whom is a matrix, not a picture.
const READS_MAX: usize = 6;

/// How far an arrow round the outside keeps from the boxes, within the padding of their region.
const GUTTER: i32 = 14;
/// The radius of its corners.
const TURN: i32 = 10;

/// Draws every arrow of a topology.
pub(super) fn arrows(topology: &Topology, clusters: &[ClusterBox]) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    let find = |name: &ClusterName| topology.clusters.iter().position(|cluster| cluster.name == *name);
    for (from, cluster) in topology.clusters.iter().enumerate() {
        if let Role::Remote { control_plane } = &cluster.role
            && let Some(to) = find(control_plane).filter(|&to| to != from)
        {
            arrows.push(arrow(clusters, ArrowKind::ServedBy, from, to));
        }
        if let Role::External { config, .. } = &cluster.role
            && let Some(to) = find(config).filter(|&to| to != from)
        {
            arrows.push(arrow(clusters, ArrowKind::Config, from, to));
        }
    }
    let runs_istiod = |role: &Role| !matches!(role, Role::Remote { .. });
    let is_member = |role: &Role| !matches!(role, Role::External { .. });
    if clusters.len() <= READS_MAX {
        for (from, istiod) in topology.clusters.iter().enumerate().filter(|(_, cluster)| runs_istiod(&cluster.role)) {
            // Where it keeps its configuration is drawn already, and says that it reads there.
            let keeps = |at: &Cluster| matches!(&istiod.role, Role::External { config, .. } if *config == at.name);
            let others = topology.clusters.iter().enumerate().filter(|&(to, _)| to != from);
            for (to, _) in others.filter(|(_, other)| is_member(&other.role) && !keeps(other)) {
                arrows.push(arrow(clusters, ArrowKind::Reads, from, to));
            }
        }
    }
    if topology.spans_networks() {
        traffic(topology, clusters, &mut arrows);
    }
    arrows
}

/// Draws traffic between the first clusters of neighbouring networks: it stands for all of them.
fn traffic(topology: &Topology, clusters: &[ClusterBox], arrows: &mut Vec<Arrow>) {
    let mut firsts: Vec<usize> = Vec::new();
    for (i, cluster) in clusters.iter().enumerate() {
        let is_first =
            cluster.region.is_some() && !firsts.iter().any(|&first| clusters[first].region == cluster.region);
        if is_first && topology.clusters[i].network.is_some() {
            firsts.push(i);
        }
    }
    sorted::by(&mut firsts, |&i| clusters[i].region);
    for pair in firsts.windows(2) {
        arrows.push(arrow(clusters, ArrowKind::Traffic, pair[0], pair[1]));
    }
}

/// Finds the course of one arrow.
pub(super) fn arrow(clusters: &[ClusterBox], kind: ArrowKind, from: usize, to: usize) -> Arrow {
    let (a, b) = (&clusters[from], &clusters[to]);
    let start = anchor(a, kind, true);
    let end = anchor(b, kind, false);
    // Arrows of a pair that go both ways keep apart: the one there runs higher, the one back lower.
    let shift = match kind {
        ArrowKind::Reads | ArrowKind::Config if from < to => -22,
        ArrowKind::Reads | ArrowKind::Config => 22,
        ArrowKind::ServedBy | ArrowKind::Traffic => 0,
    };
    let y = start.middle() + shift;
    // What is read is the whole cluster, so the arrow runs level into it wherever it can.
    let target = if matches!(kind, ArrowKind::Reads | ArrowKind::Config) {
        y.clamp(b.rect.y + 24, b.rect.bottom() - 24)
    } else {
        end.middle()
    };
    let beside = a.rect.right() <= b.rect.x || b.rect.right() <= a.rect.x;
    let in_the_way = |other: &&ClusterBox| {
        let rect = other.rect;
        let (left, right) = (a.rect.right().min(b.rect.right()), a.rect.x.max(b.rect.x));
        let (top, bottom) = (y.min(target), y.max(target));
        rect.x < right && left < rect.right() && rect.y <= bottom && top <= rect.bottom()
    };
    let (path, label) = if beside && clusters.iter().any(|other| in_the_way(&other)) {
        let tops = clusters.iter().filter(in_the_way).map(|other| other.rect.y);
        over(a.rect, b.rect, tops.fold(a.rect.y.min(b.rect.y), i32::min))
    } else if a.rect.right() <= b.rect.x {
        level((start.right(), y), (end.x, target), (a.rect.right(), b.rect.x))
    } else if b.rect.right() <= a.rect.x {
        level((start.x, y), (end.right(), target), (b.rect.right(), a.rect.x))
    } else {
        around((a.rect, start, y), b.rect)
    };
    Arrow { kind, from, to, path, label }
}

/// Where an arrow is tied to a cluster.
fn anchor(cluster: &ClusterBox, kind: ArrowKind, start: bool) -> Rect {
    let wanted = match (kind, start) {
        (ArrowKind::Traffic, _) => PartKind::EastWest,
        (ArrowKind::Reads | ArrowKind::Config, true) | (ArrowKind::ServedBy, false) => PartKind::Istiod,
        (ArrowKind::ServedBy, true) => PartKind::Webhook,
        // What is read is the API server: the cluster itself.
        (ArrowKind::Reads | ArrowKind::Config, false) => return cluster.rect,
    };
    cluster.parts.iter().find(|part| part.kind == wanted).map_or(cluster.rect, |part| part.rect)
}

/// Leads across the gap between two boxes; the words stand in the middle of it, so those of several arrows stand below each other.
fn level((x1, y1): (i32, i32), (x2, y2): (i32, i32), gap: (i32, i32)) -> (String, Point) {
    let bend = (x2 - x1) / 2;
    let path = if y1 == y2 {
        format!("M{x1} {y1}H{x2}")
    } else {
        format!("M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}", x1 + bend, x2 - bend)
    };
    (path, Point { x: i32::midpoint(gap.0, gap.1), y: i32::midpoint(y1, y2) })
}

/// Leads over the boxes that stand between two others; there and back keep apart.
fn over(a: Rect, b: Rect, top: i32) -> (String, Point) {
    let there = a.x < b.x;
    let (sign, y) = if there { (TURN, top - 10) } else { (-TURN, top - 18) };
    let (x1, x2) = if there { (a.right() - 36, b.x + 36) } else { (a.x + 60, b.right() - 60) };
    let path = format!(
        "M{x1} {}V{}Q{x1} {y} {} {y}H{}Q{x2} {y} {x2} {}V{}",
        a.y,
        y + TURN,
        x1 + sign,
        x2 - sign,
        y + TURN,
        b.y
    );
    // The words of the two ways stand beside each other.
    (path, Point { x: i32::midpoint(x1, x2) - sign * 6, y })
}

/// Leads round the right of two boxes on the way down, and round their left on the way up; words stand in the space between.
fn around((a, start, y1): (Rect, Rect, i32), b: Rect) -> (String, Point) {
    let up = b.y < a.y;
    let y2 = if up { b.y + 40 } else { b.y + 24 };
    let (sign, x1, x2) = if up { (-1, start.x, b.x) } else { (1, start.right(), b.right()) };
    let out = if up { a.x.min(b.x) - GUTTER } else { a.right().max(b.right()) + GUTTER };
    let (side, step) = (sign * TURN, if y2 >= y1 { TURN } else { -TURN });
    let path = format!(
        "M{x1} {y1}H{}Q{out} {y1} {out} {}V{}Q{out} {y2} {} {y2}H{x2}",
        out - side,
        y1 + step,
        y2 - step,
        out - side
    );
    let between = if up { i32::midpoint(b.bottom(), a.y) } else { i32::midpoint(a.bottom(), b.y) };
    (path, Point { x: out - sign * 48, y: between })
}
