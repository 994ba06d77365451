//! What need not be done: whether a run would come to nothing, and whether it would render anything.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use shared::fact::Fact;

use super::Walk;
use crate::applyset::Done;
use crate::fill::Fillings;
use crate::probe::{Learned, Sight};
use crate::report::{Event, ObjectName};
use crate::sound::Facts;
use crate::sweep::Gone;
use crate::work::Job;

/// How long what was seen of a fact counts where nobody has touched what it is about.
const FRESH: Duration = Duration::from_secs(5);

/// What was seen of the facts before the first step, and when; nothing where nobody looked.
#[derive(Default)]
pub(crate) struct Seen(Option<(Instant, Facts)>);

impl Seen {
    /// These facts, seen at that moment.
    pub(crate) fn at(moment: Instant, facts: Facts) -> Self {
        Self(Some((moment, facts)))
    }

    /// What was learnt of a fact that was so a moment ago.
    pub(super) fn fresh(&self, fact: &Fact) -> Option<Learned> {
        let (at, facts) = self.0.as_ref()?;
        learnt(facts, fact).filter(|_| at.elapsed() < FRESH)
    }
}

impl Walk {
    /// The objects of each step, where every one is as it was left, every fact is so, and all of it is on record.
    pub(crate) async fn at_rest(&self, seen: &Facts) -> Option<Vec<Vec<ObjectName>>> {
        let mut all = Vec::new();
        let sound = self.sound.lock().await;
        for job in &self.work.jobs {
            job.gives.iter().all(|fact| learnt(seen, fact).is_some()).then_some(())?;
            all.push(sound.objects(&self.work, job, &self.seen(job, seen), self.adopts(job))?);
        }
        for set in self.sets.values() {
            let state = set.state().await;
            Gone::of(&self.work, &state, &BTreeMap::new()).is_empty().then_some(())?;
            let done = self.nothing_done();
            (done.recorded(&state, &self.uids) == state).then_some(())?;
        }
        Some(all)
    }

    /// What a run records that did nothing.
    pub(super) fn nothing_done(&self) -> Done {
        let (bundle, release) = (self.work.digest.clone(), self.work.version.clone());
        Done { bundle, release, whole: self.work.whole, ..Done::default() }
    }

    /// Tells of a run that had nothing to do.
    pub(crate) fn rest(&self, objects: Vec<Vec<ObjectName>>, seen: &Facts) {
        for (job, objects) in self.work.jobs.iter().zip(objects) {
            let outcomes = self.unchanged(job, objects);
            for (fact, learnt) in job.gives.iter().filter_map(|fact| Some((fact, learnt(seen, fact)?))) {
                self.tell_of_fact(fact, &learnt);
            }
            let step = job.id.clone();
            self.report.event(&Event::StepDone { step, changed: false, outcomes, milliseconds: 0 });
        }
    }

    /// Whether any installation is to be rendered, as far as can be told beforehand.
    pub(crate) async fn renders(&self, seen: &Facts) -> bool {
        let sound = self.sound.lock().await;
        let same = |job: &Job| sound.objects(&self.work, job, &self.seen(job, seen), false).is_some();
        self.work.jobs.iter().any(|job| job.installs.is_some() && !same(job))
    }

    /// The values for the holes of a step, out of what was seen.
    fn seen(&self, job: &Job, seen: &Facts) -> Fillings {
        self.work.fillings(job, |fact| learnt(seen, fact))
    }

    /// Whether a step would take over what was there before it.
    pub(super) fn adopts(&self, job: &Job) -> bool {
        self.world.certificates(&job.cluster).is_some()
    }
}

/// What was learnt of a fact that was seen to be so.
pub(crate) fn learnt(seen: &Facts, fact: &Fact) -> Option<Learned> {
    match seen.get(fact) {
        Some(Ok(Sight::So(learnt))) => Some(learnt.clone()),
        _ => None,
    }
}
