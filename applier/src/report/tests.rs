//! One run, told in every manner: what a log, a pipe and a machine get to read.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex};

use super::*;

/// A stream whose text can be looked at afterwards, and which may be closed to writers.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>, Option<io::ErrorKind>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.1 {
            Some(kind) => Err(kind.into()),
            None => self.0.lock().unwrap().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn streams(stdin: &'static [u8], out: &Paper, err: &Paper, terminal: bool) -> Streams {
    Streams {
        stdin: Box::new(stdin) as Box<dyn Read + Send>,
        stdout: Box::new(out.clone()),
        stderr: Box::new(err.clone()),
        terminals: Terminals { stdin: terminal, stdout: false, stderr: terminal },
        // A dumb terminal is asked like any other, and gets plain lines.
        variables: BTreeMap::from([("TERM".to_owned(), "dumb".to_owned())]),
    }
}

fn manner(lang: Lang, verbosity: Verbosity, format: Format) -> Manner {
    Manner { lang, verbosity, format, colour: Paint::default() }
}

/// A run in which everything happens once.
fn run(report: &Report) {
    let object = |kind: &str, namespace: Option<&str>, name: &str| ObjectName {
        api_version: "v1".to_owned(),
        kind: kind.to_owned(),
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
    };
    let step = "cluster1/namespace".to_owned();
    let clusters = vec![Target {
        cluster: "cluster1".to_owned(),
        context: "kind-a".to_owned(),
        server: "https://10.0.0.1:6443".to_owned(),
    }];
    report.event(&Event::Started { verb: Verb::Apply, mesh: "mesh1".to_owned(), steps: 1, clusters });
    let detail = Text::new("v1.36", "v1.36");
    report.event(&Event::Fact { fact: "ApiServer(cluster1)".to_owned(), holds: true, detail });
    report.event(&Event::StepStarted { step: step.clone(), why: Text::new("Makes room.", "腾出空间。") });
    let outcome = Outcome::Created;
    let namespace = object("Namespace", None, "istio-system");
    report.event(&Event::Object { step: step.clone(), object: namespace, outcome, reason: None });
    let secret = object("Secret", Some("istio-system"), "cacerts");
    let reason = Some(Text::new("it was there before", "此前已存在"));
    report.event(&Event::Object { step: step.clone(), object: secret, outcome: Outcome::Adopted, reason });
    let reason = Text::new("no address yet", "尚无地址");
    report.event(&Event::Waiting { step: step.clone(), fact: "Address(cluster1, eastwest)".to_owned(), reason });
    let text = Text::new("it is slow", "速度较慢");
    report.event(&Event::Warning {
        place: Some("cluster1".to_owned()),
        text,
        hints: vec![Text::new("wait", "请等待")],
    });
    report.event(&Event::StepDone { step, changed: true, outcomes: report.tally(), milliseconds: 1_250 });
    let next = Some(Text::new("Next: isthmus status", "接下来：isthmus status"));
    report.event(&Event::Summary { verb: Verb::Apply, outcomes: report.tally(), milliseconds: 2_000, next });
    let failure = Failure::new(Exit::Context, Text::new("no such context", "没有该上下文"));
    report.failure(&failure.at("cluster2").because("said the server").hint(Text::new("name one", "请指定")));
}

#[track_caller]
fn check(manner: Manner, out: &str, err: &str) {
    let (stdout, stderr) = (Paper::default(), Paper::default());
    let report = Report::new(streams(b"", &stdout, &stderr, false), manner);
    run(&report);
    assert!(report.close().is_ok());
    assert_eq!((stdout.text().as_str(), stderr.text().as_str()), (out, err));
}

#[test]
fn a_log_has_results_apart_from_talk() {
    check(
        manner(Lang::En, Verbosity::Normal, Format::Human),
        "\
cluster1/namespace: Namespace istio-system created
cluster1/namespace: Secret istio-system/cacerts adopted: it was there before
Done in 2.0 s: 1 created, 1 adopted
Next: isthmus status
",
        "\
Applying mesh mesh1: 1 step on 1 cluster
  cluster1  kind-a  https://10.0.0.1:6443
cluster1/namespace: waiting for Address(cluster1, eastwest): no address yet
warning: cluster1: it is slow
hint: wait
cluster1/namespace: done in 1.2 s: 1 created, 1 adopted
error: cluster2: no such context
  said the server
hint: name one
",
    );
}

#[test]
fn the_same_in_chinese() {
    check(
        manner(Lang::Zh, Verbosity::Normal, Format::Human),
        "\
cluster1/namespace：Namespace istio-system 已创建
cluster1/namespace：Secret istio-system/cacerts 已接管：此前已存在
完成，用时 2.0 秒：已创建 1 个，已接管 1 个
接下来：isthmus status
",
        "\
正在应用网格 mesh1：1 个集群，共 1 个步骤
  cluster1  kind-a  https://10.0.0.1:6443
cluster1/namespace：等待 Address(cluster1, eastwest)：尚无地址
警告：cluster1：速度较慢
提示：请等待
cluster1/namespace：完成，用时 1.2 秒：已创建 1 个，已接管 1 个
错误：cluster2：没有该上下文
  said the server
提示：请指定
",
    );
}

#[test]
fn quiet_leaves_warnings_and_errors() {
    let err = "warning: cluster1: it is slow\nhint: wait\nerror: cluster2: no such context\n  said the server\nhint: name one\n";
    check(manner(Lang::En, Verbosity::Quiet, Format::Human), "", err);
}

#[test]
fn json_lines_begin_with_the_version_and_end_with_the_end() {
    let (out, err) = (Paper::default(), Paper::default());
    let report = Report::new(streams(b"", &out, &err, false), manner(Lang::En, Verbosity::Normal, Format::JsonLines));
    run(&report);
    let text = out.text();
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    let expected = [
        "version",
        "started",
        "fact",
        "stepStarted",
        "object",
        "object",
        "waiting",
        "warning",
        "stepDone",
        "summary",
        "failure",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(lines[8]["outcomes"], serde_json::json!({"created": 1, "adopted": 1}));
    assert_eq!(lines[10]["exit"], 78);
    assert!(err.text().starts_with("error: "), "a person who looks on sees the failure too");
}

#[test]
fn only_a_full_disk_is_trouble() {
    for (kind, fine) in [(io::ErrorKind::BrokenPipe, true), (io::ErrorKind::StorageFull, false)] {
        let (out, err) = (Paper(Arc::default(), Some(kind)), Paper::default());
        let report = Report::new(streams(b"", &out, &err, false), manner(Lang::En, Verbosity::Normal, Format::Human));
        report.print("a result");
        assert_eq!(report.close().map_err(|failure| failure.exit), if fine { Ok(()) } else { Err(Exit::Output) });
    }
}

#[test]
fn questions_are_asked_where_somebody_can_answer() {
    let ask = |stdin, terminal| {
        let err = Paper::default();
        let streams = streams(stdin, &Paper::default(), &err, terminal);
        let report = Report::new(streams, manner(Lang::En, Verbosity::Normal, Format::Human));
        let question = Text::new("Apply?", "应用？");
        let answers =
            (report.confirm(&question, "--yes"), report.confirm_by_typing(&question, "mesh1", "--confirm mesh1"));
        (answers.0.ok(), answers.1.ok(), err.text())
    };
    let asked = "Apply? [y/N] Apply? (type mesh1) ".to_owned();
    assert_eq!(ask(b"y\nmesh1\n", true), (Some(true), Some(true), asked.clone()));
    assert_eq!(ask(b"\nmesh2\n", true), (Some(false), Some(false), asked.clone()));
    assert_eq!(ask(b"", true), (Some(false), Some(false), asked));
    assert_eq!(ask(b"y\nmesh1\n", false), (None, None, String::new()));
}

#[test]
fn a_report_that_was_cut_short_is_no_success() {
    let (out, err) = (Paper::default(), Paper::default());
    let report = Report::new(streams(b"", &out, &err, false), manner(Lang::En, Verbosity::Normal, Format::Human));
    report.keep(Some(std::path::Path::new("/dev/full"))).unwrap();
    report.talk(&Text::new("a", "b"));
    assert_eq!(report.close().unwrap_err().exit, Exit::Output);
}
