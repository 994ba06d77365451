//! Faults of the way and of the server: each at the write of one object of a step, in a mesh that is there otherwise. The run
//! that is disturbed ends in time, with a status and words that say what happened; the next one brings the same object back.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::bed::{Bed, ClusterSpec, eventually};
use tests::job::{Job, Run};
use tests::proxy::{Answer, Fault, Front, Phase, Rule};

use super::table::{Row, Which, judge};

/// The models that are tried, and the clusters they need.
const MODELS: [(&str, &str, &[&str]); 3] = [
    (
        "multi-primary-multi-network",
        include_str!("../../topologies/multi-primary-multi-network.yaml"),
        &["cluster1", "cluster2"],
    ),
    (
        "primary-remote-multi-network",
        include_str!("../../topologies/primary-remote-multi-network.yaml"),
        &["cluster1", "cluster2"],
    ),
    ("external-ip", include_str!("../../topologies/external-ip.yaml"), &["external", "cluster1"]),
];

/// How often a fault comes.
#[derive(Clone, Copy, PartialEq)]
enum Times {
    /// At the first write of the object.
    Once,
    /// At every request for it.
    Always,
}

/// What is done, and what must come of it.
struct Case {
    name: &'static str,
    fault: Fault,
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
    let case = |name, fault, times, code, words, within| Case { name, fault, times, code, words, within };
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
    ]
}

/// An object that a step has made, and that can go and come alone.
#[derive(Clone)]
struct Target {
    step: String,
    cluster: String,
    kind: String,
    namespace: String,
    name: String,
}

impl Target {
    /// The first fit object of every step, out of what the first run told.
    fn of(run: &Run) -> Vec<Self> {
        const FIT: [&str; 8] =
            ["Secret", "ConfigMap", "Gateway", "VirtualService", "ServiceAccount", "Service", "Role", "ClusterRole"];
        let mut found: BTreeMap<String, (usize, Self)> = BTreeMap::new();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        for line in run.stdout.lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            let object = &event["object"];
            let kind = text(&object["kind"]);
            let Some(rank) = FIT.iter().position(|fit| *fit == kind).filter(|_| event["type"] == "object") else {
                continue;
            };
            let (step, namespace, name) = (text(&event["step"]), text(&object["namespace"]), text(&object["name"]));
            let cluster = step.split('/').next().unwrap_or_default().to_owned();
            // The token of the account that others read with: without it they cannot, which is another test.
            if name.contains("reader") {
                continue;
            }
            let target = Self { step: step.clone(), cluster, kind, namespace, name };
            if found.get(&step).is_none_or(|(before, _)| rank < *before) {
                found.insert(step, (rank, target));
            }
        }
        found.into_values().map(|(_, target)| target).collect()
    }

    /// The object as it is in the cluster, without what changes by itself.
    fn live(&self, bed: &Bed) -> Option<Value> {
        let mut args = vec!["get", &self.kind, &self.name];
        if !self.namespace.is_empty() {
            args.extend(["-n", &self.namespace]);
        }
        let mut object = bed.cluster(&self.cluster).kubectl_json(&args).ok()?;
        for field in ["uid", "resourceVersion", "creationTimestamp", "managedFields", "generation"] {
            object["metadata"].as_object_mut()?.remove(field);
        }
        for field in ["status", "secrets"] {
            object.as_object_mut()?.remove(field);
        }
        if let Some(spec) = object["spec"].as_object_mut() {
            // Chosen by the server each time.
            spec.retain(|key, _| !["clusterIP", "clusterIPs", "ports", "healthCheckNodePort"].contains(&key.as_str()));
        }
        Some(object)
    }

    /// Takes the object away.
    fn take_away(&self, bed: &Bed) {
        let mut args = vec!["delete", &self.kind, &self.name, "--wait=true"];
        if !self.namespace.is_empty() {
            args.extend(["-n", &self.namespace]);
        }
        bed.cluster(&self.cluster).kubectl_text(&args).unwrap();
    }
}

/// A model that is applied, and the way to it that can be disturbed.
struct Stage<'a> {
    model: &'a str,
    bed: &'a Bed,
    front: &'a Front,
    job: Job,
    targets: Vec<Target>,
    /// What a run takes that has one object to bring back.
    usual: Duration,
}

impl Stage<'_> {
    fn try_at(&self, case: &Case, target: &Target) -> Row {
        let before = target.live(self.bed);
        target.take_away(self.bed);
        let cluster = target.cluster.clone();
        let mark = format!("/{}?fieldManager", target.name);
        let concerns = move |asked: &tests::proxy::Asked| {
            asked.cluster == cluster && asked.method == "PATCH" && asked.path.contains(&mark)
        };
        let rule = Rule::always(case.fault.clone()).on(concerns);
        self.front.rule(if case.times == Times::Once { rule.times(1) } else { rule });
        let begun = Instant::now();
        let run = self.job.apply(&[]);
        let time = begun.elapsed();
        let hits = self.front.log().iter().filter(|one| one.asked.method == "PATCH").count();
        self.front.heal().unwrap();
        let again = self.job.apply(&[]);
        let after = eventually(Duration::from_secs(10), || {
            let after = target.live(self.bed);
            if after == before { Ok(()) } else { Err(format!("{before:?} is now {after:?}").into()) }
        });
        let mut wrong = Vec::new();
        let mut expect = |so: bool, what: String| {
            if !so {
                wrong.push(what);
            }
        };
        expect(hits > 0, "the fault was never met".to_owned());
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
        let line = run.stderr.lines().find(|line| line.contains(case.words)).unwrap_or_default();
        Row {
            model: self.model.to_owned(),
            step: target.step.clone(),
            fault: case.name.to_owned(),
            code: run.code,
            time,
            said: line.to_owned(),
            again: again.code,
            wrong,
        }
    }
}

#[test]
fn every_fault_of_the_way_is_bounded_told_and_mended() {
    let which = Which::of_environment();
    let all = which.is_all();
    let mut rows = Vec::new();
    for (model, topology, clusters) in if all { &MODELS[..] } else { &MODELS[..1] } {
        let specs: Vec<ClusterSpec> = clusters.iter().map(|&name| ClusterSpec::named(name)).collect();
        let bed = Bed::start(&specs).unwrap();
        let front = Front::of(&bed).unwrap();
        let job = Job::new(&bed, model, topology, &[]).reached_by(front.kubeconfig());
        let first = job.apply(&["-o", "jsonl"]);
        let targets = Target::of(first.ends_with(0));
        assert!(targets.len() > 4, "{} of {}", targets.len(), first.stdout);
        targets[0].take_away(&bed);
        let begun = Instant::now();
        job.apply(&[]).ends_with(0);
        let stage = Stage { model, bed: &bed, front: &front, job, targets, usual: begun.elapsed() };
        // Long silences are tried once; everything else at a step of its own.
        let (long, short): (Vec<Case>, Vec<Case>) =
            cases().into_iter().filter(|case| which.has(case.name)).partition(|case| case.within > SOON);
        for (index, case) in short.iter().enumerate() {
            let chosen = index % stage.targets.len();
            let at = stage.targets.iter().enumerate().filter(|(place, _)| all || *place == chosen);
            rows.extend(at.map(|(_, target)| stage.try_at(case, target)));
        }
        let sampled = ["503, always", "never answered, once"];
        for (index, case) in long.iter().filter(|case| all || sampled.contains(&case.name)).enumerate() {
            rows.push(stage.try_at(case, &stage.targets[index % stage.targets.len()]));
        }
        if model == &MODELS[0].0 {
            rows.extend(super::contacts::all(model, &bed, &front, &stage.job, &which));
        }
        let left = stage.job.status();
        if left.code != 0 {
            rows.last_mut().unwrap().wrong.push(format!("a fact is not so at the end: {}", left.stdout));
        }
    }
    judge("Faults of the way to the API servers", &rows);
}
