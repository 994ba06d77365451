//! Certificates: those that a proxy shows, good or bad, and those by which it goes on to the API server.

use std::error::Error;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::Value;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};

/// What a proxy shows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// What the kubeconfig trusts.
    Right,
    /// A certificate of an authority that the kubeconfig does not know.
    Stranger,
    /// One that is no longer valid.
    Expired,
    /// One for another name.
    OtherName,
    /// Nothing: the handshake never goes on.
    Stalled,
}

/// The authority that the front's kubeconfigs trust.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    right: (CertificateDer<'static>, Arc<ServerConfig>),
}

impl Authority {
    pub(super) fn new() -> Result<Self, Box<dyn Error>> {
        let (issuer, pem) = issuer()?;
        let right = server(&issuer, "127.0.0.1", false)?;
        Ok(Self { issuer, pem, right })
    }

    /// As a kubeconfig holds it.
    pub(super) fn data(&self) -> String {
        STANDARD.encode(&self.pem)
    }

    /// What its servers show, in the same form.
    pub(super) fn certificate(&self) -> String {
        let text = STANDARD.encode(&self.right.0);
        STANDARD.encode(format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"))
    }

    /// What a server shows; nothing where it says nothing.
    pub(super) fn server(&self, identity: Identity) -> Result<Option<Arc<ServerConfig>>, Box<dyn Error>> {
        let shown = match identity {
            Identity::Stalled => return Ok(None),
            Identity::Right => Arc::clone(&self.right.1),
            Identity::Stranger => server(&issuer()?.0, "127.0.0.1", false)?.1,
            Identity::Expired => server(&self.issuer, "127.0.0.1", true)?.1,
            Identity::OtherName => server(&self.issuer, "elsewhere.example", false)?.1,
        };
        Ok(Some(shown))
    }
}

/// A new authority, and its certificate.
fn issuer() -> Result<(Issuer<'static, KeyPair>, String), rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "front");
    let key = KeyPair::generate()?;
    let pem = params.self_signed(&key)?.pem();
    Ok((Issuer::new(params, key), pem))
}

/// A new certificate for a server of that name.
fn server(
    issuer: &Issuer<'static, KeyPair>,
    name: &str,
    expired: bool,
) -> Result<(CertificateDer<'static>, Arc<ServerConfig>), Box<dyn Error>> {
    let mut params = CertificateParams::new(vec![name.to_owned()])?;
    if expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, issuer)?.der().clone();
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)?;
    Ok((certificate, Arc::new(config)))
}

/// The way from a proxy to its API server.
pub(super) struct Upstream {
    /// Name and port.
    pub(super) address: String,
    /// As the bed's administrator.
    pub(super) administrator: Arc<ClientConfig>,
    /// As whoever's token is passed on.
    pub(super) anybody: Arc<ClientConfig>,
}

impl Upstream {
    /// From the `cluster` and the `user` of the bed's kubeconfig.
    pub(super) fn new(cluster: &Value, user: &Value) -> Result<Self, Box<dyn Error>> {
        let data = |value: &Value| STANDARD.decode(value.as_str().unwrap_or_default());
        let mut roots = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(&data(&cluster["certificate-authority-data"])?) {
            roots.add(root?)?;
        }
        let roots = Arc::new(roots);
        let builder = || -> Result<_, tokio_rustls::rustls::Error> {
            let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
            Ok(builder.with_safe_default_protocol_versions()?.with_root_certificates(Arc::clone(&roots)))
        };
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_slice_iter(&data(&user["client-certificate-data"])?).collect();
        let key = PrivateKeyDer::from_pem_slice(&data(&user["client-key-data"])?)?;
        let server = cluster["server"].as_str().unwrap_or_default();
        Ok(Self {
            address: server.trim_start_matches("https://").to_owned(),
            administrator: Arc::new(builder()?.with_client_auth_cert(chain?, key)?),
            anybody: Arc::new(builder()?.with_no_client_auth()),
        })
    }
}
