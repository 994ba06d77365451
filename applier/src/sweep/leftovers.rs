//! What istiod wrote by itself and nobody takes away: certificates in every namespace, leases, elections, gateway classes.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::fact::Fact;
use shared::text::Text;

use super::inventory::{Member, names, written_only_by};
use super::{Halt, Place};
use crate::object::GroupKind;
use crate::refusal::refusal;
use crate::report::{Event, Outcome};
use crate::transport::CallError;

/// Istiod's name as a field manager.
pub(super) const ISTIOD: &str = "pilot-discovery";

/// How long it is given to write again.
const SETTLING: Duration = Duration::from_millis(400);

/// How many rounds are nothing to speak of.
const QUIET_ROUNDS: usize = 3;

/// The kinds it makes objects of.
const KINDS: [(&str, &str); 4] = [
    ("", "ConfigMap"),
    ("", "Secret"),
    ("coordination.k8s.io", "Lease"),
    ("gateway.networking.k8s.io", "GatewayClass"),
];

impl Place<'_> {
    /// Deletes what only istiod wrote, until nothing of it comes back: an istiod that takes a moment to end writes it again.
    pub(super) async fn take_leftovers(&self) -> Result<(), Halt> {
        let until = Instant::now() + self.sweep.timeout;
        let (mut said, mut rounds) = (false, 0);
        while let Some(last) = self.take_leftovers_once().await? {
            rounds += 1;
            if rounds > QUIET_ROUNDS {
                let reason =
                    Text::new("an istiod that is still running writes it again", "仍在运行的 istiod 又写入了它");
                self.wait(&last, until, &mut said, reason).await?;
            }
            tokio::time::sleep(SETTLING).await;
        }
        Ok(())
    }

    /// One round; hands back one of the objects that were there.
    async fn take_leftovers_once(&self) -> Result<Option<Member>, Halt> {
        let cluster = self.cluster;
        let step = self.step_of_istiod();
        let mut last = None;
        let fail = |error: &CallError| Halt::from(refusal(&cluster.target, &step, "what istiod left", error));
        let others = match cluster.path("apps", "Deployment", "", "") {
            Some(_) => self.other_istiods().await.map_err(|error| fail(&error))?,
            None => Vec::new(),
        };
        if !others.is_empty() {
            let names = names(&others);
            let text = Text::new(
                format!("what istiod wrote stays, as another one runs here: {names}"),
                format!("istiod 写入的内容予以保留，因为此处还有另一个 istiod：{names}"),
            );
            self.sweep.report.event(&Event::Note { place: Some(cluster.name().to_owned()), text });
            return Ok(None);
        }
        let kinds = cluster.kinds();
        for (group, kind) in KINDS {
            let kind = GroupKind { group: group.to_owned(), kind: kind.to_owned() };
            let Some(resource) = kinds.preferred(&kind) else { continue };
            let found = match cluster.transport.list_metadata(&resource.list(None)).await {
                Ok(found) => found,
                Err(CallError::NotFound) => continue,
                Err(error) => return Err(fail(&error)),
            };
            let left = found
                .into_iter()
                .filter(|object| written_only_by(object, ISTIOD))
                .map(|live| Member::new(resource, live));
            let left: Vec<Member> = left.collect();
            let deletions = left.iter().map(|member| async move {
                let only_this = json!({"preconditions": {"uid": member.live["metadata"]["uid"]}});
                (member, cluster.transport.delete(&member.path(), &only_this).await)
            });
            for (member, deleted) in join_all(deletions).await {
                match deleted {
                    Ok(true) => {
                        let object = member.id().named(&resource.api_version());
                        self.sweep.report.event(&Event::Object {
                            step: step.clone(),
                            object,
                            outcome: Outcome::Deleted,
                            reason: None,
                        });
                    }
                    Ok(false) | Err(CallError::Raced) => {}
                    Err(error) => return Err(fail(&error)),
                }
            }
            last = left.into_iter().next().or(last);
        }
        Ok(last)
    }

    /// Deployments of istiods that are not on their way out.
    async fn other_istiods(&self) -> Result<Vec<Value>, CallError> {
        let kind = GroupKind { group: "apps".to_owned(), kind: "Deployment".to_owned() };
        let kinds = self.cluster.kinds();
        let Some(resource) = kinds.preferred(&kind) else { return Ok(Vec::new()) };
        let found = self
            .cluster
            .transport
            .list_metadata(&format!("{}?labelSelector=app%3Distiod", resource.list(None)))
            .await?;
        Ok(found.into_iter().filter(|one| !one["metadata"]["deletionTimestamp"].is_string()).collect())
    }

    fn step_of_istiod(&self) -> String {
        let name = self.cluster.name();
        let gives = |job: &&crate::work::Job| {
            job.cluster == name && job.gives.iter().any(|fact| matches!(fact, Fact::Istiod(_)))
        };
        self.sweep.work.jobs.iter().find(gives).map_or_else(|| name.to_owned(), |job| job.id.clone())
    }
}
