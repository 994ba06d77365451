//! `isthmus status`: every fact, now.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use serde::Serialize;
use shared::fact::Fact;
use shared::text::Text;

use crate::cli::Status;
use crate::error::{Exit, Failure};
use crate::probe::{self, Sight};
use crate::report::{Report, Target, Verb};
use crate::session;
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
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    #[serde(flatten)]
    target: Target,
    kubernetes: String,
    facts: Vec<Line>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    fact: String,
    holds: bool,
    detail: Text,
}

/// Runs the command.
pub(crate) async fn run(arguments: &Status, report: &Arc<Report>) -> Result<Exit, Failure> {
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?;
    let look = async {
        let session = session::open(work, Verb::Status, &arguments.connection, None, report).await?;
        let looks = session.world.probes().iter().map(|(fact, how)| {
            let world = &session.world;
            async move { (fact, probe::look(world, fact, how).await) }
        });
        let seen = join_all(looks).await;
        let so = |(fact, sight): &(&Fact, Result<Sight, Failure>)| match sight {
            Ok(Sight::So(learnt)) => session.work.addresses(fact, learnt),
            Ok(Sight::NotYet(_) | Sight::Never(_)) | Err(_) => BTreeMap::new(),
        };
        let addresses = seen.iter().flat_map(so).collect();
        let seen: Vec<(&Fact, Line)> = seen.into_iter().map(|(fact, sight)| (fact, line(fact, sight))).collect();
        let mut clusters: Vec<Place> = session
            .work
            .clusters
            .iter()
            .filter_map(|wanted| session.world.cluster(&wanted.cluster).ok())
            .map(|cluster| Place {
                target: cluster.target.clone(),
                kubernetes: cluster.version.clone(),
                facts: Vec::new(),
            })
            .collect();
        for (fact, line) in seen {
            if let Some(place) = clusters.iter_mut().find(|place| place.target.cluster == fact.cluster().as_str()) {
                place.facts.push(line);
            }
        }
        let holds = clusters.iter().flat_map(|place| &place.facts).all(|line| line.holds);
        Ok::<_, Failure>(Page { mesh: session.work.mesh, holds, addresses, clusters })
    };
    let page = tokio::time::timeout(arguments.timeout, look).await.map_err(|_| too_slow(arguments))??;
    if arguments.output.is_some() {
        report.document(&page);
    } else {
        report.print(&text(&page, report));
    }
    Ok(if page.holds { Exit::Done } else { Exit::Findings })
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
