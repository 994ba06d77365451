//! The command palette: whatever can be done, and whatever there is to look at, found by a few letters.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::Props;
use crate::actions::ACTIONS;
use crate::browser;
use crate::command::{Command, Selection, Tab};
use crate::editor::{Editor, Screen};
use crate::find;
use crate::i18n::Msg;

/// So many items are shown.
const SHOWN: usize = 9;
/// Files are listed from this many letters on.
const FILE_LETTERS: usize = 2;

/// So much more is a command or a part of the drawing worth than a file that fits as well: there are many files.
const DONE: u32 = 250;

/// One line of the palette.
#[derive(Clone, PartialEq)]
struct Item {
    words: String,
    /// What it is, where it is no action.
    kind: Option<Msg>,
    keys: &'static [&'static str],
    commands: Vec<Command>,
}

/// Returns what fits, best first; with nothing typed, all actions in their order.
fn items(editor: &Editor, typed: &str) -> Vec<Item> {
    let lang = editor.lang();
    let mut found: Vec<(u32, Item)> = Vec::new();
    let mut offer = |names: &[&str], worth: u32, item: &dyn Fn() -> Item| {
        if let Some(fit) = find::best(typed, names).map(|fit| fit + worth) {
            // Equal ones stay in their order; what is worse than all that are shown is let go.
            let at = found.iter().position(|(other, _)| *other < fit).unwrap_or(found.len());
            if typed.is_empty() || at < SHOWN {
                found.insert(at, (fit, item()));
            }
        }
    };
    for action in ACTIONS.iter().filter(|action| !action.canvas && action.msg != Msg::Palette) {
        if let Some(command) = (action.command)(editor) {
            let (en, zh) = action.msg.both();
            let words = action.msg.say(lang).to_owned();
            offer(&[en, zh, action.initials], DONE, &|| Item {
                words: words.clone(),
                kind: None,
                keys: action.shown,
                commands: vec![command.clone()],
            });
        }
    }
    if editor.screen == Screen::Board && !typed.trim().is_empty() {
        let mut thing = |words: &str, kind: Msg, commands: &[Command]| {
            let worth = if kind == Msg::TabFiles { 0 } else { DONE };
            offer(&[words], worth, &|| Item {
                words: words.to_owned(),
                kind: Some(kind),
                keys: &[],
                commands: commands.to_vec(),
            });
        };
        for (index, cluster) in editor.drawing.topology.clusters.iter().enumerate() {
            thing(cluster.name.as_str(), Msg::AddCluster, &[Command::Select(Selection::Cluster(index))]);
        }
        for network in editor.drawing.networks() {
            thing(network.as_str(), Msg::AddNetwork, &[Command::Select(Selection::Network(network.clone()))]);
        }
        for (at, finding) in editor.derived.findings.iter().enumerate() {
            thing(finding.what.say(lang), Msg::TabFindings, &[Command::ShowFinding(at)]);
        }
        if typed.trim().chars().count() >= FILE_LETTERS {
            for path in editor.derived.made.files.paths() {
                let commands = [Command::ShowTab(Tab::Files), Command::ShowFile(path.to_owned())];
                thing(path, Msg::TabFiles, &commands);
            }
        }
    }
    found.into_iter().map(|(_, item)| item).collect()
}

/// The palette.
#[component]
pub(super) fn Palette(props: &Props) -> Html {
    let Props { editor, send } = props;
    let lang = editor.lang();
    let typed = use_state_eq(String::new);
    let at = use_state_eq(|| 0_usize);
    let items = items(editor, &typed);
    let chosen = (*at).min(items.len().saturating_sub(1));
    use_effect_with(chosen, |_| browser::reveal("#palette-list [aria-selected=true]"));
    let run = {
        let send = send.clone();
        move |item: &Item| {
            send.emit(Command::CloseDialog);
            item.commands.iter().for_each(|command| send.emit(command.clone()));
        }
    };
    let oninput = {
        let (typed, at) = (typed.clone(), at.clone());
        move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            at.set(0);
        }
    };
    let onkeydown = {
        let (at, run, items) = (at.clone(), run.clone(), items.clone());
        move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => at.set(if chosen + 1 < items.len() { chosen + 1 } else { 0 }),
                "ArrowUp" => at.set(chosen.checked_sub(1).unwrap_or(items.len().saturating_sub(1))),
                // The Enter that ends a composition is not meant for the list.
                "Enter" if !event.is_composing() => {
                    if let Some(item) = items.get(chosen) {
                        run(item);
                    }
                }
                // There is nothing else to go to.
                "Tab" => {}
                _ => return,
            }
            event.prevent_default();
        }
    };
    let close = {
        let send = send.clone();
        move |_: MouseEvent| send.emit(Command::CloseDialog)
    };
    let line = |(number, item): (usize, &Item)| {
        let onclick = {
            let (run, item) = (run.clone(), item.clone());
            move |event: MouseEvent| {
                event.stop_propagation();
                run(&item);
            }
        };
        html! {
            <li role="option" id={format!("item-{number}")} aria-selected={(number == chosen).to_string()} onclick={onclick}>
                <span class="label">{ &item.words }</span>
                if let Some(kind) = item.kind { <span class="note">{ kind.say(lang) }</span> }
                { for item.keys.iter().map(|key| html! { <kbd>{ *key }</kbd> }) }
            </li>
        }
    };
    html! {
        <div class="scrim high" onclick={close}>
            <div class="dialog palette" role="dialog" aria-modal="true" aria-label={Msg::Palette.say(lang)} onclick={|event: MouseEvent| event.stop_propagation()}>
                <input type="text" data-first="" id="palette" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
                    aria-activedescendant={(!items.is_empty()).then(|| format!("item-{chosen}"))} aria-label={Msg::PalettePrompt.say(lang)} placeholder={Msg::PalettePrompt.say(lang)}
                    autocomplete="off" spellcheck="false" {oninput} {onkeydown} />
                <ul role="listbox" id="palette-list" aria-label={Msg::Palette.say(lang)}>{ for items.iter().enumerate().map(line) }</ul>
                if items.is_empty() { <p class="hint">{ Msg::PaletteNone.say(lang) }</p> }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Edit;
    use crate::drawing::Drawing;
    use crate::settings::Settings;
    use shared::text::Lang;

    fn editor() -> Editor {
        let mut editor = Editor::new(Some(Drawing::empty()), Settings::default());
        editor.run(Command::Edit(Edit::AddCluster(None)));
        editor
    }

    fn first(editor: &Editor, typed: &str) -> Vec<Command> {
        items(editor, typed).into_iter().next().map(|item| item.commands).unwrap_or_default()
    }

    #[test]
    fn commands_and_things_are_found_in_both_languages() {
        let mut editor = editor();
        for lang in [Lang::En, Lang::Zh] {
            editor.run(Command::SetLang(lang));
            for typed in ["add a net", "添加网络", "tjwl"] {
                assert_eq!(first(&editor, typed), [Command::Edit(Edit::AddNetwork)], "{typed}");
            }
            assert_eq!(first(&editor, "cluster1"), [Command::Select(Selection::Cluster(0))]);
            assert_eq!(first(&editor, "network1"), [Command::Select(Selection::Network("network1".into()))]);
            let file = [Command::ShowTab(Tab::Files), Command::ShowFile("topology.yaml".into())];
            assert_eq!(first(&editor, "topology.y"), file);
        }
        assert!(items(&editor, "zzqx").is_empty());
    }

    #[test]
    fn what_does_nothing_here_is_not_offered() {
        let editor = editor();
        let offers =
            |editor: &Editor, command: &Command| items(editor, "").iter().any(|item| item.commands[0] == *command);
        assert!(offers(&editor, &Command::Undo) && !offers(&editor, &Command::Redo));
        let start = Editor::new(None, Settings::default());
        assert!(offers(&start, &Command::Open) && !offers(&start, &Command::Export));
    }

    #[test]
    fn every_action_is_offered_somewhere() {
        let (mut editor, mut missing) = (editor(), Vec::new());
        editor.run(Command::Edit(Edit::PlaceCluster(0, shared::layout::Point { x: 80, y: 80 })));
        editor.run(Command::Edit(Edit::AddNetwork));
        editor.run(Command::Undo);
        editor.run(Command::Select(Selection::Cluster(0)));
        for action in ACTIONS.iter().filter(|action| !action.canvas) {
            if (action.command)(&editor).is_none() {
                missing.push(action.msg);
            }
        }
        // There is no gateway in one cluster, the pointer is in hand, nothing goes on, is to mend or was exported.
        let later = [
            Msg::MakeExplicit,
            Msg::MakeImplied,
            Msg::TakePointer,
            Msg::WalkNext,
            Msg::WalkBack,
            Msg::ActFix,
            Msg::CompareExported,
            Msg::CompareEnd,
        ];
        assert_eq!(missing[0], Msg::ActPrimary, "a primary is one");
        assert_eq!(missing[1..], later);
    }
}
