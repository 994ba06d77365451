//! What the checks go by that is Istio's or Helm's, as data.

use crate::release::Release;

/// Since which minor version of Istio which minor version of Kubernetes is asked for at least; one in between asks for what the entry
/// before it does.
///
/// Source: `MinK8SVersion` of `istioctl x precheck`, read in Istio's sources at the tags 1.8.0 to 1.12.0 and 1.24.0 to 1.30.0 and in
/// the branch of 1.31 (`istioctl/pkg/install/k8sversion/version.go`). Before 1.8 nothing was asked for.
const KUBERNETES: [(u16, u16); 6] = [(8, 16), (9, 17), (24, 28), (26, 29), (29, 30), (30, 32)];

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
        assert_eq!(
            (needs("1.31"), needs("1.30.3"), needs("1.29"), needs("1.25")),
            (Some(32), Some(32), Some(30), Some(28))
        );
        assert_eq!((needs("1.12"), needs("1.8"), needs("1.5")), (Some(17), Some(16), None));
    }
}
