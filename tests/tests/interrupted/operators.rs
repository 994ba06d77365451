//! Several operators at once: a Lease keeps them apart, judged by the server's clock, and whoever lost it writes no more.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::bed::eventually;
use tests::job::Job;
use tests::judge::WAIT;
use tests::process::Operator;
use tests::proxy::{Answer, Asked, Fault, Rule};

use crate::stage::{ISTHMUS, Stage};

/// How long a Lease counts.
const LEASE: Duration = Duration::from_secs(30);

/// How long after that an attempt to take it over may still begin in vain.
const LATE: Duration = Duration::from_secs(5);

/// How far away the servers are of whoever is held up, each way; a connection takes four times that.
const FAR: Duration = Duration::from_millis(100);

#[test]
fn operators_are_kept_apart() {
    let stage = Stage::new("multi-primary", &["cluster1", "cluster2"]);
    stage.undisturbed("apply").0.ends_with(0);
    let applied = stage.held();
    stage.job.cleanup("mesh1").ends_with(0);
    by_the_servers_clock(&stage);
    stage.job.cleanup("mesh1").ends_with(0);
    the_second_waits_and_the_first_stops(&stage);
    stage.holds(&applied, "taken over");
    stage.job.cleanup("mesh1").ends_with(0);
    races(&stage);
}

/// What `date` says of a moment, such as `+1 hour -5 seconds`.
fn date(moment: &str, format: &str) -> String {
    let mut command = Command::new("date");
    let said = command.env("LC_ALL", "C").args(["-u", "-d", moment, format]).output().unwrap();
    assert!(said.status.success());
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

/// Somebody's Lease, renewed at that moment by our clock.
fn lease(stage: &Stage, renewed: &str) {
    let time = date(renewed, "+%Y-%m-%dT%H:%M:%S.000000Z");
    let lease = json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "isthmus-mesh1", "namespace": "kube-system"},
        "spec": {"holderIdentity": "ann@desk", "leaseDurationSeconds": 30, "acquireTime": time, "renewTime": time}});
    for cluster in stage.clusters() {
        cluster.apply(&lease.to_string()).unwrap();
    }
}

/// An operator whose clock is an hour wrong: what counts is what the server says.
fn by_the_servers_clock(stage: &Stage) {
    let version = stage.clusters()[0].kubectl_text(&["get", "--raw", "/version"]).unwrap();
    for hour in ["+1 hour", "-1 hour"] {
        stage.front.heal().unwrap();
        let answer = Answer::text(200, "application/json", &version);
        let answer = answer.field("Date", &date(hour, "+%a, %d %b %Y %H:%M:%S GMT"));
        stage.front.rule(Rule::always(Fault::Instead(answer)).on(|asked| asked.path.starts_with("/version")));
        lease(stage, &format!("{hour} -5 seconds"));
        let refused = stage.fronted.apply(&[]);
        assert!(refused.ends_with(75).stderr.contains("ann@desk, since 20"), "{hour}: {}", refused.stderr);
        lease(stage, &format!("{hour} -40 seconds"));
        stage.fronted.apply(&[]).ends_with(0);
        stage.is_free();
        stage.job.cleanup("mesh1").ends_with(0);
    }
    stage.front.heal().unwrap();
}

/// The first is held up in the middle of its work, as a laptop that is closed, and cannot renew. It writes on every cluster by then: a Lease
/// that it took only after it goes on would be its own, and what it writes there in order. Servers are far away, so that most of what it was
/// about to write waits for a connection, which comes about only afterwards. The second is refused by name until the Lease has run
/// out, and not much longer; then the first, going on, notices and stops.
fn the_second_waits_and_the_first_stops(stage: &Stage) {
    stage.front.heal().unwrap();
    stage.front.delay(FAR);
    let before = stage.front.log().len();
    let first = stage.start("apply");
    for cluster in ["cluster1", "cluster2"] {
        let is_one =
            |asked: &Asked| asked.cluster == cluster && asked.applies() && asked.path.contains("/customresource");
        let writes = || stage.front.log()[before..].iter().any(|one| is_one(&one.asked));
        eventually(WAIT, || if writes() { Ok(()) } else { Err(first.told().into()) }).unwrap();
    }
    first.signal("STOP");
    let holder = stage.holder("cluster1").unwrap();
    stage.front.delay(Duration::ZERO);
    let since = Instant::now();
    let mut refused = 0;
    let second = loop {
        let begun = Instant::now();
        let second = stage.job.apply(&[]);
        if second.code != 75 {
            break second;
        }
        // However long one attempt takes: one that begins as late as that finds the Lease run out.
        assert!(begun - since < LEASE + LATE, "still refused after {:?}", begun - since);
        assert!(second.stderr.contains(&holder) && second.stderr.contains(", since 20"), "{}", second.stderr);
        refused += 1;
        thread::sleep(Duration::from_secs(1));
    };
    second.ends_with(0);
    assert!(refused > 3, "refused {refused} times");
    let written = stage.front.log().len();
    first.signal("CONT");
    let ended = first.wait();
    ended.ends_with(75);
    let told = [
        "another operator is at work here",
        "could not be renewed for 30 s",
        "the Lease of this run has run out",
        "was held up for",
    ];
    assert!(told.iter().any(|told| ended.told.contains(told)), "{}", ended.told);
    let log = stage.front.log();
    let late: Vec<_> = log[written..].iter().map(|one| &one.asked).filter(|asked| asked.applies()).collect();
    assert!(late.is_empty(), "written without the Lease: {late:#?}");
}

/// Two to five of them, with one bundle and with two: each gets through or is told to come back, and one more run makes it whole.
fn races(stage: &Stage) {
    let more = {
        let folder = stage.ground.bed.folder().join("more");
        fs::create_dir_all(&folder).unwrap();
        let drawn = fs::read_to_string(stage.job.bundle.join("topology.yaml")).unwrap();
        Job::new(&stage.ground.bed, "more", &format!("{drawn}  sample: true\n"), &[])
    };
    // The certificates are the mesh's, not the bundle's.
    let words = |job: &Job| -> Vec<String> {
        let (own, mesh) = (job.certs.to_str().unwrap().to_owned(), stage.job.certs.to_str().unwrap().to_owned());
        job.words("apply", "mesh1").into_iter().map(|word| if word == own { mesh.clone() } else { word }).collect()
    };
    let run = |job: &Job| Operator::start(&stage.ground.bed, ISTHMUS, &words(job));
    run(&more).wait().ends_with(0);
    let whole = stage.held();
    stage.job.cleanup("mesh1").ends_with(0);
    let all = std::env::var("KILLS").is_ok_and(|kills| kills == "all");
    for race in 0..if all { 20 } else { 1 } {
        let runners: Vec<Operator> = (0..2 + (race + 1) % 4)
            .map(|number| run(if (race + number) % 2 == 0 { &stage.job } else { &more }))
            .collect();
        let codes: Vec<_> = runners.iter().map(|one| (one.wait(), one.told())).collect();
        for (ended, told) in &codes {
            assert!(matches!(ended.status.code(), Some(0 | 75)), "{:?}: {told}", ended.status);
        }
        println!(
            "race {race}: {:?}",
            codes.iter().map(|(ended, _)| ended.status.code().unwrap_or(-1)).collect::<Vec<_>>()
        );
        stage.is_free();
        run(&more).wait().ends_with(0);
        stage.holds(&whole, "a race");
        stage.job.cleanup("mesh1").ends_with(0);
    }
    stage.ground.is_as_before();
}
