//! Which authority vouches for an API server at the address that goes into remote secrets. An istiod elsewhere trusts the one in the
//! secret and no other: that of the token, which is the API server's own, or, behind a proxy that answers with a certificate of its own,
//! that of the kubeconfig. It is tried, from this machine.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use shared::fact::Fact;
use shared::probe::Probe;
use shared::text::Text;
use x509_parser::pem::Pem;

use super::decoded;
use crate::clusters::Cluster;
use crate::transport::{Blocked, CallError};
use crate::world::World;

/// Where an authority comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It came with the token.
    Token,
    /// The kubeconfig trusts it.
    Kubeconfig,
}

impl Origin {
    /// Its word in a topology.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Kubeconfig => "kubeconfig",
        }
    }
}

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tried {
    /// The server's certificate is by this authority.
    Vouched,
    /// It is not.
    Distrusted,
    /// Nobody answers there, for this machine.
    Away,
}

/// Which authority goes into remote secrets, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The authority.
    pub(crate) origin: Origin,
    /// The one that was drawn.
    pub(crate) drawn: Origin,
    /// What a try of it came to; nothing where there was nothing to try.
    pub(crate) tried: Option<Tried>,
    /// The address.
    pub(crate) url: String,
}

impl Choice {
    /// What a person should know of it before it is written; nothing where it is as drawn and works.
    pub(crate) fn warning(&self) -> Option<(Text, Text)> {
        let Self { origin, url, tried, .. } = self;
        let word = origin.word();
        Some(match tried.as_ref()? {
            Tried::Vouched => return None,
            Tried::Away => (
                Text::new(
                    format!(
                        "this machine does not reach {url}, so it is not known which authority vouches for it: remote secrets hold that of the {word}"
                    ),
                    format!("本机无法访问 {url}，因此不知道哪个 CA 能验证它：远程 Secret 使用 {word} 的 CA"),
                ),
                Text::new(
                    "run `isthmus check` where that address can be dialled, or draw `apiServer.ca`",
                    "请在能访问该地址的机器上运行 `isthmus check`，或在拓扑中写明 `apiServer.ca`",
                ),
            ),
            Tried::Distrusted => (
                Text::new(
                    format!(
                        "neither the authority of the token nor that of the kubeconfig vouches for {url}: remote secrets hold that of the {word}, and istiods elsewhere will refuse the connection"
                    ),
                    format!(
                        "令牌与 kubeconfig 的 CA 都不能验证 {url}：远程 Secret 使用 {word} 的 CA，别处的 istiod 将拒绝该连接"
                    ),
                ),
                Text::new(
                    "where the certificate is for another name than the address, draw it: `apiServer.tlsServerName`",
                    "若证书中的名称与地址不同，请在拓扑中写明：`apiServer.tlsServerName`",
                ),
            ),
        })
    }

    /// A choice that others would not expect, said beside the token; empty where it is as drawn.
    pub(super) fn detail(&self) -> Text {
        if self.origin == self.drawn {
            return Text::default();
        }
        let (word, url) = (self.origin.word(), &self.url);
        Text::new(
            format!(", the authority of the {word}, which vouches for {url}"),
            format!("，CA 取自 {word}，它能验证 {url}"),
        )
    }
}

/// Chooses between the authority beside the token, as PEM, and that of the kubeconfig. Where both are the same nothing is tried, unless
/// it is asked for `surely`: then a try says whether the one vouches. Nothing where others do not dial the API server itself.
pub(crate) async fn choose(world: &World, cluster: &Cluster, token: &str, surely: bool) -> Option<Choice> {
    let (fact, drawn_url, server_name, ca_from_kubeconfig) = world.probes().iter().find_map(|(fact, probe)| {
        let Probe::ApiServer { url, tls_server_name, ca_from_kubeconfig } = probe else { return None };
        let of_this = fact.cluster().as_str() == cluster.name();
        of_this.then_some((fact, url.as_deref(), tls_server_name.as_deref(), *ca_from_kubeconfig))
    })?;
    let url = drawn_url.unwrap_or(&cluster.target.server);
    let drawn = if ca_from_kubeconfig { Origin::Kubeconfig } else { Origin::Token };
    let choice = |origin, tried| Some(Choice { origin, drawn, tried, url: url.to_owned() });
    let of = |origin| if origin == Origin::Token { token } else { &*cluster.trusted };
    let is_one = cluster.trusted.is_empty() || same(token, &cluster.trusted);
    let only = if cluster.trusted.is_empty() { Origin::Token } else { drawn };
    if is_one && !surely {
        return choice(only, None);
    }
    if let Some(known) = world.vouched(cluster.name(), token) {
        return Some(known);
    }
    let other = if drawn == Origin::Token { Origin::Kubeconfig } else { Origin::Token };
    let candidates: &[Origin] = if is_one { &[only] } else { &[drawn, other] };
    let mut seen = Tried::Away;
    for origin in candidates {
        seen = try_it(cluster, url, server_name, of(*origin)).await;
        match seen {
            Tried::Vouched => return choice(*origin, Some(seen)),
            Tried::Away => break,
            Tried::Distrusted => {}
        }
    }
    if is_one {
        return choice(only, Some(seen));
    }
    // Somebody who could try it may have written a remote secret before: that choice is kept.
    let kept = if seen == Tried::Away { written(world, fact).await } else { None };
    let is = |origin: &Origin| kept.as_deref().is_some_and(|kept| same(kept, of(*origin)));
    match [drawn, other].into_iter().find(is) {
        Some(origin) => choice(origin, None),
        None => choice(drawn, Some(seen)),
    }
}

/// What a person should know before the authority of a cluster is written into a remote secret, the first time it is asked for: an
/// address that is not the kubeconfig's was never dialled until then.
pub(crate) async fn warning(world: &World, cluster: &Cluster) -> Option<(Text, Text)> {
    let (token, mut choice) = world.take_choice(cluster.name())?;
    if choice.tried.is_none() && (choice.url != cluster.target.server || !cluster.is_proven()) {
        choice = choose(world, cluster, &token, true).await?;
    }
    choice.warning()
}

/// One try, as whoever has no credentials: any answer will do.
async fn try_it(cluster: &Cluster, url: &str, server_name: Option<&str>, authority: &str) -> Tried {
    let Ok(way) = cluster.dialled_at(url, server_name, authority) else { return Tried::Distrusted };
    match way.greet("/version").await {
        Err(CallError::Blocked(Blocked::Certificate(_))) => Tried::Distrusted,
        Err(error) if error.is_unreachable() => Tried::Away,
        _ => Tried::Vouched,
    }
}

/// Whether two lists of certificates are of the same ones.
fn same(one: &str, other: &str) -> bool {
    let read = |text: &str| -> BTreeSet<Vec<u8>> {
        Pem::iter_from_buffer(text.as_bytes()).filter_map(Result::ok).map(|pem| pem.contents).collect()
    };
    read(one) == read(other)
}

/// The authority in a remote secret for the cluster that is there already, as PEM.
async fn written(world: &World, api_server: &Fact) -> Option<String> {
    for (fact, probe) in world.probes() {
        let (Fact::Watched { cluster, .. }, Probe::Watched { by, namespace, secret, key, .. }) = (fact, probe) else {
            continue;
        };
        if cluster != api_server.cluster() {
            continue;
        }
        let Ok(holder) = world.cluster(by.as_str()) else { continue };
        // What cannot be read says nothing; whoever writes it is told why.
        let Ok(Some(found)) = holder.find("", "Secret", namespace, secret).await else { continue };
        if let Some(authority) = authority_of(&decoded(&found["data"][key])) {
            return Some(authority);
        }
    }
    None
}

/// What is read of a remote secret's kubeconfig.
#[derive(Deserialize)]
struct Kubeconfig {
    clusters: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    cluster: Place,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Place {
    certificate_authority_data: String,
}

/// The authority of the first cluster in a kubeconfig, as PEM.
fn authority_of(kubeconfig: &str) -> Option<String> {
    let read: Kubeconfig = serde_yaml::from_str(kubeconfig).ok()?;
    let data = read.clusters.into_iter().next()?.cluster.certificate_authority_data;
    String::from_utf8(STANDARD.decode(data).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_work_is_said() {
        let choice = |origin, tried| Choice { origin, drawn: Origin::Token, tried, url: "https://a".to_owned() };
        assert_eq!(choice(Origin::Token, None).warning(), None);
        assert_eq!(choice(Origin::Kubeconfig, Some(Tried::Vouched)).warning(), None);
        let said = |tried| choice(Origin::Token, Some(tried)).warning().unwrap().0.en;
        assert!(said(Tried::Away).contains("does not reach https://a") && said(Tried::Distrusted).contains("neither"));
        assert!(choice(Origin::Token, None).detail().en.is_empty());
        assert!(choice(Origin::Kubeconfig, None).detail().en.contains("of the kubeconfig"));
    }

    #[test]
    fn authorities_are_alike_by_what_they_are_and_not_by_how_they_are_written() {
        let pem = |lines: &str| format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n");
        let (one, two) = (pem("aGVs\nbG8h"), pem("d29ybGQh"));
        assert!(same(&one, &pem("aGVsbG8h")) && !same(&one, &two));
        assert!(same(&format!("{one}{two}"), &format!("{two}{one}")) && !same(&one, &format!("{one}{two}")));
        let config = format!(
            "clusters: [{{name: a, cluster: {{server: x, certificate-authority-data: {}}}}}]",
            STANDARD.encode(&one)
        );
        assert_eq!(authority_of(&config), Some(one));
        assert_eq!(authority_of("clusters: []"), None);
    }
}
