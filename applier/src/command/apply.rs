//! `isthmus apply`: the plan, as parallel as its edges allow.

use std::sync::Arc;
use std::time::Instant;

use shared::text::Text;
use tokio::sync::{Mutex, watch};

use crate::back;
use crate::cli::Apply;
use crate::error::{Exit, Failure};
use crate::interrupt::{guarded, within};
use crate::probe::{self, Sight};
use crate::program::{Renderers, Supply};
use crate::report::{Event, Outcome, Report, Verb, count, planned};
use crate::session::{self, Session};
use crate::sound::{Facts, Sound};
use crate::source;
use crate::survey::{Ground, survey};
use crate::walk::{Seen, Walk, learnt};
use crate::work::Work;

/// Runs the command.
pub(crate) async fn run(arguments: &Apply, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let until = arguments.course.deadline.map(|time| (begun + time).into());
    report.keep(arguments.course.report.as_deref())?;
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?.only(&arguments.selection)?;
    if !arguments.yes {
        report.must_reach_somebody("--yes")?;
    }
    let supply = Supply::new(arguments.supplies.programs.clone(), work.programs());
    let certs = arguments.supplies.certs.as_deref();
    let session = within(until, session::open(work, Verb::Apply, &arguments.connection, certs, report)).await?;
    // Where nothing was applied yet, only what no step gives is worth a look.
    let facts = if session.is_new().await { session.work.assumptions() } else { session.work.concerned() };
    let (sound, seen) = within(until, Sound::look(&session, facts, supply.tools())).await?;
    let looked = Instant::now();
    let Session { work, world, sets, gates, uids, lost } = session;
    if let Some(lost) = &lost {
        report.event(&lost.warning());
    }
    let (sender, stop) = watch::channel(false);
    let mut walk = Walk {
        work,
        world,
        renderers: Renderers::default(),
        sets,
        gates,
        uids,
        timeout: arguments.course.timeout,
        force: arguments.force_conflicts,
        report: Arc::clone(report),
        sound: Mutex::new(sound),
        seen: Seen::default(),
        stop,
    };
    // What cannot be applied anyway is not worth a question.
    let assumed = walk.assumptions(&seen)?;
    if let Some(objects) = walk.at_rest(&seen).await {
        walk.rest(objects, &seen);
        let opened = walk.world.probes().iter().filter(|(_, probe)| probe.opens());
        let pages: Vec<String> = opened.filter_map(|(fact, _)| learnt(&seen, fact)?.page).collect();
        report.event(&summary(begun, report, page(&pages)));
        return lost.map_or(Ok(Exit::Done), |lost| Err(lost.failure(walk.work.jobs.len())));
    }
    for event in back::warnings(&walk.work, &walk.sets).await {
        report.event(&event);
    }
    if walk.renders(&seen).await {
        walk.renderers = supply.get().await?.clone();
    }
    if !arguments.yes && !agreed(&mut walk, &seen, &supply).await? {
        report.talk(&Text::new("nothing was written", "未写入任何内容"));
        return Ok(Exit::Failed);
    }
    walk.seen = Seen::at(looked, seen);
    let walk = Arc::new(walk);
    guarded(report, sender, &walk.gates, until, walk.run(assumed)).await?;
    let pages = pages(&walk).await;
    report.event(&summary(begun, report, pages));
    lost.map_or(Ok(Exit::Done), |lost| Err(lost.failure(walk.work.jobs.len())))
}

fn summary(begun: Instant, report: &Report, next: Option<Text>) -> Event {
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Event::Summary { verb: Verb::Apply, outcomes: report.tally(), milliseconds, next }
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
    page(&pages)
}

fn page(pages: &[String]) -> Option<Text> {
    let list = pages.join(" ");
    (!pages.is_empty()).then(|| Text::new(format!("open {list}"), format!("可打开 {list}")))
}

/// Shows what would be done on each cluster, and asks. What is known to fail is not worth a question.
async fn agreed(walk: &mut Walk, seen: &Facts, supply: &Supply) -> Result<bool, Failure> {
    let Walk { work, world, sets, gates, sound, force, report, .. } = walk;
    let (sound, force) = (&*sound.get_mut(), *force);
    let outlook = survey(&Ground { work, world, sets, gates, sound, seen, supply, force, report }).await?;
    if let Some(failure) = outlook.failure {
        for event in &outlook.events {
            report.event(event);
        }
        return Err(failure);
    }
    for (cluster, tally) in &outlook.tallies {
        report.event(&Event::Note { place: Some(cluster.clone()), text: planned(*tally) });
    }
    // What goes is named: the counts of all else are enough, `diff` has the rest.
    for event in &outlook.events {
        match event {
            Event::Difference { step, object, outcome: Outcome::Deleted, .. } => {
                let text = Text::new(format!("{object} is deleted"), format!("将删除 {object}"));
                report.event(&Event::Note { place: Some(step.clone()), text });
            }
            Event::Warning { .. } => report.event(event),
            _ => {}
        }
    }
    if outlook.unrendered > 0 {
        let number = outlook.unrendered;
        report.talk(&Text::new(
            format!("and {}, which can be rendered once their addresses are known", count(number, "installation")),
            format!("另有 {number} 个安装文件，待其所需地址得知后才能渲染"),
        ));
    }
    report.confirm(&question(work), "--yes")
}

fn question(work: &Work) -> Text {
    let names: Vec<&str> = work.clusters.iter().map(|cluster| cluster.cluster.as_str()).collect();
    Text::new(
        format!("Apply mesh {} to {}?", work.mesh, names.join(", ")),
        format!("要把网格 {} 应用到 {} 吗？", work.mesh, names.join("、")),
    )
}
