//! Drawings to start from: the systems of Istio's own pages.

use crate::text::Text;
use crate::topology::{Cluster, Topology};

/// A drawing to start from.
#[derive(Clone, Debug)]
pub struct Preset {
    /// The stable id, also the name of its file among the tests' topologies.
    pub id: &'static str,
    /// Its name.
    pub name: Text,
    /// When to choose it, two short lines.
    pub when: [Text; 2],
    /// The drawing.
    pub topology: Topology,
}

/// Returns every preset, the most common first.
pub fn presets() -> Vec<Preset> {
    let primaries = |second: &str| Topology {
        clusters: vec![Cluster::primary("cluster1", "network1"), Cluster::primary("cluster2", second)],
        ..Topology::empty("mesh1")
    };
    vec![
        Preset {
            id: "multi-primary-multi-network",
            name: Text::new("Multi-primary on different networks", "跨网络多主架构"),
            when: [
                Text::new(
                    "Pods of one cluster cannot dial those of the other: other clouds, regions or VPCs.",
                    "一个集群的 Pod 无法直接访问另一个集群：不同的云、区域或 VPC。",
                ),
                Text::new(
                    "Each cluster keeps working when the other is gone; traffic crosses through gateways.",
                    "任一集群失联时另一个仍可工作；流量经由网关往来。",
                ),
            ],
            topology: primaries("network2"),
        },
        Preset {
            id: "multi-primary",
            name: Text::new("Multi-primary on one network", "单网络多主架构"),
            when: [
                Text::new(
                    "Pods of both clusters dial each other directly, and no address is used twice.",
                    "两个集群的 Pod 可以直接互访，且地址不重叠。",
                ),
                Text::new(
                    "The shortest path: no gateways, a control plane in each cluster.",
                    "路径最短：无需网关，每个集群都有控制平面。",
                ),
            ],
            topology: primaries("network1"),
        },
    ]
}
