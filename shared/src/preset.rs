//! Drawings to start from: the systems of Istio's own pages.

use crate::text::Text;
use crate::topology::{Cluster, DEFAULT_EXTERNAL_NAMESPACE, Entry, Role, Topology};

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
    [multi_primary(), primary_remote(), external()].into_iter().flatten().chain([shared_control_plane()]).collect()
}

/// The archived system of one control plane for two networks, in the words of its time.
fn shared_control_plane() -> Preset {
    let mut topology = drawn([Cluster::primary("cluster1", "network1"), remote("cluster2", "network2", "cluster1")]);
    "1.5".clone_into(&mut topology.istio.version);
    Preset {
        id: "shared-control-plane",
        name: Text::new("Shared control plane, Istio 1.5", "共享控制平面，Istio 1.5"),
        when: [
            Text::new(
                "A mesh of those years has to be rebuilt or understood: meshNetworks, Citadel in every cluster.",
                "需要重建或理解当年的网格：meshNetworks，每个集群都有 Citadel。",
            ),
            Text::new(
                "Nobody maintains this release: for a new mesh take primary-remote on different networks.",
                "该版本已无人维护：新的网格请选择跨网络主从架构。",
            ),
        ],
        topology,
    }
}

fn multi_primary() -> [Preset; 2] {
    let primaries =
        |second: &str| drawn([Cluster::primary("cluster1", "network1"), Cluster::primary("cluster2", second)]);
    [
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

fn primary_remote() -> [Preset; 2] {
    let served =
        |network: &str| drawn([Cluster::primary("cluster1", "network1"), remote("cluster2", network, "cluster1")]);
    [
        Preset {
            id: "primary-remote-multi-network",
            name: Text::new("Primary-remote on different networks", "跨网络主从架构"),
            when: [
                Text::new(
                    "One control plane for both clusters, whose pods cannot dial each other.",
                    "两个集群共用一个控制平面，且 Pod 之间无法直接互访。",
                ),
                Text::new(
                    "One istiod to run; without the primary the remote takes no changes and no new pods.",
                    "只需维护一个 istiod；主集群失联期间，从集群无法获取变更，也无法注入新的 Pod。",
                ),
            ],
            topology: served("network2"),
        },
        Preset {
            id: "primary-remote",
            name: Text::new("Primary-remote on one network", "单网络主从架构"),
            when: [
                Text::new(
                    "Pods of both clusters dial each other directly, and one control plane is enough.",
                    "两个集群的 Pod 可以直接互访，且一个控制平面就够用。",
                ),
                Text::new(
                    "A single gateway, by which the remote reaches istiod; services need none.",
                    "只有一个网关，供从集群访问 istiod；服务之间无需网关。",
                ),
            ],
            topology: served("network1"),
        },
    ]
}

fn external() -> [Preset; 2] {
    let host = || Cluster {
        name: "external".into(),
        role: Role::External {
            config: "cluster1".into(),
            entry: Entry::LoadBalancer,
            namespace: DEFAULT_EXTERNAL_NAMESPACE.to_owned(),
        },
        ..Cluster::default()
    };
    let first = || remote("cluster1", "network1", "external");
    [
        Preset {
            id: "external-two-remotes",
            name: Text::new("External control plane, two remotes", "外部控制平面，两个从集群"),
            when: [
                Text::new(
                    "One team runs Istio, others run services, in several clusters.",
                    "Istio 与业务服务由不同团队负责，且有多个业务集群。",
                ),
                Text::new(
                    "Istiod has a cluster of its own; the first remote holds the mesh's configuration.",
                    "istiod 有专属的集群；第一个从集群保存网格的配置。",
                ),
            ],
            topology: drawn([host(), first(), remote("cluster2", "network2", "external")]),
        },
        Preset {
            id: "external-ip",
            name: Text::new("External control plane, one remote", "外部控制平面，单个从集群"),
            when: [
                Text::new(
                    "Istiod is kept out of the cluster that runs the services.",
                    "istiod 不放在运行业务服务的集群中。",
                ),
                Text::new(
                    "Reached by its load balancer's IP address, as for tests; a host name suits production.",
                    "经由负载均衡器的 IP 地址访问，适合测试；生产环境宜用域名。",
                ),
            ],
            topology: drawn([host(), first()]),
        },
    ]
}

fn drawn<const N: usize>(clusters: [Cluster; N]) -> Topology {
    Topology { clusters: clusters.into(), ..Topology::empty("mesh1") }
}

fn remote(name: &str, network: &str, control_plane: &str) -> Cluster {
    let role = Role::Remote { control_plane: control_plane.into() };
    Cluster { role, ..Cluster::primary(name, network) }
}
