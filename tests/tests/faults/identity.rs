//! A cluster that was made anew under the same name: it is told apart from the one that was applied to, by whatever command, and not
//! touched. And disks that are full where a report is to be kept.

use std::fs;
use std::process::Command;
use std::time::Instant;

use serde_json::Value;
use tests::bed::{Bed, ClusterSpec, eventually};
use tests::job::{Job, Run};
use tests::judge::WAIT;
use tests::proxy::Front;

use super::table::{Row, Table};

const MODEL: &str = "multi-primary";
const TOPOLOGY: &str = include_str!("../../topologies/multi-primary.yaml");
const ISTHMUS: &str = env!("CARGO_BIN_EXE_operator");

/// The steps of which the mesh consists here: what is applied does not matter, whose it is does.
const STEPS: [&str; 4] = ["--step", "cluster1/namespace", "--step", "cluster2/namespace"];

fn row(fault: &str, code: u8, run: &Run, words: &[&str], begun: Instant) -> Row {
    let mut wrong: Vec<String> = Vec::new();
    if run.code != code || words.iter().any(|words| !run.stderr.contains(words)) {
        wrong.push(format!("not {code} with {words:?}: {}", run.stderr));
    }
    let said = run.stderr.lines().find(|line| line.starts_with("error: ")).unwrap_or("-").to_owned();
    let (model, step, fault) = (MODEL.to_owned(), "before the first".to_owned(), fault.to_owned());
    Row { model, step, fault, code: run.code, time: begun.elapsed(), said, again: 0, wrong }
}

#[test]
fn a_cluster_made_anew_is_told_and_not_mistaken() {
    let specs = ["cluster1", "cluster2", "anew"].map(|name| ClusterSpec::named(name).without_istiods());
    let bed = Bed::start(&specs).unwrap();
    let job = Job::new(&bed, "anew", &TOPOLOGY.replace("sample: true", "sample: false"), &[]);
    job.apply(&STEPS).ends_with(0);
    let mut rows = full_disks(&bed, &job);
    a_watch_is_never_silent(&bed, &job);

    let mut config: Value = serde_json::from_slice(&fs::read(bed.kubeconfig()).unwrap()).unwrap();
    let clusters = config["contexts"].as_array_mut().unwrap();
    let context = clusters.iter_mut().find(|context| context["name"] == "cluster2").unwrap();
    (context["context"]["cluster"], context["context"]["user"]) = ("anew".into(), "anew".into());
    let kubeconfig = bed.folder().join("anew.kubeconfig");
    fs::write(&kubeconfig, config.to_string()).unwrap();
    let anew = job.reached_also_by(&kubeconfig);
    let before = bed.cluster("anew").settled_listing().unwrap();
    let words =
        ["the context of cluster2 leads to another cluster than before", "if cluster2 was built anew, forget the old"];
    let commands: [(&str, &dyn Fn() -> Run); 7] = [
        ("apply", &|| anew.apply(&STEPS)),
        ("diff", &|| anew.diff(&[])),
        ("status", &|| anew.status()),
        ("verify", &|| anew.verify(&[])),
        ("rotate", &|| anew.rotate(&[])),
        ("revoke", &|| anew.revoke("cluster2")),
        ("cleanup", &|| anew.cleanup("mesh1")),
    ];
    for (verb, command) in commands {
        let begun = Instant::now();
        rows.push(row(&format!("a cluster made anew: {verb}"), 78, &command(), &words, begun));
    }
    assert_eq!(bed.cluster("anew").settled_listing().unwrap(), before, "nothing is written");

    // As the hint says; the other cluster of before is no longer spoken of.
    let forget = ["--namespace", "kube-system", "annotate", "configmap", "isthmus-mesh1", "isthmus.dev/clusters-"];
    bed.cluster("cluster1").kubectl_text(&forget).unwrap();
    let begun = Instant::now();
    rows.push(row("a cluster made anew: forgotten", 0, &anew.apply(&STEPS), &[], begun));
    bed.cluster("anew").kubectl_text(&["get", "namespace", "istio-system"]).unwrap();
    let begun = Instant::now();
    rows.push(row("a cluster made anew: the old one", 78, &job.apply(&STEPS), &words[..1], begun));
    anew.cleanup("mesh1").ends_with(0);
    let table = Table::new("Clusters made anew, and full disks");
    table.expect(rows.len());
    for row in rows {
        table.note(row);
    }
    table.judge();
}

/// Whoever watches hears that a cluster cannot be looked at, that it can again, what somebody changes, and that it was put right.
fn a_watch_is_never_silent(bed: &Bed, job: &Job) {
    let front = Front::of(bed).unwrap();
    let seen = job.reached_also_by(front.kubeconfig()).watch();
    let hears = |words: &str| {
        let heard = || if seen().contains(words) { Ok(()) } else { Err(format!("no {words}: {}", seen()).into()) };
        eventually(WAIT, heard).unwrap();
    };
    hears("mesh mesh1: ");
    front.tokens(&["another"]);
    hears("does not accept the credentials");
    front.heal().unwrap();
    hears("every cluster answers again");
    let patch = r#"[{"op":"remove","path":"/metadata/annotations/isthmus.dev~1step"}]"#;
    bed.cluster("cluster1").kubectl_text(&["patch", "namespace", "istio-system", "--type=json", "-p", patch]).unwrap();
    hears("changed since it was applied");
    job.apply(&STEPS).ends_with(0);
    hears("as it was applied again");
}

/// Where no file may become larger than half a kilobyte, what was to be kept is said to be lost, and what was done is told all the same.
fn full_disks(bed: &Bed, job: &Job) -> Vec<Row> {
    let run = |words: &[String]| {
        let mut shell: Command = bed.command("sh");
        shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", ISTHMUS]).args(words);
        let output = shell.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let code = output.status.code().and_then(|code| u8::try_from(code).ok()).unwrap();
        Run { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    };
    let file = |name: &str| bed.folder().join(name).display().to_string();
    let more = |verb: &str, more: &[&str]| {
        let words: Vec<String> = job.words(verb, "mesh1");
        words.into_iter().chain(more.iter().map(|&word| word.to_owned())).collect::<Vec<_>>()
    };
    let begun = Instant::now();
    bed.cluster("cluster1").kubectl_text(&["delete", "namespace", "istio-system"]).unwrap();
    let report = file("report.jsonl");
    let applied = run(&more("apply", &[&STEPS[..], &["--report", &report]].concat()));
    let mut rows =
        vec![row("a full disk: apply --report", 73, &applied, &["report.jsonl", "cluster1/namespace: done"], begun)];
    bed.cluster("cluster1").kubectl_text(&["get", "namespace", "istio-system"]).unwrap();
    let begun = Instant::now();
    let verified = run(&more("verify", &["--junit", &file("verify.xml")]));
    rows.push(row("a full disk: verify --junit", 73, &verified, &["verify.xml", "cannot write"], begun));
    if !verified.stdout.contains("cluster1") {
        rows[1].wrong.push(format!("the result is lost: {}", verified.stdout));
    }
    rows
}
