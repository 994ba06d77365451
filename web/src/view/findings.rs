//! What is to mend: cards with a sentence, what to do, and a button where it can be done for the architect.

use shared::finding::{Finding, Severity};
use shared::text::Lang;
use yew::prelude::*;

use super::{Send, explain::Explain, on};
use crate::command::{Command, Edit};
use crate::editor::Editor;
use crate::i18n::Msg;
use crate::icons::Icon;

/// Shows the findings that keep the bundle back.
pub(super) fn errors(editor: &Editor, send: &Send) -> Html {
    cards(editor, send, Finding::is_error)
}

fn cards(editor: &Editor, send: &Send, which: fn(&Finding) -> bool) -> Html {
    let all = editor.derived.findings.iter().enumerate().filter(|(_, finding)| which(finding));
    all.map(|(at, finding)| card(editor, send, finding, Some(at))).collect()
}

/// Shows all findings.
pub(super) fn all(editor: &Editor, send: &Send) -> Html {
    let lang = editor.lang();
    if editor.derived.findings.is_empty() {
        return html! {
            <div class="calm">{ Icon::Check.draw() }<b>{ Msg::NoFindings.say(lang) }</b><p>{ Msg::NoFindingsHint.say(lang) }</p></div>
        };
    }
    cards(editor, send, |_| true)
}

/// Shows one finding; by its place in the list it offers to select what it is about.
pub(super) fn card(editor: &Editor, send: &Send, finding: &Finding, place: Option<usize>) -> Html {
    let lang = editor.lang();
    let severity = match finding.severity() {
        Severity::Error => Msg::SeverityError,
        Severity::Warning => Msg::SeverityWarning,
        Severity::Info => Msg::SeverityInfo,
    };
    html! {
        <section class={classes!("finding", finding.severity().word())} data-finding={finding.id()}>
            <div class="head-line">{ Icon::Warning.draw() }<span>{ severity.say(lang) }{ if lang == Lang::Zh { "：" } else { ": " } }{ sentence(finding.what.say(lang)) }</span></div>
            <p>{ sentence(finding.hint.say(lang)) }</p>
            <Explain key={format!("{}-{}", finding.id(), lang.tag())} id={finding.id()} {lang} />
            <div class="foot-line">
                { for finding.fixes.iter().map(|fix| html! {
                    <button type="button" class="framed" onclick={on(send, Command::Edit(Edit::Fix(Box::new(fix.clone()))))}>{ fix.label.say(lang) }</button>
                }) }
                if let Some(place) = place {
                    <button type="button" class="framed" onclick={on(send, Command::ShowFinding(place))}>{ Msg::Show.say(lang) }</button>
                }
                <code>{ finding.id() }</code>
                if let Some(line) = editor.line_of(finding).filter(|_| place.is_some()).map(|line| line + 1) { <span>{ Msg::Line.fill(lang, &[("line", &line.to_string())]) }</span> }
            </div>
        </section>
    }
}

/// Makes a sentence of a message: the first letter is large, and what stands between backticks is code.
pub(super) fn sentence(words: &str) -> Html {
    let piece = |(number, words): (usize, &str)| {
        if number % 2 == 1 {
            return html! { <code>{ words.to_owned() }</code> };
        }
        let mut letters = words.chars();
        match letters.next().filter(|_| number == 0) {
            Some(first) => html! { format!("{}{}", first.to_ascii_uppercase(), letters.as_str()) },
            None => html! { words.to_owned() },
        }
    };
    words.split('`').enumerate().map(piece).collect()
}
