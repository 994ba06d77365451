//! Two practice clusters: the test bed, kept until its user has had enough.
//!
//! On standard output, once they are ready, stand `KUBECONFIG=…` and `ISTIOCTL=…` for the program that started this one;
//! everything for people goes to standard error. It ends when it is told to (Ctrl-C, SIGTERM) or when its parent ends, and
//! the bed's keeper then removes everything.

use std::io::{self, Write};
use std::os::unix::process::parent_id;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use tests::bed::{Bed, BedError, ClusterSpec};

const CLUSTERS: [&str; 2] = ["cluster1", "cluster2"];

fn main() -> ExitCode {
    // Asked first, so that a parent that ends during the start is noticed too.
    let parent = parent_id();
    match practice(parent) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("practice clusters: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn practice(parent: u32) -> Result<(), BedError> {
    say(&format!(
        "practice clusters: starting {} (kube-apiserver, etcd, controller manager, scheduler of each)",
        CLUSTERS.join(" and ")
    ));
    let start = Instant::now();
    let bed = Bed::start(&CLUSTERS.map(ClusterSpec::named))?;
    for cluster in bed.clusters() {
        say(&format!("practice clusters: {} answers at {}", cluster.name(), cluster.server()));
    }
    say(&format!(
        "practice clusters: ready after {:.1} s. API servers and istiod are real; nodes, pods and load balancers are simulated, so no packet flows.",
        start.elapsed().as_secs_f32()
    ));
    let istioctl = bed.programs().get("istioctl")?;
    let mut out = io::stdout().lock();
    writeln!(out, "KUBECONFIG={}", bed.kubeconfig().display())?;
    writeln!(out, "ISTIOCTL={}", istioctl.display())?;
    out.flush()?;
    while parent_id() == parent {
        thread::sleep(Duration::from_millis(500));
    }
    say("practice clusters: the program that wanted them has ended; removing them");
    Ok(())
}

fn say(line: &str) {
    // Nobody may be reading any more: that is no reason to fail.
    let _ = writeln!(io::stderr(), "{line}");
}
