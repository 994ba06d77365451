//! Hearing that an object changes: a watch that says when to look again, and nothing else. What it misses is seen by looking
//! now and then anyway, so one that ends, lies or is refused costs only time.

use std::time::Duration;

use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kube::client::Body;

use super::{METADATA, Transport};

/// How long the server may take to begin.
const DEADLINE: Duration = Duration::from_secs(5);

/// How long the server is asked to go on.
const SECONDS: u32 = 300;

/// Rings whenever one object changes.
pub(crate) struct Bell(Body);

impl Transport {
    /// A bell for the object at `path`; nothing where the server does not give one, for lack of rights say.
    ///
    /// It rings once at the beginning, for the object as it is: what happened before is not missed.
    pub(crate) async fn bell(&self, path: &str) -> Option<Bell> {
        let (list, name) = path.rsplit_once('/')?;
        let (client, _) = self.access.client().await.ok()?;
        let request = Request::builder()
            .uri(format!("{list}?watch=true&timeoutSeconds={SECONDS}&fieldSelector=metadata.name%3D{name}"))
            .header(header::ACCEPT, METADATA)
            .body(Body::empty())
            .ok()?;
        let response = tokio::time::timeout(DEADLINE, client.send(request)).await.ok()?.ok()?;
        (response.status() == StatusCode::OK).then(|| Bell(response.into_body()))
    }
}

impl Bell {
    /// Comes back when it rings; false when it never will again.
    pub(crate) async fn rings(&mut self) -> bool {
        loop {
            match self.0.frame().await {
                Some(Ok(frame)) if frame.is_data() => return true,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return false,
            }
        }
    }
}
