//! How all of it goes again: the steps backwards, as commands a person can paste.

use super::Book;
use super::commands::{context_variable, filled};
use crate::fact::Fact;
use crate::mesh::ISTIO_SYSTEM;
use crate::plan::Plan;
use crate::release::Feature;
use crate::rules::names::NAMESPACE;
use crate::sorted::Set;
use crate::step::{Action, Chart, Step};

impl Book<'_> {
    /// The reverse of the plan: what was written last goes first, namespaces at the end.
    pub(super) fn clean_up(&mut self, plan: &Plan) {
        self.paragraph("## Clean up", "## 清理");
        self.paragraph(
            "`isthmus cleanup` takes away what was applied, exactly, and keeps what others own. By hand the steps go backwards, in the shell that took them, whose variables are still set. Mind that the definitions (CRDs) go too, and with them all of Istio's configuration in these clusters: leave them where another Istio stays.",
            "`isthmus cleanup` 会准确移除已应用的内容，并保留属于他人的对象。手工操作时在执行安装的同一个 shell 中逆序进行，此时变量仍然有效。注意 CRD 也会被删除，集群中的全部 Istio 配置随之消失：若还有其他 Istio，请保留 CRD。",
        );
        let mut done = Set::new();
        let (ground, steps): (Vec<&Step>, Vec<&Step>) = plan
            .steps
            .iter()
            .rev()
            .filter(|step| done.insert(step.folder()))
            .partition(|step| step.id.rule == NAMESPACE);
        let lines: Vec<String> = steps.into_iter().flat_map(|step| self.undo(step)).collect();
        self.code(&lines);
        self.paragraph(
            "What istiod left in every namespace, and then the namespaces, with whatever else is in them:",
            "istiod 在每个命名空间中留下的对象，最后是命名空间本身及其中的一切：",
        );
        let mut lines = Vec::new();
        for step in ground {
            let kubectl = format!("kubectl --context=\"${{{}}}\"", context_variable(&step.id.cluster));
            for left in ["istio-ca-root-cert", "istio-ca-crl"] {
                lines.push(format!("{kubectl} delete configmap -A --field-selector=metadata.name={left}"));
            }
            lines.push(format!("{kubectl} delete --ignore-not-found -k {}", step.folder()));
        }
        self.code(&lines);
    }

    /// The commands that take away what a step brought.
    fn undo(&self, step: &Step) -> Vec<String> {
        let context = context_variable(&step.id.cluster);
        let kubectl = format!("kubectl --context=\"${{{context}}}\"");
        let delete = format!("{kubectl} delete --ignore-not-found");
        match &step.action {
            Action::Apply(_) => vec![format!("{delete} -k {}", step.folder())],
            Action::Install(_) => {
                let mut lines: Vec<String> = step
                    .files()
                    .iter()
                    .map(|file| {
                        if step.holes.is_empty() {
                            format!("istioctl manifest generate -f {file} | {delete} -f -")
                        } else {
                            let text = filled(file, &step.holes, step);
                            format!("{text} | istioctl manifest generate -f - | {delete} -f -")
                        }
                    })
                    .collect();
                // What `istioctl install` added by itself.
                let installs_istio = step.gives.iter().any(|fact| matches!(fact, Fact::Installed(_)));
                if installs_istio && self.mesh.has(Feature::DefaultValidator) {
                    lines.push(self.untag(&kubectl, step));
                }
                lines
            }
            Action::Helm(releases) => {
                let uninstall = releases.iter().rev().map(|release| {
                    let (name, namespace) = (&release.name, &release.namespace);
                    format!("helm uninstall {name} --kube-context=\"${{{context}}}\" -n {namespace} --ignore-not-found")
                });
                // Helm keeps definitions, so that an upgrade loses no configuration.
                let definitions = releases
                    .iter()
                    .any(|release| release.chart == Chart::Base)
                    .then(|| format!("{kubectl} get crd -o name | grep istio.io | xargs {delete}"));
                uninstall.chain(definitions).collect()
            }
        }
    }

    /// The command that takes away the tag `default`, which `istioctl install` sets by itself where there is none yet: two
    /// webhook configurations, and a Service beside istiod's own. A tag that leads to another revision stays.
    fn untag(&self, kubectl: &str, step: &Step) -> String {
        let cluster = self.mesh.resolved(&step.id.cluster);
        // Beside an external istiod there is another, which has no revision.
        let revision = self.mesh.revision().filter(|_| !self.mesh.hosts_external(cluster)).unwrap_or("default");
        let namespace = step.action.manifests().find_map(|manifest| manifest.object().namespace);
        let namespace = namespace.unwrap_or_else(|| ISTIO_SYSTEM.to_owned());
        format!(
            "{kubectl} delete mutatingwebhookconfigurations,validatingwebhookconfigurations,services -n {namespace} -l istio.io/tag=default,istio.io/rev={revision}"
        )
    }
}
