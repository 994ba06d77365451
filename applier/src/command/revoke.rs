//! `isthmus revoke`: one cluster's token and every remote secret that carries it, taken away.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use shared::fact::Fact;
use shared::text::Text;
use tokio::sync::watch;

use crate::cli::Revoke;
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::interrupt::guarded;
use crate::object::{self, Object, PART_OF};
use crate::refusal::refusal;
use crate::report::{Event, Outcome, Report, Verb};
use crate::session::{self, Session};
use crate::source;
use crate::transport::CallError;
use crate::work::{Credentials, Work, name};

/// Runs the command.
pub(crate) async fn run(arguments: &Revoke, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?;
    work.credentials(&arguments.cluster)?;
    if !arguments.yes {
        report.must_reach_somebody("--yes")?;
    }
    let session = session::open(work, Verb::Revoke, &arguments.connection, None, report).await?;
    let credentials = session.work.credentials(&arguments.cluster)?;
    if !arguments.yes && !report.confirm(&question(&arguments.cluster, &credentials), "--yes")? {
        report.talk(&Text::new("nothing was taken away", "未移除任何内容"));
        return Ok(Exit::Failed);
    }
    // Each deletion is whole in itself, and a second run goes on: nothing has to be told to stop.
    let (sender, _stop) = watch::channel(false);
    let taken = async {
        let ended = take(&session, &credentials, report).await;
        for gate in session.gates.values() {
            // What is left of a Lease runs out by itself; the failure of the work is the better news.
            let _ = gate.shut().await;
        }
        ended
    };
    guarded(report, sender, &session.gates, None, taken).await?;
    report.event(&Event::Note { place: Some(arguments.cluster.clone()), text: what_stays(&credentials) });
    report.event(&Event::Summary {
        verb: Verb::Revoke,
        outcomes: report.tally(),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        next: None,
    });
    Ok(Exit::Done)
}

/// Takes away the remote secrets first: an istiod without one forgets the cluster in order, one with a void token only fails.
async fn take(session: &Session, credentials: &Credentials<'_>, report: &Report) -> Result<(), Failure> {
    let Session { work: _, world, sets, gates, .. } = session;
    for reader in &credentials.readers {
        let cluster = world.cluster(&reader.job.cluster)?;
        let fail = |error: &CallError| refusal(&cluster.target, &reader.job.id, "Secret", error);
        let found =
            cluster.find("", "Secret", &reader.namespace, &reader.secret).await.map_err(|error| fail(&error))?;
        let Some(live) = found else { continue };
        gates[cluster.name()].open().await?;
        remove(cluster, &reader.job.id, &live, &sets[cluster.name()].id(), report).await?;
    }
    let cluster = world.cluster(&credentials.maker.cluster)?;
    let (set, step) = (sets[cluster.name()].id(), &credentials.maker.id);
    let tokens = credentials.tokens(cluster, &set).await;
    let tokens = tokens.map_err(|error| refusal(&cluster.target, step, "Secret", &error))?;
    for live in tokens.successors.iter().chain(&tokens.known) {
        gates[cluster.name()].open().await?;
        remove(cluster, step, live, &set, report).await?;
    }
    Ok(())
}

/// Deletes a secret that is ours, and says why one stays that is not.
async fn remove(cluster: &Cluster, step: &str, live: &Value, set: &str, report: &Report) -> Result<(), Failure> {
    let mut named = json!({"apiVersion": "v1", "kind": "Secret"});
    named["metadata"] = json!({"name": name(live), "namespace": live["metadata"]["namespace"]});
    let object = Object::from_value(named);
    let tell = |outcome, reason| {
        report.event(&Event::Object { step: step.to_owned(), object: object.named(), outcome, reason });
    };
    if live["metadata"]["labels"][PART_OF] != set || object::is_adopted(live) {
        tell(Outcome::Kept, Some(Text::new("somebody else made it", "由他人创建")));
        return Ok(());
    }
    let Some(path) = cluster.path_of(&object) else { return Ok(()) };
    let only_this = json!({"preconditions": {"uid": live["metadata"]["uid"]}});
    match cluster.transport.delete(&path, &only_this).await {
        Ok(_) => tell(Outcome::Deleted, None),
        Err(CallError::Raced) => tell(Outcome::Kept, Some(Text::new("somebody else made it anew", "已被他人重新创建"))),
        Err(error) => return Err(refusal(&cluster.target, step, &object.id().to_string(), &error)),
    }
    Ok(())
}

/// What is asked: who loses sight of the cluster, and who serves it and will not any more.
fn question(cluster: &str, credentials: &Credentials<'_>) -> Text {
    let watchers: Vec<&str> = credentials.readers.iter().map(|reader| reader.job.cluster.as_str()).collect();
    let injects = |gives: &Fact| matches!(gives, Fact::Injects(name) if name.as_str() == cluster);
    let served = credentials.readers.iter().any(|reader| reader.job.gives.iter().any(injects));
    let (en, zh) = if served {
        (
            format!(" {cluster} is served from there: its pods get no proxies and no certificates any more."),
            format!("{cluster} 由那里提供服务：其 Pod 将不再获得代理与证书。"),
        )
    } else {
        Default::default()
    };
    Text::new(
        format!("Take {cluster} from the sight of the istiods of {}?{en}", watchers.join(", ")),
        format!("要让 {} 的 istiod 不再监视 {cluster} 吗？{zh}", watchers.join("、")),
    )
}

/// What is left, and what `apply` would do.
fn what_stays(credentials: &Credentials<'_>) -> Text {
    let namespace = &credentials.namespace;
    Text::new(
        format!(
            "the reader account in {namespace} and its role stay; `apply` makes a token for it again, which may be the very one that was taken away: if that one leaked, run `rotate` right after it"
        ),
        format!(
            "{namespace} 中的读取账号及其角色保留；`apply` 会再次为它创建令牌，且可能与被移除的相同：如果旧令牌已泄露，请随后立即运行 `rotate`"
        ),
    )
}
