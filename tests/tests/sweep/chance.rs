//! A small generator of numbers that look random and are the same in every run.

/// Where the sequence stands, and whether it is one of those in which things go wrong.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
    is_wild: bool,
}

impl Chance {
    /// Begins the sequence of that number.
    pub(crate) fn new(number: u64) -> Self {
        let state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x2545_F491_4F6C_DD1D;
        Chance { state, is_wild: number.is_multiple_of(3) }
    }

    /// True once in so many times, in a wild sequence alone.
    pub(crate) fn slips(&mut self, times: usize) -> bool {
        self.is_wild && self.once_in(times)
    }

    /// One of those that are right, or now and then of those that are not.
    pub(crate) fn pick<T: Copy>(&mut self, right: &[T], wrong: &[T]) -> T {
        if self.slips(6) { self.of(wrong) } else { self.of(right) }
    }

    /// The next number below a limit (xorshift64*).
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let next = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(next).unwrap_or_default() % limit.max(1)
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub(crate) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}
