//! Drawings of any size.

use shared::topology::{Cluster, Role, Topology};

/// That many primaries on two networks: every istiod watches every other cluster, so `n · (n − 1)` remote secrets.
pub(crate) fn primaries(count: usize) -> Topology {
    drawn((1..=count).map(|i| Cluster::primary(&format!("cluster{i}"), &format!("network{}", i % 2 + 1))))
}

/// One primary that serves all others, on one network.
pub(crate) fn hub_and_spokes(count: usize) -> Topology {
    drawn((1..=count).map(|i| spoke(i, "network1")))
}

/// One primary that serves all others, each cluster on a network of its own: a gateway in every cluster.
pub(crate) fn hub_and_far_spokes(count: usize) -> Topology {
    drawn((1..=count).map(|i| spoke(i, &format!("network{i}"))))
}

fn spoke(i: usize, network: &str) -> Cluster {
    let cluster = Cluster::primary(&format!("cluster{i}"), network);
    match i {
        1 => cluster,
        _ => Cluster { role: Role::Remote { control_plane: "cluster1".into() }, ..cluster },
    }
}

fn drawn(clusters: impl Iterator<Item = Cluster>) -> Topology {
    Topology { clusters: clusters.collect(), ..Topology::empty("mesh1") }
}
