//! What Istio calls the objects of an installation; probes look for them by these names.

use crate::mesh::{ISTIO_SYSTEM, Mesh};
use crate::release::Feature;

/// The mutating webhook configuration that injects proxies (research: Istio 1.30.3 charts).
pub fn injector(mesh: &Mesh, namespace: &str) -> String {
    let mut name = "istio-sidecar-injector".to_owned();
    if let Some(revision) = mesh.revision() {
        name = format!("{name}-{revision}");
    }
    if namespace != ISTIO_SYSTEM {
        name = format!("{name}-{namespace}");
    }
    name
}

/// The names that the validating webhook configuration of a control plane may have, today's first: `istio-galley` and
/// `istiod-<namespace>` are those of archived releases.
pub fn validators(mesh: &Mesh, namespace: &str) -> Vec<String> {
    let mut names = vec![validator(mesh, namespace)];
    if !mesh.has(Feature::DefaultValidator) {
        names.push(format!("istiod-{namespace}"));
    }
    if !mesh.has(Feature::EastWestGateway) {
        names.push("istio-galley".to_owned());
    }
    names
}

/// The names that the deployment of a control plane may have, today's first: `istio-pilot` is that of seed 001.
pub fn istiod_deployments(mesh: &Mesh) -> Vec<String> {
    let mut names = vec![istiod_deployment(mesh)];
    if !mesh.has(Feature::EastWestGateway) {
        names.push("istio-pilot".to_owned());
    }
    names
}

/// The validating webhook configuration that checks Istio's configuration (research: Istio 1.30.3 charts).
pub(super) fn validator(mesh: &Mesh, namespace: &str) -> String {
    mesh.revision().map_or_else(
        || format!("istio-validator-{namespace}"),
        |revision| format!("istio-validator-{revision}-{namespace}"),
    )
}

/// The deployment of istiod.
pub fn istiod_deployment(mesh: &Mesh) -> String {
    mesh.revision().map_or_else(|| "istiod".to_owned(), |revision| format!("istiod-{revision}"))
}
