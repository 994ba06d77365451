//! Edits of what a cluster does in the mesh, and of the arrows that go with it.

use std::rc::Rc;

use shared::name::ClusterName;
use shared::text::Text;
use shared::topology::{DEFAULT_EXTERNAL_NAMESPACE, Entry, Role, Topology};

use super::{cluster_mut, home};
use crate::command::{RoleKind, Selection};
use crate::drawing::Drawing;
use crate::i18n::Msg;

/// Gives a cluster another role, with the arrows that are most likely meant.
pub(super) fn set(drawing: &mut Drawing, index: usize, kind: RoleKind) -> Option<Text> {
    let cluster = drawing.cluster(index)?;
    if cluster.role.word() == kind.word() {
        return None;
    }
    let name = cluster.name.clone();
    let entry = match &cluster.role {
        Role::Primary { entry } | Role::External { entry, .. } => entry.clone(),
        Role::Remote { .. } => Entry::LoadBalancer,
    };
    let (role, said) = match kind {
        RoleKind::Primary => (Role::Primary { entry }, Msg::MadePrimary.text(&[("name", name.as_str())])),
        RoleKind::Remote => {
            let by = servers(&drawing.topology, index).next().unwrap_or_default();
            let msg = if by.is_empty() { Msg::MadeRemoteAlone } else { Msg::MadeRemote };
            let said = msg.text(&[("name", name.as_str()), ("by", by.as_str())]);
            (Role::Remote { control_plane: by }, said)
        }
        RoleKind::External => {
            let namespace = DEFAULT_EXTERNAL_NAMESPACE.to_owned();
            let role = Role::External { config: ClusterName::default(), entry, namespace };
            (role, Msg::MadeExternal.text(&[("name", name.as_str())]))
        }
    };
    // Only members are on a network, and every member is on one.
    let network = match (&cluster.network, kind) {
        (_, RoleKind::External) => None,
        (Some(network), _) => Some(network.clone()),
        (None, _) => Some(home(drawing, &Selection::Mesh)),
    };
    let cluster = cluster_mut(drawing, index)?;
    if cluster.network != network {
        cluster.network = network;
        // Its place was one in the network it left.
        drawing.layout.forget(&name);
    }
    cluster_mut(drawing, index)?.role = role;
    find_configs(drawing);
    Some(said)
}

/// Lets another cluster serve a remote.
pub(super) fn set_control_plane(drawing: &mut Drawing, index: usize, by: &ClusterName) -> Option<Text> {
    let cluster = cluster_mut(drawing, index)?;
    let Role::Remote { control_plane } = &mut cluster.role else { return None };
    control_plane.clone_from(by);
    let said = Msg::SetControlPlane.text(&[("name", cluster.name.as_str()), ("by", by.as_str())]);
    find_configs(drawing);
    Some(said)
}

/// Chooses where an external control plane keeps its configuration.
pub(super) fn set_config(drawing: &mut Drawing, index: usize, to: &ClusterName) -> Option<Text> {
    let cluster = cluster_mut(drawing, index)?;
    let Role::External { config, .. } = &mut cluster.role else { return None };
    config.clone_from(to);
    Some(Msg::SetConfig.text(&[("name", cluster.name.as_str()), ("config", to.as_str())]))
}

/// Chooses how an istiod is reached.
pub(super) fn set_entry(drawing: &mut Drawing, index: usize, to: &Entry) -> Option<Text> {
    let cluster = cluster_mut(drawing, index)?;
    let (Role::Primary { entry } | Role::External { entry, .. }) = &mut cluster.role else { return None };
    entry.clone_from(to);
    Some(Msg::SetEntry.text(&[("name", cluster.name.as_str())]))
}

/// Names the namespace of an external control plane; none is Istio's own choice.
pub(super) fn set_namespace(drawing: &mut Drawing, index: usize, to: &str) -> Option<Text> {
    let cluster = cluster_mut(drawing, index)?;
    let Role::External { namespace, .. } = &mut cluster.role else { return None };
    let to = if to.is_empty() { DEFAULT_EXTERNAL_NAMESPACE } else { to };
    to.clone_into(namespace);
    Some(Msg::SetNamespace.text(&[("name", cluster.name.as_str()), ("namespace", to)]))
}

/// Returns the clusters that could serve the one at a place: all others that run an istiod.
pub(crate) fn servers(topology: &Topology, index: usize) -> impl Iterator<Item = ClusterName> {
    let others = topology.clusters.iter().enumerate().filter(move |(at, _)| *at != index);
    others.filter(|(_, other)| !matches!(other.role, Role::Remote { .. })).map(|(_, other)| other.name.clone())
}

/// Returns the remotes that a cluster serves.
pub(crate) fn served<'a>(topology: &'a Topology, by: &'a ClusterName) -> impl Iterator<Item = &'a ClusterName> {
    let serves = move |role: &Role| matches!(role, Role::Remote { control_plane } if control_plane == by);
    topology.clusters.iter().filter(move |cluster| serves(&cluster.role)).map(|cluster| &cluster.name)
}

/// Lets every external control plane without a config cluster take the first remote it serves, as Istio's own page does (seed 004).
pub(super) fn find_configs(drawing: &mut Drawing) {
    let topology = drawing.topology.clone();
    for cluster in &mut Rc::make_mut(&mut drawing.topology).clusters {
        if let Role::External { config, .. } = &mut cluster.role
            && config.is_empty()
            && let Some(first) = served(&topology, &cluster.name).next()
        {
            config.clone_from(first);
        }
    }
}
