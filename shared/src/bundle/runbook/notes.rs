//! What the documents warn of: open gateways, what a control plane needs, what `istioctl` cannot do. And who must be let through.

use super::Book;
use crate::finding::Severity;
use crate::firewall::{FirewallRow, firewall, ways};
use crate::text::Lang;
use crate::topology::Role;

impl Book<'_> {
    /// What was found in the drawing that is no error, and what its pages say beside their steps.
    pub(super) fn notes(&mut self) {
        self.paragraph("## What to know", "## 须知");
        // What is only to be known stands where it is needed: the certificates under "Before you begin".
        for finding in self.mesh.remarks().iter().filter(|finding| finding.severity() == Severity::Warning) {
            let (what, hint, id) = (&finding.what, &finding.hint, finding.id());
            self.line(
                &format!("- {}: {} (`isthmus explain {id}`).", capital(&what.en), hint.en),
                &format!("- {}：{}（`isthmus explain {id}`）。", what.zh, hint.zh),
            );
        }
        self.line(
            "- Each control plane takes CPU and memory that grow with the services of all clusters: istiod asks for 500m and 2Gi. A pod that stays `Pending` needs more or larger nodes.",
            "- 每个控制平面占用的 CPU 与内存随所有集群的服务增长：istiod 请求 500m 与 2Gi。如果 Pod 停留在 `Pending`，请增加节点或使用更大的节点。",
        );
        if self.mesh.clusters().iter().any(|cluster| matches!(cluster.role, Role::Remote { .. })) {
            self.line(
                "- Commands of `istioctl` that ask an istiod (`proxy-status`, `remote-clusters`) do not work against a remote, which runs none: give them the context of the cluster that serves it. Of an external control plane that is the external cluster, with `-i` and its namespace; who may not enter it can run [istioctl-proxy](https://github.com/istio-ecosystem/istioctl-proxy-sample) in the remote.",
                "- 需要询问 istiod 的 `istioctl` 命令（`proxy-status`、`remote-clusters`）在从集群上不起作用，因为那里没有 istiod：请使用为其服务的集群的上下文。外部控制平面则使用外部集群的上下文，并以 `-i` 指明其命名空间；无权访问外部集群的人可以在从集群中运行 [istioctl-proxy](https://github.com/istio-ecosystem/istioctl-proxy-sample)。",
            );
        }
        self.line(
            "- `istioctl` and `kubectl` act with your rights; a remote secret acts with those of a reader in a whole cluster. Keep the variables below out of logs and files.",
            "- `istioctl` 与 `kubectl` 使用您的权限；远程 Secret 则拥有整个集群的读取权限。请勿将下面的变量写入日志或文件。",
        );
        self.plain("\n");
    }

    /// Who dials whom, on which port.
    pub(super) fn firewall(&mut self) {
        self.paragraph("## Firewall", "## 防火墙");
        self.paragraph(
            "Every way is TCP, from the first to the second; answers come back on the same connection.",
            "均为 TCP，由前者连接后者；应答沿同一连接返回。",
        );
        self.line("| From | To | Port | For |", "| 来源 | 目标 | 端口 | 用途 |");
        self.plain("|---|---|---|---|\n");
        if self.is_folded() {
            for (from, to, port, purpose) in ways(self.mesh) {
                let row = |lang, every| {
                    let (from, to) = (from.words().say(lang), to.words().say(lang));
                    format!("| {every}{from} | {every}{to} | {} | {} |", port.say(lang), purpose.words().say(lang))
                };
                self.line(&row(Lang::En, "every "), &row(Lang::Zh, "所有 "));
            }
        } else {
            for FirewallRow { from, from_end, to, to_end, port, purpose } in firewall(self.mesh) {
                let from = from.map(|from| format!("{from}: ")).unwrap_or_default();
                let row = |lang| {
                    let (dials, dialled) = (from_end.words().say(lang), to_end.words().say(lang));
                    format!("| {from}{dials} | {to}: {dialled} | {} | {} |", port.say(lang), purpose.words().say(lang))
                };
                self.line(&row(Lang::En), &row(Lang::Zh));
            }
        }
        self.plain("\n");
    }
}

/// A sentence's first letter is large; code stays as it is.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
