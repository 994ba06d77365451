//! What still is as it was recorded, told by metadata alone: one list for each kind, and nothing is rendered, compared or written.
//!
//! A step is sound where every object it left behind still has its seal (see [`crate::object::seal`]) and where it would be made
//! from the same as before (see [`crate::work::Work::made`]). Whatever else there is, from a record of an older release to a right
//! that is missing, makes a step unsound at worst: then it is compared in full.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde::Serialize;
use serde_json::Value;
use shared::fact::Fact;
use shared::text::Text;

use crate::applyset::{Left, State};
use crate::clusters::Cluster;
use crate::error::Failure;
use crate::fill::Fillings;
use crate::kinds::Resource;
use crate::object::{GroupKind, Id, PART_OF, seal};
use crate::probe::{self, Sight};
use crate::program::Tools;
use crate::refusal::refusal;
use crate::report::ObjectName;
use crate::session::Session;
use crate::transport::CallError;
use crate::work::{Job, Work};

/// What was seen of each fact.
pub(crate) type Facts = BTreeMap<Fact, Result<Sight, Failure>>;

/// What a look at the metadata of all clusters came to.
#[derive(Default)]
pub(crate) struct Sound {
    /// The steps whose objects all have their seals.
    steps: BTreeMap<String, Left>,
    /// What has not.
    pub(crate) drift: Vec<Drift>,
    tools: Tools,
    /// The uid of every cluster.
    uids: BTreeMap<String, String>,
}

/// An object that is not as it was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Drift {
    /// The step that brought it.
    pub(crate) step: String,
    /// The object.
    pub(crate) object: ObjectName,
    /// What is otherwise.
    pub(crate) how: Text,
}

impl Sound {
    /// Looks at what all clusters have on record and, at the same time, at these facts.
    pub(crate) async fn look(session: &Session, facts: BTreeSet<Fact>, tools: Tools) -> Result<(Self, Facts), Failure> {
        let mut states = Vec::new();
        for (name, set) in &session.sets {
            states.push((session.world.cluster(name)?, set.id(), set.state().await));
        }
        let looks = states.iter().map(|(cluster, set, state)| of_cluster(cluster, set, state));
        let (seen, facts) = tokio::join!(join_all(looks), look_at(session, facts));
        // Whoever looks from now on looks anew.
        for (cluster, ..) in &states {
            cluster.transport.forget();
        }
        let mut sound = Self { tools, uids: session.uids.clone(), ..Self::default() };
        for one in seen {
            let (steps, drift) = one?;
            sound.steps.extend(steps);
            sound.drift.extend(drift);
        }
        Ok((sound, facts))
    }

    /// What a step was made from, as a digest, with these values in its holes.
    pub(crate) fn made(&self, work: &Work, job: &Job, fillings: &Fillings) -> Option<String> {
        work.made(job, fillings, &self.tools, self.uids.get(&job.cluster).map_or("", String::as_str))
    }

    /// The objects of a step that need not be looked at, as nothing in them or in what they are made from has changed.
    pub(crate) fn objects(&self, work: &Work, job: &Job, fillings: &Fillings, adopts: bool) -> Option<Vec<ObjectName>> {
        let left = self.steps.get(&job.owner)?;
        // Nothing was ours to record: with certificates at hand it may become so.
        if left.objects.is_empty() && adopts {
            return None;
        }
        let made = self.made(work, job, fillings)?;
        (left.made.as_ref() == Some(&made)).then(|| left.objects.keys().filter_map(|key| name(key)).collect())
    }

    /// Whether the objects of a step are as they were left, whatever it would be made from now.
    pub(crate) fn holds(&self, owner: &str) -> bool {
        self.steps.contains_key(owner)
    }

    /// Forgets a step: its objects are being written.
    pub(crate) fn forget(&mut self, owner: &str) {
        self.steps.remove(owner);
    }
}

/// Looks at facts side by side.
async fn look_at(session: &Session, facts: BTreeSet<Fact>) -> Facts {
    let looks = facts.into_iter().map(|fact| async {
        let seen = match session.work.probe(&fact) {
            Ok(probe) => probe::look(&session.world, &fact, probe).await,
            Err(failure) => Err(failure),
        };
        (fact, seen)
    });
    join_all(looks).await.into_iter().collect()
}

/// The steps of one cluster that are as they were left, and what is not.
async fn of_cluster(
    cluster: &Cluster,
    set: &str,
    state: &State,
) -> Result<(BTreeMap<String, Left>, Vec<Drift>), Failure> {
    let keys = state.left.values().flat_map(|left| left.objects.keys());
    let mut kinds: BTreeMap<(GroupKind, String), Vec<ObjectName>> = BTreeMap::new();
    for object in keys.filter_map(|key| name(key)) {
        let (group, version) = object.api_version.split_once('/').unwrap_or(("", &object.api_version));
        let kind = GroupKind { group: group.to_owned(), kind: object.kind.clone() };
        kinds.entry((kind, version.to_owned())).or_default().push(object);
    }
    let served = cluster.kinds();
    let looks = kinds.iter().filter_map(|((kind, version), objects)| {
        let resource = served.get(kind, version)?;
        Some(async move { there(cluster, resource, objects, set).await })
    });
    let mut seals: BTreeMap<String, String> = BTreeMap::new();
    for found in join_all(looks).await {
        let fail = |error: CallError| refusal(&cluster.target, cluster.name(), "ApplySet", &error);
        seals.extend(found.map_err(fail)?);
    }
    let mut sound = BTreeMap::new();
    let mut drift = Vec::new();
    for (step, left) in &state.left {
        let wrong: Vec<Drift> = left
            .objects
            .iter()
            .filter_map(|(key, sealed)| {
                let how = match seals.get(key) {
                    Some(now) if now == sealed => return None,
                    Some(_) => Text::new("changed since it was applied", "应用之后被更改"),
                    None => Text::new("gone, or no longer labelled as the mesh's", "已不存在，或失去了网格的标签"),
                };
                Some(Drift { step: step.clone(), object: name(key)?, how })
            })
            .collect();
        if wrong.is_empty() {
            sound.insert(step.clone(), left.clone());
        }
        drift.extend(wrong);
    }
    Ok((sound, drift))
}

/// The seals of the members of one kind. Where all of a kind may not be listed, those on record are asked for one by one.
async fn there(
    cluster: &Cluster,
    resource: &Resource,
    recorded: &[ObjectName],
    set: &str,
) -> Result<Vec<(String, String)>, CallError> {
    let path = members(&resource.list(None), set);
    let found = match cluster.transport.list_metadata(&path).await {
        Ok(found) => found,
        Err(CallError::NotFound) => Vec::new(),
        Err(CallError::Forbidden(_)) => {
            let gets = recorded.iter().map(|object| async {
                let path = resource.item(object.namespace.as_deref().unwrap_or_default(), &object.name);
                cluster.transport.find_metadata(&path).await
            });
            let mut found = Vec::new();
            for one in join_all(gets).await {
                match one {
                    Ok(live) => found.extend(live.filter(|live| live["metadata"]["labels"][PART_OF] == set)),
                    // It counts as gone, and is compared in full: that names the right which is missing.
                    Err(CallError::Forbidden(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            found
        }
        Err(error) => return Err(error),
    };
    let stays = |live: &&Value| !live["metadata"]["deletionTimestamp"].is_string();
    let sealed = |live: &Value| {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let object = ObjectName {
            api_version: resource.api_version(),
            kind: resource.kind.kind.clone(),
            namespace: text(&live["metadata"]["namespace"]),
            name: text(&live["metadata"]["name"]).unwrap_or_default(),
        };
        (key(&object), seal(live))
    };
    Ok(found.iter().filter(stays).map(sealed).collect())
}

/// The path of those of a list that belong to a set.
pub(crate) fn members(list: &str, set: &str) -> String {
    format!("{list}?labelSelector={}%3D{set}", PART_OF.replace('/', "%2F"))
}

/// An object as the record names it: `apps/v1 Deployment istio-system/istiod`.
pub(crate) fn key(object: &ObjectName) -> String {
    format!("{} {object}", object.api_version)
}

/// Which object a key of the record means, at whatever version.
pub(crate) fn id(key: &str) -> Option<Id> {
    let ObjectName { api_version, kind, namespace, name } = name(key)?;
    let group = api_version.split_once('/').map_or("", |(group, _)| group).to_owned();
    Some(Id { kind: GroupKind { group, kind }, namespace: namespace.unwrap_or_default(), name })
}

fn name(key: &str) -> Option<ObjectName> {
    let mut words = key.split(' ');
    let (api_version, kind, place) = (words.next()?, words.next()?, words.next()?);
    let (namespace, name) = place.split_once('/').map_or((None, place), |(namespace, name)| (Some(namespace), name));
    Some(ObjectName {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_as_it_was_recorded() {
        for text in ["apps/v1 Deployment istio-system/istiod", "v1 Namespace istio-system"] {
            assert_eq!(name(text).map(|object| key(&object)).as_deref(), Some(text));
        }
        assert_eq!(name("nonsense"), None);
    }
}
