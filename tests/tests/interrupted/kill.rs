//! Killed at any boundary of any request, and run once more.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use tests::process::{Boundary, killed};
use tests::proxy::Phase;

use crate::stage::{Held, ISTHMUS, Stage};

/// The models, with the names of their clusters.
const MODELS: [(&str, &[&str]); 3] = [
    ("multi-primary-multi-network", &["cluster1", "cluster2"]),
    ("primary-remote", &["cluster1", "cluster2"]),
    ("external-ip", &["external", "cluster1"]),
];

/// What is killed, in the order in which one follows on the other.
const VERBS: [&str; 3] = ["apply", "rotate", "cleanup"];

/// How many times each command is killed in a short run; no multiple of 3, so that each is at another phase.
const SAMPLE: usize = 2;

/// Where each command is killed: `KILLS` says `all`, or how often, or which part of all, as `2/10`.
#[derive(Clone, Copy)]
enum Which {
    /// At every boundary of every request.
    All,
    /// That many times.
    Times(usize),
    /// At those boundaries of all whose turn it is, counted from 1.
    Part { number: usize, of: usize },
}

impl Which {
    fn read(word: &str) -> Self {
        let number = |word: &str| word.parse().expect("KILLS says `all`, a number, or a part such as `2/10`");
        match word.split_once('/') {
            _ if word == "all" => Self::All,
            Some((turn, of)) => Self::Part { number: number(turn), of: number(of) },
            None => Self::Times(number(word)),
        }
    }

    /// The boundaries of so many requests, neighbours far apart in time: where it is ended early, what was tried is from everywhere.
    fn boundaries(self, requests: usize) -> Vec<Boundary> {
        let every: Vec<Boundary> =
            (0..requests).flat_map(|number| Phase::ALL.map(|phase| Boundary { number, phase })).collect();
        match self {
            Self::All => spread(&every),
            Self::Part { number, of } => spread(&every).into_iter().skip(number - 1).step_by(of).collect(),
            Self::Times(times) => {
                // Spread over the run, each at another phase: 3 does not divide the stride.
                let stride = (every.len() / times) / 3 * 3 + 1;
                every.into_iter().skip(stride / 2).step_by(stride).take(times).collect()
            }
        }
    }
}

/// All of them, in strides of about two fifths of their number.
fn spread(every: &[Boundary]) -> Vec<Boundary> {
    let is_apart =
        |stride: &usize| (2..=*stride).all(|by| !(stride.is_multiple_of(by) && every.len().is_multiple_of(by)));
    let stride = (every.len() * 2 / 5..=every.len()).find(|stride| *stride > 0 && is_apart(stride)).unwrap_or(1);
    (0..every.len()).map(|place| every[place * stride % every.len()]).collect()
}

/// One command of one model, and where it is killed.
struct Plan {
    verb: &'static str,
    requests: usize,
    boundaries: Vec<Boundary>,
    /// What an undisturbed run leaves; nothing where that is what was there before.
    leaves: Option<Held>,
    /// How often it was killed, and how often it had ended before.
    killed: usize,
    ended: usize,
}

#[test]
fn whoever_is_killed_runs_once_more() {
    // A model's name beside it leaves the others out.
    let asked = env::var("KILLS").unwrap_or_default();
    let named = |model: &str| asked.split(',').any(|word| word == model);
    let word = asked.split(',').find(|word| !word.is_empty() && !MODELS.iter().any(|(model, _)| model == word));
    let which = word.map_or(Which::Times(SAMPLE), Which::read);
    let begun = Instant::now();
    let models: Vec<_> = match MODELS.iter().filter(|(model, _)| named(model)).collect::<Vec<_>>() {
        none if none.is_empty() && asked.is_empty() => vec![&MODELS[0]],
        none if none.is_empty() => MODELS.iter().collect(),
        some => some,
    };
    let told = Mutex::new((String::new(), Vec::new()));
    thread::scope(|scope| {
        for (model, clusters) in models {
            let told = &told;
            scope.spawn(move || {
                let (plans, wrong) = try_all(model, &Stage::new(model, clusters), which);
                let mut told = told.lock().unwrap();
                for Plan { verb, requests, boundaries, killed, ended, .. } in &plans {
                    let planned = boundaries.len();
                    let _ = writeln!(
                        told.0,
                        "{model:28} {verb:8} {requests:>8} {:>10} {planned:>7} {killed:>6} {ended:>6}",
                        requests * Phase::ALL.len()
                    );
                }
                told.1.extend(wrong);
            });
        }
    });
    let (lines, wrong) = told.into_inner().unwrap();
    let head = ["model", "command", "requests", "boundaries", "tried", "killed", "ended"];
    let [model, verb, requests, boundaries, tried, killed, ended] = head;
    println!("{model:28} {verb:8} {requests:>8} {boundaries:>10} {tried:>7} {killed:>6} {ended:>6}");
    println!("{lines}in {:.0} s", begun.elapsed().as_secs_f32());
    assert!(wrong.is_empty(), "{} went wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Kills every command of a model where it is to be killed, one after the other, and runs each once more: what the one leaves, the next
/// begins with. Returns what came of it, and what went wrong.
fn try_all(model: &str, stage: &Stage, which: Which) -> (Vec<Plan>, Vec<String>) {
    let mut plans = VERBS.map(|verb| {
        let (_, requests) = stage.undisturbed(verb);
        let leaves = (verb != "cleanup").then(|| stage.held());
        Plan { verb, requests, boundaries: which.boundaries(requests), leaves, killed: 0, ended: 0 }
    });
    stage.ground.is_as_before();
    let rounds = plans.iter().map(|plan| plan.boundaries.len()).max().unwrap_or(0);
    let begun = Instant::now();
    let mut wrong = Vec::new();
    for round in 0..rounds {
        for plan in &mut plans {
            let Some(&at) = plan.boundaries.get(round) else {
                // The others go on.
                if plan.verb != "rotate" {
                    run(stage, plan.verb);
                }
                continue;
            };
            let tried = catch_unwind(AssertUnwindSafe(|| try_at(stage, plan, at)));
            if tried.is_err() {
                wrong.push(format!("{model}, {} killed at {at:?}: see above", plan.verb));
                // From the beginning again.
                stage.expire();
                run(stage, "cleanup");
                stage.ground.is_as_before();
                break;
            }
        }
        let left =
            begun.elapsed() / u32::try_from(round + 1).unwrap_or(1) * u32::try_from(rounds - round - 1).unwrap_or(0);
        println!(
            "{model}: round {} of {rounds}, {} killed, {} went wrong; {:.0} min more",
            round + 1,
            plans.iter().map(|plan| plan.killed).sum::<usize>(),
            wrong.len(),
            left.as_secs_f32() / 60.0
        );
    }
    for Plan { verb, killed, boundaries, .. } in &plans {
        assert!(*killed > 0 || boundaries.is_empty(), "{model}: {verb} was never killed");
    }
    (plans.into(), wrong)
}

/// Runs a command to its end.
fn run(stage: &Stage, verb: &str) {
    let run = match verb {
        "apply" => stage.job.apply(&[]),
        "rotate" => stage.job.rotate(&[]),
        _ => stage.job.cleanup("mesh1"),
    };
    run.ends_with(0);
}

fn try_at(stage: &Stage, plan: &mut Plan, at: Boundary) {
    let words = stage.fronted.words(plan.verb, "mesh1");
    let ended = killed(&stage.ground.bed, &stage.front, (ISTHMUS, &words), at);
    assert!(ended.was_killed() || ended.status.success(), "killed at {at:?}: {}", ended.told);
    stage.expire();
    *(if ended.was_killed() { &mut plan.killed } else { &mut plan.ended }) += 1;
    run(stage, plan.verb);
    match &plan.leaves {
        Some(leaves) => stage.holds(leaves, &format!("{} killed at {at:?}", plan.verb)),
        None => stage.ground.is_as_before(),
    }
    stage.is_free();
}

#[test]
fn every_boundary_has_its_turn_once() {
    for requests in 1..200 {
        let all = Which::All.boundaries(requests);
        let parts: Vec<Boundary> =
            (1..=7).flat_map(|number| Which::Part { number, of: 7 }.boundaries(requests)).collect();
        for some in [all, parts] {
            let met: BTreeSet<_> = some.iter().map(|at| (at.number, format!("{:?}", at.phase))).collect();
            assert_eq!((some.len(), met.len()), (requests * 3, requests * 3), "{requests}");
        }
    }
}
