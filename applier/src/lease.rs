//! The Lease that keeps two operators apart: taken when there is something to write, renewed meanwhile, deleted at the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::text::Text;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;

use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::kinds::segment;
use crate::refusal::refusal;
use crate::source;
use crate::transport::{Answer, CallError};

/// How long a Lease counts after it was renewed last.
const DURATION: Duration = Duration::from_secs(30);

/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(8);

const LEASES: &str = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";

/// The door to writing on one cluster: shut until the first write, open while the Lease is held.
pub(crate) struct Gate {
    cluster: Arc<Cluster>,
    name: String,
    holder: String,
    held: OnceCell<Held>,
    lost: Arc<AtomicBool>,
}

struct Held {
    uid: Value,
    renewal: JoinHandle<()>,
}

impl Gate {
    /// A shut gate.
    pub(crate) fn new(cluster: Arc<Cluster>, mesh: &str) -> Self {
        let holder = format!("isthmus {} (process {})", source::operator(), std::process::id());
        Self {
            cluster,
            name: format!("isthmus-{mesh}"),
            holder,
            held: OnceCell::new(),
            lost: Arc::new(AtomicBool::new(false)),
        }
    }

    /// Takes the Lease, unless it is taken already. To be called before every write.
    pub(crate) async fn open(&self) -> Result<(), Failure> {
        self.held.get_or_try_init(|| self.take()).await?;
        if self.lost.load(Ordering::Relaxed) {
            return Err(self.taken(&json!({})));
        }
        Ok(())
    }

    /// Deletes the Lease, if it was taken.
    pub(crate) async fn shut(&self) -> Result<(), CallError> {
        let Some(held) = self.held.get() else { return Ok(()) };
        held.renewal.abort();
        let only_ours = json!({"preconditions": {"uid": held.uid}});
        match self.cluster.transport.delete(&self.path(), &only_ours).await {
            // Somebody else took it over: theirs stays.
            Ok(_) | Err(CallError::Raced) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn path(&self) -> String {
        format!("{LEASES}/{}", segment(&self.name))
    }

    async fn take(&self) -> Result<Held, Failure> {
        let fail = |error: &CallError| {
            refusal(&self.cluster.target, self.cluster.name(), &format!("Lease kube-system/{}", self.name), error)
        };
        let ahead = self.server_ahead().await.map_err(|error| fail(&error))?;
        let now = Timestamp::now() + ahead;
        let mut lease = json!({
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": {"name": self.name, "namespace": "kube-system", "labels": {"app.kubernetes.io/managed-by": "isthmus"}},
            "spec": {
                "holderIdentity": self.holder, "leaseDurationSeconds": DURATION.as_secs(),
                "acquireTime": format!("{now:.6}"), "renewTime": format!("{now:.6}"),
            },
        });
        let there = self.cluster.transport.find(&self.path()).await.map_err(|error| fail(&error))?;
        let answer = match there {
            Some(other) if !has_expired(&other, now) => return Err(self.taken(&other)),
            Some(other) => {
                lease["metadata"]["resourceVersion"] = other["metadata"]["resourceVersion"].clone();
                self.cluster.transport.replace(&self.path(), &lease).await
            }
            None => self.cluster.transport.create(LEASES, &lease).await,
        };
        let body = match answer {
            Ok(Answer { body, .. }) => body,
            Err(error) => match self.cluster.transport.find(&self.path()).await {
                // It was taken, and the answer was lost on the way.
                Ok(Some(found)) if is_same(&found, &lease) => found,
                Ok(Some(other)) if error == CallError::Raced => return Err(self.taken(&other)),
                _ if error == CallError::Raced => return Err(self.taken(&json!({}))),
                _ => return Err(fail(&error)),
            },
        };
        Ok(Held { uid: body["metadata"]["uid"].clone(), renewal: self.keep(body, ahead) })
    }

    /// Renews until aborted; says so when somebody else has it.
    fn keep(&self, mut lease: Value, ahead: SignedDuration) -> JoinHandle<()> {
        let (cluster, path, lost) = (Arc::clone(&self.cluster), self.path(), Arc::clone(&self.lost));
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEWAL).await;
                lease["spec"]["renewTime"] = Value::from(format!("{:.6}", Timestamp::now() + ahead));
                let found = match cluster.transport.replace(&path, &lease).await {
                    Ok(answer) => Ok(Some(answer.body)),
                    // Ours may have got through, and the answer to it not.
                    Err(CallError::Raced) => cluster.transport.find(&path).await,
                    Err(error) => Err(error),
                };
                match found {
                    Ok(Some(found)) if is_same(&found, &lease) => lease = found,
                    Ok(_) | Err(CallError::NotFound) => {
                        lost.store(true, Ordering::Relaxed);
                        return;
                    }
                    // The next renewal may get through before the Lease runs out.
                    Err(_) => {}
                }
            }
        })
    }

    /// How far the server's clock is ahead of ours: Leases are judged by the server's.
    async fn server_ahead(&self) -> Result<SignedDuration, CallError> {
        let date = self.cluster.transport.date().await?;
        let server = date.as_deref().and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
        Ok(server.map_or(SignedDuration::ZERO, |server| server.timestamp().duration_since(Timestamp::now())))
    }

    fn taken(&self, other: &Value) -> Failure {
        let spec = &other["spec"];
        let holder = spec["holderIdentity"].as_str().unwrap_or("somebody else");
        let since = spec["acquireTime"].as_str().unwrap_or("just now");
        Failure::new(
            Exit::Again,
            Text::new(
                format!("another operator is at work here: {holder}, since {since}"),
                format!("另一位操作者正在此集群上工作：{holder}，自 {since} 起"),
            ),
        )
        .at(self.cluster.name())
        .hint(Text::new(
            format!("wait until they are done; a Lease that is not renewed counts for {} s", DURATION.as_secs()),
            format!("请等其完成；不再续期的 Lease 在 {} 秒后失效", DURATION.as_secs()),
        ))
    }
}

/// Whether a Lease was taken by the same run at the same time.
fn is_same(found: &Value, taken: &Value) -> bool {
    ["holderIdentity", "acquireTime"].iter().all(|field| found["spec"][field] == taken["spec"][field])
}

/// Whether a Lease has run out by `now`. One that does not say when it was renewed has.
fn has_expired(lease: &Value, now: Timestamp) -> bool {
    let renewed: Option<Timestamp> = lease["spec"]["renewTime"].as_str().and_then(|time| time.parse().ok());
    let seconds = lease["spec"]["leaseDurationSeconds"].as_i64().unwrap_or(0);
    renewed.is_none_or(|renewed| now.duration_since(renewed) > SignedDuration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_runs_out_by_the_time_given() {
        let lease = json!({"spec": {"renewTime": "2026-01-01T00:00:00.000000Z", "leaseDurationSeconds": 30}});
        let at = |time: &str| has_expired(&lease, time.parse().unwrap());
        assert!(!at("2026-01-01T00:00:29Z"));
        assert!(at("2026-01-01T00:00:31Z"));
        assert!(has_expired(&json!({}), Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn times_have_six_digits() {
        assert_eq!(format!("{:.6}", Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00.000000Z");
    }
}
