//! What the engine knows of the clusters: how each is reached, how each fact is learnt, and the certificates it was given.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::fact::Fact;
use shared::hole::Part;
use shared::probe::Probe;
use shared::text::Text;
use time::OffsetDateTime;

use crate::certs::Certificates;
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::fill::Filling;
use crate::probe;
use crate::probe::authority::{Choice, Tried};
use crate::transport::CallError;

/// The certificates of one signer, as they fill holes.
pub(crate) type Certs = BTreeMap<Part, Filling>;

/// The clusters and the facts about them.
pub(crate) struct World {
    clusters: BTreeMap<String, Arc<Cluster>>,
    probes: BTreeMap<Fact, Probe>,
    certs: BTreeMap<String, Certs>,
    /// The roots that were seen in clusters, in canonical form.
    roots: Mutex<BTreeMap<String, String>>,
    /// Which authority goes into remote secrets for each cluster.
    chosen: Mutex<BTreeMap<String, Chosen>>,
}

/// The authority that was chosen for a cluster.
struct Chosen {
    /// The one beside the token then.
    token: String,
    choice: Choice,
    /// Whether a person was told what there is to be told of it.
    told: bool,
}

impl World {
    /// The clusters of a bundle, how its facts are learnt, and what `--certs` holds.
    pub(crate) fn new(
        clusters: BTreeMap<String, Arc<Cluster>>,
        probes: BTreeMap<Fact, Probe>,
        certs: BTreeMap<String, Certs>,
    ) -> Self {
        Self { clusters, probes, certs, roots: Mutex::default(), chosen: Mutex::default() }
    }

    /// The cluster of this name.
    pub(crate) fn cluster(&self, name: &str) -> Result<&Arc<Cluster>, Failure> {
        self.clusters.get(name).ok_or_else(|| {
            Failure::new(
                Exit::Data,
                Text::new("the bundle speaks of a cluster that it does not list", "包中提到了未列出的集群"),
            )
            .at(name)
        })
    }

    /// How each fact is learnt.
    pub(crate) fn probes(&self) -> &BTreeMap<Fact, Probe> {
        &self.probes
    }

    /// The certificates given for a cluster.
    pub(crate) fn certificates(&self, cluster: &str) -> Option<Certs> {
        self.certs.get(cluster).cloned()
    }

    /// The roots in all other clusters that have one, where `own` has `root`.
    pub(crate) async fn roots(&self, own: &str, root: &str) -> Result<BTreeMap<String, String>, CallError> {
        self.note_root(own, root);
        let known = self.locked().clone();
        let looks = self.probes.iter().filter_map(|(fact, how)| {
            let (name, Probe::Trust { namespace, secret, .. }) = (fact.cluster().as_str(), how) else { return None };
            let cluster = self.clusters.get(name).filter(|_| !known.contains_key(name))?;
            Some(async move { Ok::<_, CallError>((name, cluster.find("", "Secret", namespace, secret).await?)) })
        });
        for (name, found) in futures_util::future::try_join_all(looks).await? {
            let root = found.as_ref().map(probe::canonical_root).unwrap_or_default();
            if !root.is_empty() {
                self.note_root(name, &root);
            }
        }
        let mut others = self.locked().clone();
        others.remove(own);
        Ok(others)
    }

    /// Which authority was chosen for a cluster when it was tried last, if it vouched, beside this one of the token.
    pub(crate) fn vouched(&self, cluster: &str, token: &str) -> Option<Choice> {
        let chosen = self.choices();
        let known = chosen.get(cluster).filter(|known| known.token == token);
        known.map(|known| known.choice.clone()).filter(|choice| choice.tried == Some(Tried::Vouched))
    }

    /// Remembers which authority was chosen for a cluster, beside this one of the token.
    pub(crate) fn note_choice(&self, cluster: &str, token: &str, choice: &Choice) {
        let mut chosen = self.choices();
        let told = chosen.get(cluster).is_some_and(|known| known.told);
        chosen.insert(cluster.to_owned(), Chosen { token: token.to_owned(), choice: choice.clone(), told });
    }

    /// The authority beside the token and the choice that was made, to be told; nothing the second time.
    pub(crate) fn take_choice(&self, cluster: &str) -> Option<(String, Choice)> {
        let mut chosen = self.choices();
        let known = chosen.get_mut(cluster).filter(|known| !known.told)?;
        known.told = true;
        Some((known.token.clone(), known.choice.clone()))
    }

    fn choices(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Chosen>> {
        self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_root(&self, cluster: &str, root: &str) {
        self.locked().insert(cluster.to_owned(), root.to_owned());
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.roots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads `DIR/<cluster>/…` for every signer. Nothing where no folder is given.
pub(crate) fn read_certs<'a>(
    dir: Option<&Path>,
    signers: impl Iterator<Item = &'a str>,
) -> Result<BTreeMap<String, Certs>, Failure> {
    let Some(dir) = dir else { return Ok(BTreeMap::new()) };
    let now = OffsetDateTime::now_utc();
    let mut all = BTreeMap::new();
    for cluster in signers {
        let read = Certificates::read(dir, cluster, now)?;
        let encoded = |text: &str| Filling::secret(STANDARD.encode(text));
        let certs = Certs::from([
            (Part::CaCert, encoded(&read.ca_cert)),
            (Part::CaKey, encoded(&read.ca_key)),
            (Part::RootCert, encoded(&read.root_cert)),
            (Part::CertChain, encoded(&read.cert_chain)),
        ]);
        all.insert(cluster.to_owned(), certs);
    }
    Ok(all)
}
