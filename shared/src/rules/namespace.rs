//! The rule for system namespaces.

use super::names::NAMESPACE;
use crate::fact::Fact;
use crate::manifest;
use crate::mesh::{ISTIO_SYSTEM, Mesh};
use crate::release::Feature;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;
use crate::topology::Cluster;

/// A step for each system namespace of a cluster: labelled with the network of the member, annotated with who serves it from elsewhere.
pub(super) fn namespace(mesh: &Mesh) -> Vec<Step> {
    let mut steps = Vec::new();
    for cluster in mesh.clusters() {
        let own = mesh.system_namespace(cluster);
        if mesh.hosts_external(cluster) && own != ISTIO_SYSTEM {
            // The gateway in front of an external istiod is an installation of its own, in the usual place.
            for name in [ISTIO_SYSTEM, own] {
                let id = StepId { object: Some(name.to_owned()), ..StepId::new(&cluster.name, NAMESPACE) };
                steps.push(step(mesh, cluster, name, id, &format!("{name}.yaml")));
            }
        } else {
            steps.push(step(mesh, cluster, own, StepId::new(&cluster.name, NAMESPACE), "namespace.yaml"));
        }
    }
    steps
}

fn step(mesh: &Mesh, cluster: &Cluster, name: &str, id: StepId, file: &str) -> Step {
    let action = Action::Apply(vec![manifest::namespace(mesh, cluster, name, file)]);
    let gives = [Fact::Namespace(cluster.name.clone(), name.to_owned())];
    Step::new(mesh, id, action, [], gives, why(mesh, cluster, name))
}

fn why(mesh: &Mesh, cluster: &Cluster, name: &str) -> Why {
    let at = &cluster.name;
    let source = "Install Multi-Primary on different networks: Set the default network; Install Primary-Remote: Set the control plane cluster for cluster2";
    if mesh.hosts_external(cluster) || !mesh.has(Feature::NetworkLabel) {
        return Why {
            purpose: Text::new(format!("Makes `{name}` in {at}."), format!("在 {at} 中创建 `{name}`。")),
            breaks: Text::new("Without it there is no place for what follows.", "没有它，后续步骤无处安放。"),
            source,
        };
    }
    match mesh.managed_by(cluster) {
        None => Why {
            purpose: Text::new(
                format!("Makes `{name}` in {at} and says which network its pods are on."),
                format!("在 {at} 中创建 `{name}`，并注明其 Pod 所在的网络。"),
            ),
            breaks: Text::new(
                "Without the label istiod takes its endpoints for reachable from everywhere and hands out pod addresses that others cannot dial.",
                "没有该标签，istiod 会认为这些端点处处可达，从而下发其他网络无法访问的 Pod 地址。",
            ),
            source,
        },
        Some(config) => Why {
            purpose: Text::new(
                format!(
                    "Makes `{name}` in {at}, says which network its pods are on, and puts it in the charge of the control plane of {}.",
                    config.name
                ),
                format!("在 {at} 中创建 `{name}`，注明其 Pod 所在的网络，并交由 {} 的控制平面管理。", config.name),
            ),
            breaks: Text::new(
                "Without the annotation istiod never writes its certificate into the webhook: injection fails with x509: certificate signed by unknown authority.",
                "没有该注解，istiod 不会把证书写入 Webhook：注入会以 x509: certificate signed by unknown authority 失败。",
            ),
            source,
        },
    }
}
