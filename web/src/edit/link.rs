//! Drawing an arrow from one cluster to another: what it comes to, or why it cannot be and what would work.
//!
//! An arrow leads to who is depended on. To a cluster that runs an istiod it says "is served by"; to a remote that the cluster
//! serves itself it says "keeps its configuration in", which makes an external control plane of it. So the arrows alone tell the roles.

use std::rc::Rc;

use shared::finding::Finding;
use shared::mesh::check;
use shared::name::ClusterName;
use shared::release::{Feature, Release};
use shared::text::Text;
use shared::topology::{Cluster, DEFAULT_EXTERNAL_NAMESPACE, Role, Topology};

use super::role::served;
use crate::drawing::Drawing;
use crate::i18n::Msg;

/// What an arrow says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offer {
    /// The first is served by the second.
    Serve,
    /// The first keeps its configuration in the second.
    Config,
}

/// Says what an arrow would come to by the two ends alone.
pub(crate) fn offer(topology: &Topology, from: usize, to: usize) -> Result<Offer, Text> {
    let (Some(a), Some(b)) = (topology.clusters.get(from), topology.clusters.get(to)) else {
        return Err(Msg::LinkElsewhere.text(&[]));
    };
    let words =
        |msg: Msg, third: &str| Err(msg.text(&[("from", a.name.as_str()), ("to", b.name.as_str()), ("third", third)]));
    if from == to {
        return words(Msg::LinkSelf, "");
    }
    let serves = served(topology, &a.name).next();
    match (&a.role, &b.role) {
        (Role::External { config, .. }, Role::Remote { .. }) if *config == b.name => words(Msg::LinkConfigAlready, ""),
        (Role::Primary { .. } | Role::External { .. }, Role::Remote { control_plane }) if *control_plane == a.name => {
            let release = Release::parse(&topology.istio.version);
            if release.is_ok_and(|release| release.has(Feature::ExternalControlPlane)) {
                Ok(Offer::Config)
            } else {
                words(Msg::LinkTooOld, &topology.istio.version)
            }
        }
        (Role::External { .. }, Role::Remote { .. }) => words(Msg::LinkConfigForeign, ""),
        (Role::External { .. }, _) => words(Msg::LinkFromExternal, ""),
        (_, Role::Remote { control_plane }) if *control_plane == a.name || control_plane.is_empty() => {
            words(Msg::LinkMutual, "")
        }
        (_, Role::Remote { control_plane }) => words(Msg::LinkToRemote, control_plane.as_str()),
        (Role::Remote { control_plane }, _) if *control_plane == b.name => words(Msg::LinkAlready, ""),
        (Role::Primary { .. }, _) if let Some(served) = serves => words(Msg::LinkServing, served.as_str()),
        (_, Role::Primary { .. } | Role::External { .. }) => Ok(Offer::Serve),
    }
}

/// Says what an arrow comes to, with all that the rules have against it.
pub(crate) fn judge(drawing: &Drawing, from: usize, to: usize) -> Result<Text, Text> {
    let offer = offer(&drawing.topology, from, to)?;
    let mut after = drawing.clone();
    apply(&mut after, from, to).ok_or_else(|| Msg::LinkElsewhere.text(&[]))?;
    let errors = |topology: &Topology| -> Vec<Finding> {
        check(topology).findings.into_iter().filter(Finding::is_error).collect()
    };
    let before = errors(&drawing.topology);
    let known = |error: &Finding| before.iter().any(|old| old.id() == error.id() && old.subject == error.subject);
    if let Some(error) = errors(&after.topology).into_iter().find(|error| !known(error)) {
        let join = |what: &str, hint: &str| format!("{what}: {hint}");
        return Err(Text::new(join(&error.what.en, &error.hint.en), join(&error.what.zh, &error.hint.zh)));
    }
    let name = |at: usize| after.cluster(at).map(|cluster| cluster.name.to_string()).unwrap_or_default();
    let external = |cluster: &Cluster| matches!(cluster.role, Role::External { .. });
    let msg = match offer {
        Offer::Serve => Msg::LinkServes,
        Offer::Config if drawing.cluster(from).is_some_and(external) => Msg::LinkMovesConfig,
        Offer::Config => Msg::LinkConfig,
    };
    Ok(msg.text(&[("from", &name(from)), ("to", &name(to))]))
}

/// Draws the arrow.
pub(super) fn apply(drawing: &mut Drawing, from: usize, to: usize) -> Option<Text> {
    let offer = offer(&drawing.topology, from, to).ok()?;
    let target = drawing.cluster(to)?.name.clone();
    match offer {
        Offer::Serve => serve(drawing, from, target),
        Offer::Config => keep(drawing, from, target),
    }
}

fn serve(drawing: &mut Drawing, from: usize, by: ClusterName) -> Option<Text> {
    let cluster = Rc::make_mut(&mut drawing.topology).clusters.get_mut(from)?;
    let said = Msg::MadeRemote.text(&[("name", cluster.name.as_str()), ("by", by.as_str())]);
    cluster.role = Role::Remote { control_plane: by };
    super::role::find_configs(drawing);
    Some(said)
}

fn keep(drawing: &mut Drawing, from: usize, to: ClusterName) -> Option<Text> {
    let cluster = Rc::make_mut(&mut drawing.topology).clusters.get_mut(from)?;
    let said = Msg::SetConfig.text(&[("name", cluster.name.as_str()), ("config", to.as_str())]);
    match &mut cluster.role {
        Role::External { config, .. } => *config = to,
        Role::Primary { entry } => {
            let (entry, namespace) = (entry.clone(), DEFAULT_EXTERNAL_NAMESPACE.to_owned());
            cluster.role = Role::External { config: to, entry, namespace };
            // It is a member no more, and its place was one in its network.
            cluster.network = None;
            let name = cluster.name.clone();
            drawing.layout.forget(&name);
        }
        Role::Remote { .. } => return None,
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{Edit, Selection};
    use crate::edit;

    fn drawn(edits: &[Edit]) -> Drawing {
        let step = |drawing: Drawing, edit: &Edit| edit::apply(&drawing, &Selection::Mesh, edit).unwrap().drawing;
        edits.iter().fold(Drawing::empty(), step)
    }

    /// Three primaries on two networks, then the arrows.
    fn three(arrows: &[(usize, usize)]) -> Drawing {
        let mut edits = vec![Edit::AddNetwork, Edit::AddNetwork];
        edits.extend(["network1", "network2", "network2"].map(|network| Edit::AddCluster(Some(network.into()))));
        edits.extend(arrows.iter().map(|&(from, to)| Edit::Link(from, to)));
        drawn(&edits)
    }

    fn refused(drawing: &Drawing, from: usize, to: usize) -> String {
        let why = judge(drawing, from, to).unwrap_err();
        assert!(!why.zh.is_empty() && why.en != why.zh);
        why.en
    }

    #[test]
    fn two_arrows_make_an_external_control_plane() {
        let served = three(&[(1, 0), (2, 0)]);
        assert!(
            matches!(&served.topology.clusters[1].role, Role::Remote { control_plane } if *control_plane == "cluster1".into())
        );
        assert!(judge(&served, 0, 1).unwrap().en.contains("external"));
        let external = three(&[(1, 0), (2, 0), (0, 1)]);
        assert!(
            matches!(&external.topology.clusters[0].role, Role::External { config, .. } if *config == "cluster2".into())
        );
        assert!(check(&external.topology).mesh.is_some());
        assert_eq!(external.topology.clusters[0].network, None);
        let moved = three(&[(1, 0), (2, 0), (0, 1), (0, 2)]);
        assert!(
            matches!(&moved.topology.clusters[0].role, Role::External { config, .. } if *config == "cluster3".into())
        );
    }

    #[test]
    fn what_cannot_be_is_refused_with_what_would_work() {
        let served = three(&[(1, 0)]);
        assert!(refused(&served, 2, 1).contains("draw the arrow to cluster1"));
        assert!(refused(&served, 0, 2).contains("serves cluster2"));
        assert!(refused(&served, 1, 1).contains("another cluster"));
        assert!(refused(&served, 1, 0).contains("already"));
        let external = three(&[(1, 0), (0, 1)]);
        assert!(refused(&external, 0, 1).contains("already"));
        assert!(refused(&external, 0, 2).contains("from cluster3 to cluster1"));
        assert!(judge(&external, 2, 0).is_ok());
        let old =
            drawn(&[Edit::AddCluster(None), Edit::AddCluster(None), Edit::Link(1, 0), Edit::SetVersion("1.10".into())]);
        assert!(refused(&old, 0, 1).contains("1.10"));
    }

    #[test]
    fn a_refused_arrow_is_no_edit() {
        let served = three(&[(1, 0)]);
        for (from, to) in [(2, 1), (0, 2), (1, 1), (1, 0), (7, 0), (0, 7)] {
            assert!(judge(&served, from, to).is_err());
            assert!(edit::apply(&served, &Selection::Mesh, &Edit::Link(from, to)).is_none());
        }
    }

    #[test]
    fn every_arrow_that_is_offered_brings_no_new_error() {
        let mut drawings = vec![three(&[])];
        for _ in 0..3 {
            let mut next = Vec::new();
            for drawing in &drawings {
                for (from, to) in (0..3).flat_map(|from| (0..3).map(move |to| (from, to))) {
                    if judge(drawing, from, to).is_ok() {
                        let edited = edit::apply(drawing, &Selection::Mesh, &Edit::Link(from, to)).unwrap();
                        assert!(check(&edited.drawing.topology).mesh.is_some(), "{from} to {to}");
                        next.push(edited.drawing);
                    }
                }
            }
            drawings = next;
        }
        assert!(!drawings.is_empty());
    }
}
