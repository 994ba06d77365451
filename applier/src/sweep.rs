//! The plan backwards: what was applied is taken away, by the record and not by guesses; what others own stays and is named.
//!
//! Istiods go first, in all clusters: while one runs, it writes again what was deleted.

mod inventory;
mod leftovers;
mod namespaces;
mod place;
mod prune;
mod remove;
mod taken;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use shared::text::Text;
use tokio::sync::watch;

pub(crate) use prune::Gone;

use crate::applyset::{ApplySet, State};
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::lease::Gate;
use crate::refusal::again;
use crate::report::Report;
use crate::work::Work;
use crate::world::World;

/// One cleanup.
pub(crate) struct Sweep<'a> {
    /// What was to be done.
    pub(crate) work: &'a Work,
    /// The clusters.
    pub(crate) world: &'a World,
    /// The record of each cluster.
    pub(crate) sets: &'a BTreeMap<String, ApplySet>,
    /// The door to writing on each cluster.
    pub(crate) gates: &'a BTreeMap<String, Gate>,
    /// How long one wait may take.
    pub(crate) timeout: Duration,
    /// Where all of it is told.
    pub(crate) report: &'a Report,
    /// Becomes true when the operator wants to stop.
    pub(crate) stop: watch::Receiver<bool>,
}

/// Why a cluster is not done.
enum Halt {
    /// The operator stopped it.
    Stopped,
    /// It failed.
    Failed(Box<Failure>),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

/// One cluster of a cleanup.
struct Place<'a> {
    sweep: &'a Sweep<'a>,
    cluster: &'a Cluster,
    set: &'a ApplySet,
    state: State,
}

impl Sweep<'_> {
    /// Takes everything away.
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let ended = self.all().await;
        // What is left of a Lease runs out by itself; the cleanup's own failure is the better news.
        join_all(self.gates.values().map(Gate::shut)).await;
        ended
    }

    async fn all(&self) -> Result<(), Failure> {
        let records = self.sets.iter().map(|(name, set)| async move {
            if !set.state().await.exists {
                return Ok(None);
            }
            let state = set.confirmed(&self.gates[name]).await?;
            let cluster = self.world.cluster(name)?;
            Ok(state.exists.then_some(Place { sweep: self, cluster, set, state }))
        });
        let found: Result<Vec<_>, Failure> = join_all(records).await.into_iter().collect();
        let places: Vec<Place<'_>> = found?.into_iter().flatten().collect();
        Self::verdict(join_all(places.iter().map(Place::stop_istiods)).await)?;
        Self::verdict(join_all(places.iter().map(Place::take_away)).await)
    }

    /// One failure out of those of all clusters.
    fn verdict(ends: Vec<Result<(), Halt>>) -> Result<(), Failure> {
        let mut stopped = false;
        for end in ends {
            match end {
                Ok(()) => {}
                Err(Halt::Stopped) => stopped = true,
                Err(Halt::Failed(failure)) => {
                    let told = failure.hints.contains(&again());
                    return Err(if told { *failure } else { failure.hint(again()) });
                }
            }
        }
        if stopped {
            return Err(halted());
        }
        Ok(())
    }
}

fn halted() -> Failure {
    let what = Text::new("interrupted: not everything is taken away", "已中断：尚未全部清理");
    Failure::new(Exit::Interrupted, what).hint(again())
}
