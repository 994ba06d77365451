//! Objects that were applied and are somebody else's by now: they stay, and are named with the reason.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::Value;
use shared::text::Text;

use super::inventory::Member;
use super::{Halt, Place};
use crate::kinds::elements;
use crate::object::{Id, PART_OF};
use crate::refusal::refusal;
use crate::report::{Event, Outcome};
use crate::sound;
use crate::transport::CallError;

/// Why an object stays that something else owns now.
pub(super) fn by_its_owner(live: &Value) -> Text {
    let text = |owner: &Value, key: &str| owner[key].as_str().unwrap_or_default().to_owned();
    let owners = elements(&live["metadata"]["ownerReferences"]).iter();
    let names: Vec<String> = owners.map(|owner| format!("{} {}", text(owner, "kind"), text(owner, "name"))).collect();
    let names = names.join(", ");
    Text::new(format!("it belongs to another now: {names}"), format!("它现在属于：{names}"))
}

impl Place<'_> {
    /// Names what is on record and there, and has lost the label of the set.
    pub(super) async fn tell_of_the_taken(&self, members: &[Member]) -> Result<(), Halt> {
        let ours: BTreeSet<Id> = members.iter().map(Member::id).collect();
        let recorded = self.state.left.iter().flat_map(|(step, left)| left.objects.keys().map(move |key| (step, key)));
        let lost =
            recorded.filter_map(|(step, key)| Some((step, sound::id(key)?))).filter(|(_, id)| !ours.contains(id));
        let kinds = self.cluster.kinds();
        let looks = lost.filter_map(|(step, id)| {
            let resource = kinds.preferred(&id.kind)?.clone();
            Some(async move {
                let found = self.cluster.transport.find_metadata(&resource.item(&id.namespace, &id.name)).await;
                (step, id, resource, found)
            })
        });
        for (step, id, resource, found) in join_all(looks).await {
            let fail = |error: &CallError| refusal(&self.cluster.target, step, &id.to_string(), error);
            let Some(live) = found.map_err(|error| fail(&error))? else { continue };
            let metadata = &live["metadata"];
            if metadata["deletionTimestamp"].is_string() || metadata["labels"][PART_OF] == self.set.id() {
                continue;
            }
            let reason = match metadata["labels"][PART_OF].as_str() {
                Some(set) => Text::new(
                    format!("others have taken it over: it is labelled as part of {set}"),
                    format!("已被他人接管：其标签表明属于 {set}"),
                ),
                None => Text::new(
                    "somebody has taken the mesh's label from it, or made it anew",
                    "它已失去网格的标签，或已被他人重新创建",
                ),
            };
            let (step, object) = (step.clone(), id.named(&resource.api_version()));
            self.sweep.report.event(&Event::Object { step, object, outcome: Outcome::Kept, reason: Some(reason) });
        }
        Ok(())
    }
}
