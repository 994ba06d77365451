//! `isthmus verify` on real API servers with real istiods: calls by `exec`, what the client hears played by the bed; istiods
//! asked by `port-forward`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;

use serde_json::Value;
use tests::bed::{Bed, ClusterSpec, eventually};
use tests::job::{Job, Run};
use tests::judge::WAIT;

#[test]
fn calls_cross_and_istiods_agree_or_it_is_said_what_does_not() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    let topology = include_str!("../topologies/multi-primary-multi-network.yaml");
    let topology = format!("{topology}  gateways:\n  - {{cluster: cluster1, kind: ingress}}\n");
    let job = Job::new(&bed, "verify", &topology, &[]);
    job.apply(&[]).ends_with(0);

    // Nothing that was not asked is passed: these pods are simulated, and it says so.
    eventually(WAIT, || {
        let run = job.verify(&["-o", "json"]);
        if run.code == 0 { Ok(()) } else { Err(format!("{}\n{}", run.stdout, run.stderr).into()) }
    })
    .unwrap();
    let simulated = checks(&job.verify(&["-o", "json"]));
    assert_eq!(of(&simulated, "requests", "notAsked"), 4);
    assert_eq!(of(&simulated, "ingress", "notAsked"), 1);
    assert_eq!(of(&simulated, "istiods", "passed"), 6, "{simulated:#?}");
    let said = simulated.iter().find(|check| check["name"] == "cluster1 → cluster2").unwrap();
    assert!(said["detail"]["en"].as_str().unwrap().contains("the pods of cluster1 are simulated"));

    // From here on the nodes are taken for real ones, and the bed plays what the client hears.
    for cluster in bed.clusters() {
        cluster.kubectl_text(&["annotate", "node", "--all", "kwok.x-k8s.io/node-"]).unwrap();
    }
    let gateway =
        bed.cluster("cluster2").kubectl_json(&["-n", "istio-system", "get", "service", "istio-eastwestgateway"]);
    let gateway = gateway.unwrap()["status"]["loadBalancer"]["ingress"][0]["ip"].as_str().unwrap().to_owned();
    fs::write(bed.cluster("cluster1").folder().join("dialled"), format!("{gateway}:15443\n")).unwrap();
    let balanced = job.verify(&[]);
    let crossed = format!("dialled: {gateway}:15443");
    assert!(balanced.stdout.contains(&crossed), "{crossed} {}", balanced.stdout);
    let table: Vec<Vec<&str>> = balanced.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(table.contains(&vec!["cluster1", "cluster2"]), "{}", balanced.stdout);
    assert!(table.iter().any(|row| row.len() == 5 && row[0] == "cluster2" && row[1] == "✓" && row[3] == "✓"));
    // The gateway's address is one that nobody answers at.
    balanced.ends_with(79);
    assert!(balanced.stdout.contains("Address(cluster1, ingress): http://"), "{}", balanced.stdout);

    // One client hears its own cluster alone.
    fs::write(bed.cluster("cluster2").folder().join("answers"), "Hello version: v2, instance: helloworld-v2-x\n")
        .unwrap();
    let local = checks(&job.verify(&["-o", "json"]));
    assert_eq!((of(&local, "requests", "passed"), of(&local, "requests", "possiblyLocality")), (3, 1), "{local:#?}");
    let locality = local.iter().find(|check| check["outcome"] == "possiblyLocality").unwrap();
    assert_eq!((&locality["name"], &locality["pair"]["calls"]), (&"cluster2 → cluster1".into(), &12.into()));
    assert!(locality["hint"]["en"].as_str().unwrap().contains("topology.kubernetes.io/region"));
    let crossing = local.iter().find(|check| check["name"] == "cluster1 → cluster2").unwrap();
    assert!(crossing["pair"]["through"].as_str().unwrap().ends_with(":15443"), "{crossing:#}");

    // A call that fails is no luck.
    fs::write(bed.cluster("cluster2").folder().join("answers"), "upstream connect error or disconnect\n").unwrap();
    let junit = bed.folder().join("verify.xml");
    let broken = checks(job.verify(&["-o", "json", "--junit", junit.to_str().unwrap()]).ends_with(79));
    let junit = fs::read_to_string(junit).unwrap();
    assert_eq!(junit.matches("<testcase ").count(), broken.len());
    assert!(junit.contains("name=\"cluster2 → *\"><failure message=\"12 of 12 calls were not answered"), "{junit}");
    let failed = broken.iter().find(|check| check["name"] == "cluster2 → *").unwrap();
    assert!(failed["detail"]["en"].as_str().unwrap().contains("12 of 12 calls were not answered: upstream connect"));
    istiod_misses_a_cluster(&bed, &job);
}

/// An istiod that lost the way to a cluster says so, and so does `verify`; one that is away was not asked.
fn istiod_misses_a_cluster(bed: &Bed, job: &Job) {
    let first = bed.cluster("cluster1");
    first.kubectl_text(&["-n", "istio-system", "delete", "secret", "istio-remote-secret-cluster2"]).unwrap();
    eventually(WAIT, || {
        let checks = checks(&job.verify(&["-o", "json"]));
        let named = |name: &str| checks.iter().find(|check| check["name"] == name).cloned().unwrap_or_default();
        let missing = named("cluster1 clusters");
        let fact = named("Watched(cluster1, cluster2)");
        if missing["outcome"] == "failed"
            && missing["detail"]["en"] == "missing: cluster2 -"
            && fact["outcome"] == "failed"
        {
            Ok(())
        } else {
            Err(format!("{missing:#} {fact:#}").into())
        }
    })
    .unwrap();
    let second = bed.cluster("cluster2");
    second.kubectl_text(&["-n", "istio-system", "delete", "deployment", "istiod"]).unwrap();
    let gone = checks(&job.verify(&["-o", "json"]));
    let names: Vec<&Value> = gone
        .iter()
        .filter(|check| check["group"] == "istiods" && check["outcome"] == "notAsked")
        .map(|check| &check["name"])
        .collect();
    assert_eq!(names, ["cluster2 clusters", "cluster2 gateways", "cluster2 endpoints"]);
}

fn checks(run: &Run) -> Vec<Value> {
    let page: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}\n{}", run.stdout, run.stderr));
    let checks = page["checks"].as_array().unwrap().clone();
    let asked = |check: &Value| check["outcome"] != "passed" && check["outcome"] != "notAsked";
    assert_eq!(page["passed"], !checks.iter().any(asked));
    checks
}

fn of(checks: &[Value], group: &str, outcome: &str) -> usize {
    checks.iter().filter(|check| check["group"] == group && check["outcome"] == outcome).count()
}
