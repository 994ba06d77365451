//! Lines to boxes and boxes to lines, over every template.

use shared::layout::Layout;
use shared::mesh::check;
use shared::preset::presets;

use super::*;
use crate::command::Edit;
use crate::edit::apply;
use crate::made::Made;

const ALL: usize = usize::MAX;

fn drawn(id: &str) -> (Drawing, Made) {
    let preset = presets().into_iter().find(|preset| preset.id == id).unwrap();
    let made = Made::of(&check(&preset.topology).mesh.unwrap(), None);
    (Drawing::new(preset.topology, Layout::default()), made)
}

fn marked(drawing: &Drawing, made: &Made, path: &str, selected: &Selection) -> Vec<String> {
    let text = made.files.get(path).unwrap();
    let all: Vec<&str> = text.lines().collect();
    lines(drawing, path, text, selected, ALL).map(|at| all[at].trim().to_owned()).collect()
}

#[test]
fn a_box_marks_its_lines_of_the_drawing() {
    let (drawing, made) = drawn("primary-remote-multi-network");
    let of = |selected| marked(&drawing, &made, "topology.yaml", &selected);
    assert_eq!(of(Selection::Cluster(0)), ["- name: cluster1", "role: primary"]);
    assert_eq!(of(Selection::Network("network2".into())), ["network: network2"]);
    let served = ArrowId { kind: ArrowKind::ServedBy, from: 1, to: 0 };
    assert_eq!(of(Selection::Arrow(served)), ["controlPlane: cluster1"]);
    assert!(of(Selection::Mesh).contains(&"meshId: mesh1".to_owned()));
}

#[test]
fn what_in_a_file_is_anothers_says_so() {
    let (drawing, made) = drawn("primary-remote-multi-network");
    let of = |path, selected| marked(&drawing, &made, path, &selected);
    let arrow = Selection::Arrow(ArrowId { kind: ArrowKind::ServedBy, from: 1, to: 0 });
    let lines = of("clusters/cluster2/40-remote/istio.yaml", arrow.clone());
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].starts_with("remotePilotAddress:") && lines[1].starts_with("injectionPath:"));
    assert_eq!(of("clusters/cluster2/10-namespace/namespace.yaml", arrow).len(), 1);
    let network = of("clusters/cluster1/50-gateway/istio.yaml", Selection::Network("network1".into()));
    assert_eq!(network, ["topology.istio.io/network: network1", "value: network1", "network: network1"]);
    let reads = Selection::Arrow(ArrowId { kind: ArrowKind::Reads, from: 0, to: 1 });
    assert!(of("clusters/cluster1/70-secret/cluster2.yaml", reads.clone()).len() > 20);
    assert_eq!(of("bundle.yaml", reads.clone())[0], "- id: cluster1/secret/cluster2");
    assert!(of("README.md", reads)[0].ends_with("cluster1/secret/cluster2"));
    let server = of("clusters/cluster1/70-secret/cluster2.yaml", Selection::Cluster(1));
    assert_eq!(server, ["server: ${API_SERVER_CLUSTER2}"]);
}

#[test]
fn gateways_that_are_drawn_are_found_by_their_place() {
    let (mut drawing, _) = drawn("multi-primary-multi-network");
    for edit in [Edit::AddGateway(1, GatewayKind::Egress), Edit::AddGateway(0, GatewayKind::Ingress)] {
        drawing = apply(&drawing, &Selection::Mesh, &edit).unwrap().drawing;
    }
    let made = Made::of(&check(&drawing.topology).mesh.unwrap(), None);
    for (at, part) in [(1, PartKind::Egress), (0, PartKind::Ingress)] {
        let found = marked(&drawing, &made, "topology.yaml", &Selection::Part(at, part));
        assert!(found[0].starts_with("- cluster: ") && found.len() > 1, "{found:?}");
    }
}

#[test]
fn every_step_of_every_template_leads_to_what_it_makes_and_back() {
    for preset in presets() {
        let (drawing, made) = drawn(preset.id);
        for path in made.files.paths() {
            let text = made.files.get(path).unwrap();
            let mut tracer = Tracer::new(&drawing, path);
            for (at, line) in text.lines().enumerate() {
                let cause = tracer.next(line);
                assert!(lines(&drawing, path, text, &cause, ALL).any(|line| line == at), "{path} {line}");
            }
        }
        for step in made.steps.iter() {
            let cause = of_path(&drawing, step.file()).unwrap();
            assert_ne!(cause, Selection::Mesh, "{}", step.id());
            let found = marked(&drawing, &made, step.file(), &cause);
            assert!(!found.is_empty() && found[0].starts_with('#'), "{} {found:?}", step.id());
        }
    }
}
