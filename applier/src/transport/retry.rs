//! When a request is worth sending again, and after how long.

use std::time::{Duration, Instant};

use super::{Blocked, CallError};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A request that is about to be sent again.
pub(crate) struct Retry<'a> {
    /// What became of the last attempt.
    pub(crate) error: &'a CallError,
    /// Which retry this is, from 1.
    pub(crate) number: u32,
    /// How long it waits.
    pub(crate) pause: Duration,
}

/// What may be done about a request that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// Asking twice comes to the same as asking once.
    Repeatable,
    /// The first words: repeatable, but where nobody listens nobody is waited for.
    Greeting,
    /// It may have been done though the answer was lost: only what was surely not done is asked again.
    Once,
}

/// The pauses of one request, until its time is used up.
pub(super) struct Backoff {
    attempt: u32,
    until: Instant,
}

impl Backoff {
    /// Retries end when `time` has passed since now.
    pub(super) fn new(time: Duration) -> Self {
        Self { attempt: 0, until: Instant::now() + time }
    }

    /// What is left of the time.
    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    /// The next attempt, or nothing when `error` is final.
    pub(super) fn next<'a>(&mut self, error: &'a CallError, manner: Manner) -> Option<Retry<'a>> {
        let asked = match error {
            // Refused before anything was done, whatever it was.
            CallError::Busy { status: 429, retry_after } => *retry_after,
            CallError::Busy { retry_after, .. } if manner != Manner::Once => *retry_after,
            CallError::Broken | CallError::Silent(_) if manner != Manner::Once => None,
            CallError::Garbled if manner == Manner::Repeatable => None,
            // An API server that restarts refuses connections for some seconds.
            CallError::Blocked(Blocked::Refused | Blocked::Timeout | Blocked::NoRoute | Blocked::Other)
                if manner == Manner::Repeatable =>
            {
                None
            }
            _ => return None,
        };
        let usual = (FIRST_PAUSE * 3_u32.saturating_pow(self.attempt)).min(LONGEST_PAUSE);
        let pause = asked.unwrap_or(usual);
        self.attempt += 1;
        // A server that asks for more than the time that is left says: not now.
        (Instant::now() + pause < self.until).then_some(Retry { error, number: self.attempt, pause })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(backoff: &mut Backoff, error: &CallError, manner: Manner) -> Option<Duration> {
        backoff.next(error, manner).map(|retry| retry.pause)
    }

    #[test]
    fn only_what_may_be_done_twice_is_sent_again_after_it_may_have_been_done() {
        let mut backoff = Backoff::new(Duration::from_mins(1));
        assert_eq!(pause(&mut backoff, &CallError::Broken, Manner::Repeatable), Some(FIRST_PAUSE));
        assert_eq!(pause(&mut backoff, &CallError::Broken, Manner::Repeatable), Some(FIRST_PAUSE * 3));
        assert_eq!(pause(&mut backoff, &CallError::Broken, Manner::Once), None);
        let busy = |status| CallError::Busy { status, retry_after: Some(Duration::from_secs(1)) };
        assert_eq!(pause(&mut backoff, &busy(504), Manner::Once), None);
        assert_eq!(pause(&mut backoff, &busy(429), Manner::Once), Some(Duration::from_secs(1)));
        assert!(pause(&mut backoff, &CallError::Blocked(Blocked::Refused), Manner::Repeatable).is_some());
        assert_eq!(pause(&mut backoff, &CallError::Blocked(Blocked::Refused), Manner::Greeting), None);
        assert_eq!(pause(&mut backoff, &CallError::Blocked(Blocked::Name), Manner::Repeatable), None);
    }

    #[test]
    fn the_server_may_not_ask_for_more_than_the_deadline() {
        let mut backoff = Backoff::new(Duration::from_secs(20));
        let error = CallError::Busy { status: 429, retry_after: Some(Duration::from_hours(1)) };
        assert_eq!(pause(&mut backoff, &error, Manner::Repeatable), None);
    }

    #[test]
    fn pauses_grow_to_a_bound() {
        let mut backoff = Backoff::new(Duration::from_hours(1));
        let pauses: Vec<_> =
            (0..7).filter_map(|_| pause(&mut backoff, &CallError::Broken, Manner::Repeatable)).collect();
        assert_eq!(pauses[..4], [100, 300, 900, 2700].map(Duration::from_millis));
        assert_eq!(pauses[6], LONGEST_PAUSE);
        assert_eq!(pause(&mut Backoff::new(Duration::ZERO), &CallError::Broken, Manner::Repeatable), None);
    }
}
