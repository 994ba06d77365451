//! The right panel: tabs for what is selected, findings, files and steps.

use shared::finding::pressing;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::{Props, arrow, changes, code, findings, inspector::inspector, on, steps};
use crate::command::{Command, Selection, Tab};
use crate::derived::Derived;
use crate::i18n::Msg;

/// The right panel.
pub(super) fn panel(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let name = match &editor.selection {
        Selection::Mesh => editor.drawing.topology.name.clone(),
        Selection::Network(network) => network.to_string(),
        Selection::Arrow(id) => arrow::short(id.kind).say(lang).to_owned(),
        Selection::Many(all) => Msg::ManyClusters.fill(lang, &[("count", &all.len().to_string())]),
        Selection::Cluster(index) | Selection::Part(index, _) => {
            editor.drawing.cluster(*index).map(|cluster| cluster.name.to_string()).unwrap_or_default()
        }
    };
    let findings = &editor.derived.findings;
    let tab = |tab: Tab| {
        let chosen = editor.tab == tab;
        let words = match tab {
            Tab::Selected => html! { <span class="name">{ &name }</span> },
            Tab::Findings => html! {
                <>
                    { Msg::TabFindings.say(lang) }
                    if let Some(worst) = Derived::worst(findings.iter()) { <span class={classes!("badge", worst.word())}>{ pressing(findings).count() }</span> }
                </>
            },
            Tab::Files => html! { Msg::TabFiles.say(lang) },
            Tab::Steps => html! { Msg::TabSteps.say(lang) },
            Tab::Changes => html! { Msg::TabChanges.say(lang) },
        };
        html! {
            <button type="button" role="tab" id={tab_id(tab)} aria-selected={chosen.to_string()} aria-controls="pane" tabindex={if chosen { "0" } else { "-1" }}
                onclick={on(send, Command::ShowTab(tab))}>{ words }</button>
        }
    };
    let onkeydown = {
        let (send, here) = (send.clone(), editor.tab);
        move |event: KeyboardEvent| {
            let at = Tab::ALL.iter().position(|tab| *tab == here).unwrap_or_default();
            let to = match event.key().as_str() {
                "ArrowRight" => Tab::ALL[(at + 1) % Tab::ALL.len()],
                "ArrowLeft" => Tab::ALL[(at + Tab::ALL.len() - 1) % Tab::ALL.len()],
                _ => return,
            };
            event.prevent_default();
            send.emit(Command::ShowTab(to));
        }
    };
    let pane = match editor.tab {
        Tab::Selected => inspector(props),
        Tab::Findings => findings::all(editor, send),
        Tab::Files => code::files(props),
        Tab::Steps => steps::all(editor, send),
        Tab::Changes => changes::changes(props),
    };
    html! {
        <section class="right" aria-label={Msg::Details.say(lang)}>
            <div class="tabs" role="tablist" onkeydown={onkeydown}>{ for Tab::ALL.into_iter().map(tab) }</div>
            <div class="pane" role="tabpanel" id="pane" aria-labelledby={tab_id(editor.tab)} key={tab_id(editor.tab)}>{ pane }</div>
        </section>
    }
}

/// Names the button of a tab in the page.
pub(super) fn tab_id(tab: Tab) -> &'static str {
    match tab {
        Tab::Selected => "tab-selected",
        Tab::Findings => "tab-findings",
        Tab::Files => "tab-files",
        Tab::Steps => "tab-steps",
        Tab::Changes => "tab-changes",
    }
}
