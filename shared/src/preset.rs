//! Drawings to start from: the systems of Istio's own pages.

use crate::text::Text;
use crate::topology::{
    Cluster, DEFAULT_EXTERNAL_NAMESPACE, Entry, Gateway, GatewayApi, GatewayKind, Installer, Role, Topology,
};

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
    let pairs = [multi_primary(), primary_remote(), external()].into_iter().flatten();
    pairs.chain([by_host_name(), with_gateways(), single(), shared_control_plane()]).collect()
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

/// One cluster: the mesh to begin with.
fn single() -> Preset {
    Preset {
        id: "single",
        name: Text::new("A single cluster", "单集群"),
        when: [
            Text::new(
                "One cluster is all there is, today; others can join without a new beginning.",
                "目前只有一个集群；以后可以加入其他集群，无需重来。",
            ),
            Text::new(
                "Mesh ID, cluster name and network are set from the first day, as a mesh of many needs them.",
                "从第一天起就设好网格 ID、集群名和网络，满足多集群网格的要求。",
            ),
        ],
        topology: drawn([Cluster::primary("cluster1", "network1")]),
    }
}

/// The system of the page on external control planes, as it is meant for production.
fn by_host_name() -> Preset {
    let (host, credential) = ("myhost.example.com".to_owned(), "myhost-example-credential".to_owned());
    let entry = Entry::Host { host, credential };
    Preset {
        id: "external-dns",
        name: Text::new("External control plane by host name", "外部控制平面，使用域名"),
        when: [
            Text::new(
                "An external istiod for production: its address may change, its name does not.",
                "用于生产环境的外部 istiod：地址可以变，域名不变。",
            ),
            Text::new(
                "It takes a DNS name that every remote resolves, and a certificate for it that they trust.",
                "需要所有从集群都能解析的域名，以及它们信任的证书。",
            ),
        ],
        topology: drawn([host_of_others(entry), remote("cluster1", "network1", "external")]),
    }
}

/// The gateways that the same page puts into the remote.
fn with_gateways() -> Preset {
    let mut topology = drawn([host_of_others(Entry::LoadBalancer), remote("cluster1", "network1", "external")]);
    let gateway = |kind, installer| Gateway { cluster: "cluster1".into(), kind, api: GatewayApi::Istio, installer };
    topology.gateways = vec![gateway(GatewayKind::Ingress, None), gateway(GatewayKind::Egress, Some(Installer::Helm))];
    Preset {
        id: "ingress-egress",
        name: Text::new("External control plane with gateways", "外部控制平面，带出入口网关"),
        when: [
            Text::new(
                "Traffic enters and leaves a mesh whose istiod runs elsewhere.",
                "istiod 在别处运行，而流量需要进出网格。",
            ),
            Text::new(
                "One gateway by istioctl and one by helm, as Istio's page shows: keep what suits you.",
                "如 Istio 文档所示，一个用 istioctl、一个用 helm 安装：按需保留。",
            ),
        ],
        topology,
    }
}

/// A cluster that runs the control plane of others.
fn host_of_others(entry: Entry) -> Cluster {
    let namespace = DEFAULT_EXTERNAL_NAMESPACE.to_owned();
    Cluster {
        name: "external".into(),
        role: Role::External { config: "cluster1".into(), entry, namespace },
        ..Cluster::default()
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
    let host = || host_of_others(Entry::LoadBalancer);
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
