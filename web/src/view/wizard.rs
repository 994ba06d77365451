//! The questions, what they come to, and the button that draws it.

use std::rc::Rc;

use shared::finding::Finding;
use shared::layout::Layout;
use shared::mesh::{check, model};
use shared::topology::Installer;
use yew::prelude::*;

use super::{Props, findings::sentence, on, start};
use crate::browser;
use crate::command::{Command, Origin};
use crate::drawing::Drawing;
use crate::i18n::Msg;
use crate::wizard::{Answers, Who};

/// The wizard.
#[component]
pub(super) fn Wizard(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let answers = use_state_eq(Answers::default);
    let option = |name: &'static str, words: String, hint: Option<Msg>, to: Answers| {
        let chosen = *answers == to;
        let answers = answers.clone();
        html! {
            <label class={classes!("answer", chosen.then_some("on"))}>
                <input type="radio" {name} checked={chosen} onchange={move |_: Event| answers.set(to)} />
                <span>{ words }if let Some(hint) = hint { <small>{ hint.say(lang) }</small> }</span>
            </label>
        }
    };
    let ask = |name: &'static str, question: Msg, options: Vec<(String, Option<Msg>, Answers)>| {
        html! {
            <fieldset><legend>{ question.say(lang) }</legend>
                <div class="answers">{ for options.into_iter().map(|(words, hint, to)| option(name, words, hint, to)) }</div>
            </fieldset>
        }
    };
    let now = *answers;
    let say = |msg: Msg| msg.say(lang).to_owned();
    let topology = now.topology();
    let name = model(&topology).say(lang).to_owned();
    let trouble = check(&topology).findings.into_iter().find(Finding::is_error);
    let picture = start::picture(&topology);
    let draw = Command::Replace(Rc::new(Drawing::new(topology, Layout::default())), Origin::Template);
    let onkeydown = |event: KeyboardEvent| {
        if event.key() == "Tab" && browser::turn("[role=dialog]", event.shift_key()) {
            event.prevent_default();
        }
    };
    html! {
        <div class="scrim">
            <div class="dialog wizard" role="dialog" aria-modal="true" aria-labelledby="wizard-title" {onkeydown}>
                <h2 id="wizard-title">{ Msg::Wizard.say(lang) }</h2>
                { ask("clusters", Msg::AskClusters, (1..=4).map(|clusters| (clusters.to_string(), None, Answers { clusters, ..now })).collect()) }
                { ask("apart", Msg::AskApart, vec![
                    (say(Msg::AskTogether), Some(Msg::AskTogetherHint), Answers { apart: false, ..now }),
                    (say(Msg::AskSplit), Some(Msg::AskSplitHint), Answers { apart: true, ..now }),
                ]) }
                { ask("who", Msg::AskWho, vec![
                    (say(Msg::AskEach), Some(Msg::AskEachHint), Answers { who: Who::Each, ..now }),
                    (say(Msg::AskFirst), Some(Msg::AskFirstHint), Answers { who: Who::First, ..now }),
                    (say(Msg::AskExternal), Some(Msg::AskExternalHint), Answers { who: Who::Apart, ..now }),
                ]) }
                if now.serves() {
                    { ask("host", Msg::Entry, vec![
                        (say(Msg::EntryBalancer), None, Answers { host: false, ..now }),
                        (say(Msg::EntryHost), None, Answers { host: true, ..now }),
                    ]) }
                }
                { ask("installer", Msg::Installer, vec![
                    (say(Msg::InstallerIstioctl), None, Answers { installer: Installer::Istioctl, ..now }),
                    (say(Msg::InstallerHelm), None, Answers { installer: Installer::Helm, ..now }),
                ]) }
                <div class="outcome"><div><span class="hint">{ Msg::WizardMakes.say(lang) }</span><b id="wizard-makes">{ name }</b></div>{ picture }</div>
                if let Some(trouble) = &trouble { <p class="hint wrong">{ sentence(trouble.what.say(lang)) }{ ". " }{ sentence(trouble.hint.say(lang)) }</p> }
                <div class="actions">
                    <button type="button" class="framed" onclick={on(send, Command::CloseDialog)}>{ Msg::Cancel.say(lang) }</button>
                    <button type="button" class="solid" data-first="" id="wizard-draw" disabled={trouble.is_some()} onclick={on(send, draw)}>{ Msg::WizardDraw.say(lang) }</button>
                </div>
            </div>
        </div>
    }
}
