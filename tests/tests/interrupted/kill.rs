//! Killed at any boundary of any request, and run once more.

use std::time::Instant;

use tests::process::{Boundary, killed};
use tests::proxy::Phase;

use crate::stage::{ISTHMUS, Stage};

/// The models, with the names of their clusters.
const MODELS: [(&str, &[&str]); 3] = [
    ("multi-primary-multi-network", &["cluster1", "cluster2"]),
    ("primary-remote", &["cluster1", "cluster2"]),
    ("external-ip", &["external", "cluster1"]),
];

/// How many times each command is killed in a short run; no multiple of 3, so that each is at another phase.
const SAMPLE: usize = 2;

#[test]
fn whoever_is_killed_runs_once_more() {
    let asked = std::env::var("KILLS").unwrap_or_default();
    let (all, sample) = (asked == "all", asked.parse().unwrap_or(SAMPLE));
    let begun = Instant::now();
    println!("{:28} {:8} {:>8} {:>6} {:>6}", "model", "command", "requests", "killed", "same");
    for (model, clusters) in MODELS.iter().take(if asked.is_empty() { 1 } else { MODELS.len() }) {
        let stage = Stage::new(model, clusters);
        let (_, apply) = stage.undisturbed("apply");
        let applied = stage.held();
        let (_, rotate) = stage.undisturbed("rotate");
        let rotated = stage.held();
        let (_, cleanup) = stage.undisturbed("cleanup");
        stage.ground.is_as_before();
        let boundaries = |requests: usize| -> Vec<Boundary> {
            let every =
                (0..requests).flat_map(|number| Phase::ALL.map(|phase| Boundary { number, phase })).collect::<Vec<_>>();
            // Spread over the run, each at another phase: 3 does not divide the stride.
            let stride = (every.len() / sample) / 3 * 3 + 1;
            if all { every } else { every.into_iter().skip(stride / 2).step_by(stride).take(sample).collect() }
        };
        let plans = [("apply", boundaries(apply)), ("rotate", boundaries(rotate)), ("cleanup", boundaries(cleanup))];
        let mut tried = [(0, 0); 3];
        let rounds = plans.iter().map(|(_, plan)| plan.len()).max().unwrap_or(0);
        for round in 0..rounds {
            for (place, (verb, plan)) in plans.iter().enumerate() {
                let again = || match *verb {
                    "apply" => stage.job.apply(&[]),
                    "rotate" => stage.job.rotate(&[]),
                    _ => stage.job.cleanup("mesh1"),
                };
                if let Some(&at) = plan.get(round) {
                    let what = format!("{model}, {verb} killed at {at:?}");
                    let words = stage.fronted.words(verb, "mesh1");
                    let ended = killed(&stage.ground.bed, &stage.front, (ISTHMUS, &words), at);
                    assert!(ended.was_killed() || ended.status.success(), "{what}: {}", ended.told);
                    stage.expire();
                    tried[place].0 += usize::from(ended.was_killed());
                    let second = again();
                    assert_eq!(second.code, 0, "{what}, then: {}", second.stderr);
                    tried[place].1 += 1;
                } else {
                    again().ends_with(0);
                }
                match *verb {
                    "apply" => stage.holds(&applied, verb),
                    "rotate" => stage.holds(&rotated, verb),
                    _ => stage.ground.is_as_before(),
                }
                stage.is_free();
            }
        }
        for ((verb, requests), (killed, same)) in
            [("apply", apply), ("rotate", rotate), ("cleanup", cleanup)].iter().zip(tried)
        {
            println!("{model:28} {verb:8} {requests:>8} {killed:>6} {same:>6}");
            assert!(killed > 0, "{model}: {verb} was never killed");
        }
    }
    println!("in {:.0} s", begun.elapsed().as_secs_f32());
}
