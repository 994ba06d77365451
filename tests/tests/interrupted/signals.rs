//! Told to end, politely or not: what is in flight is finished, the Leases are given back, and a line says how to go on.

use std::process::Stdio;
use std::thread;
use std::time::Duration;

use tests::process::{Boundary, disturbed};
use tests::proxy::Phase;

use crate::stage::{ISTHMUS, Stage};

#[test]
fn whoever_is_told_to_end_says_how_to_go_on() {
    let stage = Stage::new("primary-remote", &["cluster1", "cluster2"]);
    let (_, requests) = stage.undisturbed("apply");
    let applied = stage.held();
    stage.job.cleanup("mesh1").ends_with(0);
    println!("{:10} {:8} {:>6} {:>8}", "signal", "request", "status", "seconds");
    let all = std::env::var("KILLS").is_ok_and(|kills| kills == "all");
    let signals = if all { &["INT", "TERM", "HUP", "INT INT"][..] } else { &["HUP", "INT INT"] };
    for (place, signal) in signals.iter().enumerate() {
        let at = Boundary { number: requests * (place + 2) / 7, phase: Phase::Done };
        let words = stage.fronted.words("apply", "mesh1");
        let ended = disturbed(&stage.ground.bed, &stage.front, (ISTHMUS, &words), at, move |operator| {
            for name in signal.split(' ') {
                operator.signal(name);
                thread::sleep(Duration::from_millis(300));
            }
        });
        println!(
            "{signal:10} {:8} {:>6} {:>8.1}",
            at.number,
            ended.status.code().unwrap_or(-1),
            ended.took.as_secs_f32()
        );
        ended.ends_with(130);
        assert!(ended.told.contains("run the same command again"), "{signal}: {}", ended.told);
        if !signal.contains(' ') {
            assert!(ended.told.contains("steps are done"), "{signal}: {}", ended.told);
        }
        stage.is_free();
        stage.job.apply(&[]).ends_with(0);
        stage.holds(&applied, signal);
        stage.job.cleanup("mesh1").ends_with(0);
    }
    nobody_listens(&stage);
    stage.holds(&applied, "nobody listens");
    // A cleanup goes on from where it was told to end.
    let words = stage.fronted.words("cleanup", "mesh1");
    let at = Boundary { number: 60, phase: Phase::Done };
    let ended = disturbed(&stage.ground.bed, &stage.front, (ISTHMUS, &words), at, |operator| operator.signal("TERM"));
    ended.ends_with(130);
    stage.is_free();
    stage.job.cleanup("mesh1").ends_with(0);
    stage.ground.is_as_before();
}

/// Whoever reads the output goes away: the work is done all the same.
fn nobody_listens(stage: &Stage) {
    let mut words = stage.job.words("apply", "mesh1");
    words.extend(["-o".to_owned(), "jsonl".to_owned()]);
    let mut command = stage.ground.bed.command(ISTHMUS);
    let mut child =
        command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    stage.is_free();
}
