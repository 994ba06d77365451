//! One step: wait for what it needs, apply its objects, wait for what it gives.

use std::collections::BTreeSet;
use std::time::Instant;

use futures_util::future::join_all;
use shared::fact::Fact;
use shared::probe::Probe;

use super::settle::{Places, Settled};
use super::{Board, End, State, Walk};
use crate::applyset::{Left, digest};
use crate::error::Failure;
use crate::object::Object;
use crate::probe::authority;
use crate::report::{Event, ObjectName, Outcome, Tally};
use crate::work::Job;

/// What a step did.
struct Brought {
    outcomes: Tally,
    /// Whether all of it was as it was left, so that nothing was looked at.
    untouched: bool,
}

impl Walk {
    /// Runs the step at `index` of the plan to its end.
    pub(super) async fn step(&self, index: usize, board: &Board) -> End {
        let job = &self.work.jobs[index];
        let end = match self.ready(job, board).await {
            Err(end) => end,
            Ok(places) => match self.perform(job, places, board).await {
                Ok(true) => End::Done,
                Ok(false) => End::Stopped,
                Err(failure) => End::Failed(Box::new(failure)),
            },
        };
        if !matches!(end, End::Done) {
            let open =
                |fact: &&Fact| board.facts.get(*fact).is_some_and(|sender| !matches!(*sender.borrow(), State::So(_)));
            let lost: BTreeSet<Fact> = job.gives.iter().filter(open).cloned().collect();
            if let End::Failed(failure) = &end {
                let blocked = self.blocked_by(&lost);
                self.report.event(&Event::StepFailed { step: job.id.clone(), what: failure.what.clone(), blocked });
            }
            for fact in &lost {
                if let Some(sender) = board.facts.get(fact) {
                    sender.send_replace(State::Lost);
                }
            }
        }
        end
    }

    /// Waits until all needs are so. While those are waited for that come from outside, as addresses do, what is in the places of the
    /// step's objects is read: then they can be written at once.
    async fn ready(&self, job: &Job, board: &Board) -> Result<Places, End> {
        let (late, soon): (Vec<&Fact>, Vec<&Fact>) = job.needs.iter().partition(|fact| self.comes_late(fact));
        self.needs(&soon, board).await?;
        let is_open =
            |fact: &&Fact| board.facts.get(*fact).is_some_and(|sender| matches!(*sender.borrow(), State::Open));
        let waits = late.iter().any(is_open);
        // What is as it was left may turn out to need no writing, and an installation is known once it is rendered.
        let reads = waits && job.installs.is_none() && !self.sound.lock().await.holds(&job.owner);
        let ahead = async { if reads { self.read_ahead(job).await } else { Places::new() } };
        let (needs, places) = tokio::join!(self.needs(&late, board), ahead);
        needs.map(|()| places)
    }

    /// Whether a fact comes about by what others do.
    fn comes_late(&self, fact: &Fact) -> bool {
        let late = |probe: &Probe| {
            matches!(
                probe,
                Probe::Address { .. } | Probe::NodeAddress { .. } | Probe::GatewayAddress { .. } | Probe::Token { .. }
            )
        };
        self.work.probe(fact).is_ok_and(late)
    }

    /// Waits until these facts are so. No deadline here: whoever gives a fact has one.
    async fn needs(&self, facts: &[&Fact], board: &Board) -> Result<(), End> {
        let mut stop = self.stop.clone();
        for fact in facts {
            let Some(sender) = board.facts.get(*fact) else { continue };
            let mut receiver = sender.subscribe();
            let settled = receiver.wait_for(|state| !matches!(state, State::Open));
            let lost = tokio::select! {
                state = settled => state.is_ok_and(|state| matches!(*state, State::Lost)),
                _ = stop.wait_for(|stop| *stop) => return Err(End::Stopped),
            };
            if lost {
                return Err(End::Blocked);
            }
        }
        if *self.stop.borrow() { Err(End::Stopped) } else { Ok(()) }
    }

    /// Applies the step's objects and waits for its facts; false when the operator stopped it.
    async fn perform(&self, job: &Job, places: Places, board: &Board) -> Result<bool, Failure> {
        let begun = Instant::now();
        self.report.event(&Event::StepStarted { step: job.id.clone(), why: job.why.clone() });
        let Some(brought) = self.bring_about(job, places, board).await? else { return Ok(false) };
        let Brought { outcomes, untouched } = brought;
        let waits = job.gives.iter().map(|fact| async move {
            let learnt = match self.seen.fresh(fact).filter(|_| untouched) {
                Some(learnt) => {
                    self.tell_of_fact(fact, &learnt);
                    Some(learnt)
                }
                None => self.wait(job, fact).await?,
            };
            let so = learnt.is_some();
            if let (Some(learnt), Some(sender)) = (learnt, board.facts.get(fact)) {
                sender.send_replace(State::So(learnt));
            }
            Ok(so)
        });
        for so in join_all(waits).await {
            if !so? {
                return Ok(false);
            }
        }
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.report.event(&Event::StepDone {
            step: job.id.clone(),
            changed: outcomes.changes() > 0,
            outcomes,
            milliseconds,
        });
        Ok(true)
    }

    /// Applies the step's objects, unless all are as they were left; nothing when the operator stopped it.
    async fn bring_about(&self, job: &Job, places: Places, board: &Board) -> Result<Option<Brought>, Failure> {
        let fillings = self.fillings(job, board).await?;
        let made = {
            let mut sound = self.sound.lock().await;
            if let Some(objects) = sound.objects(&self.work, job, &fillings, self.adopts(job)) {
                return Ok(Some(Brought { outcomes: self.unchanged(job, objects), untouched: true }));
            }
            sound.forget(&job.owner);
            sound.made(&self.work, job, &fillings)
        };
        let set = &self.sets[&job.cluster];
        let ahead = board.ahead.lock().await.remove(&job.id);
        let objects = match ahead {
            Some(rendering) => rendering.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?,
            None => self.work.objects(job, &fillings, &self.renderers, &set.id()).await?,
        };
        let mut settled = Settled::default();
        let ((), goes_on) =
            tokio::join!(self.warn_of_authorities(job), self.settle(job, &objects, places, &mut settled));
        if !goes_on? {
            return Ok(None);
        }
        self.warn_of_families(job, &objects).await;
        if let Some(reader) = self.work.reader_of(job)
            && !self.renew(&reader, settled.is_other).await?
        {
            return Ok(None);
        }
        let mut done = board.done.lock().await;
        let done = done.entry(job.cluster.clone()).or_default();
        done.steps.insert(job.id.clone(), digest(&objects));
        done.objects.insert(job.owner.clone(), objects.iter().map(Object::id).collect());
        done.left.insert(job.owner.clone(), Left { made, objects: settled.seals });
        Ok(Some(Brought { outcomes: settled.tally, untouched: false }))
    }

    /// Says of authorities that are about to be written into remote secrets what they are not known to be good for.
    pub(super) async fn warn_of_authorities(&self, job: &Job) {
        for fact in self.work.authorities(job) {
            let Ok(cluster) = self.world.cluster(fact.cluster().as_str()) else { continue };
            if let Some((text, hint)) = authority::warning(&self.world, cluster).await {
                let place = Some(cluster.name().to_owned());
                self.report.event(&Event::Warning { place, text, hints: vec![hint] });
            }
        }
    }

    /// Tells of objects that need not be looked at.
    pub(crate) fn unchanged(&self, job: &Job, objects: Vec<ObjectName>) -> Tally {
        let mut tally = Tally::default();
        for object in objects {
            let outcome = Outcome::Unchanged;
            tally.count(outcome);
            self.report.event(&Event::Object { step: job.id.clone(), object, outcome, reason: None });
        }
        tally
    }
}
