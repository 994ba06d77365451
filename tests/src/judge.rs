//! What must be true of a mesh that was installed, asked of the real API servers and the real istiods.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::missing_panics_doc, reason = "every function here fails the test where something is not so")]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::bed::{BedError, Cluster, eventually};

/// How long istiod may take to see what has just been written.
pub const WAIT: Duration = Duration::from_mins(1);

/// A member of a mesh, and the bed's cluster that plays it.
#[derive(Debug)]
pub struct Member<'a> {
    /// Its name in the mesh.
    pub name: &'a str,
    /// Its network.
    pub network: &'a str,
    /// The bed's cluster.
    pub cluster: &'a Cluster,
}

/// The namespace of an istiod where nothing else is said.
const SYSTEM: &str = "istio-system";

/// All that must be true of primaries on networks of their own; `root` is the mesh's root certificate.
pub fn two_networks(members: &[Member], root: &str) {
    let gateways = members.iter().map(|member| gateway(member, SYSTEM)).collect();
    for member in members {
        exposes_services(member.cluster, SYSTEM);
        are_watched_and_trusted(members, member, root);
        lists_networks(member.cluster, SYSTEM, &gateways);
        lists_endpoints(member.cluster, SYSTEM, members);
        has_sidecars(member);
    }
}

/// All that must be true of primaries on one network: no gateways, and the rest.
pub fn one_network(members: &[Member], root: &str) {
    for member in members {
        are_watched_and_trusted(members, member, root);
        let service = ["-n", SYSTEM, "get", "service", "istio-eastwestgateway"];
        assert!(!member.cluster.kubectl(&service).unwrap().status.success(), "one network needs no gateway");
        lists_networks(member.cluster, SYSTEM, &BTreeSet::new());
        lists_endpoints(member.cluster, SYSTEM, members);
        has_sidecars(member);
    }
}

/// All that must be true of members that one istiod serves, the first of which holds its configuration.
pub fn served_by(istiod: &Cluster, namespace: &str, members: &[Member], spans_networks: bool) {
    lists_clusters(istiod, namespace, members);
    // On one network only a primary has a gateway, for those it serves.
    let with_gateway = if spans_networks { members } else { &members[..1] };
    let gateways = with_gateway.iter().map(|member| gateway(member, namespace)).collect();
    lists_networks(istiod, namespace, &gateways);
    if spans_networks {
        exposes_services(members[0].cluster, namespace);
    }
    lists_endpoints(istiod, namespace, members);
    for member in members {
        has_sidecars(member);
        let webhooks = member.cluster.kubectl_json(&["get", "mutatingwebhookconfigurations"]).unwrap();
        let entries = list(&webhooks["items"]).iter().flat_map(|one| list(&one["webhooks"]));
        for entry in entries.filter(|entry| entry["clientConfig"]["service"].is_object()) {
            assert!(entry["clientConfig"]["caBundle"].as_str().is_some_and(|ca| !ca.is_empty()), "{entry:#}");
        }
    }
}

/// The member's network label, its remote secrets, what its istiod says of them, and the one root of all.
fn are_watched_and_trusted(members: &[Member], member: &Member, root: &str) {
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

    lists_clusters(cluster, SYSTEM, members);

    // istiod gives every namespace the root of its authority: all have the one that was made for the mesh.
    let roots = eventually(WAIT, || cluster.kubectl_json(&["-n", "sample", "get", "configmap", "istio-ca-root-cert"]));
    assert_eq!(roots.unwrap()["data"]["root-cert.pem"].as_str().unwrap().trim(), root.trim());
}

/// The istiod has every member in sync, and nothing else.
pub fn lists_clusters(istiod: &Cluster, namespace: &str, members: &[Member]) {
    let all: BTreeSet<(String, String)> =
        members.iter().map(|one| (one.name.to_owned(), "synced".to_owned())).collect();
    eventually(WAIT, || {
        let clusters = istiod.istiod_debug_in(namespace, "/debug/clusterz")?;
        let word = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let seen = list(&clusters).iter().map(|one| (word(one, "id"), word(one, "syncStatus"))).collect();
        same(&all, &seen)
    })
    .unwrap();
}

/// Services of the mesh are let in at the gateways that this cluster's configuration is for.
fn exposes_services(cluster: &Cluster, namespace: &str) {
    let get = ["-n", namespace, "get", "gateways.networking.istio.io", "cross-network-gateway"];
    let server = &cluster.kubectl_json(&get).unwrap()["spec"]["servers"][0];
    assert_eq!((&server["port"]["number"], &server["tls"]["mode"]), (&15443.into(), &"AUTO_PASSTHROUGH".into()));
}

/// The member's east-west gateway as the other networks must see it.
fn gateway(member: &Member, namespace: &str) -> String {
    let get = ["-n", namespace, "get", "service", "istio-eastwestgateway"];
    let service = member.cluster.kubectl_json(&get).unwrap();
    assert_eq!(service["metadata"]["labels"]["topology.istio.io/network"], member.network);
    let address = service["status"]["loadBalancer"]["ingress"][0]["ip"].as_str().unwrap();
    format!("{} {} {address} 15443", member.network, member.name)
}

/// The istiod lists these gateways, each with its network, cluster, address and port, and no others.
pub fn lists_networks(istiod: &Cluster, namespace: &str, gateways: &BTreeSet<String>) {
    eventually(WAIT, || {
        let networks = istiod.istiod_debug_in(namespace, "/debug/networkz")?;
        let word = |one: &Value| {
            let (network, cluster) = (one["Network"].as_str()?, one["Cluster"].as_str()?);
            Some(format!("{network} {cluster} {} {}", one["Addr"].as_str()?, one["Port"]))
        };
        same(gateways, &list(&networks).iter().filter_map(word).collect())
    })
    .unwrap();
}

/// The istiod knows a ready endpoint of the sample in every cluster, with its network.
pub fn lists_endpoints(istiod: &Cluster, namespace: &str, members: &[Member]) {
    let expected: BTreeSet<String> =
        members.iter().map(|one| format!("Kubernetes/{} {}", one.name, one.network)).collect();
    eventually(WAIT, || {
        let shards = istiod.istiod_debug_in(namespace, "/debug/endpointShardz")?;
        let shards = &shards["helloworld.sample.svc.cluster.local"]["sample"]["Shards"];
        let seen = shards.as_object().into_iter().flatten().flat_map(|(shard, endpoints)| {
            list(endpoints).iter().map(move |one| format!("{shard} {}", one["Network"].as_str().unwrap_or_default()))
        });
        same(&expected, &seen.collect())
    })
    .unwrap();
}

/// The member's sample was given proxies by its webhook.
fn has_sidecars(member: &Member) {
    let pods = member.cluster.kubectl_json(&["-n", "sample", "get", "pods"]).unwrap();
    assert!(list(&pods["items"]).iter().all(|pod| pod.to_string().contains("istio-proxy")), "{pods:#}");
}

/// No API server takes the token any more, once it has forgotten that it did.
pub fn is_void(cluster: &Cluster, kubeconfig: &[u8]) {
    eventually(WAIT, || match cluster.accepts_token(kubeconfig) {
        Ok(user) => Err(format!("still accepted, as {user}").into()),
        Err(error) if error.to_string().contains("Unauthorized") => Ok(()),
        Err(error) => Err(error),
    })
    .unwrap();
}

/// Every object with its version, but for those that controllers renew all the time.
pub fn versions(cluster: &Cluster) -> BTreeSet<String> {
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

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// An error that names what is missing and what is too much.
pub fn same<T: Ord + Debug>(expected: &BTreeSet<T>, seen: &BTreeSet<T>) -> Result<(), BedError> {
    if expected == seen {
        return Ok(());
    }
    let missing: Vec<_> = expected.difference(seen).collect();
    let extra: Vec<_> = seen.difference(expected).collect();
    Err(BedError::from(format!("missing {missing:#?}, too much {extra:#?}")))
}
