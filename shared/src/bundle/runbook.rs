//! The runbook: the plan as prose and as commands a person can paste, without `isthmus`.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::fact::Fact;
use crate::hole::{Filling, Hole};
use crate::mesh::{Mesh, model};
use crate::name::ClusterName;
use crate::plan::Plan;
use crate::probe::Probe;
use crate::release::{CHARTS, chart_versions};
use crate::step::{Action, HelmRelease, Step};
use crate::text::{Lang, Text};

/// Writes the runbook of a plan.
pub(super) fn runbook(mesh: &Mesh, plan: &Plan, lang: Lang) -> String {
    let mut book = Book { mesh, lang, out: String::new() };
    book.head();
    book.prepare(plan);
    let mut number = 1;
    let folded = book.is_folded();
    for steps in plan.steps.chunk_by(|a, b| folded && a.id.object.is_some() && same_folder(a, b)) {
        match steps {
            [step] => book.step(number, step),
            [first, ..] => book.fold(number, first, steps),
            [] => {}
        }
        number += steps.len();
    }
    book.verify();
    book.firewall();
    book.out
}

/// From this many clusters on, what is alike is written as one loop: a person reads it, and no file grows with the square.
const FOLDED_FROM: usize = 12;

/// Says whether two steps apply files of one folder.
fn same_folder(a: &Step, b: &Step) -> bool {
    a.id.cluster == b.id.cluster && a.id.rule == b.id.rule
}

struct Book<'a> {
    mesh: &'a Mesh,
    lang: Lang,
    out: String,
}

impl Book<'_> {
    fn is_folded(&self) -> bool {
        self.mesh.clusters().len() >= FOLDED_FROM
    }

    fn line(&mut self, en: &str, zh: &str) {
        self.out.push_str(match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        });
        self.out.push('\n');
    }

    fn paragraph(&mut self, en: &str, zh: &str) {
        self.line(en, zh);
        self.out.push('\n');
    }

    fn code(&mut self, lines: &[String]) {
        self.out.push_str("```bash\n");
        for line in lines {
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.out.push_str("```\n\n");
    }

    fn head(&mut self) {
        let topology = self.mesh.topology();
        let model = model(topology);
        let (name, version) = (&topology.name, &topology.istio.version);
        self.paragraph(&format!("# {name}: {}", model.en), &format!("# {name}：{}", model.zh));
        self.paragraph(
            &format!("This bundle installs Istio {version} on {} clusters as one mesh. `isthmus apply` runs these very steps, in parallel and with every wait; what follows does the same by hand.", self.mesh.clusters().len()),
            &format!("此安装包在 {} 个集群上安装 Istio {version}，组成一个网格。`isthmus apply` 会并行执行同样的步骤并处理所有等待；下面是手工执行的方法。", self.mesh.clusters().len()),
        );
        self.paragraph("![The mesh](diagram.svg)", "![网格](diagram.svg)");
        self.line("| Cluster | Role | Network | Context |", "| 集群 | 角色 | 网络 | 上下文 |");
        self.out.push_str("|---|---|---|---|\n");
        for cluster in self.mesh.clusters() {
            let network = cluster.network.as_ref().map_or("–", |network| network.as_str());
            let _ = writeln!(
                self.out,
                "| {} | {} | {network} | {} |",
                cluster.name,
                cluster.role.word(),
                cluster.context()
            );
        }
        self.out.push('\n');
    }

    fn prepare(&mut self, plan: &Plan) {
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
    }

    fn step(&mut self, number: usize, step: &Step) {
        let _ = write!(self.out, "## {number}. {}\n\n", step.id);
        let why = &step.why;
        self.paragraph(&why.purpose.en, &why.purpose.zh);
        let commands = self.commands(step);
        self.code(&commands);
        self.paragraph(&format!("> {}", why.breaks.en), &format!("> {}", why.breaks.zh));
    }

    /// Steps that apply one file each out of one folder, as a loop.
    fn fold(&mut self, number: usize, first: &Step, steps: &[Step]) {
        let last = number + steps.len() - 1;
        let (cluster, word) = (&first.id.cluster, first.id.rule.word);
        let _ = write!(self.out, "## {number} – {last}. {cluster}/{word}/…\n\n");
        let (en, zh) = (&first.why.purpose.en, &first.why.purpose.zh);
        self.paragraph(&format!("{en} And so on for the others:"), &format!("{zh} 其余集群同理："));
        let objects: Vec<&str> = steps.iter().filter_map(|step| step.id.object.as_deref()).collect();
        let context = context_variable(cluster);
        self.code(&[
            format!("for object in {}; do", objects.join(" ")),
            format!("  envsubst \"${{HOLES}}\" < {}/${{object}}.yaml |", first.id.folder()),
            format!("    kubectl --context=\"${{{context}}}\" apply --server-side -f -"),
            "done".to_owned(),
        ]);
        self.paragraph(&format!("> {}", first.why.breaks.en), &format!("> {}", first.why.breaks.zh));
    }

    fn commands(&self, step: &Step) -> Vec<String> {
        let context = context_variable(&step.id.cluster);
        let kubectl = format!("kubectl --context=\"${{{context}}}\"");
        let mut lines = match &step.action {
            Action::Install(_) => step.files().iter().map(|file| install(file, &step.holes, &context)).collect(),
            Action::Helm(releases) => step
                .files()
                .iter()
                .zip(releases)
                .map(|(file, release)| upgrade(file, release, &step.holes, &context))
                .collect(),
            Action::Apply(_) if step.holes.iter().any(|hole| matches!(hole.filling, Filling::CaKey)) => {
                trust_commands(step, &kubectl)
            }
            Action::Apply(_) if step.holes.is_empty() => {
                vec![format!("{kubectl} apply --server-side -k {}", step.id.folder())]
            }
            Action::Apply(_) => step
                .files()
                .iter()
                .map(|file| format!("{} | {kubectl} apply --server-side -f -", filled(file, &step.holes)))
                .collect(),
        };
        for fact in &step.gives {
            lines.extend(self.wait(fact, &kubectl));
        }
        lines
    }

    /// The commands that wait for a fact and keep its value.
    fn wait(&self, fact: &Fact, kubectl: &str) -> Vec<String> {
        match (Probe::of(fact, self.mesh), fact) {
            (Probe::Address { namespace, service, .. }, Fact::Address(_, gateway)) => {
                let variable = Hole::new(Filling::Address(*gateway), fact.cluster()).variable();
                let get = format!(
                    "{kubectl} -n {namespace} get service {service} -o jsonpath='{{.status.loadBalancer.ingress[0].ip}}{{.status.loadBalancer.ingress[0].hostname}}'"
                );
                vec![format!("until [ -n \"$({get})\" ]; do sleep 2; done"), format!("export {variable}=\"$({get})\"")]
            }
            (Probe::Token { namespace, secret }, _) => {
                let variable = |part| Hole::new(part, fact.cluster()).variable();
                let get =
                    |key: &str| format!("{kubectl} -n {namespace} get secret {secret} -o jsonpath='{{.data.{key}}}'");
                vec![
                    format!("until [ -n \"$({})\" ]; do sleep 1; done", get("token")),
                    format!("export {}=\"$({})\"", variable(Filling::TokenCa), get("ca\\.crt")),
                    format!("export {}=\"$({} | base64 -d)\"", variable(Filling::Token), get("token")),
                ]
            }
            (Probe::Istiod { namespace, deployment, .. }, _) => {
                vec![format!("{kubectl} -n {namespace} rollout status deployment/{deployment} --timeout=5m")]
            }
            (Probe::Sample { namespace, deployments }, _) => deployments
                .iter()
                .map(|deployment| {
                    format!("{kubectl} -n {namespace} rollout status deployment/{deployment} --timeout=5m")
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn verify(&mut self) {
        self.paragraph("## Verify", "## 验证");
        let members: Vec<_> = self.mesh.members().map(|cluster| cluster.name.clone()).collect();
        self.paragraph(
            "Every istiod must list every other cluster as synced:",
            "每个 istiod 都应将其他集群列为 synced：",
        );
        let lines: Vec<String> = self
            .mesh
            .istiods()
            .map(|cluster| format!("istioctl --context=\"${{{}}}\" remote-clusters", context_variable(&cluster.name)))
            .collect();
        self.code(&lines);
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
        }
    }

    /// Who dials whom, on which port.
    fn firewall(&mut self) {
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
                let row = format!("| {} (istiod) | {} (API server) | 6443 |", istiod.name, watched.name);
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

/// Returns the command that prints a file with its holes filled, and nothing but those.
fn filled(file: &str, holes: &BTreeSet<Hole>) -> String {
    let names: Vec<String> = holes.iter().map(Hole::text).collect();
    format!("envsubst '{}' < {file}", names.join(" "))
}

/// Returns the command that installs from a file.
fn install(file: &str, holes: &BTreeSet<Hole>, context: &str) -> String {
    if holes.is_empty() {
        format!("istioctl install --context=\"${{{context}}}\" -y -f {file}")
    } else {
        format!("{} | istioctl install --context=\"${{{context}}}\" -y -f -", filled(file, holes))
    }
}

/// Returns the command that installs a chart with its values. Holes are filled in files that have one, and only there.
fn upgrade(file: &str, release: &HelmRelease, holes: &BTreeSet<Hole>, context: &str) -> String {
    let HelmRelease { name, chart, namespace, values } = release;
    let chart = chart.word();
    let command = format!(
        "helm upgrade --install {name} \"${{CHARTS}}/{chart}\" --version \"${{CHARTS_VERSION}}\" --kube-context=\"${{{context}}}\" -n {namespace} -f"
    );
    let text = values.text();
    let own: BTreeSet<Hole> = holes.iter().filter(|hole| text.contains(&hole.text())).cloned().collect();
    if own.is_empty() { format!("{command} {file}") } else { format!("{} | {command} -", filled(file, &own)) }
}

/// A signer's certificates are read from files, never through a variable.
fn trust_commands(step: &Step, kubectl: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for manifest in step.action.manifests() {
        let object = manifest.object();
        let cluster = &step.id.cluster;
        let from = crate::manifest::CACERTS_KEYS.map(|key| format!("--from-file=certs/{cluster}/{key}")).join(" ");
        let namespace = object.namespace.unwrap_or_default();
        lines.push(format!("{kubectl} -n {namespace} create secret generic {} {from} --dry-run=client -o yaml | {kubectl} apply --server-side -f -", object.name));
    }
    lines
}

/// Returns the variable that holds a cluster's context.
fn context_variable(cluster: &ClusterName) -> String {
    format!("CTX_{}", cluster.variable())
}

/// Escapes a text between single quotes of a shell.
fn quoted(text: &str) -> String {
    text.replace('\'', "'\\''")
}
