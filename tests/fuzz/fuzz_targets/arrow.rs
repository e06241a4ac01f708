//! An input of the format `arrow`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    echogram_fuzz::input(Some("arrow"), data);
});
