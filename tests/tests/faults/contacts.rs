//! Faults before the first word and of who we are: certificates, names, silence, credentials that run out, plugins that
//! misbehave. Nothing is written, it is told in time, and the way to the other cluster is not blamed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::bed::Bed;
use tests::job::{Job, Run};
use tests::proxy::{Answer, Asked, Fault, Front, Identity, Phase, Rule, TOKEN};

use super::table::{Row, Which};

/// What is hidden in everything that a plugin says and is given.
pub(crate) const CANARY: &str = "canary-51a7-in-the-mine";

/// What a watch says that has nothing to say, and what it says twice.
const REPEATED: &str = concat!(
    r#"{"type":"BOOKMARK","object":{"kind":"PartialObjectMetadata","metadata":{"resourceVersion":"7"}}}"#,
    "\n",
    r#"{"type":"MODIFIED","object":{"kind":"PartialObjectMetadata","metadata":{"name":"istio-eastwestgateway"}}}"#,
    "\n"
);

/// A first contact's time, and two seconds.
const CONTACT: Duration = Duration::from_secs(12);

/// Tries one thing after the other with the mesh of `job`, which is there already.
pub(crate) fn all(model: &str, bed: &Bed, front: &Front, job: &Job, which: &Which) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |fault: &str, job: &Job, code: u8, words: &str, within: Duration| {
        if !which.has(fault) {
            return;
        }
        let begun = Instant::now();
        let run = job.apply(&[]);
        let time = begun.elapsed();
        let mut wrong = Vec::new();
        for (so, what) in [
            (run.code == code, format!("exit {} and not {code}", run.code)),
            (run.stderr.contains(words), format!("nothing of {words:?}")),
            (time < within, format!("took {time:?}")),
            (!leaks(&run), "it shows a secret".to_owned()),
            (code == 0 || run.stderr.contains("hint: "), "no way on".to_owned()),
        ] {
            if !so {
                wrong.push(format!("{what}: {}", run.stderr));
            }
        }
        let said = run.stderr.lines().find(|line| line.contains(words)).unwrap_or_default().to_owned();
        let (fault, step) = (fault.to_owned(), "first contact".to_owned());
        rows.push(Row { model: model.to_owned(), step, fault, code: run.code, time, said, again: 0, wrong });
    };

    for (identity, words) in [
        (Identity::Stranger, "not signed by the authority that the kubeconfig trusts"),
        (Identity::Expired, "its certificate has expired"),
        (Identity::OtherName, "its certificate is for other names"),
        (Identity::Stalled, "no connection comes about in time"),
    ] {
        front.identity("cluster1", identity).unwrap();
        row(&format!("TLS: {identity:?}"), job, 69, words, CONTACT);
        front.heal().unwrap();
    }
    let leaf = front.kubeconfig_with("leaf.kubeconfig", |_, cluster, _| {
        cluster["certificate-authority-data"] = json!(front.certificate());
    });
    let leaf = job.clone().reached_by(&leaf.unwrap());
    row("TLS: a server's certificate as authority", &leaf, 69, "not an authority's", CONTACT);

    let elsewhere = |file: &str, server: &str| {
        let kubeconfig = front.kubeconfig_with(file, |name, cluster, _| {
            if name == "cluster1" {
                cluster["server"] = json!(server);
            }
        });
        job.clone().reached_by(&kubeconfig.unwrap())
    };
    let name = elsewhere("name.kubeconfig", "https://no-such-name.invalid:6443");
    row("a name that does not resolve", &name, 69, "its name does not resolve", CONTACT);
    let port = elsewhere("port.kubeconfig", "https://127.0.0.1:9");
    // Addresses of groups are nobody's: no connection leads there from anywhere.
    let route = elsewhere("route.kubeconfig", "https://224.0.0.1:6443");
    row("no network leads there", &route, 69, "no network leads there", CONTACT);
    row("nobody listens", &port, 69, "nobody listens there", CONTACT);
    front.rule(Rule::always(Fault::Silence(Phase::Asked)).on(|asked: &Asked| asked.cluster == "cluster2"));
    row("accepted and never answered", job, 69, "cannot reach the API server of cluster2", CONTACT);
    front.heal().unwrap();
    front.rule(Rule::always(Fault::Reset(Phase::Asked)).times(1));
    row("reset once", job, 0, "breaks off", CONTACT);
    front.heal().unwrap();
    front.tokens(&["another"]);
    row("a token that is no longer good", job, 77, "does not accept the credentials", CONTACT);
    front.heal().unwrap();

    credentials(bed, front, job, which, &mut row);
    if which.has("silence, and a deadline") {
        rows.push(time_is_over(model, bed, front, job));
    }
    for (fault, name) in [
        (Fault::Close(Phase::Done), "watches closed at once"),
        (Fault::Silence(Phase::Done), "watches never begun"),
        (Fault::Answer(Answer::status(403, "Forbidden", "watch")), "watches refused"),
        (Fault::Answer(Answer::status(410, "Expired", "too old")), "watches too old"),
        (Fault::Answer(Answer::text(200, "application/json", &REPEATED.repeat(3))), "watches that repeat themselves"),
    ] {
        if which.has(name) {
            rows.push(without_watches(model, bed, front, job, fault, name));
        }
    }
    if which.has("rights revoked") {
        rows.push(rights_that_go(model, bed, front, job));
    }
    rows
}

/// A server that falls silent, and a run that has little time: it ends in time, and the next one goes on.
fn time_is_over(model: &str, bed: &Bed, front: &Front, job: &Job) -> Row {
    let cluster = bed.cluster("cluster1");
    cluster.kubectl_text(&["-n", "istio-system", "delete", "secret", "istio-remote-secret-cluster2"]).unwrap();
    front.rule(Rule::always(Fault::Silence(Phase::Asked)).on(|asked: &Asked| asked.method == "PATCH"));
    let begun = Instant::now();
    let run = job.apply(&["--deadline", "4s"]);
    let time = begun.elapsed();
    front.heal().unwrap();
    let again = job.apply(&[]);
    let mut wrong = Vec::new();
    if run.code != 75 || !run.stderr.contains("--deadline") || !run.stderr.contains("run the same command again") {
        wrong.push(format!("exit {}: {}", run.code, run.stderr));
    }
    if time > Duration::from_secs(9) || again.code != 0 {
        wrong.push(format!("{time:?}, then {}", again.stderr));
    }
    let said = run.stderr.lines().find(|line| line.starts_with("error")).unwrap_or_default().to_owned();
    let (step, fault) = ("cluster1/secret/cluster2".to_owned(), "silence, and a deadline".to_owned());
    Row { model: model.to_owned(), step, fault, code: run.code, time, said, again: again.code, wrong }
}

/// An address that comes while nobody says so: it is found by looking.
fn without_watches(model: &str, bed: &Bed, front: &Front, job: &Job, fault: Fault, name: &str) -> Row {
    let give = |ingress: Value| {
        let patch = json!({"status": {"loadBalancer": {"ingress": ingress}}}).to_string();
        let words = ["-n", "istio-system", "patch", "service", "istio-eastwestgateway", "--subresource=status"];
        let words = [&words[..], &["--type=merge", "-p", &patch]].concat();
        bed.cluster("cluster1").kubectl_text(&words).unwrap();
    };
    let service = ["-n", "istio-system", "annotate", "service", "istio-eastwestgateway", "bed/lb=never"];
    bed.cluster("cluster1").kubectl_text(&[&service[..], &["--overwrite"]].concat()).unwrap();
    give(json!([]));
    front.rule(Rule::always(fault).on(|asked: &Asked| asked.path.contains("watch=true")));
    let begun = Instant::now();
    let run = thread::scope(|scope| {
        let run = scope.spawn(|| job.apply(&["--timeout", "1m"]));
        thread::sleep(Duration::from_secs(2));
        give(json!([{"ip": "198.51.100.104"}]));
        run.join().unwrap()
    });
    let time = begun.elapsed();
    let watched = front.log().iter().any(|one| one.asked.path.contains("watch=true"));
    front.heal().unwrap();
    let mut wrong = Vec::new();
    if run.code != 0 || !watched || time > Duration::from_secs(20) {
        wrong.push(format!("exit {}, watched {watched}, {time:?}: {}", run.code, run.stderr));
    }
    let said = run.stderr.lines().find(|line| line.contains("no address")).unwrap_or_default().to_owned();
    let (step, fault) = ("cluster1/gateway".to_owned(), name.to_owned());
    Row { model: model.to_owned(), step, fault, code: run.code, time, said, again: 0, wrong }
}

/// The account of one cluster loses its rights in the middle of a run: what waits for that cluster stops, the other one goes
/// on; with the rights back, the next run mends it.
fn rights_that_go(model: &str, bed: &Bed, front: &Front, job: &Job) -> Row {
    let bind = ["create", "clusterrolebinding", "operator", "--clusterrole=cluster-admin"];
    let bind = [&bind[..], &["--serviceaccount=kube-system:operator"]].concat();
    for cluster in bed.clusters() {
        cluster.kubectl_text(&["-n", "kube-system", "create", "serviceaccount", "operator"]).unwrap();
        cluster.kubectl_text(&bind).unwrap();
    }
    let account = kubeconfig(front, "account", |cluster| {
        let token = bed.cluster(cluster).kubectl_text(&["-n", "kube-system", "create", "token", "operator"]);
        json!({"token": token.unwrap().trim()})
    });
    let lost = ["-n", "istio-system", "delete", "secret", "istio-remote-secret-cluster2"];
    bed.cluster("cluster1").kubectl_text(&lost).unwrap();
    let other = ["-n", "istio-system", "get", "gateways.networking.istio.io", "cross-network-gateway"];
    let delete = ["-n", "istio-system", "delete", "gateways.networking.istio.io", "cross-network-gateway"];
    bed.cluster("cluster2").kubectl_text(&delete).unwrap();
    let mut revoke = bed.cluster("cluster1").kubectl_command().unwrap();
    revoke.args(["delete", "clusterrolebinding", "operator"]);
    let revoke = Mutex::new(Some(revoke));
    front.hook(move |asked, phase| {
        let write = asked.cluster == "cluster1" && asked.method == "PATCH" && phase == Phase::Asked;
        if write && let Some(mut revoke) = revoke.lock().unwrap().take() {
            revoke.output().unwrap();
            // The server hears of it a moment later.
            thread::sleep(Duration::from_secs(1));
        }
    });
    let begun = Instant::now();
    let run = job.clone().reached_by(&account).apply(&[]);
    let time = begun.elapsed();
    front.heal().unwrap();
    let mut wrong = Vec::new();
    if run.code != 77 || !run.stderr.contains("cluster1") || !run.stderr.contains("the account may not do this") {
        wrong.push(format!("exit {}: {}", run.code, run.stderr));
    }
    if bed.cluster("cluster2").kubectl_text(&other).is_err() {
        wrong.push(format!("the other cluster was not mended: {}", run.stderr));
    }
    bed.cluster("cluster1").kubectl_text(&bind).unwrap();
    // Without rights the Lease could not be given back: it has to run out.
    let operator = job.clone().reached_by(&account);
    let mut again = operator.apply(&[]);
    while again.code == 75 && begun.elapsed() < Duration::from_mins(1) {
        thread::sleep(Duration::from_secs(2));
        again = operator.apply(&[]);
    }
    if again.code != 0 || bed.cluster("cluster1").kubectl(&["-n", "istio-system", "get", lost[3], lost[4]]).is_err() {
        wrong.push(format!("the second run: {}", again.stderr));
    }
    let said = run.stderr.lines().find(|line| line.contains("may not do this")).unwrap_or_default().to_owned();
    let (step, fault) = ("cluster1/secret/cluster2".to_owned(), "rights revoked in the run".to_owned());
    Row { model: model.to_owned(), step, fault, code: run.code, time, said, again: again.code, wrong }
}

/// Whether any of the secrets is in what a run printed.
fn leaks(run: &Run) -> bool {
    [CANARY, TOKEN].iter().any(|secret| run.stdout.contains(secret) || run.stderr.contains(secret))
}

/// Credentials out of files and plugins.
fn credentials(
    bed: &Bed,
    front: &Front,
    job: &Job,
    which: &Which,
    row: &mut impl FnMut(&str, &Job, u8, &str, Duration),
) {
    // The file changes, and the old token is void, at the second request to each cluster.
    let file = bed.folder().join("token");
    fs::write(&file, "first").unwrap();
    front.tokens(&["first", "second"]);
    let (swapped, by_file) = (file.clone(), kubeconfig(front, "file", |_| json!({"tokenFile": file})));
    front.rule(Rule::always(Fault::Answer(Answer::status(401, "Unauthorized", ""))).after(5).times(1));
    front.hook(move |asked, phase| {
        if asked.number == 5 && phase == Phase::Asked {
            fs::write(&swapped, "second").unwrap();
        }
    });
    row("401 once, token file renewed", &job.clone().reached_by(&by_file), 0, "", CONTACT);
    if which.has("401 once, token file renewed") {
        let renewed = fs::read_to_string(&file).unwrap() == "second";
        assert!(renewed && front.log().iter().any(|one| one.status == Some(401)), "it was refused in between");
    }
    front.heal().unwrap();

    let good = format!("echo '{}'", json!({"status": {"token": TOKEN}}));
    let mut scripts = vec![
        ("plugin: well", good.clone(), 0, "", CONTACT),
        ("plugin: slow", format!("sleep 2; {good}"), 0, "", CONTACT),
        (
            "plugin: exit 1, token on both outputs",
            "echo $CANARY; echo $CANARY >&2; exit 1".to_owned(),
            78,
            "ended with status 1",
            CONTACT,
        ),
        ("plugin: garbage", "echo \"{$CANARY\"".to_owned(), 78, "does not print a credential", CONTACT),
        ("plugin: endless output", "yes $CANARY".to_owned(), 78, "prints more than a credential can be", CONTACT),
        ("plugin: asks a question", "read answer || exit 7".to_owned(), 78, "ended with status 7", CONTACT),
        (
            "plugin: a token that is refused",
            "echo '{\"status\": {\"token\": \"'$CANARY'\"}}'".to_owned(),
            77,
            "does not accept",
            CONTACT,
        ),
    ];
    if which.is_all() {
        scripts.push((
            "plugin: never ends",
            "sleep 600".to_owned(),
            78,
            "did not end in 30 s",
            Duration::from_secs(32),
        ));
    }
    for (number, (name, script, code, words, within)) in scripts.into_iter().enumerate() {
        let runs = bed.folder().join(format!("runs-{number}"));
        if !which.has(name) {
            continue;
        }
        let path = plugin(bed, number, &runs, &script);
        let by_plugin = kubeconfig(front, &format!("plugin-{number}"), |cluster| exec(&path, cluster));
        row(name, &job.clone().reached_by(&by_plugin), code, words, within);
        let runs = fs::read_to_string(&runs).unwrap_or_default();
        let most = if code == 77 { 2 } else { 1 };
        for cluster in ["cluster1", "cluster2"] {
            let times = runs.lines().filter(|line| *line == cluster).count();
            assert!((1..=most).contains(&times), "{name} was run {times} times for {cluster}");
        }
    }
}

/// A kubeconfig with other users.
fn kubeconfig(front: &Front, name: &str, user: impl Fn(&str) -> Value) -> PathBuf {
    front.kubeconfig_with(&format!("{name}.kubeconfig"), |cluster, _, old| *old = user(cluster)).unwrap()
}

/// The user of a plugin, with secrets in its variables and arguments.
fn exec(path: &Path, cluster: &str) -> Value {
    json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "command": path, "args": [cluster, CANARY],
        "env": [{"name": "CANARY", "value": CANARY}], "interactiveMode": "IfAvailable",
    }})
}

/// A plugin that notes each of its runs.
fn plugin(bed: &Bed, number: usize, runs: &Path, script: &str) -> PathBuf {
    let path = bed.folder().join(format!("plugin-{number}.sh"));
    fs::write(&path, format!("#!/bin/sh\necho $1 >> {}\n{script}\n", runs.display())).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}
