//! The files of the bundle: a tree of them, and one of them coloured, with what the last edit changed marked.

use std::rc::Rc;

use shared::text::Lang;
use yew::prelude::*;

use super::{Props, Send, on};
use crate::change::{Change, Mark};
use crate::command::Command;
use crate::editor::{Editor, LastChange};
use crate::highlight::pieces;
use crate::i18n::Msg;
use crate::icons::Icon;

/// The tab with all files.
pub(super) fn files(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    if editor.derived.files.is_empty() {
        return html! { <div class="calm"><b>{ Msg::NoFiles.say(lang) }</b><p>{ Msg::NoFilesHint.say(lang) }</p></div> };
    }
    let chosen = editor.file.clone().filter(|path| editor.derived.files.contains_key(path));
    let chosen = chosen.unwrap_or_else(|| if lang == Lang::Zh { "README.zh.md" } else { "README.md" }.to_owned());
    html! {
        <div class="files">
            { stale(editor) }
            <div class="file-list">{ tree(editor, send, &chosen) }</div>
            { file(editor, send, &chosen) }
        </div>
    }
}

/// Says that the files shown are older than the drawing, where they are.
fn stale(editor: &Editor) -> Html {
    html! { if editor.derived.mesh.is_none() { <p class="stale">{ Msg::Stale.say(editor.lang()) }</p> } }
}

/// Shows one file with its name.
pub(super) fn file(editor: &Editor, send: &Send, path: &str) -> Html {
    let lang = editor.lang();
    let Some(text) = editor.derived.files.get(path) else { return html! {} };
    let kind = text.lines().find_map(|line| line.strip_prefix("kind: ")).unwrap_or_default();
    // The folder says the rest; the name is what one looks for.
    let shown = path.strip_prefix("clusters/").unwrap_or(path).replace('/', " / ");
    html! {
        <>
            <div class="path">
                <b title={path.to_owned()}>{ shown }</b><span class="kind">{ kind }</span>
                <button type="button" title={Msg::CopyFile.say(lang)} aria-label={Msg::CopyFile.say(lang)} onclick={on(send, Command::CopyFile(path.to_owned()))}>
                    { Icon::Copy.draw() }
                </button>
            </div>
            <Code path={path.to_owned()} text={AttrValue::from(text.clone())} change={editor.change.clone()} />
        </>
    }
}

#[derive(PartialEq, Properties)]
struct CodeProps {
    path: String,
    text: AttrValue,
    change: Option<Rc<LastChange>>,
}

#[component]
fn Code(props: &CodeProps) -> Html {
    let files: Option<&Change> = props.change.as_ref().and_then(|change| change.files.as_ref());
    let new_lines = files.map(|change| change.new_lines(&props.path, &props.text)).unwrap_or_default();
    let line = |(number, line): (usize, &str)| {
        let new = new_lines.contains(&number);
        html! {
            <span class={classes!("l", new.then_some("new"))}>
                { for pieces(&props.path, line).into_iter().map(|(kind, text)| match kind.class() {
                    Some(class) => html! { <i class={class}>{ text }</i> },
                    None => html! { text },
                }) }
            </span>
        }
    };
    html! {
        <pre class={classes!("code", props.path.starts_with("README").then_some("wrap"))} tabindex="0" aria-label={props.path.clone()}><div>{ for props.text.lines().enumerate().map(line) }</div></pre>
    }
}

/// Lists the files: those of all clusters first, then those of each.
fn tree(editor: &Editor, send: &Send, chosen: &str) -> Html {
    let change: Option<&Change> = editor.change.as_ref().and_then(|change| change.files.as_ref());
    let paths = || editor.derived.files.keys();
    let row = |path: &str, name: &str| {
        let mark = match change.and_then(|change| change.mark(path)) {
            Some(Mark::New) => html! { <span class="note plus" title={Msg::MarkNew.say(editor.lang())}>{ "+" }</span> },
            Some(Mark::Changed) => {
                html! { <span class="note mod" title={Msg::MarkChanged.say(editor.lang())}>{ "~" }</span> }
            }
            None => html! {},
        };
        html! {
            <li><button type="button" class="row" aria-current={(path == chosen).then_some("true")} onclick={on(send, Command::ShowFile(path.to_owned()))}>
                { Icon::File.draw() }<span class="label">{ name.to_owned() }</span>{ mark }
            </button></li>
        }
    };
    let top = paths().filter(|path| !path.starts_with("clusters/"));
    let cluster = |name: &str| {
        let prefix = format!("clusters/{name}/");
        let own = paths().filter_map(|path| path.strip_prefix(&prefix).map(|rest| row(path, rest))).collect::<Vec<_>>();
        html! {
            <li>
                <details open=true>
                    <summary class="row folder">{ Icon::Folder.draw() }<span class="label">{ name.to_owned() }</span><span class="note">{ own.len() }</span></summary>
                    <ul>{ for own }</ul>
                </details>
            </li>
        }
    };
    let mut clusters: Vec<&str> =
        paths().filter_map(|path| path.strip_prefix("clusters/")?.split('/').next()).collect();
    clusters.dedup();
    html! { <ul>{ for top.map(|path| row(path, path)) }{ for clusters.into_iter().map(cluster) }</ul> }
}
