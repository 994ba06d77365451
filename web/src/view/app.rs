//! The page as a whole: state, keys, draft, files that come and go.

use std::rc::Rc;

use shared::finding::pressing;
use web_sys::{DragEvent, HtmlInputElement};
use yew::prelude::*;

use super::outside::{ZIP, export, given, keep, opened, save, zip_name};
use super::{
    Props, Send, canvas::Canvas, dialog::dialogs, drafts::elsewhere, foot::foot, outline::outline, outside, overview,
    panel, panel::panel, start, top::top, tour,
};
use crate::browser::{clipboard, drafts, office::Office};
use crate::command::{Command, Edit, Outside, Place, View};
use crate::editor::{Editor, Screen};
use crate::i18n::{Msg, plural};
use crate::icons::Icon;
use crate::worker::{Answer, Job};
use crate::{browser, clip, keys, open, share};

/// How long after an edit the draft is kept.
const KEEP_AFTER_MS: u32 = 300;

/// How long after the steps were asked for they are printed.
const PRINT_AFTER_MS: u32 = 100;

/// How long each step is shown where the walkthrough goes on by itself.
const PLAY_MS: u32 = 2500;

/// The state as the page holds it.
struct Store(Rc<Editor>);

impl Reducible for Store {
    type Action = Command;

    fn reduce(self: Rc<Self>, command: Command) -> Rc<Self> {
        let mut next = Editor::clone(&self.0);
        // The same `Rc` means no render.
        if next.run(command) { Rc::new(Store(Rc::new(next))) } else { self }
    }
}

/// Puts the focus where a command leads it.
#[hook]
fn use_focus(editor: &Editor) {
    // It follows the selection and the tab, but only within the tree and the tabs.
    // Rows that an edit moves take it along.
    use_effect_with((editor.selection.clone(), editor.drawing.clone()), |_| {
        browser::reveal(".tree [aria-selected=true] > .row");
        browser::follow(".tree", "[tabindex='0']");
    });
    use_effect_with(editor.tab, |tab| browser::follow(".tabs", &format!("#{}", panel::tab_id(*tab))));
    use_effect_with(editor.name_asked, |asked| {
        if *asked > 0 {
            browser::focus("#name");
        }
    });
    // It goes into a dialog, and back to where it was.
    use_effect_with(editor.dialog.is_some(), |open| {
        let before = open.then(browser::focused).flatten();
        if *open {
            browser::focus("[role=dialog] [data-first]");
        }
        move || {
            if let Some(before) = before {
                let _ = before.focus();
            }
        }
    });
}

/// What the page begins with.
#[derive(Clone, Properties)]
pub(crate) struct Begun {
    /// The state.
    pub(crate) editor: Rc<Editor>,
}

impl PartialEq for Begun {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.editor, &other.editor)
    }
}

/// The planner.
#[component]
pub(crate) fn App(begun: &Begun) -> Html {
    let store = use_reducer(|| Store(begun.editor.clone()));
    let shown = store.0.clone();
    // What lives as long as the page reads the state through this cell, filled at every render.
    let latest = use_mut_ref(|| None::<Rc<Editor>>);
    *latest.borrow_mut() = Some(shown.clone());
    let picker = use_node_ref();
    let dropping = use_state_eq(|| false);
    // What a chosen file is for.
    let compares = use_mut_ref(|| false);

    let dispatch = store.dispatcher();
    let office = use_memo((), |()| Office::default());
    let hearer = use_memo((), {
        let (latest, dispatch) = (latest.clone(), dispatch.clone());
        |()| {
            drafts::hearer(move |held| {
                if let Some(editor) = latest.borrow().clone() {
                    dispatch.dispatch(outside::held(&editor, held));
                }
            })
        }
    });
    let send: Send = use_callback((), {
        let (latest, picker, office, hearer) = (latest.clone(), picker.clone(), office.clone(), hearer.clone());
        let compares = compares.clone();
        move |command: Command, ()| {
            let editor = latest.borrow().clone();
            match (command, editor) {
                (Command::Export, Some(editor)) if editor.derived.is_large() => {
                    let name = zip_name(&editor);
                    dispatch.dispatch(Command::Done(Outside::Packing(name.clone())));
                    let job = Job::Pack(editor.drawing.topology.write(), editor.drawing.layout.write());
                    let dispatch = dispatch.clone();
                    office.give(job, move |answer| {
                        if let Some(Answer::Packed(zip)) = answer {
                            dispatch.dispatch(given(&name, ZIP, &zip, Outside::Exported));
                        }
                    });
                }
                (Command::Export, Some(editor)) => dispatch.dispatch(export(&editor)),
                (Command::Save, Some(editor)) => dispatch.dispatch(save(&editor)),
                (Command::CopyFile(path), Some(editor)) => {
                    if let Some(text) = editor.text_of(&path) {
                        browser::copy(&text);
                        dispatch.dispatch(Command::Done(Outside::Copied(path)));
                    }
                }
                (Command::CopyTables(topic, form), Some(editor)) => {
                    browser::copy(&overview::copied(&editor, topic, form));
                    dispatch.dispatch(Command::Done(Outside::Copied(topic.words().say(editor.lang()).to_owned())));
                }
                (Command::Share, Some(editor)) => {
                    let link = browser::link(&share::fragment(&editor.drawing));
                    browser::copy(&link);
                    dispatch.dispatch(Command::Done(Outside::Shared(link.len())));
                }
                (command @ (Command::Copy | Command::Cut), Some(editor)) => {
                    let cut = command == Command::Cut;
                    if let Some(text) = outside::clipped(&editor, cut, |command| dispatch.dispatch(command)) {
                        browser::copy(&text);
                    }
                }
                (Command::CopyInvocation, Some(editor)) => {
                    browser::copy(&share::command(&editor.drawing));
                    dispatch.dispatch(Command::Done(Outside::CopiedCommand));
                }
                (Command::SavePicture, Some(editor)) => dispatch.dispatch(outside::picture(&editor)),
                (Command::SaveFile(path), Some(editor)) => {
                    if let Some(command) = outside::file(&editor, &path) {
                        dispatch.dispatch(command);
                    }
                }
                (Command::SaveDots(dots), Some(editor)) => {
                    let dispatch = dispatch.clone();
                    yew::platform::spawn_local(async move { dispatch.dispatch(outside::dots(&editor, dots).await) });
                }
                (Command::ShowStart, Some(editor)) => {
                    keep(&editor);
                    dispatch.dispatch(outside::listed(None));
                    dispatch.dispatch(Command::ShowStart);
                }
                (Command::Keeping(what), Some(editor)) => {
                    if let Some(command) = outside::keeping(&editor, what, &hearer) {
                        dispatch.dispatch(command);
                    }
                }
                (Command::Print, _) => {
                    dispatch.dispatch(Command::Print);
                    // The steps are on the page by then.
                    browser::later(PRINT_AFTER_MS, browser::print).forget();
                }
                (Command::SwitchAlone, _) => {
                    dispatch.dispatch(Command::SwitchAlone);
                    // What had the focus may be hidden by it.
                    if browser::within(".left, .right") {
                        browser::focus("#canvas");
                    }
                }
                (Command::Focus(Place::Next), _) => browser::next_part(),
                (Command::Focus(Place::Selected), _) => browser::focus(".tree [aria-selected=true]"),
                (Command::Focus(Place::Help), _) => browser::open_link(":focus + .help a"),
                (command @ (Command::Open | Command::CompareFile), _) => {
                    *compares.borrow_mut() = command == Command::CompareFile;
                    if let Some(input) = picker.cast::<HtmlInputElement>() {
                        input.click();
                    }
                }
                (command, _) => dispatch.dispatch(command),
            }
        }
    });

    use_effect_with((), {
        let (send, latest) = (send.clone(), latest.clone());
        let (send_pasted, latest_for_paste, latest_for_hidden) = (send.clone(), latest.clone(), latest.clone());
        let (send_copied, latest_for_copy) = (send.clone(), latest.clone());
        move |()| {
            let theme = browser::on_preferred({
                let send = send.clone();
                move |theme| send.emit(Command::SystemTheme(theme))
            });
            let keys = browser::on_key(move |stroke| {
                let command = latest.borrow().as_ref().and_then(|editor| keys::command(stroke, editor));
                command.map(|command| send.emit(command)).is_some()
            });
            let paste = clipboard::on_paste({
                let (send, latest) = (send_pasted, latest_for_paste);
                move |text| {
                    if let Some(read) = clip::read(&text) {
                        return send.emit(match read {
                            Ok(more) => Command::Edit(Edit::Paste(Rc::new(more))),
                            Err(refusal) => Command::Refuse(Rc::new(refusal)),
                        });
                    }
                    // Pasting is taken for a topology only where it looks like one: a stray paste must not alarm.
                    if outside::looks_like_ours(&text) {
                        let lang = latest.borrow().as_ref().map(|editor| editor.lang()).unwrap_or_default();
                        send.emit(opened(Msg::Clipboard.say(lang).to_owned(), text.as_bytes()));
                    }
                }
            });
            let copy = clipboard::on_copy(move |cut| {
                let editor = latest_for_copy.borrow().clone().filter(|editor| editor.screen == Screen::Board)?;
                outside::clipped(&editor, cut, |command| send_copied.emit(command))
            });
            let hidden = drafts::on_hidden(move || {
                // A page that was put aside may never come back.
                let _ = latest_for_hidden.borrow().as_ref().map(|editor| keep(editor));
            });
            move || drop((theme, keys, paste, copy, hidden))
        }
    });

    use_effect_with(shown.derived.waits.then(|| shown.drawing.topology.clone()), {
        let send = send.clone();
        move |awaited| {
            let Some(topology) = awaited.clone() else { return };
            office.give(Job::Make(topology.write()), move |answer| {
                if let Some(Answer::Made(made)) = answer {
                    send.emit(Command::Take(topology, made));
                }
            });
        }
    });

    use_effect_with((shown.drawing.clone(), shown.screen, shown.draft), {
        let (send, latest) = (send.clone(), latest.clone());
        move |_| {
            let timer = browser::later(KEEP_AFTER_MS, move || {
                // By then another page may have taken the drawing.
                if latest.borrow().as_ref().is_some_and(|editor| !keep(editor)) {
                    send.emit(Command::Done(Outside::NotKept));
                }
            });
            move || drop(timer)
        }
    });
    use_effect_with(shown.draft, {
        let hearer = hearer.clone();
        move |id| drafts::hold(*id, false, &hearer)
    });

    use_effect_with((shown.walk, shown.plays), {
        let (send, next) = (send.clone(), shown.walk_next(true));
        move |(_, plays)| {
            browser::reveal(".step.now");
            let timer = next
                .filter(|_| *plays)
                .map(|next| browser::later(PLAY_MS, move || send.emit(Command::Walk(Some(next)))));
            move || drop(timer)
        }
    });

    use_focus(&shown);
    let title = title(&shown);
    use_effect_with((shown.settings, title), |(settings, title)| {
        browser::keep("lang", settings.lang.tag());
        browser::keep("theme", settings.theme.word());
        let on = |switched: bool| if switched { "on" } else { "off" };
        browser::keep("letters", on(settings.letters));
        browser::keep("motion", on(settings.motion));
        browser::dress(settings.lang, settings.shown().word(), on(settings.motion), title);
    });

    let take = {
        let send = send.clone();
        move |file: web_sys::File, compares: bool| {
            let send = send.clone();
            yew::platform::spawn_local(async move {
                let name = file.name();
                let command = match browser::bytes(file).await {
                    Some(bytes) if compares => outside::beside(opened(name, &bytes)),
                    Some(bytes) => opened(name, &bytes),
                    None => Command::Refuse(Rc::new(open::unreadable(&name))),
                };
                send.emit(command);
            });
        }
    };
    let on_pick = {
        let (take, compares) = (take.clone(), compares.clone());
        move |event: Event| {
            if let Some(file) = browser::chosen(&event.target_unchecked_into()) {
                take(file, *compares.borrow());
            }
        }
    };
    let on_over = {
        let dropping = dropping.clone();
        move |event: DragEvent| {
            if event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0)) {
                event.prevent_default();
                dropping.set(true);
            }
        }
    };
    let on_leave = {
        let dropping = dropping.clone();
        move |event: DragEvent| {
            if event.related_target().is_none() {
                dropping.set(false);
            }
        }
    };
    let on_drop = {
        let dropping = dropping.clone();
        move |event: DragEvent| {
            event.prevent_default();
            dropping.set(false);
            if let Some(file) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
                take(file, false);
            }
        }
    };

    let lang = shown.lang();
    let props = Props { editor: shown.clone(), send: send.clone() };
    let view = match shown.view {
        View::Outline => "show-outline",
        View::Drawing => "show-drawing",
        View::Details => "show-details",
    };
    let body = match shown.screen {
        Screen::Start => start::start(&props),
        Screen::Board => html! {
            <>
                <main class="work">
                    { outline(&props) }
                    <Canvas ..props.clone() />
                    { panel(&props) }
                </main>
                { foot(&props) }
                { tour::card(&props) }
                { views(&shown, &send) }
            </>
        },
    };
    html! {
        <div class={classes!("app", view, shown.alone.then_some("alone"))} ondragover={on_over} ondragleave={on_leave} ondrop={on_drop}>
            { top(&props) }
            { body }
            { dialogs(&props) }
            if shown.screen == Screen::Board { { elsewhere(&props) } }
            if *dropping {
                <div class="drop">{ Msg::DropHere.say(lang) }</div>
            }
            <input ref={picker} type="file" hidden=true id="picker" aria-label={Msg::OpenFileLong.say(lang)} onchange={on_pick} />
            <div class="unseen" role="status" aria-live="polite">
                <span key={shown.said.number}>{ shown.said.text.say(lang) }</span>
            </div>
        </div>
    }
}

/// The tabs that narrow screens show at the foot.
fn views(editor: &Editor, send: &Send) -> Html {
    let lang = editor.lang();
    let tab = |view: View, msg: Msg, icon: Icon| {
        html! {
            <button type="button" aria-current={(editor.view == view).then_some("true")} onclick={super::on(send, Command::ShowView(view))}>
                { icon.draw() }{ msg.say(lang) }
            </button>
        }
    };
    html! {
        <nav class="views" aria-label={Msg::Views.say(lang)}>
            { tab(View::Outline, Msg::Outline, Icon::Outline) }
            { tab(View::Drawing, Msg::Drawing, Icon::Network) }
            { tab(View::Details, Msg::Details, Icon::Details) }
        </nav>
    }
}

/// Names the window: how much is to mend, and what is drawn.
fn title(editor: &Editor) -> String {
    let (name, lang) = (&editor.drawing.topology.name, editor.lang());
    let findings = pressing(&editor.derived.findings).count();
    let clusters = editor.drawing.topology.clusters.len();
    let count = plural(clusters, Msg::OneCluster, Msg::ManyClusters).fill(lang, &[("count", &clusters.to_string())]);
    match (editor.screen, findings) {
        (Screen::Start, _) => "Isthmus".to_owned(),
        (Screen::Board, 0) => format!("{name} · {count} – Isthmus"),
        (Screen::Board, _) => format!("({findings}) {name} · {count} – Isthmus"),
    }
}
