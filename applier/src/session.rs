//! What every command that talks to clusters does first: read the bundle, find the contexts, greet the clusters, and make
//! sure that they are the ones meant. Writes nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use shared::text::Text;

use crate::applyset::{ApplySet, same_clusters};
use crate::cli::Connection;
use crate::clusters::{self, Wanted};
use crate::error::Failure;
use crate::foresight;
use crate::lease::Gate;
use crate::refusal::again;
use crate::report::{Event, Report, Verb, count};
use crate::work::Work;
use crate::world::{World, read_certs};

/// Clusters that have answered, and what is to be done with them.
pub(crate) struct Session {
    /// What the bundle says.
    pub(crate) work: Work,
    /// The clusters.
    pub(crate) world: World,
    /// The record of each cluster.
    pub(crate) sets: BTreeMap<String, ApplySet>,
    /// The door to writing on each cluster, shut.
    pub(crate) gates: BTreeMap<String, Gate>,
    /// The uid of every cluster.
    pub(crate) uids: BTreeMap<String, String>,
    /// The clusters that cannot be reached, where there is something to do without them.
    pub(crate) lost: Option<Lost>,
}

/// Clusters that cannot be reached, and what that means.
pub(crate) struct Lost {
    /// Why the first of them cannot be.
    first: Failure,
    /// Their names.
    clusters: Vec<String>,
    /// The steps that are not begun.
    blocked: Vec<String>,
}

impl Lost {
    /// What is to be known before anything is written.
    pub(crate) fn warning(&self) -> Event {
        let text = self.told();
        Event::Warning { place: self.first.place.clone(), text, hints: Vec::new() }
    }

    /// How a run ends that did all it could.
    pub(crate) fn failure(&self, done: usize) -> Failure {
        let steps = count(done, "step");
        let so_far =
            Text::new(format!("{steps} that do not need it are done"), format!("不依赖它的 {done} 个步骤已完成"));
        let failure = Failure { what: self.told(), ..self.first.clone() };
        failure.hint(so_far).hint(again())
    }

    fn told(&self) -> Text {
        let (all, steps) = (self.clusters.join(", "), self.blocked.join(", "));
        Text::new(
            format!("{}; without {all} these steps are not begun: {steps}", self.first.what.en),
            format!("{}；缺少 {all}，以下步骤不会开始：{steps}", self.first.what.zh),
        )
    }
}

impl Session {
    /// Reads all records again.
    pub(crate) async fn refresh(&self) -> Result<(), Failure> {
        let reads = self.sets.values().map(ApplySet::refresh);
        futures_util::future::try_join_all(reads).await.map(drop)
    }

    /// Whether nothing of this mesh was applied to any of the clusters yet.
    pub(crate) async fn is_new(&self) -> bool {
        for set in self.sets.values() {
            if set.state().await.exists {
                return false;
            }
        }
        true
    }
}

/// Opens a session for a bundle that has been read.
pub(crate) async fn open(
    mut work: Work,
    verb: Verb,
    connection: &Connection,
    certs: Option<&Path>,
    report: &Arc<Report>,
) -> Result<Session, Failure> {
    let drawn = work.clusters.iter().map(|cluster| (cluster.cluster.as_str(), cluster.context.as_deref()));
    let wanted = Wanted::join(drawn, &connection.contexts)?;
    let found = clusters::find(&wanted, connection.kubeconfig.as_deref(), report)?;
    let signers: Vec<String> = work.signers();
    let certs = read_certs(certs, signers.iter().map(String::as_str))?;
    report.event(&Event::Started {
        verb,
        mesh: work.mesh.clone(),
        steps: work.jobs.len(),
        clusters: found.iter().map(|one| one.target.clone()).collect(),
    });
    // These look at everything there is.
    let looks = matches!(verb, Verb::Apply | Verb::Diff | Verb::Status);
    let foreseen = if looks { foresight::questions(&work) } else { BTreeMap::new() };
    let (connected, lost) = clusters::connect(found, &work.mesh, foreseen, report).await?;
    let lost = if let Some((_, first)) = lost.first_key_value() {
        // Only `apply` has something to do for the others.
        if verb != Verb::Apply || connected.is_empty() {
            return Err(first.clone());
        }
        let blocked = work.without(&lost.keys().cloned().collect());
        if work.jobs.is_empty() {
            return Err(first.clone());
        }
        Some(Lost { first: first.clone(), clusters: lost.into_keys().collect(), blocked })
    } else {
        None
    };
    let uids: BTreeMap<String, String> =
        connected.iter().map(|(name, cluster)| (name.clone(), cluster.uid.clone())).collect();
    let mut sets = BTreeMap::new();
    for (name, cluster) in &connected {
        sets.insert(name.clone(), ApplySet::read(Arc::clone(cluster), &work.mesh)?);
    }
    let mut states = Vec::new();
    for (name, set) in &sets {
        states.push((name.as_str(), set.state().await));
    }
    same_clusters(&work.mesh, states.iter().map(|(name, state)| (*name, state)), &uids)?;
    let gates =
        connected.iter().map(|(name, cluster)| (name.clone(), Gate::new(Arc::clone(cluster), &work.mesh))).collect();
    let world = World::new(connected, work.probes.clone(), certs);
    Ok(Session { work, world, sets, gates, uids, lost })
}
