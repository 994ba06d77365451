//! Talking to one cluster's API server: one request at a time, each with a deadline, a bounded number of visible
//! retries, and errors that never repeat what a server or a credential plugin said about a secret.

mod access;
mod bell;
mod client;
mod failure;
mod fence;
mod foresee;
mod retry;
mod secret;
mod shared;
mod stream;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use jiff::{SignedDuration, Timestamp};
use kube::client::Body;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

pub(crate) use access::Source;
use access::{Access, Entry};
pub(crate) use bell::{Bell, Ring};
pub(crate) use failure::Cause;
pub(crate) use failure::{Blocked, CallError, Distrust};
use fence::Fence;
use foresee::Foreseen;
pub(crate) use foresee::Question;
pub(crate) use retry::Retry;
use retry::{Backoff, Manner};
pub(crate) use secret::Secret;
pub(crate) use stream::{Place, page};

/// How many requests one cluster gets at once: well under the seats an API server grants a human's credentials.
const IN_FLIGHT: usize = 16;

/// How many questions it gets at once besides: they share a connection, are answered from memory, and one round trip is enough for all.
const QUESTIONS: usize = 100;

/// How long one answer may take. The largest custom resource definition needs well under a second.
const REQUEST_DEADLINE: Duration = Duration::from_secs(20);

/// How much later than asked for a deadline may be noticed; behind that it was not the server that kept us waiting.
const LATE: Duration = Duration::from_secs(5);

/// How long a request may take with all its retries.
const CALL_DEADLINE: Duration = Duration::from_secs(30);

/// How long a request may take at a server that has just not answered another one, until it answers again.
const DOUBTFUL_DEADLINE: Duration = Duration::from_secs(3);

/// How long the first words may take, retries included.
const FIRST_CONTACT_DEADLINE: Duration = Duration::from_secs(10);

/// The largest answer that is read; a list of a large cluster's metadata stays far below.
const LARGEST_ANSWER: usize = 256 << 20;

/// Called before every retry.
pub(crate) type OnRetry = Arc<dyn Fn(&Retry<'_>) + Send + Sync>;

/// A connection to one API server.
#[derive(Clone)]
pub(crate) struct Transport {
    access: Arc<Access>,
    in_flight: Arc<Semaphore>,
    questions: Arc<Semaphore>,
    /// When the server was found not to answer, and how; nothing once it has answered again.
    doubt: Arc<Mutex<Option<(Instant, CallError)>>>,
    /// What was asked before anybody wanted to know.
    foreseen: Foreseen,
    /// The fence, and the path that may be written to whatever it says.
    fence: Arc<OnceLock<(String, Fence)>>,
    on_retry: OnRetry,
}

/// An answer and the server's own clock when it gave it. No `Debug`: the body may be a Secret's.
pub(crate) struct Answer {
    /// The body, as JSON.
    pub(crate) body: Value,
    /// The `Date` header, the clock by which leases are judged.
    date: Option<String>,
}

impl Answer {
    /// How far the server's clock is ahead of ours, where it says what that shows.
    pub(crate) fn ahead(&self) -> Option<SignedDuration> {
        let server = jiff::fmt::rfc2822::parse(self.date.as_deref()?).ok()?;
        Some(server.timestamp().duration_since(Timestamp::now()))
    }
}

/// What is asked of the server.
struct Call<'a> {
    method: Method,
    path: &'a str,
    accept: &'static str,
    content_type: &'a str,
    body: Vec<u8>,
    /// Who asks, where it is not who we are.
    token: Option<&'a str>,
    manner: Manner,
    deadline: Duration,
}

const JSON: &str = "application/json";
const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const METADATA_LIST: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
const DISCOVERY: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

impl Transport {
    /// A transport with credentials out of `source`; `on_retry` hears of every retry.
    pub(crate) async fn open(config: kube::Config, source: Source, on_retry: OnRetry) -> Result<Self, CallError> {
        Ok(Self::over(Access::open(config, source).await?, on_retry))
    }

    /// A transport with the credentials that are in `config`, silent about retries; its first connection comes about at once.
    pub(crate) fn given(config: kube::Config) -> Result<Self, CallError> {
        Ok(Self::over(Access::given(config)?, Arc::new(|_| {})))
    }

    fn over(access: Access, on_retry: OnRetry) -> Self {
        let (access, in_flight) = (Arc::new(access), Arc::new(Semaphore::new(IN_FLIGHT)));
        let questions = Arc::new(Semaphore::new(QUESTIONS));
        Self {
            access,
            in_flight,
            questions,
            doubt: Arc::default(),
            foreseen: Foreseen::default(),
            fence: Arc::default(),
            on_retry,
        }
    }

    /// From now on nothing is written but at the path `but` unless `holds` says yes at that moment: whoever asked for leave may have waited
    /// long for a seat or a connection, or slept, or be about to try again. Set once.
    pub(crate) fn fence(&self, but: String, holds: impl Fn() -> bool + Send + Sync + 'static) {
        let _ = self.fence.set((but, Fence::new(holds)));
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

    /// The metadata of every object of the list at `path`, page by page.
    pub(crate) async fn list_metadata(&self, path: &str) -> Result<Vec<Value>, CallError> {
        let mut items = Vec::new();
        let mut next = String::new();
        loop {
            let page = if next.is_empty() { first_page(path) } else { format!("{}&continue={next}", first_page(path)) };
            let mut list = self.call(Call::read(&page, METADATA_LIST)).await?.body;
            // What is no list must not be taken for an empty one. The items of an empty one are `null`.
            if !list["kind"].as_str().is_some_and(|kind| kind.ends_with("List")) {
                return Err(CallError::Garbled);
            }
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

    /// The first words exchanged: with a short deadline, so that a dead address is known soon.
    pub(crate) async fn greet(&self, path: &str) -> Result<Answer, CallError> {
        let call = Call { deadline: FIRST_CONTACT_DEADLINE, manner: Manner::Greeting, ..Call::read(path, JSON) };
        self.call(call).await
    }

    /// A server-side apply (`path` carries its parameters), answered by the object's metadata alone: definitions are large.
    pub(crate) async fn apply_briefly(&self, path: &str, object: &Value) -> Result<Value, CallError> {
        let body = self.call(Call { accept: METADATA, ..Call::patch(path, object) }).await?.body;
        whole(&body).map(|()| body)
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
        let body = self.call(Call::patch(path, object)).await?.body;
        whole(&body).map(|()| body)
    }

    /// Makes an object. Not repeated after a broken connection, as it may have been made.
    pub(crate) async fn create(&self, path: &str, object: &Value) -> Result<Answer, CallError> {
        self.call(Call { manner: Manner::Once, ..Call::write(Method::POST, path, object) }).await
    }

    /// Puts a question, which stores nothing, for whoever holds `token`.
    pub(crate) async fn ask_as(&self, token: &str, path: &str, question: &Value) -> Result<Value, CallError> {
        Ok(self.call(Call { token: Some(token), ..Call::write(Method::POST, path, question) }).await?.body)
    }

    /// Replaces an object at the version it names.
    pub(crate) async fn replace(&self, path: &str, object: &Value) -> Result<Answer, CallError> {
        self.call(Call { manner: Manner::Once, ..Call::write(Method::PUT, path, object) }).await
    }

    /// Deletes an object; says whether it was there. What has to be so of it stands in `options`, see [`as_seen`].
    pub(crate) async fn delete(&self, path: &str, options: &Value) -> Result<bool, CallError> {
        match self.call(Call::write(Method::DELETE, path, options)).await {
            Ok(_) => Ok(true),
            Err(CallError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn call(&self, call: Call<'_>) -> Result<Answer, CallError> {
        if let Some(answer) = self.foreseen(&call).await {
            return answer;
        }
        let begun = Instant::now();
        // The semaphore is never closed; were it, an unlimited request is the lesser evil.
        let seats = if call.method == Method::GET { &self.questions } else { &self.in_flight };
        let _seat = seats.acquire().await;
        let doubt = self.doubt.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let time = match doubt {
            // It stopped answering while this one waited for its seat: the next in the row would wait as long.
            Some((since, error)) if since > begun => return Err(error),
            Some(_) => DOUBTFUL_DEADLINE,
            None if call.manner == Manner::Greeting => FIRST_CONTACT_DEADLINE,
            None => CALL_DEADLINE,
        };
        let answer = self.attempts(&call, time).await;
        let unanswered = answer.as_ref().err().filter(|error| error.is_unreachable());
        // What is asked once only has not waited for the server to come back.
        if unanswered.is_none() || call.manner != Manner::Once {
            *self.doubt.lock().unwrap_or_else(PoisonError::into_inner) =
                unanswered.map(|error| (Instant::now(), error.clone()));
        }
        answer
    }

    /// Asks until there is an answer, or none is to be hoped for, or the time is over.
    async fn attempts(&self, call: &Call<'_>, time: Duration) -> Result<Answer, CallError> {
        let mut backoff = Backoff::new(time);
        let mut refused = false;
        loop {
            let Entry { client, number, generation } = self.access.client().await?;
            if !self.may(call) {
                return Err(CallError::Fenced);
            }
            let error = match self.once(client, call, backoff.left()).await {
                Ok(answer) => {
                    self.access.proven(generation).await;
                    return Ok(answer);
                }
                // It broke off because of that, or was never sent and may not be tried again.
                Err(CallError::Broken | CallError::Blocked(_)) if !self.may(call) => return Err(CallError::Fenced),
                Err(error) => error,
            };
            if error == CallError::Broken {
                self.access.broken(number).await?;
            }
            // Who is not known has changed nothing, so it may be asked again whatever it was.
            if error == CallError::Unauthorized && !std::mem::replace(&mut refused, true) {
                if self.access.refused(generation).await? {
                    continue;
                }
                return Err(error);
            }
            match backoff.next(&error, call.manner) {
                Some(retry) => {
                    (self.on_retry)(&retry);
                    tokio::time::sleep(retry.pause).await;
                }
                None => return Err(error),
            }
        }
    }

    /// Whether the fence lets it pass.
    fn may(&self, call: &Call<'_>) -> bool {
        self.fenced(call).is_none_or(|fence| fence.holds())
    }

    /// The fence that it has to pass, where there is one.
    fn fenced(&self, call: &Call<'_>) -> Option<Fence> {
        // What is asked for somebody else is a question.
        let writes = call.method != Method::GET && call.token.is_none() && !call.path.contains("dryRun=");
        self.fence.get().filter(|(but, _)| writes && !call.path.starts_with(but)).map(|(_, fence)| fence.clone())
    }

    async fn once(&self, client: kube::Client, call: &Call<'_>, left: Duration) -> Result<Answer, CallError> {
        let request = Request::builder()
            .method(call.method.clone())
            .uri(call.path)
            .header(header::ACCEPT, call.accept)
            .header(header::CONTENT_TYPE, call.content_type);
        let request = match call.token {
            Some(token) => {
                let bearer = HeaderValue::from_str(&format!("Bearer {token}"));
                let mut bearer = bearer.map_err(|_| CallError::Unauthorized)?;
                bearer.set_sensitive(true);
                request.header(header::AUTHORIZATION, bearer)
            }
            None => request,
        };
        let mut request = request.body(Body::from(call.body.clone())).map_err(|_| CallError::Garbled)?;
        if let Some(fence) = self.fenced(call) {
            request.extensions_mut().insert(fence);
        }
        let exchange = async {
            let response = client.send(request).await.map_err(|error| CallError::of_client(&error))?;
            read(response).await
        };
        let (deadline, begun) = (call.deadline.min(left), Instant::now());
        let answer = tokio::time::timeout(deadline, exchange).await.unwrap_or(Err(CallError::Silent(deadline)));
        let time = begun.elapsed();
        match answer {
            Err(error) if error.is_unreachable() && time > deadline + LATE => Err(CallError::HeldUp(time)),
            answer => answer,
        }
    }
}

impl<'a> Call<'a> {
    fn read(path: &'a str, accept: &'static str) -> Self {
        Self {
            method: Method::GET,
            path,
            accept,
            content_type: JSON,
            body: Vec::new(),
            token: None,
            manner: Manner::Repeatable,
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

/// Options by which an object is deleted as it was seen, and nothing that came after: else it is [`CallError::Raced`].
pub(crate) fn as_seen(object: &Value) -> Value {
    let metadata = &object["metadata"];
    json!({"preconditions": {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]}})
}

/// The path of the first page of a list.
fn first_page(path: &str) -> String {
    format!("{path}{}limit=500", if path.contains('?') { '&' } else { '?' })
}

async fn read(response: Response<Body>) -> Result<Answer, CallError> {
    let (head, body) = response.into_parts();
    let status = head.status;
    let field = |name| head.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    let date = field(header::DATE).map(str::to_owned);
    let retry_after = field(header::RETRY_AFTER).and_then(|value| after(value, date.as_deref()));
    let bytes =
        http_body_util::Limited::new(body, LARGEST_ANSWER).collect().await.map_err(|_| CallError::Broken)?.to_bytes();
    if status.is_success() {
        let body: Value = serde_json::from_slice(&bytes).map_err(|_| CallError::Garbled)?;
        // A success that is none, as some proxies make it.
        if body["kind"] == "Status" && body["status"] == "Failure" {
            let code = body["code"].as_u64().and_then(|code| StatusCode::from_u16(u16::try_from(code).ok()?).ok());
            let code = code.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return Err(CallError::of_status(code, &body, retry_after));
        }
        return Ok(Answer { body, date });
    }
    let said = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Err(CallError::of_status(status, &said, retry_after))
}

/// How long a `Retry-After` asks to wait, in seconds or as a date by the server's clock; nothing where it says neither.
fn after(value: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = jiff::fmt::rfc2822::parse(value.trim()).ok()?.timestamp();
    let now = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok()).map(|now| now.timestamp());
    let wait = then.duration_since(now.unwrap_or_else(Timestamp::now));
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// Makes sure that the answer to an apply is the object: an empty one says nothing of what was done.
fn whole(object: &Value) -> Result<(), CallError> {
    if object["metadata"]["name"].is_string() { Ok(()) } else { Err(CallError::Garbled) }
}

/// Whether a status asks to come again later.
fn asks_for_patience(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_to_come_again_is_said_in_seconds_or_as_a_date() {
        let date = Some("Fri, 20 Nov 2026 18:00:00 GMT");
        assert_eq!(after("7", date), Some(Duration::from_secs(7)));
        assert_eq!(after("Fri, 20 Nov 2026 18:01:00 GMT", date), Some(Duration::from_mins(1)));
        assert_eq!(after("Fri, 20 Nov 2026 17:00:00 GMT", date), Some(Duration::ZERO));
        assert_eq!(after("soon", date), None);
        assert_eq!(after("-1", date), None);
    }
}
