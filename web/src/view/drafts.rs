//! The drawings that this browser keeps: opened, named and deleted on the start screen, and what is shown where another page has one of them.

use shared::text::Lang;
use yew::prelude::*;

use super::{Props, Send, on};
use crate::browser;
use crate::command::Command;
use crate::draft::{Draft, Keeping};
use crate::editor::Editor;
use crate::i18n::{Msg, plural};

/// Lists the drawings.
pub(super) fn list(props: &Props) -> Html {
    let Props { editor, send } = props;
    let (lang, drafts) = (editor.lang(), &editor.drafts);
    if drafts.kept.is_empty() && drafts.deleted.is_none() {
        return html! {};
    }
    html! {
        <>
            <h2>{ Msg::Drafts.say(lang) }</h2>
            if let Some((draft, _)) = &drafts.deleted {
                <p class="draft" role="status"><span>{ Msg::DraftDeleted.fill(lang, &[("name", &draft.name)]) }</span>
                    <button type="button" class="framed" id="restore" onclick={on(send, Command::Keeping(Keeping::Restore))}>{ Msg::DraftRestore.say(lang) }</button>
                </p>
            }
            <ul class="drafts">{ for drafts.kept.iter().map(|draft| one(editor, draft, lang, send)) }</ul>
        </>
    }
}

fn one(editor: &Editor, draft: &Draft, lang: Lang, send: &Send) -> Html {
    let id = draft.id;
    let at_hand = id == editor.draft;
    let count = plural(draft.clusters, Msg::OneCluster, Msg::ManyClusters)
        .fill(lang, &[("count", &draft.clusters.to_string())]);
    let rename = send.reform(move |event: Event| {
        Command::Keeping(Keeping::Rename(id, event.target_unchecked_into::<web_sys::HtmlInputElement>().value()))
    });
    let named = |msg: Msg| msg.fill(lang, &[("name", &draft.name)]);
    let open = if at_hand { Command::Continue } else { Command::Keeping(Keeping::Open(id)) };
    html! {
        <li key={id.to_string()} class="draft">
            <input value={draft.name.clone()} disabled={at_hand} aria-label={named(Msg::DraftName)} onchange={rename} />
            <span class="hint">{ count }{ " · " }{ browser::drafts::when(draft.when, lang) }</span>
            <button type="button" class="framed" aria-label={named(Msg::DraftOpenLong)} onclick={on(send, open)}>{ Msg::OpenFile.say(lang) }</button>
            if !at_hand && !editor.drawing.is_blank() {
                <button type="button" class="framed" aria-label={named(Msg::DraftCompareLong)} onclick={on(send, Command::Keeping(Keeping::Compare(id)))}>{ Msg::DraftCompare.say(lang) }</button>
            }
            <button type="button" class="danger" aria-label={named(Msg::DraftDeleteLong)} onclick={on(send, Command::Keeping(Keeping::Delete(id)))}>{ Msg::DraftDelete.say(lang) }</button>
        </li>
    }
}

/// Says that another page has the drawing, and offers to take it.
pub(super) fn elsewhere(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    html! {
        if !editor.held {
            <div class="notice overlay newer" id="elsewhere" role="status">
                <p><b>{ Msg::Elsewhere.say(lang) }</b></p>
                <p>{ Msg::ElsewhereHint.say(lang) }</p>
                <p class="actions"><button type="button" class="solid" onclick={on(send, Command::Keeping(Keeping::TakeOver))}>{ Msg::TakeOver.say(lang) }</button></p>
            </div>
        }
    }
}
