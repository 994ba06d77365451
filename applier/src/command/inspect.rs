//! `isthmus inspect`: what a bundle holds, in what order it is applied and why a step waits. Nothing but the bundle is looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;
use shared::bundle::{ActionWord, Bundle, Index, IndexStep};
use shared::mesh;
use shared::origin;
use shared::overview::{Table, Topic};
use shared::plan::Plan;
use shared::source::citations;
use shared::text::{Lang, Text};
use shared::topology::{API_VERSION, Topology};

use crate::cli::Inspect;
use crate::error::{Exit, Failure};
use crate::report::{Ink, Report, count};
use crate::source;
use crate::work::known;

/// Prints the bundle, or one of its steps.
pub(crate) fn run(arguments: &Inspect, report: &Report) -> Result<Exit, Failure> {
    let bundle = source::bundle(&arguments.bundle, report)?;
    let (lang, ink) = (report.lang(), report.paint().stdout);
    if let Some(topic) = arguments.table {
        report.print(&tables(&bundle, topic, lang));
        return Ok(Exit::Done);
    }
    match (&arguments.step, arguments.output.is_some()) {
        (None, true) => report.document(&Page::new(&bundle)),
        (None, false) => report.print(&overview(&bundle, lang, ink)),
        (Some(id), json) => {
            let place = find(&bundle.index, id)?;
            let page = StepPage::new(&bundle, place);
            if json { report.document(&page) } else { report.print(&step(&page, lang, ink)) }
        }
    }
    Ok(Exit::Done)
}

/// The tables of a topic, about the drawing in the bundle.
fn tables(bundle: &Bundle, topic: Topic, lang: Lang) -> String {
    // What was written as a bundle was a mesh.
    let mesh = topology(bundle).and_then(|topology| mesh::check(&topology).mesh);
    let made = mesh.map(|mesh| shared::overview::tables(&mesh, topic, lang)).unwrap_or_default();
    let page = |table: &Table| {
        let mut page = format!("{}\n\n{}", table.caption, table.markdown());
        for note in &table.notes {
            page.extend(["\n", note.as_str(), "\n"]);
        }
        page
    };
    made.iter().map(page).collect::<Vec<_>>().join("\n")
}

/// The place of a step in the plan.
fn find(index: &Index, id: &str) -> Result<usize, Failure> {
    let ids: Vec<&str> = index.steps.iter().map(|step| step.id.as_str()).collect();
    known(id, &ids, ("step", "步骤"))
}

/// For every fact the places of the steps that give it, in plan order.
fn givers(index: &Index) -> BTreeMap<&str, Vec<usize>> {
    let mut givers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, step) in index.steps.iter().enumerate() {
        for fact in &step.gives {
            givers.entry(fact).or_default().push(place);
        }
    }
    givers
}

/// For every step the places of those it waits for: they give what it needs.
fn edges(index: &Index) -> Vec<BTreeSet<usize>> {
    let givers = givers(index);
    let earlier = |fact: &String, place: usize| {
        givers.get(fact.as_str()).into_iter().flatten().copied().filter(move |giver| *giver < place)
    };
    let after = |(place, step): (usize, &IndexStep)| step.needs.iter().flat_map(|fact| earlier(fact, place)).collect();
    index.steps.iter().enumerate().map(after).collect()
}

/// The facts that no step gives: they must be so before anything is written.
fn assumptions(index: &Index) -> BTreeSet<&str> {
    let given: BTreeSet<&str> = index.steps.iter().flat_map(|step| &step.gives).map(String::as_str).collect();
    index.steps.iter().flat_map(|step| &step.needs).map(String::as_str).filter(|need| !given.contains(need)).collect()
}

fn action(word: ActionWord) -> &'static str {
    match word {
        ActionWord::Apply => "apply",
        ActionWord::Istioctl => "istioctl",
        ActionWord::Helm => "helm",
    }
}

/// The page of the whole bundle.
fn overview(bundle: &Bundle, lang: Lang, ink: Ink) -> String {
    let index = &bundle.index;
    let say = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{}", ink.strong(&headline(bundle, lang)));
    let revision = index.istio.revision.as_ref().map(|revision| format!(", {revision}")).unwrap_or_default();
    let _ = writeln!(page, "  {} {}{revision}", say("Istio        ", "Istio      "), index.istio.version);
    let _ = writeln!(page, "  {} Isthmus {}", say("written by   ", "生成者     "), index.isthmus);
    let _ = writeln!(page, "  {} {}", say("files        ", "文件数     "), bundle.files.len());
    let _ = writeln!(page, "  {} sha256:{}", say("digest       ", "摘要       "), bundle.digest());
    let _ = writeln!(page, "\n{}", ink.strong(say("Clusters", "集群")));
    let rows = index.clusters.iter().map(|cluster| {
        let context = cluster.context.as_deref().unwrap_or(cluster.name.as_str());
        let network = cluster.network.as_ref().map(ToString::to_string).unwrap_or_default();
        vec![cluster.name.to_string(), cluster.role.clone(), network, format!("{} {context}", say("context", "上下文"))]
    });
    page.push_str(&columns(&rows.collect::<Vec<_>>()));
    let _ = writeln!(page, "\n{}", ink.strong(say("Steps, in the order of the plan", "步骤，按计划顺序")));
    let after = edges(index);
    let rows = index.steps.iter().enumerate().map(|(place, step)| {
        let before: Vec<String> = after[place].iter().map(|earlier| (earlier + 1).to_string()).collect();
        let before = match (before.is_empty(), lang) {
            (true, _) => String::new(),
            (false, Lang::En) => format!("after {}", before.join(", ")),
            (false, Lang::Zh) => format!("在 {} 之后", before.join("、")),
        };
        vec![format!("{:>3}", place + 1), step.id.clone(), action(step.action).to_owned(), before]
    });
    page.push_str(&columns(&rows.collect::<Vec<_>>()));
    let assumed = assumptions(index);
    if !assumed.is_empty() {
        let _ = writeln!(page, "\n{}", ink.strong(say("Checked before the first write", "首次写入前检查")));
        for fact in assumed {
            let _ = writeln!(page, "  {fact}");
        }
    }
    page
}

fn headline(bundle: &Bundle, lang: Lang) -> String {
    let (mesh, clusters) = (&bundle.index.mesh_id, bundle.index.clusters.len());
    let topology = topology(bundle);
    let model = topology.as_ref().map(mesh::model).unwrap_or_default();
    match lang {
        Lang::En => format!("Mesh {mesh}: {}, {}", model.en, count(clusters, "cluster")),
        Lang::Zh => format!("网格 {mesh}：{}，{clusters} 个集群", model.zh),
    }
}

fn topology(bundle: &Bundle) -> Option<Topology> {
    Topology::read(bundle.files.get(shared::bundle::TOPOLOGY)?).ok()
}

/// Rows in columns as wide as their widest entry, indented by two.
fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|entry| entry.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let line = |row: &Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(entry, width)| format!("{entry:width$}"));
        format!("  {}", padded.collect::<Vec<_>>().join("  ")).trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// The page of one step.
fn step(page: &StepPage<'_>, lang: Lang, ink: Ink) -> String {
    let say = |en: &'static str, zh: &'static str| if lang == Lang::En { en } else { zh };
    let mut text = String::new();
    let _ = writeln!(text, "{}  {}", ink.strong(&page.step.id), action(page.step.action));
    if let Some(why) = &page.why {
        let _ = writeln!(text, "  {}\n  {}", why.purpose.say(lang), why.breaks.say(lang));
        let _ = writeln!(text, "  {}{}", say("From the drawing: ", "源自图中："), why.from.say(lang));
        for source in &why.sources {
            let url = source.url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
            let _ = writeln!(text, "  {}", ink.faint(&format!("{}{url}", source.words)));
        }
    }
    let _ = writeln!(text, "\n{}", ink.strong(say("Needs", "需要")));
    let from =
        |need: &Need<'_>| need.given_by.unwrap_or(say("checked before the first write", "首次写入前检查")).to_owned();
    let rows: Vec<_> = page.needs.iter().map(|need| vec![need.fact.to_owned(), from(need)]).collect();
    text.push_str(&columns(&rows));
    if page.needs.is_empty() {
        let _ = writeln!(text, "  {}", say("nothing: it can begin at once", "无：可立即开始"));
    }
    let _ = writeln!(text, "\n{}", ink.strong(say("Gives", "提供")));
    for fact in &page.step.gives {
        let _ = writeln!(text, "  {fact}");
    }
    if page.step.gives.is_empty() {
        let _ = writeln!(text, "  {}", say("nothing that another step needs", "无其他步骤所需的内容"));
    }
    for file in &page.files {
        let _ = write!(text, "\n{}\n{}", ink.strong(file.path), file.text);
    }
    text
}

/// The bundle for machines: its index, with the edges that follow from it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'b> {
    digest: String,
    assumptions: BTreeSet<&'b str>,
    /// For every step the ids of those it waits for.
    after: Vec<Vec<&'b str>>,
    bundle: &'b Index,
}

impl<'b> Page<'b> {
    fn new(bundle: &'b Bundle) -> Self {
        let index = &bundle.index;
        let ids = |earlier: BTreeSet<usize>| earlier.into_iter().map(|place| index.steps[place].id.as_str()).collect();
        let after = edges(index).into_iter().map(ids).collect();
        Self { digest: bundle.digest(), assumptions: assumptions(index), after, bundle: index }
    }
}

/// One step, for machines and people.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepPage<'b> {
    api_version: &'static str,
    kind: &'static str,
    step: &'b IndexStep,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Reason>,
    needs: Vec<Need<'b>>,
    files: Vec<File<'b>>,
}

/// A fact a step needs, and the step that gives it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Need<'b> {
    fact: &'b str,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_by: Option<&'b str>,
}

/// A file of a step.
#[derive(Serialize)]
struct File<'b> {
    path: &'b str,
    text: &'b str,
}

impl<'b> StepPage<'b> {
    fn new(bundle: &'b Bundle, place: usize) -> Self {
        let index = &bundle.index;
        let step = &index.steps[place];
        let giver =
            |fact: &String| index.steps.iter().find(|step| step.gives.contains(fact)).map(|step| step.id.as_str());
        let file = |path: &'b String| File { path, text: bundle.files.get(path).map_or("", String::as_str) };
        Self {
            api_version: API_VERSION,
            kind: "Step",
            step,
            why: Reason::of(bundle, &step.id),
            needs: step.needs.iter().map(|fact| Need { fact, given_by: giver(fact) }).collect(),
            files: step.files.iter().map(file).collect(),
        }
    }
}

/// Why a step exists, for machines and people.
#[derive(Serialize)]
struct Reason {
    /// What it is for.
    purpose: Text,
    /// What breaks without it.
    breaks: Text,
    /// The box or the arrow of the drawing that it comes from.
    from: Text,
    /// Where that is read.
    sources: Vec<Source>,
}

/// A page or a file that a step comes from.
#[derive(Serialize)]
struct Source {
    words: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl Reason {
    /// Takes the words from the plan of the drawing in the bundle. The index does not hold them: those of 100 primaries' 9,900
    /// secrets would outweigh all the rest. They are only told, never applied, and a bundle of another version of Isthmus may
    /// have a step that this one does not know, which then goes without.
    fn of(bundle: &Bundle, id: &str) -> Option<Reason> {
        let mesh = mesh::check(&topology(bundle)?).mesh?;
        let plan = Plan::new(&mesh);
        let step = plan.step(id)?;
        let sources = citations(step.why.source).map(|citation| Source { words: citation.words, url: citation.url });
        Some(Reason {
            purpose: step.why.purpose.clone(),
            breaks: step.why.breaks.clone(),
            from: origin::line(step, &mesh),
            sources: sources.collect(),
        })
    }
}
