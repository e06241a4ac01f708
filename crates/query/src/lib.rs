//! Answers to questions about finished run folders: rankings, all that is known of one account, what differs between two runs.
//!
//! The only crate that knows polars: tables are filtered, sorted and looked up there, and leave as plain rows.

mod account;
mod compare;
mod echo;
mod error;
mod frame;
mod top;

pub use account::{AccountAnswer, Exposure, Tie, account};
pub use compare::{
    AccountChange, COMMUNITY, CompareAnswer, CompareQuestion, EchoChange, EffectChange, FateRow, Likeness, Matching,
    NetworkChange, RunFacts, compare,
};
pub use echo::{EchoAnswer, EchoQuestion, EchoScore, Strip, echo, null_in_words};
pub use error::QueryError;
pub use top::{TopAnswer, TopQuestion, TopRow, top};
