//! Edits, one by one.

use super::*;

fn drawn(edits: &[Edit]) -> Drawing {
    edits.iter().fold(Drawing::empty(), |drawing, edit| {
        apply(&drawing, &Selection::Mesh, edit).map_or(drawing, |edited| edited.drawing)
    })
}

fn names(drawing: &Drawing) -> Vec<&str> {
    drawing.topology.clusters.iter().map(|cluster| cluster.name.as_str()).collect()
}

#[test]
fn the_first_cluster_brings_its_network() {
    let drawing = drawn(&[Edit::AddCluster(None), Edit::AddNetwork, Edit::AddCluster(None)]);
    assert_eq!(names(&drawing), ["cluster1", "cluster2"]);
    assert_eq!(drawing.topology.clusters[1].network, Some("network2".into()), "the emptiest network is filled first");
}

#[test]
fn a_cluster_goes_to_what_is_selected() {
    let drawing = drawn(&[Edit::AddNetwork, Edit::AddNetwork, Edit::AddCluster(Some("network2".into()))]);
    let edited = apply(&drawing, &Selection::Cluster(0), &Edit::AddCluster(None)).unwrap();
    assert_eq!(edited.drawing.topology.clusters[1].network, Some("network2".into()));
    assert_eq!(edited.selection, Some(Selection::Cluster(1)));
    assert_eq!(edited.said.en, "Added cluster2 to network2");
    assert_eq!(edited.said.zh, "已将 cluster2 添加到 network2");
}

#[test]
fn a_network_stays_when_its_last_cluster_leaves() {
    let drawing = drawn(&[Edit::AddCluster(None), Edit::AddNetwork, Edit::MoveCluster(0, "network2".into())]);
    assert_eq!(drawing.networks().len(), 2);
    let drawing = drawn(&[Edit::AddCluster(None), Edit::DeleteNetwork("network1".into())]);
    assert!(drawing.is_blank());
}

#[test]
fn arrows_follow_a_new_name() {
    let mut drawing = drawn(&[Edit::AddCluster(None), Edit::AddCluster(None)]);
    Rc::make_mut(&mut drawing.topology).clusters[1].role = Role::Remote { control_plane: "cluster1".into() };
    let renamed = apply(&drawing, &Selection::Mesh, &Edit::RenameCluster(0, " east ".into())).unwrap().drawing;
    assert_eq!(names(&renamed), ["east", "cluster2"]);
    assert_eq!(renamed.topology.clusters[1].role, Role::Remote { control_plane: "east".into() });
}

#[test]
fn a_network_does_not_take_the_name_of_another() {
    let drawing = drawn(&[Edit::AddNetwork, Edit::AddNetwork]);
    assert!(apply(&drawing, &Selection::Mesh, &Edit::RenameNetwork("network1".into(), "network2".into())).is_none());
    let selected = Selection::Network("network1".into());
    let edited = apply(&drawing, &selected, &Edit::RenameNetwork("network1".into(), "west".into())).unwrap();
    assert_eq!(edited.selection, Some(Selection::Network("west".into())));
}

#[test]
fn what_changes_nothing_is_no_edit() {
    let drawing = drawn(&[Edit::AddCluster(None)]);
    for edit in [
        Edit::MoveCluster(0, "network1".into()),
        Edit::RenameCluster(0, "cluster1".into()),
        Edit::SetContext(0, "  ".into()),
        Edit::SetApiServer(0, String::new()),
        Edit::SetSample(true),
        Edit::Tidy,
        Edit::DeleteCluster(7),
        Edit::SetContext(7, "x".into()),
    ] {
        assert!(apply(&drawing, &Selection::Mesh, &edit).is_none(), "{edit:?}");
    }
}

#[test]
fn moving_a_box_changes_no_byte_of_the_topology() {
    let before = drawn(&[Edit::AddCluster(None)]);
    let after = apply(&before, &Selection::Mesh, &Edit::PlaceCluster(0, Point { x: 13, y: 2 })).unwrap().drawing;
    assert_eq!(before.topology.write(), after.topology.write());
    assert_eq!(after.layout.clusters[&"cluster1".into()], Point { x: 16, y: 0 }, "boxes stand on a grid");
    let moved = apply(&after, &Selection::Mesh, &Edit::MoveCluster(0, "elsewhere".into())).unwrap().drawing;
    assert!(moved.layout.clusters.is_empty(), "a place is one in a network");
}

#[test]
fn contexts_and_addresses_are_set_and_taken_back() {
    let set = drawn(&[
        Edit::AddCluster(None),
        Edit::SetContext(0, "kind-a".into()),
        Edit::SetApiServer(0, "https://10.0.0.1:6443".into()),
    ]);
    assert_eq!(set.topology.clusters[0].context.as_deref(), Some("kind-a"));
    assert_eq!(set.topology.clusters[0].api_server.as_ref().unwrap().url, "https://10.0.0.1:6443");
    let unset = apply(&set, &Selection::Mesh, &Edit::SetApiServer(0, " ".into())).unwrap().drawing;
    assert_eq!(unset.topology.clusters[0].api_server, None);
}
