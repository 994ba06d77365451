//! What goes through an API server into a pod: a command that is run there, and a page that is read there. Over `WebSockets`,
//! as `kubectl exec` and `kubectl port-forward` do it.

use std::time::Duration;

use http::StatusCode;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::AttachParams;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

use super::{CallError, Transport};

/// How long a command or a page may take.
const DEADLINE: Duration = Duration::from_secs(15);

/// The largest output of a command that is read.
const LARGEST_OUTPUT: u64 = 4 << 20;

/// The largest page that is read: an istiod's endpoints of a large mesh.
const LARGEST_PAGE: usize = 64 << 20;

/// Where a command is run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The namespace.
    pub(crate) namespace: &'a str,
    /// The pod.
    pub(crate) pod: &'a str,
}

/// What a command came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Whether it ended well.
    pub(crate) succeeded: bool,
    /// Its standard output.
    pub(crate) stdout: String,
    /// Its standard error, or why there is none.
    pub(crate) stderr: String,
}

/// A page: its HTTP status and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    /// The status.
    pub(crate) status: u16,
    /// The text.
    pub(crate) text: String,
}

impl Transport {
    /// Runs a command in a container of a pod.
    pub(crate) async fn exec(&self, place: Place<'_>, container: &str, command: &[&str]) -> Result<Said, CallError> {
        let _seat = self.in_flight.acquire().await;
        let pods: Api<Pod> = Api::namespaced(self.access.client().await?.client, place.namespace);
        let run = async {
            let how = AttachParams::default().container(container).stdin(false);
            let mut process =
                pods.exec(place.pod, command.iter().copied(), &how).await.map_err(|error| of_upgrade(&error))?;
            let (stdout, stderr, status) = (process.stdout(), process.stderr(), process.take_status());
            let (stdout, stderr) = tokio::join!(text(stdout, LARGEST_OUTPUT), text(stderr, LARGEST_OUTPUT));
            let status = match status {
                Some(status) => status.await,
                None => None,
            };
            let succeeded = status.as_ref().is_some_and(|status| status.status.as_deref() == Some("Success"));
            let words = status.and_then(|status| status.message).unwrap_or_default();
            Ok(Said { succeeded, stdout, stderr: if stderr.trim().is_empty() { words } else { stderr } })
        };
        tokio::time::timeout(DEADLINE, run).await.map_err(|_| CallError::Silent(DEADLINE))?
    }

    /// Reads a page that a pod serves to itself.
    pub(crate) async fn page(&self, place: Place<'_>, port: u16, path: &str) -> Result<Page, CallError> {
        let _seat = self.in_flight.acquire().await;
        let pods: Api<Pod> = Api::namespaced(self.access.client().await?.client, place.namespace);
        let read = async {
            let mut forward = pods.portforward(place.pod, &[port]).await.map_err(|error| of_upgrade(&error))?;
            let mut stream = forward.take_stream(port).ok_or(CallError::Broken)?;
            let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.map_err(|_| CallError::Broken)?;
            // The end of the connection in the pod does not always come through: the answer itself says where it ends.
            let mut answer = Vec::new();
            let mut piece = vec![0; 64 << 10];
            let page = loop {
                let read = stream.read(&mut piece).await.map_err(|_| CallError::Broken)?;
                answer.extend_from_slice(&piece[..read]);
                match whole(&answer) {
                    Some(page) => break page,
                    None if read == 0 || answer.len() > LARGEST_PAGE => return Err(CallError::Broken),
                    None => {}
                }
            };
            forward.abort();
            Ok(page)
        };
        tokio::time::timeout(DEADLINE, read).await.map_err(|_| CallError::Silent(DEADLINE))?
    }
}

/// What a stream says until it ends.
async fn text(stream: Option<impl AsyncRead + Unpin>, most: u64) -> String {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        // A stream that breaks has said what it has said.
        let _ = stream.take(most).read_to_end(&mut bytes).await;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An HTTP answer that is there to its end, as its length or its last chunk says.
fn whole(answer: &[u8]) -> Option<Page> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = (String::from_utf8_lossy(&answer[..end]), &answer[end + 4..]);
    let field = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let body = match field("content-length") {
        Some(length) => body.get(..length.parse().ok()?)?.to_vec(),
        None if body.ends_with(b"0\r\n\r\n") => unchunked(body)?,
        None => return None,
    };
    let page = page(&format!("{head}\r\n\r\n"))?;
    Some(Page { text: String::from_utf8_lossy(&body).into_owned(), ..page })
}

/// The body in the chunks it was sent in: each after its length, the last of length nothing.
fn unchunked(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).ok()?, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        let start = line + 2;
        body.extend_from_slice(chunks.get(start..start.checked_add(length)?)?);
        chunks = chunks.get(start + length + 2..)?;
    }
}

/// The status and the text of an HTTP answer whose connection has ended.
pub(crate) fn page(answer: &str) -> Option<Page> {
    let (head, text) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/")?.split(' ').nth(1)?.parse().ok()?;
    Some(Page { status, text: text.to_owned() })
}

/// What it means that an API server did not open a stream.
fn of_upgrade(error: &kube::Error) -> CallError {
    match error {
        kube::Error::Api(status) => {
            let code = StatusCode::from_u16(status.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            CallError::of_status(code, &json!({"message": status.message, "reason": status.reason}), None)
        }
        other => CallError::of_client(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_status_and_its_text() {
        let read = page("HTTP/1.0 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno\r\n\r\nsuch page").unwrap();
        assert_eq!((read.status, read.text.as_str()), (404, "no\r\n\r\nsuch page"));
        assert_eq!(page(""), None);
        assert_eq!(page("HTTP/1.1 200 OK\r\nContent-Len"), None);
    }

    #[test]
    fn an_answer_says_itself_where_it_ends() {
        let text = |answer: &str| whole(answer.as_bytes()).map(|page| page.text);
        let sized = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n";
        assert_eq!(text(&format!("{sized}[1]")).as_deref(), Some("[1]"));
        assert_eq!(text(&format!("{sized}[1")), None);
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\na\r\n,234567890\r\n";
        assert_eq!(text(&format!("{chunked}0\r\n\r\n")).as_deref(), Some("[1,234567890"));
        assert_eq!(text(chunked), None, "the last chunk is still to come");
        assert_eq!(text("HTTP/1.1 200 OK\r\n\r\nffffffffffffffff\r\n0\r\n\r\n"), None);
    }
}
