//! Some steps of a bundle instead of all: what the others give must be so already.

use std::collections::BTreeSet;

use shared::fact::Fact;
use shared::name::nearest;
use shared::text::Text;

use super::Work;
use crate::cli::Selection;
use crate::error::{Exit, Failure};

impl Work {
    /// Keeps the steps that are meant, and the clusters that these concern.
    pub(crate) fn only(mut self, selection: &Selection) -> Result<Self, Failure> {
        let Selection { clusters, steps, until } = selection;
        if clusters.is_empty() && steps.is_empty() && until.is_none() {
            return Ok(self);
        }
        self.whole = false;
        let listed: Vec<&str> = self.clusters.iter().map(|cluster| cluster.cluster.as_str()).collect();
        for name in clusters {
            known(name, &listed, ("cluster", "集群"))?;
        }
        let ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        for id in steps.iter().chain(until) {
            known(id, &ids, ("step", "步骤"))?;
        }
        let closure = until.as_deref().map(|id| self.closure(id));
        self.jobs.retain(|job| {
            (clusters.is_empty() || clusters.contains(&job.cluster))
                && (steps.is_empty() || steps.contains(&job.id))
                && closure.as_ref().is_none_or(|closure| closure.contains(&job.id))
        });
        if self.jobs.is_empty() {
            let what = Text::new("no step of the bundle is meant by all of these", "没有同时符合这些条件的步骤");
            return Err(Failure::new(Exit::Usage, what).hint(lists()));
        }
        let facts: BTreeSet<&Fact> = self.jobs.iter().flat_map(|job| job.needs.iter().chain(&job.gives)).collect();
        let mut concerned: BTreeSet<&str> = self.jobs.iter().map(|job| job.cluster.as_str()).collect();
        for fact in facts {
            concerned.insert(fact.cluster().as_str());
            if let Fact::Watched { by, .. } = fact {
                concerned.insert(by.as_str());
            }
        }
        let concerned: BTreeSet<String> = concerned.into_iter().map(str::to_owned).collect();
        self.clusters.retain(|cluster| concerned.contains(&cluster.cluster));
        self.probes.retain(|fact, _| concerned.contains(fact.cluster().as_str()));
        Ok(self)
    }

    /// Takes out clusters that cannot be reached, with every step that is on them or waits for something of them; hands back the steps.
    pub(crate) fn without(&mut self, lost: &BTreeSet<String>) -> Vec<String> {
        let of_lost = |fact: &Fact| {
            let by = if let Fact::Watched { by, .. } = fact { Some(by.as_str()) } else { None };
            lost.contains(fact.cluster().as_str()) || by.is_some_and(|by| lost.contains(by))
        };
        let (mut blocked, mut never): (Vec<String>, BTreeSet<Fact>) = (Vec::new(), BTreeSet::new());
        // Steps stand after those they wait for, so one pass is enough. A value that is missing, even one that has a stand-in, would
        // be taken out of what is there.
        for job in &self.jobs {
            let open = self.open(job);
            let mut facts = job.needs.iter().chain(&job.gives).chain(&open);
            if lost.contains(&job.cluster) || facts.any(|fact| of_lost(fact) || never.contains(fact)) {
                never.extend(job.gives.iter().cloned());
                blocked.push(job.id.clone());
            }
        }
        self.whole = false;
        self.jobs.retain(|job| !blocked.contains(&job.id));
        self.clusters.retain(|cluster| !lost.contains(&cluster.cluster));
        self.probes.retain(|fact, _| !of_lost(fact));
        blocked
    }

    /// A step and all that it waits for. Steps stand after those, so one pass backwards is enough.
    fn closure(&self, id: &str) -> BTreeSet<String> {
        let mut wanted = BTreeSet::from([id.to_owned()]);
        let mut facts: BTreeSet<&Fact> = BTreeSet::new();
        for job in self.jobs.iter().rev() {
            if wanted.contains(&job.id) || !job.gives.iter().all(|fact| !facts.contains(fact)) {
                wanted.insert(job.id.clone());
                facts.extend(&job.needs);
            }
        }
        wanted
    }

    /// Says whether a step belongs to the bundle, chosen or not.
    pub(crate) fn has_step(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Returns the step of the bundle that gives a fact.
    pub(crate) fn giver(&self, fact: &Fact) -> Option<&str> {
        self.givers.get(fact).map(String::as_str)
    }
}

/// The place of a name among those that a bundle has; what is not there is told with the nearest that is.
pub(crate) fn known(name: &str, all: &[&str], (en, zh): (&str, &str)) -> Result<usize, Failure> {
    if let Some(place) = all.iter().position(|one| *one == name) {
        return Ok(place);
    }
    let what = Text::new(format!("there is no {en} `{name}` in this bundle"), format!("此安装包中没有{zh} `{name}`"));
    let failure = Failure::new(Exit::Usage, what);
    Err(match nearest(name, all.iter().copied()) {
        Some(near) => failure.hint(Text::new(format!("did you mean `{near}`?"), format!("您是否想用 `{near}`？"))),
        None => failure.hint(lists()),
    })
}

fn lists() -> Text {
    Text::new("`isthmus inspect BUNDLE` lists the steps", "`isthmus inspect BUNDLE` 会列出所有步骤")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::bundle::Bundle;
    use shared::topology::{Cluster, Role, Topology};

    fn work() -> Work {
        let mut topology = Topology::empty("mesh1");
        let remote = Role::Remote { control_plane: "a".into() };
        topology.clusters.push(Cluster::primary("a", "n1"));
        topology.clusters.push(Cluster { role: remote, ..Cluster::primary("b", "n1") });
        topology.clusters.push(Cluster::primary("c", "n1"));
        Work::of(&Bundle::write(&topology, None).unwrap()).unwrap()
    }

    fn ids(selection: &Selection) -> Vec<String> {
        work().only(selection).unwrap().jobs.into_iter().map(|job| job.id).collect()
    }

    #[test]
    fn until_takes_what_the_step_waits_for_and_nothing_else() {
        let until = |id: &str| Selection { until: Some(id.to_owned()), ..Selection::default() };
        assert_eq!(ids(&until("a/gateway")), ["a/namespace", "a/trust", "a/istiod", "a/gateway"]);
        assert_eq!(ids(&until("c/trust")), ["c/namespace", "c/trust"]);
        let both = Selection { clusters: vec!["b".to_owned()], ..until("b/remote") };
        assert_eq!(ids(&both), ["b/namespace", "b/remote"]);
    }

    #[test]
    fn what_needs_a_lost_cluster_is_not_begun_and_all_else_is() {
        let mut work = work();
        let blocked = work.without(&BTreeSet::from(["b".to_owned()]));
        assert!(blocked.contains(&"b/remote".to_owned()) && blocked.contains(&"a/secret/b".to_owned()), "{blocked:?}");
        let left: Vec<&str> = work.jobs.iter().map(|job| job.id.as_str()).collect();
        assert!(
            left.contains(&"a/istiod") && left.contains(&"c/secret/a") && !left.iter().any(|id| id.contains('b')),
            "{left:?}"
        );
        assert!(!work.whole && work.clusters.len() == 2);
    }

    #[test]
    fn clusters_that_no_chosen_step_concerns_are_left_alone() {
        let one = Selection { steps: vec!["c/trust".to_owned()], ..Selection::default() };
        let work = work().only(&one).unwrap();
        assert_eq!(work.clusters.iter().map(|one| one.cluster.as_str()).collect::<Vec<_>>(), ["c"]);
        assert_eq!(work.giver(&Fact::Address("a".into(), shared::fact::GatewayName::EastWest)), Some("a/gateway"));
        assert!(work.has_step("a/istiod"));
    }

    #[test]
    fn what_is_not_there_is_told_with_the_nearest_name() {
        let wrong = Selection { steps: vec!["a/gatewy".to_owned()], ..Selection::default() };
        let failure = work().only(&wrong).err().unwrap();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.hints[0].en.contains("a/gateway"));
        let none = Selection { clusters: vec!["a".to_owned()], steps: vec!["b/remote".to_owned()], until: None };
        assert_eq!(work().only(&none).err().unwrap().exit, Exit::Usage);
    }
}
