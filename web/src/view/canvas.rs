//! The canvas. What stands on it are memoised components without handlers; the `<svg>` hears the pointer, and a gesture
//! writes attributes directly until it ends in one command.

mod camera;
mod compare;
mod drawer;
mod gesture;
mod held;
mod link;
mod minimap;
mod shapes;

use std::rc::Rc;

use shared::scene::{Arrow, ArrowKind, ClusterBox};
use web_sys::{DragEvent, Element, KeyboardEvent, PointerEvent, WheelEvent};
use yew::prelude::*;

use self::camera::Camera;
use self::gesture::{Gesture, Press};
use self::minimap::Minimap;
use self::shapes::{ArrowView, CardView, RegionView};
use super::{Props, on, walk};
use crate::browser;
use crate::command::{ArrowId, Command, Edit, Look, Selection};
use crate::derived::Derived;
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::icons::Icon;
use crate::picture::Picture;
use crate::walk::Phase;

/// From this many clusters on, only the arrows of what is selected are drawn in full.
const CROWD: usize = 4;
/// The middle button of a mouse.
const MIDDLE: i16 = 1;
/// For how long boxes glide, as networks do by their style.
const GLIDE_MS: u32 = 180;
/// How long the style has networks glide and arrows come: a little longer than they take.
const GLIDES_MS: u32 = 250;
/// From this many clusters on, a small map shows where one is.
const MAPPED: usize = 15;
/// How much nearer one step brings the drawing.
const ZOOM: f64 = 1.25;

/// The canvas.
#[component]
pub(crate) fn Canvas(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let svg = use_node_ref();
    let size = use_state_eq(|| (0.0, 0.0));
    let chosen = use_state_eq(|| None::<Camera>);
    let camera = chosen.unwrap_or_else(|| Camera::fitting(editor.picture.bounds, *size));
    // Handlers are made once and read the latest render through this cell.
    let latest = use_mut_ref(|| None::<(Rc<Editor>, Camera)>);
    *latest.borrow_mut() = Some((editor.clone(), camera));
    let gesture = use_mut_ref(|| None::<Gesture>);
    // Whether the space bar is held.
    let space = use_mut_ref(|| false);

    use_effect_with(svg.clone(), {
        let size = size.clone();
        move |svg| {
            let watch = svg
                .cast::<Element>()
                .and_then(|svg| browser::on_resize(&svg, move |width, height| size.set((width, height))));
            move || drop(watch)
        }
    });
    use_effect_with(editor.selection.clone(), {
        let (chosen, latest, size) = (chosen.clone(), latest.clone(), size.clone());
        move |_| {
            let Some((editor, camera)) = latest.borrow().clone() else { return };
            // While all is shown there is nothing to bring into view.
            if chosen.is_some()
                && let Some(moved) = editor.selected_rect().and_then(|rect| camera.showing(rect, *size))
            {
                chosen.set(Some(moved));
            }
        }
    });

    use_effect_with(editor.look, {
        let (chosen, latest, size) = (chosen.clone(), latest.clone(), size.clone());
        move |(asked, look)| {
            let Some((editor, camera)) = latest.borrow().clone().filter(|_| *asked > 0) else { return };
            let middle = (size.0 / 2.0, size.1 / 2.0);
            chosen.set(match look {
                Look::All => None,
                Look::Selected => editor.selected_rect().map(|rect| Camera::fitting(rect, *size)),
                Look::Whole => Some(camera.zoomed(1.0 / camera.scale, middle)),
                Look::Closer => Some(camera.zoomed(ZOOM, middle)),
                Look::Farther => Some(camera.zoomed(1.0 / ZOOM, middle)),
            });
        }
    });

    // Boxes that the rule places anew glide there from where they stood.
    let stood = use_mut_ref(|| (editor.glides, editor.picture.clone()));
    use_effect({
        let (svg, editor) = (svg.clone(), editor.clone());
        move || {
            let (glides, before) = stood.replace((editor.glides, editor.picture.clone()));
            if glides != editor.glides && editor.settings.motion && !browser::is_calm() {
                glide(&svg, &before, &editor.picture);
            }
        }
    });
    // What else moves with them does by its style; the class that lets it is there for so long only.
    let glided = use_state_eq(|| editor.glides);
    use_effect_with(editor.glides, {
        let glided = glided.clone();
        move |&glides| {
            let timer = (*glided != glides).then(|| browser::later(GLIDES_MS, move || glided.set(glides)));
            move || drop(timer)
        }
    });

    let onpointerdown = {
        let (svg, latest, gesture, send) = (svg.clone(), latest.clone(), gesture.clone(), send.clone());
        let space = space.clone();
        move |event: PointerEvent| {
            let (Some(svg), Some((editor, camera))) = (svg.cast::<Element>(), latest.borrow().clone()) else { return };
            if event.button() <= MIDDLE && gesture.borrow().is_none() {
                let hand =
                    editor.hand || *space.borrow() || event.button() == MIDDLE || event.pointer_type() == "touch";
                let press = Press { hand, more: event.shift_key() };
                browser::capture(&svg, event.pointer_id());
                let begun = Gesture::begin(svg, &event, press, &editor, camera);
                // From now on the canvas shows where the arrow could end.
                if let Some(from) = begun.link() {
                    send.emit(Command::BeginLink(Some(from)));
                }
                *gesture.borrow_mut() = Some(begun);
            }
        }
    };
    let onpointermove = {
        let (svg, latest, gesture) = (svg.clone(), latest.clone(), gesture.clone());
        let band = use_mut_ref(link::Band::default);
        move |event: PointerEvent| {
            let latest = latest.borrow();
            let Some((editor, camera)) = latest.as_ref() else { return };
            if let (Some(from), Some(svg)) = (editor.linking, svg.cast::<Element>()) {
                let to = camera.place(browser::inside(&svg, event.client_x(), event.client_y()));
                band.borrow_mut().follow(&svg, from, to, editor);
            }
            if let Some(gesture) = gesture.borrow_mut().as_mut() {
                gesture.go_on(&event, editor);
            }
        }
    };
    let onpointerup = {
        let (latest, gesture, send, chosen) = (latest.clone(), gesture.clone(), send.clone(), chosen.clone());
        move |event: PointerEvent| {
            let (Some(gesture), Some((editor, _))) = (gesture.borrow_mut().take(), latest.borrow().clone()) else {
                return;
            };
            match gesture.end(&event, &editor) {
                gesture::Outcome::Send(command) => send.emit(command),
                gesture::Outcome::Look(camera) => chosen.set(Some(camera)),
                gesture::Outcome::Nothing => {}
            }
        }
    };
    let give_up = {
        let gesture = gesture.clone();
        move || {
            gesture.borrow_mut().take().is_some_and(|gesture| {
                gesture.put_back();
                // The tool of an arrow is let go of by the command that Escape stands for.
                gesture.link().is_none()
            })
        }
    };
    let onpointercancel = {
        let give_up = give_up.clone();
        move |_: PointerEvent| {
            give_up();
        }
    };
    let onkeydown = {
        let (latest, space) = (latest.clone(), space.clone());
        move |event: KeyboardEvent| {
            if event.key() == " " {
                *space.borrow_mut() = true;
                event.prevent_default();
            }
            let at_end = || latest.borrow().as_ref().is_none_or(|(editor, _)| editor.is_at_end(!event.shift_key()));
            // Escape ends a drag before it lets go of the selection; Tab leaves the canvas after the last box.
            if (event.key() == "Escape" && give_up()) || (event.key() == "Tab" && at_end()) {
                event.stop_propagation();
            }
        }
    };
    let onkeyup = move |event: KeyboardEvent| {
        if event.key() == " " {
            *space.borrow_mut() = false;
        }
    };
    let ondragover = {
        let (latest, svg) = (latest.clone(), svg.clone());
        move |event: DragEvent| {
            if let (Some(svg), Some((editor, camera))) = (svg.cast::<Element>(), latest.borrow().as_ref()) {
                drawer::over(&event, &svg, editor, *camera);
            }
        }
    };
    let ondrop = {
        let (latest, svg, send) = (latest.clone(), svg.clone(), send.clone());
        move |event: DragEvent| {
            let (Some(svg), Some((editor, camera))) = (svg.cast::<Element>(), latest.borrow().clone()) else { return };
            if let Some(command) = drawer::dropped(&event, &svg, &editor, camera) {
                send.emit(command);
            }
        }
    };
    let onwheel = {
        let (latest, chosen, svg) = (latest.clone(), chosen.clone(), svg.clone());
        move |event: WheelEvent| {
            event.prevent_default();
            let (Some(svg), Some((_, camera))) = (svg.cast::<Element>(), latest.borrow().clone()) else { return };
            let looked = if event.ctrl_key() || event.meta_key() {
                let factor = if event.delta_y() < 0.0 { 1.1 } else { 1.0 / 1.1 };
                camera.zoomed(factor, browser::inside(&svg, event.client_x(), event.client_y()))
            } else if event.shift_key() {
                camera.panned(-event.delta_y(), 0.0)
            } else {
                camera.panned(-event.delta_x(), -event.delta_y())
            };
            chosen.set(Some(looked));
        }
    };
    let on_look = {
        let chosen = chosen.clone();
        Callback::from(move |camera: Camera| chosen.set(Some(camera)))
    };
    let picture = &editor.picture;
    let crowded = picture.cards.len() >= CROWD;
    let selected = editor.selection.cluster();
    let is_chosen = |arrow: &Arrow| editor.selection == Selection::Arrow(ArrowId::of(arrow));
    let is_full = |arrow: &Arrow| {
        !crowded || is_chosen(arrow) || selected.is_some_and(|index| arrow.from == index || arrow.to == index)
    };
    let port =
        editor.drawing.topology.clusters.first().map_or_else(String::new, |cluster| cluster.east_west.port.to_string());
    // Words that would stand on a box say less than they hide.
    let has_room = |arrow: &Arrow| !picture.cards.iter().any(|card| card.rect.contains(arrow.label));
    let derived = &editor.derived;
    let badge = |index: usize| Derived::badge(derived.about_cluster(index));
    let uses = |kind: ArrowKind| picture.arrows.iter().any(|arrow| arrow.kind == kind);
    html! {
        <section class="canvas" aria-label={Msg::Drawing.say(lang)}>
            <svg ref={svg} class={classes!(editor.linking.map(|_| "linking"), editor.hand.then_some("hand"), (*glided != editor.glides).then_some("glide"), camera.detail())} role="application" tabindex="0" aria-label={Msg::Drawing.say(lang)} aria-describedby="canvas-help" id="canvas"
                {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onkeydown} {onkeyup} {onwheel} {ondragover} {ondrop}>
                <defs>
                    <pattern id="grid" width="16" height="16" patternUnits="userSpaceOnUse"><circle class="grid-dot" cx="8" cy="8" r="1" /></pattern>
                    { for ["reads-head", "serves-head", "reads-hint", "serves-hint"].map(shapes::head) }
                </defs>
                <rect width="100%" height="100%" fill="url(#grid)" />
                <g id="world" transform={camera.transform()}>
                    <g>
                        { for picture.regions.iter().enumerate().map(|(number, region)| html! {
                            <RegionView key={region.network.to_string()} region={region.clone()} colour={number % 6 + 1} {lang} selected={editor.selection == Selection::Network(region.network.clone())} badge={Derived::badge(derived.about(&Selection::Network(region.network.clone())))} />
                        }) }
                    </g>
                    <g>
                        { for picture.cards.iter().map(|card| html! {
                            <CardView key={card.index} card={card.clone()} {lang} selected={editor.selection.at(card.index)} badge={badge(card.index)} fits={editor.link_fits(card.index)} phases={phases(editor, card)} />
                        }) }
                    </g>
                    <g>
                        { for picture.arrows.iter().map(|arrow| html! {
                            <ArrowView key={shapes::arrow_id(arrow)} arrow={arrow.clone()} full={is_full(arrow)} chosen={is_chosen(arrow)} badge={Derived::badge(derived.about_arrow(ArrowId::of(arrow)))} {lang} phase={editor.phase(&Selection::Arrow(ArrowId::of(arrow)))} />
                        }) }
                        { left_out(editor) }
                    </g>
                    { compare::marks(editor) }
                    <g>
                        { for picture.arrows.iter().filter(|arrow| is_full(arrow) && has_room(arrow)).map(|arrow| shapes::label(arrow, lang, &port)) }
                    </g>
                    if editor.linking.is_some() { <path id="drawn" class="arrow drawn" marker-end="url(#serves-head)" /> }
                </g>
            </svg>
            // A layer of its own for what is dragged; all in it is written directly.
            <svg class={classes!("lifts", camera.detail())} aria-hidden="true"><g transform={camera.transform()}><g id="held" /><g id="held-arrows" /><rect id="ghost" rx="10" /><path id="guides" /><rect id="frame" /></g></svg>
            { link::banner(editor, send) }
            { compare::banner(editor, send) }
            { walk::caption(editor, send) }
            <p class="unseen" id="canvas-help">{ Msg::CanvasHelp.say(lang) }</p>
            if editor.drawing.is_blank() {
                <div class="blank">
                    <div><b>{ Msg::BlankTitle.say(lang) }</b><p>{ Msg::BlankHint.say(lang) }</p></div>
                    <div class="actions">
                        <button type="button" class="framed" onclick={on(send, Command::Edit(Edit::AddNetwork))}>{ Icon::Network.draw() }{ Msg::AddNetwork.say(lang) }<kbd>{ "N" }</kbd></button>
                        <button type="button" class="framed" onclick={on(send, Command::Edit(Edit::AddCluster(None)))}>{ Icon::Cluster.draw() }{ Msg::AddCluster.say(lang) }<kbd>{ "C" }</kbd></button>
                    </div>
                </div>
            } else {
                <div class="legend" aria-hidden="true">
                    if uses(ArrowKind::ServedBy) { <span><svg viewBox="0 0 24 8"><line class="serves" x1="0" y1="4" x2="24" y2="4" /></svg>{ Msg::LegendServes.say(lang) }</span> }
                    if uses(ArrowKind::Config) { <span><svg viewBox="0 0 24 8"><line class="config" x1="0" y1="4" x2="24" y2="4" /></svg>{ Msg::LegendConfig.say(lang) }</span> }
                    if uses(ArrowKind::Reads) { <span><svg viewBox="0 0 24 8"><line class="reads" x1="0" y1="4" x2="24" y2="4" /></svg>{ Msg::LegendReads.say(lang) }</span> }
                    if uses(ArrowKind::Traffic) { <span><svg viewBox="0 0 24 8"><line class="crosses" x1="0" y1="4" x2="24" y2="4" /></svg>{ Msg::LegendCrosses.say(lang) }</span> }
                    <span><svg viewBox="0 0 24 8"><line class="faint" x1="0" y1="4" x2="24" y2="4" /></svg>{ Msg::LegendImplied.say(lang) }</span>
                </div>
                if picture.cards.len() >= MAPPED { <Minimap picture={picture.clone()} {camera} size={*size} {on_look} /> }
                <div class="zoom">
                    <button type="button" aria-label={Msg::ZoomOut.say(lang)} title={Msg::ZoomOut.say(lang)} onclick={on(send, Command::Look(Look::Farther))}>{ "−" }</button>
                    <output>{ camera.percent() }</output>
                    <button type="button" aria-label={Msg::ZoomIn.say(lang)} title={Msg::ZoomIn.say(lang)} onclick={on(send, Command::Look(Look::Closer))}>{ "+" }</button>
                    <button type="button" title={Msg::FitLong.say(lang)} onclick={on(send, Command::Look(Look::All))}>{ Msg::Fit.say(lang) }</button>
                    <button type="button" id="alone" aria-label={Msg::ShowAlone.say(lang)} title={format!("{} (F)", Msg::ShowAlone.say(lang))} aria-pressed={if editor.alone { "true" } else { "false" }} onclick={on(send, Command::SwitchAlone)}>{ Icon::Alone.draw() }</button>
                </div>
            }
        </section>
    }
}

/// The selected arrow, where it is one of those that are left out of a large picture: a table led to it.
fn left_out(editor: &Editor) -> Html {
    let Selection::Arrow(id) = &editor.selection else { return html! {} };
    match editor.picture.left_out(*id) {
        Some(arrow) => {
            html! { <ArrowView key="left-out" {arrow} full={true} chosen={true} badge={Derived::badge(editor.derived.about_arrow(*id))} lang={editor.lang()} phase={None::<Phase>} /> }
        }
        None => html! {},
    }
}

/// Has every box glide to its place from where it stood.
fn glide(svg: &NodeRef, before: &Picture, now: &Picture) {
    let Some(svg) = svg.cast::<Element>() else { return };
    for card in &now.cards {
        let Some(old) = before.cards.iter().find(|old| old.name == card.name) else { continue };
        let (x, y) = (old.rect.x - card.rect.x, old.rect.y - card.rect.y);
        let selector = ["[data-card=\"", &card.index.to_string(), "\"]"].concat();
        if (x, y) != (0, 0) {
            for element in browser::find(&svg, &selector) {
                browser::glide(&element, x, y, GLIDE_MS);
            }
        }
    }
}

/// How far the parts of a cluster are, while the plan is played.
fn phases(editor: &Editor, card: &ClusterBox) -> Vec<Option<Phase>> {
    if editor.walk.is_none() {
        return Vec::new();
    }
    card.parts.iter().map(|part| editor.phase(&Selection::Part(card.index, part.kind))).collect()
}
