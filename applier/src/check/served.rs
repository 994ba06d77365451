//! Which authority vouches for an API server at the address that goes into remote secrets: an istiod there has the one in the secret
//! and no other. It is tried.

use std::sync::Arc;

use shared::check as catalogue;
use shared::fact::Fact;
use shared::probe::Probe;
use shared::text::Text;

use super::{Ground, Line, Outcome};
use crate::clusters::Cluster;
use crate::transport::{Blocked, CallError};

/// Where every API server's own authority is found (Kubernetes: Root CA publication); a token's secret holds the same.
const OWN: (&str, &str, &str) = ("kube-system", "kube-root-ca.crt", "ca.crt");

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tried {
    /// The server's certificate is by this authority.
    Vouched,
    /// It is not.
    Distrusted,
    /// Nobody answers there, for this machine.
    Away,
}

/// Tries the authority that would be written, then the other.
pub(super) async fn of(ground: &Ground<'_>, fact: &Fact) -> Option<Line> {
    let Fact::ApiServer(name) = fact else { return None };
    let cluster = ground.clusters.iter().find(|cluster| cluster.name() == name.as_str())?;
    let Some(Probe::ApiServer { url, tls_server_name, ca_from_kubeconfig }) = ground.work.probes.get(fact) else {
        return None;
    };
    let url = url.as_deref().unwrap_or(&cluster.target.server);
    let (namespace, config_map, key) = OWN;
    let own = match cluster.find("", "ConfigMap", namespace, config_map).await {
        Ok(found) => found?["data"][key].as_str()?.to_owned(),
        Err(error) => return Some(Line::unseen(catalogue::SERVER_CERTIFICATE, cluster, &error)),
    };
    let (token, kubeconfig) = ((&*own, "token"), (&*cluster.trusted, "kubeconfig"));
    let (drawn, other) = if *ca_from_kubeconfig { (kubeconfig, token) } else { (token, kubeconfig) };
    let try_it = async |authority: &str| tried(cluster, url, tls_server_name.as_deref(), authority).await;
    let first = try_it(drawn.0).await;
    let second = if first == Tried::Distrusted { try_it(other.0).await } else { first };
    Some(judged(cluster.name(), url, drawn.1, other.1, (first, second)))
}

/// One try, as whoever has no credentials: any answer will do.
async fn tried(cluster: &Arc<Cluster>, url: &str, server_name: Option<&str>, authority: &str) -> Tried {
    let Ok(way) = cluster.dialled_at(url, server_name, authority) else { return Tried::Distrusted };
    match way.greet("/version").await {
        Err(CallError::Blocked(Blocked::Certificate(_))) => Tried::Distrusted,
        Err(error) if error.is_unreachable() => Tried::Away,
        _ => Tried::Vouched,
    }
}

fn judged(place: &str, url: &str, drawn: &str, other: &str, (first, second): (Tried, Tried)) -> Line {
    let line = |outcome, en, zh| Line::new(catalogue::SERVER_CERTIFICATE, place, outcome, Text::new(en, zh));
    match (first, second) {
        (Tried::Vouched, _) => line(
            Outcome::Good,
            format!("the authority of the {drawn} vouches for {url}"),
            format!("{url} 的证书由 {drawn} 的 CA 签发"),
        ),
        (Tried::Away, _) => line(
            Outcome::Info,
            format!("not tried: this machine does not reach {url}"),
            format!("未尝试：本机无法访问 {url}"),
        ),
        (Tried::Distrusted, Tried::Vouched) => line(
            Outcome::Error,
            format!("{url} shows a certificate that the authority of the {other} vouches for, not that of the {drawn}"),
            format!("{url} 的证书由 {other} 的 CA 签发，而不是 {drawn} 的 CA"),
        )
        .hint(Text::new(
            format!("draw it so: `apiServer: {{ca: {other}}}`"),
            format!("请在拓扑中写明：`apiServer: {{ca: {other}}}`"),
        )),
        (Tried::Distrusted, _) => line(
            Outcome::Error,
            format!("neither the authority of the token nor that of the kubeconfig vouches for {url}"),
            format!("令牌与 kubeconfig 的 CA 都没有签发 {url} 的证书"),
        )
        .advised(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_that_was_drawn_must_be_the_one_that_vouches() {
        let outcome = |tries| judged("a", "https://192.0.2.1", "token", "kubeconfig", tries).outcome;
        assert_eq!(outcome((Tried::Vouched, Tried::Vouched)), Outcome::Good);
        assert_eq!(outcome((Tried::Away, Tried::Away)), Outcome::Info);
        assert_eq!(outcome((Tried::Distrusted, Tried::Distrusted)), Outcome::Error);
        let other = judged("a", "https://192.0.2.1", "token", "kubeconfig", (Tried::Distrusted, Tried::Vouched));
        assert!(other.outcome == Outcome::Error && other.hints[0].en.contains("ca: kubeconfig"), "{other:?}");
    }
}
