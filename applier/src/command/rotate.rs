//! `isthmus rotate`: new tokens for the clusters that istiods watch, before the old ones go.

use std::sync::Arc;
use std::time::Instant;

use shared::probe::Probe;
use shared::release::{Release, rotation_bugs};
use shared::text::Text;
use tokio::sync::{Mutex, watch};

use crate::cli::Rotate;
use crate::error::{Exit, Failure};
use crate::interrupt::{guarded, within};
use crate::program::Renderers;
use crate::report::{Event, Report, Verb};
use crate::session::{self, Session};
use crate::source;
use crate::walk::{Seen, Walk};
use crate::work::Work;
use crate::world::World;

/// Runs the command.
pub(crate) async fn run(arguments: &Rotate, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let until = arguments.course.deadline.map(|time| (begun + time).into());
    report.keep(arguments.course.report.as_deref())?;
    let bundle = source::bundle(&arguments.bundle, report)?;
    let risky = loses_endpoints(&bundle.index.istio.version);
    if let Some(bugs) = risky.filter(|_| !arguments.restarting_istiod) {
        return Err(refused(&bundle.index.istio.version, bugs));
    }
    let work = Work::of(&bundle)?;
    let clusters = if arguments.clusters.is_empty() { work.watched() } else { arguments.clusters.clone() };
    for cluster in &clusters {
        work.credentials(cluster)?;
    }
    if !arguments.yes {
        report.must_reach_somebody("--yes")?;
    }
    let Session { work, world, sets, gates, uids, .. } =
        within(until, session::open(work, Verb::Rotate, &arguments.connection, None, report)).await?;
    if !arguments.yes && !report.confirm(&question(&clusters), "--yes")? {
        report.talk(&Text::new("nothing was written", "未写入任何内容"));
        return Ok(Exit::Failed);
    }
    let (sender, stop) = watch::channel(false);
    let walk = Walk {
        work,
        world,
        renderers: Renderers::default(),
        sets,
        gates,
        uids,
        timeout: arguments.course.timeout,
        force: false,
        report: Arc::clone(report),
        sound: Mutex::default(),
        seen: Seen::default(),
        stop,
    };
    guarded(report, sender, &walk.gates, until, walk.rotate(&clusters, arguments.grace)).await?;
    report.event(&Event::Summary {
        verb: Verb::Rotate,
        outcomes: report.tally(),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        next: risky.map(|_| restarts(&walk.world)),
    });
    Ok(Exit::Done)
}

fn question(clusters: &[String]) -> Text {
    Text::new(
        format!("Make new tokens for {}, and void the old ones?", clusters.join(", ")),
        format!("要为 {} 创建新令牌并使旧令牌失效吗？", clusters.join("、")),
    )
}

/// The releases among which the bundle's is, where they lose endpoints when a remote secret changes.
fn loses_endpoints(version: &str) -> Option<(u16, u16, u16)> {
    let release = Release::parse(version).ok()?;
    rotation_bugs(release.minor, release.patch)
}

fn refused(version: &str, (minor, first, last): (u16, u16, u16)) -> Failure {
    Failure::new(
        Exit::Findings,
        Text::new(
            format!(
                "Istio {version}: from 1.{minor}.{first} to 1.{minor}.{last} istiod can lose gateways and endpoints, or hang, when a remote secret changes [release-rotation]"
            ),
            format!(
                "Istio {version}：1.{minor}.{first} 至 1.{minor}.{last} 的 istiod 在远程 Secret 变化时可能丢失网关与端点，甚至卡死 [release-rotation]"
            ),
        ),
    )
    .hint(Text::new("upgrade Istio first", "请先升级 Istio"))
    .hint(Text::new(
        "or restart every istiod right afterwards, and say so: `--restarting-istiod`",
        "或在轮换后立即重启每个 istiod，并用 `--restarting-istiod` 表明",
    ))
}

/// The commands that restart every istiod.
fn restarts(world: &World) -> Text {
    let command = |(fact, probe): (&shared::fact::Fact, &Probe)| {
        let Probe::Istiod { namespace, deployments, .. } = probe else { return None };
        let context = &world.cluster(fact.cluster().as_str()).ok()?.target.context;
        let deployment = deployments.first()?;
        Some(format!("`kubectl --context {context} --namespace {namespace} rollout restart deployment/{deployment}`"))
    };
    let commands: Vec<String> = world.probes().iter().filter_map(command).collect();
    let list = commands.join(", ");
    Text::new(format!("now restart every istiod: {list}"), format!("现在请重启每个 istiod：{list}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_that_lose_endpoints_are_known() {
        for bad in ["1.30", "1.30.0", "1.30.3"] {
            assert!(loses_endpoints(bad).is_some(), "{bad}");
        }
        for good in ["1.29.6", "1.30.4", "1.31", "1.12"] {
            assert!(loses_endpoints(good).is_none(), "{good}");
        }
    }
}
