//! Members that are served from elsewhere, on real API servers: by a primary, and by an external control plane.

use std::thread;

use serde_json::{Value, json};
use tests::bed::{Addresses, Bed, ClusterSpec, eventually};
use tests::ground::Ground;
use tests::job::Job;
use tests::judge::{self, WAIT, same};

#[test]
fn a_primary_serves_a_remote() {
    let ground = Ground::new(&["cluster1", "cluster2"]);
    for (name, topology, second) in [
        ("two", include_str!("../topologies/primary-remote-multi-network.yaml"), "network2"),
        ("one", include_str!("../topologies/primary-remote.yaml"), "network1"),
        ("revision", include_str!("../topologies/revision.yaml"), "network2"),
        ("charts", include_str!("../topologies/primary-remote-multi-network-helm.yaml"), "network2"),
    ] {
        let job = Job::new(&ground.bed, name, topology, &[]);
        job.apply(&[]).ends_with(0);
        let members = ground.members(&[("cluster1", "network1"), ("cluster2", second)]);
        judge::served_by(ground.bed.cluster("cluster1"), "istio-system", &members, "network1" != second);
        let status: Value = serde_json::from_str(&job.status_as_json().ends_with(0).stdout).unwrap();
        let address = status["addresses"]["EASTWEST_ADDRESS_CLUSTER1"].as_str();
        assert!(address.is_some_and(|address| address.starts_with("198.51.100.")), "{status:#}");
        ground.done_and_undone(&job);
    }
}

/// A balancer may hand out an IPv6 address: what `istioctl` makes of it is taken by an API server, and where the remote's Service is of
/// the other family it is said that nothing gets there.
#[test]
fn a_primary_may_be_dialled_at_an_ipv6_address() {
    let bed =
        Bed::start(&["cluster1", "cluster2"].map(|name| ClusterSpec::named(name).addresses(Addresses::Never))).unwrap();
    let topology = include_str!("../topologies/primary-remote.yaml").replace("sample: true", "sample: false");
    let job = Job::new(&bed, "six", &topology, &[]);
    let run = thread::scope(|scope| {
        let run = scope.spawn(|| job.apply(&["--timeout", "3m"]));
        let status = json!({"status": {"loadBalancer": {"ingress": [{"ip": "2001:db8::7"}]}}}).to_string();
        let give =
            ["-n", "istio-system", "patch", "service", "istio-eastwestgateway", "--subresource=status", "-p", &status];
        eventually(WAIT, || bed.cluster("cluster1").kubectl_text(&give).map(drop)).unwrap();
        run.join().unwrap()
    });
    run.ends_with(0);
    let warned = run.stderr.contains("Service istio-system/istiod is of IPv4 and its endpoint 2001:db8::7 of IPv6");
    assert!(warned, "{}", run.stderr);
    let slice =
        bed.cluster("cluster2").kubectl_json(&["-n", "istio-system", "get", "endpointslice", "istiod"]).unwrap();
    assert_eq!(
        (&slice["addressType"], &slice["endpoints"][0]["addresses"][0]),
        (&json!("IPv6"), &json!("2001:db8::7"))
    );
    assert!(job.status().ends_with(0).stdout.contains("2001:db8::7, 15443"));
    job.cleanup("mesh1").ends_with(0);
}

#[test]
fn an_external_control_plane_serves_remotes() {
    let ground = Ground::new(&["external", "cluster1", "cluster2"]);
    let external = ground.bed.cluster("external");

    let job = Job::new(&ground.bed, "two", include_str!("../topologies/external-two-remotes.yaml"), &[]);
    job.apply(&[]).ends_with(0);
    let members = ground.members(&[("cluster1", "network1"), ("cluster2", "network2")]);
    judge::served_by(external, "external-istiod", &members, true);
    ground.done_and_undone(&job);

    // Behind a host name: the certificate must be there before anything is written. Pods are not made here, since their
    // webhook is asked by that name, and nothing in the bed answers to it.
    let topology = include_str!("../topologies/external-dns.yaml").replace("sample: true", "sample: false");
    let job = Job::new(&ground.bed, "dns", &topology, &[]);
    let refused = job.apply(&[]);
    refused.ends_with(79);
    assert!(refused.stderr.contains("kubectl create secret tls myhost-example-credential"), "{}", refused.stderr);
    let unchanged = external.listing().unwrap().into_iter().collect();
    same(ground.before(), &unchanged).unwrap();
    ground.put_credential("external", "myhost.example.com", "myhost-example-credential");
    job.apply(&[]).ends_with(0);
    let only = ground.members(&[("cluster1", "network1")]);
    judge::lists_clusters(external, "external-istiod", &only);
    job.status().ends_with(0);
    job.cleanup("mesh1").ends_with(0);
    let kept = external.kubectl_json(&["-n", "istio-system", "get", "secret", "myhost-example-credential"]).unwrap();
    assert_eq!(kept["type"], "kubernetes.io/tls", "what was there before stays");
}
