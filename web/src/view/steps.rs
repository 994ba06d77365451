//! The plan, step by step: what it is for and what it waits for.

use shared::text::Lang;
use yew::prelude::*;

use super::{Send, findings::sentence, walk, why};
use crate::command::{Command, Tab};
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::made::PlanStep;
use crate::walk::{Course, commands};

/// So many steps are listed; of a longer plan those of the selected cluster, or the first.
const STEPS_MAX: usize = 200;

/// Shows the steps.
pub(super) fn all(editor: &Editor, send: &Send) -> Html {
    let lang = editor.lang();
    let made = &editor.derived.made;
    if editor.derived.mesh.is_none() || made.files.is_empty() {
        return html! { <div class="calm"><b>{ Msg::NoFiles.say(lang) }</b><p>{ Msg::NoFilesHint.say(lang) }</p></div> };
    }
    let course = Course::of(&made.steps);
    let comma = if lang == Lang::Zh { "、" } else { ", " };
    let assumed: Vec<&str> = made.assumptions.iter().take(STEPS_MAX).collect();
    let selected = editor.selection.cluster().and_then(|index| editor.drawing.cluster(index));
    let only = selected.map(|cluster| cluster.name.as_str()).filter(|_| made.steps.len() > STEPS_MAX);
    let shown: Vec<_> =
        made.steps.iter().filter(|step| only.is_none_or(|name| step.cluster() == name)).take(STEPS_MAX).collect();
    html! {
        <>
            if made.steps.len() > shown.len() {
                <p class="card-why">{ Msg::SomeSteps.fill(lang, &[("shown", &shown.len().to_string()), ("count", &made.steps.len().to_string())]) }</p>
            }
            if !assumed.is_empty() {
                <p class="card-why">{ sentence(&Msg::Assumes.fill(lang, &[("facts", &assumed.join(comma))])) }</p>
            }
            { walk::head(editor, send, &course) }
            <ol class="steps">{ for shown.into_iter().map(|step| one(editor, send, step, comma, &course)) }</ol>
        </>
    }
}

fn one(editor: &Editor, send: &Send, step: PlanStep, comma: &str, course: &Course) -> Html {
    let lang = editor.lang();
    let action = if step.applies() { Msg::ActionApply } else { Msg::ActionInstall };
    let waits: Vec<&str> = step.after().map(|at| editor.derived.made.steps.get(at).id()).collect();
    let open = {
        let (send, file) = (send.clone(), step.file().to_owned());
        move |_: MouseEvent| {
            send.emit(Command::ShowFile(file.clone()));
            send.emit(Command::ShowTab(Tab::Files));
        }
    };
    let now = editor.walk == Some(step.place());
    let runbook = if lang == Lang::Zh { "README.zh.md" } else { "README.md" };
    let typed = editor.derived.made.files.get(runbook).map_or("", |text| commands(text, step.place() + 1, step.id()));
    html! {
        <li class={classes!("step", now.then_some("now"))} aria-current={now.then_some("step")} value={(step.place() + 1).to_string()}>
            <span class="chip-inline">{ action.say(lang) }</span>
            if course.critical.get(step.place()) == Some(&true) { <span class="chip-inline critical">{ Msg::Critical.say(lang) }</span> }
            <b>{ step.id().to_owned() }</b>
            { why::words(step, lang) }
            if !waits.is_empty() {
                <p class="needs">{ Msg::Waits.fill(lang, &[("facts", &waits.join(comma))]) }</p>
            }
            if !typed.is_empty() {
                <details class="more" open={now}><summary>{ Msg::ByHand.say(lang) }</summary><pre class="typed">{ typed.to_owned() }</pre></details>
            }
            if !step.file().is_empty() {
                <button type="button" class="link" onclick={open}>{ Msg::ShowFiles.say(lang) }</button>
            }
        </li>
    }
}
