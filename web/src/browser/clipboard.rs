//! The clipboard, as the browser's own keys use it.

use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{window, within};
use crate::clip::KIND;

/// The type of plain text.
const PLAIN: &str = "text/plain";

/// Calls back for every text that is pasted outside a field.
pub(crate) fn on_paste(call: impl Fn(String) + 'static) -> Option<EventListener> {
    Some(EventListener::new(&window()?.into(), "paste", move |event| {
        let event: &web_sys::ClipboardEvent = event.unchecked_ref();
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        let in_field = target.is_some_and(|target| target.closest("input, textarea").ok().flatten().is_some());
        let Some(data) = event.clipboard_data().filter(|_| !in_field) else { return };
        // What was copied here, as it was copied, before what others made of it.
        let mut texts = [KIND, PLAIN].into_iter().filter_map(|kind| data.get_data(kind).ok());
        if let Some(text) = texts.find(|text| !text.trim().is_empty()) {
            call(text);
        }
    }))
}

/// Calls back when something is copied or cut outside a field and no text is marked; what it returns goes to the clipboard.
pub(crate) fn on_copy(call: impl Fn(bool) -> Option<String> + 'static) -> Option<[EventListener; 2]> {
    let call = Rc::new(call);
    let listen = |name: &'static str| {
        let call = call.clone();
        let options = EventListenerOptions::enable_prevent_default();
        Some(EventListener::new_with_options(&window()?.into(), name, options, move |event| {
            let event: &web_sys::ClipboardEvent = event.unchecked_ref();
            let on_drawing = within("svg[role=application], .tree");
            let marked = window().and_then(|window| window.get_selection().ok().flatten());
            let marked = marked.is_some_and(|marked| !marked.is_collapsed()) && !on_drawing;
            let in_field = within("input, textarea");
            if marked || in_field {
                return;
            }
            if let (Some(data), Some(text)) = (event.clipboard_data(), call(name == "cut")) {
                let _ = (data.set_data(PLAIN, &text), data.set_data(KIND, &text));
                event.prevent_default();
            }
        }))
    };
    Some([listen("copy")?, listen("cut")?])
}
