//! The one file that touches the browser beyond what Yew does: storage, files, clipboard, preferences, and the attributes
//! that a gesture writes directly.

pub(crate) mod clipboard;
pub(crate) mod drafts;
pub(crate) mod office;

use gloo::events::{EventListener, EventListenerOptions};
use gloo::storage::{LocalStorage, Storage};
use gloo::timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use shared::text::Lang;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, File, HtmlAnchorElement, HtmlElement, HtmlInputElement, ResizeObserver,
    Response, Window,
};

use crate::keys::Stroke;
use crate::settings::Theme;

const PREFIX: &str = "isthmus.";

/// The largest file that is read at all: what a bundle may hold, unpacked.
const FILE_MAX: f64 = 256.0 * 1024.0 * 1024.0;

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// Returns what was kept under a key.
pub(crate) fn kept(key: &str) -> Option<String> {
    LocalStorage::raw().get_item(&format!("{PREFIX}{key}")).ok().flatten()
}

/// Keeps a text; `false` where the browser has no room or forbids it.
pub(crate) fn keep(key: &str, text: &str) -> bool {
    LocalStorage::raw().set_item(&format!("{PREFIX}{key}"), text).is_ok()
}

/// Returns what the page's address asks for, `?key=value`.
pub(crate) fn asked(key: &str) -> Option<String> {
    let query = window()?.location().search().ok()?;
    query
        .trim_start_matches('?')
        .split('&')
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
        .map(str::to_owned)
}

/// Takes the fragment out of the page's address, so that reloading does not open it again.
pub(crate) fn take_fragment() -> Option<String> {
    let location = window()?.location();
    let fragment = location.hash().ok()?.strip_prefix('#')?.to_owned();
    let clean = location.pathname().ok()? + &location.search().ok()?;
    let _ = window()?.history().ok()?.replace_state_with_url(&JsValue::NULL, "", Some(&clean));
    Some(fragment).filter(|fragment| !fragment.is_empty())
}

/// Returns the page's address with a fragment.
pub(crate) fn link(fragment: &str) -> String {
    let location = window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location.as_ref().and_then(|at| read(at).ok()).unwrap_or_default()
    };
    format!("{}{}#{fragment}", part(web_sys::Location::origin), part(web_sys::Location::pathname))
}

/// Returns the languages the browser prefers.
pub(crate) fn languages() -> Vec<String> {
    let Some(window) = window() else { return Vec::new() };
    window.navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
}

/// What systems can prefer, the first before the second.
const PREFERENCES: [(&str, Theme); 2] =
    [("(prefers-contrast: more)", Theme::Contrast), ("(prefers-color-scheme: dark)", Theme::Dark)];

fn prefers(query: &str) -> Option<web_sys::MediaQueryList> {
    window()?.match_media(query).ok().flatten()
}

/// Returns the theme that the system prefers.
pub(crate) fn preferred() -> Theme {
    let is = |query: &str| prefers(query).is_some_and(|query| query.matches());
    PREFERENCES.into_iter().find(|(query, _)| is(query)).map_or(Theme::Light, |(_, theme)| theme)
}

/// Calls back when the system's preference changes.
pub(crate) fn on_preferred(call: impl Fn(Theme) + Clone + 'static) -> [Option<EventListener>; 2] {
    PREFERENCES.map(|(query, _)| {
        let call = call.clone();
        Some(EventListener::new(&prefers(query)?.into(), "change", move |_| call(preferred())))
    })
}

/// Writes language, theme, title and whether things may move where the browser and the style look for them.
pub(crate) fn dress(lang: Lang, theme: &str, motion: &str, title: &str) {
    let Some(document) = document() else { return };
    document.set_title(title);
    if let Some(root) = document.document_element() {
        set(&root, "lang", lang.tag());
        set(&root, "data-theme", theme);
        set(&root, "data-motion", motion);
    }
}

/// Gives a file to the person.
pub(crate) fn download(name: &str, kind: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options)?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let document = document().ok_or(JsValue::NULL)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The click only asks for the download; the address must stay until the browser has read it.
    Timeout::new(60_000, move || {
        let _ = web_sys::Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

/// Reads a text that lies beside the page.
pub(crate) async fn beside(name: &str) -> Option<String> {
    let answer = JsFuture::from(window()?.fetch_with_str(&format!("./{name}"))).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

/// Reads a file, or says that it is too large.
pub(crate) async fn bytes(file: File) -> Option<Vec<u8>> {
    if file.size() > FILE_MAX {
        return None;
    }
    gloo::file::futures::read_as_bytes(&gloo::file::Blob::from(file)).await.ok()
}

/// Takes the chosen file out of a file field, so that choosing it again is a change again.
pub(crate) fn chosen(input: &HtmlInputElement) -> Option<File> {
    let file = input.files()?.get(0);
    input.set_value("");
    file
}

/// Copies a text.
pub(crate) fn copy(text: &str) {
    if let Some(window) = window() {
        let _ = window.navigator().clipboard().write_text(text);
    }
}

/// Calls back for every key pressed in the page; the callback says whether it has used it.
pub(crate) fn on_key(call: impl Fn(&Stroke) -> bool + 'static) -> Option<EventListener> {
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&window()?.into(), "keydown", options, move |event| {
        let event: &web_sys::KeyboardEvent = event.unchecked_ref();
        let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
        if call(&stroke(event, target.as_ref())) {
            event.prevent_default();
        }
    }))
}

fn stroke(event: &web_sys::KeyboardEvent, target: Option<&Element>) -> Stroke {
    let inside = |selector: &str| target.is_some_and(|target| target.closest(selector).ok().flatten().is_some());
    // What Shift makes of a digit differs from layout to layout; the key is the same.
    let digit =
        Some(event.code()).filter(|_| event.shift_key()).and_then(|code| Some(code.strip_prefix("Digit")?.to_owned()));
    Stroke {
        key: digit.unwrap_or_else(|| event.key()),
        ctrl: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
        // 229 is what browsers report for a key that the input method has taken.
        composing: event.is_composing() || event.key_code() == 229,
        typing: inside("input:not([type=checkbox]), textarea, select"),
        on_canvas: inside("svg[role=application]"),
        in_dialog: first("[role=dialog]").is_some(),
    }
}

/// Calls back with the size of an element whenever it changes.
pub(crate) fn on_resize(element: &Element, call: impl Fn(f64, f64) + 'static) -> Option<Watch> {
    let watched = element.clone();
    let closure = Closure::<dyn FnMut()>::new(move || {
        let rect = watched.get_bounding_client_rect();
        call(rect.width(), rect.height());
    });
    let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
    observer.observe(element);
    Some(Watch { observer, _closure: closure })
}

/// Watches the size of an element until it is dropped.
pub(crate) struct Watch {
    observer: ResizeObserver,
    _closure: Closure<dyn FnMut()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Puts the focus on the element that a selector finds, and selects its text where it has some.
pub(crate) fn focus(selector: &str) {
    if let Some(element) = first(selector) {
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            input.select();
        }
        put_focus(&element);
    }
}

/// Returns the first element of the page that a selector finds.
fn first(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok()?
}

/// Opens the page of a link.
pub(crate) fn open_link(selector: &str) {
    if let Some(link) = first(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        link.click();
    }
}

fn put_focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    } else if let Some(element) = element.dyn_ref::<web_sys::SvgElement>() {
        let _ = element.focus();
    }
}

/// The parts of the page in their order, and what has the focus in each.
const PARTS: [(&str, &str); 5] = [
    (".top", "#commands"),
    (".left", ".tree [aria-selected=true]"),
    (".canvas", "#canvas"),
    (".right", ".tabs [aria-selected=true]"),
    (".foot", "#finding-count"),
];

/// Moves the focus to the next part of the page that is shown.
pub(crate) fn next_part() {
    let here = || document()?.active_element();
    let before = here();
    let inside = |part: &str| before.as_ref().is_some_and(|at| at.closest(part).ok().flatten().is_some());
    let at = PARTS.iter().position(|(part, _)| inside(part)).unwrap_or_default();
    for (_, place) in PARTS.iter().cycle().skip(at + 1).take(PARTS.len() - 1) {
        focus(place);
        // What is hidden takes no focus.
        if here() != before {
            return;
        }
    }
}

/// Returns the element that has the focus.
pub(crate) fn focused() -> Option<HtmlElement> {
    document()?.active_element()?.dyn_into().ok()
}

/// Scrolls what a selector finds into view, as little as it takes.
pub(crate) fn reveal(selector: &str) {
    if let Some(element) = first(selector) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Opens the browser's dialog for printing.
pub(crate) fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

/// Calls back later, unless what is returned is dropped before.
pub(crate) fn later(milliseconds: u32, call: impl FnOnce() + 'static) -> Timeout {
    Timeout::new(milliseconds, call)
}

/// Writes an attribute during a gesture. Yew does not see it: whoever calls this puts it back.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Adds or takes away a class during a gesture, as [`set`] does.
pub(crate) fn mark(element: &Element, class: &str, on: bool) {
    let list = element.class_list();
    let _ = if on { list.add_1(class) } else { list.remove_1(class) };
}

/// Finds what lies under an element.
pub(crate) fn find(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = root.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.get(at)?.dyn_into().ok()).collect()
}

/// Finds the element that goes by an id.
pub(crate) fn by_id(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Returns where an element begins in the window.
pub(crate) fn corner(element: &Element) -> (f64, f64) {
    let rect = element.get_bounding_client_rect();
    (rect.left(), rect.top())
}

/// Returns a point of the window as a point of an element.
pub(crate) fn inside(element: &Element, x: i32, y: i32) -> (f64, f64) {
    let (left, top) = corner(element);
    (f64::from(x) - left, f64::from(y) - top)
}

/// Copies an element, with all that it holds, to the end of another. Yew does not see the copy: whoever makes it takes it away.
pub(crate) fn copied_into(layer: &Element, element: &Element) -> Option<Element> {
    let copy = element.clone_node_with_deep(true).ok()?;
    layer.append_child(&copy).ok()?.dyn_into().ok()
}

/// Whether the system asks for as little motion as can be.
pub(crate) fn is_calm() -> bool {
    prefers("(prefers-reduced-motion: reduce)").is_some_and(|query| query.matches())
}

/// Shows an element at another place for now, so far away, from where it glides to its own.
pub(crate) fn glide(element: &Element, x: i32, y: i32, milliseconds: u32) {
    let frames = js_sys::Object::new();
    let from = ["translate(", &x.to_string(), "px, ", &y.to_string(), "px)"].concat();
    let places = js_sys::Array::of2(&from.into(), &"none".into());
    let _ = js_sys::Reflect::set(&frames, &"transform".into(), &places);
    let _ = js_sys::Reflect::set(&frames, &"easing".into(), &"ease-out".into());
    // `web-sys` has `animate` for those only who take what may change.
    let animate = js_sys::Reflect::get(element, &"animate".into()).ok().and_then(|it| it.dyn_into().ok());
    let _ = animate.map(|it: js_sys::Function| it.call2(element, &frames, &milliseconds.into()));
}

/// Keeps the pointer for an element until it is released.
pub(crate) fn capture(element: &Element, pointer: i32) {
    let _ = element.set_pointer_capture(pointer);
}

/// Shows the page's last words when the planner panics: the draft is kept, and reloading goes on from it.
pub(crate) fn catch_panics() {
    yew::set_custom_panic_hook(Box::new(|info| {
        let message = info.to_string();
        web_sys::console::error_1(&JsValue::from_str(&message));
        let crashed = document().and_then(|document| document.get_element_by_id("crashed"));
        if let Some(crashed) = crashed {
            let _ = crashed.remove_attribute("hidden");
            if let Ok(Some(place)) = crashed.query_selector("pre") {
                place.set_text_content(Some(&message));
            }
        }
    }));
}

/// Returns the element that the planner lives in.
pub(crate) fn root() -> Option<Element> {
    document()?.get_element_by_id("app")
}

/// Says whether the focus is in what a selector finds.
pub(crate) fn within(selector: &str) -> bool {
    let focus = document().and_then(|document| document.active_element());
    focus.is_some_and(|focus| focus.closest(selector).ok().flatten().is_some())
}

/// Moves the focus to another element of a container, if the focus is in that container.
pub(crate) fn follow(container: &str, selector: &str) {
    if within(container) {
        focus(&format!("{container} {selector}"));
    }
}

/// Keeps Tab inside a container: moves the focus from its last element to its first and back; says whether it did.
pub(crate) fn turn(container: &str, backwards: bool) -> bool {
    let all = document().and_then(|document| document.document_element());
    let all = all
        .map(|root| find(&root, &format!("{container} button:not([tabindex='-1']), {container} input")))
        .unwrap_or_default();
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return false };
    let (edge, target) = if backwards { (first, last) } else { (last, first) };
    let here: Option<Element> = document().and_then(|document| document.active_element());
    if here.as_ref() != Some(edge) {
        return false;
    }
    target.dyn_ref::<HtmlElement>().is_some_and(|target| target.focus().is_ok())
}

/// Returns the element that a pointer was pressed on.
pub(crate) fn pressed(event: &web_sys::PointerEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Returns the nearest element outwards that has an attribute, and its value.
pub(crate) fn nearest(element: &Element, attribute: &str) -> Option<(Element, String)> {
    let found = element.closest(&format!("[{attribute}]")).ok().flatten()?;
    let value = found.get_attribute(attribute)?;
    Some((found, value))
}
