//! Ctrl-C: the first one lets requests in flight finish, the second one ends at once. The end of the time that a run has is
//! both, one after the other.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use shared::text::Text;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::error::{Exit, Failure};
use crate::lease::Gate;
use crate::refusal::again;
use crate::report::{Event, Report};

/// How long giving the Leases back may take, where it is to end at once.
const AT_ONCE: Duration = Duration::from_secs(2);

/// How long what is in flight may take to finish when the time of the run is over.
const GRACE: Duration = Duration::from_secs(2);

/// Reads until the time of the run is over.
pub(crate) async fn within<T>(
    until: Option<Instant>,
    reading: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        read = reading => read,
        () = at(until) => {
            let what = Text::new(
                "the time of `--deadline` is over; nothing was written",
                "`--deadline` 的时间已到；未写入任何内容",
            );
            Err(Failure::new(Exit::Again, what).hint(again()))
        }
    }
}

/// Runs `work` until that time, which is told by its receiver when the operator wants to stop.
pub(crate) async fn guarded<T>(
    report: &Report,
    stop: watch::Sender<bool>,
    gates: &BTreeMap<String, Gate>,
    until: Option<Instant>,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut work = Box::pin(work);
    let mut asked = false;
    let mut ends = until;
    let mut over = false;
    loop {
        tokio::select! {
            result = &mut work => return result.map_err(|failure| match failure.exit {
                Exit::Interrupted if over => Failure { exit: Exit::Again, ..failure }.because("--deadline"),
                _ => failure,
            }),
            () = at(ends) => {
                if over {
                    drop(work);
                    // What cannot be given back in that time runs out by itself.
                    let _ = tokio::time::timeout(AT_ONCE, join_all(gates.values().map(Gate::shut))).await;
                    let what = Text::new(
                        "the time of `--deadline` is over; requests in flight may or may not have been done",
                        "`--deadline` 的时间已到；进行中的请求可能已完成，也可能没有",
                    );
                    return Err(Failure::new(Exit::Again, what).hint(again()));
                }
                over = true;
                ends = Some(Instant::now() + GRACE);
                stop.send_replace(true);
                let text = Text::new(
                    "the time of `--deadline` is over: what is in flight is finished, nothing more is begun",
                    "`--deadline` 的时间已到：先完成进行中的请求，不再开始新的步骤",
                );
                report.event(&Event::Warning { place: None, text, hints: Vec::new() });
            }
            () = signalled() => {
                if asked {
                    drop(work);
                    // What cannot be given back in that time runs out by itself.
                    let _ = tokio::time::timeout(AT_ONCE, join_all(gates.values().map(Gate::shut))).await;
                    let what = Text::new("ended at once; requests in flight may or may not have been done", "已立即结束；进行中的请求可能已完成，也可能没有");
                    return Err(Failure::new(Exit::Interrupted, what).hint(again()));
                }
                asked = true;
                stop.send_replace(true);
                let text = Text::new(
                    "stopping: what is in flight is finished; press Ctrl-C again to end at once",
                    "正在停止：先完成进行中的请求；再按一次 Ctrl-C 立即结束",
                );
                report.event(&Event::Warning { place: None, text, hints: Vec::new() });
            }
        }
    }
}

/// Comes back at that time; never, where there is none.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Comes back when the operator, or whoever runs the program, asks it to end.
async fn signalled() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // A terminal that is closed says so too.
        if let (Ok(mut terminate), Ok(mut hang_up)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
