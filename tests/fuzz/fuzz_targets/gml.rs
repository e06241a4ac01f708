//! An input of the format `gml`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    echogram_fuzz::input(Some("gml"), data);
});
