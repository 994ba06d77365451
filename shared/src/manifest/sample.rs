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

/// Returns the deployments of the sample in the cluster at that place, counted from 1.
pub fn deployments(place: usize) -> Vec<String> {
    vec![format!("helloworld-v{place}"), "curl".to_owned()]
}

/// The sample application in a member, `v<k>` in the k-th, so that an answer says which cluster gave it; and a client.
pub fn sample(mesh: &Mesh, cluster: &Cluster, place: usize) -> Vec<Manifest> {
    let name = cluster.name.as_str();
    let version = format!("v{place}");
    let mut space = Meta::cluster_wide(SAMPLE_NAMESPACE);
    space = match mesh.revision() {
        Some(revision) => space.label("istio.io/rev", revision),
        None => space.label("istio-injection", "enabled"),
    };
    let source = "Source: Verify the installation; samples/helloworld and samples/curl.";
    let make =
        |file: &str, header: &str, api: &str, kind: &str, meta: Meta, rest: Vec<(&str, Yaml)>| {
            Manifest::new(
                mesh,
                file,
                [&format!("{name}: {header}"), source],
                api,
                kind,
                meta,
                rest,
            )
        };
    let in_sample = |object: &str| Meta::namespaced(SAMPLE_NAMESPACE, object);
    let hello_labels = Yaml::map([
        ("app", "helloworld".into()),
        ("version", version.as_str().into()),
    ]);
    let hello_container = Yaml::map([
        ("name", "helloworld".into()),
        ("image", HELLOWORLD_IMAGE.into()),
        // One image serves every cluster: it answers with the version it is told.
        (
            "env",
            Yaml::list([Yaml::map([
                ("name", "SERVICE_VERSION".into()),
                ("value", version.as_str().into()),
            ])]),
        ),
        (
            "resources",
            Yaml::map([("requests", Yaml::map([("cpu", "100m".into())]))]),
        ),
        ("imagePullPolicy", "IfNotPresent".into()),
        (
            "ports",
            Yaml::list([Yaml::map([("containerPort", 5000.into())])]),
        ),
    ]);
    let curl_container = Yaml::map([
        ("name", "curl".into()),
        ("image", CURL_IMAGE.into()),
        (
            "command",
            Yaml::list(["/bin/sleep".into(), "infinity".into()]),
        ),
        ("imagePullPolicy", "IfNotPresent".into()),
    ]);
    let curl_labels = Yaml::map([("app", "curl".into())]);
    let curl_pod = Yaml::map([
        ("terminationGracePeriodSeconds", 0.into()),
        ("serviceAccountName", "curl".into()),
        ("containers", Yaml::list([curl_container])),
    ]);
    vec![
        make(
            "namespace.yaml",
            "the namespace of the sample application; its pods get a proxy.",
            "v1",
            "Namespace",
            space,
            vec![],
        ),
        make(
            "helloworld-service.yaml",
            "the service must exist in every cluster, or callers there cannot resolve its name.",
            "v1",
            "Service",
            in_sample("helloworld")
                .label("app", "helloworld")
                .label("service", "helloworld"),
            vec![("spec", service_spec("helloworld", 5000))],
        ),
        make(
            "helloworld.yaml",
            &format!("the sample application, which answers \"{version}\" here."),
            "apps/v1",
            "Deployment",
            in_sample(&format!("helloworld-{version}"))
                .label("app", "helloworld")
                .label("version", &version),
            vec![(
                "spec",
                deployment_spec(
                    &hello_labels,
                    Yaml::map([("containers", Yaml::list([hello_container]))]),
                ),
            )],
        ),
        make(
            "curl-account.yaml",
            "the account of the client.",
            "v1",
            "ServiceAccount",
            in_sample("curl"),
            vec![],
        ),
        make(
            "curl-service.yaml",
            "the client's service.",
            "v1",
            "Service",
            in_sample("curl")
                .label("app", "curl")
                .label("service", "curl"),
            vec![("spec", service_spec("curl", 80))],
        ),
        make(
            "curl.yaml",
            "the client that calls the sample.",
            "apps/v1",
            "Deployment",
            in_sample("curl"),
            vec![("spec", deployment_spec(&curl_labels, curl_pod))],
        ),
    ]
}

fn service_spec(app: &str, port: u16) -> Yaml {
    Yaml::map([
        (
            "ports",
            Yaml::list([Yaml::map([("port", port.into()), ("name", "http".into())])]),
        ),
        ("selector", Yaml::map([("app", app.into())])),
    ])
}

fn deployment_spec(labels: &Yaml, pod: Yaml) -> Yaml {
    Yaml::map([
        ("replicas", 1.into()),
        ("selector", Yaml::map([("matchLabels", labels.clone())])),
        (
            "template",
            Yaml::map([
                ("metadata", Yaml::map([("labels", labels.clone())])),
                ("spec", pod),
            ]),
        ),
    ])
}
