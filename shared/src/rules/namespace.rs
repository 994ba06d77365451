//! The rule for system namespaces.

use super::names::NAMESPACE;
use crate::fact::Fact;
use crate::manifest;
use crate::mesh::Mesh;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;

/// A step for each system namespace of a cluster, labelled with the network of the member.
pub(super) fn namespace(mesh: &Mesh) -> Vec<Step> {
    let step = |cluster| {
        let name = mesh.system_namespace(cluster);
        let why = Why {
            purpose: Text::new(
                format!("Makes `{name}` in {} and says which network its pods are on.", cluster.name),
                format!("在 {} 中创建 `{name}`，并注明其 Pod 所在的网络。", cluster.name),
            ),
            breaks: Text::new(
                "Without the label istiod takes its endpoints for reachable from everywhere and hands out pod addresses that others cannot dial.",
                "没有该标签，istiod 会认为这些端点处处可达，从而下发其他网络无法访问的 Pod 地址。",
            ),
            source: "Install Multi-Primary on different networks: Set the default network",
        };
        let action = Action::Apply(vec![manifest::namespace(mesh, cluster, name)]);
        Step::new(
            mesh,
            StepId::new(&cluster.name, NAMESPACE),
            action,
            [],
            [Fact::Namespace(cluster.name.clone(), name.to_owned())],
            why,
        )
    };
    mesh.clusters().iter().map(step).collect()
}
