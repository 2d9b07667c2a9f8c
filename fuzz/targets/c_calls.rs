#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| dafu_fuzz::c_calls(bytes));
