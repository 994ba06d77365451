//! The rule for control planes.

use super::names::ISTIOD;
use crate::fact::Fact;
use crate::manifest;
use crate::mesh::Mesh;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;
use crate::topology::Installer;

/// A step for each cluster that runs an istiod.
pub(super) fn istiod(mesh: &Mesh) -> Vec<Step> {
    let signers = mesh.signers().count();
    let step = |cluster: &crate::topology::Cluster| {
        let name = || cluster.name.clone();
        let why = Why {
            purpose: Text::new(
                format!("Makes {name} a primary: its own istiod, CRDs and webhooks.", name = name()),
                format!("将 {name} 设为主集群：安装自己的 istiod、CRD 与 Webhook。", name = name()),
            ),
            breaks: Text::new(
                "Without it no pod of the cluster gets a proxy or configuration.",
                "没有它，集群中的 Pod 得不到代理和配置。",
            ),
            source: "Install Multi-Primary: Configure cluster1 as a primary",
        };
        let action = Action::Install(Installer::Istioctl, manifest::primary(mesh, cluster));
        let needs = [Fact::Namespace(name(), mesh.system_namespace(cluster).to_owned())];
        let gives = [Fact::Istiod(name()), Fact::Installed(name()), Fact::Injects(name())];
        let mut step = Step::new(mesh, StepId::new(&cluster.name, ISTIOD), action, needs, gives, why);
        if signers > 1 {
            step.needs.insert(Fact::Trust(name()));
        }
        step
    };
    mesh.istiods().map(step).collect()
}
