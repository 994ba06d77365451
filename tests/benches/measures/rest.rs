//! What a mesh at rest costs to look at, near and far, beside `kubectl`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::json;
use tests::bed::{Bed, Cluster, ClusterSpec};
use tests::far::Far;
use tests::job::Job;

use crate::processor::spent;
use crate::secrets::drawing;
use crate::statistics::{median, range, timed};

const CLUSTERS: [&str; 4] = ["cluster1", "cluster2", "cluster3", "cluster4"];
/// Milliseconds there and back.
const ROUND_TRIPS: [u64; 3] = [0, 50, 200];
const PAIRS: usize = 5;
/// How often processor time is measured.
const RUNS: u32 = 5;

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
            let own = timed(ours);
            mine.push(own);
            in_turn.push(timed(one_by_one) / own);
            together.push(timed(all_at_once) / own);
        }
        println!(
            "  {round_trip:3} ms away: isthmus {} s (goal at 50 ms: 0.30); kubectl in turn takes {} times as long (goal at 50 ms: 50), \
             all at once {} times (goal: 20)",
            range(&mine, 2),
            range(&in_turn, 0),
            range(&together, 0)
        );
        let mine = median(mine);
        if round_trip == 0 {
            near = mine;
        } else {
            let trips = (mine - near) * 1000.0 / f64::from(u32::try_from(round_trip).unwrap());
            println!("           {trips:.1} round trips one after the other, TCP and TLS among them (goal at most 5)");
        }
    }
    frugality(&bed, &far, &job, &files);
}

/// Processor time and memory of the program itself, where it was built: `ISTHMUS_PROGRAM` names it.
fn frugality(bed: &Bed, far: &Far, job: &Job, files: &[PathBuf]) {
    let Some(program) = std::env::var_os("ISTHMUS_PROGRAM") else {
        println!("Processor time, memory and size: not measured, ISTHMUS_PROGRAM names no program");
        return;
    };
    let (mut mine, mut theirs, mut memory) = (0.0, 0.0, 0);
    // The system counts by hundredths of a second.
    for _ in 0..RUNS {
        let mut apply = bed.command(&program);
        apply.arg("apply").arg(&job.bundle).args(["--yes", "--certs"]).arg(&job.certs);
        apply.arg("--kubeconfig").arg(far.kubeconfig());
        let (time, most) = spent(apply);
        mine += time;
        memory = most.max(memory);
        for (cluster, file) in CLUSTERS.into_iter().zip(files) {
            let mut command = bed.command("kubectl");
            command.args([
                "--context",
                cluster,
                "apply",
                "--server-side",
                "--field-manager=bench",
                "--force-conflicts",
            ]);
            command.arg("-f").arg(file);
            theirs += spent(command).0;
        }
    }
    let (mine, theirs) = (mine / f64::from(RUNS), theirs / f64::from(RUNS));
    let size = fs::metadata(&program).unwrap().len() >> 20;
    println!(
        "Nothing to do: {mine:.3} s of processor time, kubectl {theirs:.2} s, {:.0} times as much (goal 20); {memory} MB of memory (goal at most 32); \
         the program has {size} MB (goal at most 10)",
        theirs / mine
    );
}

fn succeeds(mut command: Command) {
    assert!(command.status().unwrap().success());
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
