//! `isthmus status`: every fact, now, or until all are so, or whenever one changes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use shared::fact::Fact;
use shared::text::Text;
use time::OffsetDateTime;

use crate::cli::Status;
use crate::error::{Exit, Failure};
use crate::probe::Sight;
use crate::program::Tools;
use crate::report::{Report, Target, Verb, count};
use crate::session::{self, Session};
use crate::sound::{Drift, Sound};
use crate::source;
use crate::work::Work;

/// What `-o json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    mesh: String,
    holds: bool,
    /// What load balancers have handed out, by the names of the holes that it fills.
    addresses: BTreeMap<String, String>,
    clusters: Vec<Place>,
    /// What is not as it was left when it was applied.
    changed: Vec<Drift>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[serde(flatten)]
    target: Target,
    kubernetes: String,
    facts: Vec<Line>,
}

#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    fact: String,
    holds: bool,
    detail: Text,
}

/// How long a watch and a wait pause between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// Runs the command.
pub(crate) async fn run(arguments: &Status, report: &Arc<Report>) -> Result<Exit, Failure> {
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?;
    let until = Instant::now() + arguments.timeout;
    let first = async {
        let session = session::open(work, Verb::Status, &arguments.connection, None, report).await?;
        let page = look(&session).await?;
        Ok::<_, Failure>((session, page))
    };
    let (session, mut page) =
        tokio::time::timeout(arguments.timeout, first).await.map_err(|_| too_slow(arguments))??;
    while arguments.wait && !page.holds && Instant::now() + PAUSE < until {
        tokio::time::sleep(PAUSE).await;
        session.refresh().await?;
        page = look(&session).await?;
    }
    if arguments.output.is_some() {
        report.document(&page);
    } else {
        report.print(&text(&page, report));
    }
    let (holds, as_left) = (page.holds, page.changed.is_empty());
    if arguments.watch {
        watch(&session, page, report).await;
    }
    Ok(match (holds, arguments.wait) {
        (true, _) if as_left => Exit::Done,
        (false, true) => Exit::Again,
        (true, _) | (false, false) => Exit::Findings,
    })
}

/// Looks once at every fact, and at what was left behind.
async fn look(session: &Session) -> Result<Page, Failure> {
    let world = &session.world;
    let facts = world.probes().keys().cloned().collect();
    let (sound, seen) = Sound::look(session, facts, Tools::default()).await?;
    let so = |(fact, sight): (&Fact, &Result<Sight, Failure>)| match sight {
        Ok(Sight::So(learnt)) => session.work.addresses(fact, learnt),
        Ok(Sight::NotYet(_) | Sight::Never(_)) | Err(_) => BTreeMap::new(),
    };
    let addresses = seen.iter().flat_map(so).collect();
    let mut clusters: Vec<Place> = session
        .work
        .clusters
        .iter()
        .filter_map(|wanted| world.cluster(&wanted.cluster).ok())
        .map(|cluster| Place { target: cluster.target.clone(), kubernetes: cluster.version.clone(), facts: Vec::new() })
        .collect();
    for (fact, sight) in seen {
        if let Some(place) = clusters.iter_mut().find(|place| place.target.cluster == fact.cluster().as_str()) {
            place.facts.push(line(&fact, sight));
        }
    }
    let holds = clusters.iter().flat_map(|place| &place.facts).all(|line| line.holds);
    Ok(Page { mesh: session.work.mesh.clone(), holds, addresses, clusters, changed: sound.drift })
}

/// Looks again and again, and tells what became otherwise, until the operator has seen enough.
async fn watch(session: &Session, mut before: Page, report: &Report) {
    let mut unseen: Option<Text> = None;
    loop {
        tokio::time::sleep(PAUSE).await;
        let now = match again(session).await {
            Ok(now) => now,
            // A cluster that does not answer now may do so in a moment; until then nothing is known, which is said once.
            Err(Failure { place, what, .. }) => {
                if unseen.as_ref() != Some(&what) {
                    tell(report, false, &place.unwrap_or_default(), &what);
                    unseen = Some(what);
                }
                continue;
            }
        };
        if unseen.take().is_some() {
            tell(report, true, &now.mesh, &Text::new("every cluster answers again", "所有集群均已恢复应答"));
        }
        let lines = |page: &Page| -> Vec<Line> { page.clusters.iter().flat_map(|place| place.facts.clone()).collect() };
        let known = lines(&before);
        for line in lines(&now).into_iter().filter(|line| !known.contains(line)) {
            tell(report, line.holds, &line.fact, &line.detail);
        }
        let about = |drift: &Drift| format!("{}  {}", drift.step, drift.object);
        for drift in now.changed.iter().filter(|drift| !before.changed.contains(drift)) {
            tell(report, false, &about(drift), &drift.how);
        }
        let is_back = |drift: &&Drift| now.changed.iter().all(|other| about(other) != about(drift));
        for drift in before.changed.iter().filter(is_back) {
            tell(report, true, &about(drift), &Text::new("as it was applied again", "已恢复为应用时的状态"));
        }
        before = now;
    }
}

/// A line of a watch, with its time.
fn tell(report: &Report, good: bool, what: &str, detail: &Text) {
    let paint = report.paint().stdout;
    let sign = if good { paint.good("✓") } else { paint.bad("✗") };
    let (hour, minute, second) = OffsetDateTime::now_utc().time().as_hms();
    let detail = report.say(detail);
    report.print(&format!("{hour:02}:{minute:02}:{second:02}Z  {sign} {what}  {detail}"));
}

async fn again(session: &Session) -> Result<Page, Failure> {
    session.refresh().await?;
    look(session).await
}

/// A line about an object that is not as it was left.
fn changed(drift: &Drift, report: &Report) -> String {
    let sign = report.paint().stdout.bad("✗");
    format!("  {sign} {}  {}: {}", drift.step, drift.object, report.say(&drift.how))
}

fn line(fact: &Fact, sight: Result<Sight, Failure>) -> Line {
    let (holds, detail) = match sight {
        Ok(Sight::So(learnt)) => (true, learnt.detail),
        Ok(Sight::NotYet(why)) => (false, why),
        Ok(Sight::Never(failure)) => (false, failure.what),
        Err(failure) => (false, failure.what),
    };
    Line { fact: fact.to_string(), holds, detail }
}

/// A block for each cluster, a line for each fact.
fn text(page: &Page, report: &Report) -> String {
    use std::fmt::Write as _;
    let paint = report.paint().stdout;
    let mut out = String::new();
    for place in &page.clusters {
        let Target { cluster, context, server } = &place.target;
        let _ = writeln!(out, "{}  {context}, {server}, Kubernetes {}", paint.strong(cluster), place.kubernetes);
        let width = place.facts.iter().map(|line| line.fact.len()).max().unwrap_or(0);
        for line in &place.facts {
            let sign = if line.holds { paint.good("✓") } else { paint.bad("✗") };
            let _ = writeln!(out, "  {sign} {:width$}  {}", line.fact, report.say(&line.detail));
        }
    }
    if !page.changed.is_empty() {
        let number = page.changed.len();
        let head = Text::new(
            format!("{} not as applied; `isthmus diff` shows what `isthmus apply` would do", count(number, "object")),
            format!("{number} 个对象与应用时不同；`isthmus diff` 会显示 `isthmus apply` 将做的更改"),
        );
        let _ = writeln!(out, "{}", paint.strong(report.say(&head)));
        for drift in &page.changed {
            let _ = writeln!(out, "{}", changed(drift, report));
        }
    }
    let missing = page.clusters.iter().flat_map(|place| &place.facts).filter(|line| !line.holds).count();
    let sum = match missing {
        0 => Text::new(format!("mesh {}: every fact is so", page.mesh), format!("网格 {}：所有事实均成立", page.mesh)),
        1 => Text::new(
            format!("mesh {}: one fact is not so", page.mesh),
            format!("网格 {}：有 1 个事实不成立", page.mesh),
        ),
        _ => Text::new(
            format!("mesh {}: {missing} facts are not so", page.mesh),
            format!("网格 {}：{missing} 个事实不成立", page.mesh),
        ),
    };
    let _ = writeln!(out, "{}", report.say(&sum));
    out
}

fn too_slow(arguments: &Status) -> Failure {
    let seconds = arguments.timeout.as_secs();
    Failure::new(Exit::Again, Text::new(format!("no answer in {seconds} s"), format!("{seconds} 秒内没有应答")))
        .hint(Text::new("wait longer with `--timeout`", "用 `--timeout` 等待更久"))
}
