//! By what one cluster is watched: the token's secret in it, and the remote secrets that carry the token elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use shared::fact::Fact;
use shared::probe::Probe;
use shared::text::Text;

use super::{Job, Work};
use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::kinds::elements;
use crate::object::{GroupKind, PART_OF};
use crate::transport::CallError;

/// The credentials of one cluster, as the bundle has them.
pub(crate) struct Credentials<'a> {
    /// The fact that the token is there.
    pub(crate) token: Fact,
    /// The namespace of the token's secret.
    pub(crate) namespace: String,
    /// The name of the token's secret.
    pub(crate) secret: String,
    /// The step that makes it.
    pub(crate) maker: &'a Job,
    /// The steps that carry it to istiods elsewhere.
    pub(crate) readers: Vec<Reader<'a>>,
}

/// An istiod that watches the cluster.
pub(crate) struct Reader<'a> {
    /// The step that lets it.
    pub(crate) job: &'a Job,
    /// The fact that it may.
    pub(crate) watched: Fact,
    /// The namespace of its remote secret.
    pub(crate) namespace: String,
    /// The name of its remote secret.
    pub(crate) secret: String,
    /// The deployments, of which one is there, that read it when they start and never again.
    pub(crate) read_at_start: Vec<String>,
}

/// The secrets in a cluster that hold a token for its reader.
pub(crate) struct Tokens {
    /// The one that the bundle names.
    pub(crate) known: Option<Value>,
    /// Those that `rotate` made, the newest last.
    pub(crate) successors: Vec<Value>,
}

impl Work {
    /// The clusters that are watched from elsewhere.
    pub(crate) fn watched(&self) -> Vec<String> {
        let tokens = self.probes.keys().filter(|fact| matches!(fact, Fact::Token(_)));
        tokens.map(|fact| fact.cluster().to_string()).collect()
    }

    /// The credentials of a cluster; a failure where none is made for it.
    pub(crate) fn credentials(&self, cluster: &str) -> Result<Credentials<'_>, Failure> {
        self.find_credentials(cluster).ok_or_else(|| {
            let names = self.watched().join(", ");
            Failure::new(
                Exit::Usage,
                Text::new(
                    format!("no istiod elsewhere watches {cluster} by this bundle"),
                    format!("按本包，没有其他集群的 istiod 监视 {cluster}"),
                ),
            )
            .hint(Text::new(format!("these are watched: {names}"), format!("被监视的集群：{names}")))
        })
    }

    fn find_credentials(&self, cluster: &str) -> Option<Credentials<'_>> {
        let (token, how) =
            self.probes.iter().find(|(fact, _)| matches!(fact, Fact::Token(name) if name.as_str() == cluster))?;
        let Probe::Token { namespace, secret } = how else { return None };
        Some(Credentials {
            token: token.clone(),
            namespace: namespace.clone(),
            secret: secret.clone(),
            maker: self.jobs.iter().find(|job| job.gives.contains(token))?,
            readers: self.jobs.iter().filter_map(|job| self.reader(job, cluster)).collect(),
        })
    }

    /// What a step does to let an istiod watch that cluster; nothing where it does something else.
    fn reader<'a>(&self, job: &'a Job, cluster: &str) -> Option<Reader<'a>> {
        self.reader_of(job).filter(|reader| reader.watched.cluster().as_str() == cluster)
    }

    /// What a step does to let an istiod watch another cluster; nothing where it does something else.
    pub(crate) fn reader_of<'a>(&self, job: &'a Job) -> Option<Reader<'a>> {
        let watched = job.gives.iter().find(|fact| matches!(fact, Fact::Watched { .. }))?;
        let Some(Probe::Watched { namespace, secret, read_at_start, .. }) = self.probes.get(watched) else {
            return None;
        };
        Some(Reader {
            job,
            watched: watched.clone(),
            namespace: namespace.clone(),
            secret: secret.clone(),
            read_at_start: read_at_start.clone(),
        })
    }
}

impl Credentials<'_> {
    /// Looks which token secrets of the set there are.
    pub(crate) async fn tokens(&self, cluster: &Cluster, set: &str) -> Result<Tokens, CallError> {
        let known = cluster.find("", "Secret", &self.namespace, &self.secret).await?;
        let kind = GroupKind { group: String::new(), kind: "Secret".to_owned() };
        let kinds = cluster.kinds();
        let Some(resource) = kinds.preferred(&kind) else { return Err(CallError::NotFound) };
        let label = PART_OF.replace('/', "%2F");
        let list = format!("{}?labelSelector={label}%3D{set}", resource.list(Some(&self.namespace)));
        let listed = cluster.transport.get(&list).await?;
        let mut numbered: Vec<(i64, Value)> = elements(&listed["items"])
            .iter()
            .filter_map(|found| Some((self.number(name(found))?, found.clone())))
            .collect();
        numbered.sort_by_key(|(number, _)| *number);
        Ok(Tokens { known, successors: numbered.into_iter().map(|(_, found)| found).collect() })
    }

    /// The name of a successor made at that second. Never one that was there before: where tokens are signed by RSA, a secret
    /// made again under its old name holds its old token again, as nothing else in the token tells the two apart.
    pub(crate) fn successor(&self, newest: Option<&Value>, now: i64) -> String {
        let newest = newest.and_then(|secret| self.number(name(secret))).unwrap_or(0);
        format!("{}-{}", self.secret, now.max(newest + 1))
    }

    fn number(&self, name: &str) -> Option<i64> {
        name.strip_prefix(&self.secret)?.strip_prefix('-')?.parse().ok()
    }
}

/// The name of an object.
pub(crate) fn name(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}

/// Whether two secrets hold the same token; two that hold none do not.
pub(crate) fn same_token(one: &Value, other: &Value) -> bool {
    let token = |secret: &Value| secret["data"]["token"].as_str().and_then(|text| STANDARD.decode(text).ok());
    token(one).is_some_and(|found| !found.is_empty() && Some(found) == token(other))
}
