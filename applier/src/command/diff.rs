//! `isthmus diff`: what `apply` would change, by dry run, in the order of the plan. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::join_all;
use shared::fact::Fact;
use shared::text::Text;
use tokio::sync::OnceCell;

use super::apply::given;
use crate::cli::Diff;
use crate::error::{Exit, Failure};
use crate::object::{self, GroupKind, Object, Standing};
use crate::program::{Given, Renderers, Tools};
use crate::refusal::{again, refusal};
use crate::report::{Event, Outcome, Report, Verb};
use crate::session::{self, Session};
use crate::sound::{Facts, Sound};
use crate::source;
use crate::transport::CallError;
use crate::walk::learnt;
use crate::work::{Job, Work};

/// Runs the command.
pub(crate) async fn run(arguments: &Diff, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?.only(&arguments.selection)?;
    let survey = async {
        let given = given(&arguments.supplies);
        let tools = Tools::of(&given, &work.programs());
        let certs = arguments.supplies.certs.as_deref();
        let session = session::open(work, Verb::Diff, &arguments.connection, certs, report).await?;
        let values = session.work.jobs.iter().flat_map(|job| session.work.open(job)).collect();
        let (sound, seen) = Sound::look(&session, values, tools).await?;
        survey(&Ground { session, sound, seen, renderers: OnceCell::new(), given }, report).await
    };
    let seconds = arguments.timeout.as_secs();
    let too_slow = || {
        Failure::new(Exit::Again, Text::new(format!("not done after {seconds} s"), format!("{seconds} 秒后仍未完成")))
            .hint(again())
    };
    let unrendered = tokio::time::timeout(arguments.timeout, survey).await.map_err(|_| too_slow())??;
    let outcomes = report.tally();
    report.event(&Event::Summary {
        verb: Verb::Diff,
        outcomes,
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        next: None,
    });
    let pending = outcomes.changes() > 0 || unrendered > 0;
    Ok(if pending && arguments.exit_code { Exit::Changes } else { Exit::Done })
}

/// Looks at all clusters side by side, tells in the order of the plan, and counts what could not be rendered.
async fn survey(ground: &Ground, report: &Report) -> Result<usize, Failure> {
    let surveys = ground.session.sets.keys().map(|cluster| {
        let survey = Survey { ground, coming: BTreeMap::new(), seen: Vec::new(), unrendered: 0 };
        survey.run(cluster)
    });
    let mut seen = Vec::new();
    let mut unrendered = 0;
    for survey in join_all(surveys).await {
        let survey = survey?;
        seen.extend(survey.seen);
        unrendered += survey.unrendered;
    }
    seen.sort_by_key(|(index, _)| *index);
    let mut first = None;
    for (_, sight) in seen {
        match sight {
            Ok(event) => report.event(&event),
            // The first is what the command ends with, and is told as that.
            Err(failure) if first.is_none() => first = Some(*failure),
            Err(failure) => {
                report.event(&Event::Warning {
                    place: failure.place.clone(),
                    text: failure.what.clone(),
                    hints: Vec::new(),
                });
            }
        }
    }
    first.map_or(Ok(unrendered), Err)
}

/// What all clusters are held against.
struct Ground {
    session: Session,
    sound: Sound,
    /// The facts that fill holes, as they were seen.
    seen: Facts,
    /// The programs, found when the first installation has to be rendered.
    renderers: OnceCell<Renderers>,
    given: Given,
}

impl Ground {
    async fn renderers(&self) -> Result<&Renderers, Failure> {
        let wanted = self.session.work.programs();
        self.renderers.get_or_try_init(|| async { Renderers::find(&self.given, &wanted).await }).await
    }
}

/// What was found so far in one cluster.
struct Survey<'a> {
    ground: &'a Ground,
    /// The namespaces and kinds that are not there yet, and the step that brings each.
    coming: BTreeMap<Coming, String>,
    /// What is to be told, by the step's place in the plan.
    seen: Vec<(usize, Result<Event, Box<Failure>>)>,
    unrendered: usize,
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
    changes: Vec<crate::report::Change>,
    reason: Option<Text>,
}

impl Verdict {
    fn new(outcome: Outcome) -> Self {
        Self { outcome, changes: Vec::new(), reason: None }
    }

    fn because(self, reason: Text) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

impl Survey<'_> {
    async fn run(mut self, cluster: &str) -> Result<Self, Failure> {
        for (index, job) in self.ground.session.work.jobs.iter().enumerate() {
            if job.cluster == cluster {
                self.job(index).await?;
            }
        }
        Ok(self)
    }

    async fn job(&mut self, index: usize) -> Result<(), Failure> {
        let Ground { session: Session { work, world, sets, .. }, sound, seen, .. } = self.ground;
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
            let renderers = if job.installs.is_some() { self.ground.renderers().await? } else { &Renderers::default() };
            work.objects(job, &fillings, renderers, &sets[&job.cluster].id()).await?
        } else {
            job.outline()?
        };
        let complete = unknown.is_empty();
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
                    Ok(Verdict { outcome, changes, reason }) => {
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
        let world = &self.ground.session.world;
        let Ok(cluster) = world.cluster(&job.cluster) else { return Err(CallError::NotFound) };
        Ok(match object::look(cluster, object, false).await? {
            Standing::Same { .. } => Verdict::new(Outcome::Unchanged),
            Standing::Differs { adopts: true, .. }
                if job.keeps_what_is_there && world.certificates(cluster.name()).is_none() =>
            {
                Verdict::new(Outcome::Unchanged)
                    .because(Text::new("it was there before, and is kept as it is", "它原本就在，保持不变"))
            }
            Standing::Differs { changes, adopts, .. } => {
                Verdict { outcome: if adopts { Outcome::Adopted } else { Outcome::Configured }, changes, reason: None }
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
        let Ok(cluster) = self.ground.session.world.cluster(&job.cluster) else { return Err(CallError::NotFound) };
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
        let before = self.ground.session.work.jobs.iter().take_while(|other| other.id != job.id);
        let step = &before.filter(installs).find(|other| self.is_unrendered(other))?.id;
        Some(Text::new(
            format!("not checked by the server: its definition may come with {step}, which cannot be rendered yet"),
            format!("服务器尚无法检查：其 CRD 可能由尚无法渲染的 {step} 带来"),
        ))
    }

    /// Whether the addresses that a step's file is to hold are not known yet.
    fn is_unrendered(&self, job: &Job) -> bool {
        let Ground { session, seen, .. } = self.ground;
        session.work.open(job).iter().any(|fact| learnt(seen, fact).is_none())
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
