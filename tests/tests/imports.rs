//! What comes into a drawing: the files that the documents print become the drawings they are about, whatever a bundle holds comes back as it
//! was, and of a kubeconfig only names.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use shared::bundle::{Bundle, LAYOUT, TOPOLOGY};
use shared::import::{Imported, Kind, read};
use shared::layout::Layout;
use shared::mesh::{check, model};
use shared::topology::{Entry, GatewayKind, Installer, Role, Topology};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// The files that a document writes with `cat <<EOF > …`, one after the other, with its variables replaced.
fn printed(document: &str, variables: &[(&str, &str)]) -> String {
    let script = fs::read_to_string(folder().join("oracle").join(document)).unwrap();
    let files: Vec<&str> = script
        .split("cat <<EOF > ")
        .skip(1)
        .map(|rest| rest.split_once('\n').unwrap().1.split("\nEOF").next().unwrap())
        .collect();
    assert!(!files.is_empty(), "{document}");
    let text = files.join("\n---\n");
    variables.iter().fold(text, |text, (name, value)| {
        text.replace(&["${", name, "}"].concat(), value).replace(&["$", name].concat(), value)
    })
}

fn imported(text: &str) -> Imported {
    read(text).unwrap_or_else(|| panic!("not taken: {text}")).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn drawn(text: &str) -> Topology {
    imported(text).onto(&Topology::empty("mesh1"))
}

#[test]
fn the_files_of_the_documents_are_the_drawings_they_are_about() {
    let address = [("DISCOVERY_ADDRESS", "198.51.100.1")];
    for (document, topology) in [
        ("000-multi-primary-multi-network.sh", "multi-primary-multi-network"),
        ("002-multi-primary-multi-network.sh", "multi-primary-multi-network"),
        ("002-multi-primary.sh", "multi-primary"),
        ("002-primary-remote.sh", "primary-remote"),
        ("003-primary-remote.sh", "primary-remote"),
    ] {
        let text = printed(document, &address);
        let meant = fs::read_to_string(folder().join("topologies").join([topology, ".yaml"].concat())).unwrap();
        let meant = Topology::read(&meant).unwrap();
        let drawn = drawn(&text);
        assert_eq!((&drawn.mesh_id, &drawn.clusters), (&meant.mesh_id, &meant.clusters), "{document}");
        assert_eq!(model(&drawn), model(&meant), "{document}");
        assert!(imported(&text).unread.is_empty(), "{document}: {:?}", imported(&text).unread);
    }
}

#[test]
fn an_external_control_plane_is_found_from_its_own_files_and_its_remotes() {
    let variables = [
        ("REMOTE_CLUSTER_NAME", "cluster1"),
        ("EXTERNAL_ISTIOD_ADDR", "myhost.example.com"),
        ("SSL_SECRET_NAME", "myhost-example-credential"),
    ];
    let drawn = drawn(&printed("004-external.sh", &variables));
    let names: Vec<(&str, &str)> =
        drawn.clusters.iter().map(|cluster| (cluster.name.as_str(), cluster.role.word())).collect();
    assert_eq!(names, [("cluster1", "remote"), ("external", "external")]);
    let entry = Entry::Host { host: "myhost.example.com".into(), credential: "myhost-example-credential".into() };
    let role = Role::External { config: "cluster1".into(), entry, namespace: "external-istiod".into() };
    assert_eq!(drawn.clusters[1].role, role);
    assert_eq!(drawn.clusters[0].role, Role::Remote { control_plane: "external".into() });
    assert!(check(&drawn).mesh.is_some(), "{:?}", check(&drawn).findings);
}

/// What our own bundles install with, read as if somebody else had written it.
#[test]
fn what_a_bundle_installs_with_is_the_drawing_it_was_made_of() {
    for name in [
        "multi-primary-multi-network",
        "primary-remote",
        "multi-primary-helm",
        "primary-remote-multi-network-helm",
        "revision",
    ] {
        let topology = fs::read_to_string(folder().join("topologies").join([name, ".yaml"].concat()));
        let topology =
            topology.or_else(|_| fs::read_to_string(folder().join("bundles").join(name).join(TOPOLOGY))).unwrap();
        let topology = Topology::read(&topology).unwrap();
        let bundle = Bundle::write(&topology, None).unwrap();
        let of_interest = |(path, text): &(&String, &String)| {
            path.starts_with("clusters/") && (text.contains("kind: IstioOperator") || !text.contains("\nkind:"))
        };
        let files: Vec<&str> = bundle.files.iter().filter(of_interest).map(|(_, text)| text.as_str()).collect();
        let drawn = drawn(&files.join("\n---\n"));
        let roles = |topology: &Topology| -> Vec<_> {
            topology
                .clusters
                .iter()
                .map(|cluster| (cluster.name.clone(), cluster.network.clone(), cluster.role.clone()))
                .collect()
        };
        assert_eq!(roles(&drawn), roles(&topology), "{name}");
        assert_eq!(drawn.istio.installer, topology.istio.installer, "{name}");
        assert_eq!(drawn.istio.revision, topology.istio.revision, "{name}");
    }
}

#[test]
fn every_golden_bundle_comes_back_as_it_was() {
    let mut count = 0;
    for entry in fs::read_dir(folder().join("bundles")).unwrap() {
        let tree = entry.unwrap().path();
        let topology = Topology::read(&fs::read_to_string(tree.join(TOPOLOGY)).unwrap()).unwrap();
        let bundle = Bundle::write(&topology, Some(&Layout::default())).unwrap();
        let files = Bundle::files_from_zip(&bundle.to_zip()).unwrap();
        let again = Topology::read(&files[TOPOLOGY]).unwrap();
        let layout = Layout::read(files.get(LAYOUT).map(String::as_str).unwrap_or_default());
        assert_eq!(again, topology, "{}", tree.display());
        let again = Bundle::write(&again, Some(&layout)).unwrap();
        assert_eq!(again.to_zip(), bundle.to_zip(), "{}", tree.display());
        count += 1;
    }
    assert!(count >= 20, "only {count} bundles");
}

const KUBECONFIG: &str = "\
apiVersion: v1
kind: Config
current-context: prod
preferences: {canary-preference: canary-colour}
clusters:
- name: prod
  cluster:
    certificate-authority-data: CANARY-authority
    server: https://user:CANARY-password@10.0.0.1:6443
- name: arn:aws:eks:eu-west-1:123456789012:cluster/Staging_2
  cluster: {server: 'https://staging.example.com', insecure-skip-tls-verify: true, proxy-url: 'http://CANARY-proxy@1.2.3.4'}
contexts:
- name: prod
  context: {cluster: prod, user: admin}
- name: prod-reader
  context: {cluster: prod, user: reader, namespace: canary-namespace}
- name: arn:aws:eks:eu-west-1:123456789012:cluster/Staging_2
  context: {cluster: 'arn:aws:eks:eu-west-1:123456789012:cluster/Staging_2', user: admin}
users:
- name: admin
  user:
    token: CANARY-token
    client-certificate-data: CANARY-certificate
    client-key-data: CANARY-key
- name: reader
  user:
    exec:
      command: canary-command
      args: [CANARY-argument]
      env: [{name: PASSWORD, value: CANARY-variable}]
    auth-provider: {name: oidc, config: {id-token: CANARY-id, refresh-token: CANARY-refresh}}
    username: canary-name
    password: CANARY-password
";

#[test]
fn of_a_kubeconfig_names_are_read_and_nothing_else() {
    let imported = imported(KUBECONFIG);
    assert_eq!(imported.kind, Kind::Kubeconfig);
    let drawn = imported.onto(&Topology::empty("mesh1"));
    let contexts: Vec<(&str, &str)> =
        drawn.clusters.iter().map(|cluster| (cluster.name.as_str(), cluster.context())).collect();
    assert_eq!(contexts, [("prod", "prod"), ("staging-2", "arn:aws:eks:eu-west-1:123456789012:cluster/Staging_2")]);
    let unread: Vec<(u32, &str)> = imported.unread.iter().map(|unread| (unread.line, unread.field.as_str())).collect();
    assert_eq!(unread, [(15, "contexts: prod-reader"), (4, "preferences"), (19, "users")]);
    let everything = [format!("{imported:?}"), drawn.write(), format!("{:?}", Bundle::write(&drawn, None))].concat();
    assert!(!everything.to_lowercase().contains("canary"), "{everything}");
    // Cut anywhere, what is said about it holds nothing of it either.
    for cut in (0..KUBECONFIG.len()).step_by(3).filter(|cut| KUBECONFIG.is_char_boundary(*cut)) {
        let said = match read(&KUBECONFIG[..cut]) {
            Some(Ok(imported)) => [format!("{imported:?}"), imported.onto(&Topology::empty("mesh1")).write()].concat(),
            Some(Err(error)) => format!("{error:?}"),
            None => format!("{:?}", Topology::read(&KUBECONFIG[..cut])),
        };
        assert!(!said.to_lowercase().contains("canary"), "{cut}: {said}");
    }
}

#[test]
fn what_is_read_is_added_to_a_drawing_or_is_one_of_its_own() {
    let mut base =
        Topology::read(&fs::read_to_string(folder().join("topologies/primary-remote.yaml")).unwrap()).unwrap();
    base.clusters[0].pod_cidrs = vec!["10.0.0.0/16".to_owned()];
    let text =
        printed("000-multi-primary-multi-network.sh", &[]).replace("mesh1", "other").replace("cluster1", "cluster3");
    let imported = imported(&text);
    let both = imported.onto(&base);
    let names: Vec<&str> = both.clusters.iter().map(|cluster| cluster.name.as_str()).collect();
    assert_eq!(names, ["cluster1", "cluster2", "cluster3"]);
    // What is known there and is not said here stays; what is said here counts.
    assert_eq!(both.clusters[0], base.clusters[0]);
    assert_eq!(
        (both.clusters[1].role.word(), both.clusters[1].network.as_ref().unwrap().as_str()),
        ("primary", "network2")
    );
    assert_eq!((both.mesh_id.as_str(), imported.differs(&base)), ("mesh1", vec!["meshID"]));
    assert_eq!(imported.onto(&both), both, "the same again adds nothing");
    // A kubeconfig names contexts of clusters that are drawn, and leaves the rest of them alone.
    let other = self::imported(&KUBECONFIG.replace("Staging_2", "cluster1")).onto(&base);
    let cluster = other.clusters.iter().find(|cluster| cluster.name.as_str() == "cluster1").unwrap();
    assert_eq!(cluster.context(), "arn:aws:eks:eu-west-1:123456789012:cluster/cluster1");
    assert_eq!((&cluster.role, &cluster.pod_cidrs), (&base.clusters[0].role, &base.clusters[0].pod_cidrs));
}

#[test]
fn what_is_not_read_is_told_by_its_field_and_line() {
    let text = "\
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: installed}
spec:
  hub: registry.example.com/istio
  tag: 1.30.2-distroless
  revision: canary
  meshConfig:
    trustDomain: mesh.example.com
    accessLogFile: /dev/stdout
  components:
    ingressGateways:
    - {name: istio-ingressgateway, enabled: true, k8s: {hpaSpec: {maxReplicas: 3}}}
    egressGateways:
    - {name: istio-egressgateway, enabled: true}
  values:
    global: {meshID: mesh1, network: east, multiCluster: {clusterName: alpha}, proxy: {resources: {}}}
    sidecarInjectorWebhook: {rewriteAppHTTPProbe: true}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: something}
";
    let imported = imported(text);
    let unread: Vec<(u32, &str)> = imported.unread.iter().map(|unread| (unread.line, unread.field.as_str())).collect();
    assert_eq!(
        unread,
        [
            (13, "spec.components.ingressGateways: k8s"),
            (5, "spec.hub"),
            (10, "spec.meshConfig.accessLogFile"),
            (17, "spec.values.global.proxy"),
            (18, "spec.values.sidecarInjectorWebhook"),
            (20, "ConfigMap something"),
        ]
    );
    let drawn = imported.onto(&Topology::empty("mesh1"));
    assert_eq!((drawn.istio.version.as_str(), drawn.istio.revision.as_str()), ("1.30.2", "canary"));
    assert_eq!((drawn.trust_domain.as_str(), drawn.istio.installer), ("mesh.example.com", Installer::Istioctl));
    let kinds: Vec<GatewayKind> = drawn.gateways.iter().map(|gateway| gateway.kind).collect();
    assert_eq!(kinds, [GatewayKind::Ingress, GatewayKind::Egress]);
    assert!(check(&drawn).mesh.is_some());
}

#[test]
fn what_is_of_none_of_the_kinds_is_for_other_readers() {
    for text in [
        "",
        "text",
        "a: 1\n",
        "apiVersion: isthmus.dev/v1alpha1\nkind: Topology\n",
        "kind: Deployment\n",
        "PK\u{3}",
        "[]",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
    let error = read("kind: Config\ncontexts: &a []\n").unwrap().unwrap_err();
    assert_eq!((error.line, error.what.en.as_str()), (2, "anchors (`&name`) are not read here"));
    assert!(read(&"kind: Config\ncontexts: []\n---\n".repeat(2000)).unwrap().is_err());
    let deep = ["global: ", &"[".repeat(5000)].concat();
    assert!(read(&deep).unwrap().is_err());
}
