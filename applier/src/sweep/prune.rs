//! What was applied before and is no longer in the bundle: found by the record and the label of the set, taken away like all else,
//! with the same respect for what others own.

use std::collections::{BTreeMap, BTreeSet};

use shared::text::Text;

use super::inventory::{Member, names};
use super::{Halt, Place, Sweep};
use crate::applyset::State;
use crate::error::Failure;
use crate::object::{self, Id, PART_OF};
use crate::report::{ObjectName, Outcome};
use crate::sound;
use crate::work::Work;

/// What one cluster has and the bundle has not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Gone {
    /// The steps that are no longer there.
    pub(crate) steps: BTreeSet<String>,
    /// The objects that steps which are there no longer bring.
    objects: BTreeSet<Id>,
}

/// What would become of an object that is no longer in the bundle.
pub(crate) struct Fate {
    /// The step that brought it.
    pub(crate) step: String,
    /// The object.
    pub(crate) object: ObjectName,
    /// Deleted or kept.
    pub(crate) outcome: Outcome,
    /// Why it is kept.
    pub(crate) reason: Option<Text>,
}

impl Gone {
    /// Holds what is on record against the bundle; `now` are the objects of the steps that were rendered, by the step that owns them.
    pub(crate) fn of(work: &Work, before: &State, now: &BTreeMap<String, BTreeSet<Id>>) -> Self {
        // Some steps say nothing about the others.
        if !work.whole {
            return Self::default();
        }
        let steps = before.steps.keys().chain(before.left.keys()).filter(|id| !work.has_step(id)).cloned().collect();
        let recorded = |owner: &String| before.left.get(owner).into_iter().flat_map(|left| left.objects.keys());
        let ids = |owner: &String| recorded(owner).filter_map(|key| sound::id(key)).collect::<BTreeSet<Id>>();
        let unrendered = before.left.keys().filter(|owner| work.has_step(owner) && !now.contains_key(*owner));
        let kept: BTreeSet<Id> = unrendered.flat_map(ids).chain(now.values().flatten().cloned()).collect();
        let objects = now.keys().flat_map(ids).filter(|id| !kept.contains(id)).collect();
        Self { steps, objects }
    }

    /// Whether there is nothing to take away.
    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.objects.is_empty()
    }

    fn has(&self, member: &Member) -> bool {
        self.steps.contains(member.step()) || self.objects.contains(&member.id())
    }
}

impl Sweep<'_> {
    /// What would become of what one cluster has too much. Writes nothing.
    pub(crate) async fn fates(&self, cluster: &str, state: State, gone: &Gone) -> Result<Vec<Fate>, Failure> {
        let place = self.place(cluster, state)?;
        let mut fates = Vec::new();
        let members = place.members().await.map_err(failure)?;
        for member in members.iter().filter(|member| gone.has(member)) {
            let reason = place.keeps(member).await.map_err(failure)?;
            fates.push(Fate {
                step: member.step().to_owned(),
                object: member.id().named(&member.resource.api_version()),
                outcome: if reason.is_some() { Outcome::Kept } else { Outcome::Deleted },
                reason,
            });
        }
        Ok(fates)
    }

    /// Takes away what one cluster has too much; hands back the steps of which something is kept. False where it was stopped.
    pub(crate) async fn prune(
        &self,
        cluster: &str,
        state: State,
        gone: &Gone,
    ) -> Result<Option<BTreeSet<String>>, Failure> {
        let place = self.place(cluster, state)?;
        let taken = async {
            let members: Vec<Member> = place.members().await?.into_iter().filter(|member| gone.has(member)).collect();
            if !members.is_empty() {
                self.gates[cluster].open().await?;
            }
            place.take_what_stands(&members).await?;
            let kept = place.take_grounds(&members).await?;
            Ok(kept.into_iter().map(|member| member.step().to_owned()).collect())
        };
        match taken.await {
            Ok(kept) => Ok(Some(kept)),
            Err(Halt::Stopped) => Ok(None),
            Err(Halt::Failed(failure)) => Err(*failure),
        }
    }

    fn place(&self, cluster: &str, state: State) -> Result<Place<'_>, Failure> {
        Ok(Place { sweep: self, cluster: self.world.cluster(cluster)?, set: &self.sets[cluster], state })
    }
}

impl Place<'_> {
    /// Why a member would stay; nothing where it would go.
    async fn keeps(&self, member: &Member) -> Result<Option<Text>, Halt> {
        if object::is_adopted(&member.live) {
            return Ok(Some(Text::new(
                "it was there before; what isthmus had set is taken back",
                "它原本就在；isthmus 设置的字段将被收回",
            )));
        }
        let (left, why) = match member.resource.kind.kind.as_str() {
            "Namespace" => {
                let left = self.strangers(member.name()).await;
                (self.call(member, left)?, ("it holds what others made", "其中有他人创建的对象"))
            }
            "CustomResourceDefinition" => {
                let mut left = self.objects_of(member).await?;
                left.retain(|object| object["metadata"]["labels"][PART_OF] != self.set.id());
                (left, ("objects of it are left", "仍有该类型的对象"))
            }
            _ => return Ok(None),
        };
        let names = names(&left);
        Ok((!left.is_empty()).then(|| Text::new(format!("{}: {names}", why.0), format!("{}：{names}", why.1))))
    }
}

fn failure(halt: Halt) -> Failure {
    match halt {
        Halt::Failed(failure) => *failure,
        Halt::Stopped => super::halted(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::applyset::Left;
    use shared::bundle::Bundle;
    use shared::topology::{Cluster, Topology};

    #[test]
    fn what_the_record_has_and_the_bundle_has_not_is_gone() {
        let mut topology = Topology::empty("mesh1");
        topology.clusters.push(Cluster::primary("a", "n1"));
        let mut work = Work::of(&Bundle::write(&topology, None).unwrap()).unwrap();
        let left = |keys: &[&str]| Left {
            made: None,
            objects: keys.iter().map(|key| ((*key).to_owned(), String::new())).collect(),
        };
        let before = State {
            left: BTreeMap::from([
                ("a/istiod".to_owned(), left(&["v1 Service s/one", "v1 Service s/two", "v1 Service s/moved"])),
                ("a/namespace".to_owned(), left(&["v1 Service s/moved"])),
                ("a/secret/b".to_owned(), left(&["v1 Secret s/b"])),
            ]),
            ..State::default()
        };
        let now = BTreeMap::from([("a/istiod".to_owned(), sound::id("v1 Service s/one").into_iter().collect())]);
        let gone = Gone::of(&work, &before, &now);
        assert_eq!(gone.steps, ["a/secret/b".to_owned()].into());
        assert_eq!(gone.objects, sound::id("v1 Service s/two").into_iter().collect());
        work.whole = false;
        assert!(Gone::of(&work, &before, &now).is_empty(), "a part tells nothing of the rest");
    }
}
