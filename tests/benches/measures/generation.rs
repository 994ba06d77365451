//! From a drawing to the files of its bundle, in memory.

use std::process::Command;
use std::time::Instant;

use shared::bundle::Bundle;
use shared::mesh::{Mesh, check};
use shared::plan::Plan;
use shared::topology::Topology;

use crate::drawings;

/// The first argument of this program where it is to generate one bundle and say what memory that took.
pub(crate) const CHILD: &str = "memory";
/// Times are the best of so many rounds: whatever else the machine does only adds to them.
const ROUNDS: usize = 11;

/// One generation, piece by piece, in milliseconds.
struct Timed {
    plan: f64,
    bundle: f64,
    zip: f64,
    files: usize,
    bytes: usize,
}

impl Timed {
    fn all(&self) -> f64 {
        self.plan + self.bundle
    }

    /// Nanoseconds for a byte that is written.
    fn per_byte(&self) -> f64 {
        self.all() * 1e6 / figure(self.bytes)
    }

    fn megabytes_a_second(&self) -> f64 {
        figure(self.bytes) / 1e3 / self.all()
    }
}

pub(crate) fn measure() {
    growth();
    goals();
    beside_istioctl();
}

/// How time and memory grow with the number of clusters, of files and of bytes.
fn growth() {
    println!("All primaries, from a drawing to the files of its bundle (best of {ROUNDS})");
    println!(
        "{:>10} {:>8} {:>9} {:>9} {:>9} {:>9} {:>8} {:>9} {:>10}",
        "primaries", "files", "MB", "plan ms", "bundle ms", "zip ms", "MB/s", "ns/byte", "peak MB"
    );
    let mut per_byte = Vec::new();
    for count in [2, 10, 50, 100, 200] {
        let timed = generate(&drawings::primaries(count));
        println!(
            "{count:>10} {:>8} {:>9.2} {:>9.2} {:>9.2} {:>9.1} {:>8.0} {:>9.1} {:>10.1}",
            timed.files,
            figure(timed.bytes) / 1e6,
            timed.plan,
            timed.bundle,
            timed.zip,
            timed.megabytes_a_second(),
            timed.per_byte(),
            peak(count)
        );
        per_byte.push(timed.per_byte());
    }
    println!(
        "  the last costs {:.2} times as much for a byte as the third (goal about 1: linear in the bytes)\n",
        per_byte[4] / per_byte[2]
    );
}

fn goals() {
    let goal = |what: &str, timed: &Timed, at_most: f64| {
        println!(
            "  {what}: {:.1} ms, {:.2} of the {at_most} ms that are the goal; {:.0} MB/s (goal at least 100)",
            timed.all(),
            timed.all() / at_most,
            timed.megabytes_a_second()
        );
    };
    println!("Goals");
    goal("100 primaries", &generate(&drawings::primaries(100)), 250.0);
    goal("1 primary serving 99 remotes on one network", &generate(&drawings::hub_and_spokes(100)), 10.0);
    goal("1 primary serving 99 remotes on 100 networks", &generate(&drawings::hub_and_far_spokes(100)), 10.0);
    let edited = edit(drawings::hub_and_spokes(100));
    println!(
        "  one edited field, with 1 primary serving 99 remotes: {edited:.1} ms, {:.2} of the 4 ms that are the goal",
        edited / 4.0
    );
    println!();
}

/// The nearest thing that Istio's own programs do: one cluster's installation, rendered.
fn beside_istioctl() {
    let programs = tests::bed::Programs::find();
    let mut times: Vec<f64> = (0..3)
        .map(|_| {
            let start = Instant::now();
            let output =
                Command::new(programs.get("istioctl").unwrap()).args(["manifest", "generate"]).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            milliseconds(start)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("  beside it, `istioctl manifest generate` for one cluster: {:.0} ms\n", times[1]);
}

/// Generates some times and returns the best of each piece.
fn generate(topology: &Topology) -> Timed {
    let mut rounds: Vec<Timed> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            let mesh = mesh(topology);
            let plan = Plan::new(&mesh);
            let planned = milliseconds(start);
            let start = Instant::now();
            let bundle = Bundle::of(&mesh, &plan, None);
            let written = milliseconds(start);
            let start = Instant::now();
            let zip = bundle.to_zip();
            let zipped = milliseconds(start);
            assert!(!zip.is_empty());
            Timed {
                plan: planned,
                bundle: written,
                zip: zipped,
                files: bundle.files.len(),
                bytes: bundle.files.values().map(String::len).sum(),
            }
        })
        .collect();
    let best = |piece: fn(&Timed) -> f64| rounds.iter().map(piece).fold(f64::INFINITY, f64::min);
    let (plan, bundle, zip) = (best(|timed| timed.plan), best(|timed| timed.bundle), best(|timed| timed.zip));
    Timed { plan, bundle, zip, ..rounds.swap_remove(0) }
}

/// Edits a field time and again and returns how long, in milliseconds, it takes until every file is there, at best.
fn edit(mut topology: Topology) -> f64 {
    let mut best = f64::INFINITY;
    for round in 0..ROUNDS {
        topology.clusters[7].context = Some(format!("context-{round}"));
        let start = Instant::now();
        let bundle = Bundle::write(&topology, None).unwrap();
        best = best.min(milliseconds(start));
        assert!(bundle.files["README.md"].contains(&format!("context-{round}")));
    }
    best
}

fn mesh(topology: &Topology) -> Mesh {
    check(topology).mesh.unwrap()
}

/// Returns the most memory, in MB, that a process of its own has while it generates: what it needs for itself is taken off.
fn peak(count: usize) -> f64 {
    let memory = |count: usize| -> f64 {
        let output = Command::new(std::env::current_exe().unwrap()).args([CHILD, &count.to_string()]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    };
    (memory(count) - memory(0)) / 1e3
}

/// Generates once and prints the highest resident memory of this process, in kB.
pub(crate) fn child(count: &str) {
    let topology = drawings::primaries(count.parse().unwrap());
    let files = Bundle::write(&topology, None).map_or(0, |bundle| bundle.files.len());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    assert!(files > 0 || topology.clusters.is_empty());
    println!("{}", peak.trim().trim_end_matches(" kB"));
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn figure(n: usize) -> f64 {
    n as f64
}
