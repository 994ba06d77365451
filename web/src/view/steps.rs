//! The plan, step by step: what it is for and what it waits for.

use shared::step::Action;
use yew::prelude::*;

use super::{Send, findings::sentence};
use crate::command::{Command, Tab};
use crate::editor::Editor;
use crate::i18n::Msg;

/// Shows all steps.
pub(super) fn all(editor: &Editor, send: &Send) -> Html {
    let lang = editor.lang();
    let Some(plan) = &editor.derived.plan else {
        return html! { <div class="calm"><b>{ Msg::NoFiles.say(lang) }</b><p>{ Msg::NoFilesHint.say(lang) }</p></div> };
    };
    let comma = if lang == shared::text::Lang::Zh { "、" } else { ", " };
    let step = |(step, after): (&shared::step::Step, &std::collections::BTreeSet<usize>)| {
        let action = match step.action {
            Action::Apply(_) => Msg::ActionApply,
            Action::Install(_) | Action::Helm(_) => Msg::ActionInstall,
        };
        let waits: Vec<String> = after.iter().map(|&at| plan.steps[at].id.to_string()).collect();
        let file = step.files().into_iter().next();
        let open = file.map(|file| {
            let send = send.clone();
            Callback::from(move |_: MouseEvent| {
                send.emit(Command::ShowFile(file.clone()));
                send.emit(Command::ShowTab(Tab::Files));
            })
        });
        html! {
            <li class="step">
                <span class="chip-inline">{ action.say(lang) }</span>
                <b>{ step.id.to_string() }</b>
                <p>{ sentence(step.why.purpose.say(lang)) }</p>
                if !waits.is_empty() {
                    <p class="needs">{ Msg::Waits.fill(lang, &[("facts", &waits.join(comma))]) }</p>
                }
                if let Some(open) = open {
                    <button type="button" class="link" onclick={open}>{ Msg::ShowFiles.say(lang) }</button>
                }
            </li>
        }
    };
    let assumed: Vec<String> = plan.assumptions.iter().map(ToString::to_string).collect();
    html! {
        <>
            if !assumed.is_empty() {
                <p class="card-why">{ sentence(&Msg::Assumes.fill(lang, &[("facts", &assumed.join(comma))])) }</p>
            }
            <ol class="steps">{ for plan.steps.iter().zip(&plan.after).map(step) }</ol>
        </>
    }
}
