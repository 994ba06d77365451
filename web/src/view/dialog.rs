//! Dialogs: the keys, why a file was not taken, why no bundle is exported.

use shared::text::Lang;
use yew::prelude::*;

use super::{Props, arrival, findings, on, overview::Overview, palette::Palette, wizard::Wizard};
use crate::actions::ACTIONS;
use crate::browser;
use crate::command::Command;
use crate::editor::{Dialog, Editor};
use crate::i18n::Msg;
use crate::icons::Icon;
use crate::open::Refusal;

/// The dialog that is open, if one is.
pub(super) fn dialogs(props: &Props) -> Html {
    let Props { editor, send } = props;
    let Some(dialog) = &editor.dialog else { return html! {} };
    let lang = editor.lang();
    let (title, body) = match dialog {
        Dialog::Wizard => return html! { <Wizard ..props.clone() /> },
        Dialog::Overview(_) => return html! { <Overview ..props.clone() /> },
        Dialog::Palette => return html! { <Palette ..props.clone() /> },
        Dialog::Keys => (Msg::KeysTitle.say(lang).to_owned(), keys(editor, props)),
        Dialog::Arrival(arrival) => {
            (Msg::ImportTitle.fill(lang, &[("name", &arrival.name)]), arrival::body(arrival, props))
        }
        Dialog::Refused(refusal) => (refusal.title.say(lang).to_owned(), refused(refusal, lang)),
        Dialog::NotExported => (Msg::NotExported.say(lang).to_owned(), not_exported(editor, props)),
    };
    let alarming = !matches!(dialog, Dialog::Keys | Dialog::Arrival(_));
    // A dialog keeps the focus: what is behind it is not reached by Tab.
    let onkeydown = |event: KeyboardEvent| {
        if event.key() == "Tab" && browser::turn("[role=dialog]", event.shift_key()) {
            event.prevent_default();
        }
    };
    html! {
        <div class="scrim">
            <div class="dialog" role="dialog" aria-modal="true" aria-labelledby="dialog-title" onkeydown={onkeydown}>
                <h2 id="dialog-title">if alarming { { Icon::Warning.draw() } }{ title }</h2>
                { body }
                <div class="actions"><button type="button" class={if matches!(dialog, Dialog::Arrival(_)) { "framed close" } else { "solid close" }} data-first="" onclick={on(send, Command::CloseDialog)}>{ Msg::Close.say(lang) }</button></div>
            </div>
        </div>
    }
}

fn keys(editor: &Editor, props: &Props) -> Html {
    let lang = editor.lang();
    html! {
        <>
            <dl class="keys">
                { for ACTIONS.iter().filter(|action| !action.shown.is_empty()).map(|action| html! {
                    <><dt>{ for action.shown.iter().map(|shown| html! { <kbd>{ *shown }</kbd> }) }</dt><dd>{ action.msg.say(lang) }</dd></>
                }) }
            </dl>
            <label class="check"><input type="checkbox" id="letters" checked={editor.settings.letters} onchange={on(&props.send, Command::SwitchLetters)} />{ Msg::LetterKeys.say(lang) }</label>
            <label class="check"><input type="checkbox" id="motion" checked={editor.settings.motion} onchange={on(&props.send, Command::SwitchMotion)} />{ Msg::Motion.say(lang) }</label>
        </>
    }
}

fn refused(refusal: &Refusal, lang: Lang) -> Html {
    html! {
        <>
            <section class="finding error">
                <div class="head-line"><span>{ findings::sentence(refusal.what.say(lang)) }</span></div>
                <p>{ findings::sentence(refusal.hint.say(lang)) }</p>
                if let Some(line) = refusal.line {
                    <div class="foot-line"><span>{ Msg::Line.fill(lang, &[("line", &line.to_string())]) }</span></div>
                }
            </section>
            <p class="hint">{ Msg::DrawingKept.say(lang) }</p>
        </>
    }
}

fn not_exported(editor: &Editor, props: &Props) -> Html {
    html! {
        <>
            <p>{ Msg::NotExportedLead.say(editor.lang()) }</p>
            { findings::errors(editor, &props.send) }
        </>
    }
}
