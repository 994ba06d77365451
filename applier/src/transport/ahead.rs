//! A connection that comes about before there is anything to ask over it.
//!
//! An API server may close what a stranger's request came by (`UnauthenticatedHTTP2DOSMitigation` of Kubernetes), so none is sent to
//! have the connection: only TCP and TLS go ahead.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::Uri;
use hyper_rustls::HttpsConnector;
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::task::JoinHandle;
use tower::{BoxError, Service};

/// How long our first questions under our own name go before: both begin with work for the processor.
const AFTER_OTHERS: Duration = Duration::from_millis(50);

/// How long a connection may wait for its first word. Servers give up after ten seconds.
const FRESH: Duration = Duration::from_secs(5);

type Dial = TimeoutConnector<HttpsConnector<HttpConnector>>;
type Stream = <Dial as Service<Uri>>::Response;

/// A connector that begins its first connection by itself.
#[derive(Clone)]
pub(super) struct Ahead {
    dial: Dial,
    begun: Arc<Mutex<Option<Begun>>>,
}

struct Begun {
    since: Instant,
    coming: JoinHandle<Result<Stream, BoxError>>,
}

impl Ahead {
    /// Begins to connect to where `to` says; to nowhere without it.
    pub(super) fn new(dial: Dial, to: Option<Uri>) -> Self {
        let begun = to.map(|to| {
            let mut dial = dial.clone();
            let coming = tokio::spawn(async move {
                tokio::time::sleep(AFTER_OTHERS).await;
                dial.call(to).await
            });
            Begun { since: Instant::now(), coming }
        });
        Self { dial, begun: Arc::new(Mutex::new(begun)) }
    }
}

impl Service<Uri> for Ahead {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.dial.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take();
        match begun.filter(|begun| begun.since.elapsed() < FRESH) {
            Some(begun) => Box::pin(async move { begun.coming.await? }),
            None => Box::pin(self.dial.call(to)),
        }
    }
}
