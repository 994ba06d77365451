//! A selected arrow: what it says, where it begins and ends, and who drew it.

use shared::scene::ArrowKind;
use yew::prelude::*;

use super::{Send, on, reach};
use crate::command::{ArrowId, Command, Selection};
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::icons::Icon;

/// What an arrow says.
pub(super) fn form(editor: &Editor, send: &Send, id: ArrowId) -> Html {
    let lang = editor.lang();
    let name = |at: usize| editor.drawing.cluster(at).map(|cluster| cluster.name.to_string()).unwrap_or_default();
    let end = |msg: Msg, at: usize| {
        html! {
            <>
                <span class="key">{ msg.say(lang) }</span>
                <span class="value"><button type="button" class="link" onclick={on(send, Command::Select(Selection::Cluster(at)))}>{ name(at) }</button></span>
            </>
        }
    };
    let by = if id.is_drawn() { Msg::DrawnByYou } else { Msg::DrawnByRules };
    html! {
        <div class="form" key={format!("arrow-{}-{}-{}", short(id.kind).say(lang), id.from, id.to)}>
            <span class="key">{ Msg::ArrowSays.say(lang) }</span><b class="value" id="arrow-says">{ editor.arrow_words(id).say(lang).to_owned() }</b>
            { end(Msg::ArrowFrom, id.from) }
            { end(Msg::ArrowTo, id.to) }
            <span class="key">{ Msg::Origin.say(lang) }</span>
            <span class="value">{ by.fill(lang, &[("from", &name(id.from))]) }</span>
            // What of an arrow between an istiod and an API server is not implied: how that one is dialled.
            if matches!(id.kind, ArrowKind::Reads | ArrowKind::Config) {
                { reach::api_server(lang, send, id.to, editor.drawing.cluster(id.to).and_then(|cluster| cluster.api_server.as_ref())) }
            }
            if id.is_drawn() {
                <div class="actions">
                    <button type="button" class="framed danger" onclick={on(send, Command::DeleteSelected)}>{ Icon::Delete.draw() }{ Msg::Delete.say(lang) }</button>
                </div>
            }
        </div>
    }
}

/// Says in two words what an arrow of a kind says.
pub(super) fn short(kind: ArrowKind) -> Msg {
    match kind {
        ArrowKind::ServedBy => Msg::ServesLabel,
        ArrowKind::Config => Msg::ConfigLabel,
        ArrowKind::Reads => Msg::ReadsShort,
        ArrowKind::Traffic => Msg::CrossesShort,
    }
}
