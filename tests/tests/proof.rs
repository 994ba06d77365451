//! The whole job on real API servers and a real istiod for each: generate, certify, apply, look, apply again, clean up.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use common::Job;
use serde_json::Value;
use tests::bed::{Bed, BedError, Cluster, ClusterSpec, eventually};

const WAIT: Duration = Duration::from_secs(30);
const TWO_NETWORKS: &str = include_str!("../topologies/multi-primary-multi-network.yaml");

/// A member as the assertions know it: name in the mesh, network, and the bed's cluster that plays it.
struct Member<'a> {
    name: &'a str,
    network: &'a str,
    cluster: &'a Cluster,
}

#[test]
fn the_whole_job() {
    let bed = Bed::start(&["cluster1", "cluster2"].map(ClusterSpec::named)).unwrap();
    // Somebody was here before: cleanup must leave their namespace, and what is in it.
    bed.cluster("cluster1").kubectl_text(&["create", "namespace", "istio-system"]).unwrap();
    let foreign = ["-n", "istio-system", "create", "secret", "generic", "foreign", "--from-literal=a=b"];
    bed.cluster("cluster1").kubectl_text(&foreign).unwrap();
    let before: Vec<_> = bed.clusters().iter().map(|cluster| cluster.settled_listing().unwrap()).collect();

    two_networks(&bed);
    is_as_before(&bed, &before);
    // The same drawing with one field changed.
    one_network(
        &bed,
        "one-network",
        &TWO_NETWORKS.replace("network2", "network1"),
        ["cluster1", "cluster2"],
        "network1",
    );
    is_as_before(&bed, &before);
    // Names that careless YAML turns into something else.
    let odd = TWO_NETWORKS.replace("network1", "\"on\"").replace("network2", "\"on\"");
    let odd = odd.replace("cluster1", "\"no\"").replace("cluster2", "1-a");
    one_network(&bed, "odd-names", &odd, ["no", "1-a"], "on");
    is_as_before(&bed, &before);
}

fn two_networks(bed: &Bed) {
    let job = Job::new(bed, "two-networks", TWO_NETWORKS, &[]);
    assert_eq!(job.diff(&["--exit-code"]).code, 2, "everything is to be done");
    job.apply(&[]).ends_with(0);

    let members = [("cluster1", "network1"), ("cluster2", "network2")].map(|(name, network)| Member {
        name,
        network,
        cluster: bed.cluster(name),
    });
    let gateways: BTreeSet<String> = members.iter().map(gateway).collect();
    for member in &members {
        are_watched_and_trusted(&members, member, &job);
        lists_networks(member, &gateways);
        lists_endpoints(member, &members);
    }
    nothing_is_left_to_do(&job, bed);
    job.cleanup("mesh1").ends_with(0);
}

fn one_network(bed: &Bed, folder: &str, topology: &str, names: [&str; 2], network: &str) {
    let contexts = [(names[0], "cluster1"), (names[1], "cluster2")];
    let job = Job::new(bed, folder, topology, &contexts);
    job.apply(&[]).ends_with(0);
    let members = contexts.map(|(name, context)| Member { name, network, cluster: bed.cluster(context) });
    for member in &members {
        are_watched_and_trusted(&members, member, &job);
        let service = ["-n", "istio-system", "get", "service", "istio-eastwestgateway"];
        assert!(!member.cluster.kubectl(&service).unwrap().status.success(), "one network needs no gateway");
        lists_networks(member, &BTreeSet::new());
        lists_endpoints(member, &members);
    }
    nothing_is_left_to_do(&job, bed);
    job.cleanup("mesh1").ends_with(0);
}

/// The member's network label, its remote secrets, what its istiod says of them, and the one root of all.
fn are_watched_and_trusted(members: &[Member], member: &Member, job: &Job) {
    let cluster = member.cluster;
    let namespace = cluster.kubectl_json(&["get", "namespace", "istio-system"]).unwrap();
    assert_eq!(namespace["metadata"]["labels"]["topology.istio.io/network"], member.network);

    for other in members.iter().filter(|other| other.name != member.name) {
        let name = format!("istio-remote-secret-{}", other.name);
        let secret = cluster.kubectl_json(&["-n", "istio-system", "get", "secret", &name]).unwrap();
        assert_eq!(secret["metadata"]["labels"]["istio/multiCluster"], "true");
        assert_eq!(secret["metadata"]["annotations"]["networking.istio.io/cluster"], other.name);
        let kubeconfig = STANDARD.decode(secret["data"][other.name].as_str().unwrap()).unwrap();
        assert!(String::from_utf8_lossy(&kubeconfig).contains(other.cluster.server()));
        let reader = "system:serviceaccount:istio-system:istio-reader-service-account";
        assert_eq!(cluster.accepts_token(&kubeconfig).unwrap(), reader);
    }

    let all: BTreeSet<(String, String)> =
        members.iter().map(|one| (one.name.to_owned(), "synced".to_owned())).collect();
    eventually(WAIT, || {
        let clusters = cluster.istiod_debug("/debug/clusterz")?;
        let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let seen = list(&clusters).iter().map(|one| (word(one, "id"), word(one, "syncStatus"))).collect();
        same(&all, &seen)
    })
    .unwrap();

    // istiod gives every namespace the root of its authority: all have the one that was made for the mesh.
    let roots = eventually(WAIT, || cluster.kubectl_json(&["-n", "sample", "get", "configmap", "istio-ca-root-cert"]));
    assert_eq!(roots.unwrap()["data"]["root-cert.pem"].as_str().unwrap().trim(), job.root().trim());
}

/// The member's east-west gateway as the other networks must see it.
fn gateway(member: &Member) -> String {
    let get = |kind: &str, name: &str| member.cluster.kubectl_json(&["-n", "istio-system", "get", kind, name]).unwrap();
    let exposed = get("gateways.networking.istio.io", "cross-network-gateway");
    let server = &exposed["spec"]["servers"][0];
    assert_eq!((&server["port"]["number"], &server["tls"]["mode"]), (&15443.into(), &"AUTO_PASSTHROUGH".into()));
    let service = get("service", "istio-eastwestgateway");
    assert_eq!(service["metadata"]["labels"]["topology.istio.io/network"], member.network);
    let address = service["status"]["loadBalancer"]["ingress"][0]["ip"].as_str().unwrap();
    format!("{} {} {address} 15443", member.network, member.name)
}

fn lists_networks(member: &Member, gateways: &BTreeSet<String>) {
    eventually(WAIT, || {
        let networks = member.cluster.istiod_debug("/debug/networkz")?;
        let word = |one: &Value| {
            let (network, cluster) = (one["Network"].as_str()?, one["Cluster"].as_str()?);
            Some(format!("{network} {cluster} {} {}", one["Addr"].as_str()?, one["Port"]))
        };
        same(gateways, &list(&networks).iter().filter_map(word).collect())
    })
    .unwrap();
}

/// The member's istiod knows a ready endpoint of the sample in every cluster, with its network, and its own has a sidecar.
fn lists_endpoints(member: &Member, members: &[Member]) {
    let expected: BTreeSet<String> =
        members.iter().map(|one| format!("Kubernetes/{} {}", one.name, one.network)).collect();
    eventually(WAIT, || {
        let shards = member.cluster.istiod_debug("/debug/endpointShardz")?;
        let shards = &shards["helloworld.sample.svc.cluster.local"]["sample"]["Shards"];
        let seen = shards.as_object().into_iter().flatten().flat_map(|(shard, endpoints)| {
            list(endpoints).iter().map(move |one| format!("{shard} {}", one["Network"].as_str().unwrap_or_default()))
        });
        same(&expected, &seen.collect())
    })
    .unwrap();
    let pods = member.cluster.kubectl_json(&["-n", "sample", "get", "pods"]).unwrap();
    assert!(list(&pods["items"]).iter().all(|pod| pod.to_string().contains("istio-proxy")), "{pods:#}");
}

/// A second apply writes nothing: no object gets another version, and it says so.
fn nothing_is_left_to_do(job: &Job, bed: &Bed) {
    let versions = |bed: &Bed| -> BTreeSet<String> { bed.clusters().iter().flat_map(versions).collect() };
    let before = versions(bed);
    let again = job.apply(&["-o", "jsonl"]).ends_with(0);
    let lines = again.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    let changed: Vec<Value> = lines
        .filter(|line: &Value| {
            ["created", "changed", "configured", "deleted"].iter().any(|word| line["change"] == **word)
        })
        .collect();
    assert!(changed.is_empty(), "{changed:#?}");
    same(&before, &versions(bed)).unwrap();
    job.diff(&["--exit-code"]).ends_with(0);
    job.status().ends_with(0);
}

/// Every object with its version, but for those that controllers renew all the time.
fn versions(cluster: &Cluster) -> Vec<String> {
    let resources = cluster.kubectl_text(&["api-resources", "--verbs=list", "-o", "name"]).unwrap();
    // Controllers write these of their own accord: a node's heartbeat, an autoscaler's status.
    let noise = [
        "componentstatuses",
        "endpoints",
        "events",
        "events.events.k8s.io",
        "horizontalpodautoscalers.autoscaling",
        "leases.coordination.k8s.io",
        "nodes",
    ];
    let wanted: Vec<&str> = resources.lines().filter(|name| !noise.contains(name)).collect();
    let columns = "custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name,V:.metadata.resourceVersion,\
                   L:.metadata.annotations.control-plane\\.alpha\\.kubernetes\\.io/leader";
    let listed = cluster.kubectl_text(&["get", &wanted.join(","), "-A", "--no-headers", "-o", columns]).unwrap();
    // istiod renews its leader locks every few seconds.
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    listed.lines().map(words).filter(|line| line.ends_with("<none>")).collect()
}

fn is_as_before(bed: &Bed, before: &[Vec<String>]) {
    for (cluster, before) in bed.clusters().iter().zip(before) {
        eventually(WAIT, || same(&before.iter().cloned().collect(), &cluster.listing()?.into_iter().collect()))
            .unwrap();
    }
    let secret = bed.cluster("cluster1").kubectl_json(&["-n", "istio-system", "get", "secret", "foreign"]).unwrap();
    assert_eq!(secret["data"]["a"], STANDARD.encode("b"));
    let namespace = bed.cluster("cluster1").kubectl_json(&["get", "namespace", "istio-system"]).unwrap();
    assert_eq!(namespace["metadata"]["labels"]["topology.istio.io/network"], Value::Null);
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// An error that names what is missing and what is too much.
fn same<T: Ord + std::fmt::Debug>(expected: &BTreeSet<T>, seen: &BTreeSet<T>) -> Result<(), BedError> {
    if expected == seen {
        return Ok(());
    }
    let missing: Vec<_> = expected.difference(seen).collect();
    let extra: Vec<_> = seen.difference(expected).collect();
    Err(BedError::from(format!("missing {missing:#?}, too much {extra:#?}")))
}
