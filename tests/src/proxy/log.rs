//! What went through: every request with its times, and how many of them had to wait for one another.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A request, as rules and hooks see it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Which it is, over all clusters, from 0.
    pub number: usize,
    /// The cluster that is asked.
    pub cluster: String,
    /// Its method.
    pub method: String,
    /// Its path, with what follows the question mark.
    pub path: String,
}

impl Asked {
    /// Whether it applies an object: one that is only tried, by a dry run, does not.
    pub fn applies(&self) -> bool {
        self.method == "PATCH" && !self.path.contains("dryRun")
    }
}

/// A request and what became of it.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request.
    pub asked: Asked,
    /// The connection it came on, counted over all clusters.
    pub connection: usize,
    /// When it had come, to its last byte.
    pub at: Instant,
    /// When the last byte of the answer had left, where one did.
    pub answered: Option<Instant>,
    /// The status that was passed on.
    pub status: Option<u16>,
    /// Bytes of the request's body and of the answer's.
    pub bytes: (usize, usize),
}

/// Everything that came, and who came.
#[derive(Default)]
pub(super) struct Log {
    exchanges: Mutex<(usize, Vec<Exchange>)>,
    connections: Mutex<usize>,
}

/// A request's place in the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    index: usize,
    /// Of which log: one that was emptied meanwhile does not take the end of an older request.
    era: usize,
}

impl Log {
    /// The number of a new connection.
    pub(super) fn connection(&self) -> usize {
        let mut count = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        *count
    }

    /// Notes a request that has come.
    pub(super) fn asked(
        &self,
        connection: usize,
        cluster: &str,
        method: &str,
        path: &str,
        bytes: usize,
    ) -> (Asked, Entry) {
        let mut held = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        let (era, exchanges) = &mut *held;
        let asked = Asked {
            number: exchanges.len(),
            cluster: cluster.to_owned(),
            method: method.to_owned(),
            path: path.to_owned(),
        };
        let at = Instant::now();
        let exchange =
            Exchange { asked: asked.clone(), connection, at, answered: None, status: None, bytes: (bytes, 0) };
        exchanges.push(exchange);
        (asked, Entry { index: exchanges.len() - 1, era: *era })
    }

    /// Notes that a request was answered.
    pub(super) fn answered(&self, entry: Entry, status: u16, bytes: usize) {
        let mut held = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        let (era, exchanges) = &mut *held;
        if let Some(exchange) = exchanges.get_mut(entry.index).filter(|_| *era == entry.era) {
            exchange.answered = Some(Instant::now());
            exchange.status = Some(status);
            exchange.bytes.1 = bytes;
        }
    }

    pub(super) fn all(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    pub(super) fn forget(&self) {
        let mut held = self.exchanges.lock().unwrap_or_else(PoisonError::into_inner);
        held.0 += 1;
        held.1.clear();
    }
}

/// The longest chain of requests, each of which came after the answer to the one before it.
pub(super) fn depth(exchanges: &[Exchange]) -> usize {
    // In the order in which they came, so that those before are known; the chains that have ended, by when.
    let mut ended: Vec<(Instant, usize)> = Vec::new();
    for exchange in exchanges {
        let before = ended.iter().filter(|(end, _)| *end <= exchange.at).map(|(_, depth)| *depth).max().unwrap_or(0);
        if let Some(end) = exchange.answered {
            ended.push((end, before + 1));
        }
    }
    ended.iter().map(|(_, depth)| *depth).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn depth_counts_what_waited_for_an_answer() {
        let start = Instant::now();
        let exchange = |from: u64, to: u64| Exchange {
            asked: Asked { number: 0, cluster: String::new(), method: String::new(), path: String::new() },
            connection: 0,
            at: start + Duration::from_millis(from),
            answered: Some(start + Duration::from_millis(to)),
            status: Some(200),
            bytes: (0, 0),
        };
        assert_eq!(depth(&[]), 0);
        assert_eq!(depth(&[exchange(0, 10), exchange(1, 10), exchange(2, 30)]), 1);
        assert_eq!(depth(&[exchange(0, 10), exchange(1, 12), exchange(11, 30), exchange(13, 20), exchange(21, 40)]), 3);
    }
}
