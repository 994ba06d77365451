//! The `ApplySet` (`KEP-3659`) of one cluster: a `ConfigMap` in `kube-system` that says what was applied, so that cleanup is exact,
//! and which clusters belong to the mesh, so that a context that suddenly leads elsewhere is noticed.

mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use shared::text::Text;
use tokio::sync::Mutex;

use state::CLUSTERS;
pub(crate) use state::{Left, State, id, parent_name};

use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::kinds::segment;
use crate::lease::Gate;
use crate::object::{self, GroupKind, Id, Object, Over};
use crate::refusal::refusal;
use crate::transport::CallError;

/// Where the parent lives: a namespace that is always there and goes with no mesh.
const NAMESPACE: &str = "kube-system";

/// The set of everything that belongs to one mesh in one cluster.
pub(crate) struct ApplySet {
    /// Where it is.
    pub(crate) cluster: Arc<Cluster>,
    mesh: String,
    record: Mutex<Record>,
}

/// What a run did in one cluster, or found done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    /// The bundle, as a digest.
    pub(crate) bundle: String,
    /// Its release of Istio, as it was drawn.
    pub(crate) release: String,
    /// What each step came to, as digests; those that were found as recorded are not among them.
    pub(crate) steps: BTreeMap<String, String>,
    /// What the same steps left behind, by the step that owns the objects.
    pub(crate) left: BTreeMap<String, Left>,
    /// Every object of these steps, whether it is ours or not.
    pub(crate) objects: BTreeMap<String, BTreeSet<Id>>,
    /// Whether all of the bundle was meant.
    pub(crate) whole: bool,
    /// The steps of earlier bundles of which nothing is left.
    pub(crate) gone: BTreeSet<String>,
}

impl Done {
    /// What the parent says when this is recorded.
    pub(crate) fn recorded(&self, state: &State, uids: &BTreeMap<String, String>) -> State {
        // Steps that the bundle no longer has stay on record until their objects are taken away.
        let stays = |id: &str| !self.gone.contains(id);
        let steps = state.steps.clone().into_iter().chain(self.steps.clone());
        let left = state.left.clone().into_iter().chain(self.left.clone());
        let before = if self.whole { BTreeMap::new() } else { state.clusters.clone() };
        State {
            exists: true,
            bundle: self.bundle.clone(),
            release: self.release.clone(),
            earlier: state.earlier_than(&self.bundle),
            steps: steps.filter(|(id, _)| stays(id)).collect(),
            clusters: before.into_iter().chain(uids.clone()).collect(),
            left: left.filter(|(id, _)| stays(id)).collect(),
            ..state.clone()
        }
    }
}

/// What is known of the parent.
struct Record {
    state: State,
    /// The version at which that was read; nothing where there was no parent.
    version: Option<String>,
    /// Whether it was so while we held the Lease: before, another operator may have changed or deleted it since.
    confirmed: bool,
}

impl Record {
    /// Takes a parent as it was found.
    fn of(cluster: &Cluster, mesh: &str, found: Result<Option<Value>, CallError>) -> Result<Self, Failure> {
        let version = |parent: &Value| parent["metadata"]["resourceVersion"].as_str().map(str::to_owned);
        let version = found.as_ref().ok().and_then(Option::as_ref).and_then(version);
        Ok(Self { state: state_of(cluster, mesh, found)?, version, confirmed: false })
    }
}

/// How often the parent is written where somebody else writes it in between.
const TRIES: usize = 4;

impl ApplySet {
    /// Takes the parent as the cluster's first answers had it. One of another tool or another mesh is refused.
    pub(crate) fn read(cluster: Arc<Cluster>, mesh: &str) -> Result<Self, Failure> {
        let record = Mutex::new(Record::of(&cluster, mesh, cluster.record.clone())?);
        Ok(Self { cluster, mesh: mesh.to_owned(), record })
    }

    /// Reads the parent again.
    pub(crate) async fn refresh(&self) -> Result<(), Failure> {
        let found = self.fetch().await?;
        *self.record.lock().await = found;
        Ok(())
    }

    /// What the parent says, as last read.
    pub(crate) async fn state(&self) -> State {
        self.record.lock().await.state.clone()
    }

    /// Takes the Lease, and hands back what the parent says now that nobody else changes it.
    pub(crate) async fn confirmed(&self, gate: &Gate) -> Result<State, Failure> {
        let mut record = self.record.lock().await;
        gate.open().await?;
        if !record.confirmed {
            self.confirm(&mut record).await?;
        }
        Ok(record.state.clone())
    }

    /// The id that every member carries as a label.
    pub(crate) fn id(&self) -> String {
        id(&self.mesh)
    }

    /// Makes sure that the parent names the kinds and namespaces of `members`, and no longer vouches for what `owner` left behind,
    /// before the first of them is written.
    pub(crate) async fn admit(
        &self,
        owner: &str,
        members: &[Object],
        uids: &BTreeMap<String, String>,
        gate: &Gate,
    ) -> Result<(), Failure> {
        let mut record = self.record.lock().await;
        let admitting = |state: &State| {
            let mut wanted = State { clusters: uids.clone(), ..state.clone() };
            if let Some(left) = wanted.left.get_mut(owner) {
                left.made = None;
            }
            for member in members {
                let id = member.id();
                wanted.kinds.insert(id.kind);
                if !id.namespace.is_empty() && id.namespace != NAMESPACE {
                    wanted.namespaces.insert(id.namespace);
                }
            }
            wanted
        };
        self.change(&mut record, gate, admitting).await
    }

    /// Records what was applied. Where that is recorded already, nothing is written and no Lease is taken.
    pub(crate) async fn conclude(
        &self,
        done: &Done,
        uids: &BTreeMap<String, String>,
        gate: &Gate,
    ) -> Result<(), Failure> {
        let mut record = self.record.lock().await;
        if record.state == done.recorded(&record.state, uids) {
            return Ok(());
        }
        self.change(&mut record, gate, |state| done.recorded(state, uids)).await
    }

    /// Records that only members of these kinds and namespaces are left.
    pub(crate) async fn shrink(
        &self,
        kinds: BTreeSet<GroupKind>,
        namespaces: BTreeSet<String>,
        gate: &Gate,
    ) -> Result<(), Failure> {
        let mut record = self.record.lock().await;
        let shrunk = |state: &State| State {
            kinds: kinds.clone(),
            namespaces: namespaces.clone(),
            clusters: state.clusters.clone(),
            ..State::default()
        };
        self.change(&mut record, gate, shrunk).await
    }

    /// Deletes the parent.
    pub(crate) async fn delete(&self) -> Result<(), CallError> {
        let Some(path) = self.cluster.path("", "ConfigMap", NAMESPACE, &parent_name(&self.mesh)) else { return Ok(()) };
        self.cluster.transport.delete(&path, &json!({})).await?;
        *self.record.lock().await = Record { state: State::default(), version: None, confirmed: true };
        Ok(())
    }

    /// Reads the parent while we hold the Lease.
    async fn confirm(&self, record: &mut Record) -> Result<(), Failure> {
        *record = self.fetch().await?;
        record.confirmed = true;
        Ok(())
    }

    async fn fetch(&self) -> Result<Record, Failure> {
        let found = self.cluster.transport.find(&record_path(&self.mesh)).await;
        Record::of(&self.cluster, &self.mesh, found)
    }

    /// Takes the Lease, and makes the parent say what `wanted` makes of it. What was read before the Lease was ours is read again, unless it
    /// is written over at the very version that was read: then nobody has changed it since.
    async fn change(&self, record: &mut Record, gate: &Gate, wanted: impl Fn(&State) -> State) -> Result<(), Failure> {
        gate.open().await?;
        let place = format!("ConfigMap {NAMESPACE}/{}", parent_name(&self.mesh));
        let fail = |error: &CallError| refusal(&self.cluster.target, self.cluster.name(), &place, error);
        for _ in 0..TRIES {
            let next = State { exists: true, ..wanted(&record.state) };
            if record.state == next {
                if record.confirmed {
                    return Ok(());
                }
                self.confirm(record).await?;
                continue;
            }
            let over = match &record.version {
                // The record is ours alone: what others wrote into it is taken back, not argued about.
                _ if record.confirmed => Over::Anything,
                Some(version) => Over::Version(version),
                None => Over::Nothing,
            };
            match object::apply(&self.cluster, &next.parent(&self.mesh), false, true, over).await {
                Ok(_) => {
                    *record = Record { state: next, version: None, confirmed: true };
                    return Ok(());
                }
                Err(CallError::Raced) if !record.confirmed => self.confirm(record).await?,
                Err(error) => return Err(fail(&error)),
            }
        }
        Err(fail(&CallError::Raced))
    }
}

/// Where the parent is.
pub(crate) fn record_path(mesh: &str) -> String {
    format!("/api/v1/namespaces/{NAMESPACE}/configmaps/{}", segment(&parent_name(mesh)))
}

/// What a parent says, as it was found.
fn state_of(cluster: &Cluster, mesh: &str, found: Result<Option<Value>, CallError>) -> Result<State, Failure> {
    let place = format!("ConfigMap {NAMESPACE}/{}", parent_name(mesh));
    let found = found.map_err(|error| refusal(&cluster.target, cluster.name(), &place, &error))?;
    let Some(parent) = found else { return Ok(State::default()) };
    State::of(&parent, mesh).ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            Text::new(
                format!("{place} is there, but is not the record of mesh {mesh} that isthmus keeps"),
                format!("{place} 已存在，但不是 isthmus 为网格 {mesh} 保存的记录"),
            ),
        )
        .at(cluster.name())
        .hint(Text::new("look who made it, and rename or remove it", "请查明是谁创建了它，再改名或删除"))
    })
}

/// Refuses clusters that are not the ones this mesh was applied to before.
pub(crate) fn same_clusters<'a>(
    mesh: &str,
    recorded: impl Iterator<Item = (&'a str, &'a State)>,
    uids: &BTreeMap<String, String>,
) -> Result<(), Failure> {
    let name = parent_name(mesh);
    for (holder, state) in recorded {
        for (cluster, uid) in &state.clusters {
            let Some(now) = uids.get(cluster) else { continue };
            if now != uid {
                return Err(Failure::new(
                    Exit::Context,
                    Text::new(
                        format!("the context of {cluster} leads to another cluster than before: {now}, where {holder} recorded {uid}"),
                        format!("{cluster} 的上下文指向了另一个集群：现在是 {now}，而 {holder} 记录的是 {uid}"),
                    ),
                )
                .at(cluster)
                .hint(Text::new("choose the right context: `--context CLUSTER=CONTEXT`", "请选择正确的上下文：`--context CLUSTER=CONTEXT`"))
                .hint(Text::new(
                    format!("if {cluster} was built anew, forget the old one in every cluster: `kubectl --namespace kube-system annotate configmap {name} {CLUSTERS}-`"),
                    format!("如果 {cluster} 是重建的，请在每个集群中清除旧记录：`kubectl --namespace kube-system annotate configmap {name} {CLUSTERS}-`"),
                )));
            }
        }
    }
    Ok(())
}

/// A digest of objects, for the parent. What Secrets hold is left out.
pub(crate) fn digest(objects: &[Object]) -> String {
    let mut texts: Vec<String> = objects
        .iter()
        .map(|object| {
            let mut value = object.value().clone();
            if object.is_secret() {
                value["data"] = Value::Null;
            }
            value.to_string()
        })
        .collect();
    texts.sort_unstable();
    sha256(texts.join("\n").as_bytes())
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::state::tests::state;
    use super::*;

    #[test]
    fn a_context_that_leads_elsewhere_is_refused() {
        let recorded = state();
        let uids = |uid: &str| BTreeMap::from([("c1".to_owned(), uid.to_owned())]);
        assert!(same_clusters("mesh1", [("c2", &recorded)].into_iter(), &uids("u1")).is_ok());
        assert_eq!(
            same_clusters("mesh1", [("c2", &recorded)].into_iter(), &uids("u9")).unwrap_err().exit,
            Exit::Context
        );
    }

    #[test]
    fn digests_hold_no_secret() {
        let secret = |data: &str| {
            Object::from_value(
                json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"k": data}}),
            )
        };
        assert_eq!(digest(&[secret("YQ==")]), digest(&[secret("Yg==")]));
        assert_ne!(digest(&[secret("YQ==")]), digest(&[]));
    }
}
