//! Why a step is there: the words of the runbook, beside what is selected, a step or a file.

use shared::source::{Citation, citations, spoken};
use shared::text::Lang;
use yew::prelude::*;

use super::findings::sentence;
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::made::PlanStep;

/// What a step is for, what breaks without it, what of the drawing it comes from, and where that is read.
pub(super) fn words(step: PlanStep, lang: Lang) -> Html {
    html! {
        <>
            <p>{ sentence(step.purpose(lang)) }</p>
            <p>{ sentence(step.breaks(lang)) }</p>
            <p class="from">{ Msg::FromDrawing.say(lang) }{ step.from(lang).to_owned() }</p>
            <p class="from">{ Msg::Source.say(lang) }{ sources(step.source(), lang) }</p>
        </>
    }
}

/// A link to a page elsewhere, in the language where there is one.
pub(super) fn link(url: &str, words: &str, lang: Lang) -> Html {
    html! { <a href={spoken(url, lang)} target="_blank" rel="noreferrer">{ words.to_owned() }</a> }
}

/// Where something is read: pages by their links.
pub(super) fn sources(words: &str, lang: Lang) -> Html {
    let source = |citation: Citation| match citation.url {
        Some(url) => link(&url, citation.words, lang),
        None => html! { citation.words.to_owned() },
    };
    let one = |(number, citation)| html! { <>if number > 0 { { "; " } }{ source(citation) }</> };
    citations(words).enumerate().map(one).collect()
}

/// The words of the step that a file belongs to, folded: the file is what one came for.
pub(super) fn of_file(editor: &Editor, path: &str) -> Html {
    if !path.starts_with("clusters/") {
        return html! {};
    }
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let steps = &editor.derived.made.steps;
    // Of a folder that several steps share each has the file it is asked for; a step alone has all of its folder.
    let step = steps
        .iter()
        .find(|step| step.file() == path)
        .or_else(|| steps.iter().find(|step| folder(step.file()) == folder(path)));
    match step {
        Some(step) => html! {
            <details class="card-why">
                <summary>{ Msg::WhyStep.fill(editor.lang(), &[("step", step.id())]) }</summary>
                { words(step, editor.lang()) }
            </details>
        },
        None => html! {},
    }
}
