//! The state of the planner and the one function that changes it.

use std::rc::Rc;

use shared::overview::Topic;
use shared::text::{Lang, Text};

use crate::arrival::Arrival;
use crate::change::Change;
use crate::command::{ArrowId, Command, Direction, Edit, Look, RoleKind, Selection, Span, Tab, View};
use crate::compare::Compared;
use crate::derived::Derived;
use crate::draft::Drafts;
use crate::drawing::Drawing;
use crate::edit;
use crate::i18n::Msg;
use crate::made::Made;
use crate::open::Refusal;
use crate::picture::Picture;
use crate::settings::Settings;
use history::History;

mod arrive;
mod compare;
mod drafts;
pub(crate) mod files;
mod history;
mod link;
mod many;
mod select;
mod told;
pub(crate) mod tour;
mod walk;

/// Everything the page shows is a function of this. A copy is cheap: what is large is shared.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, and they combine freely")]
pub(crate) struct Editor {
    /// What is drawn.
    pub(crate) drawing: Rc<Drawing>,
    /// What follows from the topology.
    pub(crate) derived: Rc<Derived>,
    /// What stands where.
    pub(crate) picture: Rc<Picture>,
    /// What is selected.
    pub(crate) selection: Selection,
    /// What the last edit did to the bundle.
    pub(crate) change: Option<Rc<LastChange>>,
    /// Since when changes are shown.
    pub(crate) span: Span,
    /// The bundle when the drawing was opened, and when it was exported last.
    pub(crate) earlier: [Option<Rc<Made>>; 2],
    /// What the drawing is compared with.
    pub(crate) compared: Option<Rc<Compared>>,
    /// What was done last, for those who hear the page.
    pub(crate) said: Said,
    /// Which of the two screens is shown.
    pub(crate) screen: Screen,
    /// The dialog that is open.
    pub(crate) dialog: Option<Dialog>,
    /// The tab of the right panel.
    pub(crate) tab: Tab,
    /// The view on a narrow screen.
    pub(crate) view: View,
    /// The file that is shown, where one was chosen.
    pub(crate) file: Option<String>,
    /// The line of the drawing, counted from 0, that a finding is about.
    pub(crate) line: Option<usize>,
    /// The cluster an arrow is being drawn from.
    pub(crate) linking: Option<usize>,
    /// The step at which the plan is being played.
    pub(crate) walk: Option<usize>,
    /// Whether it goes on by itself.
    pub(crate) plays: bool,
    /// The step of the tour that is shown.
    pub(crate) tour: Option<usize>,
    /// Whether a drag moves the canvas rather than selecting what it passes over.
    pub(crate) hand: bool,
    /// Whether the drawing is shown alone, where a screen has room for more.
    pub(crate) alone: bool,
    /// Why something was refused, until the next command.
    pub(crate) notice: Option<Rc<Text>>,
    /// Counts requests to look at the canvas in another way, with the last of them.
    pub(crate) look: (u32, Look),
    /// Counts how often the boxes were placed anew, to glide there.
    pub(crate) glides: u32,
    /// Counts requests to put the caret in the name.
    pub(crate) name_asked: u32,
    /// Language and theme.
    pub(crate) settings: Settings,
    /// Whether the last command moved boxes a little.
    nudged: bool,
    /// The number that the browser keeps the drawing under.
    pub(crate) draft: u64,
    /// The number of the next new drawing.
    pub(crate) next_draft: u64,
    /// Whether this page may write the drawing: another one may have it.
    pub(crate) held: bool,
    /// The drawings that the browser keeps, as they were when last looked at.
    pub(crate) drafts: Rc<Drafts>,
    /// Whether the drawing is as it was opened, and its number free for another.
    untouched: bool,
    /// The states to go back to, and those that were taken back.
    pub(crate) history: History,
}

/// The last edit and its effect on the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LastChange {
    /// What was done.
    pub(crate) said: Text,
    /// What it did to the files.
    pub(crate) files: Effect,
}

/// What an edit did to the files of the bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing: findings keep the bundle from being written.
    None,
    /// A worker is about to say.
    Awaited,
    /// This.
    On(Change),
}

impl LastChange {
    /// Returns what the edit did to the files, once that is known.
    pub(crate) fn on_files(&self) -> Option<&Change> {
        match &self.files {
            Effect::On(change) => Some(change),
            Effect::None | Effect::Awaited => None,
        }
    }

    /// Says what was done and, once that is known, what it did to the files, as one line.
    pub(crate) fn line(&self) -> Text {
        self.on_files().map_or_else(|| self.said.clone(), |change| change.line(&self.said))
    }
}

/// A sentence for the live region; the number makes the same sentence twice two sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Counts sentences.
    pub(crate) number: u32,
    /// The sentence.
    pub(crate) text: Text,
}

/// The screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Screen {
    /// Templates and files to begin with.
    Start,
    /// The drawing.
    Board,
}

/// The dialogs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Dialog {
    /// The keys.
    Keys,
    /// What to do or to find, by name.
    Palette,
    /// A few questions whose answers are a drawing.
    Wizard,
    /// What the drawing comes to, in tables.
    Overview(Topic),
    /// What came in, and what to do with it.
    Arrival(Rc<Arrival>),
    /// Why a file was not taken.
    Refused(Rc<Refusal>),
    /// Why no bundle is exported.
    NotExported,
}

impl Editor {
    /// Starts with a draft, or with the start screen.
    pub(crate) fn new(draft: Option<Drawing>, settings: Settings) -> Self {
        let screen = if draft.is_some() { Screen::Board } else { Screen::Start };
        let drawing = draft.unwrap_or_else(Drawing::empty);
        let derived = Derived::new(&drawing.topology, None);
        Editor::with(drawing, derived, screen, settings)
    }

    /// Starts with a draft whose files come later, however few they are.
    pub(crate) fn begun(draft: Drawing, settings: Settings) -> Self {
        let derived = Derived::later(&draft.topology);
        Editor::with(draft, derived, Screen::Board, settings)
    }

    fn with(drawing: Drawing, derived: Derived, screen: Screen, settings: Settings) -> Self {
        let (drawing, derived) = (Rc::new(drawing), Rc::new(derived));
        let picture = Rc::new(Picture::new(&drawing));
        let history = History::new(drawing.clone());
        let mut editor = Editor {
            drawing,
            derived,
            picture,
            selection: Selection::Mesh,
            change: None,
            span: Span::default(),
            earlier: [None, None],
            compared: None,
            said: Said::default(),
            screen,
            dialog: None,
            tab: Tab::default(),
            view: View::default(),
            file: None,
            line: None,
            linking: None,
            walk: None,
            plays: false,
            hand: false,
            alone: false,
            tour: None,
            nudged: false,
            notice: None,
            look: (0, Look::All),
            glides: 0,
            name_asked: 0,
            settings,
            draft: 0,
            next_draft: 1,
            held: true,
            drafts: Rc::default(),
            untouched: false,
            history,
        };
        editor.note_opened();
        editor
    }

    /// Returns the language.
    pub(crate) fn lang(&self) -> Lang {
        self.settings.lang
    }

    /// Does what a command says; `false` where it changes nothing.
    pub(crate) fn run(&mut self, command: Command) -> bool {
        if matches!(command, Command::Edit(_) | Command::Select(_) | Command::SelectLine(..) | Command::ShowFinding(_))
        {
            self.dialog = None;
        }
        // What comes from outside is no answer to a refusal.
        if !matches!(command, Command::SystemTheme(_) | Command::Take(..) | Command::Done(_)) {
            self.notice = None;
        }
        if !command.is_look() {
            self.linking = None;
        }
        self.alone &= !command.shows_beside();
        // Steps of one way across the canvas are one step of the history.
        self.nudged = self.nudged && matches!(command, Command::Nudge(_) | Command::Take(..) | Command::Done(_));
        match command {
            Command::Edit(edit) => return self.edit(&edit),
            Command::Undo => return self.history.at().checked_sub(1).is_some_and(|to| self.go(to)),
            Command::Redo => return self.go(self.history.at() + 1),
            Command::Go(to) => return self.go(to),
            Command::Since(span) => self.span = span,
            Command::Compare(with) => self.compare(with),
            Command::Select(selection) => self.select(selection),
            Command::SelectNext => return self.step(true),
            Command::SelectPrevious => return self.step(false),
            Command::SelectToward(direction) => return self.step_toward(direction),
            Command::SelectOuter => return self.step_out(),
            Command::Toggle(index) => self.select_and_say(self.selection.toggled(index)),
            Command::SelectAll => {
                self.select_and_say(Selection::of((0..self.drawing.topology.clusters.len()).collect()));
            }
            Command::Nudge(by) => return self.nudge(by),
            Command::Duplicate => return self.duplicate(),
            Command::Tour(step) => return self.tour_to(step),
            Command::TakeHand(taken) => self.hand = taken,
            Command::SwitchAlone => self.switch_alone(),
            Command::BeginLink(from) => self.begin_link(from),
            Command::Join(from, to) => self.join(from, to),
            Command::LetGo => self.let_go(),
            Command::DeleteSelected => return self.delete_selected(),
            Command::MoveToNeighbour { forward } => return self.move_to_neighbour(forward),
            Command::EditName if self.linking.is_some() => self.join_selected(),
            Command::EditName => self.edit_name(),
            Command::ShowStart => self.screen = Screen::Start,
            Command::Continue => self.screen = Screen::Board,
            Command::Replace(drawing, origin) => self.replace(drawing, &origin),
            Command::ShowTab(tab) => self.tab = tab,
            Command::ShowView(view) => self.view = view,
            Command::ShowFile(path) => self.file = Some(path),
            Command::ShowFinding(at) => return self.show_finding(at),
            Command::SelectLine(path, line) => return self.select_line(path, line),
            Command::Refuse(refusal) => {
                self.say(refusal.what.clone());
                self.dialog = Some(Dialog::Refused(refusal));
            }
            Command::Walk(step) => return self.walk_to(step),
            Command::Play(plays) => self.plays = plays && self.walk.is_some(),
            Command::Print => self.tab = Tab::Steps,
            Command::ShowWizard => self.dialog = Some(Dialog::Wizard),
            Command::ShowOverview(topic) => self.dialog = Some(Dialog::Overview(topic)),
            Command::ShowPalette => self.dialog = Some(Dialog::Palette),
            Command::SwitchLetters => self.settings.letters = !self.settings.letters,
            Command::SwitchMotion => self.settings.motion = !self.settings.motion,
            Command::Look(look) => self.look = (self.look.0 + 1, look),
            Command::ShowKeys => self.dialog = Some(Dialog::Keys),
            Command::CloseDialog => self.dialog = None,
            Command::SetLang(lang) => self.settings.lang = lang,
            Command::NextTheme => {
                self.settings.theme = self.settings.theme.next();
                self.say(self.settings.theme.msg().text(&[]));
            }
            Command::SystemTheme(theme) => self.settings.system = theme,
            Command::Take(topology, made) => return self.take(&topology, made),
            // The page exports where it can; the reducer hears of it only where it cannot.
            Command::Export => {
                self.dialog = Some(Dialog::NotExported);
                self.say(Msg::NotExported.text(&[]));
            }
            Command::Done(outside) => {
                self.note_exported(&outside);
                self.say(told::told(&outside));
            }
            Command::Arrive(arrival) => self.arrive(arrival),
            Command::Admit(add) => return self.admit(add),
            Command::Drafts(drafts) => self.list(drafts),
            Command::Held(held, newer) => return self.hold(held, newer),
            Command::Save
            | Command::Keeping(_)
            | Command::Share
            | Command::SavePicture
            | Command::SaveDots(_)
            | Command::SaveFile(_)
            | Command::CopyInvocation
            | Command::Open
            | Command::Copy
            | Command::Cut
            | Command::Focus(_)
            | Command::CompareFile
            | Command::CopyTables(..)
            | Command::CopyFile(_) => return false,
        }
        true
    }

    fn edit_name(&mut self) {
        (self.tab, self.view, self.alone) = (Tab::Selected, View::Details, false);
        self.name_asked += 1;
    }

    fn switch_alone(&mut self) {
        self.alone = !self.alone;
        self.say(if self.alone { Msg::IsAlone } else { Msg::IsBeside }.text(&[]));
    }

    fn edit(&mut self, edit: &Edit) -> bool {
        if self.is_refused() {
            return true;
        }
        let Some(edited) = edit::apply(&self.drawing, &self.selection, edit) else { return false };
        self.history.leave(&self.selection, self.draft);
        self.show(Rc::new(edited.drawing), edited.said.clone());
        self.remember(edited.said);
        self.glides += u32::from(*edit == Edit::Tidy);
        let tab = self.tab;
        if let Some(selection) = edited.selection {
            self.select(selection);
        }
        // Who reads what edits do goes on reading.
        if tab == Tab::Changes {
            self.tab = tab;
        }
        true
    }

    /// Shows another drawing. The bundle is written anew only where the topology is another one.
    fn show(&mut self, drawing: Rc<Drawing>, said: Text) {
        let files = if drawing.topology == self.drawing.topology {
            // What a worker is still to say about the edit before would be lost.
            match &self.change {
                Some(change) if self.derived.waits => change.files.clone(),
                _ => Effect::On(Change::default()),
            }
        } else {
            // Whoever edits before the files of the beginning are there has them now: else all would be new.
            if self.derived.waits && !self.derived.is_large() {
                let made = self.derived.mesh.as_ref().map(|mesh| Made::of(mesh, None)).unwrap_or_default();
                self.take(&self.drawing.topology.clone(), Rc::new(made));
            }
            let derived = Rc::new(Derived::new(&drawing.topology, Some(&self.derived)));
            let files = match (&derived.mesh, derived.waits) {
                (None, _) => Effect::None,
                (Some(_), true) => Effect::Awaited,
                (Some(_), false) => Effect::On(Change::between(&self.derived.made, &derived.made)),
            };
            self.derived = derived;
            // Another drawing has another plan.
            (self.walk, self.plays) = (None, false);
            files
        };
        let change = LastChange { said, files };
        let line = change.line();
        self.change = Some(Rc::new(change));
        self.drawing = drawing;
        self.redraw();
        self.note_opened();
        self.mend_selection();
        self.say(line);
    }

    fn say(&mut self, text: Text) {
        self.said = Said { number: self.said.number + 1, text };
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod undo;
