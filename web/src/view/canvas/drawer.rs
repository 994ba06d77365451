//! What is dragged onto the canvas from the buttons that add: a network anywhere, a cluster into the network under the pointer.

use web_sys::{DragEvent, Element};

use super::camera::Camera;
use super::gesture::mark_target;
use crate::browser;
use crate::command::{Command, Edit};
use crate::editor::Editor;
use crate::view::outline::{ADD_CLUSTER, DRAWER};

/// Says whether one of the buttons is dragged, rather than a file.
fn is_ours(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().includes(&DRAWER.into(), 0))
}

/// Shows where it would come to.
pub(super) fn over(event: &DragEvent, svg: &Element, editor: &Editor, camera: Camera) {
    if is_ours(event) {
        event.prevent_default();
        let place = camera.place(browser::inside(svg, event.client_x(), event.client_y()));
        mark_target(svg, editor.picture.region_at(place).map(|region| &region.network));
    }
}

/// Returns what the drop does.
pub(super) fn dropped(event: &DragEvent, svg: &Element, editor: &Editor, camera: Camera) -> Option<Command> {
    if !is_ours(event) {
        return None;
    }
    event.prevent_default();
    mark_target(svg, None);
    let what = event.data_transfer()?.get_data(DRAWER).ok()?;
    let place = camera.place(browser::inside(svg, event.client_x(), event.client_y()));
    let network = editor.picture.region_at(place).map(|region| region.network.clone());
    Some(Command::Edit(if what == ADD_CLUSTER { Edit::AddCluster(network) } else { Edit::AddNetwork }))
}
