//! The files of the bundle: a tree of them, and one of them coloured, with what the last edit changed marked.

use std::rc::Rc;

use shared::text::Lang;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::{Props, Send, on, why};
use crate::browser;
use crate::change::{Change, Mark};
use crate::command::Command;
use crate::editor::files::LINES_MAX;
use crate::editor::{Editor, LastChange};
use crate::highlight::pieces;
use crate::i18n::Msg;
use crate::icons::Icon;

/// So many clusters have their folders open; of more, only the one that the shown file is in.
const OPEN_MAX: usize = 12;

/// The tab with all files.
pub(super) fn files(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    if editor.derived.made.files.is_empty() {
        return html! { <div class="calm"><b>{ Msg::NoFiles.say(lang) }</b><p>{ Msg::NoFilesHint.say(lang) }</p></div> };
    }
    let chosen = editor.shown_file();
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
    let Some(text) = editor.text_of(path) else { return html! {} };
    let marked = editor.marked(path, &text);
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
            <Code path={path.to_owned()} text={AttrValue::from(text.into_owned())} {lang} {marked} change={editor.change.clone()} {send} />
        </>
    }
}

#[derive(PartialEq, Properties)]
struct CodeProps {
    path: String,
    text: AttrValue,
    lang: Lang,
    /// The lines that come from what is selected, counted from 0.
    marked: Vec<usize>,
    change: Option<Rc<LastChange>>,
    send: Send,
}

/// The line that the keys are at.
const AT: &str = "code-line";

/// Goes to another line by a key; `None` where the key leads nowhere.
fn moved(key: &str, from: Option<usize>, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let Some(from) = from else { return matches!(key, "ArrowDown" | "ArrowUp" | "Home" | "End").then_some(0) };
    Some(
        match key {
            "ArrowDown" => from + 1,
            "ArrowUp" => from.saturating_sub(1),
            "PageDown" => from + PAGE,
            "PageUp" => from.saturating_sub(PAGE),
            "Home" => 0,
            "End" => last,
            _ => return None,
        }
        .min(last),
    )
}

/// So many lines are gone over at once.
const PAGE: usize = 20;

#[component]
fn Code(props: &CodeProps) -> Html {
    let CodeProps { path, text, lang, marked, change, send } = props;
    let list = use_node_ref();
    // Where the keys are: written on the lines at once, since a file has thousands of them.
    let at = use_mut_ref(|| None::<usize>);
    use_effect_with((path.clone(), marked.first().copied()), {
        let (list, at) = (list.clone(), at.clone());
        move |(_, first)| {
            let Some(list) = list.cast::<HtmlElement>() else { return };
            // Who came by a line of the file stays there.
            if browser::focused().as_ref() == Some(&list) {
                return;
            }
            browser::reveal(".files > .file-list [aria-current=true]");
            *at.borrow_mut() = *first;
            let line = first.and_then(|first| browser::find(&list, ".l").into_iter().nth(first));
            let top = line.and_then(|line| line.dyn_into::<HtmlElement>().ok()).map_or(0, |line| line.offset_top());
            list.set_scroll_top((top - ABOVE).max(0));
        }
    });
    let select = {
        let (send, path) = (send.clone(), path.clone());
        move |line: usize| send.emit(Command::SelectLine(path.clone(), line))
    };
    let onclick = {
        let (list, at, select) = (list.clone(), at.clone(), select.clone());
        move |event: MouseEvent| {
            let Some(list) = list.cast::<HtmlElement>() else { return };
            let hit = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let hit = hit.and_then(|hit| hit.closest(".l").ok().flatten());
            if let Some(line) = browser::find(&list, ".l").iter().position(|line| Some(line) == hit.as_ref()) {
                *at.borrow_mut() = Some(line);
                select(line);
            }
        }
    };
    let onkeydown = {
        let list = list.clone();
        move |event: KeyboardEvent| {
            let (Some(list), key) = (list.cast::<HtmlElement>(), event.key()) else { return };
            let here = *at.borrow();
            if let Some(line) = here.filter(|_| matches!(key.as_str(), "Enter" | " ")) {
                select(line);
            } else {
                let lines = browser::find(&list, ".l");
                let Some(to) = moved(&key, here, lines.len()) else { return };
                if let Some(before) = here.and_then(|here| lines.get(here)) {
                    browser::set(before, "id", "");
                }
                browser::set(&lines[to], "id", AT);
                browser::set(&list, "aria-activedescendant", AT);
                browser::reveal(&format!("#{AT}"));
                *at.borrow_mut() = Some(to);
            }
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let new_lines = change.as_ref().and_then(|change| change.on_files());
    let new_lines = new_lines.map(|change| change.new_lines(path, text)).unwrap_or_default();
    let line = |(number, line): (usize, &str)| {
        let (new, mine) = (new_lines.binary_search(&number).is_ok(), marked.binary_search(&number).is_ok());
        html! {
            <span class={classes!("l", new.then_some("new"), mine.then_some("mine"))} role="option" aria-selected={mine.to_string()}
                aria-label={line.trim().is_empty().then(|| (number + 1).to_string())}>
                { for pieces(path, line).into_iter().map(|(kind, text)| match kind.class() {
                    Some(class) => html! { <i class={class}>{ text }</i> },
                    None => html! { text },
                }) }
            </span>
        }
    };
    html! {
        <pre ref={list} class={classes!("code", path.starts_with("README").then_some("wrap"))} tabindex="0" role="listbox" aria-multiselectable="true"
            aria-label={path.clone()} title={Msg::LineHint.say(*lang)} {onclick} {onkeydown}><div role="presentation">
            { for text.lines().take(LINES_MAX).enumerate().map(line) }
            if let Some(rest) = text.lines().count().checked_sub(LINES_MAX + 1) {
                <span class="l more">{ Msg::MoreLines.fill(*lang, &[("count", &(rest + 1).to_string())]) }</span>
            }
        </div></pre>
    }
}

/// So many pixels of what stands above the first marked line are shown.
const ABOVE: i32 = 48;

/// Lists the files that come from what is selected, folded.
pub(super) fn list(editor: &Editor, send: &Send, paths: &[&str], chosen: &str) -> Html {
    let row = |path: &&str| {
        let name = path.strip_prefix("clusters/").unwrap_or(path).to_owned();
        html! {
            <li><button type="button" class="row" aria-current={(*path == chosen).then_some("true")} onclick={on(send, Command::ShowFile((*path).to_owned()))}>
                { Icon::File.draw() }<span class="label">{ name }</span>
            </button></li>
        }
    };
    html! {
        <details class="mine-list">
            <summary>{ Msg::MineFiles.fill(editor.lang(), &[("count", &paths.len().to_string())]) }</summary>
            <ul class="file-list">{ for paths.iter().take(LISTED_MAX).map(row) }</ul>
        </details>
    }
}

/// So many files that come from what is selected are listed.
const LISTED_MAX: usize = 100;

/// Lists the files: those of all clusters first, then those of each.
fn tree(editor: &Editor, send: &Send, chosen: &str) -> Html {
    let change: Option<&Change> = editor.change.as_ref().and_then(|change| change.on_files());
    let row = |path: &str, name: &str| {
        let mark = match change.and_then(|change| change.mark(path)) {
            Some(Mark::New) => html! { <span class="note plus" title={Msg::MarkNew.say(editor.lang())}>{ "+" }</span> },
            Some(Mark::Changed) => {
                html! { <span class="note mod" title={Msg::MarkChanged.say(editor.lang())}>{ "~" }</span> }
            }
            _ => html! {},
        };
        let mine = editor.is_marked(path);
        html! {
            <li><button type="button" class={classes!("row", mine.then_some("mine"))} aria-current={(path == chosen).then_some("true")} onclick={on(send, Command::ShowFile(path.to_owned()))}>
                { Icon::File.draw() }<span class="label">{ name.to_owned() }</span>
                if mine { <span class="dot-mine" title={Msg::MarkMine.say(editor.lang())}>{ "▸" }<span class="unseen">{ Msg::MarkMine.say(editor.lang()) }</span></span> }
                { mark }
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
