//! `--report`: what happened, kept in a file beside what is shown.

use serde_json::Value;

use crate::program::Desk;

const APPLY: &str = "apply mesh1 --yes --kubeconfig none";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.run("generate topology.yaml --output mesh1");
    desk
}

#[test]
fn a_run_that_goes_on_from_another_goes_on_in_its_file() {
    let desk = desk();
    for runs in 1..=2 {
        let shown = desk.shown(&desk.run(&format!("{APPLY} --report run.jsonl")));
        assert!(shown.starts_with("78\nerr| error: none:"), "{shown}");
        let report = String::from_utf8(desk.read("run.jsonl")).unwrap();
        let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["version", "failure"].repeat(runs));
        assert_eq!(lines[1]["place"], "none");
    }
}

#[test]
fn a_file_that_is_no_report_stays_as_it_is() {
    let desk = desk();
    desk.check(
        &format!("{APPLY} --report topology.yaml"),
        "\
73
err| error: topology.yaml: there is something else than a report here, and it was left as it is
err| hint: name a new file, or an earlier report
",
    );
    assert_eq!(desk.read("topology.yaml"), crate::program::TOPOLOGY.as_bytes());
    desk.check(&format!("{APPLY} --report no/run.jsonl"), "73\nerr| error: no/run.jsonl: there is no such folder\n");
}
