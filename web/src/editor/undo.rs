//! Undo and redo over many commands of every kind lead through the same bytes.

use std::rc::Rc;

use shared::layout::Point;
use shared::topology::{ApiServer, EastWest, Entry, Expose, GatewayKind, Installer};

use super::{Command, Edit, Editor, RoleKind, Selection};
use crate::clip;
use crate::settings::Settings;

/// The same numbers every time, from a seed.
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) as usize % sides
    }

    fn word<const N: usize>(&mut self, words: [&str; N]) -> String {
        words[self.roll(N)].to_owned()
    }

    fn steps(&mut self) -> i32 {
        i32::try_from(self.roll(60)).unwrap() * 8
    }

    /// Returns any command that changes something, or selects what another one changes.
    fn command(&mut self, editor: &Editor) -> Command {
        let index = self.roll(5);
        let network = ["network", &(self.roll(4) + 1).to_string()].concat().as_str().into();
        let cluster = self.word(["cluster1", "cluster2", "cluster3", "east"]);
        let many = editor.drawing.topology.clusters.len() > 8;
        Command::Edit(match self.roll(38) {
            0 => Edit::AddNetwork,
            1..=4 if !many => Edit::AddCluster(None),
            1..=4 => Edit::DeleteCluster(index),
            5 => Edit::RenameCluster(index, cluster),
            6 => Edit::RenameNetwork(network, self.word(["west", "east", "network1"])),
            7 => Edit::MoveCluster(index, network),
            8 => Edit::PlaceCluster(index, Point { x: self.steps(), y: self.steps() }),
            9 => Edit::Tidy,
            10 | 11 => Edit::SetRole(index, RoleKind::ALL[self.roll(3)]),
            12 | 13 => Edit::Link(index, self.roll(5)),
            14 => Edit::SetControlPlane(index, cluster.as_str().into()),
            15 => Edit::SetConfig(index, cluster.as_str().into()),
            16 => {
                let host = Entry::Host { host: cluster, credential: "secret".to_owned() };
                Edit::SetEntry(index, if self.roll(2) == 0 { host } else { Entry::LoadBalancer })
            }
            17 => Edit::SetContext(index, self.word(["", "prod", "test"])),
            18 => {
                let url = self.word(["https://10.0.0.1:6443", "https://10.0.0.2:6443"]);
                Edit::SetApiServer(index, (self.roll(2) == 0).then(|| ApiServer { url, ..ApiServer::default() }))
            }
            19 => Edit::SetPodRanges(index, vec![self.word(["10.1.0.0/16", "10.2.0.0/16"])]),
            20 => Edit::SetServiceRanges(index, vec![self.word(["10.3.0.0/16", "10.4.0.0/16"])]),
            21 => {
                let expose = [Expose::LoadBalancer, Expose::NodePort, Expose::Nat][self.roll(3)];
                Edit::SetEastWest(index, Box::new(EastWest { expose: Some(expose), ..EastWest::default() }))
            }
            22 => Edit::SetNamespace(index, self.word(["", "apart"])),
            23 => Edit::AddGateway(index, if self.roll(2) == 0 { GatewayKind::Ingress } else { GatewayKind::Egress }),
            24 => Edit::RemoveGateway(self.roll(3)),
            25 => Edit::SetMeshId(self.word(["mesh1", "mesh2"])),
            26 => Edit::SetTrustDomain(self.word(["", "example.com"])),
            27 => Edit::SetVersion(self.word(["1.31", "1.30", "1.5"])),
            28 => Edit::SetInstaller(if self.roll(2) == 0 { Installer::Helm } else { Installer::Istioctl }),
            29 => Edit::SetRevision(self.word(["", "blue"])),
            30 => Edit::SetSample(self.roll(2) == 0),
            31 if many => return Command::DeleteSelected,
            31 => return Command::Duplicate,
            32 if !many => {
                let copied = clip::write(&editor.drawing.topology, &editor.picked());
                let Some(Ok(more)) = copied.as_deref().and_then(clip::read) else { return Command::SelectAll };
                Edit::Paste(Rc::new(more))
            }
            33 => return Command::Toggle(index),
            34 => return Command::Nudge(Point { x: self.steps(), y: 8 }),
            35 => return Command::MoveToNeighbour { forward: self.roll(2) == 0 },
            36 => return Command::Select(Selection::Mesh),
            _ => {
                let fix = editor.derived.findings.iter().find_map(|finding| finding.fixes.first().cloned());
                let Some(fix) = fix else { return Command::SelectAll };
                Edit::Fix(Box::new(fix))
            }
        })
    }
}

fn bytes(editor: &Editor) -> (String, String) {
    (editor.drawing.topology.write(), editor.drawing.layout.write())
}

#[test]
fn two_hundred_commands_are_taken_back_and_done_again_to_the_same_bytes() {
    for seed in [1, 7, 42] {
        let mut dice = Dice(seed);
        let mut editor = Editor::new(None, Settings::default());
        let mut trail = vec![bytes(&editor)];
        while editor.history.at() < 200 {
            let command = dice.command(&editor);
            // A cluster that is out of reach is selected by nobody.
            if matches!(command, Command::Toggle(index) if editor.drawing.cluster(index).is_none()) {
                continue;
            }
            editor.run(command);
            // Steps of one way across the canvas are one step of the history.
            trail.truncate(editor.history.at());
            trail.push(bytes(&editor));
        }
        for step in trail.iter().rev().skip(1) {
            assert!(editor.run(Command::Undo));
            assert_eq!(bytes(&editor), *step, "seed {seed}");
        }
        assert!(!editor.run(Command::Undo), "seed {seed}");
        for step in &trail[1..] {
            assert!(editor.run(Command::Redo));
            assert_eq!(bytes(&editor), *step, "seed {seed}");
        }
        assert!(!editor.run(Command::Redo), "seed {seed}");
    }
}
