//! What must be at hand before the first step: programs, contexts, certificates.

use super::Book;
use super::commands::{bracketed, context_variable, quoted};
use crate::fact::Fact;
use crate::hole::{Filling, Hole};
use crate::plan::Plan;
use crate::probe::Probe;
use crate::release::{CHARTS, chart_versions};
use crate::step::Action;
use crate::text::Text;
use crate::topology::GatewayKind;

impl Book<'_> {
    pub(super) fn prepare(&mut self, plan: &Plan) {
        self.paragraph("## Before you begin", "## 准备工作");
        let helm = if plan.steps.iter().any(|step| matches!(step.action, Action::Helm(_))) {
            Text::new("`helm` 3.8 or later, ", "、`helm`（3.8 或更高版本） ")
        } else {
            Text::new("", " ")
        };
        self.paragraph(
            &format!("You need `kubectl`, `envsubst`, {}and `istioctl` {}, and this folder as the working directory. Every command names its context; set them once:", helm.en, self.mesh.topology().istio.version),
            &format!("需要 `kubectl`、`envsubst`{}与 `istioctl` {}，并以本目录为工作目录。每条命令都指明上下文，请先设置一次：", helm.zh, self.mesh.topology().istio.version),
        );
        let contexts: Vec<String> = self
            .mesh
            .clusters()
            .iter()
            .map(|cluster| format!("export {}='{}'", context_variable(&cluster.name), quoted(cluster.context())))
            .collect();
        self.code(&contexts);
        if plan.steps.iter().any(|step| matches!(step.action, Action::Helm(_))) {
            let versions = chart_versions(&self.mesh.topology().istio.version);
            self.paragraph(
                "Charts come from Istio's repository; `CHARTS` may also name a folder that holds `base`, `istiod` and `gateway`:",
                "Chart 来自 Istio 的仓库；`CHARTS` 也可以是包含 `base`、`istiod` 与 `gateway` 的目录：",
            );
            self.code(&[
                format!("helm repo add istio {CHARTS} && helm repo update istio"),
                format!("export CHARTS=istio CHARTS_VERSION='{versions}'"),
            ]);
        }
        let servers: Vec<String> = self
            .mesh
            .clusters()
            .iter()
            .filter(|cluster| plan.assumptions.contains(&Fact::ApiServer(cluster.name.clone())))
            .map(|cluster| {
                let variable = Hole::new(Filling::ApiServer, &cluster.name).variable();
                match &cluster.api_server {
                    Some(api) => format!("export {variable}='{}'", api.url),
                    None => format!(
                        "export {variable}=\"$(kubectl config view --minify --context \"${{{}}}\" -o jsonpath='{{.clusters[0].cluster.server}}')\"",
                        context_variable(&cluster.name)
                    ),
                }
            })
            .collect();
        if !servers.is_empty() {
            self.paragraph(
                "The API servers, as the other clusters dial them; a loopback address works only where all clusters are on one machine:",
                "其他集群访问的 API Server 地址；回环地址仅在所有集群位于同一台机器时可用：",
            );
            self.code(&servers);
        }
        let opens = self.mesh.topology().sample && self.mesh.gateways(GatewayKind::Ingress).next().is_some();
        if opens || plan.steps.iter().any(|step| !bracketed(step).is_empty()) {
            self.paragraph(
                "In a URL or before a port an IPv6 address stands in brackets, elsewhere it does not:",
                "IPv6 地址在 URL 中或端口之前须加方括号，其他地方则不加：",
            );
            self.code(&["in_url() { case \"$1\" in *:*) echo \"[$1]\" ;; *) echo \"$1\" ;; esac; }".to_owned()]);
        }
        if self.is_folded() {
            self.paragraph("The names that are filled in, and no others:", "只替换以下变量名：");
            let names: Vec<String> = plan.holes().into_iter().map(Hole::text).collect();
            self.code(&[format!("export HOLES='{}'", names.join(" "))]);
        }
        if plan.assumptions.iter().any(|fact| matches!(fact, Fact::Certificates(_))) {
            self.paragraph(
                "The certificates: `isthmus certs . -o certs` makes a root and `certs/<cluster>/` for each cluster, or put your own there: `ca-cert.pem`, `ca-key.pem`, `cert-chain.pem`, `root-cert.pem`. Never commit that folder.",
                "证书：`isthmus certs . -o certs` 会生成根证书以及每个集群的 `certs/<cluster>/`，也可以放入您自己的：`ca-cert.pem`、`ca-key.pem`、`cert-chain.pem`、`root-cert.pem`。切勿提交该目录。",
            );
        }
        for fact in plan.assumptions.iter().filter(|fact| matches!(fact, Fact::Credential(_))) {
            let Probe::Credential { namespace, secret, host } = Probe::of(fact, self.mesh) else { continue };
            let cluster = fact.cluster();
            self.paragraph(
                &format!(
                    "The certificate of {host}, which {cluster}'s gateway presents; the name must lead to that gateway:"
                ),
                &format!("{host} 的证书，由 {cluster} 的网关出示；该域名须指向该网关："),
            );
            let kubectl = format!("kubectl --context=\"${{{}}}\"", context_variable(cluster));
            self.code(&[
                format!("{kubectl} create namespace {namespace} --dry-run=client -o yaml | {kubectl} apply --server-side -f -"),
                format!("{kubectl} -n {namespace} create secret tls {secret} --cert=tls.crt --key=tls.key"),
            ]);
        }
        self.gateway_api(plan);
    }
}
