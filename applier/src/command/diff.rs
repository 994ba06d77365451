//! `isthmus diff`: what `apply` would change, by dry run, in the order of the plan. Writes nothing.

use std::sync::Arc;
use std::time::Instant;

use shared::text::Text;

use crate::back;
use crate::cli::Diff;
use crate::error::{Exit, Failure};
use crate::program::Supply;
use crate::refusal::again;
use crate::report::{Event, Report, Verb};
use crate::session::{self, Session};
use crate::sound::Sound;
use crate::source;
use crate::survey::{Ground, survey};
use crate::work::Work;

/// Runs the command.
pub(crate) async fn run(arguments: &Diff, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?.only(&arguments.selection)?;
    let looking = async {
        let supply = Supply::new(arguments.supplies.programs.clone(), work.programs());
        let tools = supply.tools();
        let certs = arguments.supplies.certs.as_deref();
        let session = session::open(work, Verb::Diff, &arguments.connection, certs, report).await?;
        let values = session.work.jobs.iter().flat_map(|job| session.work.open(job)).collect();
        let (sound, seen) = Sound::look(&session, values, tools).await?;
        let (sound, seen, supply) = (&sound, &seen, &supply);
        let Session { work, world, sets, gates, .. } = &session;
        let mut outlook =
            survey(&Ground { work, world, sets, gates, sound, seen, supply, force: false, report }).await?;
        // What all of it means goes before the single objects.
        outlook.events.splice(0..0, back::warnings(work, sets).await);
        Ok::<_, Failure>(outlook)
    };
    let seconds = arguments.timeout.as_secs();
    let too_slow = || {
        Failure::new(Exit::Again, Text::new(format!("not done after {seconds} s"), format!("{seconds} 秒后仍未完成")))
            .hint(again())
    };
    let outlook = tokio::time::timeout(arguments.timeout, looking).await.map_err(|_| too_slow())??;
    for event in &outlook.events {
        report.event(event);
    }
    if let Some(failure) = outlook.failure {
        return Err(failure);
    }
    let outcomes = report.tally();
    report.event(&Event::Summary {
        verb: Verb::Diff,
        outcomes,
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        next: None,
    });
    let pending = outcomes.changes() > 0 || outlook.unrendered > 0;
    Ok(if pending && arguments.exit_code { Exit::Changes } else { Exit::Done })
}
