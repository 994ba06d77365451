//! What goes wrong on the way to an API server, at every step of a plan: bounded, told, and mended by running again.
//!
//! A sample runs each time; `FAULTS=all` tries every fault at every step of every model. What was tried and what came of it is
//! printed as a table.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod canaries;
mod contacts;
mod identity;
mod outages;
mod people;
mod surprises;
mod table;
mod transport;
