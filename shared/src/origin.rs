//! Which box or arrow of the drawing a step comes from. Derived from the facts it gives, so no rule writes it and none can forget it.

use crate::fact::{Exposure, Fact, GatewayName};
use crate::mesh::{Mesh, is_member};
use crate::name::{ClusterName, NetworkName};
use crate::sorted;
use crate::step::Step;
use crate::text::Text;
use crate::topology::GatewayKind;

/// A box or an arrow of the drawing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The box of a cluster.
    Cluster(ClusterName),
    /// The region of a network.
    Network(NetworkName),
    /// The arrow from a cluster to the one whose istiod serves it.
    Served {
        /// The cluster that is served.
        cluster: ClusterName,
        /// The cluster of the istiod.
        by: ClusterName,
    },
    /// The arrow from an external istiod to the cluster that keeps its configuration.
    Config {
        /// The cluster of the istiod.
        istiod: ClusterName,
        /// The cluster it reads.
        config: ClusterName,
    },
    /// An istiod reads another cluster: no arrow of its own, it follows from both being in one mesh.
    Reads {
        /// The cluster of the istiod.
        istiod: ClusterName,
        /// The cluster that is read.
        cluster: ClusterName,
    },
    /// An ingress or egress gateway.
    Gateway(ClusterName, GatewayKind),
    /// The switch for the sample application.
    Sample,
}

/// Of more arrows than this of one kind, the others are counted.
const NAMED: usize = 3;

impl Origin {
    /// Names it as it is found in the drawing.
    pub fn words(&self) -> Text {
        match self {
            Origin::Cluster(cluster) => Text::new(format!("box {cluster}"), format!("集群 {cluster}")),
            Origin::Network(network) => Text::new(format!("network {network}"), format!("网络 {network}")),
            Origin::Served { cluster, by } => {
                Text::new(format!("arrow {cluster} → {by} (served by)"), format!("箭头 {cluster} → {by}（由其服务）"))
            }
            Origin::Config { istiod, config } => Text::new(
                format!("arrow {istiod} → {config} (configuration in)"),
                format!("箭头 {istiod} → {config}（配置所在）"),
            ),
            Origin::Reads { istiod, cluster } => Text::new(
                format!("{istiod} and {cluster} in one mesh: the istiod of {istiod} reads {cluster}"),
                format!("{istiod} 与 {cluster} 同属一个网格：{istiod} 的 istiod 读取 {cluster}"),
            ),
            Origin::Gateway(cluster, GatewayKind::Ingress) => {
                Text::new(format!("ingress gateway of {cluster}"), format!("{cluster} 的入口网关"))
            }
            Origin::Gateway(cluster, GatewayKind::Egress) => {
                Text::new(format!("egress gateway of {cluster}"), format!("{cluster} 的出口网关"))
            }
            Origin::Sample => Text::new("the switch for the sample", "示例应用开关"),
        }
    }
}

/// Returns what a step comes from, most telling first.
pub fn origins(step: &Step, mesh: &Mesh) -> Vec<Origin> {
    let mut found = Vec::new();
    for fact in &step.gives {
        of_fact(fact, mesh, &mut found);
    }
    if found.is_empty() {
        found.push(Origin::Cluster(step.id.cluster.clone()));
    }
    sorted::by(&mut found, |origin| matches!(origin, Origin::Cluster(_)));
    let mut each_once: Vec<Origin> = Vec::new();
    for origin in found {
        if !each_once.contains(&origin) {
            each_once.push(origin);
        }
    }
    // The box says nothing that an arrow of the same step does not.
    if each_once.iter().any(|origin| !matches!(origin, Origin::Cluster(_) | Origin::Network(_))) {
        each_once.retain(|origin| !matches!(origin, Origin::Cluster(_)));
    }
    each_once
}

/// Returns what a step comes from, as one line.
pub fn line(step: &Step, mesh: &Mesh) -> Text {
    let all = origins(step, mesh);
    let named: Vec<Text> = all.iter().take(NAMED).map(Origin::words).collect();
    let (mut en, mut zh): (Vec<String>, Vec<String>) = named.into_iter().map(|text| (text.en, text.zh)).unzip();
    if all.len() > NAMED {
        en.push(format!("and {} more", all.len() - NAMED));
        zh.push(format!("另有 {} 处", all.len() - NAMED));
    }
    Text::new(en.join("; "), zh.join("；"))
}

fn of_fact(fact: &Fact, mesh: &Mesh, into: &mut Vec<Origin>) {
    let name = fact.cluster();
    let cluster = mesh.resolved(name);
    let istiod = mesh.istiod_of(cluster);
    let served = |by: &ClusterName| {
        let of = mesh.resolved(by);
        mesh.served_by(of)
            .map(|remote| Origin::Served { cluster: remote.name.clone(), by: by.clone() })
            .collect::<Vec<_>>()
    };
    into.push(Origin::Cluster(name.clone()));
    match fact {
        Fact::Namespace(..) => {
            into.extend(cluster.network.clone().map(Origin::Network));
            if mesh.managed_by(cluster).is_some() {
                into.push(Origin::Served { cluster: name.clone(), by: istiod.name.clone() });
            }
        }
        Fact::Installed(_) if is_member(cluster) && istiod.name != *name => {
            into.push(Origin::Served { cluster: name.clone(), by: istiod.name.clone() });
        }
        Fact::Istiod(_) if mesh.hosts_external(cluster) => {
            into.push(Origin::Config { istiod: name.clone(), config: mesh.config_of(cluster).name.clone() });
        }
        Fact::Exposed(_, Exposure::Istiod) | Fact::Address(_, GatewayName::ControlPlane) => into.extend(served(name)),
        Fact::Address(_, GatewayName::EastWest) => {
            if mesh.spans_networks() {
                into.extend(cluster.network.clone().map(Origin::Network));
            } else {
                into.extend(served(name));
            }
        }
        Fact::Exposed(_, Exposure::Services) => {
            into.extend(mesh.topology().networks().into_iter().cloned().map(Origin::Network));
        }
        Fact::Address(_, GatewayName::Ingress) | Fact::Exposed(_, Exposure::Sample) => {
            into.push(Origin::Gateway(name.clone(), GatewayKind::Ingress));
        }
        Fact::Egress(_) => into.push(Origin::Gateway(name.clone(), GatewayKind::Egress)),
        Fact::Token(_) => {
            let readers = mesh.istiods().filter(|istiod| istiod.name != *name);
            into.extend(readers.map(|istiod| reads(mesh, &istiod.name, name)));
        }
        Fact::Watched { by, cluster: watched } => into.push(reads(mesh, by, watched)),
        Fact::Sample(_) => into.push(Origin::Sample),
        _ => {}
    }
}

/// An istiod reads a cluster: its config cluster or one it serves by an arrow, any other since both are in the mesh.
fn reads(mesh: &Mesh, by: &ClusterName, watched: &ClusterName) -> Origin {
    let (istiod, cluster) = (mesh.resolved(by), mesh.resolved(watched));
    if mesh.config_of(istiod).name == *watched {
        Origin::Config { istiod: by.clone(), config: watched.clone() }
    } else if mesh.istiod_of(cluster).name == *by {
        Origin::Served { cluster: watched.clone(), by: by.clone() }
    } else {
        Origin::Reads { istiod: by.clone(), cluster: watched.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mesh::check;
    use crate::plan::Plan;
    use crate::preset::presets;

    #[test]
    fn every_step_comes_from_something_in_the_drawing() {
        for preset in presets() {
            let mesh = check(&preset.topology).mesh.unwrap();
            for step in Plan::new(&mesh).steps {
                assert!(!origins(&step, &mesh).is_empty(), "{}", step.id);
            }
        }
    }

    #[test]
    fn steps_of_arrows_name_their_arrow() {
        let preset = presets().into_iter().find(|preset| preset.id == "external-two-remotes").unwrap();
        let mesh = check(&preset.topology).mesh.unwrap();
        let plan = Plan::new(&mesh);
        let of = |id: &str| line(plan.step(id).unwrap(), &mesh).en;
        assert_eq!(of("external/secret/cluster1"), "arrow external → cluster1 (configuration in)");
        assert_eq!(of("external/secret/cluster2"), "arrow cluster2 → external (served by)");
        assert_eq!(of("cluster2/remote"), "arrow cluster2 → external (served by)");
        assert_eq!(of("cluster2/gateway"), "network network2; box cluster2");
        assert_eq!(of("cluster1/sample"), "the switch for the sample");
    }
}
