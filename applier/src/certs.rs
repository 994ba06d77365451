//! The trust of a mesh: one root CA, and an intermediate CA for every cluster that signs, as Istio's `cacerts` secret wants them.
//!
//! The shape is that of the makefile in Istio's `tools/certs`, with ECDSA P-256 keys in place of RSA. Keys are made on the operator's
//! machine and go to files of their own alone, or from there into a cluster; nothing here prints them. [`check`] judges what was made
//! elsewhere. This file makes values; the disk is [`crate::source`]'s.

pub(crate) mod check;

use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use shared::text::Text;
use time::{Duration, OffsetDateTime};

use crate::error::{Exit, Failure};
use crate::source;

/// As long as the makefile's; an intermediate never outlives its root.
const LIFETIME: Duration = Duration::days(3650);
/// Clocks of clusters may be behind the operator's.
const SKEW: Duration = Duration::hours(1);
/// What a CA of Istio may do with its key.
const USAGES: [KeyUsagePurpose; 4] = [
    KeyUsagePurpose::DigitalSignature,
    KeyUsagePurpose::ContentCommitment,
    KeyUsagePurpose::KeyEncipherment,
    KeyUsagePurpose::KeyCertSign,
];

/// The four files of one cluster, which are the four keys of its `cacerts` secret. The key is a secret: no `Debug`, no `Serialize`.
pub(crate) struct Certificates {
    /// `ca-cert.pem`: the cluster's intermediate CA.
    pub(crate) ca_cert: String,
    /// `ca-key.pem`: its private key.
    pub(crate) ca_key: String,
    /// `root-cert.pem`: the root all clusters share.
    pub(crate) root_cert: String,
    /// `cert-chain.pem`: the intermediate, then the root.
    pub(crate) cert_chain: String,
}

/// The names of the four files.
pub(crate) const FILES: [&str; 4] = ["ca-cert.pem", "ca-key.pem", "root-cert.pem", "cert-chain.pem"];

impl Certificates {
    /// The files by name.
    pub(crate) fn files(&self) -> [(&'static str, &str); 4] {
        let [ca_cert, ca_key, root_cert, cert_chain] = FILES;
        [(ca_cert, &self.ca_cert), (ca_key, &self.ca_key), (root_cert, &self.root_cert), (cert_chain, &self.cert_chain)]
    }

    /// Reads `DIR/<cluster>/…` and checks it.
    pub(crate) fn read(dir: &Path, cluster: &str, now: OffsetDateTime) -> Result<Self, Failure> {
        let folder = dir.join(cluster);
        let read = || {
            let [ca_cert, ca_key, root_cert, cert_chain] = FILES;
            let text = |name: &str| source::text(&folder.join(name), source::PEM_CAP);
            let files = Self {
                ca_cert: text(ca_cert)?,
                ca_key: text(ca_key)?,
                root_cert: text(root_cert)?,
                cert_chain: text(cert_chain)?,
            };
            check::certificates(&files, &folder.display().to_string(), now)?;
            Ok(files)
        };
        // Whatever is wrong with it: there is no trust to use.
        read().map_err(|failure: Failure| Failure { exit: Exit::Context, ..failure }.hint(how_to_make()))
    }
}

/// What is there is never overwritten, so it has to be out of the way.
fn how_to_make() -> Text {
    Text::new(
        "`isthmus certs BUNDLE -o DIR` makes the folders that are missing: move this one away to have it made anew",
        "`isthmus certs BUNDLE -o DIR` 会生成缺少的目录：将此目录移走即可重新生成",
    )
}

/// What helps with keys of older programs.
fn pkcs8() -> Text {
    let command = "openssl pkcs8 -topk8 -nocrypt -in OLD -out root-key.pem";
    Text::new(
        format!("keys are read as unencrypted PKCS#8, ECDSA (P-256, P-384), Ed25519 or RSA: `{command}`"),
        format!("私钥须为未加密的 PKCS#8，类型为 ECDSA（P-256、P-384）、Ed25519 或 RSA：`{command}`"),
    )
}

/// A root CA with its private key.
pub(crate) struct Root {
    /// `root-cert.pem`.
    pub(crate) cert: String,
    /// `root-key.pem`, a secret.
    pub(crate) key: String,
    issuer: Issuer<'static, KeyPair>,
    /// When it ends.
    pub(crate) not_after: OffsetDateTime,
}

impl Root {
    /// Makes a root CA.
    pub(crate) fn make(now: OffsetDateTime) -> Result<Self, Failure> {
        let not_after = now + LIFETIME;
        let mut params = authority("Root CA", BasicConstraints::Unconstrained, now, not_after);
        params.use_authority_key_identifier_extension = false;
        let key_pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(cannot_make)?;
        let cert = params.self_signed(&key_pair).map_err(cannot_make)?.pem();
        let key = key_pair.serialize_pem();
        Ok(Self { cert, key, issuer: Issuer::new(params, key_pair), not_after })
    }

    /// Takes up a root CA that is there: certificate and key belong together, it may sign, and it is valid now.
    pub(crate) fn take(cert: String, key: String, place: &str, now: OffsetDateTime) -> Result<Self, Failure> {
        let not_after = check::authority(&cert, &key, place, now)?;
        let unusable = |error: rcgen::Error| {
            Failure::new(Exit::Context, Text::new("this root CA cannot sign", "该根 CA 无法签发证书"))
                .at(place)
                .because(error)
                .hint(pkcs8())
        };
        let key_pair = KeyPair::from_pem(&key).map_err(unusable)?;
        let issuer = Issuer::from_ca_cert_pem(&cert, key_pair).map_err(unusable)?;
        Ok(Self { cert, key, issuer, not_after })
    }

    /// Signs an intermediate CA for a cluster whose istiod runs in these namespaces.
    pub(crate) fn sign(
        &self,
        cluster: &str,
        namespaces: &[String],
        now: OffsetDateTime,
    ) -> Result<Certificates, Failure> {
        let mut params =
            authority("Intermediate CA", BasicConstraints::Constrained(0), now, self.not_after.min(now + LIFETIME));
        params.distinguished_name.push(DnType::LocalityName, cluster);
        for namespace in namespaces {
            let name = format!("istiod.{namespace}.svc").try_into().map_err(cannot_make)?;
            params.subject_alt_names.push(rcgen::SanType::DnsName(name));
        }
        let key_pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(cannot_make)?;
        let ca_cert = params.signed_by(&key_pair, &self.issuer).map_err(cannot_make)?.pem();
        let cert_chain = format!("{ca_cert}{}", self.cert);
        Ok(Certificates { ca_cert, ca_key: key_pair.serialize_pem(), root_cert: self.cert.clone(), cert_chain })
    }
}

fn authority(
    name: &str,
    constraints: BasicConstraints,
    now: OffsetDateTime,
    not_after: OffsetDateTime,
) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Istio");
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(constraints);
    params.key_usages = USAGES.to_vec();
    params.use_authority_key_identifier_extension = true;
    params.not_before = now - SKEW;
    params.not_after = not_after;
    params
}

fn cannot_make(error: rcgen::Error) -> Failure {
    Failure::new(Exit::Failed, Text::new("cannot make a certificate", "无法生成证书")).because(error)
}

#[cfg(test)]
mod tests {
    use x509_parser::prelude::*;

    use super::*;

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_790_000_000).unwrap()
    }

    fn parsed(pem: &str, look: impl FnOnce(&X509Certificate<'_>)) {
        let (_, pem) = parse_x509_pem(pem.as_bytes()).unwrap();
        look(&pem.parse_x509().unwrap());
    }

    #[test]
    fn an_intermediate_is_what_istiod_plugs_in() {
        let root = Root::make(now()).unwrap();
        let made = root.sign("cluster1", &["istio-system".to_owned()], now()).unwrap();
        parsed(&made.ca_cert, |cert| {
            assert_eq!(cert.subject().to_string(), "O=Istio, CN=Intermediate CA, L=cluster1");
            assert_eq!(cert.issuer().to_string(), "O=Istio, CN=Root CA");
            let constraints = cert.basic_constraints().unwrap().unwrap();
            assert!(constraints.critical && constraints.value.ca && constraints.value.path_len_constraint == Some(0));
            let usage = cert.key_usage().unwrap().unwrap().value;
            assert!(
                usage.digital_signature()
                    && usage.non_repudiation()
                    && usage.key_encipherment()
                    && usage.key_cert_sign()
            );
            assert!(!usage.crl_sign());
            let names = cert.subject_alternative_name().unwrap().unwrap();
            assert_eq!(names.value.general_names, [GeneralName::DNSName("istiod.istio-system.svc")]);
        });
        assert_eq!(made.cert_chain, format!("{}{}", made.ca_cert, root.cert));
        assert!(made.ca_key.starts_with("-----BEGIN PRIVATE KEY-----"));
        assert!(check::certificates(&made, "certs/cluster1", now()).is_ok());
    }

    #[test]
    fn a_root_that_is_there_signs_on_and_is_not_outlived() {
        let first = Root::make(now()).unwrap();
        let later = now() + Duration::days(3000);
        let again = Root::take(first.cert.clone(), first.key.clone(), "certs", later).unwrap();
        let made = again.sign("no", &["istio-system".to_owned()], later).unwrap();
        assert!(check::certificates(&made, "certs/no", later).is_ok());
        parsed(&made.ca_cert, |cert| {
            assert_eq!(cert.validity().not_after.timestamp(), (now() + LIFETIME).unix_timestamp());
        });
    }
}
