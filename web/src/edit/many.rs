//! Edits of several clusters at once: any edits as one step, and clusters that are drawn once more.

use std::rc::Rc;

use shared::mesh::is_member;
use shared::name::{ClusterName, NetworkName, free};
use shared::text::Text;
use shared::topology::{Cluster, Role, Topology, Via};

use super::{Edited, apply};
use crate::command::{Edit, Selection};
use crate::drawing::Drawing;
use crate::i18n::Msg;

/// Makes several edits that are one step; those that would change nothing are left out.
pub(super) fn all(before: &Drawing, selection: &Selection, edits: &[Edit]) -> Option<Edited> {
    let mut drawing = before.clone();
    let (mut said, mut selected) = (None, None);
    let mut more = 0_usize;
    for edit in edits {
        if let Some(edited) = apply(&drawing, selection, edit) {
            drawing = edited.drawing;
            selected = edited.selection;
            match said {
                None => said = Some(edited.said),
                Some(_) => more += 1,
            }
        }
    }
    let first = said.filter(|_| drawing != *before)?;
    let said = if more == 0 { first } else { Msg::AndMore.about(&first, &[("count", &more.to_string())]) };
    // One alone selects what it selects by itself.
    Some(Edited { drawing, selection: selected.filter(|_| edits.len() == 1), said })
}

/// Returns some clusters of a topology and their gateways, as a topology of their own.
pub(crate) fn part(topology: &Topology, clusters: &[usize]) -> Topology {
    let all = topology.clusters.iter().enumerate();
    let clusters: Vec<Cluster> =
        all.filter(|(at, _)| clusters.contains(at)).map(|(_, cluster)| cluster.clone()).collect();
    let belongs = |name: &ClusterName| clusters.iter().any(|cluster| cluster.name == *name);
    let gateways = topology.gateways.iter().filter(|gateway| belongs(&gateway.cluster)).cloned().collect();
    Topology { clusters, gateways, ..Topology::empty(&topology.name) }
}

/// Draws clusters that come from the clipboard, or once more; selects them.
pub(super) fn add(drawing: &mut Drawing, selection: &Selection, edit: &Edit) -> Option<(Selection, Text)> {
    match (edit, selection) {
        (Edit::Paste(more), Selection::Network(into)) => paste(drawing, more, Some(into)),
        (Edit::Paste(more), _) => paste(drawing, more, None),
        (Edit::Duplicate(clusters, into), _) => {
            let more = part(&drawing.topology, clusters);
            paste(drawing, &more, into.as_ref())
        }
        _ => None,
    }
}

/// Adds clusters and gateways under names of their own, all of them to a network where one is named; selects them.
fn paste(drawing: &mut Drawing, more: &Topology, into: Option<&NetworkName>) -> Option<(Selection, Text)> {
    let topology = Rc::make_mut(&mut drawing.topology);
    let first = topology.clusters.len();
    let mut names: Vec<(ClusterName, ClusterName)> = Vec::new();
    for cluster in &more.clusters {
        let taken = |name: &str| {
            let old = topology.clusters.iter().map(|cluster| &cluster.name);
            old.chain(names.iter().map(|(_, name)| name)).any(|other| other.as_str() == name)
        };
        names.push((cluster.name.clone(), own_name(cluster.name.as_str(), taken)));
    }
    let renamed = |old: &ClusterName| {
        names.iter().find(|(from, _)| from == old).map_or_else(|| old.clone(), |(_, name)| name.clone())
    };
    for (cluster, (_, name)) in more.clusters.iter().zip(&names) {
        let mut cluster = if *name == cluster.name { cluster.clone() } else { twin(cluster) };
        cluster.name.clone_from(name);
        match &mut cluster.role {
            Role::Primary { .. } => {}
            Role::Remote { control_plane: to } | Role::External { config: to, .. } => *to = renamed(to),
        }
        if let Some(into) = into.filter(|_| is_member(&cluster)) {
            cluster.network = Some(into.clone());
        }
        topology.clusters.push(cluster);
    }
    for gateway in &more.gateways {
        let mut gateway = gateway.clone();
        gateway.cluster = renamed(&gateway.cluster);
        topology.gateways.push(gateway);
    }
    let name = names.first()?.1.to_string();
    let said = Msg::Pasted.text(&[("name", &name)]);
    let said = match names.len() {
        1 => said,
        count => Msg::AndMore.about(&said, &[("count", &(count - 1).to_string())]),
    };
    Some((Selection::of((first..topology.clusters.len()).collect()), said))
}

/// Returns a cluster that is set up like another one, without what only one cluster can have: its context, and its addresses.
fn twin(cluster: &Cluster) -> Cluster {
    let mut twin = cluster.clone();
    twin.context = None;
    twin.api_server = twin.api_server.filter(|server| server.via == Via::EastWest);
    twin.api_server.iter_mut().for_each(|server| server.url.clear());
    twin.pod_cidrs.clear();
    twin.service_cidrs.clear();
    twin.east_west.addresses.clear();
    twin
}

/// Returns a name, or the first free one of its kind: `cluster2` after `cluster1`, `east-2` after `east`.
fn own_name(name: &str, taken: impl Fn(&str) -> bool) -> ClusterName {
    if !taken(name) {
        return name.into();
    }
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let (stem, first) = if stem == name { (format!("{name}-"), 2) } else { (stem.to_owned(), 1) };
    free(&stem, first, &taken).as_str().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clip;

    /// Two primaries, one of which serves a remote on another network and has an ingress.
    fn drawn() -> Drawing {
        let remote = Cluster {
            role: Role::Remote { control_plane: "cluster1".into() },
            context: Some("prod".to_owned()),
            ..Cluster::primary("east", "network2")
        };
        let clusters = vec![Cluster::primary("cluster1", "network1"), remote, Cluster::primary("cluster2", "network1")];
        let drawing =
            Drawing::new(Topology { clusters, ..Topology::empty("mesh1") }, shared::layout::Layout::default());
        let ingress = Edit::AddGateway(1, shared::topology::GatewayKind::Ingress);
        apply(&drawing, &Selection::Mesh, &ingress).unwrap().drawing
    }

    fn named(drawing: &Drawing) -> Vec<&str> {
        drawing.topology.clusters.iter().map(|cluster| cluster.name.as_str()).collect()
    }

    #[test]
    fn several_edits_are_one_step_with_one_sentence() {
        let drawing = drawn();
        let edits = [0, 1, 2].map(|index| Edit::MoveCluster(index, "network2".into()));
        let edited = apply(&drawing, &Selection::Mesh, &Edit::All(edits.into())).unwrap();
        assert!(edited.drawing.topology.clusters.iter().all(|cluster| cluster.network == Some("network2".into())));
        assert_eq!(edited.said.en, "Moved cluster1 to network2, and 1 more", "one was there before");
        assert!(
            apply(&edited.drawing, &Selection::Mesh, &Edit::All(vec![Edit::MoveCluster(0, "network2".into())]))
                .is_none()
        );
    }

    #[test]
    fn twins_have_names_of_their_own_and_serve_each_other() {
        let drawing = drawn();
        let edited = apply(&drawing, &Selection::Mesh, &Edit::Duplicate(vec![1, 0], None)).unwrap();
        assert_eq!(named(&edited.drawing), ["cluster1", "east", "cluster2", "cluster3", "east-2"]);
        assert_eq!(edited.selection, Some(Selection::Many(vec![3, 4])));
        let twin = &edited.drawing.topology.clusters[4];
        assert_eq!(twin.role, Role::Remote { control_plane: "cluster3".into() }, "arrows among the copied follow");
        assert_eq!((&twin.network, &twin.context), (&Some("network2".into()), &None), "a context is of one cluster");
        assert_eq!(edited.drawing.topology.gateways[1].cluster, "east-2".into());
        let alone = apply(&drawing, &Selection::Mesh, &Edit::Duplicate(vec![1], Some("network3".into()))).unwrap();
        let twin = &alone.drawing.topology.clusters[3];
        assert_eq!(twin.role, Role::Remote { control_plane: "cluster1".into() }, "others stay where they lead");
        assert_eq!(twin.network, Some("network3".into()));
    }

    #[test]
    fn what_is_copied_is_text_that_can_be_pasted_and_read_by_people() {
        let drawing = drawn();
        let text = clip::write(&drawing.topology, &[1]).unwrap();
        assert!(
            text.starts_with("clusters:\n- name: east\n  network: network2\n") && text.contains("\ngateways:\n"),
            "{text}"
        );
        let pasted = clip::read(&text).unwrap().unwrap();
        assert_eq!(pasted.clusters, [drawing.topology.clusters[1].clone()]);
        assert_eq!(pasted.gateways, drawing.topology.gateways);
        // Into an empty drawing everything comes as it was.
        let edited = apply(&Drawing::empty(), &Selection::Mesh, &Edit::Paste(pasted.clone().into())).unwrap();
        assert_eq!(edited.drawing.topology.clusters, pasted.clusters);
        // Into the selected network where one is selected.
        let selected = Selection::Network("network1".into());
        let edited = apply(&drawing, &selected, &Edit::Paste(pasted.into())).unwrap();
        assert_eq!(edited.drawing.topology.clusters[3].network, Some("network1".into()));
        assert_eq!(edited.said.en, "Added east-2 from the clipboard");
        assert_eq!(clip::write(&drawing.topology, &[]), None);
        assert_eq!(clip::write(&drawing.topology, &[9]), None);
    }
}
