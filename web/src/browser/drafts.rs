//! Drafts in the browser's storage, and who may write one: of several pages with the same draft only the one that holds it.

use gloo::events::EventListener;
use gloo::storage::{LocalStorage, Storage};
use js_sys::{Date, Uint8Array};
use shared::text::Lang;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::{PREFIX, document, keep, kept};
use crate::draft::{self, Draft};

/// The key of the draft at hand; the drafts themselves are kept under it, a full stop and their number.
const AT_HAND: &str = "draft";

#[wasm_bindgen]
extern "C" {
    /// In `boot.js`: paints an SVG document as a PNG.
    #[wasm_bindgen(js_namespace = isthmus, js_name = paint, catch)]
    async fn paint_picture(svg: &str, dots: u8) -> Result<JsValue, JsValue>;

    /// In `boot.js`: asks for a draft, and calls back whenever this page begins or ceases to hold it. What was held before is let go.
    #[wasm_bindgen(js_namespace = isthmus, js_name = hold)]
    fn hold_draft(id: &str, take: bool, tell: &Closure<dyn FnMut(bool)>);
}

/// Paints an SVG document as a PNG with so many dots for each of its units; `None` where the browser has no room for it.
pub(crate) async fn painted(svg: &str, dots: u8) -> Option<Vec<u8>> {
    Some(paint_picture(svg, dots).await.ok()?.dyn_into::<Uint8Array>().ok()?.to_vec())
}

/// Hears whether this page holds the draft at hand.
pub(crate) type Hearer = Closure<dyn FnMut(bool)>;

/// Makes a hearer.
pub(crate) fn hearer(call: impl Fn(bool) + 'static) -> Hearer {
    Closure::new(call)
}

/// Asks to hold a draft; with `take`, from whoever holds it now.
pub(crate) fn hold(id: u64, take: bool, hearer: &Hearer) {
    hold_draft(&id.to_string(), take, hearer);
}

/// Returns the time in milliseconds since 1970.
pub(crate) fn now() -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time after 1970, in whole numbers")]
    let now = Date::now() as u64;
    now
}

/// Writes a time as people of the language do.
pub(crate) fn when(time: u64, lang: Lang) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below the limit")]
    let time = time as f64;
    Date::new(&time.into()).to_locale_string(lang.tag(), &JsValue::UNDEFINED).into()
}

/// Returns the number of the draft at hand.
pub(crate) fn at_hand() -> Option<u64> {
    kept(AT_HAND)?.parse().ok()
}

/// Keeps a draft, and that it is the one at hand; `false` where the browser has no room or forbids it.
pub(crate) fn keep_draft(id: u64, text: &str) -> bool {
    keep(&key(id), text) && keep(AT_HAND, &id.to_string())
}

/// Keeps the steps that led to a draft; where there is no room for them, the draft is kept alone.
pub(crate) fn keep_steps(id: u64, text: &str) {
    if !keep(&steps_key(id), text) {
        remove(&steps_key(id));
    }
}

/// Returns the steps that led to a draft.
pub(crate) fn steps(id: u64) -> Option<String> {
    kept(&steps_key(id))
}

/// Returns a draft as it was kept.
pub(crate) fn draft(id: u64) -> Option<String> {
    kept(&key(id))
}

/// Writes a draft that is not at hand.
pub(crate) fn rewrite(id: u64, text: &str) {
    keep(&key(id), text);
}

/// Forgets a draft.
pub(crate) fn forget(id: u64) {
    remove(&key(id));
    remove(&steps_key(id));
}

fn remove(key: &str) {
    let _ = LocalStorage::raw().remove_item(&(PREFIX.to_owned() + key));
}

/// Lists the drafts, the last one first.
pub(crate) fn drafts() -> Vec<Draft> {
    let storage = LocalStorage::raw();
    let count = storage.length().unwrap_or_default();
    let ids =
        (0..count).filter_map(|at| storage.key(at).ok()??.strip_prefix(PREFIX)?.strip_prefix("draft.")?.parse().ok());
    let mut drafts: Vec<Draft> = ids.filter_map(|id| draft::listed(id, &draft(id)?)).collect();
    shared::sorted::by(&mut drafts, |draft| (u64::MAX - draft.when, draft.id));
    drafts
}

/// Calls back when the page is put aside, as it is before it ends.
pub(crate) fn on_hidden(call: impl Fn() + 'static) -> Option<EventListener> {
    let document = document()?;
    Some(EventListener::new(&document.clone(), "visibilitychange", move |_| {
        if document.hidden() {
            call();
        }
    }))
}

fn steps_key(id: u64) -> String {
    ["steps.", &id.to_string()].concat()
}

fn key(id: u64) -> String {
    [AT_HAND, ".", &id.to_string()].concat()
}
