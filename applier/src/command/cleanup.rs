//! `isthmus cleanup`: the plan backwards.

use std::sync::Arc;
use std::time::Instant;

use shared::text::Text;
use tokio::sync::watch;

use crate::cli::Cleanup;
use crate::error::{Exit, Failure};
use crate::interrupt::{guarded, within};
use crate::report::{Event, Report, Verb};
use crate::session::{self, Session};
use crate::source;
use crate::sweep::Sweep;
use crate::work::{Work, known};

/// Runs the command.
pub(crate) async fn run(arguments: &Cleanup, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let until = arguments.course.deadline.map(|time| (begun + time).into());
    report.keep(arguments.course.report.as_deref())?;
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?;
    if let Some(typed) = arguments.confirm.as_ref().filter(|typed| **typed != work.mesh) {
        return Err(wrong_mesh(typed, &work.mesh));
    }
    if arguments.confirm.is_none() {
        report.must_reach_somebody(&flags(&work))?;
    }
    let listed: Vec<&str> = work.clusters.iter().map(|cluster| cluster.cluster.as_str()).collect();
    for name in &arguments.clusters {
        known(name, &listed, ("cluster", "集群"))?;
    }
    let Session { work, world, mut sets, gates, .. } =
        within(until, session::open(work, Verb::Cleanup, &arguments.connection, None, report)).await?;
    if !arguments.clusters.is_empty() {
        sets.retain(|name, _| arguments.clusters.contains(name));
    }
    if arguments.confirm.is_none() && !ask(&work, sets.keys(), report)? {
        report.talk(&Text::new("nothing was taken away", "未清理任何内容"));
        return Ok(Exit::Failed);
    }
    let (sender, stop) = watch::channel(false);
    let (work, world, sets, gates) = (&work, &world, &sets, &gates);
    let sweep = Sweep { work, world, sets, gates, timeout: arguments.course.timeout, report, stop };
    guarded(report, sender, sweep.gates, until, sweep.run()).await?;
    report.event(&Event::Summary {
        verb: Verb::Cleanup,
        outcomes: report.tally(),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        next: None,
    });
    Ok(Exit::Done)
}

fn ask<'a>(work: &Work, clusters: impl Iterator<Item = &'a String>, report: &Report) -> Result<bool, Failure> {
    let names: Vec<&str> = clusters.map(String::as_str).collect();
    let question = Text::new(
        format!("Take mesh {} away from {}?", work.mesh, names.join(", ")),
        format!("要从 {} 中清理网格 {} 吗？", names.join("、"), work.mesh),
    );
    report.confirm_by_typing(&question, &work.mesh, &flags(work))
}

/// What answers the question beforehand.
fn flags(work: &Work) -> String {
    format!("--yes --confirm {}", work.mesh)
}

fn wrong_mesh(typed: &str, mesh: &str) -> Failure {
    Failure::new(
        Exit::Usage,
        Text::new(
            format!("`--confirm {typed}`: this bundle is of mesh {mesh}"),
            format!("`--confirm {typed}`：本包属于网格 {mesh}"),
        ),
    )
    .hint(Text::new(
        format!("if that is the mesh you mean: `--confirm {mesh}`"),
        format!("如果这就是您要清理的网格：`--confirm {mesh}`"),
    ))
}
