//! The editor as the page uses it: commands in, state out.

use shared::layout::Layout;
use shared::scene::{ArrowKind, PartKind};
use shared::topology::Topology;
use shared::topology::{EastWest, Entry, Expose, Gateway, GatewayApi, GatewayKind, Installer};

use super::*;
use crate::command::{Origin, RoleKind};
use crate::made::Made;
use crate::open;

fn editor(commands: impl IntoIterator<Item = Command>) -> Editor {
    let mut editor = Editor::new(None, Settings::default());
    for command in commands {
        editor.run(command);
    }
    editor
}

fn add_two() -> Vec<Command> {
    [Edit::AddNetwork, Edit::AddCluster(None), Edit::AddNetwork, Edit::AddCluster(None)].map(Command::Edit).into()
}

#[test]
fn the_main_job_takes_four_commands() {
    let editor = editor(add_two());
    assert_eq!(editor.derived.model.en, "Multi-primary · different networks");
    assert!(editor.derived.errors().next().is_none() && !editor.derived.made.files.is_empty());
    let (new, changed, gone) = editor.change.as_ref().unwrap().on_files().unwrap().counts();
    assert!(new > 5 && changed > 0 && gone == 0, "{new} {changed} {gone}");
}

#[test]
fn the_drawing_is_shown_alone_until_something_beside_it_is_asked_for() {
    let mut editor = editor(add_two());
    editor.run(Command::SwitchAlone);
    editor.run(Command::BeginLink(Some(1)));
    assert!(editor.alone && editor.linking.is_some());
    editor.run(Command::SwitchAlone);
    assert!(!editor.alone && editor.linking.is_some(), "an arrow is drawn on");
    for asks in [Command::ShowTab(Tab::Files), Command::EditName, Command::ShowFile(String::new()), Command::Print] {
        editor.alone = true;
        editor.run(Command::LetGo);
        editor.run(asks.clone());
        assert!(!editor.alone, "{asks:?}");
    }
    editor.alone = true;
    editor.run(Command::Select(Selection::Cluster(1)));
    editor.run(Command::LetGo);
    assert!(editor.alone, "first what is selected is let go");
    editor.run(Command::LetGo);
    assert!(!editor.alone);
    assert_eq!(editor.said.text.en, "The drawing with its panels");
}

#[test]
fn every_template_is_drawn_from_nothing_in_few_actions() {
    let (network, cluster) = (|| Command::Edit(Edit::AddNetwork), || Command::Edit(Edit::AddCluster(None)));
    let apart = || vec![network(), cluster(), network(), cluster()];
    let external = || vec![cluster(), Command::Edit(Edit::RenameCluster(0, "external".into())), cluster()];
    let with = |mut first: Vec<Command>, more: &[Command]| {
        first.extend_from_slice(more);
        first
    };
    let join = Command::Join;
    for preset in shared::preset::presets() {
        let actions = match preset.id {
            "multi-primary-multi-network" => apart(),
            "multi-primary" => vec![cluster(), cluster()],
            "primary-remote-multi-network" => with(apart(), &[join(1, 0)]),
            "primary-remote" => vec![cluster(), cluster(), join(1, 0)],
            "external-two-remotes" => with(external(), &[network(), cluster(), join(1, 0), join(2, 0), join(0, 1)]),
            "external-ip" => with(external(), &[join(1, 0), join(0, 1)]),
            "shared-control-plane" => with(apart(), &[join(1, 0), Command::Edit(Edit::SetVersion("1.5".into()))]),
            "single" => vec![cluster()],
            "external-dns" => {
                let (host, credential) = ("myhost.example.com".into(), "myhost-example-credential".into());
                let entry = Command::Edit(Edit::SetEntry(0, Entry::Host { host, credential }));
                with(external(), &[join(1, 0), join(0, 1), entry])
            }
            "ingress-egress" => {
                let gateway = |kind| Command::Edit(Edit::AddGateway(1, kind));
                let (cluster, kind, api) = ("cluster1".into(), GatewayKind::Egress, GatewayApi::Istio);
                let helm = Gateway { cluster, kind, api, installer: Some(Installer::Helm) };
                let gateways = [
                    gateway(GatewayKind::Ingress),
                    gateway(GatewayKind::Egress),
                    Command::Edit(Edit::SetGateway(1, helm)),
                ];
                with(external(), &[&[join(1, 0), join(0, 1)], &gateways[..]].concat())
            }
            other => panic!("how is {other} drawn?"),
        };
        assert!(actions.len() <= 15, "{}: {} actions", preset.id, actions.len());
        let drawn = editor(actions);
        assert_eq!(*drawn.drawing.topology, preset.topology, "{}", preset.id);
    }
}

#[test]
fn undo_and_redo_lead_through_the_same_bytes() {
    // A small generator of its own: the same walk every time.
    let mut seed = 7_u32;
    let mut roll = |n: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % n
    };
    let mut editor = editor([]);
    let mut trail = vec![editor.drawing.clone()];
    while trail.len() <= history::STEPS_MAX {
        let index = roll(4) as usize;
        let network = || format!("network{}", index + 1).as_str().into();
        let edit = match roll(14) {
            0 => Edit::AddNetwork,
            1 | 2 if editor.drawing.topology.clusters.len() < 4 => Edit::AddCluster(None),
            3 => Edit::MoveCluster(index, network()),
            4 => Edit::RenameCluster(index, format!("c{}", roll(99))),
            5 => Edit::DeleteCluster(index),
            6 => Edit::PlaceCluster(index, shared::layout::Point { x: i32::try_from(roll(900)).unwrap(), y: 8 }),
            7 => Edit::RenameNetwork(network(), format!("n{}", roll(99))),
            13 => Edit::Link(index, roll(4) as usize),
            8 | 9 => Edit::SetRole(index, RoleKind::ALL[roll(3) as usize]),
            10 => Edit::SetControlPlane(index, format!("cluster{}", roll(4)).as_str().into()),
            11 => Edit::SetConfig(index, format!("cluster{}", roll(4)).as_str().into()),
            _ => Edit::SetSample(roll(2) == 0),
        };
        if editor.run(Command::Edit(edit)) {
            trail.push(editor.drawing.clone());
        }
    }
    for drawing in trail.iter().rev().skip(1) {
        assert!(editor.run(Command::Undo));
        assert_eq!(editor.drawing, *drawing);
    }
    assert!(!editor.run(Command::Undo));
    for drawing in &trail[1..] {
        assert!(editor.run(Command::Redo));
        assert_eq!(editor.drawing, *drawing);
        assert_eq!(*editor.derived.made, *Derived::new(&drawing.topology, Some(&editor.derived)).made);
    }
    assert!(!editor.run(Command::Redo));
}

#[test]
fn a_finding_keeps_the_files_of_before_and_the_bundle_back() {
    let mut editor = editor(add_two());
    let made = editor.derived.made.clone();
    editor.run(Command::Edit(Edit::RenameCluster(0, "Bad Name".into())));
    assert_eq!(editor.derived.errors().count(), 1);
    assert_eq!(editor.derived.about_cluster(0).count(), 1);
    assert_eq!(editor.derived.made, made);
    assert_eq!(editor.change.as_ref().unwrap().files, Effect::None);
    editor.run(Command::Export);
    assert_eq!(editor.dialog, Some(Dialog::NotExported));
    let fix = editor.derived.findings[0].fixes[0].clone();
    editor.run(Command::Edit(Edit::Fix(Box::new(fix))));
    assert_eq!(editor.drawing.topology.clusters[0].name.as_str(), "bad-name");
    assert!(editor.derived.errors().next().is_none());
}

#[test]
fn moving_a_box_does_not_write_the_bundle_again() {
    let mut editor = editor(add_two());
    let derived = editor.derived.clone();
    editor.run(Command::Edit(Edit::PlaceCluster(0, shared::layout::Point { x: 80, y: 40 })));
    assert!(Rc::ptr_eq(&derived, &editor.derived));
}

#[test]
fn everything_is_reached_by_steps_and_by_direction() {
    let mut editor = editor(add_two());
    editor.run(Command::Select(Selection::Mesh));
    let mut count = 0;
    while editor.run(Command::SelectNext) {
        count += 1;
    }
    assert_eq!(count, 4, "two networks and two clusters");
    assert!(editor.is_at_end(true) && !editor.is_at_end(false));
    assert_eq!(editor.selection, Selection::Cluster(1));
    assert!(editor.run(Command::SelectToward(Direction::Left)));
    assert_eq!(editor.selection, Selection::Cluster(0));
    assert!(!editor.run(Command::SelectToward(Direction::Left)));
    assert_eq!(editor.said.text.en, "Cluster cluster1, primary, in network1, findings: 0; 3 of 5");
}

#[test]
fn a_cluster_moves_round_the_networks_by_key() {
    let mut editor = editor(add_two());
    let network = |editor: &Editor| editor.drawing.topology.clusters[1].network.clone().unwrap().to_string();
    editor.run(Command::MoveToNeighbour { forward: true });
    assert_eq!(network(&editor), "network1");
    editor.run(Command::MoveToNeighbour { forward: false });
    assert_eq!(network(&editor), "network2");
}

#[test]
fn what_is_deleted_is_let_go_and_what_is_implied_stays() {
    let mut editor = editor(add_two());
    editor.run(Command::Select(Selection::Part(0, shared::scene::PartKind::EastWest)));
    let before = editor.drawing.clone();
    editor.run(Command::DeleteSelected);
    assert_eq!(editor.drawing, before);
    assert!(editor.said.text.en.starts_with("The rules"));
    editor.run(Command::Select(Selection::Cluster(1)));
    editor.run(Command::DeleteSelected);
    assert_eq!(editor.drawing.topology.clusters.len(), 1);
    assert_eq!(editor.selection, Selection::Network("network2".into()));
    editor.run(Command::Undo);
    assert_eq!(editor.selection, Selection::Cluster(1));
}

#[test]
fn a_template_can_be_taken_back() {
    let mut editor = editor(add_two());
    let before = editor.drawing.clone();
    let other = Rc::new(Drawing::empty());
    editor.run(Command::Replace(other.clone(), Origin::Blank));
    assert_eq!(editor.drawing, other);
    editor.run(Command::Undo);
    assert_eq!(editor.drawing, before);
}

#[test]
fn a_bundle_opens_as_the_drawing_it_was_made_from() {
    let mut editor = editor(add_two());
    editor.run(Command::Edit(Edit::AddNetwork));
    editor.run(Command::Edit(Edit::PlaceCluster(0, shared::layout::Point { x: 80, y: 40 })));
    let bundle = shared::bundle::Bundle::write(&editor.drawing.topology, Some(&editor.drawing.layout)).unwrap();
    assert_eq!(
        open::read("mesh1.zip", &bundle.to_zip()).unwrap(),
        crate::arrival::What::Drawing(editor.drawing.clone())
    );
    let refused = open::read("x.yaml", b"kind: Topology\nnmae: 1\n").unwrap_err();
    assert!(refused.line.is_some() && refused.title.en == "x.yaml was not opened");
    assert!(open::read("x.zip", b"PK\x03\x04 but no zip").is_err());
    assert!(open::read("x.bin", &[0xff, 0xfe]).is_err());
}

#[test]
fn a_large_bundle_is_awaited_and_only_the_newest_is_taken() {
    let large = |count: usize| {
        let mut topology = Topology::empty("mesh1");
        let cluster = |i: usize| shared::topology::Cluster::primary(&format!("cluster{i}"), "network1");
        topology.clusters = (1..=count).map(cluster).collect();
        Rc::new(Drawing::new(topology, shared::layout::Layout::default()))
    };
    let made = |editor: &Editor| Rc::new(Made::of(editor.derived.mesh.as_ref().unwrap(), None));
    let mut editor = editor(add_two());
    let small = editor.derived.made.clone();
    editor.run(Command::Replace(large(40), Origin::Blank));
    assert!(editor.derived.waits && !editor.derived.is_planned(), "no frame is spent on it");
    assert_eq!(editor.derived.made, small, "the bundle of before is shown meanwhile");
    let (first, first_made) = (editor.drawing.topology.clone(), made(&editor));
    editor.run(Command::Edit(Edit::RenameCluster(0, "alpha".into())));
    assert!(!editor.run(Command::Take(first, first_made)), "another drawing has come");
    assert!(editor.derived.waits);
    // Moving a box meanwhile takes nothing away.
    editor.run(Command::Edit(Edit::PlaceCluster(0, shared::layout::Point { x: 80, y: 40 })));
    let (second, second_made) = (editor.drawing.topology.clone(), made(&editor));
    assert!(editor.run(Command::Take(second.clone(), second_made.clone())));
    assert!(editor.derived.is_planned() && Rc::ptr_eq(&editor.derived.made, &second_made));
    assert!(editor.change.as_ref().unwrap().on_files().unwrap().counts().0 > 1000);
    assert!(!editor.run(Command::Take(second, second_made)), "nothing is taken twice");
    // An error takes the bundle back, whatever arrives.
    editor.run(Command::Edit(Edit::RenameCluster(0, "Bad Name".into())));
    assert!(!editor.derived.waits && editor.derived.mesh.is_none());
}

#[test]
fn the_files_of_a_kept_drawing_come_later_or_with_the_first_edit() {
    let drawing = Drawing::clone(&editor(add_two()).drawing);
    let mut begun = Editor::begun(drawing.clone(), Settings::default());
    assert!(begun.derived.waits && begun.derived.made.files.is_empty());
    let mut edited = begun.clone();
    let made = Rc::new(Made::of(begun.derived.mesh.as_ref().unwrap(), None));
    assert!(begun.run(Command::Take(begun.drawing.topology.clone(), made.clone())));
    assert!(begun.derived.is_planned() && begun.change.is_none());
    for editor in [&mut begun, &mut edited] {
        editor.run(Command::Edit(Edit::SetContext(0, "other".into())));
        let change = editor.change.as_ref().unwrap().on_files().unwrap();
        assert_eq!(change.counts().0, 0, "no file is new");
        assert_eq!(editor.earlier[0], Some(made.clone()), "what it was opened with");
    }
    let alone = Editor::new(Some(drawing), Settings::default());
    assert_eq!(*alone.derived.made, *made);
}

#[test]
fn an_arrow_is_begun_tried_refused_and_ended() {
    let mut editor = Editor::new(None, Settings::default());
    for edit in [Edit::AddCluster(None), Edit::AddCluster(None), Edit::AddCluster(None)] {
        editor.run(Command::Edit(edit));
    }
    editor.run(Command::Select(Selection::Mesh));
    editor.run(Command::BeginLink(None));
    assert!(editor.linking.is_none() && editor.notice.is_some(), "an arrow begins at a cluster");
    editor.run(Command::BeginLink(Some(1)));
    assert_eq!((editor.linking, editor.notice.as_deref()), (Some(1), None));
    assert_eq!((editor.link_fits(0), editor.link_fits(1)), (Some(true), Some(true)));
    // Selecting goes on while the tool is in hand; Enter ends the arrow at what is selected.
    editor.run(Command::Select(Selection::Cluster(0)));
    assert!(editor.link_verdict(0).unwrap().is_ok());
    editor.run(Command::EditName);
    assert_eq!(editor.drawing.cluster(1).unwrap().role.word(), "remote");
    assert_eq!((editor.linking, editor.name_asked), (None, 0));
    // What is refused leaves the tool in hand, and the drawing as it is.
    let before = editor.drawing.clone();
    editor.run(Command::BeginLink(Some(2)));
    editor.run(Command::Select(Selection::Cluster(1)));
    editor.run(Command::EditName);
    assert!(editor.notice.is_some() && editor.linking == Some(2) && editor.drawing == before);
    editor.run(Command::LetGo);
    assert!(editor.notice.is_none() && editor.linking.is_none());
    assert_eq!(editor.selection, Selection::Cluster(1), "the first Escape ends the tool alone");
    editor.run(Command::LetGo);
    assert_eq!(editor.selection, Selection::Mesh);
}

#[test]
fn drawn_arrows_are_deleted_and_implied_ones_say_why_not() {
    let preset = shared::preset::presets().into_iter().find(|preset| preset.id == "external-two-remotes").unwrap();
    let mut editor = Editor::new(Some(Drawing::new(preset.topology, Layout::default())), Settings::default());
    let arrow = |kind| Selection::Arrow(ArrowId { kind, from: 0, to: 1 });
    for kind in [ArrowKind::Config, ArrowKind::ServedBy] {
        let from = if kind == ArrowKind::Config { (0, 1) } else { (1, 0) };
        let selection = Selection::Arrow(ArrowId { kind, from: from.0, to: from.1 });
        assert!(editor.order().contains(&selection), "the outline lists it");
        assert!(editor.derived.step_of(&editor.drawing, &selection).is_some(), "{kind:?} becomes a step");
    }
    let implied = Selection::Arrow(ArrowId { kind: ArrowKind::Reads, from: 0, to: 2 });
    assert!(editor.derived.step_of(&editor.drawing, &implied).is_some());
    editor.run(Command::Select(implied.clone()));
    editor.run(Command::DeleteSelected);
    assert_eq!(editor.selection, implied);
    assert!(editor.said.text.en.contains("rules"));
    editor.run(Command::Select(arrow(ArrowKind::Config)));
    editor.run(Command::DeleteSelected);
    assert_eq!(editor.drawing.cluster(0).unwrap().role.word(), "primary");
    assert_eq!(editor.selection, Selection::Cluster(0));
}

#[test]
fn what_the_rules_imply_is_made_explicit_and_left_to_them_again() {
    let mut editor = editor(add_two());
    let implied = editor.drawing.clone();
    assert_eq!(editor.gateway_of(0), Some(true));
    assert!(editor.run(Command::Edit(Edit::SetExplicit(0, true))));
    assert_eq!((editor.gateway_of(0), editor.gateway_of(1)), (Some(false), Some(true)));
    assert_eq!(editor.undoable().unwrap().en, "Made the east-west gateway of cluster1 explicit");
    let written = editor.drawing.topology.write();
    assert!(written.contains("eastWest:\n      expose: loadBalancer\n"), "{written}");
    assert_eq!(Topology::read(&written).unwrap(), *editor.drawing.topology);
    // What is drawn can be deleted, and is implied then.
    editor.run(Command::Select(Selection::Part(0, PartKind::EastWest)));
    assert!(editor.run(Command::DeleteSelected));
    assert_eq!(editor.drawing, implied);
    assert!(!editor.run(Command::Edit(Edit::SetExplicit(0, false))), "nothing is to be left");
    // One that is reached in another way is drawn by that.
    let gateway = EastWest { expose: Some(Expose::NodePort), ..EastWest::default() };
    editor.run(Command::Edit(Edit::SetEastWest(0, Box::new(gateway))));
    assert_eq!(editor.gateway_of(0), None);
}

#[test]
fn boxes_glide_where_the_rule_places_them_anew() {
    let mut editor = editor(add_two());
    let glides = editor.glides;
    editor.run(Command::Edit(Edit::PlaceCluster(0, shared::layout::Point { x: 80, y: 40 })));
    assert_eq!(editor.glides, glides, "what is dragged stands where it was dropped");
    editor.run(Command::Edit(Edit::Tidy));
    editor.run(Command::Undo);
    assert_eq!(editor.glides, glides + 2);
    editor.run(Command::Edit(Edit::SetSample(false)));
    editor.run(Command::Undo);
    assert_eq!(editor.glides, glides + 2, "another drawing is another picture");
}
