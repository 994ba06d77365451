//! Remote secrets, each cluster's in every other: what they cost beside `istioctl create-remote-secret | kubectl apply` for each, how soon
//! a fresh token is in one, and whether many clusters take longer than two.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tests::bed::{Bed, Cluster, ClusterSpec};
use tests::far::Far;
use tests::job::Job;
use tests::proxy::{Exchange, Front};

use crate::statistics::{median, range, timed};

const MANY: usize = 8;
const FEW: usize = 2;
const PAIRS: usize = 3;
const TOKENS: &str = "istio-reader-service-account-istio-remote-secret-token";

/// Measures two clusters, then eight.
pub(crate) fn measure() {
    let few = at_rest(FEW);
    println!("{} remote secrets, each cluster's in every other", MANY * (MANY - 1));
    let names: Vec<String> = names(MANY);
    let bed = Bed::start(&names.iter().map(ClusterSpec::named).collect::<Vec<_>>()).unwrap();
    let far = Far::of(&bed).unwrap();
    let job = Job::new(&bed, "secrets", &drawing(&bed), &[]);
    job.apply(&[]).ends_with(0);
    beside_others(&bed, &far, &job.reached_also_by(far.kubeconfig()));
    fresh(&bed, &job);
    let many = nothing_to_do(&far, &job.reached_also_by(far.kubeconfig()));
    println!(
        "Nothing to do at 100 ms: {few:.2} s for {FEW} clusters, {many:.2} s for {MANY}: {:.2} times as long (goal 1.25, for 40 beside 2)",
        many / few
    );
}

/// How long a run with nothing to do takes for so many clusters.
fn at_rest(clusters: usize) -> f64 {
    let bed = Bed::start(&names(clusters).iter().map(ClusterSpec::named).collect::<Vec<_>>()).unwrap();
    let far = Far::of(&bed).unwrap();
    let job = Job::new(&bed, "few", &drawing(&bed), &[]);
    job.apply(&[]).ends_with(0);
    nothing_to_do(&far, &job.reached_by(far.kubeconfig()))
}

fn nothing_to_do(far: &Far, job: &Job) -> f64 {
    far.round_trip(100);
    let look = || {
        job.apply(&[]).ends_with(0);
    };
    look();
    let times = (0..PAIRS).map(|_| timed(look)).collect();
    far.round_trip(0);
    median(times)
}

/// All of them at once, and one by one as Istio's page has it.
fn beside_others(bed: &Bed, far: &Far, job: &Job) {
    for round_trip in [0, 50, 200] {
        far.round_trip(round_trip);
        let (mut mine, mut ratios) = (Vec::new(), Vec::new());
        for _ in 0..if round_trip == 50 { PAIRS } else { 1 } {
            take_away(bed, &[]);
            let own = timed(|| {
                job.apply(&[]).ends_with(0);
            });
            take_away(bed, &[]);
            let script = script(bed, far);
            let theirs = timed(|| {
                let mut sh = bed.command("sh");
                sh.args(["-ec", &script]).stdout(Stdio::null());
                assert!(sh.status().unwrap().success());
            });
            // Ours again, as theirs have other owners.
            take_away(bed, &[]);
            job.apply(&[]).ends_with(0);
            mine.push(own);
            ratios.push(theirs / own);
        }
        println!(
            "  {round_trip:3} ms away: isthmus {} s, one by one takes {} times as long (goal at 50 ms: 100)",
            range(&mine, 2),
            range(&ratios, 0)
        );
    }
    far.round_trip(0);
}

/// The lines of Istio's page, for accounts that have their tokens.
fn script(bed: &Bed, far: &Far) -> String {
    let config = far.kubeconfig().display();
    let line = |(from, to): (&str, &str)| {
        format!(
            "istioctl create-remote-secret --kubeconfig {config} --context={from} --name={from} --server={} | \
             kubectl --kubeconfig {config} --context={to} apply -f - >/dev/null\n",
            bed.cluster(from).server()
        )
    };
    ways(bed).map(line).collect()
}

/// From a request for a token to the secret elsewhere that holds it, where neither was there.
fn fresh(bed: &Bed, job: &Job) {
    let front = Front::of(bed).unwrap();
    let job = job.reached_also_by(front.kubeconfig());
    let mut times = Vec::new();
    for _ in 0..PAIRS {
        take_away(bed, &[TOKENS]);
        front.forget();
        job.apply(&[]).ends_with(0);
        times.extend(until_written(&front.log()));
    }
    let mut theirs = Vec::new();
    for _ in 0..PAIRS {
        take_away(bed, &[TOKENS]);
        let line = "istioctl create-remote-secret --context=cluster1 --name=cluster1 | \
                    kubectl --context=cluster2 apply -f - >/dev/null";
        theirs.push(timed(|| {
            let mut sh = bed.command("sh");
            sh.args(["-ec", line]).env("KUBECONFIG", bed.kubeconfig()).stdout(Stdio::null());
            assert!(sh.status().unwrap().success());
        }));
        take_away(bed, &[]);
        job.apply(&[]).ends_with(0);
    }
    let own = median(times.clone());
    println!(
        "  from the request for a token to the write of each secret that holds it, near: {} ms (goal 60); one by `istioctl` and `kubectl` \
         {} s: {:.0} times as long (goal 25)",
        range(&times, 0),
        range(&theirs, 2),
        median(theirs.clone()) * 1000.0 / own
    );
}

/// For every remote secret how long after the request for its token it was asked for, in milliseconds.
fn until_written(log: &[Exchange]) -> Vec<f64> {
    let patches = || log.iter().filter(|one| one.asked.applies());
    let asked: BTreeMap<&str, Instant> = patches()
        .filter(|one| one.asked.path.contains(TOKENS))
        .map(|one| (one.asked.cluster.as_str(), one.at))
        .collect();
    let written = patches().filter_map(|one| {
        let (_, name) = one.asked.path.split_once("/secrets/istio-remote-secret-")?;
        let since: Duration = one.at.checked_duration_since(*asked.get(name.split('?').next()?)?)?;
        Some(since.as_secs_f64() * 1000.0)
    });
    written.collect()
}

/// Takes all remote secrets away, and these secrets of every cluster too.
fn take_away(bed: &Bed, more: &[&str]) {
    for cluster in bed.clusters() {
        let delete = ["-n", "istio-system", "delete", "secrets", "--ignore-not-found"];
        cluster.kubectl_text(&[&delete[..], &["-l", "istio/multiCluster=true"]].concat()).unwrap();
        if !more.is_empty() {
            cluster.kubectl_text(&[&delete[..], more].concat()).unwrap();
        }
    }
}

/// From every cluster to every other.
fn ways(bed: &Bed) -> impl Iterator<Item = (&str, &str)> {
    let names = || bed.clusters().iter().map(Cluster::name);
    names().flat_map(move |to| names().filter(move |from| *from != to).map(move |from| (from, to)))
}

fn names(clusters: usize) -> Vec<String> {
    (1..=clusters).map(|number| format!("cluster{number}")).collect()
}

/// Primaries on one network; their API servers as the istiods dial them, near.
pub(crate) fn drawing(bed: &Bed) -> String {
    let line = |name: &str, url: &str| {
        format!("  - {{name: {name}, network: network1, role: primary, apiServer: {{url: \"{url}\"}}}}\n")
    };
    let lines: String = bed.clusters().iter().map(|cluster| line(cluster.name(), cluster.server())).collect();
    format!(
        "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {{name: mesh1}}\nspec:\n  meshId: mesh1\n  \
         istio: {{version: \"1.31\", installer: istioctl}}\n  clusters:\n{lines}"
    )
}
