//! An API server that falls in the middle of the work.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tests::bed::{Bed, ClusterSpec};
use tests::job::Job;
use tests::proxy::{Front, Phase};

use super::table::{Row, Table};

const TOPOLOGY: &str = include_str!("../../topologies/multi-primary-multi-network.yaml");

#[test]
fn an_api_server_that_falls_and_comes_back_is_waited_for() {
    let bed = Arc::new(Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap());
    let front = Front::of(&bed).unwrap();
    let job = Job::new(&bed, "outage", &TOPOLOGY.replace("sample: true", "sample: false"), &[]);
    let job = job.reached_by(front.kubeconfig());
    let fallen = Arc::new(Mutex::new(None));
    let (bed_of_hook, slot) = (Arc::clone(&bed), Arc::clone(&fallen));
    // At the fortieth write, while it is being answered: some definitions are there, and some are not.
    let writes = Mutex::new(0);
    front.hook(move |asked, phase| {
        if asked.cluster != "cluster1" || asked.method != "PATCH" || phase != Phase::Done {
            return;
        }
        let mut writes = writes.lock().unwrap();
        *writes += 1;
        if *writes != 20 {
            return;
        }
        let outage = bed_of_hook.cluster("cluster1").kill_api_server().unwrap();
        let bed = Arc::clone(&bed_of_hook);
        let back = thread::spawn(move || {
            thread::sleep(Duration::from_secs(1));
            bed.cluster("cluster1").restart_api_server(&outage).unwrap();
        });
        *slot.lock().unwrap() = Some(back);
    });
    let begun = Instant::now();
    let run = job.apply(&[]);
    let time = begun.elapsed();
    let back = fallen.lock().unwrap().take().expect("the API server was killed");
    back.join().unwrap();
    front.heal().unwrap();
    let again = job.apply(&[]);
    let mut wrong = Vec::new();
    if run.code != 0 || again.code != 0 || !run.stderr.contains("trying again") {
        wrong.push(format!("first {}\nsecond {}", run.stderr, again.stderr));
    }
    if job.diff(&["--exit-code"]).code != 0 {
        wrong.push("something is left to do".to_owned());
    }
    let said = run.stderr.lines().find(|line| line.contains("trying again")).unwrap_or_default().to_owned();
    let row = Row {
        model: "multi-primary-multi-network".to_owned(),
        step: "cluster1/istiod".to_owned(),
        fault: "API server killed and restarted".to_owned(),
        code: run.code,
        time,
        said,
        again: again.code,
        wrong,
    };
    let table = Table::new("Outages");
    table.note(row);
    table.judge();
}
