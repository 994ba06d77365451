//! Faults of the way and of the server: each at the write of one object of a step, in a mesh that is there otherwise. The run
//! that is disturbed ends in time, with a status and words that say what happened; the next one brings the same object back.

use std::fs;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tests::bed::{Bed, ClusterSpec, eventually};
use tests::job::Job;
use tests::proxy::{Answer, Asked, Fault, Front, Phase, Rule};

use super::contacts::{self, Place};
use super::models::{MODELS, Model};
use super::table::{Row, Table, Which, on_models};
use super::targets::{Target, side_by_side};

/// How often a fault comes.
#[derive(Clone, Copy, PartialEq)]
enum Times {
    /// At the first write of the object.
    Once,
    /// At every request for it.
    Always,
}

/// What goes wrong.
#[derive(Clone)]
enum Harm {
    /// Something on the way.
    Way(Fault),
    /// The API server is killed once it has done what was asked, and started again a second later.
    Fall,
}

/// What is done, and what must come of it.
#[derive(Clone)]
struct Case {
    name: &'static str,
    harm: Harm,
    times: Times,
    code: u8,
    /// What standard error says.
    words: &'static str,
    /// How long the run may take, beside what an undisturbed one needs.
    within: Duration,
}

/// A request's time with all its retries, and two seconds.
const BOUND: Duration = Duration::from_secs(32);
/// One attempt's time, and some for the second.
const ONE_SILENCE: Duration = Duration::from_secs(24);
/// What passes by itself.
const SOON: Duration = Duration::from_secs(15);

fn cases() -> Vec<Case> {
    let case =
        |name, fault, times, code, words, within| Case { name, harm: Harm::Way(fault), times, code, words, within };
    let busy = |code| Fault::Answer(Answer::status(code, "ServiceUnavailable", "later"));
    let patience =
        |after: &str| Fault::Answer(Answer::status(429, "TooManyRequests", "later").field("Retry-After", after));
    let html = |code| Fault::Answer(Answer::text(code, "text/html", "<html>no such page</html>"));
    let failed = Answer { status: 200, ..Answer::status(503, "ServiceUnavailable", "later") };
    let (once, always) = (Times::Once, Times::Always);
    vec![
        case("429, Retry-After 1", patience("1"), once, 0, "it answers 429", SOON),
        case("429, Retry-After garbage", patience("soon"), once, 0, "it answers 429", SOON),
        case("429, Retry-After a past date", patience("Wed, 21 Oct 2015 07:28:00 GMT"), once, 0, "429", SOON),
        case("429, Retry-After 3600, always", patience("3600"), always, 69, "come again in 3600 s", SOON),
        case("500", busy(500), once, 0, "it answers 500", SOON),
        case("502, HTML", html(502), once, 0, "it answers 502", SOON),
        case("503", busy(503), once, 0, "it answers 503", SOON),
        case("504, empty", Fault::Answer(Answer::text(504, "text/plain", "")), once, 0, "it answers 504", SOON),
        case("503 though done", Fault::Instead(Answer::status(503, "-", "")), once, 0, "it answers 503", SOON),
        case("503, always", busy(503), always, 69, "it answers 503", BOUND),
        case("200, HTML", html(200), once, 0, "is no API server", SOON),
        case("200, empty", Fault::Answer(Answer::text(200, "application/json", "")), once, 0, "no API server", SOON),
        case("200, {}", Fault::Answer(Answer::text(200, "application/json", "{}")), always, 69, "no API server", BOUND),
        case("200 that holds a failure", Fault::Answer(failed), once, 0, "it answers 503", SOON),
        case("JSON cut short", Fault::Cut(40), once, 0, "no API server", SOON),
        case("closed before", Fault::Close(Phase::Asked), once, 0, "breaks off", SOON),
        case("closed after it was done", Fault::Close(Phase::Done), once, 0, "breaks off", SOON),
        case("closed in the answer", Fault::Close(Phase::Half), once, 0, "breaks off", SOON),
        case("half closed", Fault::HalfClose, once, 0, "breaks off", SOON),
        case("reset before", Fault::Reset(Phase::Asked), once, 0, "breaks off", SOON),
        case("reset after it was done", Fault::Reset(Phase::Done), once, 0, "breaks off", SOON),
        case("reset in the answer", Fault::Reset(Phase::Half), once, 0, "breaks off", SOON),
        case("reset, always", Fault::Reset(Phase::Asked), always, 69, "breaks off", BOUND),
        case("never answered, once", Fault::Silence(Phase::Asked), once, 0, "no answer in 20 s", ONE_SILENCE),
        case("silent in the answer", Fault::Silence(Phase::Half), once, 0, "no answer in 20 s", ONE_SILENCE),
        case("never answered, always", Fault::Silence(Phase::Done), always, 69, "no answer in", BOUND),
        case("a byte a second", Fault::Slow(1), always, 69, "no answer in", BOUND),
        case(
            "500, too large for etcd",
            Fault::Answer(Answer::status(500, "", "etcdserver: request is too large")),
            always,
            1,
            "larger than the API server takes",
            SOON,
        ),
        case(
            "413",
            Fault::Answer(Answer::status(413, "RequestEntityTooLarge", "limit is 3145728")),
            always,
            1,
            "larger than the API server takes",
            SOON,
        ),
        case("403", Fault::Answer(Answer::status(403, "Forbidden", "rbac")), always, 77, "may not do this", SOON),
        case("401, once", Fault::Answer(Answer::status(401, "Unauthorized", "")), once, 0, "", SOON),
        case(
            "401, always",
            Fault::Answer(Answer::status(401, "Unauthorized", "")),
            always,
            77,
            "does not accept",
            SOON,
        ),
        // Every connection of before leads to nobody: where each was tried in turn, this took half a minute.
        Case {
            name: "API server killed and restarted",
            harm: Harm::Fall,
            times: once,
            code: 0,
            words: "trying again",
            within: SOON,
        },
    ]
}

/// A model that is applied, and the way to it that can be disturbed.
struct Stage {
    model: &'static Model,
    bed: Arc<Bed>,
    front: Front,
    job: Job,
    targets: Vec<Target>,
    /// What a run takes that has one object to bring back.
    usual: Duration,
}

impl Stage {
    fn new(model: &'static Model) -> Self {
        let bed = Arc::new(Bed::start(&model.clusters.map(ClusterSpec::named)).unwrap());
        let front = Front::of(&bed).unwrap();
        let job = Job::new(&bed, model.name, &bed.dialled(model.topology), &[]).with_memory(&bed);
        let job = job.reached_by(front.kubeconfig());
        let first = job.apply(&["-o", "jsonl"]);
        let targets = Target::of(first.ends_with(0));
        let index = fs::read_to_string(job.bundle.join("bundle.yaml")).unwrap();
        let missing: Vec<&str> =
            steps(&index).filter(|step| targets.iter().all(|target| target.step != *step)).collect();
        assert!(missing.is_empty(), "nothing to disturb of {missing:?}: {}", first.stdout);
        targets.last().unwrap().take_away(&bed);
        let begun = Instant::now();
        job.apply(&[]).ends_with(0);
        Self { model, bed, front, job, targets, usual: begun.elapsed() }
    }

    /// Disturbs the writes of some objects, each in a cluster of its own and none of a step that needs another's.
    fn try_at(&self, case: &Case, targets: &[&Target]) -> Vec<Row> {
        let before: Vec<_> = targets.iter().map(|target| target.live(&self.bed)).collect();
        for target in targets {
            target.take_away(&self.bed);
        }
        self.disturb(case, targets);
        let begun = Instant::now();
        let run = self.job.apply(&[]);
        let time = begun.elapsed();
        let log = self.front.log();
        self.front.heal().unwrap();
        let again = self.job.apply(&[]);
        let judged = |(target, before): (&&Target, &Option<_>)| {
            let after = eventually(Duration::from_secs(10), || {
                let after = target.live(&self.bed);
                if after == *before { Ok(()) } else { Err(format!("{before:?} is now {after:?}").into()) }
            });
            let told = |line: &&str| line.contains(case.words);
            let mine = |line: &&str| told(line) && line.contains(&target.cluster);
            let line = run.stderr.lines().find(mine).or_else(|| run.stderr.lines().find(told));
            let mut wrong = Vec::new();
            let mut expect = |so: bool, what: String| {
                if !so {
                    wrong.push(what);
                }
            };
            expect(log.iter().any(|one| target.is_written_by(&one.asked)), "the fault was never met".to_owned());
            expect(run.code == case.code, format!("exit {} and not {}: {}", run.code, case.code, run.stderr));
            expect(run.stderr.contains(case.words), format!("nothing of {:?}: {}", case.words, run.stderr));
            expect(time < case.within + self.usual * 2, format!("took {time:?}, usually {:?}", self.usual));
            if case.code != 0 {
                expect(run.stderr.contains(&target.step), format!("the step is not named: {}", run.stderr));
                expect(run.stderr.contains(&target.name), format!("the object is not named: {}", run.stderr));
                expect(run.stderr.contains("run the same command again"), format!("no way on: {}", run.stderr));
            }
            expect(again.code == 0, format!("the second run: {}", again.stderr));
            expect(after.is_ok(), format!("not as before: {after:?}"));
            Row {
                model: self.model.name.to_owned(),
                step: target.step.clone(),
                fault: case.name.to_owned(),
                code: run.code,
                time,
                said: line.unwrap_or_default().to_owned(),
                again: again.code,
                wrong,
            }
        };
        targets.iter().zip(&before).map(judged).collect()
    }

    fn disturb(&self, case: &Case, targets: &[&Target]) {
        match &case.harm {
            Harm::Way(fault) => {
                for target in targets {
                    let written = (*target).clone();
                    let rule = Rule::always(fault.clone()).on(move |asked: &Asked| written.is_written_by(asked));
                    self.front.rule(if case.times == Times::Once { rule.times(1) } else { rule });
                }
            }
            Harm::Fall => {
                let (bed, fall) = (Arc::clone(&self.bed), targets.iter().map(|target| (*target).clone()).collect());
                let fall: Mutex<Vec<Target>> = Mutex::new(fall);
                self.front.hook(move |asked, phase| {
                    let mut fall = fall.lock().unwrap();
                    let hit = fall.iter().position(|target| phase == Phase::Done && target.is_written_by(asked));
                    let Some(target) = hit.map(|place| fall.swap_remove(place)) else { return };
                    let outage = bed.cluster(&target.cluster).kill_api_server().unwrap();
                    let bed = Arc::clone(&bed);
                    thread::spawn(move || {
                        thread::sleep(Duration::from_secs(1));
                        bed.cluster(&target.cluster).restart_api_server(&outage).unwrap();
                    });
                });
            }
        }
    }
}

/// The steps of a bundle.
fn steps(index: &str) -> impl Iterator<Item = &str> {
    index.lines().filter_map(|line| line.strip_prefix("- id: "))
}

#[test]
fn every_fault_of_the_way_is_bounded_told_and_mended() {
    on_models("Faults of the way to the API servers", &[MODELS[0].name], try_all);
}

/// Every fault at every step of a model, two at once where they are in different clusters and have nothing to do with each other. In a
/// sample short ones are tried each at a step of its own, and few of the long silences.
fn try_all(model: &'static Model, which: &Which, table: &Table) {
    let stage = Stage::new(model);
    let Stage { bed, front, job, .. } = &stage;
    let pairs: Vec<Vec<&Target>> = if which.is_sample() {
        stage.targets.iter().map(|target| vec![target]).collect()
    } else {
        side_by_side(&stage.targets, &fs::read_to_string(job.bundle.join("bundle.yaml")).unwrap())
    };
    let mut plan: Vec<(Case, Vec<&Target>)> = Vec::new();
    for case in cases() {
        let place = plan.len();
        let sampled = case.within <= SOON || ["503, always", "never answered, once"].contains(&case.name);
        for (number, pair) in pairs.iter().enumerate() {
            let chosen = if which.is_sample() { sampled && number == place % pairs.len() } else { true };
            let pair: Vec<&Target> = pair
                .iter()
                .copied()
                .filter(|target| chosen && which.has(model.name, &target.step, case.name))
                .collect();
            if !pair.is_empty() {
                plan.push((case.clone(), pair));
            }
        }
    }
    table.expect(plan.iter().map(|(_, pair)| pair.len()).sum());
    for (case, pair) in &plan {
        stage.try_at(case, pair).into_iter().for_each(|row| table.note(row));
    }
    contacts::all(&Place { model, bed, front, job, which, table });
    let left = job.status();
    assert_eq!(left.code, 0, "a fact is not so at the end: {}", left.stdout);
}
