//! The documents, each with the drawing that it is about.

use super::stage::Script;

/// A document, or one of its variants, and the drawing it is about.
pub(crate) struct Oracle {
    /// Its number, or `samples` for those of the Istio module.
    pub(crate) document: &'static str,
    /// A topology of the tests.
    pub(crate) topology: &'static str,
    /// What is changed in that drawing: texts, each by another.
    pub(crate) edits: &'static [(&'static str, &'static str)],
    /// Its commands.
    pub(crate) script: Script,
}

/// What a reader of the documents about two clusters sets; 003 never says where the address comes from.
const CONTEXTS: [(&str, &str); 3] =
    [("CTX_CLUSTER1", "cluster1"), ("CTX_CLUSTER2", "cluster2"), ("DISCOVERY_ADDRESS", "198.51.100.1")];

/// The samples as 002 prints them, which are those of the releases of 000 and 003 too.
const PRINTED: [(&str, &str); 2] = [
    ("multicluster/expose-istiod.yaml", "002-expose-istiod.yaml"),
    ("multicluster/expose-services.yaml", "002-expose-services.yaml"),
];

const EXTERNAL: [(&str, &str); 5] = [
    ("CTX_EXTERNAL_CLUSTER", "external"),
    ("CTX_REMOTE_CLUSTER", "cluster1"),
    ("REMOTE_CLUSTER_NAME", "cluster1"),
    ("EXTERNAL_ISTIOD_ADDR", "myhost.example.com"),
    ("SSL_SECRET_NAME", "myhost-example-credential"),
];

const BY_ADDRESS: [(&str, &str); 6] = [
    ("CTX_EXTERNAL_CLUSTER", "external"),
    ("CTX_REMOTE_CLUSTER", "cluster1"),
    ("REMOTE_CLUSTER_NAME", "cluster1"),
    ("SSL_SECRET_NAME", "NONE"),
    ("CTX_SECOND_CLUSTER", "cluster2"),
    ("SECOND_CLUSTER_NAME", "cluster2"),
];

/// The document of whatever comes from the samples of the Istio module.
pub(crate) const SAMPLES: &str = "samples";

/// Every document, with the variants that it describes.
pub(crate) const ORACLES: &[Oracle] = &[
    Oracle {
        document: "004",
        topology: "external-dns",
        edits: &[],
        script: Script { files: &["004-external.sh"], prints: &[], variables: &EXTERNAL },
    },
    Oracle {
        document: "004",
        topology: "external-ip",
        edits: &[],
        script: Script { files: &["004-external.sh"], prints: &[], variables: &BY_ADDRESS },
    },
    Oracle {
        document: "004",
        topology: "external-two-remotes",
        edits: &[],
        script: Script { files: &["004-external.sh", "004-second-remote.sh"], prints: &[], variables: &BY_ADDRESS },
    },
    Oracle {
        document: "000",
        topology: "multi-primary-multi-network-classic",
        edits: &[],
        script: Script { files: &["000-multi-primary-multi-network.sh"], prints: &PRINTED, variables: &CONTEXTS },
    },
    Oracle {
        document: "001",
        topology: "shared-control-plane",
        edits: &[],
        script: Script { files: &["001-shared-control-plane.sh"], prints: &[], variables: &CONTEXTS },
    },
    Oracle {
        document: "002",
        topology: "multi-primary-classic",
        edits: &[],
        script: Script { files: &["002-multi-primary.sh"], prints: &PRINTED, variables: &CONTEXTS },
    },
    Oracle {
        document: "002",
        topology: "primary-remote-classic",
        edits: &[],
        script: Script { files: &["002-primary-remote.sh"], prints: &PRINTED, variables: &CONTEXTS },
    },
    Oracle {
        document: "002",
        topology: "multi-primary-multi-network-classic",
        edits: &[],
        script: Script { files: &["002-multi-primary-multi-network.sh"], prints: &PRINTED, variables: &CONTEXTS },
    },
    Oracle {
        document: "003",
        topology: "primary-remote-classic",
        edits: &[],
        script: Script { files: &["003-primary-remote.sh"], prints: &PRINTED, variables: &CONTEXTS },
    },
    Oracle {
        document: "004",
        topology: "external-ip",
        edits: &[(
            "  sample: true",
            "  gateways:\n  - {cluster: cluster1, kind: ingress}\n  - {cluster: cluster1, kind: egress}\n  sample: true",
        )],
        script: Script { files: &["004-external.sh", "004-gateways-istioctl.sh"], prints: &[], variables: &BY_ADDRESS },
    },
    Oracle {
        document: "004",
        topology: "external-ip",
        edits: &[(
            "  sample: true",
            "  gateways:\n  - {cluster: cluster1, kind: ingress, installer: helm}\n  - {cluster: cluster1, kind: egress, installer: helm}\n  sample: true",
        )],
        script: Script { files: &["004-external.sh", "004-gateways-helm.sh"], prints: &[], variables: &BY_ADDRESS },
    },
    Oracle {
        document: "004",
        topology: "external-ip",
        edits: &[(
            "  sample: true",
            "  gateways:\n  - {cluster: cluster1, kind: ingress, api: gateway-api}\n  sample: true",
        )],
        script: Script { files: &["004-external.sh", "004-gateway-api.sh"], prints: &[], variables: &BY_ADDRESS },
    },
    Oracle {
        document: SAMPLES,
        topology: "primary-remote-multi-network",
        edits: &[],
        script: Script { files: &["samples-primary-remote-multi-network.sh"], prints: &[], variables: &[] },
    },
    Oracle {
        document: SAMPLES,
        topology: "primary-remote",
        edits: &[("role: primary", "role: primary, entry: {host: istiod.example.com, credential: istiod-credential}")],
        script: Script { files: &["samples-host.sh"], prints: &[], variables: &[] },
    },
    Oracle {
        document: SAMPLES,
        topology: "primary-remote",
        edits: &[("installer: istioctl", "installer: istioctl, revision: 1-31")],
        script: Script { files: &["samples-revision.sh"], prints: &[], variables: &[] },
    },
];
