//! `isthmus apply`: the plan, as parallel as its edges allow.

use std::sync::Arc;
use std::time::Instant;

use shared::text::Text;
use tokio::sync::watch;

use crate::cli::{Apply, Connection, Supplies};
use crate::error::{Exit, Failure};
use crate::interrupt::guarded;
use crate::probe::{self, Sight};
use crate::program::{Given, Renderers};
use crate::report::{Event, Report, Verb};
use crate::session::{self, Session};
use crate::source;
use crate::walk::Walk;
use crate::work::Work;

/// Runs the command.
pub(crate) async fn run(arguments: &Apply, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?.only(&arguments.selection)?;
    if !arguments.yes {
        report.must_reach_somebody("--yes")?;
    }
    let (renderers, session) = prepare(work, Verb::Apply, &arguments.connection, &arguments.supplies, report).await?;
    let Session { work, world, sets, gates, uids } = session;
    let (sender, stop) = watch::channel(false);
    let walk = Arc::new(Walk {
        work,
        world,
        renderers,
        sets,
        gates,
        uids,
        timeout: arguments.timeout,
        force: arguments.force_conflicts,
        report: Arc::clone(report),
        stop,
    });
    // What cannot be applied anyway is not worth a question.
    let assumed = walk.assumptions().await?;
    if !arguments.yes && !report.confirm(&question(&walk.work), "--yes")? {
        report.talk(&Text::new("nothing was written", "未写入任何内容"));
        return Ok(Exit::Failed);
    }
    guarded(report, sender, walk.run(assumed)).await?;
    let pages = pages(&walk).await;
    report.event(&Event::Summary {
        verb: Verb::Apply,
        outcomes: report.tally(),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        next: pages,
    });
    Ok(Exit::Done)
}

/// Finds the programs that the bundle needs and opens the session, side by side: neither writes.
pub(crate) async fn prepare(
    work: Work,
    verb: Verb,
    connection: &Connection,
    supplies: &Supplies,
    report: &Arc<Report>,
) -> Result<(Renderers, Session), Failure> {
    let wanted = work.programs();
    let Supplies { istioctl, helm, charts, .. } = supplies.clone();
    let given = Given { istioctl, helm, charts };
    tokio::try_join!(
        Renderers::find(&given, &wanted),
        session::open(work, verb, connection, supplies.certs.as_deref(), report)
    )
}

/// Where the sample application can be opened, as the closing words; nothing where no gateway leads to it from outside.
async fn pages(walk: &Walk) -> Option<Text> {
    let mut pages = Vec::new();
    for (fact, probe) in walk.world.probes().iter().filter(|(_, probe)| probe.opens()) {
        // All is done: what cannot be looked up now is told by `status`.
        if let Ok(Sight::So(learnt)) = probe::look(&walk.world, fact, probe).await {
            pages.extend(learnt.page);
        }
    }
    let list = pages.join(" ");
    (!pages.is_empty()).then(|| Text::new(format!("open {list}"), format!("可打开 {list}")))
}

fn question(work: &Work) -> Text {
    let names: Vec<&str> = work.clusters.iter().map(|cluster| cluster.cluster.as_str()).collect();
    Text::new(
        format!("Apply mesh {} to {}?", work.mesh, names.join(", ")),
        format!("要把网格 {} 应用到 {} 吗？", work.mesh, names.join("、")),
    )
}
