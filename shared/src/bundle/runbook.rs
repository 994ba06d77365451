//! The runbook: the plan as prose and as commands a person can paste, without `isthmus`.

mod cleanup;
mod commands;
mod gateways;
mod notes;
mod prepare;
mod verify;

use crate::mesh::{Mesh, model};
use crate::origin;
use crate::plan::Plan;
use crate::source::citations;
use crate::step::Step;
use crate::text::Text;
use commands::context_variable;

/// Writes the runbook of a plan, English and Chinese in one go: what both have in common is made once.
pub(super) fn runbooks(mesh: &Mesh, plan: &Plan) -> Text {
    let mut book = Book { mesh, pages: Text::default() };
    book.head();
    book.notes();
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
    book.clean_up(plan);
    book.pages
}

/// From this many clusters on, what is alike is written as one loop: a person reads it, and no file grows with the square.
const FOLDED_FROM: usize = 12;

/// Says whether two steps apply files of one folder.
fn same_folder(a: &Step, b: &Step) -> bool {
    a.id.cluster == b.id.cluster && a.id.rule == b.id.rule
}

struct Book<'a> {
    mesh: &'a Mesh,
    pages: Text,
}

impl Book<'_> {
    fn is_folded(&self) -> bool {
        self.mesh.clusters().len() >= FOLDED_FROM
    }

    fn line(&mut self, en: &str, zh: &str) {
        for (page, line) in [(&mut self.pages.en, en), (&mut self.pages.zh, zh)] {
            page.push_str(line);
            page.push('\n');
        }
    }

    /// What is the same in both languages.
    fn plain(&mut self, text: &str) {
        self.pages.en.push_str(text);
        self.pages.zh.push_str(text);
    }

    fn paragraph(&mut self, en: &str, zh: &str) {
        self.line(en, zh);
        self.plain("\n");
    }

    fn code(&mut self, lines: &[String]) {
        self.plain("```bash\n");
        for line in lines {
            self.plain(line);
            self.plain("\n");
        }
        self.plain("```\n\n");
    }

    fn head(&mut self) {
        let topology = self.mesh.topology();
        let model = model(topology);
        let (name, version) = (&topology.name, &topology.istio.version);
        let number = self.mesh.clusters().len();
        let plural = if number == 1 { "" } else { "s" };
        self.paragraph(&format!("# {name}: {}", model.en), &format!("# {name}：{}", model.zh));
        self.paragraph(
            &format!("This bundle installs Istio {version} on {number} cluster{plural} as one mesh. `isthmus apply` runs these very steps, in parallel and with every wait; what follows does the same by hand, and [gitops](gitops/README.md) by way of Git."),
            &format!("此安装包在 {number} 个集群上安装 Istio {version}，组成一个网格。`isthmus apply` 会并行执行同样的步骤并处理所有等待；下面是手工执行的方法；通过 Git 部署请见 [gitops](gitops/README.zh.md)。"),
        );
        self.paragraph("![The mesh](diagram.svg)", "![网格](diagram.svg)");
        self.line("| Cluster | Role | Network | Context |", "| 集群 | 角色 | 网络 | 上下文 |");
        self.plain("|---|---|---|---|\n");
        for cluster in self.mesh.clusters() {
            let network = cluster.network.as_ref().map_or("–", |network| network.as_str());
            let (role, context) = (cluster.role.word(), cluster.context());
            self.plain(&format!("| {} | {role} | {network} | {context} |\n", cluster.name));
        }
        self.plain("\n");
    }

    fn step(&mut self, number: usize, step: &Step) {
        self.plain(&format!("## {number}. {}\n\n", step.id));
        let why = &step.why;
        self.paragraph(&why.purpose.en, &why.purpose.zh);
        let commands = self.commands(step);
        self.code(&commands);
        self.because(step);
    }

    /// Steps that apply one file each out of one folder, as a loop.
    fn fold(&mut self, number: usize, first: &Step, steps: &[Step]) {
        let last = number + steps.len() - 1;
        let (cluster, word) = (&first.id.cluster, first.id.rule.word);
        self.plain(&format!("## {number} – {last}. {cluster}/{word}/…\n\n"));
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
        self.because(first);
    }

    /// What breaks without a step, what of the drawing it comes from, and where that is read.
    fn because(&mut self, step: &Step) {
        let (breaks, from) = (&step.why.breaks, origin::line(step, self.mesh));
        let sources: Vec<String> = citations(step.why.source)
            .map(|citation| match citation.url {
                Some(url) => format!("[{}]({url})", citation.words),
                None => citation.words.to_owned(),
            })
            .collect();
        let sources = sources.join("; ");
        self.line(&format!("> {}", breaks.en), &format!("> {}", breaks.zh));
        self.line(">", ">");
        self.paragraph(
            &format!("> From the drawing: {}. Source: {sources}.", from.en),
            &format!("> 源自图中：{}。来源：{sources}。", from.zh),
        );
    }
}
