//! The walkthrough on the page: a caption under the drawing, and the head of the steps with its buttons.

use shared::text::Lang;
use yew::prelude::*;

use super::{Send, findings::sentence, on};
use crate::command::Command;
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::icons::Icon;
use crate::walk::Course;

/// What the step that is shown does, and the buttons to go on.
pub(super) fn caption(editor: &Editor, send: &Send) -> Html {
    let Some(at) = editor.walk.filter(|at| *at < editor.derived.made.steps.len()) else { return html! {} };
    let lang = editor.lang();
    let steps = &editor.derived.made.steps;
    let step = steps.get(at);
    let button = |msg: Msg, words: &'static str, forward: bool| {
        let to = editor.walk_next(forward);
        html! {
            <button type="button" class="framed" disabled={to.is_none()} aria-label={msg.say(lang)} title={msg.say(lang)} onclick={on(send, Command::Walk(Some(to.unwrap_or(at))))}>{ words }</button>
        }
    };
    let play = if editor.plays { Msg::WalkPause } else { Msg::WalkPlay };
    let (number, count) = ((at + 1).to_string(), steps.len().to_string());
    html! {
        <div class="banner walk" id="walk" role="group" aria-label={Msg::Walk.say(lang)}>
            <div>
                <b>{ Msg::WalkAt.fill(lang, &[("number", &number), ("count", &count), ("step", step.id())]) }</b>
                <p>{ sentence(step.purpose(lang)) }</p>
                <progress max={count.clone()} value={number.clone()} aria-label={Msg::Walk.say(lang)} />
            </div>
            { button(Msg::WalkBack, "←", false) }
            { button(Msg::WalkNext, "→", true) }
            <button type="button" class="framed" id="walk-play" disabled={editor.walk_next(true).is_none()} onclick={on(send, Command::Play(!editor.plays))}>{ play.say(lang) }</button>
            <button type="button" class="framed" id="walk-end" onclick={on(send, Command::Walk(None))}>{ Msg::WalkEnd.say(lang) }</button>
        </div>
    }
}

/// How long the plan takes, and what can be done with it.
pub(super) fn head(editor: &Editor, send: &Send, course: &Course) -> Html {
    let lang = editor.lang();
    let all = spoken(course.total(), lang);
    html! {
        <div class="walk-head">
            <p>
                { match editor.walk.and_then(|at| course.done.get(at)) {
                    Some(&done) => Msg::WalkTime.fill(lang, &[("now", &spoken(done, lang)), ("all", &all)]),
                    None => Msg::WalkLong.fill(lang, &[("all", &all)]),
                } }
                { " " }<span class="hint">{ Msg::WalkGuess.say(lang) }</span>
            </p>
            <div class="actions">
                if editor.walk.is_none() {
                    <button type="button" class="framed" id="walk-start" onclick={on(send, Command::Walk(Some(0)))}>{ Icon::Arrow.draw() }{ Msg::WalkStart.say(lang) }<kbd>{ "W" }</kbd></button>
                }
                <button type="button" class="framed" id="print" onclick={on(send, Command::Print)}>{ Icon::File.draw() }{ Msg::Print.say(lang) }</button>
            </div>
        </div>
    }
}

/// Says a time as people count it: seconds, or halves of minutes.
pub(super) fn spoken(seconds: u32, lang: Lang) -> String {
    if seconds < 60 {
        return Msg::Seconds.fill(lang, &[("count", &seconds.to_string())]);
    }
    let halves = (seconds + 15) / 30;
    let half = if halves % 2 == 1 { ".5" } else { "" };
    Msg::Minutes.fill(lang, &[("count", &format!("{}{half}", halves / 2))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_count_them() {
        let said = [45, 60, 74, 76, 150, 170].map(|seconds| spoken(seconds, Lang::En));
        assert_eq!(said, ["45 s", "1 min", "1 min", "1.5 min", "2.5 min", "3 min"]);
        assert_eq!(spoken(90, Lang::Zh), "1.5 分钟");
    }
}
