//! The client of one API server. Questions go over one HTTP/2 connection, all at once, so that many cost the way to the server no
//! oftener than one; what is written goes over connections of its own, as large bodies would wait for one another on a shared one.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Method, Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::{FixedServerNameResolver, HttpsConnectorBuilder};
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use kube::client::{Body, ConfigExt as _};
use tower::{BoxError, Service, ServiceBuilder};

use super::ahead::Ahead;

/// How long a shared connection may be silent before it is asked whether it still stands, and how long that may take.
const PULSE: Duration = Duration::from_secs(5);

/// A client by what the configuration holds; nothing where that cannot be used. With `ahead` its first connection comes about at once.
pub(super) fn client(config: kube::Config, ahead: bool) -> Option<kube::Client> {
    // On the way by a proxy, and without TLS, a connection is what `kube` makes it.
    if config.proxy_url.is_some() || config.cluster_url.scheme_str() != Some("https") {
        return kube::Client::try_from(config).ok();
    }
    let to = ahead.then(|| config.cluster_url.clone());
    let fork = Fork { shared: of_connections(&config, true, to)?, own: of_connections(&config, false, None)? };
    let service = ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer().ok()?)
        .layer(config.extra_headers_layer().ok()?)
        .service(fork);
    Some(kube::Client::new(service, config.default_namespace))
}

fn of_connections(config: &kube::Config, shared: bool, ahead: Option<Uri>) -> Option<Client<Ahead, Body>> {
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
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new()).timer(TokioTimer::new());
    builder.http2_keep_alive_interval(PULSE).http2_keep_alive_timeout(PULSE);
    Some(builder.build(Ahead::new(connector, ahead)))
}

/// Two ways to one server.
#[derive(Clone)]
struct Fork {
    /// Over a connection that all share, where the server speaks HTTP/2.
    shared: Client<Ahead, Body>,
    /// Over a connection that nobody else uses meanwhile.
    own: Client<Ahead, Body>,
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
        let asks = *request.method() == Method::GET || request.uri().path().ends_with("reviews");
        let shares = asks && !request.headers().contains_key(http::header::UPGRADE);
        let answer = if shares { self.shared.request(request) } else { self.own.request(request) };
        Box::pin(async move { answer.await.map_err(BoxError::from) })
    }
}
