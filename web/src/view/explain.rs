//! What a kind of finding means, looks like and asks for: words that are loaded when somebody wants to read them.

use shared::text::Lang;
use yew::prelude::*;

use super::{findings::sentence, why};
use crate::browser;
use crate::i18n::Msg;

#[derive(PartialEq, Properties)]
pub(super) struct ExplainProps {
    /// The id of the kind.
    pub(super) id: &'static str,
    /// The language.
    pub(super) lang: Lang,
}

/// What is known of the words.
#[derive(Clone, PartialEq)]
enum Words {
    NotAsked,
    Asked,
    /// What it means, looks like and asks for, and where that is read.
    Read([String; 4]),
    Lost,
}

/// The words of a kind of finding, folded.
#[component]
pub(super) fn Explain(props: &ExplainProps) -> Html {
    let ExplainProps { id, lang } = *props;
    let words = use_state_eq(|| Words::NotAsked);
    let ontoggle = {
        let words = words.clone();
        move |_: Event| {
            if !matches!(*words, Words::NotAsked | Words::Lost) {
                return;
            }
            words.set(Words::Asked);
            let words = words.clone();
            yew::platform::spawn_local(async move {
                let file = if lang == Lang::Zh { "explain.zh.txt" } else { "explain.en.txt" };
                let text = browser::beside(file).await.unwrap_or_default();
                words.set(of(&text, id).map_or(Words::Lost, Words::Read));
            });
        }
    };
    let body = match &*words {
        Words::NotAsked | Words::Asked => html! {},
        Words::Lost => html! { <p>{ sentence(&Msg::ExplainLost.fill(lang, &[("id", id)])) }</p> },
        Words::Read([means, looks, remedy, source]) => html! {
            <>
                <p>{ sentence(means) }</p>
                <b>{ Msg::LooksLike.say(lang) }</b><p>{ sentence(looks) }</p>
                <b>{ Msg::WhatToDo.say(lang) }</b><p>{ sentence(remedy) }</p>
                <p class="hint">{ Msg::Source.say(lang) }{ why::sources(source, lang) }</p>
            </>
        },
    };
    html! { <details class="more" {ontoggle}><summary>{ Msg::Explain.say(lang) }</summary>{ body }</details> }
}

/// Finds the words of a kind in the file of all.
fn of(text: &str, id: &str) -> Option<[String; 4]> {
    let line = text.lines().find_map(|line| line.strip_prefix(id)?.strip_prefix('\t'))?;
    let mut parts = line.split('\t').map(str::to_owned);
    Some([parts.next()?, parts.next()?, parts.next()?, parts.next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_whole_id() {
        let text = "a-b-c\t1\t2\t3\t4\na-b\tmeans\tlooks\tremedy\tsource\n";
        assert_eq!(of(text, "a-b").unwrap(), ["means", "looks", "remedy", "source"]);
        assert_eq!(of(text, "a"), None);
        assert_eq!(of("a\t1\t2", "a"), None);
    }
}
