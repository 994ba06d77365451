//! What the checks go by that is Istio's or Helm's, as data.

use crate::release::Release;

/// Since which minor version of Istio which minor version of Kubernetes is asked for at least.
///
/// Sources: `istioctl x precheck` of 1.30 and 1.31 (`MinK8SVersion = 32`; research of Istio's sources, 1.1); for 1.24 Istio's page
/// "Supported releases". A release in between is held to the entry before it, which is then too mild rather than wrong. Archived
/// releases are held to nothing: they run where they run.
const KUBERNETES: [(u16, u16); 2] = [(24, 28), (30, 32)];

/// Returns the minor version of Kubernetes that a release of Istio needs at least, where that is known.
pub fn minimum_kubernetes(release: Release) -> Option<u16> {
    KUBERNETES.iter().rev().find(|(istio, _)| *istio <= release.minor).map(|&(_, kubernetes)| kubernetes)
}

/// The annotation by which Helm knows the release an object belongs to (Helm's documentation: adopting objects).
pub const HELM_RELEASE: &str = "meta.helm.sh/release-name";

/// The annotation that names the namespace of that release.
pub const HELM_RELEASE_NAMESPACE: &str = "meta.helm.sh/release-namespace";

/// The label that `istioctl install` and the former operator put on what they own (research of Istio's sources, 1.8).
pub const OWNING_RESOURCE: &str = "install.operator.istio.io/owning-resource";

/// The name under which `istioctl install` applies (research of Istio's sources, 1.8).
pub const FIELD_MANAGER: &str = "istio-operator";

/// The selector of every istiod (`manifests/charts/istio-control`).
pub const ISTIOD_LABEL: (&str, &str) = ("app", "istiod");

/// The label with the revision of an istiod or a webhook.
pub const REVISION_LABEL: &str = "istio.io/rev";

/// What the names of Istio's webhook configurations begin with (`manifests/charts/istio-control`, `istioctl tag`).
pub const WEBHOOK_PREFIXES: [&str; 4] =
    ["istio-sidecar-injector", "istio-revision-tag-", "istio-validator-", "istiod-default-validator"];

/// The label by which istiod finds remote secrets (`pkg/kube/multicluster`); its value is `true`.
pub const REMOTE_SECRET_LABEL: &str = "istio/multiCluster";

/// The `ConfigMap` in which istiod leaves its root in every namespace.
pub const ROOT_CONFIG_MAP: &str = "istio-ca-root-cert";

/// The key of the root in it.
pub const ROOT_KEY: &str = "root-cert.pem";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_needs_what_the_last_entry_before_it_says() {
        let needs = |version: &str| minimum_kubernetes(Release::parse(version).unwrap());
        assert_eq!((needs("1.31"), needs("1.30.3"), needs("1.29")), (Some(32), Some(32), Some(28)));
        assert_eq!(needs("1.12"), None);
    }
}
