//! Learning facts. The bundle says how each is learnt, as data; this executes it and knows nothing else about Istio.

mod address;
pub(crate) mod authority;
mod events;
mod trust;
mod workload;

pub(crate) use events::{about, events};
pub(crate) use trust::canonical;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::fact::Fact;
use shared::hole::Part;
use shared::probe::{ObjectRef, Probe};
use shared::text::Text;

use authority::Origin;

use crate::clusters::Cluster;
use crate::error::{Exit, Failure};
use crate::fill::{Filling, is_plain};
use crate::kinds::elements;
use crate::refusal::refusal;
use crate::transport::CallError;
use crate::world::World;

/// What a look at a fact came to.
#[derive(Debug, Clone)]
pub(crate) enum Sight {
    /// It is so.
    So(Learned),
    /// It is not so yet; the reason.
    NotYet(Text),
    /// It will not come to be so by waiting.
    Never(Box<Failure>),
}

/// What was learnt of a fact that is so.
#[derive(Debug, Clone, Default)]
pub(crate) struct Learned {
    /// What fills holes.
    pub(crate) parts: BTreeMap<Part, Filling>,
    /// What can be shown.
    pub(crate) detail: Text,
    /// A page that a person can open.
    pub(crate) page: Option<String>,
    /// Where others dial an address, with the port and as it stands in a URL.
    pub(crate) dialled: Option<String>,
}

impl Sight {
    fn so(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::So(Learned { detail: Text::new(en, zh), ..Learned::default() })
    }

    fn not_yet(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::NotYet(Text::new(en, zh))
    }
}

/// Looks once whether `fact` is so.
///
/// A server that cannot be reached now may be again in a moment: that is a reason to wait. A refusal is not.
pub(crate) async fn look(world: &World, fact: &Fact, probe: &Probe) -> Result<Sight, Failure> {
    let holder = match probe {
        Probe::Watched { by, .. } => by,
        _ => fact.cluster(),
    };
    let cluster = world.cluster(holder.as_str())?;
    match at(world, cluster, fact, probe).await {
        Ok(sight) => Ok(sight),
        Err(error) => {
            let failure = refusal(&cluster.target, &fact.to_string(), &fact.to_string(), &error);
            if error.is_unreachable() { Ok(Sight::NotYet(failure.what)) } else { Err(failure) }
        }
    }
}

/// The object whose change may make `fact` so, and the cluster it is in; nothing where it is more than one, or soon there.
pub(crate) fn hangs_on<'a>(world: &'a World, fact: &Fact, probe: &Probe) -> Option<(&'a Cluster, String)> {
    let cluster = world.cluster(fact.cluster().as_str()).ok()?;
    let path = match probe {
        Probe::Address { namespace, service, .. } => cluster.path("", "Service", namespace, service),
        Probe::GatewayAddress { namespace, gateway, .. } => {
            cluster.path(address::GATEWAY_API, "Gateway", namespace, gateway)
        }
        Probe::Deployment { namespace, deployment } => cluster.path("apps", "Deployment", namespace, deployment),
        _ => None,
    };
    Some((cluster, path?))
}

/// What the object that `fact` hangs on says of it, as a bell handed it over; nothing where that is not all there is to look at.
pub(crate) fn judge(world: &World, fact: &Fact, probe: &Probe, found: &Value) -> Option<Sight> {
    let cluster = world.cluster(fact.cluster().as_str()).ok()?;
    match probe {
        Probe::Address { namespace, service, port, address_kind, opens } => {
            Some(address::given(cluster, (namespace, service, *port), *address_kind, opens.as_deref(), found))
        }
        Probe::GatewayAddress { namespace, gateway, port, opens } => {
            Some(address::programmed((namespace, gateway, *port), opens.as_deref(), found))
        }
        Probe::Deployment { namespace, deployment } => {
            Some(workload::of_deployment(Some(found), namespace, deployment))
        }
        _ => None,
    }
}

async fn at(world: &World, cluster: &Cluster, fact: &Fact, probe: &Probe) -> Result<Sight, CallError> {
    match probe {
        Probe::ApiServer { url, .. } => api_server(cluster, url.as_deref()).await,
        Probe::Certificates { namespace, secret, keys } => {
            trust::certificates(world, cluster, namespace, secret, keys).await
        }
        Probe::Namespace { name } => namespace(cluster, name).await,
        Probe::Trust { namespace, secret, keys } => trust::shared(world, cluster, namespace, secret, keys).await,
        Probe::Installed { crds, webhooks } => workload::installed(cluster, crds, webhooks).await,
        Probe::Credential { namespace, secret, host } => trust::credential(cluster, namespace, secret, host).await,
        Probe::Istiod { namespace, deployments, validating_webhooks, webhook_cluster } => {
            let elsewhere = webhook_cluster.as_ref().and_then(|name| world.cluster(name.as_str()).ok());
            let holder = elsewhere.map_or(cluster, |cluster| cluster.as_ref());
            let (runs, webhook) = tokio::try_join!(
                workload::one_available(cluster, namespace, deployments),
                workload::one_trusted(holder, "ValidatingWebhookConfiguration", validating_webhooks)
            )?;
            Ok(match (runs, webhook) {
                (Sight::So(learned), Sight::So(_)) => Sight::So(learned),
                (Sight::So(_), other) | (other, _) => other,
            })
        }
        Probe::Injects { webhooks } => workload::injects(cluster, webhooks).await,
        Probe::Exposed { objects } => exposed(cluster, objects).await,
        Probe::Address { namespace, service, port, address_kind, opens } => {
            address::of_balancer(cluster, (namespace, service, *port), *address_kind, opens.as_deref()).await
        }
        Probe::NodeAddress { namespace, service, port, node_selector, kinds } => {
            address::of_node(cluster, (namespace, service, *port), node_selector, kinds).await
        }
        Probe::DrawnAddress { namespace, service, port, address } => {
            address::drawn(cluster, (namespace, service, *port), address).await
        }
        Probe::GatewayAddress { namespace, gateway, port, opens } => {
            address::of_gateway(cluster, (namespace, gateway, *port), opens.as_deref()).await
        }
        Probe::Definitions { crds, .. } => workload::installed(cluster, crds, &[]).await,
        Probe::Deployment { namespace, deployment } => workload::available(cluster, namespace, deployment).await,
        Probe::Token { namespace, secret } => token(world, cluster, namespace, secret).await,
        Probe::Watched { namespace, secret, key, .. } => watched(world, cluster, fact, namespace, secret, key).await,
        Probe::Sample { namespace, deployments } => workload::all_available(cluster, namespace, deployments).await,
    }
}

async fn api_server(cluster: &Cluster, url: Option<&str>) -> Result<Sight, CallError> {
    let version = cluster.transport.greet("/version").await?.body;
    let url = url.unwrap_or(&cluster.target.server).to_owned();
    let version = version["gitVersion"].as_str().unwrap_or_default();
    let detail = Text::new(format!("{url}, Kubernetes {version}"), format!("{url}，Kubernetes {version}"));
    let parts = BTreeMap::from([(Part::Url, Filling::open(url))]);
    Ok(Sight::So(Learned { parts, detail, ..Learned::default() }))
}

async fn namespace(cluster: &Cluster, name: &str) -> Result<Sight, CallError> {
    Ok(match cluster.find("", "Namespace", "", name).await? {
        Some(found) if found["status"]["phase"] == "Active" => Sight::so(name, name),
        Some(_) => Sight::not_yet(format!("namespace {name} is being deleted"), format!("命名空间 {name} 正在被删除")),
        None => Sight::not_yet(format!("there is no namespace {name}"), format!("没有命名空间 {name}")),
    })
}

async fn exposed(cluster: &Cluster, objects: &[ObjectRef]) -> Result<Sight, CallError> {
    let looks = objects.iter().map(|object| {
        let group = object.api_version.split_once('/').map_or("", |(group, _)| group);
        cluster.find(group, &object.kind, object.namespace.as_deref().unwrap_or_default(), &object.name)
    });
    for (object, found) in objects.iter().zip(futures_util::future::try_join_all(looks).await?) {
        let namespace = object.namespace.as_deref().unwrap_or_default();
        if found.is_none() {
            let name = format!("{} {namespace}/{}", object.kind, object.name);
            return Ok(Sight::not_yet(format!("there is no {name}"), format!("没有 {name}")));
        }
    }
    let names: Vec<&str> = objects.iter().map(|object| object.name.as_str()).collect();
    Ok(Sight::so(names.join(", "), names.join("、")))
}

async fn token(world: &World, cluster: &Cluster, namespace: &str, secret: &str) -> Result<Sight, CallError> {
    let Some(found) = cluster.find("", "Secret", namespace, secret).await? else {
        return Ok(no_secret(namespace, secret));
    };
    let (token, ca) = (decoded(&found["data"]["token"]), found["data"]["ca.crt"].as_str().unwrap_or_default());
    if token.is_empty() || ca.is_empty() {
        return Ok(Sight::not_yet("the token controller has not filled the secret yet", "令牌控制器尚未填充该 Secret"));
    }
    if !is_plain(&token) || !is_plain(ca) {
        return Ok(Sight::not_yet("the secret does not hold a token", "该 Secret 中不是令牌"));
    }
    let own = decoded(&found["data"]["ca.crt"]);
    let choice = authority::choose(world, cluster, &own, false).await;
    if let Some(choice) = &choice {
        world.note_choice(cluster.name(), &own, choice);
    }
    let ca = match choice.as_ref().map(|choice| choice.origin) {
        Some(Origin::Kubeconfig) => STANDARD.encode(&cluster.trusted),
        Some(Origin::Token) | None => ca.to_owned(),
    };
    let by = choice.map(|choice| choice.detail()).unwrap_or_default();
    let parts = BTreeMap::from([(Part::Token, Filling::secret(token)), (Part::TokenCa, Filling::open(ca))]);
    Ok(Sight::So(Learned {
        parts,
        detail: Text::new(
            format!("secret {namespace}/{secret}{}", by.en),
            format!("Secret {namespace}/{secret}{}", by.zh),
        ),
        ..Learned::default()
    }))
}

/// The remote secret is there, and the API server of the cluster it leads to accepts its token.
async fn watched(
    world: &World,
    holder: &Cluster,
    fact: &Fact,
    namespace: &str,
    secret: &str,
    key: &str,
) -> Result<Sight, CallError> {
    let Some(found) = holder.find("", "Secret", namespace, secret).await? else {
        return Ok(no_secret(namespace, secret));
    };
    let Some(token) = token_of(&decoded(&found["data"][key])) else {
        let text = format!("secret {namespace}/{secret} has no kubeconfig with a token under the key {key}");
        return Ok(Sight::not_yet(text, format!("Secret {namespace}/{secret} 的键 {key} 下没有带令牌的 kubeconfig")));
    };
    let Ok(read) = world.cluster(fact.cluster().as_str()) else { return Err(CallError::NotFound) };
    let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
    match read.anonymous.ask_as(&token, "/apis/authentication.k8s.io/v1/selfsubjectreviews", &review).await {
        Ok(answer) => {
            let user = answer["status"]["userInfo"]["username"].as_str().unwrap_or_default().to_owned();
            Ok(Sight::so(format!("its token is accepted, as {user}"), format!("其令牌被接受，身份为 {user}")))
        }
        Err(CallError::Unauthorized) => Ok(Sight::not_yet(
            format!("the API server of {} does not accept the token", fact.cluster()),
            format!("{} 的 API 服务器不接受该令牌", fact.cluster()),
        )),
        // Everybody who is known may ask who they are (`system:basic-user`), but one that has just started may not know that yet.
        Err(CallError::Forbidden(_)) => Ok(Sight::not_yet(
            format!("the API server of {} does not know yet what the token's bearer may do", fact.cluster()),
            format!("{} 的 API 服务器尚不知道该令牌持有者的权限", fact.cluster()),
        )),
        Err(error) => Err(error),
    }
}

/// What is read of a remote secret's kubeconfig.
#[derive(Deserialize)]
struct RemoteKubeconfig {
    users: Vec<NamedUser>,
}

#[derive(Deserialize)]
struct NamedUser {
    user: User,
}

#[derive(Deserialize)]
struct User {
    token: String,
}

/// The token of the first user in a kubeconfig.
fn token_of(kubeconfig: &str) -> Option<String> {
    let read: RemoteKubeconfig = serde_yaml::from_str(kubeconfig).ok()?;
    read.users.into_iter().next().map(|named| named.user.token)
}

/// The root in a secret of certificates, in canonical form.
pub(crate) fn canonical_root(secret: &Value) -> String {
    trust::canonical(&decoded(&secret["data"]["root-cert.pem"]))
}

/// A secret that is not there.
fn no_secret(namespace: &str, secret: &str) -> Sight {
    Sight::not_yet(format!("there is no secret {namespace}/{secret}"), format!("没有 Secret {namespace}/{secret}"))
}

/// The text of a value of a Secret; empty where there is none.
fn decoded(value: &Value) -> String {
    let bytes = value.as_str().and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The status of one of an object's conditions.
fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    elements(&object["status"]["conditions"]).iter().find(|condition| condition["type"] == kind)
}

/// A fact that waiting does not bring about.
fn never(fact: &str, what: Text, hint: Text) -> Sight {
    Sight::Never(Box::new(Failure::new(Exit::Failed, what).at(fact).hint(hint)))
}
