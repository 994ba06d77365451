//! The sample application and its client, by which an installation is verified (Verify the installation; seeds 000, 004).

use super::{Manifest, Meta};
use crate::mesh::Mesh;
use crate::topology::Cluster;
use crate::yaml::Yaml;

/// The namespace of the sample application.
pub const SAMPLE_NAMESPACE: &str = "sample";

/// Istio's images of the sample application and of its client, as its samples name them.
const HELLOWORLD_IMAGE: &str = "registry.istio.io/release/examples-helloworld-v1:1.0";
const CURL_IMAGE: &str = "docker.io/curlimages/curl:8.16.0";

const SOURCE: &str = "Source: Verify the installation; samples/helloworld and samples/curl.";

/// Returns the deployments of the sample in the cluster at that place, counted from 1.
pub fn deployments(place: usize) -> Vec<String> {
    vec![format!("helloworld-v{place}"), "curl".to_owned()]
}

/// The sample application in a member, `v<k>` in the k-th, so that an answer says which cluster gave it; and a client.
pub fn sample(mesh: &Mesh, cluster: &Cluster, place: usize) -> Vec<Manifest> {
    let make = |file: &str, header: &str, kind: (&str, &str), meta: Meta, rest: Vec<(&str, Yaml)>| {
        let header = format!("{}: {header}", cluster.name);
        Manifest::new(mesh, file, [&header, SOURCE], kind.0, kind.1, meta, rest)
    };
    let space = match mesh.revision() {
        Some(revision) => Meta::cluster_wide(SAMPLE_NAMESPACE).label("istio.io/rev", revision),
        None => Meta::cluster_wide(SAMPLE_NAMESPACE).label("istio-injection", "enabled"),
    };
    let version = format!("v{place}");
    let object = |name: &str| Meta::namespaced(SAMPLE_NAMESPACE, name);
    let service = |name: &str| object(name).label("app", name).label("service", name);
    let hello = object(&format!("helloworld-{version}")).label("app", "helloworld").label("version", &version);
    let answers = format!("the sample application, which answers \"{version}\" here.");
    let everywhere = "the service must exist in every cluster, or callers there cannot resolve its name.";
    vec![
        make(
            "namespace.yaml",
            "the namespace of the sample; its pods get a proxy.",
            ("v1", "Namespace"),
            space,
            vec![],
        ),
        make(
            "helloworld-service.yaml",
            everywhere,
            ("v1", "Service"),
            service("helloworld"),
            vec![("spec", service_spec("helloworld", 5000))],
        ),
        make("helloworld.yaml", &answers, ("apps/v1", "Deployment"), hello, vec![("spec", helloworld_spec(&version))]),
        make("curl-account.yaml", "the account of the client.", ("v1", "ServiceAccount"), object("curl"), vec![]),
        make(
            "curl-service.yaml",
            "the client's service.",
            ("v1", "Service"),
            service("curl"),
            vec![("spec", service_spec("curl", 80))],
        ),
        make(
            "curl.yaml",
            "the client that calls the sample.",
            ("apps/v1", "Deployment"),
            object("curl"),
            vec![("spec", curl_spec())],
        ),
    ]
}

fn helloworld_spec(version: &str) -> Yaml {
    let container = Yaml::map([
        ("name", "helloworld".into()),
        ("image", HELLOWORLD_IMAGE.into()),
        // One image serves every cluster: it answers with the version it is told.
        ("env", Yaml::list([Yaml::map([("name", "SERVICE_VERSION".into()), ("value", version.into())])])),
        ("resources", Yaml::map([("requests", Yaml::map([("cpu", "100m".into())]))])),
        ("imagePullPolicy", "IfNotPresent".into()),
        ("ports", Yaml::list([Yaml::map([("containerPort", 5000.into())])])),
    ]);
    let labels = Yaml::map([("app", "helloworld".into()), ("version", version.into())]);
    deployment_spec(&labels, Yaml::map([("containers", Yaml::list([container]))]))
}

fn curl_spec() -> Yaml {
    let container = Yaml::map([
        ("name", "curl".into()),
        ("image", CURL_IMAGE.into()),
        ("command", Yaml::list(["/bin/sleep".into(), "infinity".into()])),
        ("imagePullPolicy", "IfNotPresent".into()),
    ]);
    let pod = Yaml::map([
        ("terminationGracePeriodSeconds", 0.into()),
        ("serviceAccountName", "curl".into()),
        ("containers", Yaml::list([container])),
    ]);
    deployment_spec(&Yaml::map([("app", "curl".into())]), pod)
}

fn service_spec(app: &str, port: u16) -> Yaml {
    Yaml::map([
        ("ports", Yaml::list([Yaml::map([("port", port.into()), ("name", "http".into())])])),
        ("selector", Yaml::map([("app", app.into())])),
    ])
}

fn deployment_spec(labels: &Yaml, pod: Yaml) -> Yaml {
    Yaml::map([
        ("replicas", 1.into()),
        ("selector", Yaml::map([("matchLabels", labels.clone())])),
        ("template", Yaml::map([("metadata", Yaml::map([("labels", labels.clone())])), ("spec", pod)])),
    ])
}
