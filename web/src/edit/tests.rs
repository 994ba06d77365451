//! Edits, one by one.

use shared::mesh::check;
use shared::topology::{
    ApiServer, CaSource, DEFAULT_EXTERNAL_NAMESPACE, EastWest, Entry, Expose, Gateway, GatewayKind, Installer, Role,
};

use super::*;
use crate::command::RoleKind;

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
        Edit::SetApiServer(0, None),
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
    let after = apply(&before, &Selection::Mesh, &Edit::PlaceCluster(0, shared::layout::Point { x: 16, y: 0 }))
        .unwrap()
        .drawing;
    assert_eq!(before.topology.write(), after.topology.write());
    assert_eq!(after.layout.clusters[&"cluster1".into()].x, 16);
    let moved = apply(&after, &Selection::Mesh, &Edit::MoveCluster(0, "elsewhere".into())).unwrap().drawing;
    assert!(moved.layout.clusters.is_empty(), "a place is one in a network");
}

#[test]
fn contexts_and_addresses_are_set_and_taken_back() {
    let server = ApiServer { url: "https://10.0.0.1:6443".into(), ..ApiServer::default() };
    let set =
        drawn(&[Edit::AddCluster(None), Edit::SetContext(0, "kind-a".into()), Edit::SetApiServer(0, Some(server))]);
    assert_eq!(set.topology.clusters[0].context.as_deref(), Some("kind-a"));
    assert_eq!(set.topology.clusters[0].api_server.as_ref().unwrap().url, "https://10.0.0.1:6443");
    let unset = apply(&set, &Selection::Mesh, &Edit::SetApiServer(0, None)).unwrap().drawing;
    assert_eq!(unset.topology.clusters[0].api_server, None);
}

fn errors(drawing: &Drawing) -> Vec<&'static str> {
    let found = check(&drawing.topology).findings;
    found.iter().filter(|finding| finding.is_error()).map(shared::finding::Finding::id).collect()
}

fn role(drawing: &Drawing, index: usize) -> &Role {
    &drawing.topology.clusters[index].role
}

/// `cluster1` on `network1` and `cluster2` on `network2`.
fn two() -> Vec<Edit> {
    vec![Edit::AddCluster(None), Edit::AddNetwork, Edit::AddCluster(None)]
}

#[test]
fn a_remote_is_served_by_the_first_istiod_elsewhere() {
    let drawing = drawn(&two());
    let edited = apply(&drawing, &Selection::Mesh, &Edit::SetRole(0, RoleKind::Remote)).unwrap();
    assert_eq!(*role(&edited.drawing, 0), Role::Remote { control_plane: "cluster2".into() });
    assert_eq!(edited.said.en, "Made cluster1 a remote, served by cluster2");
    assert_eq!(edited.said.zh, "已将 cluster1 设为从集群，由 cluster2 服务");
    assert!(errors(&edited.drawing).is_empty());
    let alone = drawn(&[Edit::AddCluster(None), Edit::SetRole(0, RoleKind::Remote)]);
    assert_eq!(errors(&alone), ["control-plane-unresolved"]);
    assert_eq!(Topology::read(&alone.topology.write()).unwrap(), *alone.topology, "an arrow to nobody is kept");
}

#[test]
fn an_external_leaves_its_network_and_takes_the_first_remote_it_serves() {
    let mut edits = two();
    edits.extend([Edit::SetRole(1, RoleKind::Remote), Edit::SetRole(0, RoleKind::External)]);
    let drawing = drawn(&edits);
    let external = Role::External {
        config: "cluster2".into(),
        entry: Entry::LoadBalancer,
        namespace: DEFAULT_EXTERNAL_NAMESPACE.to_owned(),
    };
    assert_eq!(*role(&drawing, 0), external);
    assert_eq!(drawing.topology.clusters[0].network, None);
    assert!(errors(&drawing).is_empty());
    edits.push(Edit::SetRole(0, RoleKind::Primary));
    let back = drawn(&edits);
    assert_eq!(back.topology.clusters[0].network, Some("network1".into()), "a member is on a network: the emptiest");
    assert!(errors(&back).is_empty());
}

#[test]
fn an_external_that_serves_nobody_finds_its_config_cluster_later() {
    let mut edits = two();
    edits.push(Edit::SetRole(0, RoleKind::External));
    assert_eq!(errors(&drawn(&edits)), ["config-unresolved"]);
    assert_eq!(Topology::read(&drawn(&edits).topology.write()).unwrap(), *drawn(&edits).topology);
    edits.push(Edit::SetRole(1, RoleKind::Remote));
    assert!(errors(&drawn(&edits)).is_empty());
}

#[test]
fn arrows_and_entries_are_set_where_the_role_has_them() {
    let mut edits = two();
    edits.extend([Edit::AddCluster(Some("network2".into())), Edit::SetRole(2, RoleKind::Remote)]);
    edits.push(Edit::SetControlPlane(2, "cluster2".into()));
    let host = Entry::Host { host: "istiod.example.com".to_owned(), credential: "istiod-credential".to_owned() };
    edits.push(Edit::SetEntry(1, host.clone()));
    let drawing = drawn(&edits);
    assert_eq!(*role(&drawing, 2), Role::Remote { control_plane: "cluster2".into() });
    assert_eq!(*role(&drawing, 1), Role::Primary { entry: host.clone() });
    assert!(errors(&drawing).is_empty());
    edits.push(Edit::SetRole(1, RoleKind::External));
    let external = drawn(&edits);
    assert!(matches!(role(&external, 1), Role::External { entry, .. } if *entry == host), "the way in stays");
    for none in [
        Edit::SetRole(0, RoleKind::Primary),
        Edit::SetRole(9, RoleKind::Remote),
        Edit::SetControlPlane(0, "cluster2".into()),
        Edit::SetControlPlane(2, "cluster2".into()),
        Edit::SetConfig(0, "cluster3".into()),
        Edit::SetConfig(1, "cluster3".into()),
        Edit::SetEntry(2, Entry::LoadBalancer),
        Edit::SetEntry(0, Entry::LoadBalancer),
    ] {
        assert!(apply(&external, &Selection::Mesh, &none).is_none(), "{none:?}");
    }
}

#[test]
fn who_leads_to_a_cluster_that_is_gone_is_told() {
    let mut edits = two();
    edits.extend([Edit::SetRole(1, RoleKind::Remote), Edit::DeleteCluster(0)]);
    assert_eq!(errors(&drawn(&edits)), ["control-plane-unresolved"]);
    let mut edits = two();
    edits.extend([Edit::SetRole(0, RoleKind::External), Edit::SetRole(1, RoleKind::Remote), Edit::DeleteCluster(1)]);
    assert_eq!(errors(&drawn(&edits)), ["config-unresolved"]);
}

#[test]
fn gateways_follow_their_cluster() {
    let drawing = drawn(&[
        Edit::AddCluster(None),
        Edit::AddCluster(None),
        Edit::AddGateway(0, GatewayKind::Ingress),
        Edit::AddGateway(1, GatewayKind::Egress),
        Edit::RenameCluster(0, "alpha".into()),
    ]);
    let places = |drawing: &Drawing| -> Vec<String> {
        drawing.topology.gateways.iter().map(|gateway| gateway.cluster.to_string()).collect()
    };
    assert_eq!(places(&drawing), ["alpha", "cluster2"]);
    let other = Gateway { installer: Some(Installer::Helm), ..drawing.topology.gateways[1].clone() };
    let edited = apply(&drawing, &Selection::Mesh, &Edit::SetGateway(1, other)).unwrap();
    assert_eq!(edited.drawing.topology.gateways[1].installer, Some(Installer::Helm));
    assert!(apply(&drawing, &Selection::Mesh, &Edit::RemoveGateway(2)).is_none());
    let edited = apply(&drawing, &Selection::Mesh, &Edit::DeleteCluster(0)).unwrap();
    assert_eq!(places(&edited.drawing), ["cluster2"]);
}

#[test]
fn how_a_cluster_is_reached_is_edited_field_by_field() {
    let gateway = EastWest { expose: Some(Expose::NodePort), port: 32443, ..EastWest::default() };
    let server = ApiServer { url: "https://10.0.0.1:6443".into(), ca: CaSource::Kubeconfig, ..ApiServer::default() };
    let drawing = drawn(&[
        Edit::AddCluster(None),
        Edit::SetEastWest(0, Box::new(gateway.clone())),
        Edit::SetApiServer(0, Some(server.clone())),
        Edit::SetPodRanges(0, reach::listed("10.10.0.0/16, 10.11.0.0/16")),
        Edit::SetServiceRanges(0, reach::listed("10.20.0.0/16")),
        Edit::SetInstaller(Installer::Helm),
        Edit::SetRevision(" canary ".into()),
        Edit::SetTrustDomain("td.example".into()),
        Edit::SetTrustDomain(" ".into()),
    ]);
    let cluster = &drawing.topology.clusters[0];
    assert_eq!((&cluster.east_west, &cluster.api_server), (&gateway, &Some(server)));
    assert_eq!(cluster.pod_cidrs, ["10.10.0.0/16", "10.11.0.0/16"]);
    assert_eq!(cluster.service_cidrs, ["10.20.0.0/16"]);
    assert_eq!(
        (drawing.topology.istio.installer, drawing.topology.istio.revision.as_str()),
        (Installer::Helm, "canary")
    );
    assert_eq!(drawing.topology.trust_domain, "cluster.local", "no trust domain is the usual one");
    assert!(apply(&drawing, &Selection::Mesh, &Edit::SetRevision("canary".into())).is_none(), "nothing changes");
}

#[test]
fn annotations_are_read_as_they_are_written() {
    let pairs = vec![("a/b".to_owned(), "internal".to_owned()), ("c".to_owned(), "x: y, z".to_owned())];
    assert_eq!(reach::annotations(&reach::annotation_lines(&pairs)), pairs);
    assert_eq!(reach::annotations("a/b=true\n\n c: \"q\" "), [("a/b".into(), "true".into()), ("c".into(), "q".into())]);
    assert_eq!(reach::annotations("alone"), [("alone".to_owned(), String::new())]);
}

#[test]
fn a_network_that_a_fix_names_anew_stays_where_it_is() {
    let drawing = drawn(&[
        Edit::AddCluster(None),
        Edit::AddNetwork,
        Edit::AddCluster(Some("network2".into())),
        Edit::RenameNetwork("network1".into(), "Net 1".into()),
        Edit::AddNetwork,
    ]);
    let found =
        check(&drawing.topology).findings.into_iter().find_map(|finding| finding.fixes.into_iter().next()).unwrap();
    let edited = apply(&drawing, &Selection::Mesh, &Edit::Fix(Box::new(found))).unwrap();
    let networks: Vec<&str> = edited.drawing.networks().iter().map(NetworkName::as_str).collect();
    assert_eq!(networks, ["net-1", "network2", "network1"], "no empty column is left, and one that was empty stays");
    assert_eq!(edited.said.en, "Mended: Rename to net-1");
}
