//! The rule for the sample application.

use super::names::SAMPLE;
use crate::fact::Fact;
use crate::manifest;
use crate::mesh::Mesh;
use crate::step::{Action, Step, StepId, Why};
use crate::text::Text;

/// A step for each member, when the sample is asked for.
pub(super) fn sample(mesh: &Mesh) -> Vec<Step> {
    if !mesh.topology().sample {
        return Vec::new();
    }
    let step = |(cluster, place): (&crate::topology::Cluster, usize)| {
        let name = &cluster.name;
        let why = Why {
            purpose: Text::new(
                format!("Deploys helloworld, which answers \"v{place}\" in {name}, and a client that calls it."),
                format!("部署 helloworld（在 {name} 中应答 \"v{place}\"）以及调用它的客户端。"),
            ),
            breaks: Text::new(
                "Without it nothing shows that calls cross between clusters.",
                "没有它，就无法证明调用能够跨集群。",
            ),
            source: "Verify the installation; samples/helloworld; samples/curl",
        };
        let action = Action::Apply(manifest::sample(mesh, cluster, place));
        let (needs, gives) = ([Fact::Injects(name.clone())], [Fact::Sample(name.clone())]);
        let mut step = Step::new(mesh, StepId::new(name, SAMPLE), action, needs, gives, why);
        step.needs.extend(mesh.exposed_elsewhere(cluster));
        step
    };
    mesh.members().zip(1..).map(step).collect()
}
