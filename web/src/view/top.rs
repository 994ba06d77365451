//! The bar at the top: what is drawn, and what concerns all of it.

use shared::text::Lang;
use yew::prelude::*;

use super::{Props, on};
use crate::command::Command;
use crate::editor::Screen;
use crate::i18n::Msg;
use crate::icons::Icon;

/// The bar at the top.
pub(super) fn top(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let board = editor.screen == Screen::Board;
    let name =
        Some(editor.drawing.topology.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(Msg::Unnamed.say(lang));
    let what = |text: Option<&shared::text::Text>, msg: Msg, bare: Msg| match text {
        Some(text) => msg.fill(lang, &[("what", text.say(lang))]),
        None => bare.say(lang).to_owned(),
    };
    let undo = what(editor.undoable(), Msg::UndoWhat, Msg::Undo);
    let redo = what(editor.redoable(), Msg::RedoWhat, Msg::Redo);
    let other = match lang {
        Lang::En => Lang::Zh,
        Lang::Zh => Lang::En,
    };
    html! {
        <header class="top">
            <div class="brand">{ logo() }<span>{ "Isthmus" }</span></div>
            if board {
                <div class="doc" title={name.to_owned()}><h1>{ name }</h1><p class="derived">{ editor.derived.model.say(lang) }</p></div>
            }
            <span class="spacer"></span>
            if board {
                <button type="button" disabled={editor.undoable().is_none()} title={undo.clone()} aria-label={undo} onclick={on(send, Command::Undo)}>
                    { Icon::Undo.draw() }<span class="long">{ Msg::Undo.say(lang) }</span>
                </button>
                <button type="button" class="wide" disabled={editor.redoable().is_none()} title={redo.clone()} aria-label={redo} onclick={on(send, Command::Redo)}>
                    { Icon::Redo.draw() }
                </button>
                <span class="sep"></span>
                <button type="button" id="templates" title={Msg::Templates.say(lang)} onclick={on(send, Command::ShowStart)}>
                    { Icon::Templates.draw() }<span class="long">{ Msg::Templates.say(lang) }</span>
                </button>
            }
            <button type="button" class="wide" title={Msg::OpenFileLong.say(lang)} onclick={on(send, Command::Open)}>
                { Icon::Open.draw() }<span class="long">{ Msg::OpenFile.say(lang) }</span>
            </button>
            if board {
                <button type="button" class="wide" title={Msg::Save.say(lang)} onclick={on(send, Command::Save)}>
                    { Icon::Save.draw() }<span class="long">{ Msg::SaveShort.say(lang) }</span>
                </button>
            }
            if board && editor.derived.is_planned() {
                <button type="button" class="wide" id="walkthrough" title={Msg::WalkStart.say(lang)} onclick={on(send, Command::Walk(Some(0)))}>
                    { Icon::Arrow.draw() }<span class="long">{ Msg::Walk.say(lang) }</span>
                </button>
            }
            <span class="sep"></span>
            <button type="button" id="commands" title={Msg::Palette.say(lang)} onclick={on(send, Command::ShowPalette)}>
                { Icon::Keys.draw() }<span class="long">{ Msg::Palette.say(lang) }</span><kbd>{ "Ctrl K" }</kbd>
            </button>
            <button type="button" class={board.then_some("wide")} lang={other.tag()} title={Msg::SwitchLanguage.say(lang)} onclick={on(send, Command::SetLang(other))}>
                { Msg::OtherLanguage.say(lang) }
            </button>
            <button type="button" id="theme" class={board.then_some("wide")} title={editor.settings.theme.msg().say(lang)} aria-label={editor.settings.theme.msg().say(lang)} onclick={on(send, Command::NextTheme)}>
                { Icon::Theme.draw() }
            </button>
            if board {
                <span class="sep"></span>
                <button type="button" class="solid" id="export" title={Msg::Export.say(lang)} onclick={on(send, Command::Export)}>
                    { Icon::Export.draw() }<span class="wide">{ Msg::Export.say(lang) }</span>
                </button>
            }
        </header>
    }
}

fn logo() -> Html {
    html! {
        <svg viewBox="0 0 22 22" aria-hidden="true">
            <path class="soft" d="M2 5c4-3 6 1 9 1s5-4 9-1v5c-3 1-5 2-5 4s-2 4-4 4-3-2-3-4-2-3-6-4z" />
            <circle cx="5" cy="7" r="3" /><circle cx="17" cy="7" r="3" />
            <path class="stroke" d="M7.6 8.4C9 11 13 11 14.4 8.4" />
        </svg>
    }
}
