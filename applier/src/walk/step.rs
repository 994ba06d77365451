//! One step: wait for what it needs, apply its objects, wait for what it gives.

use std::collections::BTreeSet;
use std::time::Instant;

use futures_util::future::join_all;
use shared::fact::Fact;

use super::settle::Settled;
use super::{Board, End, State, Walk};
use crate::applyset::{Left, digest};
use crate::error::Failure;
use crate::object::Object;
use crate::probe::authority;
use crate::report::{Event, ObjectName, Outcome, Tally};
use crate::work::Job;

impl Walk {
    /// Runs the step at `index` of the plan to its end.
    pub(super) async fn step(&self, index: usize, board: &Board) -> End {
        let job = &self.work.jobs[index];
        let end = match self.needs(job, board).await {
            Some(end) => end,
            None => match self.perform(job, board).await {
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

    /// Waits until all needs are so. No deadline here: whoever gives a fact has one.
    async fn needs(&self, job: &Job, board: &Board) -> Option<End> {
        let mut stop = self.stop.clone();
        for fact in &job.needs {
            let Some(sender) = board.facts.get(fact) else { continue };
            let mut receiver = sender.subscribe();
            let settled = receiver.wait_for(|state| !matches!(state, State::Open));
            let lost = tokio::select! {
                state = settled => state.is_ok_and(|state| matches!(*state, State::Lost)),
                _ = stop.wait_for(|stop| *stop) => return Some(End::Stopped),
            };
            if lost {
                return Some(End::Blocked);
            }
        }
        (*self.stop.borrow()).then_some(End::Stopped)
    }

    /// Applies the step's objects and waits for its facts; false when the operator stopped it.
    async fn perform(&self, job: &Job, board: &Board) -> Result<bool, Failure> {
        let begun = Instant::now();
        self.report.event(&Event::StepStarted { step: job.id.clone(), why: job.why.clone() });
        let Some(outcomes) = self.bring_about(job, board).await? else { return Ok(false) };
        let waits = job.gives.iter().map(|fact| async move {
            let learnt = self.wait(job, fact).await?;
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
    async fn bring_about(&self, job: &Job, board: &Board) -> Result<Option<Tally>, Failure> {
        let fillings = self.fillings(job, board).await?;
        let made = {
            let mut sound = self.sound.lock().await;
            if let Some(objects) = sound.objects(&self.work, job, &fillings, self.adopts(job)) {
                return Ok(Some(self.unchanged(job, objects)));
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
        let ((), goes_on) = tokio::join!(self.warn_of_authorities(job), self.settle(job, &objects, &mut settled));
        if !goes_on? {
            return Ok(None);
        }
        if let Some(reader) = self.work.reader_of(job)
            && !self.renew(&reader, settled.tally.changes() > 0).await?
        {
            return Ok(None);
        }
        let mut done = board.done.lock().await;
        let done = done.entry(job.cluster.clone()).or_default();
        done.steps.insert(job.id.clone(), digest(&objects));
        done.objects.insert(job.owner.clone(), objects.iter().map(Object::id).collect());
        done.left.insert(job.owner.clone(), Left { made, objects: settled.seals });
        Ok(Some(settled.tally))
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
