//! Feeds the reader `import` whatever the fuzzer comes up with.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tests::fuzz::import(bytes));
