//! The program as an operator meets it, without a cluster: what it prints where, and the status it ends with.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene fails")]

mod bad_input;
mod certs;
mod commands;
mod hostile;
mod program;
mod report;
mod serve;
