//! One cluster of a cleanup: what goes in which order.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use futures_util::future::join_all;
use shared::probe::Probe;
use shared::text::Text;

use super::inventory::{Member, inventory};
use super::{Halt, Place};
use crate::refusal::refusal;
use crate::report::{Event, Tally};

impl Place<'_> {
    /// Deletes the istiods that were applied and waits until their pods are gone.
    pub(super) async fn stop_istiods(&self) -> Result<(), Halt> {
        let members = self.members().await?;
        for probe in self
            .sweep
            .work
            .probes
            .iter()
            .filter(|(fact, _)| fact.cluster().as_str() == self.cluster.name())
            .map(|(_, probe)| probe)
        {
            let Probe::Istiod { namespace, deployments, .. } = probe else { continue };
            let is_it = |member: &&Member| {
                member.resource.kind.kind == "Deployment"
                    && member.namespace() == namespace
                    && deployments.iter().any(|name| member.name() == name)
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
    pub(super) async fn take_away(&self) -> Result<(), Halt> {
        let members = self.members().await?;
        self.tell_of_the_taken(&members).await?;
        self.take_what_stands(&members).await?;
        self.take_leftovers().await?;
        let kept = self.take_grounds(&members).await?;
        // New namespaces of others may have been given certificates until the istiod ended.
        self.take_leftovers().await?;
        self.conclude(&kept).await
    }

    /// Deletes all but definitions and namespaces: webhooks, then step by step backwards.
    pub(super) async fn take_what_stands(&self, members: &[Member]) -> Result<(), Halt> {
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
        Ok(())
    }

    /// Deletes definitions and namespaces, and hands back those that are kept.
    pub(super) async fn take_grounds<'m>(&self, members: &'m [Member]) -> Result<Vec<&'m Member>, Halt> {
        let kind = |member: &Member| member.resource.kind.kind.clone();
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
        Ok(kept)
    }

    pub(super) async fn conclude(&self, kept: &[&Member]) -> Result<(), Halt> {
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
    pub(super) async fn members(&self) -> Result<Vec<Member>, Halt> {
        let found = inventory(self.cluster, &self.set.id(), &self.state.kinds).await;
        Ok(found.map_err(|error| refusal(&self.cluster.target, self.cluster.name(), "ApplySet", &error))?)
    }

    /// The place of a member's step in the plan; steps that the bundle no longer has come last, so that they go first.
    pub(super) fn order(&self, member: &Member) -> usize {
        let jobs = &self.sweep.work.jobs;
        jobs.iter().position(|job| job.id == member.step()).unwrap_or(jobs.len())
    }

    /// Removes members that belong together, side by side.
    pub(super) async fn group<'m>(&self, members: impl Iterator<Item = &'m Member>) -> Result<(), Halt> {
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
}
