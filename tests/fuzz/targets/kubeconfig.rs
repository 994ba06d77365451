//! Feeds the reader `kubeconfig` whatever the fuzzer comes up with.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tests::fuzz::kubeconfig(bytes));
