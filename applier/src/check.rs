//! Live checks before a write. Each group looks and writes nothing; what was found comes as lines, in the order of the catalogue.

mod clusters;
mod live;
mod names;
mod owners;
mod rights;
mod served;
mod trust;
mod ways;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use futures_util::future::join_all;
use serde::Serialize;
use shared::check::{self as catalogue, Check};
use shared::text::{Text, Words};
use time::OffsetDateTime;

use crate::cli::{Connection, Programs, Supplies};
use crate::clusters::Cluster;
use crate::error::Failure;
use crate::object::Object;
use crate::program::Renderers;
use crate::refusal::refusal;
use crate::report::Report;
use crate::rights as needed;
use crate::transport::CallError;
use crate::work::Work;
use crate::world::{World, read_certs};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// It is well.
    Good,
    /// It cannot be known yet, or is only to be known.
    Info,
    /// A person should look.
    Warning,
    /// `apply` would fail, or harm somebody.
    Error,
}

/// What one check found in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Which check.
    pub(crate) check: &'static Check,
    /// The cluster, where it is about one.
    pub(crate) place: Option<String>,
    /// How it came out.
    pub(crate) outcome: Outcome,
    /// One sentence.
    pub(crate) what: Text,
    /// What to do.
    pub(crate) hints: Vec<Text>,
}

impl Line {
    fn new(check: &'static Check, place: &str, outcome: Outcome, what: Text) -> Self {
        let place = (!place.is_empty()).then(|| place.to_owned());
        Self { check, place, outcome, what, hints: Vec::new() }
    }

    /// Adds what to do: what the catalogue says of the check.
    fn advised(mut self) -> Self {
        let Words { en, zh } = self.check.remedy;
        self.hints.push(Text::new(en.trim_end_matches('.'), zh.trim_end_matches('。')));
        self
    }

    fn hint(mut self, hint: Text) -> Self {
        self.hints.push(hint);
        self
    }

    /// A failure as a line.
    fn of(check: &'static Check, place: &str, outcome: Outcome, failure: Failure) -> Self {
        let cause = failure.causes.iter().fold(String::new(), |text, cause| format!("{text}: {cause}"));
        let what = Text::new(format!("{}{cause}", failure.what.en), format!("{}{cause}", failure.what.zh));
        let line = Self::new(check, place, outcome, what);
        // A failure that does not say what to do is answered by the catalogue.
        if failure.hints.is_empty() { line.advised() } else { Self { hints: failure.hints, ..line } }
    }

    /// What could not be looked at: the account may not, or the server does not answer.
    fn unseen(check: &'static Check, cluster: &Cluster, error: &CallError) -> Self {
        let failure = refusal(&cluster.target, cluster.name(), check.id, error);
        let line = Self::of(check, cluster.name(), Outcome::Warning, failure);
        let what = Text::new(format!("not looked at: {}", line.what.en), format!("未能检查：{}", line.what.zh));
        Self { what, ..line }
    }
}

/// What the checks of a run share.
struct Ground<'a> {
    work: &'a Work,
    world: World,
    /// The clusters that answer.
    clusters: Vec<Arc<Cluster>>,
    /// The objects of each step, where they could be rendered.
    objects: Option<Vec<Vec<Object>>>,
    now: OffsetDateTime,
}

impl Ground<'_> {
    /// The objects that would be applied to a cluster.
    fn objects(&self, cluster: &str) -> impl Iterator<Item = &Object> {
        let jobs = self.work.jobs.iter().zip(self.objects.iter().flatten());
        jobs.filter(move |(job, _)| job.cluster == cluster).flat_map(|(_, objects)| objects)
    }

    /// Whether a cluster answers.
    fn answers(&self, cluster: &str) -> bool {
        self.clusters.iter().any(|one| one.name() == cluster)
    }
}

/// Runs every check, groups side by side where nothing stands in the way. A cluster that does not answer does not keep the others
/// from being looked at.
pub(crate) async fn all(work: &Work, connection: &Connection, supplies: &Supplies, report: &Arc<Report>) -> Vec<Line> {
    let (mut lines, connected) = clusters::reach(work, connection, report).await;
    let (programs, objects) = programs(work, &supplies.programs).await;
    lines.extend(programs);
    let (certs, unread) = certificates(work, supplies.certs.as_deref());
    lines.extend(unread);
    let world = World::new(connected.clone(), work.probes.clone(), certs);
    let clusters: Vec<Arc<Cluster>> = connected.into_values().collect();
    let ground = Ground { work, world, clusters, objects, now: OffsetDateTime::now_utc() };
    lines.extend(clusters::compare(&ground).await);
    let each = ground.clusters.iter().map(|cluster| {
        let ground = &ground;
        async move {
            let (rights, live, owners, names, ways) = tokio::join!(
                rights::of(ground, cluster),
                live::of(ground, cluster),
                owners::of(ground, cluster),
                names::of(ground, cluster),
                ways::of(ground, cluster),
            );
            [rights, live, owners, names, ways].concat()
        }
    });
    lines.extend(join_all(each).await.concat());
    lines.extend(trust::of(&ground).await);
    // By the catalogue; within a check in the order of the clusters, which is that of the lines.
    let place = |line: &Line| catalogue::ALL.iter().position(|check| check.id == line.check.id);
    lines.sort_by_key(place);
    lines
}

/// Whether the programs are there, and what they render.
async fn programs(work: &Work, given: &Programs) -> (Vec<Line>, Option<Vec<Vec<Object>>>) {
    let wanted = work.programs();
    let renderers = match Renderers::find(given, &wanted).await {
        Ok(renderers) => renderers,
        Err(failure) => return (vec![Line::of(catalogue::PROGRAMS, "", Outcome::Error, failure)], None),
    };
    let mut names = Vec::new();
    if wanted.istioctl {
        names.push("istioctl");
    }
    if !wanted.charts.is_empty() {
        names.push("helm");
    }
    let said = if names.is_empty() {
        Text::new("none is needed", "无需任何程序")
    } else {
        let (names, release) = (names.join(", "), &work.release);
        Text::new(format!("{names}, for Istio {release}"), format!("{names}，用于 Istio {release}"))
    };
    let mut lines = vec![Line::new(catalogue::PROGRAMS, "", Outcome::Good, said)];
    match needed::outline(work, &renderers).await {
        Ok(objects) => {
            let count: usize = objects.iter().map(Vec::len).sum();
            let steps = work.jobs.len();
            let said =
                Text::new(format!("{count} objects in {steps} steps"), format!("{steps} 个步骤，{count} 个对象"));
            lines.push(Line::new(catalogue::RENDERS, "", Outcome::Good, said));
            (lines, Some(objects))
        }
        Err(failure) => {
            let place = failure.place.clone().unwrap_or_default();
            lines.push(Line::of(catalogue::RENDERS, &place, Outcome::Error, failure));
            (lines, None)
        }
    }
}

/// What `--certs` holds, or why that cannot be used.
fn certificates(work: &Work, dir: Option<&Path>) -> (BTreeMap<String, crate::world::Certs>, Option<Line>) {
    let signers = work.signers();
    match read_certs(dir, signers.iter().map(String::as_str)) {
        Ok(certs) => (certs, None),
        Err(failure) => {
            let place = failure.place.clone().unwrap_or_default();
            (BTreeMap::new(), Some(Line::of(catalogue::CERTIFICATES, &place, Outcome::Error, failure)))
        }
    }
}

/// The first names of a list, and how many more there are.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} + {}", names.len() - SHOWN) } else { shown }
}
