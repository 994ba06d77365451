//! What the main job costs, near and far, beside the same work done by the lines of Istio's page one after the other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::bed::{Bed, ClusterSpec};
use tests::far::Far;
use tests::job::Job;
use tests::proxy::Front;

/// Two primaries on two networks, without the sample, which is no part of the page's installation.
const TOPOLOGY: &str = include_str!("../../topologies/multi-primary-multi-network.yaml");
/// Milliseconds there and back, how many pairs are run, and how often the page's lines may take as long as `isthmus`.
const DISTANCES: [(u64, usize, &str); 3] =
    [(0, 3, "goal at least 2"), (50, 2, "goal at least 5"), (200, 1, "goal at least 15")];

/// Times `isthmus apply` and the page's lines in turn, each on two fresh clusters.
pub(crate) fn measure() {
    println!("From two empty clusters to a mesh; the page's lines against `isthmus apply`");
    for (round_trip, pairs, goal) in DISTANCES {
        let mut ratios = Vec::new();
        for _ in 0..pairs {
            let page = timed(round_trip, |bed, far, job| {
                let script = page_script(job);
                let output =
                    bed.command("sh").env("KUBECONFIG", far.kubeconfig()).args(["-ec", &script]).output().unwrap();
                assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            });
            let ours = timed(round_trip, |_, _, job| {
                job.apply(&[]).ends_with(0);
            });
            let (page, ours) = (page.as_secs_f64(), ours.as_secs_f64());
            println!(
                "  {round_trip:3} ms away: page {page:.1} s, isthmus {ours:.1} s, {:.1} times as long ({goal})",
                page / ours
            );
            ratios.push(page / ours);
        }
        ratios.sort_by(f64::total_cmp);
        println!("              median {:.1}", ratios[ratios.len() / 2]);
    }
    count();
}

/// Counts requests, and how many of them had to wait for one another, beside the longest chain of the plan.
fn count() {
    let bed = bed();
    let front = Front::of(&bed).unwrap();
    // A long way makes it plain which request waited for which answer.
    front.delay(Duration::from_millis(50));
    let job = Job::new(&bed, "count", &drawing(&bed), &[]);
    let chain = chain(&fs::read_to_string(job.bundle.join("bundle.yaml")).unwrap());
    let job = job.reached_by(front.kubeconfig());
    for what in ["the first", "the second"] {
        front.forget();
        job.apply(&[]).ends_with(0);
        let (asked, depth) = (front.log().len(), front.depth());
        println!(
            "{what} apply at 100 ms: {asked} requests, {depth} of them one after the other; \
             the plan's longest chain has {chain} steps"
        );
    }
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

/// Runs a piece of work on a bed of its own, that far away, and returns how long the work alone took.
fn timed(round_trip: u64, work: impl FnOnce(&Bed, &Far, &Job)) -> Duration {
    let bed = bed();
    let far = Far::of(&bed).unwrap();
    far.round_trip(round_trip);
    let job = Job::new(&bed, "bench", &drawing(&bed), &[]).reached_by(far.kubeconfig());
    let start = Instant::now();
    work(&bed, &far, &job);
    start.elapsed()
}

fn bed() -> Bed {
    Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap()
}

/// The mesh, with the API servers where the istiods dial them, near.
fn drawing(bed: &Bed) -> String {
    let mut drawn = TOPOLOGY.replace("sample: true", "sample: false");
    for cluster in bed.clusters() {
        let from = format!("{{name: {}, ", cluster.name());
        assert!(drawn.contains(&from), "the drawing has changed");
        drawn = drawn.replace(&from, &format!("{from}apiServer: {{url: \"{}\"}}, ", cluster.server()));
    }
    drawn
}

/// The lines of "Install Multi-Primary on different networks", one after the other, as a person pastes them; the files are the same.
fn page_script(job: &Job) -> String {
    let bundle = job.bundle.display();
    let mut script = String::new();
    let clusters = ["cluster1", "cluster2"];
    for cluster in clusters {
        let certs = job.certs.join(cluster);
        let files = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"]
            .map(|name| format!(" --from-file={}", certs.join(name).display()))
            .concat();
        let folder = format!("{bundle}/clusters/{cluster}");
        let network = cluster.replace("cluster", "network");
        let _ = writeln!(script, "kubectl --context={cluster} create namespace istio-system");
        let _ = writeln!(script, "kubectl --context={cluster} create secret generic cacerts -n istio-system{files}");
        let label = format!("topology.istio.io/network={network}");
        let _ = writeln!(script, "kubectl --context={cluster} label namespace istio-system {label}");
        let _ = writeln!(script, "istioctl install --context={cluster} -y -f {folder}/30-istiod/istio.yaml");
        let _ = writeln!(script, "istioctl install --context={cluster} -y -f {folder}/50-gateway/istio.yaml");
        let address = "jsonpath={.status.loadBalancer.ingress[0].ip}";
        let service =
            format!("kubectl --context={cluster} -n istio-system get svc istio-eastwestgateway -o '{address}'");
        let _ = writeln!(script, "until [ -n \"$({service})\" ]; do sleep 1; done");
        let _ = writeln!(script, "kubectl --context={cluster} apply -f {folder}/65-expose-services/gateway.yaml");
    }
    for (from, to) in [("cluster1", "cluster2"), ("cluster2", "cluster1")] {
        let make = format!("istioctl create-remote-secret --context={from} --name={from}");
        let _ = writeln!(script, "{make} | kubectl apply -f - --context={to}");
    }
    script
}
