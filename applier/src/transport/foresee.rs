//! What is asked before anybody wants to know: whoever does so later gets the answer that is there, or on its way. An answer is given
//! once, and only until all of them are forgotten.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use tokio::task::JoinHandle;

use super::{Answer, Call, CallError, JSON, METADATA, METADATA_LIST, Transport, first_page};

/// How long such an answer may take; then it is asked for as if it had not been foreseen.
const DEADLINE: Duration = Duration::from_secs(5);

/// Something to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    /// The object at this path.
    Object(String),
    /// The metadata of the object at this path.
    Metadata(String),
    /// The metadata of the objects of the list at this path.
    List(String),
}

/// Answers on their way, by what was asked and in which form.
pub(super) type Foreseen = Arc<Mutex<BTreeMap<(String, &'static str), JoinHandle<Result<Answer, CallError>>>>>;

impl Transport {
    /// Asks all of this, once, and waits for nothing.
    pub(crate) fn foresee(&self, questions: Vec<Question>) {
        let mut foreseen = self.foreseen.lock().unwrap_or_else(PoisonError::into_inner);
        for question in questions {
            let (path, accept) = match question {
                Question::Object(path) => (path, JSON),
                Question::Metadata(path) => (path, METADATA),
                Question::List(path) => (first_page(&path), METADATA_LIST),
            };
            let (asks, asked) = (self.clone(), path.clone());
            let answer = tokio::spawn(async move {
                // Never closed; were it, an unlimited request is the lesser evil.
                let _seat = asks.questions.acquire().await;
                let client = asks.access.client().await?.client;
                asks.once(client, &Call::read(&asked, accept), DEADLINE).await
            });
            foreseen.insert((path, accept), answer);
        }
    }

    /// Forgets what nobody has asked for so far: it says how things were.
    pub(crate) fn forget(&self) {
        let forgotten = std::mem::take(&mut *self.foreseen.lock().unwrap_or_else(PoisonError::into_inner));
        forgotten.values().for_each(JoinHandle::abort);
    }

    /// The answer to a question that was foreseen; nothing where it was not, or where it is worth asking again.
    pub(super) async fn foreseen(&self, call: &Call<'_>) -> Option<Result<Answer, CallError>> {
        if call.method != Method::GET || call.token.is_some() {
            return None;
        }
        let answer = {
            let mut foreseen = self.foreseen.lock().unwrap_or_else(PoisonError::into_inner);
            foreseen.remove(&(call.path.to_owned(), call.accept))?
        };
        match answer.await {
            Ok(Ok(answer)) => Some(Ok(answer)),
            Ok(Err(CallError::NotFound)) => Some(Err(CallError::NotFound)),
            _ => None,
        }
    }
}
