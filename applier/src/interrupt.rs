//! Ctrl-C: the first one lets requests in flight finish, the second one ends at once.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use shared::text::Text;
use tokio::sync::watch;

use crate::error::{Exit, Failure};
use crate::lease::Gate;
use crate::refusal::again;
use crate::report::{Event, Report};

/// How long giving the Leases back may take, where it is to end at once.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Runs `work`, which is told by its receiver when the operator wants to stop.
pub(crate) async fn guarded<T>(
    report: &Report,
    stop: watch::Sender<bool>,
    gates: &BTreeMap<String, Gate>,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let mut work = Box::pin(work);
    let mut asked = false;
    loop {
        tokio::select! {
            result = &mut work => return result,
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
