//! Small texts: times, columns, limits, windows, bios.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    echogram_fuzz::words(data);
});
