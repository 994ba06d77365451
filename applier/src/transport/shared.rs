//! The connection that all questions to one API server share. It comes about once, however many wait for it: a client that does not know
//! yet whether the server speaks HTTP/2 would begin one for each of them, and the server would have to answer for all.
//!
//! It may come about before there is anything to ask. An API server may close what a stranger's request came by
//! (`UnauthenticatedHTTP2DOSMitigation` of Kubernetes), so none is sent to have the connection: only TCP and TLS go ahead.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future;
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector};
use hyper_util::client::legacy::{Builder, Client};
use tower::{BoxError, Service};

use super::fence::Fenced;

/// How long our first questions under our own name go before: both begin with work for the processor.
const AFTER_OTHERS: Duration = Duration::from_millis(50);

/// How long a connection may wait for its first word. Servers give up after ten seconds.
const FRESH: Duration = Duration::from_secs(5);

pub(super) type Dial = TimeoutConnector<HttpsConnector<HttpConnector>>;
type Stream = <Dial as Service<Uri>>::Response;
type Way = Client<Kept, Fenced>;

/// The way to one server over a connection that is shared, where the server can.
#[derive(Clone)]
pub(super) struct Shared(Arc<Inner>);

struct Inner {
    to: Uri,
    kept: Kept,
    /// Over one connection, which speaks HTTP/2.
    one: Way,
    /// Over as many connections as there are questions.
    many: Way,
    /// The connection that shows which of the two it is.
    first: Mutex<First>,
}

/// A connection on its way, and whether it is one that questions share.
type Coming = future::Shared<future::BoxFuture<'static, Result<bool, Unconnected>>>;

/// The first connection of a way, and how many there were before it.
#[derive(Default)]
struct First {
    before: usize,
    coming: Option<Coming>,
}

impl Shared {
    /// A way to `to`; with `ahead` the connection comes about at once.
    pub(super) fn new(builder: &Builder, dial: Dial, to: Uri, ahead: bool) -> Self {
        let kept = Kept { dial, stream: Arc::default() };
        let one = builder.clone().http2_only(true).build(kept.clone());
        let many = builder.build(kept.clone());
        let shared = Self(Arc::new(Inner { to, kept, one, many, first: Mutex::default() }));
        if ahead {
            let early = shared.clone();
            tokio::spawn(async move {
                tokio::time::sleep(AFTER_OTHERS).await;
                // Whoever asks is told what is wrong.
                let _ = early.way().await;
            });
        }
        shared
    }

    /// Asks over it.
    pub(super) async fn request(&self, request: Request<Fenced>) -> Result<Response<Incoming>, BoxError> {
        let (way, number) = self.way().await?;
        let answer = way.request(request).await;
        if answer.is_err() {
            // Perhaps something else stands on the way now, which speaks otherwise.
            self.forget(number);
        }
        Ok(answer?)
    }

    /// Which way it is, by the first connection, which all wait for together.
    async fn way(&self) -> Result<(Way, usize), Unconnected> {
        let (coming, number) = {
            let mut first = self.first();
            let number = first.before;
            let coming =
                first.coming.get_or_insert_with(|| dial(self.0.kept.clone(), self.0.to.clone()).boxed().shared());
            (coming.clone(), number)
        };
        match coming.await {
            Ok(is_shared) => Ok((if is_shared { self.0.one.clone() } else { self.0.many.clone() }, number)),
            Err(error) => {
                self.forget(number);
                Err(error)
            }
        }
    }

    /// The next question begins anew, unless that is so already.
    fn forget(&self, number: usize) {
        let mut first = self.first();
        if first.before == number {
            *first = First { before: number + 1, coming: None };
        }
    }

    fn first(&self) -> std::sync::MutexGuard<'_, First> {
        self.0.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connects, keeps the connection for the first question, and says whether it can be shared.
async fn dial(mut kept: Kept, to: Uri) -> Result<bool, Unconnected> {
    let stream = kept.dial.call(to).await.map_err(|error| Unconnected(error.into()))?;
    let is_shared = stream.connected().is_negotiated_h2();
    *kept.kept() = Some((Instant::now(), stream));
    Ok(is_shared)
}

/// A connector that hands out first what is there already.
#[derive(Clone)]
struct Kept {
    dial: Dial,
    stream: Arc<Mutex<Option<(Instant, Stream)>>>,
}

impl Kept {
    fn kept(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Stream)>> {
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service<Uri> for Kept {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.dial.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let kept = self.kept().take();
        match kept.filter(|(since, _)| since.elapsed() < FRESH) {
            Some((_, stream)) => Box::pin(future::ready(Ok(stream))),
            None => Box::pin(self.dial.call(to)),
        }
    }
}

/// Why there is no connection, for all who waited for it. It reads as what a client of its own would have said.
#[derive(Debug, Clone)]
struct Unconnected(Arc<dyn Error + Send + Sync>);

impl fmt::Display for Unconnected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("client error (Connect)")
    }
}

impl Error for Unconnected {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}
