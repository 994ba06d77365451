//! The rules for gateways between clusters and what they let in.

use super::names::{EXPOSE_API_SERVER, EXPOSE_ISTIOD, EXPOSE_SERVICES, GATEWAY};
use crate::fact::{Exposure, Fact};
use crate::manifest;
use crate::mesh::{ISTIO_SYSTEM, Mesh};
use crate::release::Feature;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;
use crate::topology::{API_SERVER_PORT, Cluster, Entry};

/// A step for each istiod that serves others, and for each member of a mesh spanning networks.
pub(super) fn gateway(mesh: &Mesh) -> Vec<Step> {
    if !mesh.has(Feature::EastWestGateway) {
        // There the ingress gateway that every installation brings carries traffic between networks.
        return Vec::new();
    }
    let step = |cluster| {
        if mesh.hosts_external(cluster) {
            Some(control_plane(mesh, cluster))
        } else {
            mesh.has_east_west(cluster).then(|| east_west(mesh, cluster))
        }
    };
    mesh.clusters().iter().filter_map(step).collect()
}

fn control_plane(mesh: &Mesh, cluster: &Cluster) -> Step {
    let name = &cluster.name;
    let why = Why {
        purpose: Text::new(
            format!(
                "Opens {name} on 15012 and 15017, where the mesh dials its istiod; an Istio of its own runs this gateway and nothing else."
            ),
            format!(
                "在 {name} 上开放 15012 与 15017，网格由此访问其 istiod；该网关由一个独立的 Istio 管理，别无他用。"
            ),
        ),
        breaks: Text::new(
            "Without it no proxy of the mesh finds its control plane. By default it is open to the internet.",
            "没有它，网格中的代理找不到控制平面。默认情况下它对互联网开放。",
        ),
        source: "Install Istio with an External Control Plane: Set up a Gateway in the external cluster",
    };
    let action = Action::Install(manifest::controlplane_gateway(cluster));
    let needs = [Fact::Namespace(name.clone(), ISTIO_SYSTEM.to_owned())];
    let gives = [
        Fact::Address(name.clone(), manifest::entry_gateway(cluster)),
        Fact::Installed(name.clone()),
        Fact::GatewayIstiod(name.clone()),
    ];
    Step::new(mesh, StepId::new(name, GATEWAY), action, needs, gives, why)
}

fn east_west(mesh: &Mesh, cluster: &Cluster) -> Step {
    let name = &cluster.name;
    let (network, port) = (mesh.network(cluster), cluster.east_west.port);
    let purpose = if mesh.spans_networks() {
        Text::new(
            format!(
                "Pods of {name} cannot be dialled from other networks; traffic enters {network} through this gateway on port {port}."
            ),
            format!("其他网络无法直接访问 {name} 的 Pod；流量经此网关的 {port} 端口进入 {network}。"),
        )
    } else if !mesh.serves_others(cluster) {
        Text::new(
            format!("Istiods elsewhere dial the API server of {name} through this gateway."),
            format!("其他集群的 istiod 经此网关访问 {name} 的 API Server。"),
        )
    } else {
        Text::new(
            format!("The clusters that {name} serves dial its istiod through this gateway on 15012 and 15017."),
            format!("由 {name} 服务的集群经此网关的 15012 与 15017 端口访问其 istiod。"),
        )
    };
    let why = Why {
        purpose,
        breaks: Text::new(
            "Without it calls from other networks time out. By default it is open to the internet: narrow it by `eastWest.sourceRanges` or an internal load balancer.",
            "没有它，来自其他网络的调用会超时。默认情况下它对互联网开放：请用 `eastWest.sourceRanges` 或内部负载均衡器加以限制。",
        ),
        source: "Install Multi-Primary on different networks: Install the east-west gateway",
    };
    let action = manifest::install_eastwest(mesh, cluster);
    let needs = [Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned()), Fact::Injects(name.clone())];
    let gives = [Fact::Address(name.clone(), crate::fact::GatewayName::EastWest)];
    let mut step = Step::new(mesh, StepId::new(name, GATEWAY), action, needs, gives, why);
    // Its pod is injected, and finds its control plane, by way of an istiod elsewhere.
    step.needs.extend(mesh.exposed_elsewhere(cluster));
    step
}

/// A step for each istiod that serves others.
pub(super) fn expose_istiod(mesh: &Mesh) -> Vec<Step> {
    let step = |cluster: &Cluster| {
        let name = &cluster.name;
        let why = Why {
            purpose: Text::new(
                format!(
                    "Leads 15012 (configuration, certificates) and 15017 (injection) at the gateway of {name} to its istiod."
                ),
                format!("将 {name} 网关的 15012（配置、证书）与 15017（注入）转到其 istiod。"),
            ),
            breaks: Text::new(
                "Without it the clusters it serves reach the gateway and are refused: no injection, no configuration.",
                "没有它，所服务的集群能到达网关但会被拒绝：无法注入，也得不到配置。",
            ),
            source: "Install Primary-Remote: Expose the control plane in cluster1; samples/multicluster/expose-istiod.yaml",
        };
        let action = Action::Apply(manifest::expose_istiod(mesh, cluster));
        let gives = [Fact::Exposed(name.clone(), Exposure::Istiod)];
        let needs =
            [Fact::Installed(name.clone()), Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned())];
        let mut step = Step::new(mesh, StepId::new(name, EXPOSE_ISTIOD), action, needs, gives, why);
        // What is written here is checked by the webhook of the istiod that runs the gateway.
        step.needs.insert(if mesh.hosts_external(cluster) {
            Fact::GatewayIstiod(name.clone())
        } else {
            Fact::Istiod(name.clone())
        });
        if matches!(mesh.entry(cluster), Entry::Host { .. }) {
            step.needs.insert(Fact::Credential(name.clone()));
        }
        step
    };
    // Before, the control plane's installation did this itself (`meshExpansion`).
    let exposes = |istiod: &&Cluster| mesh.has(Feature::EastWestGateway) && mesh.serves_others(istiod);
    mesh.istiods().filter(exposes).map(step).collect()
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
        let gives = [Fact::Exposed(name.clone(), Exposure::Services)];
        let mut step = Step::new(mesh, StepId::new(name, EXPOSE_SERVICES), action, needs, gives, why);
        if mesh.hosts_external(istiod) {
            // The webhook that checks it is answered by way of the gateway of the external istiod.
            step.needs.insert(Fact::Exposed(istiod.name.clone(), Exposure::Istiod));
        }
        step
    };
    mesh.istiods().map(step).collect()
}

/// A step for each member whose API server is dialled by its own gateway.
pub(super) fn expose_api_server(mesh: &Mesh) -> Vec<Step> {
    let step = |cluster: &Cluster| {
        let name = &cluster.name;
        let host = manifest::api_server_name(cluster);
        let why = Why {
            purpose: Text::new(
                format!(
                    "Leads {API_SERVER_PORT} at the gateway of {name} to its API server, for callers that ask for {host}."
                ),
                format!("将 {name} 网关的 {API_SERVER_PORT} 端口转到其 API Server，供请求 {host} 的调用者使用。"),
            ),
            breaks: Text::new(
                "Without it istiods elsewhere reach the gateway and are refused: `remote-clusters` says timeout. Whoever reaches the gateway reaches the API server: narrow it by `eastWest.sourceRanges`.",
                "没有它，其他集群的 istiod 能到达网关但会被拒绝：`remote-clusters` 显示 timeout。能到达网关者即能到达 API Server：请用 `eastWest.sourceRanges` 加以限制。",
            ),
            source: "Install Istio with an External Control Plane: API server access",
        };
        let action = Action::Apply(manifest::expose_api_server(mesh, cluster));
        let needs = [
            Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned()),
            Fact::Installed(name.clone()),
            Fact::Istiod(name.clone()),
        ];
        let gives = [Fact::Exposed(name.clone(), Exposure::ApiServer)];
        Step::new(mesh, StepId::new(name, EXPOSE_API_SERVER), action, needs, gives, why)
    };
    mesh.members().filter(|member| member.api_server_by_gateway()).map(step).collect()
}
