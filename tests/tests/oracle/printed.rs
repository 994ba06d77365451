//! What a document's calls say that must be: objects of clusters, in the order in which they are made.

use serde_json::{Map, Value, json};
use tests::replay::documents;

use super::stage::Call;

/// An object that a document makes, or a part of it.
#[derive(Debug, Clone)]
pub(crate) struct Printed {
    /// The cluster.
    pub(crate) cluster: String,
    /// What the document says of it; `null` where it leaves the value to its reader.
    pub(crate) object: Value,
}

/// The objects that a call makes, in order.
pub(crate) fn printed(call: &Call) -> Vec<Printed> {
    let cluster = call.flag("--context").or(call.flag("--kube-context")).unwrap_or_default().to_owned();
    let all = |objects: Vec<Value>| -> Vec<Printed> {
        objects.into_iter().map(|object| Printed { cluster: cluster.clone(), object }).collect()
    };
    let one = |object| all(vec![object]);
    let namespace = call.flag("-n").or(call.flag("--namespace"));
    let words = call.words();
    match (call.program.as_str(), words.as_slice()) {
        ("kubectl", ["create", "ns" | "namespace", name]) => one(metadata("v1", "Namespace", name, None)),
        ("kubectl", ["create", "sa", name]) => one(metadata("v1", "ServiceAccount", name, namespace)),
        ("kubectl", ["create", "secret", "generic", name]) => {
            let mut secret = metadata("v1", "Secret", name, namespace);
            for (path, text) in &call.files {
                let key = path.rsplit('/').next().unwrap_or_default();
                // Of certificates only the names are the document's: everybody has their own.
                let (place, value) = if path.starts_with("samples/certs/") {
                    ("data", Value::Null)
                } else {
                    ("stringData", parsed(text))
                };
                secret[place][key] = value;
            }
            one(secret)
        }
        ("kubectl", [verb @ ("label" | "annotate"), kind, name, pairs @ ..]) => {
            let kind = match *kind {
                "namespace" | "ns" => "Namespace",
                "secret" => "Secret",
                other => panic!("a document labels a {other}"),
            };
            let mut object = metadata("v1", kind, name, namespace);
            for (key, value) in pairs.iter().filter_map(|pair| pair.split_once('=')) {
                object["metadata"][format!("{verb}s").replace("annotates", "annotations")][key] = value.into();
            }
            one(object)
        }
        ("kubectl", ["edit", "cm", name]) => {
            let mut map = metadata("v1", "ConfigMap", name, namespace);
            map["data"] = Value::Null;
            one(map)
        }
        ("kubectl", ["apply" | "create"]) => match &call.from {
            Some(from) if from.args.iter().any(|arg| arg == "create-remote-secret") => remote_secret(from, &cluster),
            Some(from) => all(installed(from)),
            None => all(applied(call, namespace)),
        },
        ("istioctl", ["install"] | ["manifest", "apply"]) => all(installed(call)),
        ("helm", ["install", name, chart]) => {
            let mut release = metadata("helm", "Release", name, namespace);
            release["chart"] = (*chart).into();
            release["values"] = json!({});
            set(&mut release["values"], &call.flags("--set"));
            one(release)
        }
        (program, words) => panic!("nobody knows what {program} {words:?} makes"),
    }
}

fn metadata(version: &str, kind: &str, name: &str, namespace: Option<&str>) -> Value {
    let mut object = json!({"apiVersion": version, "kind": kind, "metadata": {"name": name}});
    if let Some(namespace) = namespace {
        object["metadata"]["namespace"] = namespace.into();
    }
    object
}

/// YAML inside of a text is compared by value too.
fn parsed(text: &str) -> Value {
    documents(text).ok().and_then(|documents| documents.into_iter().next()).unwrap_or_else(|| text.into())
}

/// The objects of the files of `kubectl apply`, those that its selector takes, in its namespace.
fn applied(call: &Call, namespace: Option<&str>) -> Vec<Value> {
    let wanted = call.flag("-l").and_then(|selector| selector.split_once('='));
    let takes = |object: &Value| wanted.is_none_or(|(key, value)| object["metadata"]["labels"][key] == value);
    let mut objects: Vec<Value> =
        call.files.iter().flat_map(|(_, text)| documents(text).unwrap()).filter(takes).collect();
    for object in &mut objects {
        if object["metadata"]["namespace"].is_null() {
            object["metadata"]["namespace"] = namespace.unwrap_or("default").into();
        }
    }
    objects
}

/// The `IstioOperator` that `istioctl` is given: its file, and what `--set` adds.
fn installed(call: &Call) -> Vec<Value> {
    let mut operator = call.files.iter().find_map(|(_, text)| documents(text).unwrap().into_iter().next());
    let operator = operator
        .get_or_insert_with(|| json!({"apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator", "spec": {}}));
    set(&mut operator["spec"], &call.flags("--set"));
    if call.files.iter().any(|(_, text)| text.is_empty()) {
        // A file of the release that the document names and does not print.
        operator["spec"] = Value::Null;
    }
    vec![operator.take()]
}

/// Writes `a.b=c` into values, as `istioctl` and `helm` do.
fn set(values: &mut Value, assignments: &[&str]) {
    for (path, text) in assignments.iter().filter_map(|assignment| assignment.split_once('=')) {
        let place = path.split('.').fold(&mut *values, |place, key| &mut place[key]);
        *place = match text {
            "true" => true.into(),
            "false" => false.into(),
            text => text.into(),
        };
    }
}

/// What `istioctl create-remote-secret` makes: in the cluster it reads a token for the account, and for the other a secret with
/// a kubeconfig. Source: `istioctl/pkg/multicluster/remote_secret.go`.
fn remote_secret(call: &Call, into: &str) -> Vec<Printed> {
    let read = call.flag("--context").unwrap_or_default().to_owned();
    let namespace = call.flag("--namespace").unwrap_or("istio-system");
    let account = call.flag("--service-account").unwrap_or("istio-reader-service-account");
    let mut token = metadata("v1", "Secret", &format!("{account}-istio-remote-secret-token"), Some(namespace));
    token["metadata"]["annotations"] = json!({"kubernetes.io/service-account.name": account});
    token["type"] = "kubernetes.io/service-account-token".into();
    let (name, key) = match (call.flag("--type"), call.flag("--name")) {
        (Some("config"), _) => ("istio-kubeconfig".to_owned(), "config".to_owned()),
        (_, name) => (format!("istio-remote-secret-{}", name.unwrap_or_default()), name.unwrap_or_default().to_owned()),
    };
    let mut secret = metadata("v1", "Secret", &name, Some(namespace));
    secret["metadata"]["labels"] = json!({"istio/multiCluster": "true"});
    if let Some(name) = call.flag("--name") {
        secret["metadata"]["annotations"] = json!({"networking.istio.io/cluster": name});
    }
    secret["stringData"] = Value::Object(Map::from_iter([(key, Value::Null)]));
    [(read, token), (into.to_owned(), secret)].map(|(cluster, object)| Printed { cluster, object }).into()
}
