//! What applying would come to, object by object, by dry run and in the order of the plan: what `diff` shows, and what `apply` asks
//! about. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use shared::fact::Fact;
use shared::text::Text;
use tokio::sync::watch;

use crate::applyset::ApplySet;
use crate::error::{Exit, Failure};
use crate::lease::Gate;
use crate::object::{self, GroupKind, Id, Object, Standing};
use crate::program::{Renderers, Supply};
use crate::refusal::{refusal, ways_out};
use crate::report::{Change, Event, Outcome, Report, Tally};
use crate::sound::{Facts, Sound};
use crate::sweep::{Gone, Sweep};
use crate::transport::{CallError, Cause};
use crate::walk::{departed, learnt};
use crate::work::{Job, Work};
use crate::world::World;

/// What all clusters are held against.
pub(crate) struct Ground<'a> {
    /// What is to be done.
    pub(crate) work: &'a Work,
    /// The clusters.
    pub(crate) world: &'a World,
    /// The record of each cluster.
    pub(crate) sets: &'a BTreeMap<String, ApplySet>,
    /// The door to writing on each cluster; it stays shut.
    pub(crate) gates: &'a BTreeMap<String, Gate>,
    /// What is as it was left.
    pub(crate) sound: &'a Sound,
    /// The facts that fill holes, as they were seen.
    pub(crate) seen: &'a Facts,
    /// The programs, found when the first installation has to be rendered.
    pub(crate) supply: &'a Supply,
    /// Whether fields of others would be taken over.
    pub(crate) force: bool,
    /// Where notes go.
    pub(crate) report: &'a Report,
}

/// What applying would come to.
#[derive(Default)]
pub(crate) struct Outlook {
    /// What is to be told, in the order of the plan.
    pub(crate) events: Vec<Event>,
    /// The counts of each cluster.
    pub(crate) tallies: BTreeMap<String, Tally>,
    /// How many installations cannot be rendered yet.
    pub(crate) unrendered: usize,
    /// Why it would fail, where that is known already.
    pub(crate) failure: Option<Failure>,
}

/// Looks at all clusters side by side.
pub(crate) async fn survey(ground: &Ground<'_>) -> Result<Outlook, Failure> {
    let surveys = ground.sets.keys().map(|cluster| Survey::new(ground).run(cluster));
    let mut outlook = Outlook::default();
    let (mut seen, mut conflicts, mut last) = (Vec::new(), 0, Vec::new());
    for (cluster, survey) in ground.sets.keys().zip(join_all(surveys).await) {
        let survey = survey?;
        let tally = outlook.tallies.entry(cluster.clone()).or_default();
        for event in survey.seen.iter().filter_map(|(_, sight)| sight.as_ref().ok()).chain(&survey.last) {
            if let Event::Difference { outcome, .. } = event {
                tally.count(*outcome);
            }
        }
        outlook.unrendered += survey.unrendered;
        conflicts += survey.conflicts;
        seen.extend(survey.seen);
        last.extend(survey.last);
    }
    seen.sort_by_key(|(index, _)| *index);
    for (_, sight) in seen {
        match sight {
            Ok(event) => outlook.events.push(event),
            // The first is what the command ends with, and is told as that.
            Err(failure) if outlook.failure.is_none() => outlook.failure = Some(*failure),
            Err(failure) => {
                let Failure { place, what: text, .. } = *failure;
                outlook.events.push(Event::Warning { place, text, hints: Vec::new() });
            }
        }
    }
    outlook.events.extend(last);
    if conflicts > 0 && outlook.failure.is_none() {
        outlook.failure = Some(conflict(conflicts));
    }
    Ok(outlook)
}

/// Objects with fields of others; whose they are was told with each.
fn conflict(number: usize) -> Failure {
    let objects = crate::report::count(number, "object");
    let what = Text::new(
        format!("others own fields that are to be set, in {objects} named above"),
        format!("上文所列 {number} 个对象中，要设置的字段归他人所有"),
    );
    ways_out(Failure::new(Exit::Conflict, what))
}

/// What was found so far in one cluster.
struct Survey<'a> {
    ground: &'a Ground<'a>,
    /// The namespaces and kinds that are not there yet, and the step that brings each.
    coming: BTreeMap<Coming, String>,
    /// What is to be told, by the step's place in the plan.
    seen: Vec<(usize, Result<Event, Box<Failure>>)>,
    /// What comes after all steps.
    last: Vec<Event>,
    /// The objects of the steps that were rendered, by the step that owns them.
    rendered: BTreeMap<String, BTreeSet<Id>>,
    unrendered: usize,
    conflicts: usize,
}

/// What other objects stand on.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Coming {
    Namespace(String),
    Kind(GroupKind),
}

/// What would become of an object.
struct Verdict {
    outcome: Outcome,
    changes: Vec<Change>,
    reason: Option<Text>,
    /// Whether others own fields of it that are to be set.
    conflict: bool,
}

impl Verdict {
    fn new(outcome: Outcome) -> Self {
        Self { outcome, changes: Vec::new(), reason: None, conflict: false }
    }

    fn because(self, reason: Text) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

impl<'a> Survey<'a> {
    fn new(ground: &'a Ground<'a>) -> Self {
        Self {
            ground,
            coming: BTreeMap::new(),
            seen: Vec::new(),
            last: Vec::new(),
            rendered: BTreeMap::new(),
            unrendered: 0,
            conflicts: 0,
        }
    }

    async fn run(mut self, cluster: &str) -> Result<Self, Failure> {
        for (index, job) in self.ground.work.jobs.iter().enumerate() {
            if job.cluster == cluster {
                self.job(index).await?;
            }
        }
        self.too_much(cluster).await?;
        Ok(self)
    }

    /// What the cluster has and the bundle has not.
    async fn too_much(&mut self, cluster: &str) -> Result<(), Failure> {
        let Ground { work, world, sets, gates, report, .. } = self.ground;
        let state = sets[cluster].state().await;
        self.last.extend(departed(work, cluster, &state));
        let gone = Gone::of(work, &state, &self.rendered);
        if gone.is_empty() {
            return Ok(());
        }
        let (_never, ends) = watch::channel(false);
        let sweep = Sweep { work, world, sets, gates, timeout: std::time::Duration::ZERO, report, stop: ends };
        for fate in sweep.fates(cluster, state, &gone).await? {
            let reason = fate.reason.or_else(|| Some(Text::new("the bundle no longer has it", "安装包中已不再有它")));
            let (step, object, outcome) = (fate.step, fate.object, fate.outcome);
            self.last.push(Event::Difference { step, object, outcome, changes: Vec::new(), reason });
        }
        Ok(())
    }

    async fn job(&mut self, index: usize) -> Result<(), Failure> {
        let Ground { work, world, sets, sound, seen, .. } = self.ground;
        let job = &work.jobs[index];
        let fillings = work.fillings(job, |fact| learnt(seen, fact));
        let certified = world.certificates(&job.cluster).is_some();
        if let Some(objects) = sound.objects(work, job, &fillings, certified) {
            for object in objects {
                let (step, outcome) = (job.id.clone(), Outcome::Unchanged);
                let event = Event::Difference { step, object, outcome, changes: Vec::new(), reason: None };
                self.seen.push((index, Ok(event)));
            }
            return Ok(());
        }
        let mut unknown = BTreeSet::new();
        for fact in work.open(job) {
            if let Some(Err(failure)) = seen.get(&fact) {
                return Err(failure.clone());
            }
            if learnt(seen, &fact).is_none() {
                unknown.insert(fact);
            }
        }
        if job.installs.is_some() && !unknown.is_empty() {
            self.unrendered += 1;
            self.seen.push((index, Ok(Event::Note { place: Some(job.id.clone()), text: not_rendered(job, &unknown) })));
            return Ok(());
        }
        let objects = if unknown.is_empty() {
            let renderers =
                if job.installs.is_some() { self.ground.supply.get().await? } else { &Renderers::default() };
            work.objects(job, &fillings, renderers, &sets[&job.cluster].id()).await?
        } else {
            job.outline()?
        };
        let complete = unknown.is_empty();
        self.rendered.insert(job.owner.clone(), objects.iter().map(Object::id).collect());
        let cluster = world.cluster(&job.cluster)?;
        // What others stand on is judged first, so that they can be told why the server does not know them.
        let (first, rest): (Vec<&Object>, Vec<&Object>) = objects.iter().partition(|object| brings(object).is_some());
        for wave in [first, rest] {
            let verdicts = join_all(wave.iter().map(|object| async {
                if complete { self.judge(job, object).await } else { self.outline(job, object, &unknown).await }
            }))
            .await;
            for (object, verdict) in wave.iter().zip(verdicts) {
                let sight = match verdict {
                    Ok(Verdict { outcome, changes, reason, conflict }) => {
                        self.conflicts += usize::from(conflict);
                        if outcome == Outcome::Created {
                            self.coming.extend(brings(object).map(|what| (what, job.id.clone())));
                        }
                        Ok(Event::Difference { step: job.id.clone(), object: object.named(), outcome, changes, reason })
                    }
                    Err(error) => Err(Box::new(refusal(&cluster.target, &job.id, &object.id().to_string(), &error))),
                };
                self.seen.push((index, sight));
            }
        }
        Ok(())
    }

    async fn judge(&self, job: &Job, object: &Object) -> Result<Verdict, CallError> {
        let world = &self.ground.world;
        let Ok(cluster) = world.cluster(&job.cluster) else { return Err(CallError::NotFound) };
        let standing = match object::look(cluster, object, self.ground.force, None).await {
            Err(CallError::Owned(causes)) => {
                let verdict = self.verdict(job, object, object::look(cluster, object, true, None).await?).await?;
                return Ok(Verdict { conflict: true, ..verdict.because(owners(&causes)) });
            }
            other => other?,
        };
        self.verdict(job, object, standing).await
    }

    async fn verdict(&self, job: &Job, object: &Object, standing: Standing) -> Result<Verdict, CallError> {
        let world = &self.ground.world;
        let Ok(cluster) = world.cluster(&job.cluster) else { return Err(CallError::NotFound) };
        Ok(match standing {
            Standing::Same { .. } => Verdict::new(Outcome::Unchanged),
            Standing::Differs { adopts: true, .. }
                if job.keeps_what_is_there && world.certificates(cluster.name()).is_none() =>
            {
                Verdict::new(Outcome::Unchanged)
                    .because(Text::new("it was there before, and is kept as it is", "它原本就在，保持不变"))
            }
            Standing::Differs { changes, adopts, .. } => {
                let outcome = if adopts { Outcome::Adopted } else { Outcome::Configured };
                Verdict { changes, ..Verdict::new(outcome) }
            }
            Standing::Replaced { changes, .. } => {
                let reason = Text::new(
                    "it is deleted and made anew: nobody can change that in place",
                    "将删除后重建：此项无法原地修改",
                );
                Verdict { changes, ..Verdict::new(Outcome::Configured).because(reason) }
            }
            Standing::Leaving => {
                Verdict::new(Outcome::Created).because(Text::new("it is being deleted now", "它正在被删除"))
            }
            Standing::Unserved => match self.brought(object).or_else(|| self.may_be_brought(job)) {
                Some(reason) => Verdict::new(Outcome::Created).because(reason),
                None => return Err(CallError::NotFound),
            },
            Standing::Absent => {
                if let Some(reason) = self.brought(object) {
                    return Ok(Verdict::new(Outcome::Created).because(reason));
                }
                object::rehearse(cluster, object).await?;
                Verdict::new(Outcome::Created)
            }
        })
    }

    /// An object whose values are not known yet can be looked for, not compared.
    async fn outline(&self, job: &Job, object: &Object, unknown: &BTreeSet<Fact>) -> Result<Verdict, CallError> {
        let Ok(cluster) = self.ground.world.cluster(&job.cluster) else { return Err(CallError::NotFound) };
        let there = match cluster.path_of(object) {
            Some(path) => cluster.transport.find(&path).await?.is_some(),
            None => false,
        };
        let names = list(unknown);
        let reason =
            Text::new(format!("its values are known once {names} is so"), format!("待 {names} 成立后才能得知其值"));
        Ok(Verdict::new(if there { Outcome::Configured } else { Outcome::Created }).because(reason))
    }

    /// The same of a kind whose definition may be among what cannot be rendered yet.
    fn may_be_brought(&self, job: &Job) -> Option<Text> {
        let installs = |other: &&Job| other.cluster == job.cluster && other.installs.is_some();
        let before = self.ground.work.jobs.iter().take_while(|other| other.id != job.id);
        let step = &before.filter(installs).find(|other| self.is_unrendered(other))?.id;
        Some(Text::new(
            format!("not checked by the server: its definition may come with {step}, which cannot be rendered yet"),
            format!("服务器尚无法检查：其 CRD 可能由尚无法渲染的 {step} 带来"),
        ))
    }

    /// Whether the addresses that a step's file is to hold are not known yet.
    fn is_unrendered(&self, job: &Job) -> bool {
        let Ground { work, seen, .. } = self.ground;
        work.open(job).iter().any(|fact| learnt(seen, fact).is_none())
    }

    /// Why the API server cannot be asked about an object: what it stands on comes in an earlier step, or in this one.
    fn brought(&self, object: &Object) -> Option<Text> {
        let id = object.id();
        let (what, step) = self.coming.iter().find(|(what, _)| match what {
            Coming::Namespace(name) => *name == id.namespace,
            Coming::Kind(kind) => *kind == id.kind,
        })?;
        Some(match what {
            Coming::Namespace(_) => Text::new(
                format!("not checked by the server: its namespace comes with {step}"),
                format!("服务器尚无法检查：其命名空间由 {step} 带来"),
            ),
            Coming::Kind(_) => Text::new(
                format!("not checked by the server: its definition comes with {step}"),
                format!("服务器尚无法检查：其 CRD 由 {step} 带来"),
            ),
        })
    }
}

/// What other objects could stand on.
fn brings(object: &Object) -> Option<Coming> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let spec = &object.value()["spec"];
    match object.value()["kind"].as_str() {
        Some("Namespace") => Some(Coming::Namespace(object.id().name)),
        Some("CustomResourceDefinition") => {
            Some(Coming::Kind(GroupKind { group: text(&spec["group"]), kind: text(&spec["names"]["kind"]) }))
        }
        _ => None,
    }
}

fn not_rendered(job: &Job, unknown: &BTreeSet<Fact>) -> Text {
    let names = list(unknown);
    let files: Vec<String> = job.files.iter().map(|(path, text)| format!("# {path}\n{text}")).collect();
    let files = files.join("\n");
    Text::new(
        format!("cannot be rendered until {names} is known\n{files}"),
        format!("在得知 {names} 之前无法渲染\n{files}"),
    )
}

fn list(facts: &BTreeSet<Fact>) -> String {
    facts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Whose the fields are that are to be set.
fn owners(causes: &[Cause]) -> Text {
    let list = |owned: &str| {
        causes.iter().map(|cause| format!("{} {owned} {}", cause.field, cause.owner)).collect::<Vec<_>>().join(", ")
    };
    Text::new(list("is owned by"), list("归属"))
}
