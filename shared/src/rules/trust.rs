//! The rule for the shared root of trust.

use super::names::TRUST;
use crate::fact::Fact;
use crate::manifest;
use crate::mesh::Mesh;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;

/// A step for each certificate signer, when there are at least two.
pub(super) fn trust(mesh: &Mesh) -> Vec<Step> {
    if mesh.signers().count() < 2 {
        return Vec::new();
    }
    let step = |cluster| {
        let namespace = mesh.system_namespace(cluster);
        let why = Why {
            purpose: Text::new(
                format!(
                    "Gives the istiod of {} an intermediate certificate under the root that all clusters share.",
                    cluster.name
                ),
                format!("为 {} 的 istiod 提供由所有集群共享的根所签发的中间证书。", cluster.name),
            ),
            breaks: Text::new(
                "Without it every istiod makes a root of its own, and calls between clusters end in CERTIFICATE_VERIFY_FAILED. It must be there before istiod starts.",
                "没有它，每个 istiod 都会自建根证书，跨集群调用将以 CERTIFICATE_VERIFY_FAILED 失败。必须在 istiod 启动之前就绪。",
            ),
            source: "Plug in CA Certificates; Before you begin: Configure Trust",
        };
        let action = Action::Apply(vec![manifest::cacerts(mesh, cluster, namespace)]);
        let needs = [Fact::Namespace(cluster.name.clone(), namespace.to_owned())];
        Step::new(mesh, StepId::new(&cluster.name, TRUST), action, needs, [Fact::Trust(cluster.name.clone())], why)
    };
    mesh.signers().map(step).collect()
}
