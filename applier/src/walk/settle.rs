//! The objects of one step, brought to what is wanted: looked at first, written only where something differs.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use shared::text::Text;

use super::Walk;
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::object::{self, Before, Id, Object, Over, Standing};
use crate::refusal::{again, refusal};
use crate::report::{Event, Outcome, Tally};
use crate::sound;
use crate::transport::CallError;
use crate::work::Job;

/// The pause before an object is tried again that cannot be taken yet.
const PAUSE: Duration = Duration::from_millis(250);

/// What the objects of a step came to.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// How many to which end.
    pub(super) tally: Tally,
    /// The seal of each that is ours.
    pub(super) seals: BTreeMap<String, String>,
    /// Whether any may hold something else than before, and not only other marks.
    pub(super) is_other: bool,
}

/// What one object came to.
struct Landed {
    outcome: Outcome,
    reason: Option<Text>,
    /// Its seal, where it is ours.
    seal: Option<String>,
    /// Whether it may hold something else than before, and not only other marks.
    is_other: bool,
}

/// What was read in the places of objects, each until it is used.
pub(super) type Places = BTreeMap<Id, Result<Before, CallError>>;

/// Why an object cannot be written yet.
enum Hold {
    /// It will do to wait.
    Wait(Text),
    /// It will not.
    Fail(Box<Failure>),
}

impl Walk {
    /// Applies objects wave by wave, within a wave side by side; `places` is what was read already. False when the operator stopped it.
    pub(super) async fn settle(
        &self,
        job: &Job,
        objects: &[Object],
        mut places: Places,
        settled: &mut Settled,
    ) -> Result<bool, Failure> {
        let cluster = self.world.cluster(&job.cluster)?;
        let mut waves: Vec<Vec<&Object>> = vec![Vec::new(); object::WAVES];
        for object in objects {
            waves[usize::from(object::wave(object))].push(object);
        }
        read(cluster, objects, &mut places).await;
        for wave in &waves {
            if *self.stop.borrow() {
                return Ok(false);
            }
            let mut all = Vec::new();
            for object in wave {
                all.push(self.bring(cluster, job, objects, object, places.remove(&object.id())));
            }
            for (object, result) in wave.iter().zip(join_all(all).await) {
                let Some(Landed { outcome, seal, is_other, .. }) = result? else { return Ok(false) };
                settled.tally.count(outcome);
                settled.is_other |= is_other;
                settled.seals.extend(seal.map(|seal| (sound::key(&object.named()), seal)));
            }
        }
        Ok(true)
    }

    /// Brings one object to what is wanted; nothing when the operator stopped it.
    async fn bring(
        &self,
        cluster: &Cluster,
        job: &Job,
        members: &[Object],
        object: &Object,
        mut before: Option<Result<Before, CallError>>,
    ) -> Result<Option<Landed>, Failure> {
        let until = Instant::now() + self.timeout;
        let mut said = None;
        loop {
            let why = match self.once(cluster, job, members, object, before.take()).await {
                Ok(landed) => {
                    self.report.event(&Event::Object {
                        step: job.id.clone(),
                        object: object.named(),
                        outcome: landed.outcome,
                        reason: landed.reason.clone(),
                    });
                    return Ok(Some(landed));
                }
                Err(Hold::Fail(failure)) => return Err(*failure),
                Err(Hold::Wait(why)) => why,
            };
            if Instant::now() + PAUSE > until {
                let what = Text::new(format!("{}: {}", object.id(), why.en), format!("{}：{}", object.id(), why.zh));
                return Err(Failure::new(Exit::Again, what).at(&job.id).hint(again()));
            }
            if said.as_ref() != Some(&why) {
                self.report.event(&Event::Waiting {
                    step: job.id.clone(),
                    fact: object.id().to_string(),
                    reason: why.clone(),
                });
                said = Some(why);
            }
            if !self.pause(PAUSE).await {
                return Ok(None);
            }
        }
    }

    /// Reads what is in the places of the objects of a step whose turn has not come yet, and has them admitted where something will be
    /// written for certain. What does not go well now is told when its turn has come.
    pub(super) async fn read_ahead(&self, job: &Job) -> Places {
        let (Ok(cluster), Ok(objects)) = (self.world.cluster(&job.cluster), job.outline()) else {
            return Places::new();
        };
        let mut places = Places::new();
        read(cluster, &objects, &mut places).await;
        places.retain(|_, read| read.is_ok());
        let is_missing = places.values().flatten().any(Before::is_empty);
        if is_missing && !*self.stop.borrow() {
            let (set, gate) = (&self.sets[cluster.name()], &self.gates[cluster.name()]);
            // Whoever cannot be admitted is told so when its turn has come.
            let _ = set.admit(&job.owner, &objects, &self.uids, gate).await;
        }
        places
    }

    /// Tries once, over what was read before if anything was.
    async fn once(
        &self,
        cluster: &Cluster,
        job: &Job,
        members: &[Object],
        object: &Object,
        before: Option<Result<Before, CallError>>,
    ) -> Result<Landed, Hold> {
        let held = |error: CallError| hold(cluster, job, object, error);
        let mut before = before.transpose().map_err(held)?;
        let mut tried = None;
        loop {
            let standing = object::look(cluster, object, self.force, before.take()).await.map_err(held)?;
            let (mut made_anew, mut is_other) = (None, true);
            let (outcome, marked, over) = match standing {
                Standing::Same { seal } => {
                    let (outcome, is_other) = (tried.unwrap_or(Outcome::Unchanged), tried.is_some());
                    return Ok(Landed { outcome, reason: None, seal: Some(seal), is_other });
                }
                Standing::Leaving => return Err(Hold::Wait(Text::new("it is being deleted", "它正在被删除"))),
                Standing::Unserved => {
                    cluster.discover().await.map_err(held)?;
                    return Err(not_served());
                }
                Standing::Differs { adopts: true, .. }
                    if job.keeps_what_is_there && self.world.certificates(cluster.name()).is_none() =>
                {
                    let reason = Text::new("it was there before, and is kept as it is", "它原本就在，保持不变");
                    return Ok(Landed {
                        outcome: Outcome::Unchanged,
                        reason: Some(reason),
                        seal: None,
                        is_other: false,
                    });
                }
                Standing::Differs { adopts: true, marked, .. } => (Outcome::Adopted, marked, Over::Anything),
                Standing::Differs { changes, marked, .. } => {
                    is_other = changes.iter().any(|change| !change.field.starts_with("metadata"));
                    (Outcome::Configured, marked, Over::Anything)
                }
                Standing::Replaced { only, .. } => {
                    made_anew = Some(only);
                    (Outcome::Configured, false, Over::Nothing)
                }
                Standing::Absent => (Outcome::Created, false, Over::Nothing),
            };
            let fail = |failure: Failure| Hold::Fail(Box::new(failure));
            let gate = &self.gates[cluster.name()];
            self.sets[cluster.name()].admit(&job.owner, members, &self.uids, gate).await.map_err(fail)?;
            if let Some(only) = made_anew {
                object::make_way(cluster, object, &only).await.map_err(held)?;
            }
            match object::apply(cluster, object, marked, self.force, over).await {
                // Something is there by now, made by somebody else, or by us where the answer was lost: looked at before anything else.
                Err(CallError::Raced) if over == Over::Nothing && tried.is_none() => tried = Some(outcome),
                applied => {
                    let seal = Some(object::seal(&applied.map_err(held)?));
                    return Ok(Landed { outcome, reason: None, seal, is_other });
                }
            }
        }
    }
}

/// Reads what is in the places of these objects, side by side, where that is not known yet: what comes late is then written without a
/// look between. What is not served yet is read when it is.
async fn read(cluster: &Cluster, objects: &[Object], places: &mut Places) {
    let unread = objects.iter().filter(|object| !places.contains_key(&object.id()));
    let reads = unread.map(|object| async move { (object.id(), object::read(cluster, object).await.transpose()) });
    let found: Vec<_> = join_all(reads).await;
    places.extend(found.into_iter().filter_map(|(id, found)| Some((id, found?))));
}

/// Whether an error passes by itself.
fn hold(cluster: &Cluster, job: &Job, object: &Object, error: CallError) -> Hold {
    match error {
        CallError::Terminating => Hold::Wait(Text::new("its namespace is being deleted", "其命名空间正在被删除")),
        CallError::Refused { code: 500, message } if message.contains("failed calling webhook") => {
            let webhook = message.split('"').nth(1).unwrap_or_default();
            Hold::Wait(Text::new(
                format!("the webhook that checks it ({webhook}) does not answer yet"),
                format!("校验它的 webhook（{webhook}）尚未应答"),
            ))
        }
        CallError::NotFound if cluster.kinds().is_new(&object.id().kind) => not_served(),
        // The step began when its namespace was there.
        CallError::NotFound if !object.id().namespace.is_empty() && cluster.path_of(object).is_some() => {
            let (id, namespace) = (object.id(), object.id().namespace);
            let what = Text::new(
                format!("namespace {namespace} is gone, which {id} belongs into: somebody deleted it meanwhile"),
                format!("{id} 所属的命名空间 {namespace} 已不存在：在此期间被他人删除"),
            );
            Hold::Fail(Box::new(Failure::new(Exit::Again, what).at(&job.id).hint(again())))
        }
        CallError::Raced => Hold::Wait(Text::new("somebody else is changing it", "它正在被他人修改")),
        other => Hold::Fail(Box::new(refusal(&cluster.target, &job.id, &object.id().to_string(), &other))),
    }
}

/// A definition that was just made is served a moment later.
fn not_served() -> Hold {
    Hold::Wait(Text::new("its kind is not served yet", "该类型尚未被提供"))
}
