//! `isthmus diff`: what `apply` would change, by dry run, in the order of the plan. Writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use futures_util::future::join_all;
use shared::fact::Fact;
use shared::text::Text;

use super::apply::find_istioctl;
use crate::cli::Diff;
use crate::error::{Exit, Failure};
use crate::istioctl::Istioctl;
use crate::object::{self, GroupKind, Object, Standing};
use crate::probe::{self, Learned, Sight};
use crate::refusal::{again, refusal};
use crate::report::{Event, Outcome, Report, Verb};
use crate::session::{self, Session};
use crate::source;
use crate::transport::CallError;
use crate::work::{Job, Work};

/// Runs the command.
pub(crate) async fn run(arguments: &Diff, report: &Arc<Report>) -> Result<Exit, Failure> {
    let begun = Instant::now();
    let work = Work::of(&source::bundle(&arguments.bundle, report)?)?;
    let istioctl = find_istioctl(&work, arguments.supplies.istioctl.as_deref()).await?;
    let survey = async {
        let certs = arguments.supplies.certs.as_deref();
        let session = session::open(work, Verb::Diff, &arguments.connection, certs, report).await?;
        let mut survey = Survey { session, istioctl, report, known: BTreeMap::new(), coming: BTreeMap::new(), unrendered: 0, failures: Vec::new() };
        survey.run().await
    };
    let seconds = arguments.timeout.as_secs();
    let too_slow = || Failure::new(Exit::Again, Text::new(format!("not done after {seconds} s"), format!("{seconds} 秒后仍未完成"))).hint(again());
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

/// What was found so far.
struct Survey<'a> {
    session: Session,
    istioctl: Option<Istioctl>,
    report: &'a Report,
    known: BTreeMap<Fact, Option<Learned>>,
    /// The namespaces and kinds that are not there yet, and the step that brings each; by cluster.
    coming: BTreeMap<String, BTreeMap<Coming, String>>,
    unrendered: usize,
    failures: Vec<Failure>,
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
    async fn run(&mut self) -> Result<usize, Failure> {
        for index in 0..self.session.work.jobs.len() {
            self.job(index).await?;
        }
        match std::mem::take(&mut self.failures).into_iter().next() {
            Some(first) => Err(first),
            None => Ok(self.unrendered),
        }
    }

    async fn job(&mut self, index: usize) -> Result<(), Failure> {
        let open = self.session.work.open(&self.session.work.jobs[index]);
        for fact in &open {
            self.learn(fact).await?;
        }
        let unknown: BTreeSet<Fact> = open.into_iter().filter(|fact| self.known.get(fact).is_none_or(Option::is_none)).collect();
        let Session { work, sets, .. } = &self.session;
        let job = &work.jobs[index];
        if job.installs && !unknown.is_empty() {
            self.unrendered += 1;
            self.report.event(&Event::Note { place: Some(job.id.clone()), text: not_rendered(job, &unknown) });
            return Ok(());
        }
        let fillings = work.fillings(job, |fact| self.known.get(fact).cloned().flatten());
        let objects = if unknown.is_empty() {
            work.objects(job, &fillings, self.istioctl.as_ref(), &sets[&job.cluster].id()).await?
        } else {
            work.outline(job)?
        };
        let complete = unknown.is_empty();
        // What others stand on is judged first, so that they can be told why the server does not know them.
        let (first, rest): (Vec<&Object>, Vec<&Object>) = objects.iter().partition(|object| brings(object).is_some());
        for wave in [first, rest] {
            let Session { work, world, .. } = &self.session;
            let job = &work.jobs[index];
            let cluster = world.cluster(&job.cluster)?;
            let verdicts = join_all(wave.iter().map(|object| async {
                if complete { self.judge(job, object).await } else { self.outline(job, object, &unknown).await }
            }))
            .await;
            let (step, name) = (job.id.clone(), job.cluster.clone());
            let mut failures = Vec::new();
            let mut arriving = Vec::new();
            for (object, verdict) in wave.iter().zip(verdicts) {
                match verdict {
                    Ok(Verdict { outcome, changes, reason }) => {
                        if outcome == Outcome::Created {
                            arriving.extend(brings(object));
                        }
                        self.report.event(&Event::Difference { step: step.clone(), object: object.named(), outcome, changes, reason });
                    }
                    Err(error) => {
                        let failure = refusal(&cluster.target, &step, &object.id().to_string(), &error);
                        self.report.event(&Event::Warning { place: failure.place.clone(), text: failure.what.clone(), hints: Vec::new() });
                        failures.push(failure);
                    }
                }
            }
            self.failures.extend(failures);
            self.coming.entry(name).or_default().extend(arriving.into_iter().map(|what| (what, step.clone())));
        }
        Ok(())
    }

    async fn learn(&mut self, fact: &Fact) -> Result<(), Failure> {
        if !self.known.contains_key(fact) {
            let sight = probe::look(&self.session.world, fact, self.session.work.probe(fact)?).await?;
            let learnt = if let Sight::So(learnt) = sight { Some(learnt) } else { None };
            self.known.insert(fact.clone(), learnt);
        }
        Ok(())
    }

    async fn judge(&self, job: &Job, object: &Object) -> Result<Verdict, CallError> {
        let world = &self.session.world;
        let Ok(cluster) = world.cluster(&job.cluster) else { return Err(CallError::NotFound) };
        Ok(match object::look(cluster, object, false).await? {
            Standing::Same => Verdict::new(Outcome::Unchanged),
            Standing::Differs { adopts: true, .. } if job.keeps_what_is_there && world.certificates(cluster.name()).is_none() => {
                Verdict::new(Outcome::Unchanged).because(Text::new("it was there before, and is kept as it is", "它原本就在，保持不变"))
            }
            Standing::Differs { changes, adopts } => {
                Verdict { outcome: if adopts { Outcome::Adopted } else { Outcome::Configured }, changes, reason: None }
            }
            Standing::Leaving => Verdict::new(Outcome::Created).because(Text::new("it is being deleted now", "它正在被删除")),
            Standing::Unserved => match self.brought(job, object) {
                Some(reason) => Verdict::new(Outcome::Created).because(reason),
                None => return Err(CallError::NotFound),
            },
            Standing::Absent => match self.brought(job, object) {
                Some(reason) => Verdict::new(Outcome::Created).because(reason),
                None => {
                    object::rehearse(cluster, object).await?;
                    Verdict::new(Outcome::Created)
                }
            },
        })
    }

    /// An object whose values are not known yet can be looked for, not compared.
    async fn outline(&self, job: &Job, object: &Object, unknown: &BTreeSet<Fact>) -> Result<Verdict, CallError> {
        let Ok(cluster) = self.session.world.cluster(&job.cluster) else { return Err(CallError::NotFound) };
        let there = match cluster.path_of(object) {
            Some(path) => cluster.transport.find(&path).await?.is_some(),
            None => false,
        };
        let names = list(unknown);
        let reason = Text::new(format!("its values are known once {names} is so"), format!("待 {names} 成立后才能得知其值"));
        Ok(Verdict::new(if there { Outcome::Configured } else { Outcome::Created }).because(reason))
    }

    /// Why the API server cannot be asked about an object: what it stands on comes in an earlier step, or in this one.
    fn brought(&self, job: &Job, object: &Object) -> Option<Text> {
        let id = object.id();
        let coming = self.coming.get(&job.cluster);
        let (what, step) = coming?
            .iter()
            .find(|(what, _)| match what {
                Coming::Namespace(name) => *name == id.namespace,
                Coming::Kind(kind) => *kind == id.kind,
            })
            .map(|(what, step)| (what, step.as_str()))?;
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
    Text::new(format!("cannot be rendered until {names} is known\n{files}"), format!("在得知 {names} 之前无法渲染\n{files}"))
}

fn list(facts: &BTreeSet<Fact>) -> String {
    facts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
