//! Taking one object away, and waiting until it is gone.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shared::text::Text;

use super::inventory::{self, Member};
use super::taken::by_its_owner;
use super::{Halt, Place};
use crate::error::{Exit, Failure};
use crate::object;
use crate::refusal::{again, refusal};
use crate::report::{Event, Outcome};
use crate::transport::CallError;

const PAUSE: Duration = Duration::from_millis(200);

impl Place<'_> {
    /// Deletes a member, or gives its fields up where it was there before.
    pub(super) async fn remove(&self, member: &Member) -> Result<Outcome, Halt> {
        let path = member.path();
        self.sweep.gates[self.cluster.name()].open().await?;
        if inventory::is_taken_over(&member.live) {
            self.tell(member, Outcome::Kept, Some(by_its_owner(&member.live)));
            return Ok(Outcome::Kept);
        }
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
    pub(super) async fn take_definition(&self, member: &Member) -> Result<bool, Halt> {
        if object::is_adopted(&member.live) {
            self.remove(member).await?;
            return Ok(true);
        }
        let left = self.objects_of(member).await?;
        if !left.is_empty() {
            let names = inventory::names(&left);
            let reason = Text::new(format!("objects of it are left: {names}"), format!("仍有该类型的对象：{names}"));
            self.tell(member, Outcome::Kept, Some(reason));
            return Ok(false);
        }
        self.remove(member).await?;
        Ok(true)
    }

    /// The objects of a definition that are not on their way out.
    pub(super) async fn objects_of(&self, definition: &Member) -> Result<Vec<Value>, Halt> {
        let (plural, group) = definition.name().split_once('.').unwrap_or((definition.name(), ""));
        let list = self.cluster.kinds().by_plural(group, plural).map(|resource| resource.list(None));
        let Some(path) = list else { return Ok(Vec::new()) };
        match self.cluster.transport.list_metadata(&path).await {
            Ok(left) => Ok(left.into_iter().filter(|one| !one["metadata"]["deletionTimestamp"].is_string()).collect()),
            Err(CallError::NotFound) => Ok(Vec::new()),
            Err(error) => Err(self.failed(definition, &error)),
        }
    }

    /// Waits until nothing is listed at a path.
    pub(super) async fn wait_until_none(&self, member: &Member, path: &str) -> Result<(), Halt> {
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
    pub(super) async fn wait(
        &self,
        member: &Member,
        until: Instant,
        said: &mut bool,
        reason: Text,
    ) -> Result<(), Halt> {
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

    pub(super) fn tell(&self, member: &Member, outcome: Outcome, reason: Option<Text>) {
        let object = member.id().named(&member.resource.api_version());
        self.sweep.report.event(&Event::Object { step: member.step().to_owned(), object, outcome, reason });
    }

    pub(super) fn call<T>(&self, member: &Member, result: Result<T, CallError>) -> Result<T, Halt> {
        result.map_err(|error| self.failed(member, &error))
    }

    pub(super) fn failed(&self, member: &Member, error: &CallError) -> Halt {
        refusal(&self.cluster.target, member.step(), &member.id().to_string(), error).into()
    }
}
