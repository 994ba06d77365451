//! How a person sees that the mesh is one, and who must be let through.

use super::Book;
use super::commands::context_variable;
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
            let line = |name| format!("istioctl --context=\"${{{}}}\" {command}", context_variable(name));
            let lines: Vec<String> = self.mesh.istiods().map(|cluster| line(&cluster.name)).collect();
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

    /// Who dials whom, on which port.
    pub(super) fn firewall(&mut self) {
        let members: Vec<_> = self.mesh.members().collect();
        if members.len() < 2 {
            return;
        }
        self.paragraph("## Firewall", "## 防火墙");
        self.line("| From | To | Port | For |", "| 来源 | 目标 | 端口 | 用途 |");
        self.out.push_str("|---|---|---|---|\n");
        if self.is_folded() {
            self.line(
                "| every istiod | every other cluster (API server) | 6443 | endpoint discovery |",
                "| 每个 istiod | 其他每个集群（API Server） | 6443 | 端点发现 |",
            );
            self.line(
                "| every pod | pods of its own network | any | traffic of the mesh |",
                "| 每个 Pod | 同一网络的 Pod | 任意 | 网格流量 |",
            );
            if self.mesh.spans_networks() {
                self.line(
                    "| every pod | east-west gateways of other networks | as drawn, else 15443 | traffic of the mesh, mTLS |",
                    "| 每个 Pod | 其他网络的东西向网关 | 按图，否则 15443 | 网格流量（mTLS） |",
                );
            }
            return;
        }
        for istiod in self.mesh.istiods() {
            for watched in self.mesh.watched_by(istiod) {
                let by_gateway = watched.api_server_by_gateway();
                let place = if by_gateway { "east-west gateway, API server" } else { "API server" };
                let row = format!("| {} (istiod) | {} ({place}) | 6443 |", istiod.name, watched.name);
                self.line(&format!("{row} endpoint discovery |"), &format!("{row} 端点发现 |"));
            }
        }
        for from in &members {
            for to in members.iter().filter(|to| to.name != from.name) {
                if from.network == to.network {
                    let row = format!("| {} (pods) | {} (pods) | any |", from.name, to.name);
                    self.line(&format!("{row} traffic of the mesh |"), &format!("{row} 网格流量 |"));
                } else {
                    let row =
                        format!("| {} (pods) | {} (east-west gateway) | {} |", from.name, to.name, to.east_west.port);
                    self.line(&format!("{row} traffic of the mesh, mTLS |"), &format!("{row} 网格流量（mTLS） |"));
                }
            }
        }
    }
}
