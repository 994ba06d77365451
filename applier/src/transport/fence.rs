//! What keeps a run from writing once it may not any more, up to the moment when a request is sent. One that waits for its connection, or
//! for its turn on it, goes out after this machine slept as if nothing had been.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Request;
use hyper::body::{Bytes, Frame, SizeHint};
use kube::client::Body;
use tower::BoxError;

/// What has to hold at the moment when something is written. It goes with a request as an extension of it.
#[derive(Clone)]
pub(super) struct Fence(Arc<dyn Fn() -> bool + Send + Sync>);

impl Fence {
    pub(super) fn new(holds: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(holds))
    }

    pub(super) fn holds(&self) -> bool {
        (self.0)()
    }
}

/// The body of a request, which breaks off where its fence does not hold when it is to be sent: a server does nothing by half a request.
pub(super) struct Fenced {
    body: Body,
    fence: Option<Fence>,
}

impl Fenced {
    /// The request with such a body.
    pub(super) fn request(request: Request<Body>) -> Request<Self> {
        let (mut head, body) = request.into_parts();
        let fence = head.extensions.remove();
        Request::from_parts(head, Self { body, fence })
    }
}

impl hyper::body::Body for Fenced {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.fence.as_ref().is_some_and(|fence| !fence.holds()) {
            return Poll::Ready(Some(Err("the fence does not hold".into())));
        }
        Pin::new(&mut self.body).poll_frame(context).map_err(BoxError::from)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use http_body_util::BodyExt as _;
    use hyper::body::Body as _;

    use super::*;

    #[tokio::test]
    async fn what_waited_until_the_fence_was_shut_is_not_sent() {
        for (is_open, sent) in [(true, Some("hush")), (false, None)] {
            let open = Arc::new(AtomicBool::new(true));
            let mut request = Request::new(Body::from(b"hush".to_vec()));
            let asks = open.clone();
            request.extensions_mut().insert(Fence::new(move || asks.load(Ordering::SeqCst)));
            let request = Fenced::request(request);
            assert_eq!(request.body().size_hint().exact(), Some(4));
            // It waits for its connection.
            open.store(is_open, Ordering::SeqCst);
            let body = request.into_body().collect().await.ok();
            assert_eq!(body.map(http_body_util::Collected::to_bytes).as_deref(), sent.map(str::as_bytes));
        }
    }
}
