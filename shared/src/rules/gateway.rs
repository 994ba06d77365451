//! The rules for gateways between networks and what they let in.

use super::names::{EXPOSE_SERVICES, GATEWAY};
use crate::fact::{Exposure, Fact, GatewayName};
use crate::manifest;
use crate::mesh::Mesh;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;
use crate::topology::Installer;

/// A step for each istiod that serves others, and for each member of a mesh spanning networks.
pub(super) fn gateway(mesh: &Mesh) -> Vec<Step> {
    let step = |cluster: &crate::topology::Cluster| {
        let name = &cluster.name;
        let network = mesh.network(cluster);
        let why = Why {
            purpose: Text::new(
                format!(
                    "Pods of {name} cannot be dialled from other networks; traffic enters {network} through this gateway on port {}.",
                    cluster.east_west.port
                ),
                format!(
                    "其他网络无法直接访问 {name} 的 Pod；流量经此网关的 {} 端口进入 {network}。",
                    cluster.east_west.port
                ),
            ),
            breaks: Text::new(
                "Without it calls from other networks time out. By default it is open to the internet: narrow it by `eastWest.sourceRanges` or an internal load balancer.",
                "没有它，来自其他网络的调用会超时。默认情况下它对互联网开放：请用 `eastWest.sourceRanges` 或内部负载均衡器加以限制。",
            ),
            source: "Install Multi-Primary on different networks: Install the east-west gateway",
        };
        let action = Action::Install(Installer::Istioctl, manifest::eastwest_gateway(mesh, cluster));
        let needs =
            [Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned()), Fact::Injects(name.clone())];
        let gives = [Fact::Address(name.clone(), GatewayName::EastWest)];
        Step::new(mesh, StepId::new(name, GATEWAY), action, needs, gives, why)
    };
    mesh.members().filter(|member| mesh.has_east_west(member)).map(step).collect()
}

/// A step for each config cluster of a mesh spanning networks.
pub(super) fn expose_services(mesh: &Mesh) -> Vec<Step> {
    if !mesh.spans_networks() {
        return Vec::new();
    }
    let step = |istiod| {
        let cluster = mesh.config_of(istiod);
        let name = &cluster.name;
        let why = Why {
            purpose: Text::new(
                format!(
                    "Lets calls to the services of the mesh (*.local) in at the east-west gateways that the istiod of {} configures.",
                    istiod.name
                ),
                format!("允许对网格服务（*.local）的调用经由 {} 的 istiod 所配置的东西向网关进入。", istiod.name),
            ),
            breaks: Text::new(
                "Without it the gateway is there but refuses everything: connection reset, NR filter_chain_not_found.",
                "没有它，网关虽在却拒绝一切：连接被重置，NR filter_chain_not_found。",
            ),
            source: "Install Multi-Primary on different networks: Expose services; samples/multicluster/expose-services.yaml",
        };
        let action = Action::Apply(vec![manifest::expose_services(mesh, cluster)]);
        let needs = [Fact::Installed(name.clone()), Fact::Istiod(istiod.name.clone())];
        Step::new(
            mesh,
            StepId::new(name, EXPOSE_SERVICES),
            action,
            needs,
            [Fact::Exposed(name.clone(), Exposure::Services)],
            why,
        )
    };
    mesh.istiods().map(step).collect()
}
