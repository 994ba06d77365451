//! What the main job costs, near and far, beside the same work done by the lines of Istio's page one after the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tests::bed::{Bed, ClusterSpec};
use tests::far::Far;
use tests::job::Job;
use tests::proxy::Front;

use crate::statistics::median;
use crate::{processor, statistics};

/// Two primaries on two networks, without the sample, which is no part of the page's installation.
const TOPOLOGY: &str = include_str!("../../topologies/multi-primary-multi-network.yaml");
/// Milliseconds there and back, how often it is run, and how often the page's lines may take as long as `isthmus`, one after the other
/// and cluster beside cluster.
const DISTANCES: [(u32, usize, &str, &str); 3] = [(0, 3, "2", "1"), (50, 2, "5", "2"), (200, 1, "15", "4")];
const CLUSTERS: [&str; 2] = ["cluster1", "cluster2"];

/// Times `isthmus apply` and the page's lines in turn, each on two fresh clusters.
pub(crate) fn measure() {
    let depth = depth();
    println!("From two empty clusters to a mesh; the page's lines against `isthmus apply`");
    for (round_trip, runs, in_turn, together) in DISTANCES {
        let (mut pages, mut sides) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let (page, _) = timed(round_trip, |bed, far, job| {
                pasted(bed, far, &CLUSTERS.map(|cluster| install(job, cluster)).concat());
                pasted(bed, far, &join());
            });
            let (side, _) = timed(round_trip, |bed, far, job| {
                thread::scope(|scope| {
                    for cluster in CLUSTERS {
                        scope.spawn(move || pasted(bed, far, &install(job, cluster)));
                    }
                });
                pasted(bed, far, &join());
            });
            let (ours, spent) = timed(round_trip, |_, _, job| {
                job.apply(&[]).ends_with(0);
            });
            // What nobody could do faster on two processors: the ways that follow on one another, or the work.
            let bound = (depth * f64::from(round_trip) / 1000.0 + 0.2).max(spent / 2.0);
            println!(
                "  {round_trip:3} ms away: isthmus {ours:.1} s, page {page:.1} s, {:.1} times as long (goal {in_turn}); cluster beside \
                 cluster {side:.1} s, {:.1} times (goal {together}); bound {bound:.1} s by {spent:.1} s of processor time: {:.1} times \
                 that (goal 1.3)",
                page / ours,
                side / ours,
                ours / bound
            );
            pages.push(page / ours);
            sides.push(side / ours);
        }
        println!("              median {:.1} and {:.1}", median(pages), median(sides));
    }
}

/// Counts requests, and how many of them had to wait for one another, beside the longest chain of the plan; hands back the first.
fn depth() -> f64 {
    let bed = bed();
    let front = Front::of(&bed).unwrap();
    // A long way makes it plain which request waited for which answer.
    front.delay(Duration::from_millis(50));
    let job = Job::new(&bed, "count", &drawing(&bed), &[]);
    let chain = chain(&fs::read_to_string(job.bundle.join("bundle.yaml")).unwrap());
    let job = job.reached_by(front.kubeconfig());
    let mut depths = Vec::new();
    for what in ["the first", "the second"] {
        front.forget();
        job.apply(&[]).ends_with(0);
        let (asked, depth) = (front.log().len(), front.depth());
        // TCP and TLS, before the first of them.
        println!(
            "{what} apply at 100 ms: {asked} requests, {depth} of them one after the other, and 2 round trips to connect; \
             the plan's longest chain has {chain} steps"
        );
        depths.push(f64::from(u32::try_from(depth).unwrap() + 2));
    }
    depths[0]
}

/// How many steps of a plan wait for one another.
fn chain(index: &str) -> usize {
    let index: Value = serde_yaml::from_str(index).unwrap();
    let mut after: BTreeMap<&str, usize> = BTreeMap::new();
    let mut longest = 0;
    for step in index["steps"].as_array().unwrap() {
        let before =
            step["needs"].as_array().unwrap().iter().filter_map(|fact| after.get(fact.as_str().unwrap())).max();
        let place = before.copied().unwrap_or(0) + 1;
        longest = longest.max(place);
        for fact in step["gives"].as_array().unwrap() {
            after.insert(fact.as_str().unwrap(), place);
        }
    }
    longest
}

/// Runs a piece of work on a bed of its own, that far away, and returns how long the work alone took, and how much processor time all
/// programs together.
fn timed(round_trip: u32, work: impl FnOnce(&Bed, &Far, &Job)) -> (f64, f64) {
    let bed = bed();
    let far = Far::of(&bed).unwrap();
    far.round_trip(round_trip.into());
    let job = Job::new(&bed, "bench", &drawing(&bed), &[]).reached_by(far.kubeconfig());
    let before = processor::of_all();
    let took = statistics::timed(|| work(&bed, &far, &job));
    (took, processor::of_all() - before)
}

/// Pastes lines into a shell.
fn pasted(bed: &Bed, far: &Far, lines: &str) {
    let output = bed.command("sh").env("KUBECONFIG", far.kubeconfig()).args(["-ec", lines]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn bed() -> Bed {
    Bed::start(&CLUSTERS.map(ClusterSpec::named)).unwrap()
}

/// The mesh, with the API servers where the istiods dial them, near.
fn drawing(bed: &Bed) -> String {
    bed.dialled(&TOPOLOGY.replace("sample: true", "sample: false"))
}

/// The lines of "Install Multi-Primary on different networks" for one cluster, as a person pastes them; the files are the same.
fn install(job: &Job, cluster: &str) -> String {
    let mut script = String::new();
    let certs = job.certs.join(cluster);
    let files = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"]
        .map(|name| format!(" --from-file={}", certs.join(name).display()))
        .concat();
    let folder = format!("{}/clusters/{cluster}", job.bundle.display());
    let network = cluster.replace("cluster", "network");
    let _ = writeln!(script, "kubectl --context={cluster} create namespace istio-system");
    let _ = writeln!(script, "kubectl --context={cluster} create secret generic cacerts -n istio-system{files}");
    let label = format!("topology.istio.io/network={network}");
    let _ = writeln!(script, "kubectl --context={cluster} label namespace istio-system {label}");
    let _ = writeln!(script, "istioctl install --context={cluster} -y -f {folder}/30-istiod/istio.yaml");
    let _ = writeln!(script, "istioctl install --context={cluster} -y -f {folder}/50-gateway/istio.yaml");
    let address = "jsonpath={.status.loadBalancer.ingress[0].ip}";
    let service = format!("kubectl --context={cluster} -n istio-system get svc istio-eastwestgateway -o '{address}'");
    let _ = writeln!(script, "until [ -n \"$({service})\" ]; do sleep 1; done");
    let _ = writeln!(script, "kubectl --context={cluster} apply -f {folder}/65-expose-services/gateway.yaml");
    script
}

/// The page's last lines, by which each cluster reads the other.
fn join() -> String {
    let line = |(from, to)| {
        let make = format!("istioctl create-remote-secret --context={from} --name={from}");
        format!("{make} | kubectl apply -f - --context={to}\n")
    };
    [("cluster1", "cluster2"), ("cluster2", "cluster1")].map(line).concat()
}
