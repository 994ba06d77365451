//! What can be done to a request, and to which.

use std::fmt;
use std::time::Duration;

use serde_json::json;

use super::log::Asked;

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It is here, and the server has not seen it.
    Asked,
    /// The server has answered, and nothing of that was passed on.
    Done,
    /// Half of the answer was passed on.
    Half,
}

impl Phase {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Done, Self::Half];
}

/// An answer that no server gave.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Header fields, beside the length.
    pub fields: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// A failure as Kubernetes tells it.
    pub fn status(code: u16, reason: &str, message: &str) -> Self {
        let body = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
            "message": message});
        Self { status: code, fields: vec![], body: body.to_string() }.field("Content-Type", "application/json")
    }

    /// Something that is not Kubernetes' JSON, as proxies and load balancers say it.
    pub fn text(code: u16, kind: &str, body: &str) -> Self {
        Self { status: code, fields: vec![], body: body.to_owned() }.field("Content-Type", kind)
    }

    /// Adds a header field.
    #[must_use]
    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What happens to a request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This is answered; the server hears nothing.
    Answer(Answer),
    /// The server does what it is asked to; this is answered.
    Instead(Answer),
    /// The connection is closed in good order.
    Close(Phase),
    /// The connection is reset.
    Reset(Phase),
    /// Nothing more comes, and the connection stays.
    Silence(Phase),
    /// The proxy says that it will send nothing more, before any answer, and goes on listening.
    HalfClose,
    /// The body ends after so many bytes, in an answer that is otherwise whole.
    Cut(usize),
    /// The answer comes at so many bytes a second.
    Slow(u32),
    /// The answer comes that much later.
    Late(Duration),
}

/// A fault, and the requests it is for.
pub struct Rule {
    fault: Fault,
    concerns: Box<dyn Fn(&Asked) -> bool + Send>,
    skip: usize,
    times: usize,
}

impl Rule {
    /// A fault for every request.
    pub fn always(fault: Fault) -> Self {
        Self { fault, concerns: Box::new(|_| true), skip: 0, times: usize::MAX }
    }

    /// Only for these.
    #[must_use]
    pub fn on(mut self, concerns: impl Fn(&Asked) -> bool + Send + 'static) -> Self {
        self.concerns = Box::new(concerns);
        self
    }

    /// Not for the first so many of them.
    #[must_use]
    pub fn after(mut self, requests: usize) -> Self {
        self.skip = requests;
        self
    }

    /// Only so often.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// The fault for this request, if any; counts.
    pub(super) fn take(&mut self, asked: &Asked) -> Option<Fault> {
        if self.times == 0 || !(self.concerns)(asked) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times -= 1;
        Some(self.fault.clone())
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}, {} times after {}", self.fault, self.times, self.skip)
    }
}
