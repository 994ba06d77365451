//! The test bed itself: what the other tests take for granted.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
use std::fs;
use std::time::Duration;

use serde_json::Value;
use tests::bed::{Addresses, Bed, BedError, ClusterSpec, eventually};

/// Processes of this machine that belong to a bed.
fn members(bed: &std::path::Path) -> usize {
    let mark = format!("ISTHMUS_BED={}", bed.display()).into_bytes();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let belongs = |path| {
        fs::read(path).is_ok_and(|environ: Vec<u8>| {
            environ
                .split(|byte| *byte == 0)
                .any(|variable| variable == mark)
        })
    };
    processes
        .filter(|process| belongs(process.path().join("environ")))
        .count()
}

fn balancer(name: &str, annotations: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: default, annotations: {{{annotations}}}}}\n\
         spec: {{type: LoadBalancer, selector: {{app: {name}}}, ports: [{{port: 80}}]}}\n---\n"
    )
}

#[test]
fn clusters_come_up_side_by_side_and_leave_nothing() {
    let specs = [
        ClusterSpec::named("cluster1"),
        ClusterSpec::named("no")
            .addresses(Addresses::Never)
            .without_istiods(),
    ];
    let bed = Bed::start(&specs).unwrap();
    let folder = bed.folder().to_owned();
    let (first, second) = (bed.cluster("cluster1"), bed.cluster("no"));
    assert_ne!(first.server(), second.server());

    // One kubeconfig, a context for each, and no current one to fall into by accident.
    let contexts = bed
        .command("kubectl")
        .args(["config", "get-contexts", "-o", "name"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&contexts.stdout), "cluster1\nno\n");
    let uid = |cluster: &tests::bed::Cluster| {
        cluster
            .kubectl_text(&[
                "get",
                "namespace",
                "kube-system",
                "-o",
                "jsonpath={.metadata.uid}",
            ])
            .unwrap()
    };
    assert_ne!(uid(first), uid(second));

    addresses(&bed);
    pods_become_ready(&bed);
    listing_is_stable(&bed);

    assert!(
        members(&folder) >= 10,
        "etcd, API server, controller manager, scheduler and KWOK of two clusters"
    );
    drop(bed);
    assert_eq!(members(&folder), 0);
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
    let address = |cluster: &tests::bed::Cluster, name: &str| {
        cluster
            .kubectl_json(&["get", "service", name])
            .map(|service| service["status"]["loadBalancer"]["ingress"][0].clone())
    };
    let known = |name: &str| {
        eventually(Duration::from_secs(10), || {
            let ingress = address(first, name)?;
            if ingress == Value::Null {
                Err(BedError::from(format!("{name} has no address")))
            } else {
                Ok(ingress)
            }
        })
        .unwrap()
    };
    assert!(
        known("at-once")["ip"]
            .as_str()
            .unwrap()
            .starts_with("198.51.100.")
    );
    assert_eq!(
        known("named")["hostname"],
        "named.default.cluster1.lb.example"
    );
    assert!(known("later")["ip"].is_string());
    assert_eq!(address(first, "pending").unwrap(), Value::Null);

    // The other cluster hands out nothing unless asked.
    let second = bed.cluster("no");
    second
        .apply(&[balancer("usual", ""), balancer("asked", "bed/lb: ip")].concat())
        .unwrap();
    eventually(Duration::from_secs(10), || {
        let ip = address(second, "asked")?["ip"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if ip.starts_with("203.0.113.") {
            Ok(())
        } else {
            Err(BedError::from(format!("asked has {ip:?}")))
        }
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
        .kubectl_text(&[
            "-n",
            "sample",
            "wait",
            "--for=condition=Available",
            "deployment/curl",
            "--timeout=30s",
        ])
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
    assert!(
        answers[0].contains("v1") && answers[1].contains("v2"),
        "{answers:?}"
    );
    first
        .kubectl_text(&["delete", "namespace", "sample"])
        .unwrap();
}

fn listing_is_stable(bed: &Bed) {
    let second = bed.cluster("no");
    let before = second.settled_listing().unwrap();
    assert!(
        before.contains(&"Namespace. <none>/default".to_owned()),
        "{before:#?}"
    );
    second
        .kubectl_text(&["create", "configmap", "extra"])
        .unwrap();
    let with: Vec<String> = second
        .settled_listing()
        .unwrap()
        .into_iter()
        .filter(|object| !before.contains(object))
        .collect();
    assert_eq!(with, ["ConfigMap. default/extra"]);
    second
        .kubectl_text(&["delete", "configmap", "extra"])
        .unwrap();
    assert_eq!(second.settled_listing().unwrap(), before);
}
