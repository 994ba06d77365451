//! The plan backwards: what was applied is taken away, by the record and not by guesses; what others own stays and is named.
//!
//! Istiods go first, in all clusters: while one runs, it writes again what was deleted.

mod inventory;
mod leftovers;
mod namespaces;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::probe::Probe;
use shared::text::Text;
use tokio::sync::watch;

use crate::applyset::{ApplySet, State};
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::lease::Gate;
use crate::object;
use crate::refusal::{again, refusal};
use crate::report::{Event, Outcome, Report, Tally};
use crate::transport::CallError;
use crate::work::Work;
use crate::world::World;

use inventory::{Member, inventory};

const PAUSE: Duration = Duration::from_millis(200);

/// One cleanup.
pub(crate) struct Sweep {
    /// What was to be done.
    pub(crate) work: Work,
    /// The clusters.
    pub(crate) world: World,
    /// The record of each cluster.
    pub(crate) sets: BTreeMap<String, ApplySet>,
    /// The door to writing on each cluster.
    pub(crate) gates: BTreeMap<String, Gate>,
    /// How long one wait may take.
    pub(crate) timeout: Duration,
    /// Where all of it is told.
    pub(crate) report: Arc<Report>,
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
    sweep: &'a Sweep,
    cluster: &'a Cluster,
    set: &'a ApplySet,
    state: State,
}

impl Sweep {
    /// Takes everything away.
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let mut places = Vec::new();
        for (name, set) in &self.sets {
            let state = set.state().await;
            if state.exists {
                places.push(Place { sweep: self, cluster: self.world.cluster(name)?, set, state });
            }
        }
        let ended = self.all(&places).await;
        for gate in self.gates.values() {
            // What is left of a Lease runs out by itself; the cleanup's own failure is the better news.
            let _ = gate.shut().await;
        }
        ended
    }

    async fn all(&self, places: &[Place<'_>]) -> Result<(), Failure> {
        for name in places.iter().map(|place| place.cluster.name()) {
            self.gates[name].open().await?;
        }
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
            let what = Text::new("interrupted: not everything is taken away", "已中断：尚未全部清理");
            return Err(Failure::new(Exit::Interrupted, what).hint(again()));
        }
        Ok(())
    }
}

impl Place<'_> {
    /// Deletes the istiods that were applied and waits until their pods are gone.
    async fn stop_istiods(&self) -> Result<(), Halt> {
        let members = self.members().await?;
        for probe in self
            .sweep
            .work
            .probes
            .iter()
            .filter(|(fact, _)| fact.cluster().as_str() == self.cluster.name())
            .map(|(_, probe)| probe)
        {
            let Probe::Istiod { namespace, deployment, .. } = probe else { continue };
            let is_it = |member: &&Member| {
                member.resource.kind.kind == "Deployment"
                    && member.namespace() == namespace
                    && member.name() == deployment
            };
            let Some(istiod) = members.iter().find(is_it) else { continue };
            let found = self.call(istiod, self.cluster.transport.find(&istiod.path()).await)?;
            self.remove(istiod).await?;
            let Some(found) = found else { continue };
            let labels = found["spec"]["selector"]["matchLabels"].as_object().into_iter().flatten();
            let selector: Vec<String> =
                labels.map(|(key, value)| format!("{key}%3D{}", value.as_str().unwrap_or_default())).collect();
            if let Some(pods) = self.cluster.path("", "Pod", namespace, "") {
                let path = format!("{}?labelSelector={}", pods.trim_end_matches('/'), selector.join("%2C"));
                self.wait_until_none(istiod, &path).await?;
            }
        }
        Ok(())
    }

    /// Deletes, in the reverse order of the plan: members, what istiod left, definitions, namespaces, the record.
    async fn take_away(&self) -> Result<(), Halt> {
        let members = self.members().await?;
        let kind = |member: &Member| member.resource.kind.kind.clone();
        let is_webhook = |member: &Member| kind(member).ends_with("WebhookConfiguration");
        let is_ground = |member: &Member| matches!(kind(member).as_str(), "Namespace" | "CustomResourceDefinition");
        // A webhook whose istiod is gone would refuse what is still to be changed.
        for removed in
            join_all(members.iter().filter(|member| is_webhook(member)).map(|member| self.remove(member))).await
        {
            removed?;
        }
        let mut steps: BTreeMap<usize, Vec<&Member>> = BTreeMap::new();
        for member in members.iter().filter(|member| !is_webhook(member) && !is_ground(member)) {
            steps.entry(self.order(member)).or_default().push(member);
        }
        for group in steps.into_values().rev() {
            self.group(group.into_iter()).await?;
        }
        self.take_leftovers().await?;
        let definitions = members.iter().filter(|member| kind(member) == "CustomResourceDefinition");
        let taken =
            join_all(definitions.map(|member| async move { (member, self.take_definition(member).await) })).await;
        let namespaces = members.iter().filter(|member| kind(member) == "Namespace");
        let emptied =
            join_all(namespaces.map(|member| async move { (member, self.take_namespace(member).await) })).await;
        let mut kept: Vec<&Member> = Vec::new();
        for (member, taken) in taken.into_iter().chain(emptied) {
            if !taken? {
                kept.push(member);
            }
        }
        // New namespaces of others may have been given certificates until the istiod ended.
        self.take_leftovers().await?;
        self.conclude(&kept).await
    }

    async fn conclude(&self, kept: &[&Member]) -> Result<(), Halt> {
        if kept.is_empty() {
            let deleted = self.set.delete().await;
            deleted.map_err(|error| refusal(&self.cluster.target, self.cluster.name(), "ConfigMap", &error))?;
            return Ok(());
        }
        let kinds: BTreeSet<_> = kept.iter().map(|member| member.resource.kind.clone()).collect();
        let namespaces: BTreeSet<_> =
            kept.iter().map(|member| member.namespace().to_owned()).filter(|namespace| !namespace.is_empty()).collect();
        self.set.shrink(kinds, namespaces, &self.sweep.gates[self.cluster.name()]).await?;
        Ok(())
    }

    /// Everything that carries the label of the set.
    async fn members(&self) -> Result<Vec<Member>, Halt> {
        let found = inventory(self.cluster, &self.set.id(), &self.state.kinds).await;
        Ok(found.map_err(|error| refusal(&self.cluster.target, self.cluster.name(), "ApplySet", &error))?)
    }

    /// The place of a member's step in the plan; steps that the bundle no longer has come last, so that they go first.
    fn order(&self, member: &Member) -> usize {
        let jobs = &self.sweep.work.jobs;
        jobs.iter().position(|job| job.id == member.step()).unwrap_or(jobs.len())
    }

    /// Removes members that belong together, side by side.
    async fn group<'m>(&self, members: impl Iterator<Item = &'m Member>) -> Result<(), Halt> {
        let members: Vec<&Member> = members.collect();
        if *self.sweep.stop.borrow() {
            return Err(Halt::Stopped);
        }
        let Some(first) = members.first() else { return Ok(()) };
        let (step, begun) = (first.step().to_owned(), Instant::now());
        let why = Text::new("Takes away what this step brought.", "清理此步骤带来的内容。");
        self.sweep.report.event(&Event::StepStarted { step: step.clone(), why });
        let mut outcomes = Tally::default();
        for outcome in join_all(members.iter().map(|member| self.remove(member))).await {
            outcomes.count(outcome?);
        }
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.sweep.report.event(&Event::StepDone { step, changed: outcomes.changes() > 0, outcomes, milliseconds });
        Ok(())
    }

    /// Deletes a member, or gives its fields up where it was there before.
    async fn remove(&self, member: &Member) -> Result<Outcome, Halt> {
        let path = member.path();
        if object::is_adopted(&member.live) {
            let released = object::release(self.cluster, &path, &member.live).await;
            // Gone, or another one by now: there is nothing of ours in it.
            if !matches!(released, Err(CallError::NotFound | CallError::Raced)) {
                self.call(member, released)?;
            }
            let reason = Text::new(
                "it was there before; what isthmus had set is taken back",
                "它原本就在；isthmus 设置的字段已收回",
            );
            self.tell(member, Outcome::Kept, Some(reason));
            return Ok(Outcome::Kept);
        }
        let options =
            json!({"propagationPolicy": "Background", "preconditions": {"uid": member.live["metadata"]["uid"]}});
        let deleted = self.cluster.transport.delete(&path, &options).await;
        if matches!(deleted, Err(CallError::Raced)) {
            let reason = Text::new("somebody else made it anew", "已被他人重新创建");
            self.tell(member, Outcome::Kept, Some(reason));
            return Ok(Outcome::Kept);
        }
        self.call(member, deleted)?;
        self.tell(member, Outcome::Deleted, None);
        Ok(Outcome::Deleted)
    }

    /// Deletes a definition, unless objects of it are left: they would go with it.
    async fn take_definition(&self, member: &Member) -> Result<bool, Halt> {
        if object::is_adopted(&member.live) {
            self.remove(member).await?;
            return Ok(true);
        }
        let (plural, group) = member.name().split_once('.').unwrap_or((member.name(), ""));
        let list = self.cluster.kinds().by_plural(group, plural).map(|resource| resource.list(None));
        if let Some(path) = list {
            let found = self.cluster.transport.list_metadata(&path).await;
            let left: Vec<Value> = match found {
                Ok(left) => left.into_iter().filter(|one| !one["metadata"]["deletionTimestamp"].is_string()).collect(),
                Err(CallError::NotFound) => Vec::new(),
                Err(error) => return Err(self.failed(member, &error)),
            };
            if !left.is_empty() {
                let names = inventory::names(&left);
                let reason =
                    Text::new(format!("objects of it are left: {names}"), format!("仍有该类型的对象：{names}"));
                self.tell(member, Outcome::Kept, Some(reason));
                return Ok(false);
            }
        }
        self.remove(member).await?;
        Ok(true)
    }

    /// Waits until nothing is listed at a path.
    async fn wait_until_none(&self, member: &Member, path: &str) -> Result<(), Halt> {
        let until = Instant::now() + self.sweep.timeout;
        let mut said = false;
        loop {
            let left = self.call(member, self.cluster.transport.list_metadata(path).await)?;
            if left.is_empty() {
                return Ok(());
            }
            let names = inventory::names(&left);
            let reason = Text::new(format!("still there: {names}"), format!("仍存在：{names}"));
            self.wait(member, until, &mut said, reason).await?;
        }
    }

    /// Pauses once within a wait, and says what it is for.
    async fn wait(&self, member: &Member, until: Instant, said: &mut bool, reason: Text) -> Result<(), Halt> {
        let step = member.step().to_owned();
        if Instant::now() > until {
            let what = Text::new(format!("{}: {}", member.id(), reason.en), format!("{}：{}", member.id(), reason.zh));
            return Err(Failure::new(Exit::Again, what).at(step).hint(again()).into());
        }
        if !*said {
            self.sweep.report.event(&Event::Waiting { step, fact: member.id().to_string(), reason });
            *said = true;
        }
        let mut interrupt = self.sweep.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => Ok(()),
            _ = interrupt.wait_for(|stop| *stop) => Err(Halt::Stopped),
        }
    }

    fn tell(&self, member: &Member, outcome: Outcome, reason: Option<Text>) {
        let object = member.id().named(&member.resource.api_version());
        self.sweep.report.event(&Event::Object { step: member.step().to_owned(), object, outcome, reason });
    }

    fn call<T>(&self, member: &Member, result: Result<T, CallError>) -> Result<T, Halt> {
        result.map_err(|error| self.failed(member, &error))
    }

    fn failed(&self, member: &Member, error: &CallError) -> Halt {
        refusal(&self.cluster.target, member.step(), &member.id().to_string(), error).into()
    }
}
