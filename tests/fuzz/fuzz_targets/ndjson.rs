//! An input of the format `ndjson`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    echogram_fuzz::input(Some("ndjson"), data);
});
