//! How many calls are enough.

/// The chance that is left to luck: that of not hearing a member that answers as often as every other.
const LUCK: f64 = 0.0005;

/// How many calls make it less likely than [`LUCK`] that one of `members`, all of which answer alike, is not heard.
///
/// A member is missed by one call with a chance of `1 - 1/N`, by `n` calls with `(1 - 1/N)^n`, and any of them with at most
/// `N` times that; for two this is `2^(1-n)`, hence twelve calls (research: istio, "Verification").
pub(crate) fn calls(members: usize) -> usize {
    let count = f64::from(u32::try_from(members).unwrap_or(u32::MAX));
    let missed = 1.0 - 1.0 / count.max(1.0);
    let mut calls = 1;
    let mut chance = count * missed;
    while chance >= LUCK {
        calls += 1;
        chance *= missed;
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::calls;

    #[test]
    fn two_need_twelve_calls_and_one_needs_one() {
        assert_eq!(calls(0), 1);
        assert_eq!(calls(1), 1);
        assert_eq!(calls(2), 12);
    }

    #[test]
    fn the_chance_is_small_enough_and_one_call_less_leaves_too_much() {
        for members in [2_u32, 3, 5, 10, 40] {
            let n = i32::try_from(calls(members as usize)).unwrap();
            let missing = |calls: i32| f64::from(members) * (1.0 - 1.0 / f64::from(members)).powi(calls);
            assert!(missing(n) < 0.0005 && missing(n - 1) >= 0.0005, "{members}: {n}");
        }
    }
}
