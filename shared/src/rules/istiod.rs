//! The rules for control planes, and for members that are served from elsewhere.

use super::names::{EXTERNAL_ISTIOD, ISTIOD, MESH_NETWORKS, REMOTE};
use crate::fact::Fact;
use crate::fact::GatewayName;
use crate::manifest;
use crate::mesh::Mesh;
use crate::release::Feature;
use crate::sorted;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;
use crate::topology::Cluster;

/// A step for each cluster that runs an istiod.
pub(super) fn istiod(mesh: &Mesh) -> Vec<Step> {
    let step = |cluster| if mesh.hosts_external(cluster) { external(mesh, cluster) } else { primary(mesh, cluster) };
    let with_trust = |cluster| {
        let mut step: Step = step(cluster);
        step.needs.extend(mesh.trust_of(cluster));
        step
    };
    mesh.istiods().map(with_trust).collect()
}

fn primary(mesh: &Mesh, cluster: &Cluster) -> Step {
    let name = &cluster.name;
    let why = Why {
        purpose: Text::new(
            format!("Makes {name} a primary: its own istiod, CRDs and webhooks."),
            format!("将 {name} 设为主集群：安装自己的 istiod、CRD 与 Webhook。"),
        ),
        breaks: Text::new(
            "Without it no pod of the cluster gets a proxy or configuration.",
            "没有它，集群中的 Pod 得不到代理和配置。",
        ),
        source: "Install Multi-Primary: Configure cluster1 as a primary",
    };
    let action = manifest::install_primary(mesh, cluster);
    let needs = [Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned())];
    let gives = [Fact::Istiod(name.clone()), Fact::Installed(name.clone()), Fact::Injects(name.clone())];
    let mut step = Step::new(mesh, StepId::new(name, ISTIOD), action, needs, gives, why);
    if !mesh.has(Feature::EastWestGateway) {
        // Its ingress gateway comes with it, and its address is not known before: the first rendering has placeholders.
        step.gives.insert(Fact::Address(name.clone(), GatewayName::EastWest));
        let needs = std::mem::take(&mut step.needs).into_iter();
        step.needs = sorted::set(needs.filter(|fact| !matches!(fact, Fact::Address(..))));
    }
    step
}

/// A step for each istiod of a mesh spanning networks whose release knows networks by `meshNetworks` only: tell it every gateway.
pub(super) fn mesh_networks(mesh: &Mesh) -> Vec<Step> {
    if mesh.has(Feature::NetworkLabel) || !mesh.spans_networks() {
        return Vec::new();
    }
    let step = |istiod: &Cluster| {
        let name = &istiod.name;
        let why = Why {
            purpose: Text::new(
                format!(
                    "Tells the control plane of {name} the addresses of all gateways: its own installation once more, now without placeholders."
                ),
                format!("将所有网关的地址告知 {name} 的控制平面：再次执行其安装，但不再使用占位地址。"),
            ),
            breaks: Text::new(
                "Without it calls to other networks go to 0.0.0.0 and fail.",
                "没有它，发往其他网络的调用会指向 0.0.0.0 而失败。",
            ),
            source: "Shared control plane (multi-network), Istio 1.5: update the gateway addresses of meshNetworks",
        };
        let action = Action::Install(manifest::legacy_primary(mesh, istiod));
        let mut step = Step::new(mesh, StepId::new(name, MESH_NETWORKS), action, [Fact::Istiod(name.clone())], [], why);
        step.shares = Some(StepId::new(name, ISTIOD));
        step
    };
    mesh.istiods().map(step).collect()
}

/// It reads its kubeconfig at the start only, so it must not start before the config cluster may be watched.
fn external(mesh: &Mesh, cluster: &Cluster) -> Step {
    let name = &cluster.name;
    let config = &mesh.config_of(cluster).name;
    let why = Why {
        purpose: Text::new(
            format!("Runs the control plane of the mesh in {name}; it reads its configuration from {config}."),
            format!("在 {name} 中运行网格的控制平面；它从 {config} 读取配置。"),
        ),
        breaks: Text::new(
            format!("Without it nothing answers the webhooks of {config}, and no pod there is made."),
            format!("没有它，{config} 的 Webhook 无人应答，那里无法创建 Pod。"),
        ),
        source: "Install Istio with an External Control Plane: Set up the control plane in the external cluster",
    };
    let action = Action::Install(manifest::external(mesh, cluster));
    let needs = [
        Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned()),
        Fact::Watched { by: name.clone(), cluster: config.clone() },
        Fact::Installed(config.clone()),
        mesh.entry_fact(cluster),
    ];
    let gives = [Fact::Istiod(name.clone()), Fact::Injects(config.clone())];
    Step::new(mesh, StepId::new(name, EXTERNAL_ISTIOD), action, needs, gives, why)
}

/// A step for each member that is served from elsewhere.
pub(super) fn remote(mesh: &Mesh) -> Vec<Step> {
    let step = |cluster: &Cluster| {
        let (name, istiod) = (&cluster.name, &mesh.istiod_of(cluster).name);
        let purpose = if mesh.injects_itself(cluster) {
            Text::new(
                format!(
                    "Makes {name} a remote: it injects proxies and signs for them itself, and they are configured from {istiod}."
                ),
                format!("将 {name} 设为从集群：由它自己注入代理并签发证书，代理的配置来自 {istiod}。"),
            )
        } else {
            Text::new(
                format!(
                    "Makes {name} a remote: webhooks that ask the istiod of {istiod}, and the account it reads with."
                ),
                format!("将 {name} 设为从集群：安装询问 {istiod} 的 istiod 的 Webhook，以及供其读取的账户。"),
            )
        };
        let why = Why {
            purpose,
            breaks: Text::new("Without it pods of the cluster get no proxy.", "没有它，集群中的 Pod 得不到代理。"),
            source: "Install Primary-Remote: Configure cluster2 as a remote; Install Istio with an External Control Plane: Set up the remote cluster",
        };
        let action = manifest::install_remote(mesh, cluster);
        let needs = [Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned())];
        let mut step = Step::new(mesh, StepId::new(name, REMOTE), action, needs, [Fact::Installed(name.clone())], why);
        step.needs.extend(mesh.trust_of(cluster));
        if mesh.injects_itself(cluster) {
            step.gives.insert(Fact::Injects(name.clone()));
        }
        if !mesh.has(Feature::EastWestGateway) {
            step.gives.insert(Fact::Address(name.clone(), GatewayName::EastWest));
        }
        step
    };
    mesh.members().filter(|member| mesh.istiod_of(member).name != member.name).map(step).collect()
}
