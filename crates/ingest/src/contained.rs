//! Decoders of others that may panic on damaged bytes, kept from ending the program.
//!
//! A damaged Arrow file can make its decoder panic before any check of ours could tell (a length within a message that points outside of it). What was
//! decoded before is whole, and the decoder is thrown away.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static IS_CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught and told as an error; whoever prints panics need not print that one.
pub fn is_contained() -> bool {
    IS_CONTAINED.get()
}

/// Does `work`; a panic in it becomes an error in words. What `work` has changed must not be used after an error.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = IS_CONTAINED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    IS_CONTAINED.set(before);
    done.map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
        text.unwrap_or("its bytes contradict each other").to_owned()
    })
}
