//! A lexicon of role words.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    echogram_fuzz::lexicon(data);
});
