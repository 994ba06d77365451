//! What a test may ask of a cluster.

/// What a Service of type `LoadBalancer` gets, unless its annotation `bed/lb` says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Addresses {
    /// An IP address, at once.
    #[default]
    Ip,
    /// A host name, at once.
    Hostname,
    /// An IP address, after some seconds.
    Late,
    /// Nothing: it stays pending.
    Never,
}

impl Addresses {
    pub(super) fn stage(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Hostname => "hostname",
            Self::Late => "late",
            Self::Never => "never",
        }
    }
}

/// A cluster to start.
#[derive(Debug, Clone)]
pub struct ClusterSpec {
    pub(super) name: String,
    pub(super) addresses: Addresses,
    pub(super) istiods: bool,
}

impl ClusterSpec {
    /// A cluster with addresses at once and an istiod process for every istiod Deployment.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), addresses: Addresses::default(), istiods: true }
    }

    /// What its load balancers hand out.
    #[must_use]
    pub fn addresses(mut self, addresses: Addresses) -> Self {
        self.addresses = addresses;
        self
    }

    /// No istiod processes: webhooks are stored and never called, so that nothing waits for an injection that cannot come.
    #[must_use]
    pub fn without_istiods(mut self) -> Self {
        self.istiods = false;
        self
    }
}
