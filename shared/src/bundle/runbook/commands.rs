//! The commands of a step: what applies it, and what waits for the facts it gives.

use super::Book;
use crate::fact::Fact;
use crate::hole::{Filling, Hole, PLACEHOLDER};
use crate::name::ClusterName;
use crate::probe::Probe;
use crate::release::Feature;
use crate::sorted::Set;
use crate::step::{Action, HelmRelease, Step};

impl Book<'_> {
    pub(super) fn commands(&self, step: &Step) -> Vec<String> {
        let context = context_variable(&step.id.cluster);
        let kubectl = format!("kubectl --context=\"${{{context}}}\"");
        let mut lines = match &step.action {
            Action::Install(_) => {
                let open = step.placeholders().map(|hole| {
                    let variable = hole.variable();
                    format!("export {variable}=\"${{{variable}:-{PLACEHOLDER}}}\"")
                });
                let install = |file: &String| self.install(file, step, &context);
                open.chain(step.files().iter().map(install)).collect()
            }
            Action::Helm(releases) => step
                .files()
                .iter()
                .zip(releases)
                .map(|(file, release)| upgrade(file, release, step, &context))
                .collect(),
            Action::Apply(_) if step.holes.iter().any(|hole| matches!(hole.filling, Filling::CaKey)) => {
                trust_commands(step, &kubectl)
            }
            // A folder that several steps share is not one step's to apply.
            Action::Apply(_) if step.holes.is_empty() && step.id.object.is_some() => {
                step.files().iter().map(|file| format!("{kubectl} apply --server-side -f {file}")).collect()
            }
            Action::Apply(_) if step.holes.is_empty() => {
                vec![format!("{kubectl} apply --server-side -k {}", step.id.folder())]
            }
            Action::Apply(_) => step
                .files()
                .iter()
                .map(|file| format!("{} | {kubectl} apply --server-side -f -", filled(file, &step.holes, step)))
                .collect(),
        };
        for fact in &step.gives {
            lines.extend(self.wait(fact, &kubectl));
        }
        lines
    }

    /// The command that installs from a file.
    fn install(&self, file: &str, step: &Step, context: &str) -> String {
        let command = if self.mesh.has(Feature::InstallCommand) {
            format!("istioctl install --context=\"${{{context}}}\" -y -f")
        } else {
            format!("istioctl manifest apply --context=\"${{{context}}}\" -f")
        };
        if step.holes.is_empty() {
            format!("{command} {file}")
        } else {
            format!("{} | {command} -", filled(file, &step.holes, step))
        }
    }

    /// The commands that wait for a fact and keep its value.
    fn wait(&self, fact: &Fact, kubectl: &str) -> Vec<String> {
        match Probe::of(fact, self.mesh) {
            Probe::Token { namespace, secret } => {
                let variable = |part| Hole::new(part, fact.cluster()).variable();
                let get =
                    |key: &str| format!("{kubectl} -n {namespace} get secret {secret} -o jsonpath='{{.data.{key}}}'");
                vec![
                    format!("until [ -n \"$({})\" ]; do sleep 1; done", get("token")),
                    format!("export {}=\"$({})\"", variable(Filling::TokenCa), get("ca\\.crt")),
                    format!("export {}=\"$({} | base64 -d)\"", variable(Filling::Token), get("token")),
                ]
            }
            Probe::Istiod { namespace, deployments, .. } => {
                let which = match deployments.as_slice() {
                    [only] => format!("deployment/{only}"),
                    // Releases that call it differently mark it alike.
                    _ => "deployment -l istio=pilot".to_owned(),
                };
                vec![format!("{kubectl} -n {namespace} rollout status {which} --timeout=5m")]
            }
            Probe::Sample { namespace, deployments } => deployments
                .iter()
                .map(|deployment| {
                    format!("{kubectl} -n {namespace} rollout status deployment/{deployment} --timeout=5m")
                })
                .collect(),
            _ => self.wait_for_gateway(fact, kubectl),
        }
    }
}

/// Returns the command that prints a file of a step with these holes filled, and nothing but those.
pub(super) fn filled(file: &str, holes: &Set<Hole>, step: &Step) -> String {
    let names: Vec<String> = holes.iter().map(Hole::text).collect();
    let brackets: Vec<String> = bracketed(step)
        .into_iter()
        .filter(|hole| holes.contains(hole))
        .map(|hole| {
            let variable = hole.variable();
            format!("{variable}=\"$(in_url \"${{{variable}}}\")\" ")
        })
        .collect();
    format!("{}envsubst '{}' < {file}", brackets.concat(), names.join(" "))
}

/// Returns the addresses that need brackets where they are of IPv6: those in URLs, by which API servers are dialled, and those before a
/// port, by which an istiod elsewhere is.
pub(super) fn bracketed(step: &Step) -> Vec<&Hole> {
    let is_dialled = |hole: &&Hole| {
        let (in_url, before_port) = (format!("://{}", hole.text()), format!("{}:", hole.text()));
        let mut found = false;
        let mut look = |text: &str| found |= text.contains(&in_url) || text.contains(&before_port);
        step.action.manifests().for_each(|manifest| manifest.body.each_text(&mut look));
        found
    };
    step.holes.iter().filter(|hole| matches!(hole.filling, Filling::Address(_))).filter(is_dialled).collect()
}

/// Returns the command that installs a chart with its values. Holes are filled in files that have one, and only there.
fn upgrade(file: &str, release: &HelmRelease, step: &Step, context: &str) -> String {
    let HelmRelease { name, chart, namespace, values } = release;
    let chart = chart.word();
    let command = format!(
        "helm upgrade --install {name} \"${{CHARTS}}/{chart}\" --version \"${{CHARTS_VERSION}}\" --kube-context=\"${{{context}}}\" -n {namespace} -f"
    );
    let text = values.text();
    let own = crate::sorted::set(step.holes.iter().filter(|hole| text.contains(&hole.text())).cloned());
    if own.is_empty() { format!("{command} {file}") } else { format!("{} | {command} -", filled(file, &own, step)) }
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
pub(super) fn context_variable(cluster: &ClusterName) -> String {
    format!("CTX_{}", cluster.variable())
}

/// Escapes a text between single quotes of a shell.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\'', "'\\''")
}
