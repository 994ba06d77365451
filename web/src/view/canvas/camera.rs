//! From the canvas' own units to points of the screen.

use shared::layout::Point;
use shared::scene::Rect;

/// What part of the canvas is seen, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Camera {
    /// Where the canvas' origin is on the screen.
    pub(super) x: f64,
    /// Where the canvas' origin is on the screen.
    pub(super) y: f64,
    /// How large one unit is.
    pub(super) scale: f64,
}

/// The smallest and the largest scale.
const SCALES: (f64, f64) = (0.1, 3.0);
/// A small drawing fills a large screen, but not beyond what looks like a drawing.
const FIT_MAX: f64 = 1.4;
/// The room around the drawing when all of it is shown, and the room the legend takes at the foot.
const MARGIN: f64 = 32.0;
const LEGEND: f64 = 44.0;

impl Camera {
    /// Shows all of the drawing, a small one not blown up.
    pub(super) fn fitting(bounds: Rect, (width, height): (f64, f64)) -> Self {
        if bounds.width <= 0 || width <= 0.0 {
            return Camera { x: width / 2.0, y: height / 2.0, scale: 1.0 };
        }
        let (w, h) = (f64::from(bounds.width), f64::from(bounds.height));
        let room = (width - 2.0 * MARGIN, height - 2.0 * MARGIN - LEGEND);
        let scale = (room.0 / w).min(room.1 / h).clamp(SCALES.0, FIT_MAX);
        Camera {
            x: (width - w * scale) / 2.0 - f64::from(bounds.x) * scale,
            y: (height - LEGEND - h * scale) / 2.0 - f64::from(bounds.y) * scale,
            scale,
        }
    }

    /// Moves the picture on the screen.
    pub(super) fn panned(self, dx: f64, dy: f64) -> Self {
        Camera { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// Makes the picture larger around a point of the screen.
    pub(super) fn zoomed(self, factor: f64, (x, y): (f64, f64)) -> Self {
        let scale = (self.scale * factor).clamp(SCALES.0, SCALES.1);
        let factor = scale / self.scale;
        Camera { x: x - (x - self.x) * factor, y: y - (y - self.y) * factor, scale }
    }

    /// Returns the camera that shows a rectangle, unless this one does.
    pub(super) fn showing(self, rect: Rect, (width, height): (f64, f64)) -> Option<Self> {
        let left = self.x + f64::from(rect.x) * self.scale;
        let top = self.y + f64::from(rect.y) * self.scale;
        let (w, h) = (f64::from(rect.width) * self.scale, f64::from(rect.height) * self.scale);
        let seen = left >= 0.0 && top >= 0.0 && left + w <= width && top + h <= height;
        (!seen).then(|| self.panned((width - w) / 2.0 - left, (height - h) / 2.0 - top))
    }

    /// Returns a point of the screen as a place on the canvas.
    pub(super) fn place(self, (x, y): (f64, f64)) -> Point {
        Point { x: whole((x - self.x) / self.scale), y: whole((y - self.y) / self.scale) }
    }

    /// Returns a distance on the screen as one on the canvas.
    pub(super) fn distance(self, dx: i32, dy: i32) -> Point {
        Point { x: whole(f64::from(dx) / self.scale), y: whole(f64::from(dy) / self.scale) }
    }

    /// Returns the class of how much can be read: all of it, no small print, or names alone.
    pub(super) fn detail(self) -> Option<&'static str> {
        match self.scale {
            scale if scale < 0.3 => Some("far"),
            scale if scale < 0.55 => Some("less"),
            _ => None,
        }
    }

    /// Returns the part of the canvas that is seen.
    pub(super) fn seen(self, (width, height): (f64, f64)) -> Rect {
        let Point { x, y } = self.place((0.0, 0.0));
        let end = self.place((width, height));
        Rect { x, y, width: end.x - x, height: end.y - y }
    }

    /// Returns the camera that has a place of the canvas in the middle.
    pub(super) fn centred(self, place: Point, (width, height): (f64, f64)) -> Self {
        let (x, y) = (f64::from(place.x) * self.scale, f64::from(place.y) * self.scale);
        Camera { x: width / 2.0 - x, y: height / 2.0 - y, ..self }
    }

    /// Returns the attribute that shows the canvas so.
    pub(super) fn transform(self) -> String {
        // Whole points and thousandths: text of a fraction would bring all of float formatting along.
        let thousandths = whole(self.scale * 1000.0);
        format!(
            "translate({} {}) scale({}.{:03})",
            whole(self.x),
            whole(self.y),
            thousandths / 1000,
            thousandths % 1000
        )
    }

    /// Returns the scale for people.
    pub(super) fn percent(self) -> String {
        format!("{} %", whole(self.scale * 100.0))
    }
}

/// Rounds a coordinate; the canvas is far smaller than what fits.
pub(super) fn whole(value: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to the range before")]
    let whole = value.round().clamp(-1e8, 1e8) as i32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_the_drawing_is_shown_and_never_blown_up() {
        let bounds = Rect { x: 0, y: -100, width: 2000, height: 400 };
        let camera = Camera::fitting(bounds, (1000.0, 800.0));
        assert!(camera.scale < 0.5 && camera.showing(bounds, (1000.0, 800.0)).is_none());
        assert!(
            (Camera::fitting(Rect { width: 10, height: 10, ..bounds }, (1000.0, 800.0)).scale - FIT_MAX).abs()
                < f64::EPSILON
        );
        assert!(Camera::fitting(Rect::default(), (0.0, 0.0)).scale > 0.0);
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let camera = Camera { x: 10.0, y: 20.0, scale: 1.0 };
        let point = (210.0, 120.0);
        assert_eq!(camera.zoomed(2.0, point).place(point), camera.place(point));
        assert!((camera.zoomed(100.0, point).scale - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn what_is_selected_is_brought_into_view() {
        let camera = Camera { x: 0.0, y: 0.0, scale: 1.0 };
        let far = Rect { x: 5000, y: 0, width: 100, height: 100 };
        let moved = camera.showing(far, (800.0, 600.0)).unwrap();
        assert!(moved.showing(far, (800.0, 600.0)).is_none());
    }
}
