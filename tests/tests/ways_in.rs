//! Ways into a mesh, on real API servers with real istiods: ports of the nodes, an address translation, a port of its own,
//! and gateways for callers from outside, by Istio's vocabulary and by Kubernetes'.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use tests::bed::Cluster;
use tests::ground::Ground;
use tests::job::Job;
use tests::judge;

#[test]
fn node_ports_nat_and_a_port_of_its_own() {
    let mut ground = Ground::new(&["cluster1", "cluster2", "cluster3"]);
    let topology = include_str!("../topologies/node-port-and-nat.yaml");
    let job = Job::new(&ground.bed, "ways", topology, &[]);

    let refused = job.apply(&[]);
    refused.ends_with(79);
    assert!(
        refused.stderr.contains("kubectl kustomize \"github.com/kubernetes-sigs/gateway-api"),
        "{}",
        refused.stderr
    );
    for cluster in ground.bed.clusters() {
        cluster.install_gateway_api().unwrap();
    }
    ground.give_external_address("cluster1", "198.51.100.77");
    ground.remember();

    let done = job.apply(&[]);
    done.ends_with(0);
    let (first, third) =
        (ingress_of_gateway_api(&ground), balancer(ground.bed.cluster("cluster3"), "istio-ingressgateway"));
    assert!(done.stdout.contains(&format!("open http://{first}/hello http://{third}/hello")), "{}", done.stdout);

    let node_port = port_of(ground.bed.cluster("cluster1"), 15443, "nodePort");
    let own = balancer(ground.bed.cluster("cluster3"), "istio-eastwestgateway");
    for name in ["cluster1", "cluster2"] {
        let expected = BTreeSet::from([
            format!("network1 cluster1 198.51.100.77 {node_port}"),
            // Known by what was drawn, in the configuration of whoever asks.
            format!("network2 {name} 203.0.113.7 15443"),
            format!("network3 cluster3 {own} 15444"),
        ]);
        judge::lists_networks(ground.bed.cluster(name), "istio-system", &expected);
    }
    let members = ground.members(&[("cluster1", "network1"), ("cluster2", "network2"), ("cluster3", "network3")]);
    for name in ["cluster1", "cluster2"] {
        judge::lists_clusters(ground.bed.cluster(name), "istio-system", &members);
        judge::lists_endpoints(ground.bed.cluster(name), "istio-system", &members);
    }
    ground.done_and_undone(&job);
    api_server_by_gateway(&ground);
}

/// The gateway hands connections through as they are: so what a remote secret says must fit the API server itself.
fn api_server_by_gateway(ground: &Ground) {
    let topology = include_str!("../topologies/api-server-by-gateway.yaml");
    let job = Job::new(&ground.bed, "private", topology, &[]);
    job.apply(&[]).ends_with(0);
    let (reader, private) = (ground.bed.cluster("cluster1"), ground.bed.cluster("cluster2"));
    assert_eq!(port_of(private, 6443, "targetPort"), 6443);
    let get = ["-n", "istio-system", "get", "secret", "istio-remote-secret-cluster2"];
    let secret = reader.kubectl_json(&get).unwrap();
    let kubeconfig = STANDARD.decode(secret["data"]["cluster2"].as_str().unwrap()).unwrap();
    let kubeconfig = String::from_utf8(kubeconfig).unwrap();
    let gateway = format!("https://{}:6443", balancer(private, "istio-eastwestgateway"));
    assert!(
        kubeconfig.contains(&gateway) && kubeconfig.contains("tls-server-name: kubernetes.default.svc"),
        "{gateway}"
    );
    // Nothing carries packets to a load balancer's address here. Dialled itself, the API server proves to have that name.
    let direct = kubeconfig.replace(&gateway, private.server());
    let account = "system:serviceaccount:istio-system:istio-reader-service-account";
    assert_eq!(reader.accepts_token(direct.as_bytes()).unwrap(), account);
    let other_name = direct.replace("kubernetes.default.svc", "other.default.svc");
    assert!(reader.accepts_token(other_name.as_bytes()).is_err(), "a wrong name is noticed");
    ground.done_and_undone(&job);
}

#[test]
fn ingress_and_egress_of_an_external_control_plane() {
    let ground = Ground::new(&["external", "cluster1"]);
    let topology = include_str!("../topologies/ingress-egress.yaml");
    let job = Job::new(&ground.bed, "gateways", topology, &[]);
    let done = job.apply(&[]);
    done.ends_with(0);
    let cluster = ground.bed.cluster("cluster1");
    let service = |name: &str| cluster.kubectl_json(&["-n", "external-istiod", "get", "service", name]).unwrap();
    let address = service("istio-ingressgateway")["status"]["loadBalancer"]["ingress"][0]["ip"].clone();
    let page = format!("http://{}/hello", address.as_str().unwrap());
    assert!(done.stdout.contains(&format!("open {page}")), "{}", done.stdout);
    assert!(job.status().stdout.contains(&page));
    assert_eq!(service("istio-egressgateway")["spec"]["type"], "ClusterIP");
    for name in ["istio-ingressgateway", "istio-egressgateway"] {
        let label = format!("app={name}");
        let pods = cluster.kubectl_json(&["-n", "external-istiod", "get", "pods", "-l", &label]).unwrap();
        assert!(pods.to_string().contains("istio-proxy"), "{pods:#}");
    }
    ground.done_and_undone(&job);
}

fn port_of(cluster: &Cluster, port: u16, field: &str) -> Value {
    let service = cluster.kubectl_json(&["-n", "istio-system", "get", "service", "istio-eastwestgateway"]).unwrap();
    let ports = service["spec"]["ports"].as_array().unwrap();
    ports.iter().find(|one| one["port"] == port).unwrap()[field].clone()
}

fn balancer(cluster: &Cluster, service: &str) -> String {
    let service = cluster.kubectl_json(&["-n", "istio-system", "get", "service", service]).unwrap();
    service["status"]["loadBalancer"]["ingress"][0]["ip"].as_str().unwrap().to_owned()
}

/// Istiod itself installed what the `Gateway` asks for.
fn ingress_of_gateway_api(ground: &Ground) -> String {
    let cluster = ground.bed.cluster("cluster1");
    let deployment = ["-n", "sample", "get", "deployment", "helloworld-gateway-istio"];
    cluster.kubectl_json(&deployment).unwrap();
    let gateway = ["-n", "sample", "get", "gateways.gateway.networking.k8s.io", "helloworld-gateway"];
    let gateway = cluster.kubectl_json(&gateway).unwrap();
    gateway["status"]["addresses"][0]["value"].as_str().unwrap().to_owned()
}
