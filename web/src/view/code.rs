//! The files of the bundle: a tree of them, and one of them coloured, with what the last edit changed marked.

use std::rc::Rc;

use shared::text::Lang;
use yew::prelude::*;

use super::{Props, Send, on, why};
use crate::change::{Change, Mark};
use crate::command::Command;
use crate::editor::{Editor, LastChange};
use crate::highlight::pieces;
use crate::i18n::Msg;
use crate::icons::Icon;

/// So many lines of a file are shown; the index of a large bundle has tens of thousands.
const LINES_MAX: usize = 3000;
/// So many clusters have their folders open; of more, only the one that the shown file is in.
const OPEN_MAX: usize = 12;

/// The tab with all files.
pub(super) fn files(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    if editor.derived.made.files.is_empty() {
        return html! { <div class="calm"><b>{ Msg::NoFiles.say(lang) }</b><p>{ Msg::NoFilesHint.say(lang) }</p></div> };
    }
    let chosen = editor.file.clone().filter(|path| editor.derived.made.files.contains(path));
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
    let Some(text) = editor.derived.made.files.get(path) else { return html! {} };
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
                <button type="button" id="save-file" title={Msg::SaveFile.say(lang)} aria-label={Msg::SaveFile.say(lang)} onclick={on(send, Command::SaveFile(path.to_owned()))}>
                    { Icon::Save.draw() }
                </button>
            </div>
            { why::of_file(editor, path) }
            <Code path={path.to_owned()} text={AttrValue::from(text.to_owned())} more={Msg::MoreLines.say(lang)} change={editor.change.clone()} />
        </>
    }
}

#[derive(PartialEq, Properties)]
struct CodeProps {
    path: String,
    text: AttrValue,
    /// What stands below lines that are left out.
    more: AttrValue,
    change: Option<Rc<LastChange>>,
}

#[component]
fn Code(props: &CodeProps) -> Html {
    let files: Option<&Change> = props.change.as_ref().and_then(|change| change.on_files());
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
        <pre class={classes!("code", props.path.starts_with("README").then_some("wrap"))} tabindex="0" aria-label={props.path.clone()}><div>
            { for props.text.lines().take(LINES_MAX).enumerate().map(line) }
            if let Some(rest) = props.text.lines().count().checked_sub(LINES_MAX + 1) {
                <span class="l more">{ props.more.replace("{count}", &(rest + 1).to_string()) }</span>
            }
        </div></pre>
    }
}

/// Lists the files: those of all clusters first, then those of each.
fn tree(editor: &Editor, send: &Send, chosen: &str) -> Html {
    let change: Option<&Change> = editor.change.as_ref().and_then(|change| change.on_files());
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
    let paths: Vec<&str> = editor.derived.made.files.paths().collect();
    let top = paths.iter().filter(|path| !path.starts_with("clusters/"));
    let folders: Vec<(&str, &[&str])> = paths
        .chunk_by(|a, b| folder(a) == folder(b))
        .filter_map(|paths| Some((folder(paths.first()?)?, paths)))
        .collect();
    let few = folders.len() <= OPEN_MAX;
    let cluster = |(name, paths): &(&str, &[&str])| {
        let head = html! {
            <>{ Icon::Folder.draw() }<span class="label">{ (*name).to_owned() }</span><span class="note">{ paths.len() }</span></>
        };
        let rows = || paths.iter().map(|path| row(path, path.splitn(3, '/').last().unwrap_or_default()));
        if few {
            return html! { <li><details open=true><summary class="row folder">{ head }</summary><ul>{ for rows() }</ul></details></li> };
        }
        let open = folder(chosen) == Some(*name);
        let first = paths.first().copied().unwrap_or_default().to_owned();
        html! {
            <li>
                <button type="button" class="row folder" aria-expanded={open.to_string()} onclick={on(send, Command::ShowFile(first))}>{ head }</button>
                if open { <ul>{ for rows() }</ul> }
            </li>
        }
    };
    html! { <ul>{ for top.map(|path| row(path, path)) }{ for folders.iter().map(cluster) }</ul> }
}

/// Returns the cluster whose folder a file is in.
fn folder(path: &str) -> Option<&str> {
    path.strip_prefix("clusters/")?.split('/').next()
}
