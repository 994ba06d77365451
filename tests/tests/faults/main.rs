//! What goes wrong on the way to an API server, at every step of a plan: bounded, told, and mended by running again.
//!
//! A sample runs each time; `FAULTS=all` tries every fault at every step of every model, the models side by side; `FAULTS=external-ip,429`
//! those lines of it that hold both. What was tried and what came of it is printed as it comes, and as a table at the end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod canaries;
mod contacts;
mod credentials;
mod identity;
mod models;
mod outages;
mod people;
mod scene;
mod surprises;
mod table;
mod targets;
mod transport;
