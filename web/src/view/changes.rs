//! What edits did to the bundle: since the last one, since the drawing was opened, since the last export; and the edits, to go back to.

use std::rc::Rc;

use shared::text::{Lang, Text};
use web_sys::HtmlDetailsElement;
use yew::prelude::*;

use super::{Props, Send, field::Choice, on};
use crate::change::{Mark, comma, is_follower};
use crate::command::{Command, Span};
use crate::compare::Difference;
use crate::editor::{Editor, Effect, LastChange};
use crate::i18n::Msg;
use crate::lines::{Line, Side, difference};

/// So many files of a difference are listed.
const FILES_MAX: usize = 100;
/// So many lines of a file's difference are shown.
const LINES_MAX: usize = 400;
/// So many lines that stay are shown around those that do not.
const AROUND: usize = 2;

/// The tab.
pub(super) fn changes(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let options: Vec<(String, String)> = Span::ALL
        .iter()
        .zip("0123".chars())
        .filter(|(span, _)| **span != Span::Compared || editor.compared.is_some())
        .map(|(span, value)| (value.to_string(), span.msg().say(lang).to_owned()))
        .collect();
    let chosen = Span::ALL.iter().position(|span| *span == editor.span).unwrap_or_default().to_string();
    let onspan = send.reform(|value: String| {
        Command::Since(Span::ALL[value.parse::<usize>().unwrap_or_default().min(Span::ALL.len() - 1)])
    });
    let nothing = match editor.span {
        Span::Exported => Msg::NotExportedYet,
        _ => Msg::NothingDone,
    };
    html! {
        <>
            <div class="form"><Choice id="since" {lang} label={Msg::Since.say(lang)} options={options} {chosen} on={onspan} /></div>
            <div class="changed" id="changed">
                if editor.span == Span::Compared { { differences(editor, send) } }
                { match editor.since(editor.span) {
                    None if editor.span == Span::Compared => html! {},
                    None => html! { <p class="hint">{ nothing.say(lang) }</p> },
                    Some(change) => html! { <>
                        if editor.span == Span::Edit { <b>{ change.said.say(lang).to_owned() }</b> }
                        <p>{ effect(&change, lang) }</p>
                        { files(&change, lang) }
                    </> },
                } }
            </div>
            <h2>{ Msg::History.say(lang) }</h2>
            <ol class="history" id="history">{ for (0..editor.history.len()).rev().map(|at| step(editor, send, at)) }</ol>
        </>
    }
}

/// Says what an edit did to the files.
pub(super) fn effect(change: &LastChange, lang: Lang) -> Html {
    match &change.files {
        Effect::Awaited => html! { <span class="busy" id="busy">{ Msg::Writing.say(lang) }</span> },
        Effect::None => html! { <span class="minus optional">{ Msg::BundleWaits.say(lang) }</span> },
        Effect::On(change) => {
            let piece = |(number, (class, words)): (usize, (&'static str, String))| {
                html! { <>if number > 0 { { comma(lang) } }<span {class}>{ words }</span></> }
            };
            html! { <span class="effect">{ for change.spoken(lang).into_iter().enumerate().map(piece) }</span> }
        }
    }
}

/// One state: a press goes there; what led to it is folded below.
fn step(editor: &Editor, send: &Send, at: usize) -> Html {
    let lang = editor.lang();
    let Some((said, change)) = editor.history.step(at) else { return html! {} };
    let begin = Msg::HistoryBegin.text(&[]);
    let said: &Text = if at == 0 { &begin } else { said };
    let here = at == editor.history.at();
    // A worker speaks of the newest edit alone.
    let change = change.filter(|change| change.files != Effect::Awaited);
    html! {
        <li key={at} class={(at > editor.history.at()).then_some("undone")} aria-current={here.then_some("step")}>
            <button type="button" disabled={here} onclick={on(send, Command::Go(at))}>{ said.say(lang).to_owned() }</button>
            if here { <span class="chip-inline">{ Msg::Here.say(lang) }</span> }
            if let Some(change) = change {
                if change.on_files().is_some_and(|change| change.files().next().is_some()) {
                    <Fold {lang} change={change.clone()} path={AttrValue::default()} />
                } else { <span class="hint">{ effect(change, lang) }</span> }
            }
        </li>
    }
}

fn files(change: &Rc<LastChange>, lang: Lang) -> Html {
    let Some(files) = change.on_files() else { return html! {} };
    let count = files.files().count();
    let all: Vec<Html> = files
        .files()
        .take(FILES_MAX)
        .map(|(path, mark)| {
            let path = AttrValue::from(path.to_owned());
            html! {
                <li key={path.to_string()} class={is_follower(&path).then_some("follower")}>
                    { sign(mark, lang) }
                    <Fold {lang} change={change.clone()} {path} />
                </li>
            }
        })
        .collect();
    html! {
        <>
            <ul class="changed-files">{ for all }</ul>
            if count > FILES_MAX { <p class="hint">{ Msg::MoreFiles.fill(lang, &[("count", &(count - FILES_MAX).to_string())]) }</p> }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct FoldProps {
    lang: Lang,
    change: Rc<LastChange>,
    /// The file; where there is none, all of them.
    path: AttrValue,
}

/// The difference of one file, or of all, folded: worked out when it is opened.
#[component]
fn Fold(props: &FoldProps) -> Html {
    let FoldProps { lang, change, path } = props;
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        move |event: Event| open.set(event.target_unchecked_into::<HtmlDetailsElement>().open())
    };
    let head = if path.is_empty() {
        effect(change, *lang)
    } else {
        html! { path.strip_prefix("clusters/").unwrap_or(path).to_owned() }
    };
    html! {
        <details class="fold" {ontoggle}>
            <summary>{ head }</summary>
            if *open { { if path.is_empty() { files(change, *lang) } else { lines(change, path, *lang) } } }
        </details>
    }
}

fn sign(mark: Mark, lang: Lang) -> Html {
    let word = mark.msg().say(lang);
    html! { <span class={mark.class()} title={word}>{ mark.sign() }<span class="unseen">{ word }</span></span> }
}

/// What differs from the drawing that this one is compared with: what is there leads to its place on the canvas.
fn differences(editor: &Editor, send: &Send) -> Html {
    let lang = editor.lang();
    let Some(compared) = &editor.compared else { return html! {} };
    let one = |difference: &Difference| {
        let name = match &difference.about {
            Some(about) => {
                html! { <button type="button" class="link" onclick={on(send, Command::Select(about.clone()))}>{ &difference.name }</button> }
            }
            None => html! { &difference.name },
        };
        let line = |(side, words): &(Side, String)| {
            let (class, sign) = if *side == Side::Before { ("l gone", "-") } else { ("l came", "+") };
            html! { <span {class}><i>{ sign }</i>{ words }</span> }
        };
        html! {
            <li>
                { sign(difference.mark, lang) }
                <div>
                    { difference.kind.say(lang) }{ " " }{ name }
                    if !difference.lines.is_empty() { <pre class="code diff" tabindex="0" aria-label={difference.name.clone()}><div>{ for difference.lines.iter().map(line) }</div></pre> }
                </div>
            </li>
        }
    };
    html! {
        <>
            <p>{ compared.said().say(lang).to_owned() }</p>
            <ul class="changed-files" id="differences">{ for compared.differences.iter().map(one) }</ul>
            if compared.made.is_none() { <p class="hint">{ Msg::ComparedNoFiles.say(lang) }</p> }
        </>
    }
}

fn lines(change: &LastChange, path: &str, lang: Lang) -> Html {
    let Some(files) = change.on_files() else { return html! {} };
    let (before, after) = files.texts(path);
    let all = difference(before, after);
    let shown = near(&all);
    let mut last = None;
    let rows = shown.iter().take(LINES_MAX).map(|&at| {
        let gap = last.is_some_and(|last| last + 1 != at);
        last = Some(at);
        let (class, sign) = match all[at].side {
            Side::Both => ("l", " "),
            Side::Before => ("l gone", "-"),
            Side::After => ("l came", "+"),
        };
        html! { <>if gap { <span class="l gap">{ "⋯" }</span> }<span class={class}><i>{ sign }</i>{ all[at].text.to_owned() }</span></> }
    });
    html! {
        <pre class="code diff" tabindex="0" aria-label={path.to_owned()}><div>
            { for rows }
            if shown.len() > LINES_MAX { <span class="l more">{ Msg::MoreLines.fill(lang, &[("count", &(shown.len() - LINES_MAX).to_string())]) }</span> }
        </div></pre>
    }
}

/// Returns the places of the lines that differ, and of some around them.
fn near(all: &[Line]) -> Vec<usize> {
    let mut shown = Vec::new();
    let mut next = 0;
    for (at, _) in all.iter().enumerate().filter(|(_, line)| line.side != Side::Both) {
        let end = (at + AROUND + 1).min(all.len());
        shown.extend(next.max(at.saturating_sub(AROUND))..end.max(next));
        next = end.max(next);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_around_a_difference_are_shown_once() {
        let all = difference("1\n2\n3\n4\n5\n6\n7\n8\n9", "1\n2\n3\nx\n5\n6\n7\n8\ny");
        let text: Vec<&str> = near(&all).into_iter().map(|at| all[at].text).collect();
        assert_eq!(text, ["2", "3", "4", "x", "5", "6", "7", "8", "9", "y"]);
        assert!(near(&difference("1", "1")).is_empty());
    }
}
