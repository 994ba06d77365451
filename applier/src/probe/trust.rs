//! Facts about trust: where a cluster's certificates come from, and whether all clusters have one root.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::hole::Part;
use shared::text::Text;
use time::OffsetDateTime;

use super::{Learned, Sight, decoded, no_secret};
use crate::certs::{Certificates, check};
use crate::clusters::Cluster;
use crate::fill::Filling;
use crate::transport::CallError;
use crate::world::World;

/// The keys of a `cacerts` secret and the holes they fill.
const PARTS: [(&str, Part); 4] = [
    ("ca-cert.pem", Part::CaCert),
    ("ca-key.pem", Part::CaKey),
    ("root-cert.pem", Part::RootCert),
    ("cert-chain.pem", Part::CertChain),
];

/// The certificates of a signer: those of `--certs`, else those in its cluster.
pub(super) async fn certificates(
    world: &World,
    cluster: &Cluster,
    namespace: &str,
    secret: &str,
    keys: &[String],
) -> Result<Sight, CallError> {
    if let Some(given) = world.certificates(cluster.name()) {
        let detail = Text::new("from the folder given by `--certs`", "来自 `--certs` 指定的目录");
        return Ok(Sight::So(Learned { parts: given, detail, ..Learned::default() }));
    }
    let found = cluster.find("", "Secret", namespace, secret).await?;
    let missing = |key: &&String| found.as_ref().is_none_or(|found| decoded(&found["data"][key.as_str()]).is_empty());
    if keys.iter().any(|key| missing(&key)) {
        return Ok(Sight::not_yet(
            format!("no `--certs` is given, and there is no secret {namespace}/{secret} with its {} keys", keys.len()),
            format!("未指定 `--certs`，且没有包含 {} 个键的 Secret {namespace}/{secret}", keys.len()),
        ));
    }
    let data = found.map_or(Value::Null, |found| found["data"].clone());
    let text = |key: &str| decoded(&data[key]);
    let files = Certificates {
        ca_cert: text("ca-cert.pem"),
        ca_key: text("ca-key.pem"),
        root_cert: text("root-cert.pem"),
        cert_chain: text("cert-chain.pem"),
    };
    let place = format!("{}: {namespace}/{secret}", cluster.name());
    if let Err(failure) = check::certificates(&files, &place, OffsetDateTime::now_utc()) {
        let place = failure.place.unwrap_or(place);
        let Text { en, zh } = failure.what;
        return Ok(Sight::not_yet(format!("{place}: {en}"), format!("{place}：{zh}")));
    }
    let parts: BTreeMap<Part, Filling> =
        PARTS.iter().filter_map(|(key, part)| Some((*part, Filling::secret(data[*key].as_str()?)))).collect();
    let detail = Text::new(format!("secret {namespace}/{secret}"), format!("Secret {namespace}/{secret}"));
    Ok(Sight::So(Learned { parts, detail, ..Learned::default() }))
}

/// The secret has its keys, and its root is that of all other clusters that have one.
pub(super) async fn shared(
    world: &World,
    cluster: &Cluster,
    namespace: &str,
    secret: &str,
    keys: &[String],
) -> Result<Sight, CallError> {
    let Some(found) = cluster.find("", "Secret", namespace, secret).await? else {
        return Ok(no_secret(namespace, secret));
    };
    if let Some(missing) = keys.iter().find(|key| decoded(&found["data"][key.as_str()]).is_empty()) {
        let text = format!("secret {namespace}/{secret} has no {missing}");
        return Ok(Sight::not_yet(text, format!("Secret {namespace}/{secret} 没有 {missing}")));
    }
    let root = canonical(&decoded(&found["data"]["root-cert.pem"]));
    for (name, other) in world.roots(cluster.name(), &root).await? {
        if other != root {
            return Ok(Sight::not_yet(
                format!("its root is not that of {name}: workloads of the two would not trust each other"),
                format!("其根证书与 {name} 的不同：两边的工作负载将互不信任"),
            ));
        }
    }
    Ok(Sight::so("one root", "根证书一致"))
}

/// The TLS secret of an istiod's host name: a pair that matches, covers the host and is not expired.
pub(super) async fn credential(
    cluster: &Cluster,
    namespace: &str,
    secret: &str,
    host: &str,
) -> Result<Sight, CallError> {
    let place = format!("{namespace}/{secret}");
    let Some(found) = cluster.find("", "Secret", namespace, secret).await? else {
        return Ok(no_secret(namespace, secret));
    };
    let (chain, key) = (decoded(&found["data"]["tls.crt"]), decoded(&found["data"]["tls.key"]));
    Ok(match check::serves(&chain, &key, host, &place, OffsetDateTime::now_utc()) {
        Ok(until) => Sight::so(format!("{host}, until {}", until.date()), format!("{host}，有效期至 {}", until.date())),
        Err(failure) => Sight::not_yet(
            format!("secret {place}: {}", failure.what.en),
            format!("Secret {place}：{}", failure.what.zh),
        ),
    })
}

/// A certificate's text without what does not matter: line ends and blanks.
pub(crate) fn canonical(pem: &str) -> String {
    pem.split_whitespace().collect()
}
