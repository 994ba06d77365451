//! Where what is generated is not what a document prints: the one table, with the reason for every row. `docs/models.md` shows
//! the same rows; nothing else may differ, and no row may stand here that nothing needs.

use super::compare::Difference;

/// A row: which documents, what differs there, and why.
#[derive(Debug)]
pub(crate) struct Deviation {
    /// The documents, by their numbers; none for all of them.
    pub(crate) documents: &'static [&'static str],
    /// The object; `*` for any text, here and in the fields below.
    pub(crate) what: &'static str,
    /// The path in it.
    pub(crate) path: &'static str,
    /// The document's value.
    pub(crate) theirs: &'static str,
    /// Ours.
    pub(crate) ours: &'static str,
    /// Why.
    pub(crate) why: &'static str,
}

impl Deviation {
    /// Whether this row is about that difference.
    pub(crate) fn covers(&self, document: &str, difference: &Difference) -> bool {
        (self.documents.is_empty() || self.documents.contains(&document))
            && matches(self.what, &difference.what)
            && matches(self.path, &difference.path)
            && matches(self.theirs, &difference.theirs)
            && matches(self.ours, &difference.ours)
    }

    /// The row as the documentation shows it.
    pub(crate) fn row(&self) -> String {
        let documents = if self.documents.is_empty() { "all".to_owned() } else { self.documents.join(", ") };
        let code = |text: &str| if text == "–" { text.to_owned() } else { format!("`{text}`") };
        let place = code(format!("{}: {}", self.what, self.path).as_str());
        format!("| {documents} | {place} | {} | {} | {} |", code(self.theirs), code(self.ours), self.why)
    }
}

/// Whether a text is that pattern, in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => {
            let Some(text) = text.strip_prefix(head) else { return false };
            rest.is_empty()
                || (0..=text.len()).filter(|&at| text.is_char_boundary(at)).any(|at| matches(rest, &text[at..]))
        }
    }
}

#[test]
fn a_star_stands_for_any_text() {
    assert!(matches("a*", "abc") && matches("*c", "abc") && matches("a*c*", "abcd") && matches("*", ""));
    assert!(!matches("a*c", "abcd") && !matches("b*", "abc"));
}

/// The table.
pub(crate) const DEVIATIONS: &[Deviation] = &[
    Deviation {
        documents: &[],
        what: "*",
        path: "metadata.labels.app.kubernetes.io/*",
        theirs: "–",
        ours: "*",
        why: "says that Isthmus manages it, and for which mesh",
    },
    Deviation {
        documents: &[],
        what: "IstioOperator *",
        path: "metadata.name",
        theirs: "–",
        ours: "*",
        why: "every file of a bundle names what it installs",
    },
    Deviation {
        documents: &[],
        what: "IstioOperator *",
        path: "metadata.namespace",
        theirs: "–",
        ours: "*",
        why: "written down where `istioctl` takes its default",
    },
    Deviation {
        documents: &["004"],
        what: "IstioOperator istio-eastwestgateway",
        path: "spec.components.ingressGateways[istio-eastwestgateway].namespace",
        theirs: "–",
        ours: "external-istiod",
        why: "the same place that `values.global.istioNamespace` gives it",
    },
    Deviation {
        documents: &[],
        what: "IstioOperator istio-eastwestgateway",
        path: "spec.revision",
        theirs: "\"\"",
        ours: "–",
        why: "empty is the default",
    },
    Deviation {
        documents: &[],
        what: "IstioOperator *",
        path: "spec.values.defaultRevision",
        theirs: "–",
        ours: "default",
        why: "`istioctl install` adds it by itself; what is rendered and applied must say it",
    },
    Deviation {
        documents: &["004"],
        what: "IstioOperator istiod",
        path: "spec.values.global.multiCluster.clusterName",
        theirs: "–",
        ours: "cluster1",
        why: "the same as `CLUSTER_ID`, so that nothing falls back to the default, `Kubernetes`",
    },
    Deviation {
        documents: &["004"],
        what: "IstioOperator istiod",
        path: "spec.values.global.network",
        theirs: "–",
        ours: "network1",
        why: "the network of the config cluster, as its namespace is labelled",
    },
    Deviation {
        documents: &[],
        what: "Namespace *",
        path: "metadata.labels.topology.istio.io/network",
        theirs: "–",
        ours: "*",
        why: "the namespace of every member says its network, as `istioctl` itself labels it where a network is set",
    },
    Deviation {
        documents: &["004"],
        what: "Namespace istio-system",
        path: "made by namespace",
        theirs: "–",
        ours: "external",
        why: "`istioctl install` makes it by itself",
    },
    Deviation {
        documents: &["004"],
        what: "* external-istiod-*",
        path: "apiVersion",
        theirs: "networking.istio.io/v1*",
        ours: "networking.istio.io/v1",
        why: "the version that every release since 1.22 has",
    },
    Deviation {
        documents: &["004"],
        what: "Secret istio-kubeconfig",
        path: "metadata.labels.istio/multiCluster",
        theirs: "true",
        ours: "–",
        why: "an istiod that watches its own cluster's secrets would take the config cluster for a second one called `config`, and count its endpoints twice",
    },
    Deviation {
        documents: &["004"],
        what: "Secret istio-kubeconfig",
        path: "metadata.annotations.networking.istio.io/cluster",
        theirs: "–",
        ours: "cluster1",
        why: "says whose it is; `istioctl` writes the cluster's uid there where no name is given",
    },
    Deviation {
        documents: &["004"],
        what: "ServiceAccount istiod-service-account",
        path: "made",
        theirs: "external",
        ours: "–",
        why: "nothing uses it: the installation makes the account `istiod` and runs as that",
    },
    Deviation {
        documents: &[],
        what: "file",
        path: "samples/sleep/sleep.yaml",
        theirs: "samples/sleep",
        ours: "samples/curl",
        why: "the same client under the name it has since 1.24",
    },
    Deviation {
        documents: &[],
        what: "Deployment curl",
        path: "spec.template.spec.*olume*",
        theirs: "*",
        ours: "–",
        why: "an optional secret that nothing here uses",
    },
    Deviation {
        documents: &[],
        what: "Deployment helloworld-v*",
        path: "spec.template.spec.containers[helloworld].env",
        theirs: "–",
        ours: "*",
        why: "one image answers with the version it is told, so that there may be more clusters than images",
    },
    Deviation {
        documents: &[],
        what: "Deployment helloworld-v2",
        path: "spec.template.spec.containers[helloworld].image",
        theirs: "*-v2:1.0",
        ours: "*-v1:1.0",
        why: "the same image",
    },
    Deviation {
        documents: &["000", "002", "003"],
        what: "Secret cacerts",
        path: "made by trust",
        theirs: "–",
        ours: "*",
        why: "one root for all; the documents leave it to \"Before you begin\"",
    },
    Deviation {
        documents: &["000", "002", "003"],
        what: "*",
        path: "made by sample",
        theirs: "–",
        ours: "*",
        why: "the sample of \"Verify the installation\", where the drawing asks for it",
    },
    Deviation {
        documents: &["002", "003"],
        what: "Namespace istio-system",
        path: "made by namespace",
        theirs: "–",
        ours: "*",
        why: "`istioctl install` makes it by itself",
    },
    Deviation {
        documents: &["000", "002", "003"],
        what: "IstioOperator *",
        path: "spec.components.ingressGateways",
        theirs: "–",
        ours: "*",
        why: "the default profile would install an ingress gateway that nobody has drawn",
    },
    Deviation {
        documents: &["002", "003"],
        what: "* istiod-*",
        path: "metadata.namespace",
        theirs: "default",
        ours: "istio-system",
        why: "applied without a namespace; istio.io says `-n istio-system`, where the gateway is",
    },
    Deviation {
        documents: &["002", "003"],
        what: "order",
        path: "cluster2/remote → cluster2/reader",
        theirs: "cluster2/reader first",
        ours: "cluster2/remote first",
        why: "the remote secret is made before the account that it is for: `istioctl create-remote-secret` then makes that by itself; here it comes with the remote, and one step owns it",
    },
    Deviation {
        documents: &["002", "003"],
        what: "order",
        path: "cluster2/remote → cluster1/secret/cluster2",
        theirs: "cluster1/secret/cluster2 first",
        ours: "cluster2/remote first",
        why: "the same",
    },
    Deviation {
        documents: &["001"],
        what: "order",
        path: "cluster2/* → cluster1/mesh-networks",
        theirs: "cluster1/mesh-networks first",
        ours: "cluster2/* first",
        why: "edited twice there, for one address each time; here installed again once, when all addresses are known",
    },
    Deviation {
        documents: &["001"],
        what: "Deployment helloworld-v*",
        path: "made",
        theirs: "*",
        ours: "–",
        why: "the deployments of today's sample have the label by which the document takes the service alone",
    },
    Deviation {
        documents: &["001"],
        what: "Secret istio-reader-service-account-istio-remote-secret-token",
        path: "made by reader",
        theirs: "–",
        ours: "cluster2",
        why: "Kubernetes before 1.24 made a token for every account by itself",
    },
    Deviation {
        documents: &["001"],
        what: "Secret n2-k8s-secret",
        path: "metadata.annotations.networking.istio.io/cluster",
        theirs: "–",
        ours: "cluster2",
        why: "says whose it is",
    },
];
