//! A study file.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    echogram_fuzz::study(data);
});
