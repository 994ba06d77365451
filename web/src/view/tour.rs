//! The card of the tour: what this step is about, and the buttons to go on.

use yew::prelude::*;

use super::{Props, on};
use crate::command::Command;
use crate::editor::tour::STOPS;
use crate::i18n::Msg;

/// The card, while the tour is on.
pub(super) fn card(props: &Props) -> Html {
    let Props { editor, send } = props;
    let Some((at, (heading, text))) = editor.tour.and_then(|at| Some((at, STOPS.get(at)?))) else { return html! {} };
    let lang = editor.lang();
    let last = at + 1 == STOPS.len();
    let number = [&(at + 1).to_string(), " / ", &STOPS.len().to_string()].concat();
    let next = Command::Tour((!last).then_some(at + 1));
    html! {
        <section class="tour" id="tour" aria-label={Msg::Tour.say(lang)}>
            <b>{ heading.say(lang) }</b><span class="note">{ number }</span>
            <p>{ text.say(lang) }</p>
            <div class="actions">
                if !last { <button type="button" id="tour-skip" onclick={on(send, Command::Tour(None))}>{ Msg::TourSkip.say(lang) }</button> }
                <button type="button" class="framed" id="tour-back" disabled={at == 0} onclick={on(send, Command::Tour(Some(at.saturating_sub(1))))}>{ Msg::TourBack.say(lang) }</button>
                <button type="button" class="solid" id="tour-next" onclick={on(send, next)}>{ if last { Msg::TourDone } else { Msg::TourNext }.say(lang) }</button>
            </div>
        </section>
    }
}
