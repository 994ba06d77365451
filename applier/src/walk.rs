//! The walk through the plan: every step as soon as the facts it needs are so, clusters side by side, each wait with its
//! reason and its deadline. Facts are looked up, never remembered: a run after an interrupted one goes on from what is there.

mod settle;
mod step;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use shared::fact::Fact;
use shared::text::Text;
use tokio::sync::{Mutex, watch};

use crate::applyset::ApplySet;
use crate::error::{Exit, Failure};
use crate::fill::Fillings;
use crate::istioctl::Istioctl;
use crate::lease::Gate;
use crate::probe::Learned;
use crate::refusal::again;
use crate::report::{Event, Report};
use crate::work::{Job, Work};
use crate::world::World;

/// What a step that needs a fact can know of it.
#[derive(Clone)]
enum State {
    /// Not looked at, or not so yet.
    Open,
    /// It is so.
    So(Learned),
    /// The step that gives it failed, or was not begun.
    Lost,
}

/// Everything the steps of one run share.
pub(crate) struct Walk {
    /// What is to be done.
    pub(crate) work: Work,
    /// The clusters.
    pub(crate) world: World,
    /// Renders installations, where there are some.
    pub(crate) istioctl: Option<Istioctl>,
    /// The record of each cluster.
    pub(crate) sets: BTreeMap<String, ApplySet>,
    /// The door to writing on each cluster.
    pub(crate) gates: BTreeMap<String, Gate>,
    /// The uid of every cluster.
    pub(crate) uids: BTreeMap<String, String>,
    /// How long one wait may take.
    pub(crate) timeout: Duration,
    /// Whether fields of others are taken over.
    pub(crate) force: bool,
    /// Where all of it is told.
    pub(crate) report: Arc<Report>,
    /// Becomes true when the operator wants to stop.
    pub(crate) stop: watch::Receiver<bool>,
}

/// What the steps of a run tell each other.
struct Board {
    facts: BTreeMap<Fact, watch::Sender<State>>,
    digests: Mutex<BTreeMap<String, BTreeMap<String, String>>>,
}

/// How a step ended.
enum End {
    /// Done.
    Done,
    /// It failed.
    Failed(Box<Failure>),
    /// A fact that it needs was lost.
    Blocked,
    /// The operator stopped before it.
    Stopped,
}

impl Walk {
    /// Checks what no step gives, then walks, then records what was applied.
    pub(crate) async fn run(self: &Arc<Self>) -> Result<(), Failure> {
        let assumed = self.assumptions().await?;
        let ended = self.steps(assumed).await;
        let shut = self.shut().await;
        ended.and(shut)
    }

    /// Looks at every fact that is needed and that no step gives. All before the first write.
    pub(crate) async fn assumptions(&self) -> Result<BTreeMap<Fact, Learned>, Failure> {
        let mut learnt = BTreeMap::new();
        for fact in self.work.assumptions() {
            let probe = self.work.probe(&fact)?;
            let sight = crate::probe::look(&self.world, &fact, probe).await?;
            match sight {
                crate::probe::Sight::So(what) => {
                    self.report.event(&Event::Fact {
                        fact: fact.to_string(),
                        holds: true,
                        detail: what.detail.clone(),
                    });
                    learnt.insert(fact, what);
                }
                crate::probe::Sight::NotYet(why) => return Err(crate::trust::unmet(&fact, probe, why)),
                crate::probe::Sight::Never(failure) => return Err(*failure),
            }
        }
        crate::trust::one_root(&learnt)?;
        Ok(learnt)
    }

    async fn steps(self: &Arc<Self>, assumed: BTreeMap<Fact, Learned>) -> Result<(), Failure> {
        let mut facts: BTreeMap<Fact, watch::Sender<State>> = self
            .work
            .jobs
            .iter()
            .flat_map(|job| &job.gives)
            .map(|fact| (fact.clone(), watch::Sender::new(State::Open)))
            .collect();
        facts.extend(assumed.into_iter().map(|(fact, learnt)| (fact, watch::Sender::new(State::So(learnt)))));
        let board = Arc::new(Board { facts, digests: Mutex::default() });
        let mut running = tokio::task::JoinSet::new();
        for index in 0..self.work.jobs.len() {
            let (walk, board) = (Arc::clone(self), Arc::clone(&board));
            running.spawn(async move { (index, walk.step(index, &board).await) });
        }
        let mut ends: BTreeMap<usize, End> = BTreeMap::new();
        while let Some(joined) = running.join_next().await {
            match joined {
                Ok((index, end)) => {
                    ends.insert(index, end);
                }
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            }
        }
        self.verdict(ends)?;
        let digests = board.digests.lock().await;
        for (cluster, set) in &self.sets {
            let steps = digests.get(cluster).cloned().unwrap_or_default();
            set.conclude(&self.work.digest, steps, &self.uids, &self.gates[cluster]).await?;
        }
        Ok(())
    }

    /// One failure out of those of all steps: the first in the order of the plan, with what became of the rest.
    fn verdict(&self, ends: BTreeMap<usize, End>) -> Result<(), Failure> {
        let done = ends.values().filter(|end| matches!(end, End::Done)).count();
        let total = self.work.jobs.len();
        let mut failures: Vec<Failure> = Vec::new();
        let mut stopped = false;
        for end in ends.into_values() {
            match end {
                End::Failed(failure) => failures.push(*failure),
                End::Stopped => stopped = true,
                End::Done | End::Blocked => {}
            }
        }
        let so_far =
            Text::new(format!("{done} of {total} steps are done"), format!("{total} 个步骤中已完成 {done} 个"));
        if stopped && failures.is_empty() {
            let what = Text::new(format!("interrupted: {}", so_far.en), format!("已中断：{}", so_far.zh));
            return Err(Failure::new(Exit::Interrupted, what).hint(again()));
        }
        let more = failures.len().saturating_sub(1);
        let Some(mut first) = failures.into_iter().next() else { return Ok(()) };
        if more > 0 {
            first = first.hint(Text::new(
                format!("{more} more steps failed, see above"),
                format!("另有 {more} 个步骤失败，见上文"),
            ));
        }
        if !first.hints.contains(&again()) {
            first = first
                .hint(Text::new(format!("{}; {}", so_far.en, again().en), format!("{}；{}", so_far.zh, again().zh)));
        }
        Err(first)
    }

    /// Gives the Leases back, whatever happened.
    async fn shut(&self) -> Result<(), Failure> {
        for (cluster, gate) in &self.gates {
            if let Err(error) = gate.shut().await {
                let target = &self.world.cluster(cluster)?.target;
                return Err(crate::refusal::refusal(target, cluster, "Lease", &error));
            }
        }
        Ok(())
    }

    /// The values for the holes of a step, out of what is known.
    fn fillings(&self, job: &Job, board: &Board) -> Fillings {
        let known = |fact: &Fact| match board.facts.get(fact).map(|sender| sender.borrow().clone()) {
            Some(State::So(learnt)) => Some(learnt),
            _ => None,
        };
        self.work.fillings(job, known)
    }

    /// The steps that cannot begin when these facts are lost, directly or by others.
    fn blocked_by(&self, lost: &BTreeSet<Fact>) -> Vec<String> {
        let mut lost = lost.clone();
        let mut blocked = Vec::new();
        // Steps stand after those they wait for, so one pass is enough.
        for job in &self.work.jobs {
            if !job.needs.is_disjoint(&lost) {
                lost.extend(job.gives.iter().cloned());
                blocked.push(job.id.clone());
            }
        }
        blocked
    }
}
