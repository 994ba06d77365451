//! The test bed itself: what the other tests take for granted.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tests::bed::{Addresses, Bed, BedError, Cluster, ClusterSpec, eventually};

/// The names of the processes of this machine that belong to a bed.
fn members(bed: &Path) -> Vec<String> {
    let mark = format!("ISTHMUS_BED={}", bed.display()).into_bytes();
    let belongs = |process: &PathBuf| {
        fs::read(process.join("environ"))
            .is_ok_and(|environ| environ.split(|byte| *byte == 0).any(|variable| variable == mark))
    };
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|process| process.path());
    processes.filter(belongs).filter_map(|process| fs::read_to_string(process.join("comm")).ok()).collect()
}

fn balancer(name: &str, annotations: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: default, annotations: {{{annotations}}}}}\n\
         spec: {{type: LoadBalancer, selector: {{app: {name}}}, ports: [{{port: 80}}]}}\n---\n"
    )
}

#[test]
fn clusters_come_up_side_by_side_and_leave_nothing() {
    let specs =
        [ClusterSpec::named("cluster1"), ClusterSpec::named("no").addresses(Addresses::Never).without_istiods()];
    let bed = Bed::start(&specs).unwrap();
    let folder = bed.folder().to_owned();
    let (first, second) = (bed.cluster("cluster1"), bed.cluster("no"));
    assert_ne!(first.server(), second.server());

    // One kubeconfig, a context for each, and no current one to fall into by accident.
    let contexts = bed.command("kubectl").args(["config", "get-contexts", "-o", "name"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&contexts.stdout), "cluster1\nno\n");
    let uid = |cluster: &Cluster| {
        cluster.kubectl_text(&["get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}"]).unwrap()
    };
    assert_ne!(uid(first), uid(second));

    addresses(&bed);
    pods_become_ready(&bed);
    listing_is_stable(&bed);
    istiods_follow_deployments(&bed);

    assert!(members(&folder).len() >= 10, "etcd, API server, controller manager, scheduler and KWOK of two clusters");
    drop(bed);
    assert_eq!(members(&folder), [] as [String; 0]);
    assert!(!folder.exists());
}

fn addresses(bed: &Bed) {
    let first = bed.cluster("cluster1");
    let services = [
        balancer("at-once", ""),
        balancer("named", "bed/lb: hostname"),
        balancer("later", "bed/lb: late, bed/lb-delay: 1s"),
        balancer("pending", "bed/lb: never"),
    ];
    first.apply(&services.concat()).unwrap();
    let address = |cluster: &Cluster, name: &str| {
        cluster
            .kubectl_json(&["get", "service", name])
            .map(|service| service["status"]["loadBalancer"]["ingress"][0].clone())
    };
    let known = |name: &str| {
        eventually(Duration::from_secs(10), || {
            let ingress = address(first, name)?;
            if ingress == Value::Null { Err(BedError::from(format!("{name} has no address"))) } else { Ok(ingress) }
        })
        .unwrap()
    };
    assert!(known("at-once")["ip"].as_str().unwrap().starts_with("198.51.100."));
    assert_eq!(known("named")["hostname"], "named.default.cluster1.lb.example");
    assert!(known("later")["ip"].is_string());
    assert_eq!(address(first, "pending").unwrap(), Value::Null);

    // The other cluster hands out nothing unless asked.
    let second = bed.cluster("no");
    second.apply(&[balancer("usual", ""), balancer("asked", "bed/lb: ip")].concat()).unwrap();
    eventually(Duration::from_secs(10), || {
        let ip = address(second, "asked")?["ip"].as_str().unwrap_or_default().to_owned();
        if ip.starts_with("203.0.113.") { Ok(()) } else { Err(BedError::from(format!("asked has {ip:?}"))) }
    })
    .unwrap();
    assert_eq!(address(second, "usual").unwrap(), Value::Null);
}

fn pods_become_ready(bed: &Bed) {
    let first = bed.cluster("cluster1");
    let curl = "apiVersion: v1\nkind: Namespace\nmetadata: {name: sample}\n---\napiVersion: apps/v1\nkind: Deployment\n\
        metadata: {name: curl, namespace: sample}\nspec:\n  selector: {matchLabels: {app: curl}}\n  template:\n    \
        metadata: {labels: {app: curl}}\n    spec: {containers: [{name: curl, image: curl}]}\n";
    first.apply(curl).unwrap();
    first
        .kubectl_text(&["-n", "sample", "wait", "--for=condition=Available", "deployment/curl", "--timeout=30s"])
        .unwrap();
    let answer = |_| {
        first
            .kubectl_text(&[
                "-n",
                "sample",
                "exec",
                "deploy/curl",
                "--",
                "curl",
                "-sS",
                "http://helloworld.sample:5000/hello",
            ])
            .unwrap()
    };
    let answers: Vec<String> = (0..2).map(answer).collect();
    assert!(answers[0].contains("v1") && answers[1].contains("v2"), "{answers:?}");
    first.kubectl_text(&["delete", "namespace", "sample", "--wait=false"]).unwrap();
}

fn listing_is_stable(bed: &Bed) {
    let second = bed.cluster("no");
    let before = second.settled_listing().unwrap();
    assert!(before.contains(&"Namespace. <none>/default".to_owned()), "{before:#?}");
    second.kubectl_text(&["create", "configmap", "extra"]).unwrap();
    let with: Vec<String> =
        second.settled_listing().unwrap().into_iter().filter(|object| !before.contains(object)).collect();
    assert_eq!(with, ["ConfigMap. default/extra"]);
    second.kubectl_text(&["delete", "configmap", "extra"]).unwrap();
    assert_eq!(second.settled_listing().unwrap(), before);
}

fn istiods_follow_deployments(bed: &Bed) {
    let cluster = bed.cluster("cluster1");
    let generated = bed
        .command("istioctl")
        .args(["manifest", "generate", "--set", "values.global.multiCluster.clusterName=cluster1"])
        .args(["--set", "components.ingressGateways[0].enabled=false"])
        .args(["--set", "components.ingressGateways[0].name=istio-ingressgateway"])
        .output()
        .unwrap();
    assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));
    cluster.kubectl_text(&["create", "namespace", "istio-system"]).unwrap();
    cluster.apply(&String::from_utf8_lossy(&generated.stdout)).unwrap();

    // The real istiod says that it reads its cluster, and fills in its authority, with its own account's rights.
    let reads = |name: &str| {
        let clusters = cluster.istiod_debug("/debug/clusterz")?;
        let synced = clusters
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["id"] == name && one["syncStatus"] == "synced"));
        if synced { Ok(()) } else { Err(BedError::from(format!("{clusters}"))) }
    };
    eventually(Duration::from_mins(1), || reads("cluster1")).unwrap();
    eventually(Duration::from_mins(1), || {
        let webhooks = cluster.kubectl_json(&["get", "mutatingwebhookconfiguration", "istio-sidecar-injector"])?;
        let filled = webhooks["webhooks"]
            .as_array()
            .is_some_and(|all| all.iter().all(|one| one["clientConfig"]["caBundle"].is_string()));
        if filled { Ok(()) } else { Err(BedError::from("no authority in the webhooks")) }
    })
    .unwrap();

    pods_get_their_sidecar(cluster);

    // Another template is another process; no Deployment, no process.
    cluster.kubectl_text(&["-n", "istio-system", "set", "env", "deployment/istiod", "CLUSTER_ID=renamed"]).unwrap();
    eventually(Duration::from_mins(1), || reads("renamed")).unwrap();
    assert!(members(bed.folder()).iter().any(|name| name.starts_with("pilot-discovery")));
    cluster.kubectl_text(&["-n", "istio-system", "delete", "deployment", "istiod"]).unwrap();
    eventually(Duration::from_secs(5), || {
        let runs = members(bed.folder()).iter().any(|name| name.starts_with("pilot-discovery"));
        if runs { Err(BedError::from("istiod still runs")) } else { Ok(()) }
    })
    .unwrap();
}

/// The API server reaches the istiod process.
fn pods_get_their_sidecar(cluster: &Cluster) {
    cluster.kubectl_text(&["label", "namespace", "default", "istio-injection=enabled"]).unwrap();
    cluster.kubectl_text(&["run", "client", "--image=client"]).unwrap();
    let pod = cluster.kubectl_json(&["get", "pod", "client"]).unwrap();
    assert!(pod.to_string().contains("istio-proxy"), "{pod:#}");
    let logs = cluster.kubectl_text(&["-n", "istio-system", "logs", "deployment/istiod"]).unwrap();
    assert!(logs.contains("pod=default/client"), "{logs}");
}

#[test]
fn practice_clusters_go_when_their_process_is_killed() {
    let mut practice = Command::new(env!("CARGO_BIN_EXE_practice")).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(practice.stdout.take().unwrap()).lines().map_while(Result::ok);
    let kubeconfig = lines.find_map(|line| line.strip_prefix("KUBECONFIG=").map(PathBuf::from));
    let istioctl = lines.find_map(|line| line.strip_prefix("ISTIOCTL=").map(PathBuf::from));
    practice.kill().unwrap();
    practice.wait().unwrap();
    assert!(istioctl.unwrap().is_file());
    let folder = kubeconfig.as_deref().and_then(Path::parent).unwrap();
    eventually(Duration::from_secs(10), || match members(folder) {
        left if left.is_empty() && !folder.exists() => Ok(()),
        left => Err(BedError::from(format!("{left:?} and {}", folder.display()))),
    })
    .unwrap();
}
