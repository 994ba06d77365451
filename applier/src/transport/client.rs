//! The client of one API server. Questions and what is small go over one HTTP/2 connection, all at once, so that many cost the way to
//! the server no oftener than one; large bodies, which would wait for one another there, go over connections of their own.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body as _, Incoming};
use hyper_rustls::{FixedServerNameResolver, HttpsConnectorBuilder};
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Builder, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ConfigExt as _};
use tower::{BoxError, Service, ServiceBuilder};

use super::fence::Fenced;
use super::shared::{Dial, Shared};

/// How long a shared connection may be silent before it is asked whether it still stands, and how long that may take.
const PULSE: Duration = Duration::from_secs(5);

/// The largest body that goes over the shared connection: a Secret or a Service does, and need not wait for a connection of its own to
/// come about; a definition or an installation's `ConfigMap` would hold up the others.
const SMALL: u64 = 16 << 10;

/// A client by what the configuration holds; nothing where that cannot be used. With `ahead` its first connection comes about at once.
pub(super) fn client(config: kube::Config, ahead: bool) -> Option<kube::Client> {
    // On the way by a proxy, and without TLS, a connection is what `kube` makes it.
    if config.proxy_url.is_some() || config.cluster_url.scheme_str() != Some("https") {
        return kube::Client::try_from(config).ok();
    }
    let shared = Shared::new(&builder(), dial(&config, true)?, config.cluster_url.clone(), ahead);
    let fork = Fork { shared, own: builder().build(dial(&config, false)?) };
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer().ok()?)
        .layer(config.extra_headers_layer().ok()?)
        .service(fork);
    Some(kube::Client::new(service, config.default_namespace))
}

/// What connects, by HTTP/2 too where that is `shared`.
fn dial(config: &kube::Config, shared: bool) -> Option<Dial> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    http.set_nodelay(true);
    let mut https = HttpsConnectorBuilder::new().with_tls_config(config.rustls_client_config().ok()?).https_only();
    if let Some(name) = &config.tls_server_name {
        https = https.with_server_name_resolver(FixedServerNameResolver::new(name.clone().try_into().ok()?));
    }
    let https = if shared {
        https.enable_all_versions().wrap_connector(http)
    } else {
        https.enable_http1().wrap_connector(http)
    };
    let mut connector = TimeoutConnector::new(https);
    connector.set_connect_timeout(config.connect_timeout);
    Some(connector)
}

fn builder() -> Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new()).timer(TokioTimer::new());
    builder.http2_keep_alive_interval(PULSE).http2_keep_alive_timeout(PULSE);
    builder
}

/// Two ways to one server.
#[derive(Clone)]
struct Fork {
    /// Over a connection that all share, where the server speaks HTTP/2.
    shared: Shared,
    /// Over a connection that nobody else uses meanwhile.
    own: Client<Dial, Fenced>,
}

impl Service<Request<Body>> for Fork {
    type Response = Response<Incoming>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // A connection that becomes a stream is no longer HTTP.
        let is_small = request.body().size_hint().upper().is_some_and(|size| size <= SMALL);
        let shares = is_small && !request.headers().contains_key(http::header::UPGRADE);
        let request = Fenced::request(request);
        if shares {
            let way = self.shared.clone();
            Box::pin(async move { way.request(request).await })
        } else {
            let answer = self.own.request(request);
            Box::pin(async move { answer.await.map_err(BoxError::from) })
        }
    }
}
