//! Which authority vouches for an API server at the address that goes into remote secrets: an istiod there has the one in the secret
//! and no other. It is tried.

use shared::check as catalogue;
use shared::fact::Fact;
use shared::text::Text;

use super::{Ground, Line, Outcome};
use crate::probe::authority::{self, Choice, Tried};

/// Where every API server's own authority is found (Kubernetes: Root CA publication); a token's secret holds the same.
const OWN: (&str, &str, &str) = ("kube-system", "kube-root-ca.crt", "ca.crt");

/// Tries the authority that was drawn, then the other.
pub(super) async fn of(ground: &Ground<'_>, fact: &Fact) -> Option<Line> {
    let Fact::ApiServer(name) = fact else { return None };
    let cluster = ground.clusters.iter().find(|cluster| cluster.name() == name.as_str())?;
    let (namespace, config_map, key) = OWN;
    let own = match cluster.find("", "ConfigMap", namespace, config_map).await {
        Ok(found) => found?["data"][key].as_str()?.to_owned(),
        Err(error) => return Some(Line::unseen(catalogue::SERVER_CERTIFICATE, cluster, &error)),
    };
    let choice = authority::choose(&ground.world, cluster, &own, true).await?;
    Some(judged(cluster.name(), &choice))
}

fn judged(place: &str, choice: &Choice) -> Line {
    let line = |outcome, en, zh| Line::new(catalogue::SERVER_CERTIFICATE, place, outcome, Text::new(en, zh));
    let Choice { origin, drawn, tried, url } = choice;
    let word = origin.word();
    match tried {
        Some(Tried::Vouched) if origin == drawn => line(
            Outcome::Good,
            format!("the authority of the {word} vouches for {url}"),
            format!("{url} 的证书由 {word} 的 CA 签发"),
        ),
        Some(Tried::Vouched) => line(
            Outcome::Good,
            format!(
                "the authority of the {word} vouches for {url}, and goes into remote secrets; that of the {} does not",
                drawn.word()
            ),
            format!("{url} 的证书由 {word} 的 CA 签发，远程 Secret 将使用它；{} 的 CA 不能验证", drawn.word()),
        ),
        Some(Tried::Away) | None => line(
            Outcome::Info,
            format!("not tried: this machine does not reach {url}; remote secrets hold the authority of the {word}"),
            format!("未尝试：本机无法访问 {url}；远程 Secret 使用 {word} 的 CA"),
        ),
        Some(Tried::Distrusted) => line(
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
    use crate::probe::authority::Origin;

    #[test]
    fn one_of_both_must_vouch() {
        let judge = |origin, tried| {
            judged("a", &Choice { origin, drawn: Origin::Token, tried, url: "https://192.0.2.1".to_owned() })
        };
        assert_eq!(judge(Origin::Token, Some(Tried::Vouched)).outcome, Outcome::Good);
        assert_eq!(judge(Origin::Token, Some(Tried::Away)).outcome, Outcome::Info);
        assert_eq!(judge(Origin::Token, Some(Tried::Distrusted)).outcome, Outcome::Error);
        let other = judge(Origin::Kubeconfig, Some(Tried::Vouched));
        assert!(other.outcome == Outcome::Good && other.what.en.ends_with("that of the token does not"), "{other:?}");
    }
}
