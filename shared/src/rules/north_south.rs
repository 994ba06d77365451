//! The rules for gateways between the mesh and the world outside.

use super::names::{EGRESS, EXPOSE_SAMPLE, INGRESS};
use crate::fact::{Exposure, Fact, GatewayName};
use crate::manifest;
use crate::mesh::Mesh;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;
use crate::topology::{Cluster, Gateway, GatewayApi, GatewayKind};

const SOURCE: &str = "Install Istio with an External Control Plane: Enable gateways";

/// A step for each ingress gateway that is drawn.
pub(super) fn ingress(mesh: &Mesh) -> Vec<Step> {
    let step = |(cluster, gateway): (&Cluster, &Gateway)| match gateway.api {
        GatewayApi::Istio => installed_ingress(mesh, cluster, gateway),
        GatewayApi::GatewayApi => programmed_ingress(mesh, cluster),
    };
    mesh.gateways(GatewayKind::Ingress).map(step).collect()
}

fn breaks() -> Text {
    Text::new(
        "Without it callers from outside find no way into the mesh. By default it is open to the internet.",
        "没有它，外部的调用者无法进入网格。默认情况下它对互联网开放。",
    )
}

fn installed_ingress(mesh: &Mesh, cluster: &Cluster, gateway: &Gateway) -> Step {
    let name = &cluster.name;
    let why = Why {
        purpose: Text::new(
            format!(
                "Lets callers from outside enter the mesh in {name}: a gateway that listens once a route asks it to."
            ),
            format!("让外部的调用者在 {name} 进入网格：有路由要求时，该网关才会监听。"),
        ),
        breaks: breaks(),
        source: SOURCE,
    };
    let action = manifest::install_ingress(mesh, cluster, gateway);
    injected(mesh, cluster, StepId::new(name, INGRESS), action, Fact::Address(name.clone(), GatewayName::Ingress), why)
}

/// A step whose gateway is a pod that is injected, as those between clusters are.
fn injected(mesh: &Mesh, cluster: &Cluster, id: StepId, action: Action, gives: Fact, why: Why) -> Step {
    let name = &cluster.name;
    let needs = [Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned()), Fact::Injects(name.clone())];
    let mut step = Step::new(mesh, id, action, needs, [gives], why);
    step.needs.extend(mesh.exposed_elsewhere(cluster));
    step
}

fn programmed_ingress(mesh: &Mesh, cluster: &Cluster) -> Step {
    let name = &cluster.name;
    let why = Why {
        purpose: Text::new(
            format!(
                "Asks istiod for a gateway by which callers from outside enter the mesh in {name}; istiod installs it."
            ),
            format!("请 istiod 在 {name} 安装网关，供外部的调用者进入网格。"),
        ),
        breaks: breaks(),
        source: "Install Istio with an External Control Plane: Configure and test an ingress gateway (Gateway API)",
    };
    let action = Action::Apply(manifest::ingress_gateway_api(mesh, cluster));
    let istiod = &mesh.istiod_of(cluster).name;
    let needs = [
        Fact::GatewayApi(name.clone()),
        Fact::Namespace(name.clone(), mesh.system_namespace(cluster).to_owned()),
        Fact::Istiod(istiod.clone()),
        Fact::Injects(name.clone()),
    ];
    let gives = [Fact::Address(name.clone(), GatewayName::Ingress)];
    let mut step = Step::new(mesh, StepId::new(name, INGRESS), action, needs, gives, why);
    step.needs.extend(mesh.exposed_elsewhere(cluster));
    if mesh.topology().sample {
        // It lies in the sample's namespace, beside what it leads to.
        step.needs.insert(Fact::Sample(name.clone()));
    }
    step
}

/// A step for each egress gateway that is drawn.
pub(super) fn egress(mesh: &Mesh) -> Vec<Step> {
    let step = |(cluster, gateway): (&Cluster, &Gateway)| {
        let name = &cluster.name;
        let why = Why {
            purpose: Text::new(
                format!(
                    "Gives calls that leave the mesh in {name} one place to leave by, where they can be watched and held back."
                ),
                format!("为 {name} 中离开网格的调用提供统一的出口，便于观察与管控。"),
            ),
            breaks: Text::new(
                "Without it calls leave from every pod. It alone forces nothing: routes must lead to it.",
                "没有它，调用会从各个 Pod 直接离开。仅有它并不强制：还需路由指向它。",
            ),
            source: SOURCE,
        };
        let action = manifest::install_egress(mesh, cluster, gateway);
        injected(mesh, cluster, StepId::new(name, EGRESS), action, Fact::Egress(name.clone()), why)
    };
    mesh.gateways(GatewayKind::Egress).map(step).collect()
}

/// A step for each config cluster whose istiod configures ingress gateways in Istio's vocabulary, when the sample is asked for.
pub(super) fn expose_sample(mesh: &Mesh) -> Vec<Step> {
    if !mesh.topology().sample {
        return Vec::new();
    }
    let step = |istiod: &Cluster| {
        let config = mesh.config_of(istiod);
        let name = &config.name;
        let why = Why {
            purpose: Text::new(
                format!(
                    "Leads callers from outside to the sample application: {} at the ingress gateways.",
                    manifest::SAMPLE_PATH
                ),
                format!("将外部的调用者引向示例应用：入口网关的 {} 路径。", manifest::SAMPLE_PATH),
            ),
            breaks: Text::new(
                "Without it the ingress gateways listen on no port: connection refused.",
                "没有它，入口网关不监听任何端口：连接被拒绝。",
            ),
            source: "Install Istio with an External Control Plane: Configure and test an ingress gateway; samples/helloworld/helloworld-gateway.yaml",
        };
        let action = Action::Apply(manifest::sample_route(mesh, config));
        let needs = [Fact::Installed(name.clone()), Fact::Istiod(istiod.name.clone()), Fact::Sample(name.clone())];
        let gives = [Fact::Exposed(name.clone(), Exposure::Sample)];
        let mut step = Step::new(mesh, StepId::new(name, EXPOSE_SAMPLE), action, needs, gives, why);
        // The webhook that checks it is answered by way of the gateway of an external istiod.
        step.needs.extend(mesh.exposed_elsewhere(config));
        step
    };
    mesh.istiods().filter(|istiod| mesh.has_istio_ingress(istiod)).map(step).collect()
}
