//! The page for those who let Git say what is in their clusters: how, in what order, and what stays outside and why.

use std::fmt::Write;

use super::{ADDRESSES, Course, Stage, addresses, is_address};
use crate::mesh::Mesh;
use crate::sorted::{self, Map, Set};
use crate::step::Action;
use crate::text::Lang;

/// Writes the page; with charts it tells of the files beside it, without of rendering.
pub(super) fn page(mesh: &Mesh, course: Option<&Course>, lang: Lang) -> String {
    let mut page = Page { lang, out: String::new() };
    page.line("# GitOps", "# GitOps");
    page.paragraph(
        "Put this bundle at the root of a repository of its own. Every folder of `clusters` with a `kustomization.yaml` can be applied from there as it is.",
        "请将此安装包放在一个独立仓库的根目录。`clusters` 下每个含有 `kustomization.yaml` 的目录都可直接从中应用。",
    );
    match course {
        Some(course) => {
            page.outside(course);
            page.order(course);
            page.addresses(mesh, course);
            page.tools(mesh);
        }
        None => page.rendered(),
    }
    page.out
}

struct Page {
    lang: Lang,
    out: String,
}

impl Page {
    fn line(&mut self, en: &str, zh: &str) {
        self.out.push_str(match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        });
        self.out.push('\n');
    }

    fn paragraph(&mut self, en: &str, zh: &str) {
        self.out.push('\n');
        self.line(en, zh);
    }

    fn code(&mut self, lines: &[String]) {
        self.out.push_str("\n```bash\n");
        for line in lines {
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.out.push_str("```\n");
    }

    /// What stays outside Git, and why.
    fn outside(&mut self, course: &Course) {
        self.paragraph("## What stays outside Git", "## 不放入 Git 的内容");
        self.line("", "");
        self.line("| What | Why | How |", "| 内容 | 原因 | 方法 |");
        self.line("|---|---|---|", "|---|---|---|");
        let mut words = Map::new();
        for stage in course.stages.iter().filter(|stage| !stage.is_inside()) {
            words.entry(stage.step().id.rule.word).or_insert(stage);
        }
        for (word, stage) in words {
            let (what, why) = reason(word, stage);
            self.line(
                &format!("| {} | {} | the steps `*/{word}` of `README.md` |", what.0, why.0),
                &format!("| {} | {} | `README.zh.md` 中的步骤 `*/{word}` |", what.1, why.1),
            );
        }
        self.line(
            "| the kubeconfigs by which the tool reaches the clusters | they are credentials | `argocd cluster add`, or a Secret for Flux, see below |",
            "| 工具访问各集群所用的 kubeconfig | 它们是凭据 | `argocd cluster add`，或供 Flux 使用的 Secret，见下文 |",
        );
        self.paragraph(
            "An operator for secrets (External Secrets, Sealed Secrets, SOPS) may make them instead: the files of those steps say names, keys and labels. `isthmus status .` says at any time what is so and what is not; it only reads.",
            "也可以由 Secret 管理工具（External Secrets、Sealed Secrets、SOPS）生成：名称、键和标签见这些步骤的文件。`isthmus status .` 随时说明哪些事实成立；它只读取。",
        );
    }

    /// Which rules come in which wave.
    fn order(&mut self, course: &Course) {
        self.paragraph("## In what order", "## 顺序");
        self.paragraph(
            "Derived from what each step needs. Argo CD syncs a wave when all before it are healthy, Flux a stage when all it depends on are ready.",
            "由每个步骤的前提推导而来。Argo CD 在之前各波次健康后同步下一波次，Flux 在所依赖的阶段就绪后应用下一阶段。",
        );
        self.line("", "");
        self.line("| Wave | From Git | Outside |", "| 波次 | 来自 Git | Git 之外 |");
        self.line("|---|---|---|", "|---|---|---|");
        let mut waves: Map<usize, [Set<&str>; 2]> = Map::new();
        for stage in &course.stages {
            let sides = waves.entry(stage.wave).or_default();
            sides[usize::from(!stage.is_inside())].insert(stage.step().id.rule.word);
        }
        for (wave, sides) in waves {
            let [inside, outside] = sides.map(|words| words.into_iter().collect::<Vec<_>>().join(", "));
            let _ = writeln!(self.out, "| {wave} | {inside} | {outside} |");
        }
        if course.stages.iter().any(|stage| !stage.is_inside() && stage.step().id.rule.word == "trust") {
            self.paragraph(
                "An istiod that starts before its certificates makes a root of its own, and the clusters do not trust each other. Flux waits for them. Argo CD cannot: make the namespaces and certificates before you apply the ApplicationSet.",
                "如果 istiod 先于证书启动，它会自建根证书，各集群便互不信任。Flux 会等待证书；Argo CD 不能：请在应用 ApplicationSet 之前创建命名空间和证书。",
            );
        }
    }

    /// The one file that a person adds.
    fn addresses(&mut self, mesh: &Mesh, course: &Course) {
        if !course.needs_addresses() {
            return;
        }
        let steps = course.inside().flat_map(|stage| &stage.steps);
        let holes = sorted::set(steps.flat_map(|step| &step.holes).filter(|hole| is_address(hole)));
        let names: Vec<String> = holes.into_iter().map(|hole| format!("`{}`", hole.variable())).collect();
        self.paragraph("## Addresses", "## 地址");
        self.paragraph(
            &format!("Some files need addresses that load balancers hand out: {}. When the gateways have theirs, write them down and commit the file; until then, what needs them is not applied.", names.join(", ")),
            &format!("有些文件需要负载均衡器分配的地址：{}。网关获得地址后，请写入并提交该文件；在此之前，需要它们的内容不会被应用。", names.join("、")),
        );
        let name = addresses(mesh);
        self.code(&[
            format!("mkdir -p {ADDRESSES}"),
            format!("isthmus status . -o json | jq '{{apiVersion: \"v1\", kind: \"ConfigMap\", metadata: {{name: \"{name}\"}}, data: .addresses}}' > {ADDRESSES}/addresses.yaml"),
            format!("git add {ADDRESSES} && git commit -m 'addresses' && git push"),
        ]);
    }

    fn tools(&mut self, mesh: &Mesh) {
        let mesh_id = &mesh.topology().mesh_id;
        self.paragraph("## Argo CD", "## Argo CD");
        self.paragraph(
            "Register every cluster under its name in the drawing, and switch progressive syncs on (`applicationsetcontroller.enable.progressive.syncs: \"true\"` in `argocd-cmd-params-cm`), since they keep the waves apart. Then, with the address of your repository:",
            "以拓扑中的名称注册每个集群，并启用 progressive syncs（在 `argocd-cmd-params-cm` 中设置 `applicationsetcontroller.enable.progressive.syncs: \"true\"`），波次由它控制。然后填入仓库地址：",
        );
        self.code(&[
            "export GIT_URL='https://git.example.com/mesh.git' GIT_REVISION='main'".to_owned(),
            "envsubst '${GIT_URL} ${GIT_REVISION}' < gitops/argocd/applicationset.yaml | kubectl apply --server-side -f -".to_owned(),
        ]);
        self.paragraph("## Flux", "## Flux");
        self.paragraph(
            "One Flux, in a cluster of its own or in one of the mesh, reaches all of them. For each cluster it needs a Secret with a kubeconfig, called like the cluster in the drawing:",
            "由一个 Flux（位于独立集群或网格中的某个集群）管理所有集群。每个集群需要一个与拓扑中集群同名、保存 kubeconfig 的 Secret：",
        );
        let first = mesh.clusters().first().map_or("", |cluster| cluster.name.as_str());
        self.code(&[
            format!("kubectl -n flux-system create secret generic {first} --from-file=value={first}.kubeconfig"),
            format!("flux create source git {mesh_id} --url='https://git.example.com/mesh.git' --branch=main"),
            format!("flux create kustomization {mesh_id} --source=GitRepository/{mesh_id} --path=./gitops/flux --prune=true --interval=10m"),
        ]);
        self.paragraph("## Taking it away", "## 移除");
        self.paragraph(
            "Take remote secrets away first, then the last wave, and so on backwards; Argo CD deletes in that order by itself. Flux deletes side by side: suspend it and delete stage by stage, gateways and samples before istiods, `base` last, as CRDs take all configuration with them.",
            "先移除远程 Secret，再移除最后一个波次，依次倒序进行；Argo CD 会自动按此顺序删除。Flux 会并行删除：请先暂停，再逐阶段删除，网关与示例先于 istiod，`base` 最后，因为删除 CRD 会带走所有配置。",
        );
    }

    /// Without charts: what istioctl renders is what is committed.
    fn rendered(&mut self) {
        self.paragraph(
            "The files `istio.yaml` are read by `istioctl` alone. Commit what it renders, and apply that like the rest; render again when the bundle changes, and read the difference in review:",
            "`istio.yaml` 只能由 `istioctl` 读取。请提交其渲染结果，并像其余内容一样应用；安装包变化时重新渲染，并在评审中查看差异：",
        );
        self.code(&[
            "for file in clusters/*/*/istio.yaml; do".to_owned(),
            "  folder=\"rendered/$(dirname \"${file#clusters/}\")\"".to_owned(),
            "  mkdir -p \"$folder\"".to_owned(),
            "  envsubst \"$(grep -o '\\${[A-Z0-9_]*}' \"$file\" | sort -u | tr '\\n' ' ')\" < \"$file\" | istioctl manifest generate -f - > \"$folder/istio.yaml\""
                .to_owned(),
            "done".to_owned(),
        ]);
        self.paragraph(
            "A file with `${…}` waits until that address is known: export it as `README.md` does, and render then. The order is that of `README.md`. What istiod writes into webhooks (`caBundle`, `failurePolicy`) must be left alone: ignore those two fields.",
            "含有 `${…}` 的文件须等到相应地址已知：请按 `README.zh.md` 导出后再渲染。顺序与 `README.zh.md` 相同。istiod 写入 Webhook 的字段（`caBundle`、`failurePolicy`）须忽略，不要改动。",
        );
        self.paragraph(
            "Outside Git stay the secrets: `cacerts` (the keys of certificate authorities), remote secrets (tokens that read every Secret of a cluster) and your kubeconfigs. Their files here are recipes without values; make them by the commands of `README.md`, or by an operator for secrets.",
            "Secret 不放入 Git：`cacerts`（CA 私钥）、远程 Secret（可读取集群中所有 Secret 的令牌）以及 kubeconfig。此处的相应文件只是不含值的模板；请用 `README.zh.md` 中的命令或 Secret 管理工具生成。",
        );
        self.paragraph(
            "With `installer: helm` in the drawing the bundle holds an ApplicationSet for Argo CD and the objects for Flux instead.",
            "若拓扑中为 `installer: helm`，安装包会改为包含 Argo CD 的 ApplicationSet 以及 Flux 的对象。",
        );
    }
}

/// A phrase in both languages.
type Phrase = (&'static str, &'static str);

/// What the steps of a rule make that is not for Git, and why it is not.
fn reason(word: &str, stage: &Stage) -> (Phrase, Phrase) {
    match (word, &stage.step().action) {
        ("trust", _) => (
            ("the secrets `cacerts`", "Secret `cacerts`"),
            (
                "they hold the keys of certificate authorities: who has one is every workload of the mesh",
                "其中有 CA 的私钥：得到它就能冒充网格中的任何工作负载",
            ),
        ),
        (_, Action::Apply(_)) => (
            ("remote secrets", "远程 Secret"),
            (
                "they hold tokens that read every Secret of a cluster, and exist only after the cluster has made them",
                "其中的令牌可读取集群中所有的 Secret，且在集群生成之后才存在",
            ),
        ),
        (_, Action::Install(_) | Action::Helm(_)) => (
            ("what is installed from other files than charts", "不以 chart 安装的内容"),
            ("no such tool runs the program that renders it", "这些工具不运行渲染它的程序"),
        ),
    }
}
