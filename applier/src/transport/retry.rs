//! When a request is worth sending again, and after how long.

use std::time::{Duration, Instant};

use super::{Blocked, CallError};

/// How often one request is sent at most.
const ATTEMPTS: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The pauses of one request, until its attempts or its time are used up.
pub(super) struct Backoff {
    attempt: u32,
    until: Instant,
}

impl Backoff {
    /// Retries end when `deadline` has passed since now.
    pub(super) fn new(deadline: Duration) -> Self {
        Self { attempt: 1, until: Instant::now() + deadline }
    }

    /// The pause before the next attempt, or nothing when `error` is final.
    pub(super) fn next(&mut self, error: &CallError, repeatable: bool) -> Option<Duration> {
        let asked = match error {
            CallError::Busy { retry_after } => *retry_after,
            // An API server that restarts refuses connections for some seconds.
            CallError::Broken | CallError::Blocked(Blocked::Refused) if repeatable => None,
            _ => return None,
        };
        let pause = asked.unwrap_or_else(|| (FIRST_PAUSE * 3_u32.pow(self.attempt - 1)).min(LONGEST_PAUSE));
        self.attempt += 1;
        // A server that asks for more than the request's time is left says: not now.
        (self.attempt <= ATTEMPTS && Instant::now() + pause < self.until).then_some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_connection_is_retried_only_where_repeating_is_harmless() {
        let mut backoff = Backoff::new(Duration::from_mins(1));
        assert_eq!(backoff.next(&CallError::Broken, true), Some(FIRST_PAUSE));
        assert_eq!(backoff.next(&CallError::Broken, true), Some(FIRST_PAUSE * 3));
        assert_eq!(backoff.next(&CallError::Broken, false), None);
        assert!(backoff.next(&CallError::Blocked(Blocked::Refused), true).is_some());
        assert_eq!(backoff.next(&CallError::Blocked(Blocked::Name), true), None);
    }

    #[test]
    fn the_server_may_not_ask_for_more_than_the_deadline() {
        let mut backoff = Backoff::new(Duration::from_secs(20));
        let error = CallError::Busy { retry_after: Some(Duration::from_hours(1)) };
        assert_eq!(backoff.next(&error, true), None);
    }

    #[test]
    fn retries_end() {
        let mut backoff = Backoff::new(Duration::from_mins(10));
        let pauses = std::iter::from_fn(|| backoff.next(&CallError::Broken, true)).count();
        assert_eq!(pauses, 5);
    }
}
