//! What the main job costs, beside the same work done by the lines of Istio's page one after the other.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tests::bed::{Bed, ClusterSpec};
use tests::job::Job;

/// Two primaries on two networks, without the sample, which is no part of the page's installation.
const TOPOLOGY: &str = include_str!("../../topologies/multi-primary-multi-network.yaml");
const PAIRS: usize = 3;

/// Times `isthmus apply` and the page's lines in turn, each on two fresh clusters.
pub(crate) fn measure() {
    println!("From two empty clusters to a mesh; the page's lines against `isthmus apply`");
    let topology = TOPOLOGY.replace("sample: true", "sample: false");
    let mut ratios = Vec::new();
    for pair in 1..=PAIRS {
        let page = timed(&topology, |bed, job| {
            let script = page_script(job);
            let output = bed.command("sh").args(["-ec", &script]).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        });
        let ours = timed(&topology, |_, job| {
            job.apply(&[]).ends_with(0);
        });
        let ratio = ours.as_secs_f64() / page.as_secs_f64();
        println!(
            "  pair {pair}: page {:.1} s, isthmus {:.1} s, ratio {ratio:.2} (goal at most 0.50)",
            page.as_secs_f64(),
            ours.as_secs_f64()
        );
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    println!("  median ratio {:.2}", ratios[ratios.len() / 2]);
}

/// Runs a piece of work on a bed of its own, and returns how long the work alone took.
fn timed(topology: &str, work: impl FnOnce(&Bed, &Job)) -> Duration {
    let bed = Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    let job = Job::new(&bed, "bench", topology, &[]);
    let start = Instant::now();
    work(&bed, &job);
    start.elapsed()
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
