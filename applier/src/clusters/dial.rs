//! An API server as others dial it.

use kube::config::AuthInfo;
use x509_parser::pem::Pem;

use super::Cluster;
use crate::transport::{Blocked, CallError, Distrust, Transport};

impl Cluster {
    /// Whether being connected shows that the server's certificate is for its address in the kubeconfig, as others would see it.
    pub(crate) fn is_proven(&self) -> bool {
        !self.config.accept_invalid_certs && self.config.tls_server_name.is_none()
    }

    /// A way to the API server as others dial it, with one authority to trust and no credentials.
    pub(crate) fn dialled_at(
        &self,
        url: &str,
        server_name: Option<&str>,
        authority: &str,
    ) -> Result<Transport, CallError> {
        let read: Result<Vec<_>, _> = Pem::iter_from_buffer(authority.as_bytes()).collect();
        let authorities = read.map_err(|_| CallError::Blocked(Blocked::Certificate(Distrust::Other)))?;
        let mut config = self.config.clone();
        config.cluster_url = url.parse().map_err(|_| CallError::Blocked(Blocked::Other))?;
        config.auth_info = AuthInfo::default();
        config.accept_invalid_certs = false;
        config.tls_server_name = server_name.map(str::to_owned);
        config.root_cert = Some(authorities.into_iter().map(|one| one.contents).collect());
        Transport::given(config)
    }
}
