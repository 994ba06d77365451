//! The Lease that keeps two operators apart: taken when there is something to write, renewed meanwhile, deleted at the end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use shared::text::Text;
use tokio::sync::{OnceCell, watch};
use tokio::task::JoinHandle;

use crate::clock;
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::kinds::segment;
use crate::refusal::{again, refusal};
use crate::source;
use crate::transport::{Answer, CallError, as_seen};

/// How long a Lease counts after it was renewed last.
const DURATION: Duration = Duration::from_secs(30);

/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(8);

/// How long a renewal that is under way is waited for at the end.
const LAST_RENEWAL: Duration = Duration::from_secs(3);

/// How often it is tried to take one while the server cannot be reached.
const TRIES: usize = 3;

const LEASES: &str = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";

/// The door to writing on one cluster: shut until the first write, open while the Lease is held.
pub(crate) struct Gate {
    cluster: Arc<Cluster>,
    name: String,
    holder: String,
    held: OnceCell<Held>,
}

/// A Lease that was taken.
struct Held {
    state: Arc<Mutex<State>>,
    /// Ends the renewal.
    end: watch::Sender<bool>,
    renewal: Mutex<Option<JoinHandle<()>>>,
}

/// What is known of a Lease that was taken.
struct State {
    /// The Lease, as last written.
    lease: Value,
    /// When that was begun, by [`clock::up`].
    renewed: Duration,
    /// The Lease of whoever has it now, if that is not us; `null` where it is gone.
    lost: Option<Value>,
}

impl State {
    /// Whether it is ours for certain: one that was not renewed may be another's by now, and only the server knows.
    fn holds(&self) -> bool {
        self.lost.is_none() && clock::up().saturating_sub(self.renewed) <= DURATION
    }
}

impl Gate {
    /// A shut gate.
    pub(crate) fn new(cluster: Arc<Cluster>, mesh: &str) -> Self {
        let holder = format!("isthmus {} (process {})", source::operator(), std::process::id());
        Self { cluster, name: format!("isthmus-{mesh}"), holder, held: OnceCell::new() }
    }

    /// Takes the Lease, unless it is taken already. To be called before every write.
    pub(crate) async fn open(&self) -> Result<(), Failure> {
        let held = self.held.get_or_try_init(|| self.take()).await?;
        let state = locked(&held.state);
        match &state.lost {
            Some(other) => Err(self.taken(other)),
            None if state.holds() => Ok(()),
            None => Err(self.run_out()),
        }
    }

    /// Deletes the Lease, if it was taken and is still ours.
    pub(crate) async fn shut(&self) -> Result<(), CallError> {
        let Some(held) = self.held.get() else { return Ok(()) };
        held.end.send_replace(true);
        let renewal = held.renewal.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut renewal) = renewal
            && tokio::time::timeout(LAST_RENEWAL, &mut renewal).await.is_err()
        {
            renewal.abort();
        }
        let lease = {
            let state = locked(&held.state);
            if state.lost.is_some() {
                return Ok(());
            }
            state.lease.clone()
        };
        match self.delete(&lease).await {
            // A renewal whose answer was lost, or somebody else who took it over: theirs stays.
            Err(CallError::Raced) => match self.cluster.transport.find(&self.path()).await? {
                Some(now) if is_same(&now, &lease) => self.delete(&now).await,
                _ => Ok(()),
            },
            ended => ended,
        }
    }

    /// Deletes it as it is, and nothing that came after.
    async fn delete(&self, lease: &Value) -> Result<(), CallError> {
        self.cluster.transport.delete(&self.path(), &as_seen(lease)).await.map(drop)
    }

    fn path(&self) -> String {
        format!("{LEASES}/{}", segment(&self.name))
    }

    async fn take(&self) -> Result<Held, Failure> {
        let fail = |error: &CallError| {
            refusal(&self.cluster.target, self.cluster.name(), &format!("Lease kube-system/{}", self.name), error)
        };
        // Leases are judged by the server's clock.
        let ahead = self.cluster.ahead.unwrap_or_default();
        let acquired = Timestamp::now() + ahead;
        let mut lease = json!({
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": {"name": self.name, "namespace": "kube-system", "labels": {"app.kubernetes.io/managed-by": "isthmus"}},
            "spec": {
                "holderIdentity": self.holder, "leaseDurationSeconds": DURATION.as_secs(),
                "acquireTime": format!("{acquired:.6}"),
            },
        });
        let found = async || self.cluster.transport.find(&self.path()).await.map_err(|error| fail(&error));
        let mut tries = 0;
        let (lease, renewed) = loop {
            let (now, begun) = (Timestamp::now() + ahead, clock::up());
            lease["spec"]["renewTime"] = format!("{now:.6}").into();
            tries += 1;
            match self.seize(&lease, now).await {
                Ok(answer) => break (answer.body, begun),
                // Whether it was done is seen at the next try. Looking waits until the server answers again.
                Err(error) if tries < TRIES && error.is_unreachable() => drop(found().await?),
                // Somebody was faster.
                Err(CallError::Raced) => match found().await? {
                    Some(other) => return Err(self.taken(&other)),
                    None => return Err(fail(&CallError::Raced)),
                },
                Err(error) => return Err(fail(&error)),
            }
        };
        let state = Arc::new(Mutex::new(State { lease, renewed, lost: None }));
        let watched = Arc::clone(&state);
        self.cluster.transport.fence(self.path(), move || locked(&watched).holds());
        let (end, ended) = watch::channel(false);
        let renewal = Mutex::new(Some(self.keep(Arc::clone(&state), ended, ahead)));
        Ok(Held { state, end, renewal })
    }

    /// Writes the Lease where there is none, or one that is ours or has run out; else it is [`CallError::Raced`].
    async fn seize(&self, lease: &Value, now: Timestamp) -> Result<Answer, CallError> {
        let transport = &self.cluster.transport;
        // Mostly there is none, so that one question less is worth the refusal where there is.
        match transport.create(LEASES, lease).await {
            Err(CallError::Raced) => {}
            answer => return answer,
        }
        match transport.find(&self.path()).await? {
            Some(other) if !is_same(&other, lease) && !has_expired(&other, now) => Err(CallError::Raced),
            Some(other) => {
                let mut over = lease.clone();
                over["metadata"]["resourceVersion"] = other["metadata"]["resourceVersion"].clone();
                transport.replace(&self.path(), &over).await
            }
            // It was given back just now.
            None => transport.create(LEASES, lease).await,
        }
    }

    /// Renews until it is told to end; says so when somebody else has it.
    fn keep(
        &self,
        state: Arc<Mutex<State>>,
        mut ended: watch::Receiver<bool>,
        ahead: SignedDuration,
    ) -> JoinHandle<()> {
        let (cluster, path) = (Arc::clone(&self.cluster), self.path());
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = tokio::time::sleep(RENEWAL) => {}
                    _ = ended.wait_for(|ended| *ended) => return,
                }
                let mut lease = locked(&state).lease.clone();
                let begun = clock::up();
                lease["spec"]["renewTime"] = Value::from(format!("{:.6}", Timestamp::now() + ahead));
                match cluster.transport.replace(&path, &lease).await {
                    Ok(answer) => {
                        let mut state = locked(&state);
                        (state.lease, state.renewed) = (answer.body, begun);
                    }
                    Err(CallError::Raced | CallError::NotFound) => {
                        let now = cluster.transport.find(&path).await;
                        let mut state = locked(&state);
                        match now {
                            // Our own renewal, whose answer was lost: the next one goes on from it.
                            Ok(Some(now)) if is_same(&now, &lease) => state.lease = now,
                            Ok(now) => {
                                state.lost = Some(now.unwrap_or_default());
                                return;
                            }
                            Err(_) => {}
                        }
                    }
                    // The next renewal may get through before the Lease runs out.
                    Err(_) => {}
                }
            }
        })
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

    fn run_out(&self) -> Failure {
        let (name, seconds) = (&self.name, DURATION.as_secs());
        Failure::new(
            Exit::Again,
            Text::new(
                format!("Lease kube-system/{name} could not be renewed for {seconds} s: another operator may be at work by now"),
                format!("Lease kube-system/{name} 已有 {seconds} 秒无法续期：可能已有他人开始操作"),
            ),
        )
        .at(self.cluster.name())
        .hint(again())
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether two Leases were taken by the same run: processes of several machines may have one name, and not one moment too.
fn is_same(one: &Value, other: &Value) -> bool {
    ["holderIdentity", "acquireTime"].iter().all(|key| one["spec"][key] == other["spec"][key])
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
