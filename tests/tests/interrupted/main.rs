//! `isthmus` ended in the middle of its work, and several of it at once: whatever happens, running again leads to the same clusters as
//! a run that nobody disturbed.
//!
//! A sample runs each time; `KILLS=20` kills each command twenty times in each of three models, `KILLS=all` at every boundary of every
//! request.

#![expect(clippy::print_stdout, reason = "what was tried is worth a line")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod kill;
mod operators;
mod signals;
mod stage;
