//! Answers to questions about a finished run folder: rankings, and all that is known of one account.
//!
//! The only crate that knows polars: tables are filtered, sorted and looked up there, and leave as plain rows.

mod account;
mod error;
mod frame;
mod top;

pub use account::{AccountAnswer, Exposure, Tie, account};
pub use error::QueryError;
pub use top::{TopAnswer, TopQuestion, TopRow, top};
