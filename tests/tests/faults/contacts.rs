//! Faults before the first word and of who we are: certificates, names, silence, credentials that run out, plugins that
//! misbehave. Nothing is written, it is told in time, and the way to the other cluster is not blamed.

use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::bed::{Bed, Cluster};
use tests::job::{Job, Run};
use tests::proxy::{Answer, Asked, Fault, Front, Identity, Phase, Rule, TOKEN};

use super::credentials;
use super::models::Model;
use super::table::{Row, Table, Which};

/// What is hidden in everything that a plugin says and is given.
pub(super) const CANARY: &str = "canary-51a7-in-the-mine";

/// What a watch says that has nothing to say, and what it says twice.
fn repeated(service: &str) -> String {
    let event = |kind: &str, metadata: Value| {
        json!({"type": kind, "object": {"kind": "PartialObjectMetadata", "metadata": metadata}}).to_string() + "\n"
    };
    (event("BOOKMARK", json!({"resourceVersion": "7"})) + &event("MODIFIED", json!({"name": service}))).repeat(3)
}

/// A first contact's time, and two seconds.
const CONTACT: Duration = Duration::from_secs(12);

/// The mesh of `job`, which is there already, and the ways to it.
pub(super) struct Place<'a> {
    pub(super) model: &'static Model,
    pub(super) bed: &'a Bed,
    pub(super) front: &'a Front,
    pub(super) job: &'a Job,
    pub(super) which: &'a Which,
    pub(super) table: &'a Table,
}

impl Place<'_> {
    /// Whether that is tried, and that it is going to be.
    fn begins(&self, step: &str, fault: &str) -> bool {
        let so = self.which.has(self.model.name, step, fault);
        self.table.expect(usize::from(so));
        so
    }

    fn one(&self) -> &Cluster {
        self.bed.cluster(self.model.clusters[0])
    }

    fn other(&self) -> &Cluster {
        self.bed.cluster(self.model.clusters[1])
    }

    /// Takes away what the step of the remote secret brings back.
    fn delete_secret(&self) {
        self.one().kubectl_text(&["-n", self.model.namespace, "delete", "secret", self.model.secret]).unwrap();
    }

    /// Applies by a way or as somebody, and notes what came of it.
    pub(super) fn contact(&self, fault: &str, job: &Job, code: u8, words: &str) {
        if !self.begins(FIRST, fault) {
            return;
        }
        let begun = Instant::now();
        let run = job.apply(&[]);
        let time = begun.elapsed();
        let within = if fault == ENDLESS { Duration::from_secs(32) } else { CONTACT };
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
        self.table.note(Row { said, wrong, ..self.row(FIRST, fault, &run, time) });
    }

    /// A run as a line of the table.
    fn row(&self, step: &str, fault: &str, run: &Run, time: Duration) -> Row {
        let (model, step, fault) = (self.model.name.to_owned(), step.to_owned(), fault.to_owned());
        Row { model, step, fault, code: run.code, time, said: String::new(), again: 0, wrong: Vec::new() }
    }
}

/// The moment of a first contact.
pub(super) const FIRST: &str = "first contact";

/// What takes the time that a plugin has.
pub(super) const ENDLESS: &str = "plugin: never ends";

/// Tries one thing after the other.
pub(super) fn all(place: &Place<'_>) {
    let Place { model, front, job, .. } = *place;
    let [one, other] = model.clusters;
    for (identity, words) in [
        (Identity::Stranger, "not signed by the authority that the kubeconfig trusts"),
        (Identity::Expired, "its certificate has expired"),
        (Identity::OtherName, "its certificate is for other names"),
        (Identity::Stalled, "no connection comes about in time"),
    ] {
        front.identity(one, identity).unwrap();
        place.contact(&format!("TLS: {identity:?}"), job, 69, words);
        front.heal().unwrap();
    }
    let leaf = front.kubeconfig_with("leaf.kubeconfig", |_, cluster, _| {
        cluster["certificate-authority-data"] = json!(front.certificate());
    });
    let leaf = job.clone().reached_by(&leaf.unwrap());
    place.contact("TLS: a server's certificate as authority", &leaf, 69, "not an authority's");

    let elsewhere = |file: &str, server: &str| {
        let kubeconfig = front.kubeconfig_with(file, |name, cluster, _| {
            if name == one {
                cluster["server"] = json!(server);
            }
        });
        job.clone().reached_by(&kubeconfig.unwrap())
    };
    let name = elsewhere("name.kubeconfig", "https://no-such-name.invalid:6443");
    place.contact("a name that does not resolve", &name, 69, "its name does not resolve");
    let port = elsewhere("port.kubeconfig", "https://127.0.0.1:9");
    // Addresses of groups are nobody's: no connection leads there from anywhere.
    let route = elsewhere("route.kubeconfig", "https://224.0.0.1:6443");
    place.contact("no network leads there", &route, 69, "no network leads there");
    place.contact("nobody listens", &port, 69, "nobody listens there");
    front.rule(Rule::always(Fault::Silence(Phase::Asked)).on(move |asked: &Asked| asked.cluster == other));
    place.contact("accepted and never answered", job, 69, &format!("cannot reach the API server of {other}"));
    front.heal().unwrap();
    // What is asked ahead is asked again without a word; the first question is not.
    front
        .rule(Rule::always(Fault::Reset(Phase::Asked)).on(|asked: &Asked| asked.path.starts_with("/version")).times(1));
    place.contact("reset once", job, 0, "breaks off");
    front.heal().unwrap();
    front.tokens(&["another"]);
    place.contact("a token that is no longer good", job, 77, "does not accept the credentials");
    front.heal().unwrap();

    credentials::all(place);
    time_is_over(place);
    for (fault, name) in [
        (Fault::Close(Phase::Done), "watches closed at once"),
        (Fault::Silence(Phase::Done), "watches never begun"),
        (Fault::Answer(Answer::status(403, "Forbidden", "watch")), "watches refused"),
        (Fault::Answer(Answer::status(410, "Expired", "too old")), "watches too old"),
        (
            Fault::Answer(Answer::text(200, "application/json", &repeated(model.gateway))),
            "watches that repeat themselves",
        ),
    ] {
        without_watches(place, fault, name);
    }
    rights_that_go(place);
}

/// A server that falls silent, and a run that has little time: it ends in time, and the next one goes on.
fn time_is_over(place: &Place<'_>) {
    let Place { model, front, job, .. } = *place;
    let fault = "silence, and a deadline";
    if !place.begins(model.secret_step, fault) {
        return;
    }
    place.delete_secret();
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
    let row = place.row(model.secret_step, fault, &run, time);
    place.table.note(Row { said, again: again.code, wrong, ..row });
}

/// An address that comes while nobody says so: it is found by looking.
fn without_watches(place: &Place<'_>, fault: Fault, name: &str) {
    let Place { model, front, job, .. } = *place;
    let step = model.named("{one}/gateway");
    if !place.begins(&step, name) {
        return;
    }
    let give = |ingress: Value| {
        let patch = json!({"status": {"loadBalancer": {"ingress": ingress}}}).to_string();
        let words = ["-n", "istio-system", "patch", "service", model.gateway, "--subresource=status"];
        place.one().kubectl_text(&[&words[..], &["--type=merge", "-p", &patch]].concat()).unwrap();
    };
    let never = ["-n", "istio-system", "annotate", "service", model.gateway, "bed/lb=never", "--overwrite"];
    place.one().kubectl_text(&never).unwrap();
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
    place.table.note(Row { said, wrong, ..place.row(&step, name, &run, time) });
}

/// The account of one cluster loses its rights in the middle of a run: what waits for that cluster stops, the other one goes
/// on; with the rights back, the next run mends it.
fn rights_that_go(place: &Place<'_>) {
    let Place { model, bed, front, job, .. } = *place;
    let fault = "rights revoked in the run";
    if !place.begins(model.secret_step, fault) {
        return;
    }
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
    place.delete_secret();
    let role = model.named("istio-reader-clusterrole-{namespace}");
    place.other().kubectl_text(&["delete", "clusterrole", &role]).unwrap();
    let mut revoke = place.one().kubectl_command().unwrap();
    revoke.args(["delete", "clusterrolebinding", "operator"]);
    let revoke = Mutex::new(Some(revoke));
    let secret = model.named("/{secret}?");
    front.hook(move |asked, phase| {
        let write = asked.method == "PATCH" && asked.path.contains(&secret) && phase == Phase::Asked;
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
    if run.code != 77 || !run.stderr.contains(model.secret_step) || !run.stderr.contains("the account may not do this")
    {
        wrong.push(format!("exit {}: {}", run.code, run.stderr));
    }
    if place.other().kubectl_text(&["get", "clusterrole", &role]).is_err() {
        wrong.push(format!("the other cluster was not mended: {}", run.stderr));
    }
    place.one().kubectl_text(&bind).unwrap();
    // Without rights the Lease could not be given back: it has to run out.
    let operator = job.clone().reached_by(&account);
    let mut again = operator.apply(&[]);
    while again.code == 75 && begun.elapsed() < Duration::from_mins(1) {
        thread::sleep(Duration::from_secs(2));
        again = operator.apply(&[]);
    }
    let back = place.one().kubectl(&["-n", model.namespace, "get", "secret", model.secret]);
    if again.code != 0 || !back.unwrap().status.success() {
        wrong.push(format!("the second run: {}", again.stderr));
    }
    let said = run.stderr.lines().find(|line| line.contains("may not do this")).unwrap_or_default().to_owned();
    let row = place.row(model.secret_step, fault, &run, time);
    place.table.note(Row { said, again: again.code, wrong, ..row });
}

/// Whether any of the secrets is in what a run printed.
fn leaks(run: &Run) -> bool {
    [CANARY, TOKEN].iter().any(|secret| run.stdout.contains(secret) || run.stderr.contains(secret))
}

/// A kubeconfig with other users.
pub(super) fn kubeconfig(front: &Front, name: &str, user: impl Fn(&str) -> Value) -> PathBuf {
    front.kubeconfig_with(&format!("{name}.kubeconfig"), |cluster, _, old| *old = user(cluster)).unwrap()
}
