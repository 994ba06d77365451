//! An arrow while it is drawn: the line that follows the pointer, what it would come to, and the words above the canvas.
//! Line and words are written directly; both vanish with the tool, so nothing has to be put back.

use shared::layout::Point;
use web_sys::Element;
use yew::prelude::*;

use crate::browser;
use crate::command::Command;
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::icons::Icon;
use crate::view::{Send, on};

/// The line from a cluster to the pointer.
#[derive(Default)]
pub(super) struct Band {
    /// The arrow's beginning and the cluster under the pointer, as last spoken of.
    told: (usize, Option<usize>),
}

impl Band {
    /// Follows the pointer.
    pub(super) fn follow(&mut self, svg: &Element, from: usize, to: Point, editor: &Editor) {
        let cards = &editor.picture.cards;
        let Some(card) = cards.get(from) else { return };
        let Some(line) = browser::find(svg, "#drawn").into_iter().next() else { return };
        let x = card.rect.x + card.rect.width / 2;
        browser::set(&line, "d", &format!("M{x} {}L{} {}", card.rect.bottom(), to.x, to.y));
        let over = cards.iter().find(|card| card.rect.contains(to)).map(|card| card.index);
        let Some(words) = browser::by_id("verdict") else { return };
        // The rules are asked once for each cluster that the pointer comes to; a new tool has new words.
        if self.told == (from, over) && words.has_child_nodes() == over.is_some_and(|to| to != from) {
            return;
        }
        self.told = (from, over);
        let lang = editor.lang();
        let verdict = over.and_then(|to| editor.link_verdict(to));
        let (fits, said) = match &verdict {
            Some(Ok(said)) => (true, said.say(lang)),
            Some(Err(said)) => (false, said.say(lang)),
            None => (true, ""),
        };
        words.set_text_content(Some(said));
        browser::mark(&words, "wrong", !fits);
        browser::mark(&line, "wrong", !fits);
    }
}

/// What is being drawn and how it goes on; or why something was refused.
pub(super) fn banner(editor: &Editor, send: &Send) -> Html {
    let lang = editor.lang();
    let refused = editor.notice.as_ref().map(|why| {
        html! { <p class="wrong">{ Icon::Warning.draw() }<span>{ why.say(lang).to_owned() }</span></p> }
    });
    let Some(from) = editor.linking else {
        let Some(refused) = refused else { return html! {} };
        return html! {
            <div class="banner" id="refused">{ refused }<button type="button" class="framed" onclick={on(send, Command::LetGo)}>{ Msg::Close.say(lang) }</button></div>
        };
    };
    let name = editor.drawing.cluster(from).map(|cluster| cluster.name.to_string()).unwrap_or_default();
    let chosen = editor.selection.cluster().and_then(|to| Some((to, editor.link_verdict(to)?)));
    html! {
        <div class="banner" id="linking">
            <div>
                <b>{ Msg::LinkFrom.fill(lang, &[("from", &name)]) }</b>
                { match &chosen {
                    Some((_, Ok(said))) => html! { <p>{ said.say(lang).to_owned() }</p> },
                    Some((_, Err(why))) => html! { <p class="wrong">{ Icon::Warning.draw() }<span>{ why.say(lang).to_owned() }</span></p> },
                    None => html! { <p>{ Msg::LinkHow.fill(lang, &[("from", &name)]) }</p> },
                } }
                <p id="verdict"></p>
            </div>
            if let Some((to, Ok(_))) = chosen {
                <button type="button" class="solid" onclick={on(send, Command::Join(from, to))}>{ Msg::LinkConnect.say(lang) }</button>
            }
            <button type="button" class="framed" onclick={on(send, Command::LetGo)}>{ Msg::Cancel.say(lang) }<kbd>{ "Esc" }</kbd></button>
        </div>
    }
}
