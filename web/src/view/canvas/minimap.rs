//! A small map of a large drawing: where the boxes are and which part is seen; a press moves that part. Keys look around without it.

use std::rc::Rc;

use shared::scene::Rect;
use web_sys::Element;
use yew::prelude::*;

use super::camera::{Camera, whole};
use crate::browser;
use crate::picture::Picture;

/// How large the map is at most.
const SIZE: (f64, f64) = (176.0, 120.0);

#[derive(Properties)]
pub(super) struct MinimapProps {
    pub(super) picture: Rc<Picture>,
    pub(super) camera: Camera,
    /// The size of the canvas on the screen.
    pub(super) size: (f64, f64),
    pub(super) on_look: Callback<Camera>,
}

impl PartialEq for MinimapProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.picture, &other.picture) && self.camera == other.camera && self.size == other.size
    }
}

/// The map.
#[component]
pub(super) fn Minimap(props: &MinimapProps) -> Html {
    let MinimapProps { picture, camera, size, on_look } = props;
    let bounds = picture.bounds;
    let scale = (SIZE.0 / f64::from(bounds.width.max(1))).min(SIZE.1 / f64::from(bounds.height.max(1)));
    let map = Camera { x: -f64::from(bounds.x) * scale, y: -f64::from(bounds.y) * scale, scale };
    let boxes = use_memo(Ptr(picture.clone()), |Ptr(picture)| {
        let mut path = String::new();
        for card in &picture.cards {
            outline(&mut path, card.rect);
        }
        path
    });
    let regions = use_memo(Ptr(picture.clone()), |Ptr(picture)| {
        let mut path = String::new();
        for region in &picture.regions {
            outline(&mut path, region.rect);
        }
        path
    });
    let look = {
        let (camera, size, on_look) = (*camera, *size, on_look.clone());
        move |event: &PointerEvent| {
            let svg: Element = event.target_unchecked_into::<Element>().closest("svg").ok().flatten()?;
            let place = map.place(browser::inside(&svg, event.client_x(), event.client_y()));
            on_look.emit(camera.centred(place, size));
            Some(svg)
        }
    };
    let onpointerdown = {
        let look = look.clone();
        move |event: PointerEvent| {
            if let Some(svg) = look(&event) {
                browser::capture(&svg, event.pointer_id());
            }
        }
    };
    let onpointermove = move |event: PointerEvent| {
        if event.buttons() > 0 {
            look(&event);
        }
    };
    let (width, height) = (f64::from(bounds.width) * scale, f64::from(bounds.height) * scale);
    let Rect { x, y, width: w, height: h } = camera.seen(*size);
    html! {
        <div class="minimap" aria-hidden="true"><svg width={whole(width).to_string()} height={whole(height).to_string()} viewBox={view_box(bounds)} {onpointerdown} {onpointermove}>
            <path class="regions" d={regions.to_string()} />
            <path class="boxes" d={boxes.to_string()} />
            <rect class="seen" x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()} />
        </svg></div>
    }
}

/// A picture, compared by where it is: another one is another picture.
#[derive(Clone)]
struct Ptr(Rc<Picture>);

impl PartialEq for Ptr {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn outline(path: &mut String, Rect { x, y, width, height }: Rect) {
    let width = width.to_string();
    let way = ["M", &x.to_string(), " ", &y.to_string(), "h", &width, "v", &height.to_string(), "h-", &width, "z"];
    path.push_str(&way.concat());
}

fn view_box(Rect { x, y, width, height }: Rect) -> String {
    [x, y, width, height].map(|number| number.to_string()).join(" ")
}
