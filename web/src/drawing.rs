//! What is on the canvas: the topology, the networks that have no cluster yet, and where the boxes stand.

use std::rc::Rc;

use shared::layout::Layout;
use shared::name::{ClusterName, NetworkName, free};
use shared::scene::PartKind;
use shared::topology::{Cluster, GatewayKind, Topology};

/// One state of the canvas. Undo keeps whole states, so what is large is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Drawing {
    /// What the bundle is made from.
    pub(crate) topology: Rc<Topology>,
    /// Every network in the order of its column (a topology knows no empty ones), and the clusters that were moved by hand.
    pub(crate) layout: Layout,
}

impl Drawing {
    /// Takes a topology and what is known about its picture.
    pub(crate) fn new(topology: Topology, layout: Layout) -> Self {
        let mut drawing = Drawing { topology: Rc::new(topology), layout };
        drawing.settle();
        drawing
    }

    /// Returns a drawing with nothing in it.
    pub(crate) fn empty() -> Self {
        Drawing::new(Topology::empty("mesh1"), Layout::default())
    }

    /// Says whether there is nothing to see.
    pub(crate) fn is_blank(&self) -> bool {
        self.networks().is_empty() && self.topology.clusters.is_empty()
    }

    /// Returns the cluster at a place in the drawing.
    pub(crate) fn cluster(&self, index: usize) -> Option<&Cluster> {
        self.topology.clusters.get(index)
    }

    /// Returns the clusters of a network, with their places in the drawing.
    pub(crate) fn members<'a>(&'a self, network: &'a NetworkName) -> impl Iterator<Item = (usize, &'a Cluster)> {
        self.topology.clusters.iter().enumerate().filter(move |(_, cluster)| cluster.network.as_ref() == Some(network))
    }

    /// Returns the place of the gateway among the gateways that a part of a cluster stands for.
    pub(crate) fn gateway(&self, index: usize, part: PartKind) -> Option<usize> {
        let kind = match part {
            PartKind::Ingress => GatewayKind::Ingress,
            PartKind::Egress => GatewayKind::Egress,
            _ => return None,
        };
        let cluster = &self.cluster(index)?.name;
        self.topology.gateways.iter().position(|gateway| gateway.cluster == *cluster && gateway.kind == kind)
    }

    /// Returns the networks in the order of their columns.
    pub(crate) fn networks(&self) -> &[NetworkName] {
        &self.layout.networks
    }

    /// Lists every network once, and forgets where clusters stood that are gone.
    pub(crate) fn settle(&mut self) {
        let mut networks: Vec<NetworkName> = Vec::new();
        for network in self.layout.networks.iter().chain(self.topology.networks()) {
            if !networks.contains(network) {
                networks.push(network.clone());
            }
        }
        self.layout.networks = networks;
        let topology = &self.topology;
        self.layout.keep(|name| topology.cluster(name).is_some());
    }

    /// Returns the first of `network1`, `network2`, … that is free.
    pub(crate) fn free_network(&self) -> NetworkName {
        let taken = |name: &str| self.networks().iter().any(|network| network.as_str() == name);
        free("network", 1, &taken).into()
    }

    /// Returns the first of `cluster1`, `cluster2`, … that is free.
    pub(crate) fn free_cluster(&self) -> ClusterName {
        let taken = |name: &str| self.topology.clusters.iter().any(|cluster| cluster.name.as_str() == name);
        free("cluster", 1, &taken).into()
    }
}
