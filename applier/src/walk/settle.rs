//! The objects of one step, brought to what is wanted: looked at first, written only where something differs.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use shared::text::Text;

use super::Walk;
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::object::{self, Object, Standing};
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
}

/// Why an object cannot be written yet.
enum Hold {
    /// It will do to wait.
    Wait(Text),
    /// It will not.
    Fail(Box<Failure>),
}

impl Walk {
    /// Applies objects wave by wave, within a wave side by side; false when the operator stopped it.
    pub(super) async fn settle(&self, job: &Job, objects: &[Object], settled: &mut Settled) -> Result<bool, Failure> {
        let cluster = self.world.cluster(&job.cluster)?;
        let mut waves: Vec<Vec<&Object>> = vec![Vec::new(); object::WAVES];
        for object in objects {
            waves[usize::from(object::wave(object))].push(object);
        }
        for wave in &waves {
            if *self.stop.borrow() {
                return Ok(false);
            }
            let all = wave.iter().map(|object| self.bring(cluster, job, objects, object));
            for (object, result) in wave.iter().zip(join_all(all).await) {
                let Some((outcome, seal)) = result? else { return Ok(false) };
                settled.tally.count(outcome);
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
    ) -> Result<Option<(Outcome, Option<String>)>, Failure> {
        let until = Instant::now() + self.timeout;
        let mut said = None;
        loop {
            let why = match self.once(cluster, job, members, object).await {
                Ok((outcome, reason, seal)) => {
                    let event = Event::Object { step: job.id.clone(), object: object.named(), outcome, reason };
                    self.report.event(&event);
                    return Ok(Some((outcome, seal)));
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

    /// Tries once, and hands back what became of the object, why, and its seal where it is ours.
    async fn once(
        &self,
        cluster: &Cluster,
        job: &Job,
        members: &[Object],
        object: &Object,
    ) -> Result<(Outcome, Option<Text>, Option<String>), Hold> {
        let held = |error: CallError| hold(cluster, job, object, error);
        let standing = object::look(cluster, object, self.force).await.map_err(held)?;
        let (outcome, marked) = match standing {
            Standing::Same { seal } => return Ok((Outcome::Unchanged, None, Some(seal))),
            Standing::Leaving => return Err(Hold::Wait(Text::new("it is being deleted", "它正在被删除"))),
            Standing::Unserved => {
                cluster.discover().await.map_err(held)?;
                return Err(not_served());
            }
            Standing::Differs { adopts: true, .. }
                if job.keeps_what_is_there && self.world.certificates(cluster.name()).is_none() =>
            {
                let reason = Text::new("it was there before, and is kept as it is", "它原本就在，保持不变");
                return Ok((Outcome::Unchanged, Some(reason), None));
            }
            Standing::Differs { adopts: true, marked, .. } => (Outcome::Adopted, marked),
            Standing::Differs { marked, .. } => (Outcome::Configured, marked),
            Standing::Absent => (Outcome::Created, false),
        };
        let fail = |failure: Failure| Hold::Fail(Box::new(failure));
        let gate = &self.gates[cluster.name()];
        self.sets[cluster.name()].admit(&job.owner, members, &self.uids, gate).await.map_err(fail)?;
        let seal = object::apply(cluster, object, marked, self.force).await.map_err(held)?;
        Ok((outcome, None, Some(seal)))
    }
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
