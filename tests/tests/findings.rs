//! Every kind of finding has a drawing that shows it, and every finding is of a kind: each drawing below is the smallest that has one.

use std::collections::BTreeSet;

use shared::finding::{Finding, catalogue};
use shared::mesh::check;
use shared::topology::{
    AddressKind, ApiServer, CaSource, Cluster, Entry, Expose, Gateway, GatewayApi, GatewayKind, Installer,
    NODE_SELECTOR, Role, Topology, Via,
};

/// A kind's id, and what to change in the drawing of [`base`] so that it is found.
type Example = (&'static str, fn(&mut Topology));

const EXAMPLES: &[Example] = &[
    ("mesh-empty", |t| t.clusters.clear()),
    ("mesh-name-invalid", |t| t.name = "Mesh 1".into()),
    ("mesh-id-invalid", |t| t.mesh_id = "mesh/1".into()),
    ("trust-domain-invalid", |t| t.trust_domain = "cluster_local".into()),
    ("revision-invalid", |t| t.istio.revision = "1.31.1".into()),
    ("helm-external", |t| {
        external(t);
        t.istio.installer = Installer::Helm;
    }),
    ("release-unsupported", |t| t.istio.version = "1.16".into()),
    ("release-lacks", |t| {
        external(t);
        t.istio.version = "1.12".into();
    }),
    ("legacy-control-planes", |t| {
        t.clusters[1].role = Role::default();
        t.istio.version = "1.5".into();
    }),
    ("legacy-hostname", |t| {
        t.istio.version = "1.5".into();
        t.clusters[1].east_west.address_kind = AddressKind::Hostname;
    }),
    ("legacy-gateway", |t| {
        t.istio.version = "1.5".into();
        t.clusters[1].east_west.port = 8443;
    }),
    ("cluster-name-invalid", |t| t.clusters[1].name = "team-a/cluster2".into()),
    ("cluster-name-duplicate", |t| t.clusters[1].name = "cluster1".into()),
    ("network-missing", |t| t.clusters[1].network = None),
    ("network-of-external", |t| external(t).network = Some("network3".into())),
    ("network-name-invalid", |t| t.clusters[1].network = Some("Network_2".into())),
    ("namespace-invalid", |t| {
        if let Role::External { namespace, .. } = &mut external(t).role {
            *namespace = "external_istiod".into();
        }
    }),
    ("control-plane-unresolved", |t| t.clusters[1].role = Role::Remote { control_plane: "cluster9".into() }),
    ("config-unresolved", |t| {
        if let Role::External { config, .. } = &mut external(t).role {
            *config = "cluster1".into();
        }
    }),
    ("api-server-invalid", |t| t.clusters[0].api_server = Some(api_server("10.0.0.1:6443"))),
    ("context-duplicate", |t| t.clusters[1].context = Some("cluster1".to_owned())),
    ("entry-invalid", |t| t.clusters[0].role = Role::Primary { entry: host("") }),
    ("hostname-without-entry", |t| {
        t.clusters[0].east_west.address_kind = AddressKind::Hostname;
        t.clusters[1].role = Role::Remote { control_plane: "cluster1".into() };
    }),
    ("annotation-invalid", |t| t.clusters[0].east_west.annotations = vec![("a".to_owned(), "${B}".to_owned())]),
    ("port-invalid", |t| t.clusters[0].east_west.port = 0),
    ("cidr-invalid", |t| t.clusters[0].pod_cidrs = vec!["10.0.0.0".to_owned()]),
    ("cidr-overlap", |t| {
        t.clusters[1].network = Some("network1".into());
        t.clusters[0].pod_cidrs = vec!["10.0.0.0/8".to_owned()];
        t.clusters[1].pod_cidrs = vec!["10.1.0.0/16".to_owned()];
    }),
    ("gateway-cluster-unknown", |t| gateway(t, "cluster9", GatewayKind::Ingress, GatewayApi::Istio)),
    ("gateway-of-external", |t| {
        external(t);
        gateway(t, "hub", GatewayKind::Ingress, GatewayApi::Istio);
    }),
    ("gateway-duplicate", |t| {
        gateway(t, "cluster1", GatewayKind::Ingress, GatewayApi::Istio);
        gateway(t, "cluster1", GatewayKind::Ingress, GatewayApi::GatewayApi);
    }),
    ("egress-gateway-api", |t| gateway(t, "cluster1", GatewayKind::Egress, GatewayApi::GatewayApi)),
    ("gateway-api-unread", |t| {
        t.clusters[1].role = Role::Remote { control_plane: "cluster1".into() };
        gateway(t, "cluster2", GatewayKind::Ingress, GatewayApi::GatewayApi);
    }),
    ("addresses-unused", |t| t.clusters[0].east_west.addresses = vec!["203.0.113.7".to_owned()]),
    ("nat-without-address", |t| t.clusters[0].east_west.expose = Expose::Nat),
    ("nat-address-invalid", |t| {
        t.clusters[0].east_west.expose = Expose::Nat;
        t.clusters[0].east_west.addresses = vec!["203.0.113.7:15443".to_owned()];
    }),
    ("node-port-without-entry", |t| {
        t.clusters[0].east_west.expose = Expose::NodePort;
        t.clusters[1].role = Role::Remote { control_plane: "cluster1".into() };
    }),
    ("api-server-of-remote", |t| {
        t.clusters[1].role = Role::Remote { control_plane: "cluster1".into() };
        t.clusters[1].api_server = Some(ApiServer { via: Via::EastWest, ..ApiServer::default() });
    }),
    ("api-server-node-port", |t| {
        t.clusters[0].east_west.expose = Expose::NodePort;
        t.clusters[0].api_server = Some(ApiServer { via: Via::EastWest, ..ApiServer::default() });
    }),
    ("node-selector-invalid", |t| {
        t.clusters[0].east_west.expose = Expose::NodePort;
        t.clusters[0].east_west.annotations = vec![(NODE_SELECTOR.to_owned(), "pool=edge".to_owned())];
    }),
    ("source-ranges-unusable", |t| {
        t.clusters[0].east_west.expose = Expose::NodePort;
        t.clusters[0].east_west.source_ranges = vec!["10.0.0.0/8".to_owned()];
    }),
    ("release-old", |t| t.istio.version = "1.28".into()),
    ("release-rotation", |t| t.istio.version = "1.30.2".into()),
    ("revision-default", |t| t.istio.revision = "default".into()),
    ("revision-mismatch", |t| t.istio.revision = "1-30".into()),
    ("trust-needed", |t| t.clusters[1].role = Role::default()),
    ("secrets-many", |t| {
        t.clusters = (1..=11).map(|n| Cluster::primary(&format!("cluster{n}"), "network1")).collect();
    }),
    ("mesh-single", |t| t.clusters.truncate(1)),
    ("cluster-name-default", |t| t.clusters[1].name = "Kubernetes".into()),
    ("external-shared", |t| external(t).context = Some("cluster1".to_owned())),
    ("external-namespace-taken", |t| {
        if let Role::External { namespace, .. } = &mut external(t).role {
            *namespace = "istio-system".into();
        }
    }),
    ("api-server-local", |t| t.clusters[1].context = Some("kind-2".to_owned())),
    ("api-server-proxied", |t| {
        t.clusters[1].api_server = Some(api_server("https://rancher.mesh1.internal/k8s/clusters/c-1"));
    }),
    ("api-server-ca-unused", |t| {
        t.clusters[1].role = Role::default();
        t.clusters[1].api_server =
            Some(ApiServer { via: Via::EastWest, ca: CaSource::Kubeconfig, ..ApiServer::default() });
    }),
    ("api-server-private", |t| {
        t.clusters[1].role = Role::default();
        t.clusters[1].api_server = Some(api_server("https://10.0.0.1:6443"));
    }),
    ("gateways-public", |t| t.clusters[1].east_west.source_ranges = Vec::new()),
    ("entry-by-address", |t| {
        if let Role::External { entry, .. } = &mut external(t).role {
            *entry = Entry::LoadBalancer;
        }
    }),
    ("entry-example", |t| {
        if let Role::External { entry, .. } = &mut external(t).role {
            *entry = host("istiod.example.com");
        }
    }),
];

fn gateway(topology: &mut Topology, cluster: &str, kind: GatewayKind, api: GatewayApi) {
    topology.gateways.push(Gateway { cluster: cluster.into(), kind, api, installer: None });
}

/// A primary and its remote on two networks, whose gateways not everybody may dial: nothing is found.
fn base() -> Topology {
    let closed = |role, name: &str, network: &str| {
        let mut cluster = Cluster { role, ..Cluster::primary(name, network) };
        cluster.east_west.source_ranges = vec!["203.0.113.0/24".to_owned()];
        cluster
    };
    Topology {
        clusters: vec![
            closed(Role::default(), "cluster1", "network1"),
            closed(Role::Remote { control_plane: "cluster1".into() }, "cluster2", "network2"),
        ],
        ..Topology::empty("mesh1")
    }
}

/// Adds an external control plane that serves cluster2, and returns it.
fn external(topology: &mut Topology) -> &mut Cluster {
    topology.clusters[1].role = Role::Remote { control_plane: "hub".into() };
    topology.clusters.push(Cluster {
        name: "hub".into(),
        role: Role::External {
            config: "cluster2".into(),
            entry: host("istiod.mesh1.internal"),
            namespace: "external-istiod".to_owned(),
        },
        ..Cluster::default()
    });
    &mut topology.clusters[2]
}

fn host(host: &str) -> Entry {
    Entry::Host { host: host.to_owned(), credential: "istiod-credential".to_owned() }
}

fn api_server(url: &str) -> ApiServer {
    ApiServer { url: url.to_owned(), ..ApiServer::default() }
}

#[test]
fn every_kind_has_a_drawing_that_shows_it() {
    let shown: BTreeSet<&str> = EXAMPLES.iter().map(|(id, _)| *id).collect();
    let all: BTreeSet<&str> = catalogue::all().map(|kind| kind.id).collect();
    assert_eq!(shown, all, "the examples of this file and the catalogue");
    assert_eq!(check(&base()).findings, []);
    for (id, change) in EXAMPLES {
        let mut topology = base();
        change(&mut topology);
        let found = check(&topology).findings;
        assert!(found.iter().any(|finding| finding.id() == *id), "{id} is not found: {found:?}");
    }
}

/// A button must not lead from one error to the next.
#[test]
fn every_fix_takes_its_finding_away_and_brings_no_error() {
    for (id, change) in EXAMPLES {
        let mut topology = base();
        change(&mut topology);
        let errors = |topology: &Topology| check(topology).findings.iter().filter(|found| found.is_error()).count();
        for finding in check(&topology).findings {
            let Some(fix) = &finding.fix else { continue };
            let after = check(&fix.topology);
            let same = |other: &Finding| other.kind == finding.kind && other.subject == finding.subject;
            assert!(!after.findings.iter().any(same), "{id}: the fix of {} leaves it", finding.id());
            assert!(errors(&fix.topology) <= errors(&topology), "{id}: the fix of {} brings an error", finding.id());
        }
    }
}
