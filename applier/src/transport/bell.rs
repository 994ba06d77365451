//! Hearing that an object changes: a watch that hands over the object as it became, so that nobody has to go and look. What it misses
//! is seen by looking now and then anyway, so one that ends, stammers or is refused costs only time.

use std::time::Duration;

use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kube::client::Body;
use serde_json::Value;

use super::{JSON, Transport};

/// How long the server may take to begin.
const DEADLINE: Duration = Duration::from_secs(5);

/// How long the server is asked to go on.
const SECONDS: u32 = 300;

/// The longest notice that is taken in: an object has 1.5 MiB at most.
const LONGEST_NOTICE: usize = 4 << 20;

/// Rings whenever one object changes.
pub(crate) struct Bell {
    body: Body,
    /// The name of the object.
    name: String,
    /// The beginning of a notice that has not come to its end yet.
    begun: Vec<u8>,
}

/// What was heard.
pub(crate) enum Ring {
    /// The object, as it became.
    Became(Value),
    /// It is otherwise than before; how, only a look can tell.
    Changed,
    /// It will not ring again.
    Over,
}

impl Transport {
    /// A bell for the object at `path`; nothing where the server does not give one, for lack of rights say.
    ///
    /// It rings once at the beginning, for the object as it is: what happened before is not missed.
    pub(crate) async fn bell(&self, path: &str) -> Option<Bell> {
        let (list, name) = path.rsplit_once('/')?;
        let client = self.access.client().await.ok()?.client;
        let request = Request::builder()
            .uri(format!("{list}?watch=true&timeoutSeconds={SECONDS}&fieldSelector=metadata.name%3D{name}"))
            .header(header::ACCEPT, JSON)
            .body(Body::empty())
            .ok()?;
        let response = tokio::time::timeout(DEADLINE, client.send(request)).await.ok()?.ok()?;
        (response.status() == StatusCode::OK).then(|| Bell {
            body: response.into_body(),
            name: name.to_owned(),
            begun: Vec::new(),
        })
    }
}

impl Bell {
    /// Comes back when it rings. Whoever no longer waits for it misses nothing.
    pub(crate) async fn rings(&mut self) -> Ring {
        loop {
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    let Ok(data) = frame.into_data() else { continue };
                    self.begun.extend_from_slice(&data);
                    if let Some(ring) = self.heard() {
                        return ring;
                    }
                    if self.begun.len() > LONGEST_NOTICE {
                        return Ring::Over;
                    }
                }
                Some(Err(_)) | None => return Ring::Over,
            }
        }
    }

    /// The last of the notices that have come to their end, each on a line of its own.
    fn heard(&mut self) -> Option<Ring> {
        let end = self.begun.iter().rposition(|byte| *byte == b'\n')?;
        let rest = self.begun.split_off(end + 1);
        let whole = std::mem::replace(&mut self.begun, rest);
        let last = whole.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty())?;
        Some(self.told(last))
    }

    fn told(&self, notice: &[u8]) -> Ring {
        let mut notice: Value = serde_json::from_slice(notice).unwrap_or_default();
        let object = notice.get_mut("object").map(Value::take).unwrap_or_default();
        let is_there = notice["type"] == "ADDED" || notice["type"] == "MODIFIED";
        if is_there && object["metadata"]["name"] == *self.name { Ring::Became(object) } else { Ring::Changed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(pieces: &[&str]) -> Vec<Option<String>> {
        let mut bell = Bell { body: Body::empty(), name: "a".to_owned(), begun: Vec::new() };
        let hear = |piece: &&str| {
            bell.begun.extend_from_slice(piece.as_bytes());
            bell.heard().map(|ring| match ring {
                Ring::Became(object) => object["status"].to_string(),
                Ring::Changed => "changed".to_owned(),
                Ring::Over => "over".to_owned(),
            })
        };
        pieces.iter().map(hear).collect()
    }

    #[test]
    fn the_last_whole_notice_counts() {
        let notice = |kind: &str, name: &str, status: u8| {
            format!("{{\"type\":\"{kind}\",\"object\":{{\"metadata\":{{\"name\":\"{name}\"}},\"status\":{status}}}}}\n")
        };
        let (one, two) = (notice("ADDED", "a", 1), notice("MODIFIED", "a", 2));
        assert_eq!(heard(&[&one, &two]), [Some("1".into()), Some("2".into())]);
        assert_eq!(heard(&[&format!("{one}{two}")]), [Some("2".into())]);
        let (start, end) = two.split_at(20);
        assert_eq!(heard(&[&format!("{one}{start}"), end]), [Some("1".into()), Some("2".into())]);
        assert_eq!(heard(&[start, "", end]), [None, None, Some("2".into())]);
    }

    #[test]
    fn what_says_nothing_of_the_object_makes_one_look() {
        let of = |text: &str| heard(&[text])[0].clone();
        let changed = Some("changed".to_owned());
        assert_eq!(of("{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":\"a\"}}}\n"), changed);
        assert_eq!(of("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"b\"}}}\n"), changed);
        assert_eq!(of("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410}}\n"), changed);
        assert_eq!(of("<html>\n"), changed);
        assert_eq!(of("\n"), None);
    }
}
