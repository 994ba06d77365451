//! What came in and is not drawn yet: what it holds, what of it is not read, and whether it is added or takes the drawing's place.

use shared::import::{Kind, Unread};
use shared::text::Lang;
use yew::prelude::*;

use super::{Props, on};
use crate::arrival::{Arrival, What};
use crate::command::Command;
use crate::i18n::{Msg, plural};

/// So many fields are listed; of more, how many there are.
const UNREAD_MAX: usize = 100;

/// What the dialog shows.
pub(super) fn body(arrival: &Arrival, props: &Props) -> Html {
    let lang = props.editor.lang();
    let clusters = arrival.clusters();
    let count = clusters.len();
    let count = plural(count, Msg::OneCluster, Msg::ManyClusters).fill(lang, &[("count", &count.to_string())]);
    let (kind, unread, differs) = match &arrival.what {
        What::Drawing(_) => (Msg::ImportDrawing, &[][..], Vec::new()),
        What::Other(imported) => {
            let kind = match imported.kind {
                Kind::Operator => Msg::ImportOperator,
                Kind::Values => Msg::ImportValues,
                Kind::Kubeconfig => Msg::ImportKubeconfig,
            };
            (kind, &imported.unread[..], imported.differs(&props.editor.drawing.topology))
        }
    };
    let drawn = !props.editor.drawing.is_blank();
    html! {
        <>
            <p>{ kind.say(lang) }{ " " }<b>{ count }</b></p>
            <ul class="arrived">{ for clusters.iter().map(|cluster| html! {
                <li><b>{ cluster.name.as_str() }</b>{ " · " }{ cluster.network.as_ref().map_or("–", |network| network.as_str()) }{ " · " }{ cluster.role.word() }</li>
            }) }</ul>
            if drawn && !differs.is_empty() {
                <p class="hint">{ Msg::ImportDiffers.fill(lang, &[("fields", &differs.join(", "))]) }</p>
            }
            if !unread.is_empty() { { fields(unread, lang) } }
            <div class="actions">
                if drawn {
                    <button type="button" class="solid" id="import-add" data-first="" onclick={on(&props.send, Command::Admit(true))}>{ Msg::ImportAdd.say(lang) }</button>
                }
                <button type="button" class={if drawn { "framed" } else { "solid" }} id="import-replace" onclick={on(&props.send, Command::Admit(false))}>
                    { if drawn { Msg::ImportReplace } else { Msg::WizardDraw }.say(lang) }
                </button>
            </div>
        </>
    }
}

fn fields(unread: &[Unread], lang: Lang) -> Html {
    let summary = Msg::ImportUnread.fill(lang, &[("count", &unread.len().to_string())]);
    html! {
        <details class="more" open=true><summary>{ summary }</summary>
            <ul class="unread">{ for unread.iter().take(UNREAD_MAX).map(|unread| html! {
                <li><code>{ unread.field.clone() }</code>{ " " }<span class="hint">{ Msg::Line.fill(lang, &[("line", &unread.line.to_string())]) }</span></li>
            }) }</ul>
        </details>
    }
}
