//! Judges certificates that were made elsewhere or earlier: they parse, they are in their time, keys belong to certificates, the chain
//! leads to the root, and none of them is one of Istio's published samples, whose private keys everybody has.

use sha2::{Digest, Sha256};
use shared::text::Text;
use time::OffsetDateTime;
use x509_parser::pem::Pem;
use x509_parser::prelude::{GeneralName, X509Certificate};

use super::Certificates;
use crate::error::{Exit, Failure};

/// SHA-256 of the public keys (SPKI, DER) under `samples/certs` in Istio's repository: both roots, and every CA whose private key lies
/// beside its certificate.
const PUBLISHED: [&str; 6] = [
    "42d0f6531c3afb84b72f12f458fa35dc74402771fed9b27ad48a665474dde501",
    "f0592d4d660052580d0c0bfe09f9a4d795ad8ab7c2fa86c33276fbb352145ee5",
    "42d8cfd1102e06e3f2579e68f9db4f787ec9cbcd1f19f1bae7934cee918c2fef",
    "88e809261b157f0db238901c0033e6bfeba79793c20ab8af41963cdd41ce6600",
    "7c5f2208b98507d0d6f1fda0a6609e93fbb7fb434d39ed78b71e305e23d7a46d",
    "02f9ef016e164f12013c7e8d1f19b4ebd85738ef9cbee079a077bfd9166794cf",
];

/// Checks the four files of a cluster. The place is the folder or the secret they come from.
pub(crate) fn certificates(files: &Certificates, place: &str, now: OffsetDateTime) -> Result<(), Failure> {
    let [ca_at, root_at, chain_at] =
        ["ca-cert.pem", "root-cert.pem", "cert-chain.pem"].map(|name| format!("{place}/{name}"));
    authority(&files.ca_cert, &files.ca_key, &ca_at, now)?;
    let intermediate = one(&files.ca_cert, &ca_at)?;
    // While a root is replaced by another, both stand in the file.
    let roots = blocks(&files.root_cert);
    let roots = roots.iter().map(|block| parse(block, &root_at)).collect::<Result<Vec<_>, _>>()?;
    if roots.is_empty() {
        return Err(wrong(&root_at, "this file holds no certificate", "该文件不包含证书"));
    }
    for root in &roots {
        in_force(root, &root_at, now)?;
    }
    let chain = blocks(&files.cert_chain);
    if chain.first().is_none_or(|first| first.contents != intermediate.contents) {
        return Err(wrong(&chain_at, "it does not begin with ca-cert.pem", "未以 ca-cert.pem 开头"));
    }
    let chain = chain.iter().map(|block| parse(block, &chain_at)).collect::<Result<Vec<_>, _>>()?;
    let unbroken = chain.windows(2).all(|pair| is_signed(&pair[0], &pair[1]));
    // The chain may end with the root or one below it.
    let rooted = chain
        .last()
        .is_some_and(|last| roots.iter().any(|root| root.as_raw() == last.as_raw() || is_signed(last, root)));
    if unbroken && rooted {
        Ok(())
    } else {
        Err(wrong(&chain_at, "the chain does not lead to root-cert.pem", "证书链未通向 root-cert.pem"))
    }
}

/// Checks one CA, with its private key unless that is empty, and returns the end of its time.
pub(super) fn authority(cert: &str, key: &str, place: &str, now: OffsetDateTime) -> Result<OffsetDateTime, Failure> {
    let block = one(cert, place)?;
    let cert = parse(&block, place)?;
    let until = in_force(&cert, place, now)?;
    if !key.is_empty() && !is_pair(&cert, key) {
        return Err(wrong(
            place,
            "the private key beside it belongs to another certificate",
            "旁边的私钥属于另一个证书",
        ));
    }
    Ok(until)
}

/// Checks what a gateway presents: the certificate covers the host, is in its time, and the private key is its own.
pub(crate) fn serves(
    chain: &str,
    key: &str,
    host: &str,
    place: &str,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, Failure> {
    let chain = blocks(chain);
    let Some(first) = chain.first() else {
        return Err(wrong(place, "it holds no certificate", "其中没有证书"));
    };
    let cert = parse(first, place)?;
    let until = in_time(&cert, place, now)?;
    if !is_pair(&cert, key) {
        return Err(wrong(place, "its private key belongs to another certificate", "其私钥属于另一个证书"));
    }
    let names = cert.subject_alternative_name().ok().flatten();
    let covers = |name: &GeneralName<'_>| matches!(name, GeneralName::DNSName(name) if is_covered(host, name));
    if names.is_some_and(|names| names.value.general_names.iter().any(covers)) {
        return Ok(until);
    }
    Err(wrong(place, &format!("its certificate is not for {host}"), &format!("其证书不适用于 {host}")))
}

/// Whether a name of a certificate, which may begin with `*.`, covers a host.
fn is_covered(host: &str, name: &str) -> bool {
    let below = |wild: &str| host.split_once('.').is_some_and(|(_, parent)| parent.eq_ignore_ascii_case(wild));
    host.eq_ignore_ascii_case(name) || name.strip_prefix("*.").is_some_and(below)
}

/// Checks that a certificate is a CA of the operator's own, in its time, and returns the end of that.
fn in_force(cert: &X509Certificate<'_>, place: &str, now: OffsetDateTime) -> Result<OffsetDateTime, Failure> {
    if is_published(cert) {
        return Err(wrong(
            place,
            "this is one of Istio's sample certificates, whose keys everybody has",
            "这是 Istio 的示例证书，其私钥是公开的",
        ));
    }
    if !cert.basic_constraints().ok().flatten().is_some_and(|constraints| constraints.value.ca) {
        return Err(wrong(place, "this certificate is no CA", "该证书不是 CA"));
    }
    in_time(cert, place, now)
}

/// Checks that a certificate is in its time, and returns the end of that.
fn in_time(cert: &X509Certificate<'_>, place: &str, now: OffsetDateTime) -> Result<OffsetDateTime, Failure> {
    let (from, until) = (cert.validity().not_before.to_datetime(), cert.validity().not_after.to_datetime());
    if now < from {
        return Err(wrong(
            place,
            &format!("this certificate begins on {}", from.date()),
            &format!("该证书自 {} 起才有效", from.date()),
        ));
    }
    if until <= now {
        return Err(wrong(
            place,
            &format!("this certificate ended on {}", until.date()),
            &format!("该证书已于 {} 到期", until.date()),
        ));
    }
    Ok(until)
}

/// The end of the first certificate to end among those of a PEM text; nothing where it holds none.
pub(crate) fn earliest_end(text: &str) -> Option<OffsetDateTime> {
    let blocks = blocks(text);
    blocks.iter().filter_map(|block| Some(block.parse_x509().ok()?.validity().not_after.to_datetime())).min()
}

fn is_signed(below: &X509Certificate<'_>, above: &X509Certificate<'_>) -> bool {
    below.verify_signature(Some(above.public_key())).is_ok()
}

/// Whether a private key is that of a certificate. A key in a form or of a kind that we cannot read is istiod's to judge, as long as it is one.
fn is_pair(cert: &X509Certificate<'_>, key: &str) -> bool {
    match rcgen::KeyPair::from_pem(key) {
        Ok(pair) => pair.public_key_raw() == &*cert.public_key().subject_public_key.data,
        Err(_) => Pem::iter_from_buffer(key.as_bytes()).flatten().any(|block| block.label.ends_with("PRIVATE KEY")),
    }
}

fn is_published(cert: &X509Certificate<'_>) -> bool {
    let digest = Sha256::digest(cert.public_key().raw);
    let hex = digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    PUBLISHED.contains(&hex.as_str())
}

/// All PEM blocks that are certificates.
fn blocks(text: &str) -> Vec<Pem> {
    Pem::iter_from_buffer(text.as_bytes()).filter_map(Result::ok).filter(|block| block.label == "CERTIFICATE").collect()
}

/// The one certificate of a file.
fn one(text: &str, place: &str) -> Result<Pem, Failure> {
    let mut found = blocks(text);
    if found.len() > 1 {
        return Err(wrong(place, "this file holds more than one certificate", "该文件包含多个证书"));
    }
    found.pop().ok_or_else(|| wrong(place, "this file holds no certificate", "该文件不包含证书"))
}

fn parse<'b>(block: &'b Pem, place: &str) -> Result<X509Certificate<'b>, Failure> {
    block.parse_x509().map_err(|_| wrong(place, "this certificate cannot be read", "无法解析该证书"))
}

fn wrong(place: &str, en: &str, zh: &str) -> Failure {
    Failure::new(Exit::Context, Text::new(en, zh)).at(place)
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::super::Root;
    use super::*;

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap()
    }

    fn said(result: Result<impl Sized, Failure>) -> String {
        result.err().map(|failure| failure.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let (root, other) = (Root::make(now()).unwrap(), Root::make(now()).unwrap());
        let mut files = root.sign("cluster1", &[], now()).unwrap();
        files.root_cert.clone_from(&other.cert);
        assert_eq!(
            said(certificates(&files, "certs/a", now())),
            "certs/a/cert-chain.pem: the chain does not lead to root-cert.pem"
        );
        let mut files = root.sign("cluster1", &[], now()).unwrap();
        files.ca_key = other.key.clone();
        let pairing = "certs/a/ca-cert.pem: the private key beside it belongs to another certificate";
        assert_eq!(said(certificates(&files, "certs/a", now())), pairing);
        let mut files = root.sign("cluster1", &[], now()).unwrap();
        files.cert_chain.clone_from(&other.cert);
        assert_eq!(
            said(certificates(&files, "certs/a", now())),
            "certs/a/cert-chain.pem: it does not begin with ca-cert.pem"
        );
        assert!(said(Root::take(root.cert, other.key, "certs", now())).contains("belongs to another"));
    }

    #[test]
    fn time_is_up_at_the_last_second() {
        let root = Root::make(now()).unwrap();
        let end = now() + Duration::days(3650);
        assert!(authority(&root.cert, &root.key, "r", end - Duration::seconds(1)).is_ok());
        assert_eq!(
            said(authority(&root.cert, &root.key, "r", end)),
            format!("r: this certificate ended on {}", end.date())
        );
        assert!(said(authority(&root.cert, "", "r", now() - Duration::days(2))).contains("begins on"));
    }

    #[test]
    fn the_published_samples_are_refused() {
        let sample = include_str!("../../tests/fixtures/istio-sample-root-cert.pem");
        assert!(said(authority(sample, "", "root-cert.pem", now())).contains("sample certificates"));
    }

    #[test]
    fn rubbish_is_no_certificate() {
        assert_eq!(said(authority("hello", "", "x", now())), "x: this file holds no certificate");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(said(authority(broken, "", "x", now())), "x: this certificate cannot be read");
    }
}
