//! What a mesh at rest costs to look at, and what its remote secrets cost to make, near and far, beside `kubectl` and `istioctl`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::bed::{Bed, Cluster, ClusterSpec};
use tests::far::Far;
use tests::job::Job;

const CLUSTERS: [&str; 4] = ["cluster1", "cluster2", "cluster3", "cluster4"];
/// Milliseconds there and back.
const ROUND_TRIPS: [u64; 3] = [0, 50, 200];
const PAIRS: usize = 3;

/// Times `isthmus apply` with nothing to do against `kubectl apply --server-side` of the same objects, then the remote secrets.
pub(crate) fn measure() {
    let bed = Bed::start(&CLUSTERS.map(ClusterSpec::named)).unwrap();
    let far = Far::of(&bed).unwrap();
    let job = Job::new(&bed, "rest", &drawing(&bed), &[]);
    job.apply(&[]).ends_with(0);
    let job = job.reached_by(far.kubeconfig());
    let files: Vec<PathBuf> = bed.clusters().iter().map(objects).collect();
    let kubectl = |cluster: &str, file: &Path| {
        let mut command = bed.command("kubectl");
        command.arg("--kubeconfig").arg(far.kubeconfig()).args(["--context", cluster, "apply", "--server-side"]);
        command.args(["--field-manager=bench", "--force-conflicts", "-f"]).arg(file).stdout(Stdio::null());
        command
    };
    let pairs = || CLUSTERS.into_iter().zip(&files);
    let one_by_one = || pairs().for_each(|(cluster, file)| succeeds(kubectl(cluster, file)));
    let all_at_once = || {
        thread::scope(|scope| {
            pairs().for_each(|(cluster, file)| {
                let command = kubectl(cluster, file);
                scope.spawn(move || succeeds(command));
            });
        });
    };
    let ours = || {
        job.apply(&[]).ends_with(0);
    };
    one_by_one();
    ours();
    println!(
        "Nothing to do on {} clusters; `isthmus apply` against `kubectl apply --server-side` of the same objects",
        CLUSTERS.len()
    );
    let mut near = 0.0;
    for round_trip in ROUND_TRIPS {
        far.round_trip(round_trip);
        let (mut mine, mut in_turn, mut together) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..PAIRS {
            mine.push(timed(ours));
            in_turn.push(timed(one_by_one));
            together.push(timed(all_at_once));
        }
        let (mine, in_turn, together) = (median(mine), median(in_turn), median(together));
        println!(
            "  {round_trip:3} ms away: isthmus {mine:.2} s; kubectl in turn {in_turn:.2} s, {:.0} times as long (goal at 50 ms: 50); \
             all at once {together:.2} s, {:.0} times (goal: 20)",
            in_turn / mine,
            together / mine
        );
        if round_trip == 0 {
            near = mine;
        } else {
            let trips = (mine - near) * 1000.0 / f64::from(u32::try_from(round_trip).unwrap());
            println!("           {trips:.1} round trips one after the other, TCP and TLS among them (goal at most 5)");
        }
    }
    secrets(&bed, &far, &job);
    frugality(&bed, &far, &job, &files);
}

/// Takes the remote secrets away and has them made again.
fn secrets(bed: &Bed, far: &Far, job: &Job) {
    println!(
        "{} remote secrets; `isthmus apply` against `istioctl create-remote-secret | kubectl apply` for each",
        CLUSTERS.len() * (CLUSTERS.len() - 1)
    );
    let ways = || {
        CLUSTERS
            .into_iter()
            .flat_map(|to| CLUSTERS.into_iter().filter(move |from| *from != to).map(move |from| (from, to)))
    };
    let take_away = || {
        for (from, to) in ways() {
            let name = format!("istio-remote-secret-{from}");
            bed.cluster(to).kubectl_text(&["-n", "istio-system", "delete", "secret", &name]).unwrap();
        }
    };
    for round_trip in [0, 50] {
        far.round_trip(round_trip);
        take_away();
        let mine = timed(|| {
            job.apply(&[]).ends_with(0);
        });
        take_away();
        let config = far.kubeconfig().display();
        let line = |(from, to)| {
            format!(
                "istioctl create-remote-secret --kubeconfig {config} --context={from} --name={from} --server={} | \
                 kubectl --kubeconfig {config} --context={to} apply -f - >/dev/null\n",
                bed.cluster(from).server()
            )
        };
        let script: String = ways().map(line).collect();
        let theirs = timed(|| {
            let mut sh = bed.command("sh");
            sh.args(["-ec", &script]);
            succeeds(sh);
        });
        println!(
            "  {round_trip:3} ms away: isthmus {mine:.2} s, one by one {theirs:.2} s, {:.0} times as long (goal at 50 ms with 56: 100)",
            theirs / mine
        );
        take_away();
        job.apply(&[]).ends_with(0);
    }
    far.round_trip(0);
}

/// Processor time and memory of the program itself, where it was built: `ISTHMUS_PROGRAM` names it.
fn frugality(bed: &Bed, far: &Far, job: &Job, files: &[PathBuf]) {
    let Some(program) = std::env::var_os("ISTHMUS_PROGRAM") else {
        println!("Processor time, memory and size: not measured, ISTHMUS_PROGRAM names no program");
        return;
    };
    let mut apply = bed.command(&program);
    apply.arg("apply").arg(&job.bundle).args(["--yes", "--certs"]).arg(&job.certs);
    apply.arg("--kubeconfig").arg(far.kubeconfig());
    let (mine, memory) = spent(apply);
    let mut theirs = 0.0;
    for (cluster, file) in CLUSTERS.into_iter().zip(files) {
        let mut command = bed.command("kubectl");
        command.args([
            "--context",
            cluster,
            "apply",
            "--server-side",
            "--field-manager=bench",
            "--force-conflicts",
            "-f",
        ]);
        command.arg(file).stdout(Stdio::null());
        theirs += spent(command).0;
    }
    let size = fs::metadata(&program).unwrap().len() >> 20;
    println!(
        "Nothing to do: {mine:.2} s of processor time, kubectl {theirs:.2} s, {:.0} times as much (goal 20); {memory} MB of memory (goal at most 32); \
         the program has {size} MB (goal at most 10)",
        theirs / mine
    );
}

/// Runs a program and returns its processor time in seconds and the most memory it had, in megabytes.
fn spent(mut command: Command) -> (f64, u64) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (mut ticks, mut memory) = (0, 0);
    // What a process has used is to be read as long as nobody has taken note of its end.
    while child.try_wait().unwrap().is_none() {
        let place = format!("/proc/{}", child.id());
        let stat = fs::read_to_string(format!("{place}/stat")).unwrap_or_default();
        let fields: Vec<u64> =
            stat.rsplit(')').next().unwrap_or_default().split(' ').map(|field| field.parse().unwrap_or(0)).collect();
        ticks = fields.get(12..14).map_or(ticks, |used| used.iter().sum::<u64>().max(ticks));
        let status = fs::read_to_string(format!("{place}/status")).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        memory = memory.max(kilobytes.unwrap_or(0) >> 10);
        thread::sleep(Duration::from_millis(2));
    }
    let hundredths = u32::try_from(ticks).unwrap();
    (f64::from(hundredths.max(1)) / 100.0, memory)
}

fn succeeds(mut command: Command) {
    assert!(command.status().unwrap().success());
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Primaries on one network; their API servers as the istiods dial them, near.
fn drawing(bed: &Bed) -> String {
    let line = |name: &str| {
        let url = bed.cluster(name).server();
        format!("  - {{name: {name}, network: network1, role: primary, apiServer: {{url: \"{url}\"}}}}\n")
    };
    format!(
        "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {{name: mesh1}}\nspec:\n  meshId: mesh1\n  \
         istio: {{version: \"1.31\", installer: istioctl}}\n  clusters:\n{}",
        CLUSTERS.map(line).concat()
    )
}

/// Everything that was applied to a cluster, as a file that `kubectl` can apply.
fn objects(cluster: &Cluster) -> PathBuf {
    let record = cluster.kubectl_json(&["-n", "kube-system", "get", "configmap", "isthmus-mesh1"]).unwrap();
    let metadata = &record["metadata"];
    let kinds = metadata["annotations"]["applyset.kubernetes.io/contains-group-kinds"].as_str().unwrap();
    let label =
        format!("applyset.kubernetes.io/part-of={}", metadata["labels"]["applyset.kubernetes.io/id"].as_str().unwrap());
    let mut found = cluster.kubectl_json(&["get", kinds, "-A", "-l", &label]).unwrap();
    let items = found["items"].as_array_mut().unwrap();
    for item in &mut *items {
        let whole = item.as_object_mut().unwrap();
        whole.remove("status");
        let kept = ["name", "namespace", "labels", "annotations"];
        whole["metadata"].as_object_mut().unwrap().retain(|key, _| kept.contains(&key.as_str()));
    }
    let list = json!({"apiVersion": "v1", "kind": "List", "items": std::mem::take(items)});
    let file = cluster.folder().join("objects.json");
    fs::write(&file, list.to_string()).unwrap();
    file
}
