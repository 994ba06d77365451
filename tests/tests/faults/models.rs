//! The models on which faults are tried, and what is where in each.

/// A topology with two clusters, of which the first runs an istiod that watches the second.
pub(crate) struct Model {
    /// Its topology's name.
    pub(crate) name: &'static str,
    /// The drawing.
    pub(crate) topology: &'static str,
    /// The clusters, the one that is played with first.
    pub(crate) clusters: [&'static str; 2],
    /// Where that istiod lives.
    pub(crate) namespace: &'static str,
    /// The step that makes that namespace.
    pub(crate) namespace_step: &'static str,
    /// A label of that namespace which is ours.
    pub(crate) label: &'static str,
    /// The Secret by which that istiod watches the second cluster.
    pub(crate) secret: &'static str,
    /// The step that writes it.
    pub(crate) secret_step: &'static str,
    /// The account's token that it holds, of the second cluster.
    pub(crate) token: &'static str,
    /// The step that brings the first cluster the definitions of Istio's kinds.
    pub(crate) definitions_step: &'static str,
    /// The Service, and Deployment, of the first cluster's gateway in `istio-system`.
    pub(crate) gateway: &'static str,
    /// A port that is open there.
    pub(crate) port: u16,
    /// The fact of its address.
    pub(crate) address: &'static str,
    /// What exposes something at it, a Gateway in the namespace of istiod.
    pub(crate) exposed: &'static str,
}

/// All of them.
pub(crate) const MODELS: [Model; 3] = [
    Model {
        name: "multi-primary-multi-network",
        topology: include_str!("../../topologies/multi-primary-multi-network.yaml"),
        ..PRIMARY
    },
    Model {
        name: "primary-remote-multi-network",
        topology: include_str!("../../topologies/primary-remote-multi-network.yaml"),
        ..PRIMARY
    },
    Model {
        name: "external-ip",
        topology: include_str!("../../topologies/external-ip.yaml"),
        clusters: ["external", "cluster1"],
        namespace: "external-istiod",
        namespace_step: "external/namespace/external-istiod",
        label: "app.kubernetes.io/part-of",
        secret: "istio-kubeconfig",
        secret_step: "external/secret/cluster1",
        token: "istiod-istio-remote-secret-token",
        definitions_step: "external/gateway",
        gateway: "istio-ingressgateway",
        port: 15012,
        address: "Address(external, control-plane)",
        exposed: "external-istiod-gw",
    },
];

/// What models have in common whose first cluster is a primary.
const PRIMARY: Model = Model {
    name: "",
    topology: "",
    clusters: ["cluster1", "cluster2"],
    namespace: "istio-system",
    namespace_step: "cluster1/namespace",
    label: "topology.istio.io/network",
    secret: "istio-remote-secret-cluster2",
    secret_step: "cluster1/secret/cluster2",
    token: "istio-reader-service-account-istio-remote-secret-token",
    definitions_step: "cluster1/istiod",
    gateway: "istio-eastwestgateway",
    port: 15443,
    address: "Address(cluster1, eastwest)",
    exposed: "cross-network-gateway",
};

impl Model {
    /// A text with the names of this model in place of `{one}`, `{other}`, `{namespace}` and so on.
    pub(crate) fn named(&self, text: &str) -> String {
        let port = self.port.to_string();
        [
            ("{one}", self.clusters[0]),
            ("{other}", self.clusters[1]),
            ("{namespace}", self.namespace),
            ("{namespace step}", self.namespace_step),
            ("{label}", self.label),
            ("{secret}", self.secret),
            ("{secret step}", self.secret_step),
            ("{token}", self.token),
            ("{definitions step}", self.definitions_step),
            ("{gateway}", self.gateway),
            ("{port}", &port),
            ("{address}", self.address),
            ("{exposed}", self.exposed),
        ]
        .iter()
        .fold(text.to_owned(), |text, (hole, name)| text.replace(hole, name))
    }
}
