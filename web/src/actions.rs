//! The one list of what a person can do by name: keys, the list of keys and the command palette are views of it.

use crate::command::{Command, Direction, Edit, Look, Place, RoleKind, Selection, Span, Tab};
use crate::edit::whole::installer_word;
use crate::editor::{Editor, Screen};
use crate::i18n::Msg;
use shared::layout::Point;
use shared::overview::Topic;
use shared::text::Lang;
use shared::topology::{GatewayKind, Installer};

/// Something that can be done by name.
pub(crate) struct Action {
    /// Its name.
    pub(crate) msg: Msg,
    /// The first letters of the name's Chinese, as they are typed in pinyin.
    pub(crate) initials: &'static str,
    /// How its keys are printed, one word each; nothing where it has none, or another line of the list tells them.
    pub(crate) shown: &'static [&'static str],
    /// The keys.
    pub(crate) combos: &'static [Combo],
    /// Whether its keys need the focus on the canvas. Such an action is no item of the palette.
    pub(crate) canvas: bool,
    /// What it does here, if anything.
    pub(crate) command: fn(&Editor) -> Option<Command>,
}

/// A key, and what is held with it.
pub(crate) struct Combo {
    /// The key, as browsers name it.
    pub(crate) key: &'static str,
    /// Whether Control is held.
    pub(crate) ctrl: bool,
    /// Whether Alt is held.
    pub(crate) alt: bool,
    /// Whether Shift is held; `None` where layouts differ in whether the key needs it.
    pub(crate) shift: Option<bool>,
}

const fn plain(key: &'static str) -> Combo {
    Combo { key, ctrl: false, alt: false, shift: Some(false) }
}

const fn shift(key: &'static str) -> Combo {
    Combo { key, ctrl: false, alt: false, shift: Some(true) }
}

const fn ctrl(key: &'static str) -> Combo {
    Combo { key, ctrl: true, alt: false, shift: Some(false) }
}

const fn alt(key: &'static str) -> Combo {
    Combo { key, ctrl: false, alt: true, shift: Some(false) }
}

const fn fine(key: &'static str) -> Combo {
    Combo { key, ctrl: false, alt: true, shift: Some(true) }
}

/// A key that layouts have with or without Shift.
const fn either(key: &'static str, ctrl: bool) -> Combo {
    Combo { key, ctrl, alt: false, shift: None }
}

const fn act(
    msg: Msg,
    initials: &'static str,
    shown: &'static [&'static str],
    combos: &'static [Combo],
    command: fn(&Editor) -> Option<Command>,
) -> Action {
    Action { msg, initials, shown, combos, canvas: false, command }
}

const fn on_canvas(
    msg: Msg,
    shown: &'static [&'static str],
    combos: &'static [Combo],
    command: fn(&Editor) -> Option<Command>,
) -> Action {
    Action { msg, initials: "", shown, combos, canvas: true, command }
}

/// Everything, in the order of the list.
pub(crate) const ACTIONS: &[Action] = &[
    act(Msg::Palette, "ml", &["Ctrl K"], &[ctrl("k"), ctrl("/"), ctrl("f")], |_| Some(Command::ShowPalette)),
    act(Msg::KeyAddNetwork, "tjwl", &["N"], &[plain("n")], |editor| drawn(editor, Command::Edit(Edit::AddNetwork))),
    act(Msg::KeyAddCluster, "tjjq", &["C"], &[plain("c")], |editor| {
        drawn(editor, Command::Edit(Edit::AddCluster(None)))
    }),
    act(Msg::KeyLink, "csxjqhzjt", &["L"], &[plain("l")], |editor| drawn(editor, Command::BeginLink(None))),
    act(Msg::ActPrimary, "jsxjqswzjq", &[], &[], |editor| role(editor, RoleKind::Primary)),
    act(Msg::ActRemote, "jsxjqswcjq", &[], &[], |editor| role(editor, RoleKind::Remote)),
    act(Msg::ActExternal, "jsxjqswwbkzpm", &["P"], &[plain("p")], |editor| role(editor, RoleKind::External)),
    act(Msg::ActIngress, "wsxjqtjrkwg", &["G"], &[plain("g")], |editor| gateway(editor, GatewayKind::Ingress)),
    act(Msg::ActEgress, "wsxjqtjckwg", &["Shift G"], &[shift("g")], |editor| gateway(editor, GatewayKind::Egress)),
    act(Msg::MakeExplicit, "mqhzdxxwg", &[], &[], |editor| explicit(editor, true)),
    act(Msg::MakeImplied, "jdxxwgjggz", &[], &[], |editor| explicit(editor, false)),
    act(Msg::KeyMove, "yddxygwl", &["M"], &[plain("m")], |editor| moved(editor, true)),
    act(Msg::KeyMoveBack, "yddsygwl", &["Shift M"], &[shift("m")], |editor| moved(editor, false)),
    act(Msg::KeyRename, "bjmc", &["F2"], &[plain("F2")], |editor| drawn(editor, Command::EditName)),
    on_canvas(Msg::KeyRename, &["Enter"], &[plain("Enter")], |editor| drawn(editor, Command::EditName)),
    act(Msg::Delete, "sc", &["Delete"], &[plain("Delete"), plain("Backspace")], |editor| {
        drawn(editor, Command::DeleteSelected).filter(|_| editor.selection != Selection::Mesh)
    }),
    act(Msg::Duplicate, "cjfb", &["Ctrl D"], &[ctrl("d")], |editor| picked(editor, Command::Duplicate)),
    // The browser has keys of its own for the clipboard, which the page hears as events.
    act(Msg::CopyClusters, "ywbfzsxnr", &["Ctrl C"], &[], |editor| picked(editor, Command::Copy)),
    act(Msg::CutClusters, "jqsxnr", &["Ctrl X"], &[], |editor| picked(editor, Command::Cut)),
    on_canvas(Msg::KeyPaste, &["Ctrl V"], &[], |_| None),
    act(Msg::SelectAll, "xzsyjq", &["Ctrl A"], &[ctrl("a")], |editor| {
        drawn(editor, Command::SelectAll).filter(|_| !editor.drawing.topology.clusters.is_empty())
    }),
    on_canvas(Msg::KeyAddTo, &["Shift Click"], &[], |_| None),
    act(Msg::SelectOuter, "xzsyj", &["Shift Enter"], &[shift("Enter")], |editor| {
        drawn(editor, Command::SelectOuter).filter(|_| editor.selection != Selection::Mesh)
    }),
    act(Msg::TakePointer, "xzgjtdkx", &["V"], &[plain("v")], |editor| {
        drawn(editor, Command::TakeHand(false)).filter(|_| editor.hand)
    }),
    act(Msg::TakeHand, "sxgjtdhb", &["H"], &[plain("h")], |editor| {
        drawn(editor, Command::TakeHand(true)).filter(|_| !editor.hand)
    }),
    on_canvas(Msg::KeyDragCanvas, &["Space Drag"], &[], |_| None),
    on_canvas(Msg::KeyFree, &["Alt"], &[], |_| None),
    act(Msg::Undo, "cx", &["Ctrl Z"], &[ctrl("z")], |editor| {
        drawn(editor, Command::Undo).filter(|_| editor.undoable().is_some())
    }),
    act(
        Msg::Redo,
        "cz",
        &["Ctrl Shift Z", "Ctrl Y"],
        &[Combo { key: "z", ctrl: true, alt: false, shift: Some(true) }, ctrl("y")],
        |editor| drawn(editor, Command::Redo).filter(|_| editor.redoable().is_some()),
    ),
    act(
        Msg::Tidy,
        "zlbj",
        &["Ctrl Alt L"],
        &[Combo { key: "l", ctrl: true, alt: true, shift: Some(false) }],
        |editor| drawn(editor, Command::Edit(Edit::Tidy)).filter(|_| !editor.drawing.layout.clusters.is_empty()),
    ),
    act(Msg::ActSample, "tjhycslyy", &[], &[], |editor| {
        drawn(editor, Command::Edit(Edit::SetSample(!editor.drawing.topology.sample)))
    }),
    act(Msg::ActInstaller, "zhzjzhazfs", &[], &[], |editor| {
        let istioctl = installer_word(editor.drawing.topology.istio.installer) == installer_word(Installer::Istioctl);
        drawn(editor, Command::Edit(Edit::SetInstaller(if istioctl { Installer::Helm } else { Installer::Istioctl })))
    }),
    act(Msg::FitLong, "xszgtp", &["Shift 1"], &[shift("1")], |editor| drawn(editor, Command::Look(Look::All))),
    act(Msg::LookSelected, "xssxnr", &["Shift 2"], &[shift("2")], |editor| {
        drawn(editor, Command::Look(Look::Selected))
    }),
    act(Msg::ShowAlone, "zktphhfmb", &["F"], &[plain("f")], |editor| drawn(editor, Command::SwitchAlone)),
    act(Msg::WholeSize, "asjdxxs", &["Ctrl 0"], &[], |editor| drawn(editor, Command::Look(Look::Whole))),
    act(Msg::ZoomIn, "fd", &["+", "Ctrl +"], &[either("+", false)], |editor| {
        drawn(editor, Command::Look(Look::Closer))
    }),
    act(Msg::ZoomOut, "sx", &["-", "Ctrl -"], &[plain("-")], |editor| drawn(editor, Command::Look(Look::Farther))),
    act(Msg::WalkStart, "zbylyb", &["W"], &[plain("w")], |editor| {
        walk(editor, Some(0)).filter(|_| editor.walk.is_none())
    }),
    act(Msg::WalkNext, "xyb", &["PageDown", "]"], &[plain("PageDown"), plain("]")], |editor| {
        walk(editor, editor.walk_next(true))
    }),
    act(Msg::WalkBack, "syb", &["PageUp", "["], &[plain("PageUp"), plain("[")], |editor| {
        walk(editor, editor.walk_next(false))
    }),
    act(Msg::Print, "dybz", &["Ctrl P"], &[ctrl("p")], |editor| {
        drawn(editor, Command::Print).filter(|_| editor.derived.is_planned())
    }),
    // Elsewhere these are the browser's own, for larger words.
    on_canvas(Msg::ZoomIn, &[], &[either("+", true), ctrl("=")], |editor| drawn(editor, Command::Look(Look::Closer))),
    on_canvas(Msg::ZoomOut, &[], &[ctrl("-")], |editor| drawn(editor, Command::Look(Look::Farther))),
    on_canvas(Msg::WholeSize, &[], &[ctrl("0")], |editor| drawn(editor, Command::Look(Look::Whole))),
    on_canvas(Msg::KeyStep, &["Tab"], &[plain("Tab")], |editor| drawn(editor, Command::SelectNext)),
    on_canvas(Msg::KeyStepBack, &["Shift Tab"], &[shift("Tab")], |editor| drawn(editor, Command::SelectPrevious)),
    on_canvas(Msg::KeyToward, &["Alt ←", "→", "↑", "↓"], &[alt("ArrowLeft")], |editor| {
        toward(editor, Direction::Left)
    }),
    on_canvas(Msg::KeyToward, &[], &[alt("ArrowRight")], |editor| toward(editor, Direction::Right)),
    on_canvas(Msg::KeyToward, &[], &[alt("ArrowUp")], |editor| toward(editor, Direction::Up)),
    on_canvas(Msg::KeyToward, &[], &[alt("ArrowDown")], |editor| toward(editor, Direction::Down)),
    on_canvas(Msg::KeyNudge, &["←", "→", "↑", "↓"], &[plain("ArrowLeft")], |editor| {
        nudge(editor, Direction::Left, 8)
    }),
    on_canvas(Msg::KeyNudge, &[], &[plain("ArrowRight")], |editor| nudge(editor, Direction::Right, 8)),
    on_canvas(Msg::KeyNudge, &[], &[plain("ArrowUp")], |editor| nudge(editor, Direction::Up, 8)),
    on_canvas(Msg::KeyNudge, &[], &[plain("ArrowDown")], |editor| nudge(editor, Direction::Down, 8)),
    on_canvas(Msg::KeyNudgeFar, &["Shift ←", "→", "↑", "↓"], &[shift("ArrowLeft")], |editor| {
        nudge(editor, Direction::Left, 32)
    }),
    on_canvas(Msg::KeyNudgeFar, &[], &[shift("ArrowRight")], |editor| nudge(editor, Direction::Right, 32)),
    on_canvas(Msg::KeyNudgeFar, &[], &[shift("ArrowUp")], |editor| nudge(editor, Direction::Up, 32)),
    on_canvas(Msg::KeyNudgeFar, &[], &[shift("ArrowDown")], |editor| nudge(editor, Direction::Down, 32)),
    on_canvas(Msg::KeyNudgeFine, &["Alt Shift ←", "→", "↑", "↓"], &[fine("ArrowLeft")], |editor| {
        nudge(editor, Direction::Left, 1)
    }),
    on_canvas(Msg::KeyNudgeFine, &[], &[fine("ArrowRight")], |editor| nudge(editor, Direction::Right, 1)),
    on_canvas(Msg::KeyNudgeFine, &[], &[fine("ArrowUp")], |editor| nudge(editor, Direction::Up, 1)),
    on_canvas(Msg::KeyNudgeFine, &[], &[fine("ArrowDown")], |editor| nudge(editor, Direction::Down, 1)),
    act(Msg::KeyPart, "ydymdxyq", &["F6"], &[plain("F6")], |editor| drawn(editor, Command::Focus(Place::Next))),
    // Only fields have it.
    on_canvas(Msg::KeyHelp, &["F1"], &[], |_| None),
    act(Msg::KeyEscape, "qxxz", &["Esc"], &[plain("Escape")], |editor| drawn(editor, Command::LetGo)),
    act(Msg::TabFindings, "jcjg", &[], &[], |editor| drawn(editor, Command::ShowTab(Tab::Findings))),
    act(Msg::TabFiles, "wj", &["Ctrl \\"], &[ctrl("\\")], |editor| {
        let tab = if editor.tab == Tab::Files { Tab::Selected } else { Tab::Files };
        drawn(editor, Command::ShowTab(tab))
    }),
    act(Msg::TabSteps, "bz", &[], &[], |editor| drawn(editor, Command::ShowTab(Tab::Steps))),
    act(Msg::ActFix, "xfsxnrdwt", &[], &[], |editor| {
        drawn(editor, Command::Edit(Edit::Fix(Box::new(editor.fix()?.clone()))))
    }),
    act(Msg::TabChanges, "gg", &[], &[], |editor| drawn(editor, Command::ShowTab(Tab::Changes))),
    act(Msg::ActReach, "cksdqs", &["Shift R"], &[shift("r")], |editor| overview(editor, Topic::Reach)),
    act(Msg::ActFirewall, "ckfhqb", &["Shift F"], &[shift("f")], |editor| overview(editor, Topic::Firewall)),
    act(Msg::ActTrust, "ckxr", &["Shift T"], &[shift("t")], |editor| overview(editor, Topic::Trust)),
    act(Msg::ActSecrets, "ckddj", &["Shift S"], &[shift("s")], |editor| overview(editor, Topic::Secrets)),
    act(Msg::ActScore, "ckzp", &["Shift A"], &[shift("a")], |editor| overview(editor, Topic::Score)),
    act(Msg::CompareFile, "ywjbj", &[], &[], |editor| drawn(editor, Command::CompareFile)),
    act(Msg::CompareKept, "yybcdtpbj", &[], &[], |editor| {
        drawn(editor, Command::ShowStart).filter(|_| !editor.drawing.is_blank())
    }),
    act(Msg::CompareOpened, "ydksdtpbj", &["Shift D"], &[shift("d")], |editor| compare(editor, Span::Opened)),
    act(Msg::CompareExported, "ysycdcbj", &[], &[], |editor| compare(editor, Span::Exported)),
    act(Msg::CompareEnd, "jsbj", &[], &[], |editor| {
        drawn(editor, Command::Compare(None)).filter(|_| editor.compared.is_some())
    }),
    act(Msg::Templates, "mb", &[], &[], |editor| drawn(editor, Command::ShowStart)),
    act(Msg::ActTour, "ksdl", &[], &[], |_| Some(Command::Tour(Some(0)))),
    act(Msg::Wizard, "ydzs", &[], &[], |_| Some(Command::ShowWizard)),
    act(Msg::Save, "bctp", &["Ctrl S"], &[ctrl("s")], |editor| drawn(editor, Command::Save)),
    act(Msg::Export, "dcazb", &["Ctrl E"], &[ctrl("e")], |editor| drawn(editor, Command::Export)),
    act(Msg::Share, "fzlj", &[], &[], |editor| drawn(editor, Command::Share)),
    act(Msg::SavePicture, "bctp", &[], &[], |editor| drawn(editor, Command::SavePicture)),
    act(Msg::SaveDots, "bctp", &[], &[], |editor| drawn(editor, Command::SaveDots(2))),
    act(Msg::SaveRunbook, "bczxsc", &[], &[], |editor| {
        drawn(editor, Command::SaveFile(runbook(editor.lang()).to_owned()))
    }),
    act(Msg::CopyCommand, "fzml", &[], &[], |editor| drawn(editor, Command::CopyInvocation)),
    act(Msg::OpenFileLong, "dktpwjazbtpwjhjdqmc", &["Ctrl O"], &[ctrl("o")], |_| Some(Command::Open)),
    act(Msg::SwitchLanguage, "qhdyw", &[], &[], |editor| {
        Some(Command::SetLang(if editor.lang() == Lang::En { Lang::Zh } else { Lang::En }))
    }),
    act(Msg::ActTheme, "qhzt", &["Alt Shift D"], &[fine("d")], |_| Some(Command::NextTheme)),
    act(Msg::Keys, "kjj", &["?"], &[either("?", false)], |_| Some(Command::ShowKeys)),
];

/// The runbook in a language.
fn runbook(lang: Lang) -> &'static str {
    if lang == Lang::Zh { "README.zh.md" } else { "README.md" }
}

/// What needs the drawing on the screen.
fn drawn(editor: &Editor, command: Command) -> Option<Command> {
    (editor.screen == Screen::Board).then_some(command)
}

fn walk(editor: &Editor, to: Option<usize>) -> Option<Command> {
    drawn(editor, Command::Walk(to)).filter(|_| to.is_some() && editor.derived.is_planned())
}

fn compare(editor: &Editor, span: Span) -> Option<Command> {
    drawn(editor, Command::Compare(Some(editor.earlier_drawing(span)?)))
}

fn overview(editor: &Editor, topic: Topic) -> Option<Command> {
    drawn(editor, Command::ShowOverview(topic)).filter(|_| editor.derived.mesh.is_some())
}

fn role(editor: &Editor, kind: RoleKind) -> Option<Command> {
    let index = editor.selection.cluster()?;
    let other = editor.drawing.cluster(index)?.role.word() != kind.word();
    drawn(editor, Command::Edit(Edit::SetRole(index, kind))).filter(|_| other)
}

fn gateway(editor: &Editor, kind: GatewayKind) -> Option<Command> {
    let index = editor.selection.cluster()?;
    drawn(editor, Command::Edit(Edit::AddGateway(index, kind)))
}

/// Draws the gateway that the rules imply in the selected cluster, or leaves it to them.
fn explicit(editor: &Editor, explicit: bool) -> Option<Command> {
    let index = editor.selection.cluster()?;
    drawn(editor, Command::Edit(Edit::SetExplicit(index, explicit)))
        .filter(|_| editor.gateway_of(index) == Some(explicit))
}

fn moved(editor: &Editor, forward: bool) -> Option<Command> {
    editor.selection.clusters().first()?;
    drawn(editor, Command::MoveToNeighbour { forward })
}

fn toward(editor: &Editor, direction: Direction) -> Option<Command> {
    drawn(editor, Command::SelectToward(direction))
}

/// Acts on clusters, those of a selected network among them.
fn picked(editor: &Editor, command: Command) -> Option<Command> {
    drawn(editor, command).filter(|_| !editor.picked().is_empty())
}

/// Moves the selected clusters; where there are none, or while an arrow is drawn, selects in that direction.
fn nudge(editor: &Editor, direction: Direction, by: i32) -> Option<Command> {
    if editor.linking.is_some() || editor.selection.clusters().is_empty() {
        return toward(editor, direction);
    }
    let (x, y) = match direction {
        Direction::Left => (-by, 0),
        Direction::Right => (by, 0),
        Direction::Up => (0, -by),
        Direction::Down => (0, by),
    };
    drawn(editor, Command::Nudge(Point { x, y }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_chinese_name() {
        for action in ACTIONS.iter().filter(|action| !action.canvas) {
            let (_, zh) = action.msg.both();
            let letters = zh.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
            assert_eq!(action.initials.len(), letters, "{zh}");
        }
    }

    #[test]
    fn no_two_actions_have_one_key() {
        let mut seen = Vec::new();
        for combo in ACTIONS.iter().flat_map(|action| action.combos) {
            let key = (combo.key, combo.ctrl, combo.alt, combo.shift);
            assert!(!seen.contains(&key), "{key:?}");
            seen.push(key);
        }
    }

    #[test]
    fn every_key_is_in_the_list_of_keys() {
        for action in ACTIONS {
            let told = |other: &Action| other.msg == action.msg && !other.shown.is_empty();
            assert!(action.combos.is_empty() || ACTIONS.iter().any(told), "{:?}", action.msg);
        }
    }
}
