//! Everything a person can do, by name. Toolbar, keys, outline, canvas and dialogs send the same commands.

use std::rc::Rc;

use shared::finding::Fix;
use shared::layout::Point;
use shared::name::{ClusterName, NetworkName};
use shared::overview::{TableForm, Topic};
use shared::text::{Lang, Text};
use shared::topology::{ApiServer, EastWest, Entry, Gateway, GatewayKind, Installer, Topology};

use crate::arrival::Arrival;
use crate::draft::{Drafts, Keeping};
use crate::drawing::Drawing;
use crate::i18n::Msg;
use crate::made::Made;
use crate::open::Refusal;
pub(crate) use crate::selection::{ArrowId, Selection};
use crate::settings::Theme;

/// One thing a person can do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// Changes the drawing; can be taken back.
    Edit(Edit),
    /// Takes back the last edit.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Goes to a state of the history, counted from 0.
    Go(usize),
    /// Compares with another drawing, by that name, or no longer.
    Compare(Option<(Text, Rc<Drawing>)>),
    /// Asks for a file to compare with.
    CompareFile,
    /// Shows what changed since then.
    Since(Span),
    /// Selects something, or nothing.
    Select(Selection),
    /// Selects the next thing in reading order.
    SelectNext,
    /// Selects the thing before in reading order.
    SelectPrevious,
    /// Selects the nearest box in a direction.
    SelectToward(Direction),
    /// Selects what holds the selected thing.
    SelectOuter,
    /// Adds a cluster to the selection, or takes it out.
    Toggle(usize),
    /// Selects all clusters.
    SelectAll,
    /// Begins an arrow at a cluster, or at the selected one.
    BeginLink(Option<usize>),
    /// Leads an arrow from one cluster to another, or says why not.
    Join(usize, usize),
    /// Lets go of what is under way, else of the selection.
    LetGo,
    /// Deletes what is selected.
    DeleteSelected,
    /// Moves the selected cluster to the next (or the previous) network.
    MoveToNeighbour {
        /// Whether to the next one.
        forward: bool,
    },
    /// Moves the selected clusters on the canvas by so much.
    Nudge(Point),
    /// Draws the selected clusters once more.
    Duplicate,
    /// Copies the selected clusters as text.
    Copy,
    /// Copies the selected clusters as text and deletes them.
    Cut,
    /// Shows a step of the tour, or ends it.
    Tour(Option<usize>),
    /// Takes the hand, which moves the canvas, or puts it down.
    TakeHand(bool),
    /// Shows the drawing alone, or with what stands beside it.
    SwitchAlone,
    /// Puts the caret in the selected thing's name.
    EditName,
    /// Shows the start screen.
    ShowStart,
    /// Leaves the start screen with the drawing as it was.
    Continue,
    /// Replaces the drawing by another one; can be taken back.
    Replace(Rc<Drawing>, Origin),
    /// Draws what came into the page, or asks whether to add it.
    Arrive(Rc<Arrival>),
    /// Draws what was asked about: added, or in place of the drawing.
    Admit(bool),
    /// Shows a tab of the right panel.
    ShowTab(Tab),
    /// On a narrow screen: shows one of the three views.
    ShowView(View),
    /// Shows a file of the bundle.
    ShowFile(String),
    /// Selects what a finding is about, by its place in the list, and shows its line of the drawing.
    ShowFinding(usize),
    /// Selects what a line of a file, counted from 0, comes from.
    SelectLine(String, usize),
    /// Says in a dialog why a file was not taken.
    Refuse(Rc<Refusal>),
    /// Shows the keys.
    ShowKeys,
    /// Asks what to do or to find, by name.
    ShowPalette,
    /// Asks a few questions whose answers are a drawing.
    ShowWizard,
    /// Shows what the drawing comes to, in tables.
    ShowOverview(Topic),
    /// Switches keys of one letter on or off.
    SwitchLetters,
    /// Lets things move, or not.
    SwitchMotion,
    /// Plays the plan at a step, or stops playing it.
    Walk(Option<usize>),
    /// Lets the walkthrough go on by itself, or not.
    Play(bool),
    /// Prints the steps, with boxes to check.
    Print,
    /// Looks at the canvas in another way.
    Look(Look),
    /// Moves the focus to the next part of the page, or out of a field to what is selected.
    Focus(Place),
    /// Closes the dialog that is open.
    CloseDialog,
    /// Speaks another language.
    SetLang(Lang),
    /// Takes the next theme.
    NextTheme,
    /// Notes what the system prefers.
    SystemTheme(Theme),
    /// Takes what a worker made of the topology.
    Take(Rc<Topology>, Rc<Made>),
    /// Writes the bundle to a file.
    Export,
    /// Writes the topology to a file and the draft to the browser.
    Save,
    /// Copies a link that holds the drawing.
    Share,
    /// Writes a picture that holds the drawing.
    SavePicture,
    /// Writes a picture of dots, so many for each unit of the canvas, that holds the drawing.
    SaveDots(u8),
    /// Writes one file of the bundle to a file.
    SaveFile(String),
    /// Copies the command that makes the bundle in a terminal.
    CopyInvocation,
    /// Asks for a file to open.
    Open,
    /// Copies the shown file.
    CopyFile(String),
    /// Does something with the drawings that the browser keeps.
    Keeping(Keeping),
    /// Shows these as the drawings that the browser keeps.
    Drafts(Rc<Drafts>),
    /// Notes whether this page may write the drawing, and what another page made of it meanwhile.
    Held(bool, Option<Rc<Drawing>>),
    /// Copies the tables about a topic.
    CopyTables(Topic, TableForm),
    /// Says that something was done outside the drawing.
    Done(Outside),
}

/// A change of the drawing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Edit {
    /// Adds an empty network.
    AddNetwork,
    /// Adds a primary to a network, or to the selected, the first or a new one.
    AddCluster(Option<NetworkName>),
    /// Gives a cluster another name.
    RenameCluster(usize, String),
    /// Gives a network another name, in all its clusters.
    RenameNetwork(NetworkName, String),
    /// Moves a cluster to another network.
    MoveCluster(usize, NetworkName),
    /// Puts a cluster elsewhere in its network.
    PlaceCluster(usize, Point),
    /// Lets the rule place everything again.
    Tidy,
    /// Gives a cluster another role; what goes with it is chosen by rule.
    SetRole(usize, RoleKind),
    /// Draws the arrow from one cluster to another: what it says follows from the two.
    Link(usize, usize),
    /// Lets another cluster serve a remote.
    SetControlPlane(usize, ClusterName),
    /// Chooses the remote that holds the configuration an external control plane reads.
    SetConfig(usize, ClusterName),
    /// Chooses how a cluster's istiod is reached by those it serves.
    SetEntry(usize, Entry),
    /// Names the kubeconfig context of a cluster.
    SetContext(usize, String),
    /// Says how others dial a cluster's API server, where the kubeconfig's address is not it.
    SetApiServer(usize, Option<ApiServer>),
    /// Names the address ranges of a cluster's pods.
    SetPodRanges(usize, Vec<String>),
    /// Names the address ranges of a cluster's services.
    SetServiceRanges(usize, Vec<String>),
    /// Says how a cluster's east-west gateway is reached.
    SetEastWest(usize, Box<EastWest>),
    /// Draws the east-west gateway that the rules imply in a cluster, or leaves it to them again.
    SetExplicit(usize, bool),
    /// Names the namespace of an external control plane.
    SetNamespace(usize, String),
    /// Adds a gateway into or out of the mesh to a cluster.
    AddGateway(usize, GatewayKind),
    /// Changes the gateway at a place among the gateways.
    SetGateway(usize, Gateway),
    /// Takes the gateway at a place among the gateways away.
    RemoveGateway(usize),
    /// Names the drawing.
    SetName(String),
    /// Names the mesh.
    SetMeshId(String),
    /// Names the trust domain.
    SetTrustDomain(String),
    /// Chooses the release.
    SetVersion(String),
    /// Chooses the program that renders Istio.
    SetInstaller(Installer),
    /// Names the revision, or takes it away.
    SetRevision(String),
    /// Deploys the sample, or not.
    SetSample(bool),
    /// Deletes a cluster.
    DeleteCluster(usize),
    /// Deletes a network with its clusters.
    DeleteNetwork(NetworkName),
    /// Takes the drawing a finding proposes.
    Fix(Box<Fix>),
    /// Adds the clusters and gateways of another drawing, under names of their own.
    Paste(Rc<Topology>),
    /// Draws clusters once more, with their gateways, in their networks or in another one.
    Duplicate(Vec<usize>, Option<NetworkName>),
    /// Makes several edits that are one step.
    All(Vec<Edit>),
}

/// The roles, without what goes with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoleKind {
    /// Runs its own control plane.
    Primary,
    /// Is served by a control plane elsewhere.
    Remote,
    /// Runs the control plane of others.
    External,
}

impl RoleKind {
    /// All roles in order.
    pub(crate) const ALL: [RoleKind; 3] = [RoleKind::Primary, RoleKind::Remote, RoleKind::External];

    /// Returns the word for the role in the format.
    pub(crate) fn word(self) -> &'static str {
        match self {
            RoleKind::Primary => "primary",
            RoleKind::Remote => "remote",
            RoleKind::External => "external",
        }
    }
}

/// A direction on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

/// Ways to look at the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// All of the drawing.
    All,
    /// What is selected.
    Selected,
    /// From nearer.
    Closer,
    /// From farther away.
    Farther,
    /// At its own size.
    Whole,
}

/// Where a replacing drawing comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A template of the start screen.
    Template,
    /// Nothing: an empty drawing.
    Blank,
    /// A file of that name.
    File(String),
    /// The browser, which keeps it under that number.
    Draft(u64),
    /// A link.
    Link,
}

/// The tabs of the right panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tab {
    /// What is selected.
    #[default]
    Selected,
    /// Findings.
    Findings,
    /// Files of the bundle.
    Files,
    /// Steps of the plan.
    Steps,
    /// What edits did to the bundle, and the edits that can be taken back.
    Changes,
}

impl Tab {
    /// All tabs in order.
    pub(crate) const ALL: [Tab; 5] = [Tab::Selected, Tab::Findings, Tab::Files, Tab::Steps, Tab::Changes];
}

/// Since when changes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Span {
    /// Since before the last edit.
    #[default]
    Edit,
    /// Since the drawing was opened.
    Opened,
    /// Since the bundle was exported last.
    Exported,
    /// Against the drawing that this one is compared with.
    Compared,
}

impl Span {
    /// All spans in order.
    pub(crate) const ALL: [Span; 4] = [Span::Edit, Span::Opened, Span::Exported, Span::Compared];

    /// Returns its name.
    pub(crate) fn msg(self) -> Msg {
        match self {
            Span::Edit => Msg::SinceEdit,
            Span::Opened => Msg::SinceOpened,
            Span::Exported => Msg::SinceExported,
            Span::Compared => Msg::SinceCompared,
        }
    }
}

/// Where the focus is led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The next part of the page.
    Next,
    /// What is selected, in the outline.
    Selected,
    /// The link in the help of the field that has the focus.
    Help,
}

/// The views that take turns on a narrow screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum View {
    /// The outline.
    #[default]
    Outline,
    /// The canvas.
    Drawing,
    /// The right panel.
    Details,
}

/// What was done outside the drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    /// A worker packs the bundle of that name.
    Packing(String),
    /// A bundle was exported under that name.
    Exported(String),
    /// A topology was saved under that name.
    Saved(String),
    /// A file was copied.
    Copied(String),
    /// A link of so many characters was copied.
    Shared(usize),
    /// The command was copied.
    CopiedCommand,
    /// So many clusters were copied.
    CopiedClusters(usize),
    /// The browser keeps no drafts.
    NotKept,
}
