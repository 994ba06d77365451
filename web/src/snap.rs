//! Where a dragged box comes to stand: in line with the others, as far from its neighbours as they are from theirs, or on the grid of 8.

use shared::layout::Point;
use shared::scene::Rect;

/// The width of the grid.
pub(crate) const GRID: i32 = 8;
/// How near a box comes before it is drawn into line.
const NEAR: i32 = 6;

/// Where a box comes to stand, and the lines that say why.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Snapped {
    /// How far it was moved.
    pub(crate) by: Point,
    /// The lines, from point to point.
    pub(crate) lines: Vec<(Point, Point)>,
}

/// Draws a box that was moved so far into line with others.
pub(crate) fn snap(held: Rect, by: Point, others: &[Rect]) -> Snapped {
    let moved = Rect { x: held.x + by.x, y: held.y + by.y, ..held };
    let mut lines = Vec::new();
    // Down is across with the axes exchanged.
    let x = axis(moved, others, false, &mut lines);
    let y = axis(Rect { x, ..moved }, others, true, &mut lines);
    Snapped { by: Point { x: x - held.x, y: y - held.y }, lines }
}

/// Puts a place on the grid.
pub(crate) fn on_grid(place: i32) -> i32 {
    place.saturating_add(GRID / 2).div_euclid(GRID) * GRID
}

/// A stretch along one axis, and the one across it.
#[derive(Clone, Copy)]
struct Span {
    start: i32,
    end: i32,
    top: i32,
    bottom: i32,
}

fn span(rect: Rect, down: bool) -> Span {
    let (across, along) = ((rect.x, rect.right()), (rect.y, rect.bottom()));
    let ((start, end), (top, bottom)) = if down { (along, across) } else { (across, along) };
    Span { start, end, top, bottom }
}

/// Returns where the box begins on one axis.
fn axis(moved: Rect, others: &[Rect], down: bool, lines: &mut Vec<(Point, Point)>) -> i32 {
    let here = span(moved, down);
    let point =
        |along: i32, across: i32| if down { Point { x: across, y: along } } else { Point { x: along, y: across } };
    let size = here.end - here.start;
    let mut best: Option<(i32, (Point, Point))> = None;
    let mut offer = |to: i32, line: &dyn Fn() -> (Point, Point)| {
        let off = to - here.start;
        if off.abs() <= NEAR && best.is_none_or(|(other, _)| off.abs() < other.abs()) {
            best = Some((off, line()));
        }
    };
    let others: Vec<Span> = others.iter().map(|&rect| span(rect, down)).collect();
    for other in &others {
        let middle = i32::midpoint(other.start, other.end);
        // Each place where the box could begin, and the line that it would then stand on.
        for (to, line) in [(other.start, other.start), (other.end - size, other.end), (middle - size / 2, middle)] {
            offer(to, &|| (point(line, here.top.min(other.top)), point(line, here.bottom.max(other.bottom))));
        }
    }
    // Those beside it, in a row: it may stand between two of them, or go on as they do.
    let mut row: Vec<Span> =
        others.into_iter().filter(|other| other.top < here.bottom && here.top < other.bottom).collect();
    shared::sorted::by(&mut row, |other| other.start);
    for pair in row.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let gap = b.start - a.end;
        let (from, to) = (here.top.max(a.top.max(b.top)), here.bottom.min(a.bottom.min(b.bottom)));
        let across = i32::midpoint(from, to);
        if gap > 0 {
            offer(b.end + gap, &|| (point(a.end, across), point(b.end + gap, across)));
            offer(a.start - gap - size, &|| (point(a.start - gap, across), point(b.start, across)));
        }
        if gap > size {
            offer(a.end + (gap - size) / 2, &|| (point(a.end, across), point(b.start, across)));
        }
    }
    match best {
        Some((off, line)) => {
            lines.push(line);
            here.start + off
        }
        None => on_grid(here.start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rect(x: i32, y: i32) -> Rect {
        Rect { x, y, width: 100, height: 60 }
    }

    #[test]
    fn far_from_all_there_is_the_grid() {
        let snapped = snap(rect(0, 0), Point { x: 501, y: 298 }, &[rect(0, 700)]);
        assert_eq!(snapped, Snapped { by: Point { x: 504, y: 296 }, lines: Vec::new() });
        assert_eq!(snap(rect(3, 3), Point::default(), &[]).by, Point { x: -3, y: -3 });
    }

    #[test]
    fn a_box_comes_into_line_with_another() {
        let other = [rect(300, 203)];
        let snapped = snap(rect(0, 0), Point { x: 297, y: 500 }, &other);
        assert_eq!(snapped.by.x, 300, "their left edges");
        assert_eq!(snapped.lines, [(Point { x: 300, y: 203 }, Point { x: 300, y: 560 })]);
        assert_eq!(snap(rect(0, 0), Point { x: 600, y: 206 }, &other).by.y, 203, "their tops");
        let small = Rect { width: 40, ..rect(0, 0) };
        assert_eq!(snap(small, Point { x: 362, y: 500 }, &other).by.x, 360, "their right edges");
        assert_eq!(snap(small, Point { x: 328, y: 500 }, &other).by.x, 330, "their middles");
    }

    #[test]
    fn gaps_come_to_be_equal() {
        let row = [rect(0, 0), rect(130, 0)];
        let snapped = snap(rect(0, 0), Point { x: 258, y: 3 }, &row);
        assert_eq!(snapped.by, Point { x: 260, y: 0 }, "on after the last");
        assert!(snapped.lines.contains(&(Point { x: 100, y: 31 }, Point { x: 260, y: 31 })), "{:?}", snapped.lines);
        assert_eq!(snap(rect(0, 0), Point { x: -133, y: 3 }, &row).by.x, -130, "before the first");
        let apart = [rect(0, 0), rect(350, 0)];
        assert_eq!(snap(rect(0, 0), Point { x: 178, y: 3 }, &apart).by.x, 175, "between two");
    }
}
