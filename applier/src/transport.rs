//! Talking to one cluster's API server: one request at a time, each with a deadline, a bounded number of visible
//! retries, and errors that never repeat what a server or a credential plugin said about a secret.

mod failure;
mod retry;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use kube::client::Body;
use serde_json::Value;
use tokio::sync::Semaphore;

#[cfg(test)]
pub(crate) use failure::Cause;
pub(crate) use failure::{Blocked, CallError};
use retry::Backoff;
pub(crate) use stream::{Place, page};

/// How many requests one cluster gets at once: well under the seats an API server grants a human's credentials.
const IN_FLIGHT: usize = 16;

/// How long one answer may take. The largest custom resource definition needs well under a second.
const REQUEST_DEADLINE: Duration = Duration::from_secs(20);

/// How long an answer may take while the first contact is made.
const FIRST_CONTACT_DEADLINE: Duration = Duration::from_secs(10);

/// The largest answer that is read; a list of a large cluster's metadata stays far below.
const LARGEST_ANSWER: usize = 256 << 20;

/// Called before every retry.
pub(crate) type OnRetry = Arc<dyn Fn() + Send + Sync>;

/// A connection to one API server.
#[derive(Clone)]
pub(crate) struct Transport {
    client: kube::Client,
    in_flight: Arc<Semaphore>,
    on_retry: OnRetry,
}

/// An answer and the server's own clock when it gave it. No `Debug`: the body may be a Secret's.
pub(crate) struct Answer {
    /// The body, as JSON.
    pub(crate) body: Value,
    /// The `Date` header, the clock by which leases are judged.
    pub(crate) date: Option<String>,
}

/// What is asked of the server.
struct Call<'a> {
    method: Method,
    path: &'a str,
    accept: &'a str,
    content_type: &'a str,
    body: Vec<u8>,
    /// Whether asking twice comes to the same as asking once.
    repeatable: bool,
    deadline: Duration,
}

const JSON: &str = "application/json";
const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const METADATA_LIST: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const DISCOVERY: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

impl Transport {
    /// A transport over `client`; `on_retry` hears of every retry.
    pub(crate) fn new(client: kube::Client, on_retry: OnRetry) -> Self {
        Self { client, in_flight: Arc::new(Semaphore::new(IN_FLIGHT)), on_retry }
    }

    /// The object or list at `path`.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, CallError> {
        Ok(self.call(Call::read(path, JSON)).await?.body)
    }

    /// The object at `path`, or nothing where there is none.
    pub(crate) async fn find(&self, path: &str) -> Result<Option<Value>, CallError> {
        match self.get(path).await {
            Ok(found) => Ok(Some(found)),
            Err(CallError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The server's own clock, as it writes it.
    pub(crate) async fn date(&self) -> Result<Option<String>, CallError> {
        Ok(self.call(Call::read("/version", JSON)).await?.date)
    }

    /// The metadata of every object of the list at `path`, page by page.
    pub(crate) async fn list_metadata(&self, path: &str) -> Result<Vec<Value>, CallError> {
        let mut items = Vec::new();
        let mut next = String::new();
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let page = format!(
                "{path}{joint}limit=500{}",
                if next.is_empty() { String::new() } else { format!("&continue={next}") }
            );
            let mut list = self.call(Call::read(&page, METADATA_LIST)).await?.body;
            if let Some(Value::Array(found)) = list.get_mut("items").map(Value::take) {
                items.extend(found);
            }
            list["metadata"]["continue"].as_str().unwrap_or_default().clone_into(&mut next);
            if next.is_empty() {
                return Ok(items);
            }
        }
    }

    /// What the server serves, at `/api` or `/apis`.
    pub(crate) async fn discover(&self, path: &str) -> Result<Value, CallError> {
        Ok(self.call(Call::read(path, DISCOVERY)).await?.body)
    }

    /// The first words exchanged: short deadline and no second attempt, so that a dead address is known soon.
    pub(crate) async fn greet(&self, path: &str) -> Result<Value, CallError> {
        let call = Call { deadline: FIRST_CONTACT_DEADLINE, repeatable: false, ..Call::read(path, JSON) };
        Ok(self.call(call).await?.body)
    }

    /// A server-side apply (`path` carries its parameters), answered by the object's metadata alone: definitions are large.
    pub(crate) async fn apply_briefly(&self, path: &str, object: &Value) -> Result<Value, CallError> {
        Ok(self.call(Call { accept: METADATA, ..Call::patch(path, object) }).await?.body)
    }

    /// The metadata of the object at `path`, or nothing where there is none.
    pub(crate) async fn find_metadata(&self, path: &str) -> Result<Option<Value>, CallError> {
        match self.call(Call::read(path, METADATA)).await {
            Ok(answer) => Ok(Some(answer.body)),
            Err(CallError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A server-side apply (`path` carries its parameters), answered by the whole object.
    pub(crate) async fn apply(&self, path: &str, object: &Value) -> Result<Value, CallError> {
        Ok(self.call(Call::patch(path, object)).await?.body)
    }

    /// Makes an object. Not repeated after a broken connection, as it may have been made.
    pub(crate) async fn create(&self, path: &str, object: &Value) -> Result<Answer, CallError> {
        self.call(Call { repeatable: false, ..Call::write(Method::POST, path, object) }).await
    }

    /// Replaces an object at the version it names.
    pub(crate) async fn replace(&self, path: &str, object: &Value) -> Result<Answer, CallError> {
        self.call(Call { repeatable: false, ..Call::write(Method::PUT, path, object) }).await
    }

    /// Deletes an object; says whether it was there.
    pub(crate) async fn delete(&self, path: &str, options: &Value) -> Result<bool, CallError> {
        match self.call(Call::write(Method::DELETE, path, options)).await {
            Ok(_) => Ok(true),
            Err(CallError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn call(&self, call: Call<'_>) -> Result<Answer, CallError> {
        let mut backoff = Backoff::new(call.deadline);
        loop {
            let error = match self.once(&call).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match backoff.next(&error, call.repeatable) {
                Some(pause) => {
                    (self.on_retry)();
                    tokio::time::sleep(pause).await;
                }
                None => return Err(error),
            }
        }
    }

    async fn once(&self, call: &Call<'_>) -> Result<Answer, CallError> {
        // The semaphore is never closed; were it, an unlimited request is the lesser evil.
        let _seat = self.in_flight.acquire().await;
        let request = Request::builder()
            .method(call.method.clone())
            .uri(call.path)
            .header(header::ACCEPT, call.accept)
            .header(header::CONTENT_TYPE, call.content_type)
            .body(Body::from(call.body.clone()))
            .map_err(|_| CallError::Garbled)?;
        let exchange = async {
            let response = self.client.send(request).await.map_err(|error| CallError::of_client(&error))?;
            read(response).await
        };
        tokio::time::timeout(call.deadline, exchange).await.map_err(|_| CallError::Silent(call.deadline))?
    }
}

impl<'a> Call<'a> {
    fn read(path: &'a str, accept: &'a str) -> Self {
        Self {
            method: Method::GET,
            path,
            accept,
            content_type: JSON,
            body: Vec::new(),
            repeatable: true,
            deadline: REQUEST_DEADLINE,
        }
    }

    fn patch(path: &'a str, object: &Value) -> Self {
        Self {
            method: Method::PATCH,
            content_type: "application/apply-patch+yaml",
            body: object.to_string().into_bytes(),
            ..Self::read(path, JSON)
        }
    }

    fn write(method: Method, path: &'a str, body: &Value) -> Self {
        Self { method, body: body.to_string().into_bytes(), ..Self::read(path, JSON) }
    }
}

async fn read(response: Response<Body>) -> Result<Answer, CallError> {
    let status = response.status();
    let date = response.headers().get(header::DATE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(Duration::from_secs);
    let bytes = http_body_util::Limited::new(response.into_body(), LARGEST_ANSWER)
        .collect()
        .await
        .map_err(|_| CallError::Broken)?
        .to_bytes();
    if status.is_success() {
        let body = serde_json::from_slice(&bytes).map_err(|_| CallError::Garbled)?;
        return Ok(Answer { body, date });
    }
    let said = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Err(CallError::of_status(status, &said, retry_after))
}

/// Whether a status asks to come again later.
fn asks_for_patience(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504)
}
