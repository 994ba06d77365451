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
    ("gateway-unneeded", |t| {
        t.clusters[1] = Cluster::primary("cluster2", "network1");
        t.clusters[1].east_west.expose = Some(Expose::LoadBalancer);
    }),
    ("nat-without-address", |t| t.clusters[0].east_west.expose = Some(Expose::Nat)),
    ("nat-address-invalid", |t| {
        t.clusters[0].east_west.expose = Some(Expose::Nat);
        t.clusters[0].east_west.addresses = vec!["203.0.113.7:15443".to_owned()];
    }),
    ("node-port-without-entry", |t| {
        t.clusters[0].east_west.expose = Some(Expose::NodePort);
        t.clusters[1].role = Role::Remote { control_plane: "cluster1".into() };
    }),
    ("api-server-of-remote", |t| {
        t.clusters[1].role = Role::Remote { control_plane: "cluster1".into() };
        t.clusters[1].api_server = Some(ApiServer { via: Via::EastWest, ..ApiServer::default() });
    }),
    ("api-server-node-port", |t| {
        t.clusters[0].east_west.expose = Some(Expose::NodePort);
        t.clusters[0].api_server = Some(ApiServer { via: Via::EastWest, ..ApiServer::default() });
    }),
    ("node-selector-invalid", |t| {
        t.clusters[0].east_west.expose = Some(Expose::NodePort);
        t.clusters[0].east_west.annotations = vec![(NODE_SELECTOR.to_owned(), "pool=edge".to_owned())];
    }),
    ("source-ranges-unusable", |t| {
        t.clusters[0].east_west.expose = Some(Expose::NodePort);
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

/// The kinds that have no button, and why none could do it. Every other kind has one in its drawing above.
const WITHOUT: &[(&str, &str)] = &[
    ("trust-needed", "certificates are made outside of the drawing, by `isthmus certs`, and no drawing may hold them"),
    ("secrets-many", "which clusters stay primaries is the architecture itself"),
    ("mesh-single", "nothing is wrong, and only the architect knows which clusters are to join"),
    ("gateways-public", "who may come, and which cloud's annotation keeps a balancer inside, is not in the drawing"),
    ("entry-example", "the name that leads to the gateway, with a certificate for it, is not in the drawing"),
];

/// More drawings in which something is to mend: where the first that comes to mind cannot be had, or one of several is meant.
const MORE: &[Example] = &[
    ("mesh-name-invalid", |t| t.name = "网格".into()),
    ("mesh-id-invalid", |t| t.mesh_id = "_".into()),
    ("trust-domain-invalid", |t| t.trust_domain = "..".into()),
    ("revision-invalid", |t| t.istio.revision = "金丝雀".into()),
    ("release-unsupported", |t| t.istio.version = "latest".into()),
    ("cluster-name-invalid", |t| t.clusters[1].name = "".into()),
    ("cluster-name-invalid", |t| t.clusters[1].name = "集群".into()),
    ("cluster-name-invalid", |t| t.clusters[1].name = "Cluster1".into()),
    ("network-missing", |t| t.clusters.push(Cluster { network: None, ..Cluster::primary("cluster3", "") })),
    ("network-missing", |t| t.clusters.iter_mut().for_each(|cluster| cluster.network = None)),
    ("network-name-invalid", |t| t.clusters[1].network = Some("Network1".into())),
    ("network-name-invalid", |t| t.clusters[1].network = Some("网络".into())),
    ("namespace-invalid", |t| {
        if let Role::External { namespace, .. } = &mut external(t).role {
            *namespace = "Istio_System".into();
        }
    }),
    ("control-plane-unresolved", |t| {
        t.clusters.push(Cluster::primary("cluster3", "network1"));
        t.clusters[1].role = Role::Remote { control_plane: "cluser3".into() };
    }),
    ("control-plane-unresolved", |t| {
        t.clusters[0].role = Role::Remote { control_plane: "cluster2".into() };
    }),
    ("config-unresolved", |t| {
        external(t);
        t.clusters[1].role = Role::Remote { control_plane: "cluster1".into() };
    }),
    ("config-unresolved", |t| {
        if let Role::External { config, .. } = &mut external(t).role {
            *config = "".into();
        }
        t.clusters[1].role = Role::Remote { control_plane: "".into() };
    }),
    ("api-server-invalid", |t| t.clusters[0].api_server = Some(api_server("http://10.0.0.1:6443"))),
    ("api-server-invalid", |t| t.clusters[0].api_server = Some(api_server("the one in the cellar"))),
    ("api-server-invalid", |t| t.clusters[0].api_server = Some(api_server(""))),
    ("api-server-invalid", |t| {
        let tls_server_name = Some("not a name".to_owned());
        t.clusters[0].api_server = Some(ApiServer { tls_server_name, via: Via::EastWest, ..ApiServer::default() });
    }),
    ("context-duplicate", |t| t.clusters[0].context = Some("cluster2".to_owned())),
    ("external-shared", |t| {
        external(t);
        t.clusters[0].context = Some("hub".to_owned());
    }),
    ("entry-invalid", |t| t.clusters[0].role = Role::Primary { entry: host("Istiod_1.mesh.internal") }),
    ("cidr-invalid", |t| t.clusters[0].east_west.source_ranges = vec!["203.0.113.7".to_owned()]),
    ("cidr-invalid", |t| t.clusters[0].east_west.source_ranges.push("2001:db8::7".to_owned())),
    ("cidr-invalid", |t| t.clusters[0].east_west.source_ranges.push("everybody".to_owned())),
    ("cidr-invalid", |t| t.clusters[0].service_cidrs = vec!["10.0.0.0/99".to_owned()]),
    ("nat-address-invalid", |t| {
        t.clusters[0].east_west.expose = Some(Expose::Nat);
        t.clusters[0].east_west.addresses = vec!["203.0.113.7".to_owned(), "a b".to_owned()];
    }),
    ("node-selector-invalid", |t| {
        t.clusters[1].east_west.source_ranges = Vec::new();
        t.clusters[1].east_west.expose = Some(Expose::NodePort);
        t.clusters[1].east_west.annotations = vec![(NODE_SELECTOR.to_owned(), "edge".to_owned())];
    }),
    ("gateway-cluster-unknown", |t| gateway(t, "cluster", GatewayKind::Ingress, GatewayApi::Istio)),
    ("legacy-control-planes", |t| {
        t.clusters[1].role = Role::default();
        t.clusters.push(Cluster { role: Role::Remote { control_plane: "cluster2".into() }, ..t.clusters[1].clone() });
        t.clusters[2].name = "cluster3".into();
        t.istio.version = "1.5".into();
    }),
    ("api-server-local", |t| {
        t.clusters[1].role = Role::default();
        t.clusters[1].context = Some("kind-2".to_owned());
    }),
];

/// What must not be proposed: where a button would do harm, there is none.
const NOT_THERE: &[Example] = &[
    // Without any range everybody may come.
    ("cidr-invalid", |t| t.clusters[0].east_west.source_ranges = vec!["nobody".to_owned()]),
    ("nat-address-invalid", |t| {
        t.clusters[0].east_west.expose = Some(Expose::Nat);
        t.clusters[0].east_west.addresses = vec!["a b".to_owned()];
    }),
    // Neither has a name that is nobody's context.
    ("context-duplicate", |t| {
        t.clusters[0].context = Some("prod".to_owned());
        t.clusters[1].context = Some("prod".to_owned());
        let named = |name: &str, context: &str| Cluster {
            context: Some(context.to_owned()),
            ..Cluster::primary(name, "network1")
        };
        t.clusters.extend([named("cluster3", "cluster1"), named("cluster4", "cluster2")]);
    }),
    // A remote's gateway is configured by who must read it first; before 1.24 no gateway leads to an API server.
    ("api-server-local", |t| t.clusters[1].context = Some("kind-2".to_owned())),
    ("api-server-private", |t| {
        t.istio.version = "1.12".into();
        t.clusters[1].role = Role::default();
        t.clusters[1].api_server = Some(api_server("https://10.0.0.1:6443"));
    }),
    ("config-unresolved", |t| {
        external(t);
        t.clusters[1].role = Role::default();
    }),
];

/// A button makes its finding go away and brings no error that was not there; so a new kind must come with one, or say why it has none.
#[test]
fn every_kind_has_a_fix_or_a_reason_for_none() {
    for (id, why) in WITHOUT {
        assert!(EXAMPLES.iter().any(|(kind, _)| kind == id) && !why.is_empty(), "{id} is a kind");
    }
    for (id, change) in EXAMPLES.iter().chain(MORE) {
        let fixes = mended(id, *change);
        let is_without = WITHOUT.iter().any(|(kind, _)| kind == id);
        // A remote of a desktop's cluster is in the examples; a primary's is mended below.
        let is_mended_elsewhere =
            MORE.iter().any(|(kind, _)| kind == id) && NOT_THERE.iter().any(|(kind, _)| kind == id);
        assert!(is_without || is_mended_elsewhere || fixes > 0, "{id} has no fix, and no reason for none");
        assert!(!is_without || fixes == 0, "{id} has a fix, so there is no reason for none");
    }
    for (id, change) in NOT_THERE {
        assert_eq!(mended(id, *change), 0, "{id}");
    }
}

/// Tries every fix of every finding of a drawing; returns how many those of one kind have.
fn mended(id: &str, change: fn(&mut Topology)) -> usize {
    let mut topology = base();
    change(&mut topology);
    let before = check(&topology).findings;
    let errors = |findings: &[Finding], kind: &str| {
        findings.iter().filter(|found| found.is_error() && found.id() == kind).count()
    };
    for finding in &before {
        for fix in &finding.fixes {
            let after = check(&fix.topology).findings;
            let name = &fix.label.en;
            let same = |other: &Finding| other.kind == finding.kind && other.subject == finding.subject;
            assert!(!after.iter().any(same), "{id}: `{name}` leaves {}", finding.id());
            for kind in catalogue::all() {
                let (then, now) = (errors(&before, kind.id), errors(&after, kind.id));
                assert!(now <= then, "{id}: `{name}`, for {}, brings {}", finding.id(), kind.id);
            }
            assert_eq!(Topology::read(&fix.topology.write()).as_ref(), Ok(&*fix.topology), "{id}: `{name}`");
            assert!(fix.label.zh != fix.label.en, "{id}: `{name}` is translated");
        }
    }
    assert!(before.iter().any(|finding| finding.id() == id), "{id} is not found");
    before.iter().filter(|finding| finding.id() == id).map(|finding| finding.fixes.len()).sum()
}

#[test]
fn what_is_proposed_is_what_was_meant() {
    let first = |id: &str, change: &dyn Fn(&mut Topology)| {
        let mut topology = base();
        change(&mut topology);
        let findings = check(&topology).findings;
        let labels = findings.into_iter().find(|finding| finding.id() == id).unwrap().fixes;
        labels.into_iter().map(|fix| fix.label.en).collect::<Vec<String>>()
    };
    let served = first("control-plane-unresolved", &|t| {
        t.clusters.push(Cluster::primary("cluster3", "network1"));
        t.clusters[1].role = Role::Remote { control_plane: "cluser3".into() };
    });
    assert_eq!(served, ["Let cluster3 serve it", "Let cluster1 serve it"]);
    let network = first("network-missing", &|t| t.clusters[1].network = None);
    assert_eq!(network, ["Put it on network1", "Move it to network2"]);
    let apart = first("network-missing", &|t| {
        t.clusters.push(Cluster { network: None, ..Cluster::primary("cluster3", "") });
    });
    assert_eq!(apart, ["Move it to network3", "Put it on network1", "Put it on network2"]);
    let range = first("cidr-invalid", &|t| t.clusters[0].east_west.source_ranges = vec!["203.0.113.7".to_owned()]);
    assert_eq!(range, ["Write 203.0.113.7/32"]);
    let selector = first("node-selector-invalid", &|t| {
        t.clusters[1].east_west.expose = Some(Expose::NodePort);
        t.clusters[1].east_west.annotations = vec![(NODE_SELECTOR.to_owned(), "pool=edge,zone=a".to_owned())];
    });
    assert_eq!(selector, ["Write {\"pool\": \"edge\", \"zone\": \"a\"}"]);
    let address = first("nat-address-invalid", &|t| {
        t.clusters[0].east_west.expose = Some(Expose::Nat);
        t.clusters[0].east_west.addresses = vec!["https://gw.mesh.internal:15443/".to_owned()];
    });
    assert_eq!(address, ["Write gw.mesh.internal"]);
    let gateway =
        first("gateway-cluster-unknown", &|t| gateway(t, "clutser2", GatewayKind::Ingress, GatewayApi::Istio));
    assert_eq!(gateway, ["Draw it in cluster2", "Take this gateway out"]);
}
