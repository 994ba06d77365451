//! After everything else succeeded: what earlier bundles brought and this one does not goes.

use std::collections::{BTreeMap, BTreeSet};

use shared::text::Text;

use super::Walk;
use crate::applyset::State;
use crate::error::{Exit, Failure};
use crate::object::Id;
use crate::refusal::again;
use crate::report::Event;
use crate::sweep::{Gone, Sweep};

impl Walk {
    /// Takes away what one cluster has too much; hands back the steps of which nothing is left.
    pub(super) async fn prune(
        &self,
        cluster: &str,
        before: State,
        now: &BTreeMap<String, BTreeSet<Id>>,
    ) -> Result<BTreeSet<String>, Failure> {
        let gone = Gone::of(&self.work, &before, now);
        if gone.is_empty() {
            return Ok(BTreeSet::new());
        }
        let sweep = Sweep {
            work: &self.work,
            world: &self.world,
            sets: &self.sets,
            gates: &self.gates,
            timeout: self.timeout,
            report: &self.report,
            stop: self.stop.clone(),
        };
        if let Some(kept) = sweep.prune(cluster, before, &gone).await? {
            return Ok(gone.steps.difference(&kept).cloned().collect());
        }
        let what = Text::new(
            "interrupted: everything is applied, what the bundle no longer has is not all taken away",
            "已中断：全部内容已应用，但安装包中不再有的内容尚未全部移除",
        );
        Err(Failure::new(Exit::Interrupted, what).hint(again()))
    }

    /// Names the clusters that belonged to the mesh when it was applied last: this bundle says nothing about them.
    pub(super) fn warn_of_departed(&self, cluster: &str, before: &State) {
        if let Some(event) = departed(&self.work, cluster, before) {
            self.report.event(&event);
        }
    }
}

/// What to say of clusters that have left the drawing, once: by the first cluster of the bundle.
pub(crate) fn departed(work: &crate::work::Work, cluster: &str, before: &State) -> Option<Event> {
    let first = work.clusters.first().is_some_and(|first| first.cluster == cluster);
    let drawn = |name: &&String| work.clusters.iter().any(|one| one.cluster == **name);
    let names: Vec<&str> = before.clusters.keys().filter(|name| !drawn(name)).map(String::as_str).collect();
    if !work.whole || !first || names.is_empty() {
        return None;
    }
    let (list, options) = (names.join(", "), names.join(" --cluster "));
    let text = Text::new(
        format!("{list} belonged to mesh {} when it was applied last; what is there stays", work.mesh),
        format!("上次应用时 {list} 属于网格 {}；那里的内容保持不动", work.mesh),
    );
    let hint = Text::new(
        format!("take it away with the bundle that had it: `isthmus cleanup OLD-BUNDLE --cluster {options}`"),
        format!("请用当时的安装包清理：`isthmus cleanup OLD-BUNDLE --cluster {options}`"),
    );
    Some(Event::Warning { place: None, text, hints: vec![hint] })
}
