//! An input of the format `gexf`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    echogram_fuzz::input(Some("gexf"), data);
});
