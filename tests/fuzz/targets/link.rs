//! Feeds what reads a link in the planner whatever the fuzzer comes up with.

#![no_main]

use web::incoming::Way;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tests::fuzz::incoming(Way::Link, bytes));
