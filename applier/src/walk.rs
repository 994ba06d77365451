//! The walk through the plan: every step as soon as the facts it needs are so, clusters side by side, each wait with its
//! reason and its deadline. Facts are looked up, never remembered: a run after an interrupted one goes on from what is there.

mod family;
mod prune;
mod renew;
mod rest;
mod rotate;
mod settle;
mod step;
mod wait;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use shared::fact::Fact;
use shared::hole::Part;
use shared::probe::Probe;
use shared::text::Text;
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::task::JoinHandle;

use crate::applyset::{ApplySet, Done};
use crate::clusters;
use crate::error::{Exit, Failure};
use crate::fill::{Filling, Fillings};
use crate::lease::Gate;
use crate::object::Object;
use crate::probe::Learned;
use crate::program::Renderers;
use crate::refusal::again;
use crate::report::{Event, Report};
use crate::sound::{Facts, Sound};
use crate::work::{Job, Work};
use crate::world::World;

pub(crate) use prune::departed;
pub(crate) use rest::{Seen, learnt};

/// How many installations are held in memory before their step begins.
const RENDERED_AHEAD: usize = 8;

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
    /// The programs that render installations.
    pub(crate) renderers: Renderers,
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
    /// The steps that are as they were left.
    pub(crate) sound: Mutex<Sound>,
    /// What was seen of facts before the first step.
    pub(crate) seen: Seen,
    /// Becomes true when the operator wants to stop.
    pub(crate) stop: watch::Receiver<bool>,
}

/// An installation on its way through the program that renders it.
type Rendering = JoinHandle<Result<Vec<Object>, Failure>>;

/// What the steps of a run tell each other.
struct Board {
    facts: BTreeMap<Fact, watch::Sender<State>>,
    /// What was done, by cluster.
    done: Mutex<BTreeMap<String, Done>>,
    /// Installations that are rendered before their step begins.
    ahead: Mutex<BTreeMap<String, Rendering>>,
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
    /// Walks from what no step gives, then records what was applied.
    pub(crate) async fn run(self: &Arc<Self>, assumed: BTreeMap<Fact, Learned>) -> Result<(), Failure> {
        let ended = self.steps(assumed).await;
        let shut = self.shut().await;
        ended.and(shut)
    }

    /// Judges what was seen of every fact that is needed and that no step gives. All before the first write.
    pub(crate) fn assumptions(&self, seen: &Facts) -> Result<BTreeMap<Fact, Learned>, Failure> {
        let mut learnt = BTreeMap::new();
        for fact in self.work.assumptions() {
            let probe = self.work.probe(&fact)?;
            let Some(sight) = seen.get(&fact).cloned() else { continue };
            match sight? {
                crate::probe::Sight::So(what) => {
                    self.report.event(&Event::Fact {
                        fact: fact.to_string(),
                        holds: true,
                        detail: what.detail.clone(),
                    });
                    self.warn_of_loopback(&fact, &what);
                    learnt.insert(fact, what);
                }
                crate::probe::Sight::NotYet(why) => {
                    let context = &self.world.cluster(fact.cluster().as_str())?.target.context;
                    let failure = crate::trust::unmet(&fact, probe, why, context);
                    // A step that was not chosen gives it.
                    let giver = self.work.giver(&fact).map(|step| {
                        Text::new(
                            format!("{step} gives it: let it run too, or first"),
                            format!("该事实由 {step} 产生：请一并或先行执行它"),
                        )
                    });
                    return Err(giver.into_iter().fold(failure, Failure::hint));
                }
                crate::probe::Sight::Never(failure) => return Err(*failure),
            }
        }
        crate::trust::one_root(&learnt)?;
        Ok(learnt)
    }

    /// Others can hardly dial a loopback address. As with `istioctl` it is a warning, unless it was drawn.
    fn warn_of_loopback(&self, fact: &Fact, learnt: &Learned) {
        let drawn = matches!(self.work.probes.get(fact), Some(Probe::ApiServer { url: Some(_), .. }));
        let Some(url) = learnt.parts.get(&Part::Url).and_then(Filling::shown) else { return };
        if let Some((text, hint)) = clusters::loopback(url).filter(|_| !drawn) {
            let place = Some(fact.cluster().to_string());
            self.report.event(&Event::Warning { place, text, hints: vec![hint] });
        }
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
        let board = Arc::new(Board { facts, done: Mutex::default(), ahead: Mutex::new(self.render_ahead().await) });
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
        self.conclude(&*board.done.lock().await).await
    }

    /// Takes away what is too much, cluster by cluster, then records all of it side by side.
    async fn conclude(&self, done: &BTreeMap<String, Done>) -> Result<(), Failure> {
        let mut ended = Ok(());
        let mut concluded = Vec::new();
        for (cluster, set) in &self.sets {
            let Done { steps, left, objects, .. } = done.get(cluster).cloned().unwrap_or_default();
            let before = set.state().await;
            self.warn_of_departed(cluster, &before);
            match self.prune(cluster, before, &objects).await {
                Ok(gone) => concluded.push((cluster, set, Done { steps, left, objects, gone, ..self.nothing_done() })),
                Err(failure) => {
                    ended = Err(failure);
                    break;
                }
            }
        }
        let records =
            concluded.iter().map(|(cluster, set, done)| set.conclude(done, &self.uids, &self.gates[*cluster]));
        join_all(records).await.into_iter().fold(ended, Result::and)
    }

    /// Begins to render installations that need no value from a cluster, while the steps before them run.
    async fn render_ahead(self: &Arc<Self>) -> BTreeMap<String, Rendering> {
        let sound = self.sound.lock().await;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let seats = Arc::new(Semaphore::new(cores));
        let ready = (0..self.work.jobs.len()).filter(|index| {
            let job = &self.work.jobs[*index];
            let same = || sound.objects(&self.work, job, &Fillings::new(), false).is_some();
            job.installs.is_some() && self.work.open(job).is_empty() && !same()
        });
        let begin = |index: usize| {
            let (walk, seats) = (Arc::clone(self), Arc::clone(&seats));
            let rendering = tokio::spawn(async move {
                // Never closed; were it, rendering at once is as good.
                let _seat = seats.acquire().await;
                let job = &walk.work.jobs[index];
                let set = walk.sets[&job.cluster].id();
                walk.work.objects(job, &Fillings::new(), &walk.renderers, &set).await
            });
            (self.work.jobs[index].id.clone(), rendering)
        };
        ready.take(RENDERED_AHEAD).map(begin).collect()
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
        let shuts = self.gates.iter().map(|(cluster, gate)| async move {
            let Err(error) = gate.shut().await else { return Ok(()) };
            let target = &self.world.cluster(cluster)?.target;
            Err(crate::refusal::refusal(target, cluster, "Lease", &error))
        });
        join_all(shuts).await.into_iter().fold(Ok(()), Result::and)
    }

    /// The values for the holes of a step, out of what is known; what it does not wait for is looked up once.
    async fn fillings(&self, job: &Job, board: &Board) -> Result<Fillings, Failure> {
        let mut found = BTreeMap::new();
        for fact in self.work.optional(job) {
            if let crate::probe::Sight::So(learnt) =
                crate::probe::look(&self.world, &fact, self.work.probe(&fact)?).await?
            {
                found.insert(fact, learnt);
            }
        }
        let known = |fact: &Fact| match board.facts.get(fact).map(|sender| sender.borrow().clone()) {
            Some(State::So(learnt)) => Some(learnt),
            _ => found.get(fact).cloned(),
        };
        Ok(self.work.fillings(job, known))
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
