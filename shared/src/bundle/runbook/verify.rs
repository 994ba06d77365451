//! How a person sees that the mesh is one.

use super::Book;
use super::commands::context_variable;
use crate::mesh::ISTIO_SYSTEM;
use crate::release::Feature;

impl Book<'_> {
    pub(super) fn verify(&mut self) {
        self.paragraph("## Verify", "## 验证");
        let members: Vec<_> = self.mesh.members().map(|cluster| cluster.name.clone()).collect();
        // Before, `istioctl` had no such command.
        if self.mesh.has(Feature::NetworkLabel) {
            self.paragraph(
                "Every istiod must list every other cluster as synced:",
                "每个 istiod 都应将其他集群列为 synced：",
            );
            let command =
                if self.mesh.has(Feature::RemoteClustersCommand) { "remote-clusters" } else { "x remote-clusters" };
            let line = |cluster| {
                // Beside an external istiod there is another, which runs its gateway.
                let namespace = self.mesh.system_namespace(cluster);
                let of = if namespace == ISTIO_SYSTEM { String::new() } else { format!(" -i {namespace}") };
                format!("istioctl --context=\"${{{}}}\" {command}{of}", context_variable(&cluster.name))
            };
            let lines: Vec<String> = self.mesh.istiods().map(line).collect();
            self.code(&lines);
        }
        if self.mesh.topology().sample {
            let versions: Vec<String> = (1..=members.len()).map(|k| format!("v{k}")).collect();
            self.paragraph(
                &format!(
                    "From every cluster each version must answer ({}); call often, as any one call shows one of them:",
                    versions.join(", ")
                ),
                &format!(
                    "从每个集群都应得到所有版本的应答（{}）；请多次调用，因为每次只会得到其中之一：",
                    versions.join("、")
                ),
            );
            let lines: Vec<String> = members
                .iter()
                .map(|name| format!("for i in $(seq 12); do kubectl --context=\"${{{}}}\" -n sample exec deploy/curl -c curl -- curl -sS helloworld.sample:5000/hello; done", context_variable(name)))
                .collect();
            self.code(&lines);
            self.open();
        }
    }
}
