//! Edits of the drawing, as pure functions: a drawing and an edit give the next drawing and the sentence that says so.

pub(crate) mod link;
pub(crate) mod many;
pub(crate) mod reach;
pub(crate) mod role;
pub(crate) mod whole;

use std::rc::Rc;

use shared::mesh::rename_arrows;
use shared::name::{ClusterName, NetworkName};
use shared::text::Text;
use shared::topology::{Cluster, Topology};

use crate::command::{Edit, Selection};
use crate::drawing::Drawing;
use crate::i18n::Msg;

/// What an edit leads to.
#[derive(Debug)]
pub(crate) struct Edited {
    /// The drawing after it.
    pub(crate) drawing: Drawing,
    /// What is selected after it, where that changes.
    pub(crate) selection: Option<Selection>,
    /// What was done.
    pub(crate) said: Text,
}

/// Makes an edit; `None` where it would change nothing.
pub(crate) fn apply(before: &Drawing, selection: &Selection, edit: &Edit) -> Option<Edited> {
    let mut drawing = before.clone();
    let mut selected = None;
    let said = match edit {
        Edit::AddNetwork => {
            let name = drawing.free_network();
            drawing.layout.networks.push(name.clone());
            selected = Some(Selection::Network(name.clone()));
            Msg::AddedNetwork.text(&[("name", name.as_str())])
        }
        Edit::AddCluster(network) => {
            let network = network.clone().unwrap_or_else(|| home(&drawing, selection));
            let name = drawing.free_cluster();
            Rc::make_mut(&mut drawing.topology).clusters.push(Cluster::primary(name.as_str(), network.as_str()));
            selected = Some(Selection::Cluster(drawing.topology.clusters.len() - 1));
            Msg::AddedCluster.text(&[("name", name.as_str()), ("network", network.as_str())])
        }
        Edit::RenameCluster(index, name) => rename_cluster(&mut drawing, *index, name.trim())?,
        Edit::RenameNetwork(from, to) => {
            let said = rename_network(&mut drawing, from, to.trim())?;
            if *selection == Selection::Network(from.clone()) {
                selected = Some(Selection::Network(to.trim().into()));
            }
            said
        }
        Edit::MoveCluster(index, network) => {
            selected = Some(Selection::Cluster(*index));
            move_cluster(&mut drawing, *index, network)?
        }
        Edit::PlaceCluster(index, place) => {
            let name = drawing.cluster(*index)?.name.clone();
            let said = Msg::Placed.text(&[("name", name.as_str())]);
            drawing.layout.clusters.insert(name, *place);
            selected = Some(Selection::Cluster(*index));
            said
        }
        Edit::Tidy => {
            drawing.layout.clusters.clear();
            Msg::Tidied.text(&[])
        }
        Edit::SetRole(index, kind) => {
            selected = Some(Selection::Cluster(*index));
            role::set(&mut drawing, *index, *kind)?
        }
        Edit::Link(from, to) => {
            selected = Some(Selection::Cluster(*from));
            link::apply(&mut drawing, *from, *to)?
        }
        Edit::SetControlPlane(index, by) => role::set_control_plane(&mut drawing, *index, by)?,
        Edit::SetConfig(index, config) => role::set_config(&mut drawing, *index, config)?,
        Edit::SetEntry(index, entry) => role::set_entry(&mut drawing, *index, entry)?,
        Edit::SetContext(index, context) => {
            let context = context.trim();
            let cluster = cluster_mut(&mut drawing, *index)?;
            cluster.context = Some(context.to_owned()).filter(|context| !context.is_empty());
            Msg::SetContext.text(&[("name", cluster.name.as_str())])
        }
        Edit::SetApiServer(index, server) => reach::set_api_server(&mut drawing, *index, server.as_ref())?,
        Edit::SetPodRanges(index, ranges) => reach::set_pod_ranges(&mut drawing, *index, ranges)?,
        Edit::SetServiceRanges(index, ranges) => reach::set_service_ranges(&mut drawing, *index, ranges)?,
        Edit::SetExplicit(index, explicit) => reach::set_explicit(&mut drawing, *index, *explicit)?,
        Edit::SetEastWest(index, gateway) => reach::set_east_west(&mut drawing, *index, gateway)?,
        Edit::SetNamespace(index, namespace) => role::set_namespace(&mut drawing, *index, namespace.trim())?,
        Edit::AddGateway(index, kind) => reach::add_gateway(&mut drawing, *index, *kind)?,
        Edit::SetGateway(at, gateway) => reach::set_gateway(&mut drawing, *at, gateway)?,
        Edit::RemoveGateway(at) => reach::remove_gateway(&mut drawing, *at)?,
        Edit::SetName(_)
        | Edit::SetMeshId(_)
        | Edit::SetTrustDomain(_)
        | Edit::SetVersion(_)
        | Edit::SetInstaller(_)
        | Edit::SetRevision(_)
        | Edit::SetSample(_) => whole::set(Rc::make_mut(&mut drawing.topology), edit)?,
        Edit::DeleteCluster(index) => {
            let network = drawing.cluster(*index)?.network.clone();
            let cluster = Rc::make_mut(&mut drawing.topology).clusters.remove(*index);
            reach::forget_gateways(&mut drawing);
            selected = Some(network.map_or(Selection::Mesh, Selection::Network));
            Msg::DeletedCluster.text(&[("name", cluster.name.as_str())])
        }
        Edit::DeleteNetwork(network) => {
            drawing.layout.networks.retain(|other| other != network);
            Rc::make_mut(&mut drawing.topology).clusters.retain(|cluster| cluster.network.as_ref() != Some(network));
            reach::forget_gateways(&mut drawing);
            selected = Some(Selection::Mesh);
            Msg::DeletedNetwork.text(&[("name", network.as_str())])
        }
        Edit::Fix(fix) => {
            drawing.topology = Rc::new(Topology::clone(&fix.topology));
            forget_networks(&mut drawing, &before.topology);
            Msg::Fixed.about(&fix.label, &[])
        }
        Edit::Paste(_) | Edit::Duplicate(..) => {
            let (added, said) = many::add(&mut drawing, selection, edit)?;
            selected = Some(added);
            said
        }
        Edit::All(edits) => return many::all(before, selection, edits),
    };
    drawing.settle();
    (drawing != *before).then_some(Edited { drawing, selection: selected, said })
}

/// Returns the network a new cluster goes to: the selected one, else the emptiest, else a new one.
fn home(drawing: &Drawing, selection: &Selection) -> NetworkName {
    let selected = match selection {
        Selection::Network(network) => Some(network.clone()),
        Selection::Cluster(index) | Selection::Part(index, _) => {
            drawing.cluster(*index).and_then(|cluster| cluster.network.clone())
        }
        Selection::Many(all) => all.first().and_then(|&index| drawing.cluster(index)?.network.clone()),
        Selection::Mesh | Selection::Arrow(_) => None,
    };
    let emptiest = || drawing.networks().iter().min_by_key(|network| drawing.members(network).count()).cloned();
    selected.or_else(emptiest).unwrap_or_else(|| drawing.free_network())
}

/// Takes networks that a fix left without clusters out of the layout; where it gave one another name, that one stands in its place.
fn forget_networks(drawing: &mut Drawing, before: &Topology) {
    let now = drawing.topology.networks();
    let old = before.networks();
    let mut new = now.iter().filter(|network| !old.contains(network));
    let place = |network: NetworkName| {
        let stays = !old.contains(&&network) || now.contains(&&network);
        if stays { Some(network) } else { new.next().map(|&network| network.clone()) }
    };
    drawing.layout.networks = drawing.layout.networks.clone().into_iter().filter_map(place).collect();
}

fn cluster_mut(drawing: &mut Drawing, index: usize) -> Option<&mut Cluster> {
    Rc::make_mut(&mut drawing.topology).clusters.get_mut(index)
}

fn rename_cluster(drawing: &mut Drawing, index: usize, to: &str) -> Option<Text> {
    let from = drawing.cluster(index)?.name.clone();
    let to = ClusterName::from(to);
    if let Some(place) = drawing.layout.forget(&from) {
        drawing.layout.clusters.insert(to.clone(), place);
    }
    let alone = drawing.topology.clusters.iter().filter(|cluster| cluster.name == from).count() == 1;
    let topology = Rc::make_mut(&mut drawing.topology);
    if alone {
        // Arrows follow the cluster they lead to, but not to a twin.
        rename_arrows(topology, &from, &to);
    }
    topology.clusters[index].name.clone_from(&to);
    Some(Msg::Renamed.text(&[("from", from.as_str()), ("to", to.as_str())]))
}

fn rename_network(drawing: &mut Drawing, from: &NetworkName, to: &str) -> Option<Text> {
    let to = NetworkName::from(to);
    // Two networks that become one is another edit than a new name.
    if drawing.networks().contains(&to) {
        return None;
    }
    drawing.layout.networks.iter_mut().filter(|network| *network == from).for_each(|network| network.clone_from(&to));
    for cluster in &mut Rc::make_mut(&mut drawing.topology).clusters {
        if cluster.network.as_ref() == Some(from) {
            cluster.network = Some(to.clone());
        }
    }
    Some(Msg::Renamed.text(&[("from", from.as_str()), ("to", to.as_str())]))
}

fn move_cluster(drawing: &mut Drawing, index: usize, network: &NetworkName) -> Option<Text> {
    let name = drawing.cluster(index)?.name.clone();
    if drawing.cluster(index)?.network.as_ref() == Some(network) {
        return None;
    }
    cluster_mut(drawing, index)?.network = Some(network.clone());
    // Its place was one in the network it left.
    drawing.layout.forget(&name);
    Some(Msg::MovedCluster.text(&[("name", name.as_str()), ("network", network.as_str())]))
}

#[cfg(test)]
mod reached;
#[cfg(test)]
mod tests;
