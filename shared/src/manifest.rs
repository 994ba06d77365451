//! One Kubernetes object whose strings may have holes, and the file it is written to.

mod api_server;
mod core;
mod expose;
mod helm;
mod install;
mod istio;
mod legacy;
mod names;
mod north_south;
mod pointer;
mod sample;

pub use api_server::{api_server_name, expose_api_server};
pub use core::{
    ca_from_kubeconfig, cacerts, kubeconfig, namespace, reader_token, registry, remote_secret, remote_secret_name,
    token_secret_name,
};
pub use expose::{expose_istiod, expose_services};
pub use install::{install_eastwest, install_egress, install_ingress, install_primary, install_remote};
pub use istio::{EASTWEST, INGRESS, controlplane_gateway, entry_gateway, external};
pub use legacy::{PORT as LEGACY_PORT, primary as legacy_primary};
pub use names::{injector, istiod_deployment, istiod_deployments, validators};
pub use north_south::{EGRESS, SAMPLE_PATH, ingress_gateway_api, sample_route};
pub use pointer::pointer;
pub use sample::{SAMPLE_NAMESPACE, deployments, sample};

use crate::hole::Hole;
use crate::mesh::Mesh;
use crate::probe::ObjectRef;
use crate::sorted::{self, Set};
use crate::yaml::{Yaml, emit_into};

/// The keys of a `cacerts` secret, which istiod mounts (research: Istio 1.30.3, `security/pkg/pki/ca`).
pub const CACERTS_KEYS: [&str; 4] = ["ca-cert.pem", "ca-key.pem", "cert-chain.pem", "root-cert.pem"];

/// One object and its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The name of the file in its step's folder.
    pub file: String,
    /// What the file is for and where it comes from: the comment at its head, a line each.
    pub header: Vec<String>,
    /// The object: `apiVersion`, `kind`, `metadata` and the rest, in writing order.
    pub body: Yaml,
}

impl Manifest {
    /// Makes a manifest; the object's metadata is given as its own entries, labels that mark it as ours are added.
    fn new(
        mesh: &Mesh,
        file: &str,
        header: [&str; 2],
        api_version: &str,
        kind: &str,
        meta: Meta,
        rest: Vec<(&str, Yaml)>,
    ) -> Self {
        let mut body = vec![
            ("apiVersion".to_owned(), api_version.into()),
            ("kind".to_owned(), kind.into()),
            ("metadata".to_owned(), meta.into_yaml(mesh)),
        ];
        body.extend(rest.into_iter().map(|(key, value)| (key.to_owned(), value)));
        Manifest {
            file: file.to_owned(),
            header: header.iter().filter(|line| !line.is_empty()).map(|&line| line.to_owned()).collect(),
            body: Yaml::Map(body),
        }
    }

    /// Returns the text of the file.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(1024);
        for line in &self.header {
            text.push_str("# ");
            text.push_str(line);
            text.push('\n');
        }
        emit_into(&mut text, &self.body);
        text
    }

    /// Collects the holes of the object.
    pub fn holes(&self, mesh: &Mesh, into: &mut Set<Hole>) {
        self.body.each_text(&mut |text| {
            if text.contains("${") {
                Hole::collect(text, mesh, into);
            }
        });
    }

    /// Returns the name of the object.
    pub fn object(&self) -> ObjectRef {
        let text = |value: Option<&Yaml>| value.and_then(Yaml::text).unwrap_or_default().to_owned();
        let metadata = self.body.get("metadata");
        ObjectRef {
            api_version: text(self.body.get("apiVersion")),
            kind: text(self.body.get("kind")),
            namespace: metadata.and_then(|metadata| metadata.get("namespace")).and_then(Yaml::text).map(str::to_owned),
            name: text(metadata.and_then(|metadata| metadata.get("name"))),
        }
    }
}

/// The metadata of an object.
struct Meta {
    name: String,
    namespace: Option<String>,
    labels: Vec<(String, String)>,
    annotations: Vec<(String, String)>,
}

impl Meta {
    fn cluster_wide(name: &str) -> Self {
        Meta { name: name.to_owned(), namespace: None, labels: Vec::new(), annotations: Vec::new() }
    }

    fn namespaced(namespace: &str, name: &str) -> Self {
        Meta { namespace: Some(namespace.to_owned()), ..Meta::cluster_wide(name) }
    }

    fn label(mut self, key: &str, value: &str) -> Self {
        self.labels.push((key.to_owned(), value.to_owned()));
        self
    }

    fn annotation(mut self, key: &str, value: &str) -> Self {
        self.annotations.push((key.to_owned(), value.to_owned()));
        self
    }

    fn into_yaml(mut self, mesh: &Mesh) -> Yaml {
        self.labels.push(("app.kubernetes.io/managed-by".to_owned(), "isthmus".to_owned()));
        self.labels.push(("app.kubernetes.io/part-of".to_owned(), mesh.topology().mesh_id.clone()));
        let labels = sorted::set(self.labels).into_iter().collect();
        let pairs = |pairs: Vec<(String, String)>| {
            Yaml::Map(pairs.into_iter().map(|(key, value)| (key, value.into())).collect())
        };
        let mut entries = vec![("name".to_owned(), self.name.into())];
        if let Some(namespace) = self.namespace {
            entries.push(("namespace".to_owned(), namespace.into()));
        }
        entries.push(("labels".to_owned(), pairs(labels)));
        if !self.annotations.is_empty() {
            entries.push(("annotations".to_owned(), pairs(self.annotations)));
        }
        Yaml::Map(entries)
    }
}
