//! From clusters to API servers: which context leads to which, and the proof that no two lead to the same one.

mod contexts;
mod dial;
mod greet;
mod route;
mod settings;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::SignedDuration;
use kube::config::Kubeconfig;
use serde_json::Value;
use shared::text::Text;

pub(crate) use contexts::Wanted;
use contexts::assign;
use greet::greet;
use settings::settings;

use crate::error::{Exit, Failure};
use crate::kinds::Kinds;
use crate::object::{GroupKind, Object};
use crate::report::{Event, Report, Target};
use crate::transport::{CallError, Question, Source, Transport};

/// How long a connection may take to come about.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// A cluster whose context is known, before the first word with it.
pub(crate) struct Found {
    /// Where it is.
    pub(crate) target: Target,
    config: kube::Config,
    source: Source,
}

/// A cluster that has answered.
pub(crate) struct Cluster {
    /// Where it is.
    pub(crate) target: Target,
    /// The uid of its namespace `kube-system`: the cluster's identity.
    pub(crate) uid: String,
    /// The version of its API server.
    pub(crate) version: String,
    /// How far its clock was ahead of ours at the first contact, where it said so.
    pub(crate) ahead: Option<SignedDuration>,
    /// The certificates that the kubeconfig trusts for it, as PEM; empty where it names none.
    pub(crate) trusted: String,
    /// The record of what was applied, as it was at the first contact.
    pub(crate) record: Result<Option<Value>, CallError>,
    /// The way to it.
    pub(crate) transport: Transport,
    kinds: RwLock<Arc<Kinds>>,
    /// A way to it for whoever else asks, by their token.
    pub(crate) anonymous: Transport,
    /// How it is reached, without who we are.
    config: kube::Config,
}

/// Finds the contexts of all clusters in the kubeconfig. Speaks to no cluster.
pub(crate) fn find(wanted: &[Wanted], kubeconfig: Option<&Path>, report: &Report) -> Result<Vec<Found>, Failure> {
    let config = read(kubeconfig)?;
    let names: Vec<&str> = config.contexts.iter().map(|context| context.name.as_str()).collect();
    let mut found = Vec::new();
    for (cluster, context) in assign(wanted, &names)? {
        let read = settings(&config, &cluster, &context)?;
        let server = read.config.cluster_url.to_string().trim_end_matches('/').to_owned();
        if let Some(proxy) = read.proxy {
            let text = Text::new(
                format!("{server} is reached by way of the proxy {proxy}"),
                format!("经由代理 {proxy} 访问 {server}"),
            );
            report.event(&Event::Note { place: Some(cluster.clone()), text });
        }
        if read.config.accept_invalid_certs {
            let text = Text::new(
                format!("context `{context}` does not check the API server's certificate"),
                format!("上下文 `{context}` 不校验 API 服务器的证书"),
            );
            report.event(&Event::Warning { place: Some(cluster.clone()), text, hints: Vec::new() });
        }
        let target = Target { cluster, context, server };
        found.push(Found { target, config: read.config, source: read.source });
    }
    Ok(found)
}

/// Clusters that have answered, by name, and why others cannot be reached.
pub(crate) type Connected = (BTreeMap<String, Arc<Cluster>>, BTreeMap<String, Failure>);

/// What each cluster is going to be asked, by its name.
pub(crate) type Foreseen = BTreeMap<String, Vec<Question>>;

/// Greets all clusters side by side. Two that are one API server are refused, and so is everything but a server that is not there.
pub(crate) async fn connect(
    found: Vec<Found>,
    mesh: &str,
    foreseen: Foreseen,
    report: &Arc<Report>,
) -> Result<Connected, Failure> {
    let (mut clusters, mut lost) = (BTreeMap::new(), BTreeMap::new());
    // All were tried before one is reported, so that the same one is named every time.
    for greeted in greet_all(found, mesh, foreseen, report).await {
        match greeted {
            Ok(cluster) => {
                clusters.insert(cluster.target.cluster.clone(), Arc::new(cluster));
            }
            Err(failure) if failure.exit == Exit::Unreachable => {
                lost.insert(failure.place.clone().unwrap_or_default(), failure);
            }
            Err(failure) => return Err(failure),
        }
    }
    distinct(clusters.values().map(|cluster| (&cluster.target, cluster.uid.as_str())))?;
    Ok((clusters, lost))
}

/// Greets all clusters side by side, to the end; those that failed come first, by name.
pub(crate) async fn greet_all(
    found: Vec<Found>,
    mesh: &str,
    mut foreseen: Foreseen,
    report: &Arc<Report>,
) -> Vec<Result<Cluster, Failure>> {
    let mut greetings = tokio::task::JoinSet::new();
    for one in found {
        let (mesh, report) = (mesh.to_owned(), Arc::clone(report));
        let foreseen = foreseen.remove(&one.target.cluster).unwrap_or_default();
        greetings.spawn(async move { greet(one, &mesh, foreseen, &report).await });
    }
    let mut greeted = Vec::new();
    while let Some(joined) = greetings.join_next().await {
        match joined {
            Ok(one) => greeted.push(one),
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
    greeted.sort_by_key(|one| match one {
        Ok(cluster) => (true, Some(cluster.name().to_owned())),
        Err(failure) => (false, failure.place.clone()),
    });
    greeted
}

/// An address of a cluster that others can hardly dial, since it is theirs too: what to say of it, and what to do.
pub(crate) fn loopback(url: &str) -> Option<(Text, Text)> {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let loopback = ["127.", "localhost", "[::1]"].iter().any(|start| host.starts_with(start));
    loopback.then(|| {
        let text = Text::new(
            format!("{url} goes into the remote secrets of other clusters, whose istiods can hardly reach it"),
            format!("{url} 会写入其他集群的远程 Secret，而那里的 istiod 很可能无法访问它"),
        );
        let hint = Text::new(
            "draw the address that others dial: `apiServer.url`",
            "请在拓扑中写明其他集群使用的地址：`apiServer.url`",
        );
        (text, hint)
    })
}

/// Refuses two clusters that are one API server.
pub(crate) fn distinct<'a>(clusters: impl Iterator<Item = (&'a Target, &'a str)>) -> Result<(), Failure> {
    let mut seen: BTreeMap<&str, &Target> = BTreeMap::new();
    for (target, uid) in clusters {
        if let Some(other) = seen.insert(uid, target) {
            let what = Text::new(
                format!(
                    "{} and {} are one cluster: contexts `{}` and `{}` lead to the same API server",
                    other.cluster, target.cluster, other.context, target.context
                ),
                format!(
                    "{} 与 {} 是同一个集群：上下文 `{}` 与 `{}` 指向同一个 API 服务器",
                    other.cluster, target.cluster, other.context, target.context
                ),
            );
            let hint = Text::new(
                "give each cluster a context of its own: `--context CLUSTER=CONTEXT`",
                "请为每个集群指定各自的上下文：`--context CLUSTER=CONTEXT`",
            );
            return Err(Failure::new(Exit::Context, what).hint(hint));
        }
    }
    Ok(())
}

fn read(kubeconfig: Option<&Path>) -> Result<Kubeconfig, Failure> {
    let read = match kubeconfig {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    read.map_err(|_| {
        let place = kubeconfig.map_or_else(|| "kubeconfig".to_owned(), |path| path.display().to_string());
        Failure::new(
            Exit::Context,
            Text::new("there is no kubeconfig here that can be read", "此处没有可读取的 kubeconfig"),
        )
        .at(place)
        .hint(Text::new(
            "name one: `--kubeconfig FILE`, or the environment variable KUBECONFIG",
            "请指定：`--kubeconfig FILE`，或设置环境变量 KUBECONFIG",
        ))
    })
}

impl Cluster {
    /// The cluster's name.
    pub(crate) fn name(&self) -> &str {
        &self.target.cluster
    }

    /// What the API server serves, as last asked.
    pub(crate) fn kinds(&self) -> Arc<Kinds> {
        Arc::clone(&self.kinds.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks again what is served: new definitions bring new kinds.
    pub(crate) async fn discover(&self) -> Result<(), CallError> {
        let kinds = Kinds::discover(&self.transport).await?;
        *self.kinds.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(kinds);
        Ok(())
    }

    /// Takes in a definition that is established: the list of what is served lags behind it.
    pub(crate) fn learn(&self, definition: &Value) {
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut kinds).learn(definition);
    }

    /// The path of an object; nothing where its kind is not served.
    pub(crate) fn path_of(&self, object: &Object) -> Option<String> {
        let id = object.id();
        let version = object.api_version().rsplit('/').next().unwrap_or_default();
        Some(self.kinds().get(&id.kind, version)?.item(&id.namespace, &id.name))
    }

    /// The path of an object of a kind, at the version the server prefers.
    pub(crate) fn path(&self, group: &str, kind: &str, namespace: &str, name: &str) -> Option<String> {
        let kind = GroupKind { group: group.to_owned(), kind: kind.to_owned() };
        Some(self.kinds().preferred(&kind)?.item(namespace, name))
    }

    /// The object of a kind and name; nothing where it is not there or its kind is not served.
    pub(crate) async fn find(
        &self,
        group: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Value>, CallError> {
        match self.path(group, kind, namespace, name) {
            Some(path) => self.transport.find(&path).await,
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_api_server_under_two_names_is_refused() {
        let target = |cluster: &str| Target {
            cluster: cluster.into(),
            context: format!("ctx-{cluster}"),
            server: String::new(),
        };
        let (a, b) = (target("a"), target("b"));
        assert!(distinct([(&a, "1"), (&b, "2")].into_iter()).is_ok());
        let failure = distinct([(&a, "1"), (&b, "1")].into_iter()).unwrap_err();
        assert_eq!(failure.exit, Exit::Context);
        assert!(failure.what.en.contains("ctx-a") && failure.what.en.contains("ctx-b"));
    }
}
