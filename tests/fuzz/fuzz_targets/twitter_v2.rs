//! An input of the format `twitter-v2`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    echogram_fuzz::input(Some("twitter-v2"), data);
});
