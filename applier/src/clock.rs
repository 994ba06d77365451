//! Time as it passes for everybody else: it goes on while this machine sleeps, and nobody sets it.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The clock that counts sleep: Linux has one for it, elsewhere the usual one does.
#[cfg(any(target_os = "linux", target_os = "android"))]
const COUNTS_SLEEP: ClockId = ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const COUNTS_SLEEP: ClockId = ClockId::Monotonic;

/// How long this machine has been up, whether it slept or not.
pub(crate) fn up() -> Duration {
    clock_gettime(COUNTS_SLEEP).try_into().expect("such a clock begins at zero")
}

#[cfg(test)]
mod tests {
    #[test]
    fn time_passes() {
        let before = super::up();
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert!(super::up() > before);
    }
}
