//! An account with exactly the roles that `isthmus rbac` prints does the whole job on real API servers, and with any single
//! rule less it is refused somewhere. `RIGHTS=all` takes every rule away in turn, `RIGHTS=<topology>` every rule of that one; otherwise a few are. That the roles
//! of every model are enough is shown where every model is run.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tests::bed::{Cluster, eventually};
use tests::ground::Ground;
use tests::job::{Job, Run};
use tests::judge::WAIT;
use tests::operator;
use tests::proxy::Front;

/// The drawing whose rules are looked at where no other is named; one with two clusters, `cluster1` and `cluster2`.
const TOPOLOGY: &str = "multi-primary-multi-network";

/// How many rules are taken away where not all are.
const SAMPLED: usize = 2;

#[test]
fn the_roles_are_enough_and_none_of_their_rules_is_too_much() {
    let mut ground = Ground::new(&["cluster1", "cluster2"]);
    let asked = std::env::var("RIGHTS").unwrap_or_default();
    let name = if asked.is_empty() || asked == "all" { TOPOLOGY } else { &asked };
    let drawn = Path::new(env!("CARGO_MANIFEST_DIR")).join("topologies").join(name).with_extension("yaml");
    let job = Job::new(&ground.bed, "rights", &fs::read_to_string(drawn).unwrap(), &[]);
    let roles = operator::roles(&job.rbac());
    assert_eq!(roles.len(), 2);
    for (cluster, role) in ground.bed.clusters().iter().zip(&roles) {
        // With it istiod makes classes, which are a right more.
        cluster.install_gateway_api().unwrap();
        // Calls are made from pods of real nodes alone.
        cluster.kubectl_text(&["annotate", "node", "--all", "kwok.x-k8s.io/node-"]).unwrap();
        operator::appoint(cluster, role);
    }
    let kubeconfig = operator::kubeconfig(&ground.bed, &["cluster1", "cluster2"]);
    let job = job.reached_by(&kubeconfig);
    // Its account and its role are part of what must be there afterwards.
    ground.remember();
    let runs = whole(&job);
    assert!(runs.len() == 8 && runs.iter().all(|run| run.code == 0 && !denied(run)), "{runs:#?}");
    ground.is_as_before();
    waits_are_told_by_the_same_words(&ground, &job, &roles[0]);

    let first = ground.bed.cluster("cluster1");
    let granted = roles[0]["rules"].as_array().unwrap();
    let step = if asked.is_empty() { granted.len().div_ceil(SAMPLED) } else { 1 };
    let mut needless = Vec::new();
    for taken in (0..granted.len()).step_by(step) {
        let mut less = roles[0].clone();
        less["rules"].as_array_mut().unwrap().remove(taken);
        operator::grant(first, &less);
        let runs = whole(&job);
        // `status` and `check` tell what they may not look at among the rest.
        if !runs.iter().any(denied) {
            needless.push(format!("{}: {runs:#?}", granted[taken]));
        }
        operator::grant(first, &roles[0]);
        job.cleanup("mesh1").ends_with(0);
        ground.is_as_before();
    }
    assert!(needless.is_empty(), "{needless:#?}");
}

/// A wait needs what it hears meanwhile: with the whole role nothing is refused, without a right that is for waiting the request for it
/// is, and the run says less.
fn waits_are_told_by_the_same_words(ground: &Ground, job: &Job, role: &Value) {
    let cluster = ground.bed.cluster("cluster1");
    job.apply(&["--until", "cluster1/gateway"]).ends_with(0);
    let service = ["-n", "istio-system", "get", "service", "istio-eastwestgateway"];
    if cluster.kubectl_text(&service).is_err() {
        return;
    }
    let front = Front::of(&ground.bed).unwrap();
    let token = |name: &str| operator::token(ground.bed.cluster(name));
    let by_front = front.kubeconfig_with("waits.kubeconfig", |name, _, user| *user = json!({"token": token(name)}));
    let by_front = job.reached_also_by(&by_front.unwrap());
    let mark = |how: &str| {
        cluster.kubectl_text(&["-n", "istio-system", "annotate", "service", "istio-eastwestgateway", how]).unwrap();
    };
    mark("bed/lb=never");
    let patch = r#"{"status":{"loadBalancer":{"ingress":null}}}"#;
    let gone = ["-n", "istio-system", "patch", "service", "istio-eastwestgateway", "--subresource=status"];
    cluster.kubectl_text(&[&gone[..], &["--type=merge", "-p", patch]].concat()).unwrap();
    event(cluster);
    let waited = || {
        front.forget();
        let run = by_front.apply(&["--step", "cluster1/gateway", "--timeout", "7s"]);
        let refused = front.log().into_iter().filter(|one| one.status == Some(403)).map(|one| one.asked.path);
        (run, refused.collect::<Vec<_>>())
    };
    let (run, refused) = waited();
    assert!(run.ends_with(75).stderr.contains("BedSays: no address left"), "{}", run.stderr);
    assert_eq!(refused, [] as [String; 0]);
    for (verb, resource, path) in [("watch", "services", "watch=true"), ("list", "events", "/events")] {
        let mut less = role.clone();
        for rule in less["rules"].as_array_mut().unwrap() {
            let of = |key: &str, what: &str| rule[key].as_array().unwrap().iter().any(|one| one == what || one == "*");
            if of("resources", resource) && of("verbs", verb) {
                rule["verbs"].as_array_mut().unwrap().retain(|one| one != verb);
            }
        }
        less["rules"].as_array_mut().unwrap().retain(|rule| rule["verbs"] != json!([]));
        operator::grant(cluster, &less);
        let (run, refused) = waited();
        assert!(refused.iter().any(|asked| asked.contains(path)), "{verb} {resource}: {refused:?}");
        assert_eq!(run.ends_with(75).stderr.contains("BedSays"), resource != "events", "{}", run.stderr);
    }
    operator::grant(cluster, role);
    mark("bed/lb-");
    job.cleanup("mesh1").ends_with(0);
    ground.is_as_before();
}

/// What a load balancer's controller would say.
fn event(cluster: &Cluster) {
    let event = "apiVersion: v1\nkind: Event\nmetadata: {name: no-address, namespace: istio-system}\nreason: BedSays\n\
        message: no address left\ntype: Warning\nlastTimestamp: \"2090-01-01T00:00:00Z\"\n\
        involvedObject: {kind: Service, name: istio-eastwestgateway, namespace: istio-system}\n";
    cluster.apply(event).unwrap();
}

/// Whether a run says that the account may not do something.
fn denied(run: &Run) -> bool {
    format!("{}{}", run.stdout, run.stderr).contains("may not do this")
}

/// Everything that an operator does, until something fails.
fn whole(job: &Job) -> Vec<Run> {
    let verified = || {
        let run = job.verify(&[]);
        // Istiods take a moment to see what was written.
        if run.code == 0 || denied(&run) { Ok(run) } else { Err(format!("{run:?}").into()) }
    };
    let commands: [&dyn Fn() -> Run; 8] = [
        &|| job.apply(&[]),
        &|| job.diff(&["--exit-code"]),
        &|| job.status(),
        &|| eventually(WAIT, verified).unwrap(),
        &|| job.rotate(&[]),
        &|| job.revoke("cluster1"),
        &|| job.cleanup("mesh1"),
        // Last, as it also tells what it was told that others may not: here they have done it.
        &|| job.check(&[]),
    ];
    let mut runs = Vec::new();
    for command in commands {
        runs.push(command());
        if runs.last().is_some_and(|run| run.code != 0) {
            break;
        }
    }
    runs
}
