//! The line at the foot: what the last edit did to the bundle, how long the plan is, what is to mend.

use shared::finding::{Severity, pressing};
use yew::prelude::*;

use super::{Props, changes, on, walk};
use crate::command::{Command, Tab};
use crate::derived::Derived;
use crate::editor::Editor;
use crate::i18n::{Msg, plural};
use crate::walk::Course;

/// The time of longer plans is said with their steps alone.
const COUNTED: usize = 600;

/// The line at the foot.
pub(super) fn foot(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let change = editor.change.as_ref();
    let said = change.map_or_else(|| Msg::NothingDone.say(lang).to_owned(), |change| change.said.say(lang).to_owned());
    let effect = match change {
        None => html! {},
        Some(change) => html! {
            <>
                { changes::effect(change, lang) }
                if change.on_files().is_some() {
                    <button type="button" class="framed optional" id="difference" onclick={on(send, Command::ShowTab(Tab::Changes))}>{ Msg::ShowDifference.say(lang) }</button>
                }
            </>
        },
    };
    let findings = pressing(&editor.derived.findings).count();
    let (class, words) = match Derived::worst(editor.derived.findings.iter()) {
        None => ("none", Msg::ZeroFindings.say(lang).to_owned()),
        Some(worst) => {
            let class = if worst == Severity::Error { "error" } else { "warning" };
            (
                class,
                plural(findings, Msg::OneFinding, Msg::ManyFindings).fill(lang, &[("count", &findings.to_string())]),
            )
        }
    };
    html! {
        <footer class="foot" aria-label={said.clone()}>
            <span class="what" id="change">{ said }</span>
            { effect }
            <span class="spacer"></span>
            if editor.derived.is_planned() {
                <button type="button" class="optional" id="plan" onclick={on(send, Command::ShowTab(Tab::Steps))}>
                    { plan(editor) }
                </button>
            }
            <button type="button" class={classes!("count", class)} id="finding-count" onclick={on(send, Command::ShowTab(Tab::Findings))}>{ words }</button>
        </footer>
    }
}

/// Says how long the plan is, and how long it takes; of a very long one that would be counted too often.
fn plan(editor: &Editor) -> String {
    let (lang, steps) = (editor.lang(), &editor.derived.made.steps);
    let count = plural(steps.len(), Msg::OneStep, Msg::ManySteps).fill(lang, &[("count", &steps.len().to_string())]);
    if steps.len() > COUNTED {
        return count;
    }
    let time = walk::spoken(Course::of(steps).total(), lang);
    format!("{count} · {}", Msg::PlanTime.fill(lang, &[("all", &time)]))
}
