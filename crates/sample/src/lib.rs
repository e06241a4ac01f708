//! The sample study: a made-up health-care conversation on social media, the same bytes every time.
//!
//! Everything is invented: people, organisations, handles, numbers, posts, the Glimbo sensor and the quarrel over its
//! price. Names are put together from syllables; a likeness to anybody is chance.
//!
//! ```
//! let study = echogram_sample::Study::new(echogram_sample::SEED);
//! assert_eq!(study.accounts.len(), 2000);
//! assert!(study.files().iter().any(|file| file.path == "follows.csv"));
//! ```

pub mod accounts;
mod bios;
pub mod calendar;
pub mod follows;
pub mod groups;
mod names;
pub mod posts;
pub mod random;
pub mod summary;
mod tables;
pub mod texts;
pub mod words;
mod write;

pub use write::{File, write_folder};

/// Seed of the committed files.
pub const SEED: u64 = 20_260_105;

/// Everything that there is in the study, before it is written.
#[derive(Debug)]
pub struct Study {
    /// Accounts, ascending by number.
    pub accounts: Vec<accounts::Account>,
    /// Follows, by follower and followed; without the dirt of the file.
    pub follows: Vec<follows::Follow>,
    /// Posts, ascending by time.
    pub posts: Vec<posts::Post>,
}

impl Study {
    /// The study of a seed.
    pub fn new(seed: u64) -> Self {
        let accounts = accounts::accounts(seed);
        let follows = follows::follows(&accounts, seed);
        let posts = posts::posts(&accounts, &follows, seed);
        Self { accounts, follows, posts }
    }

    /// The files of the study, as they are before compression.
    pub fn files(&self) -> Vec<File> {
        let mut files = write::pages(self);
        files.push(write::profiles(self));
        files.push(tables::follows(self));
        files.push(tables::accounts(self));
        files.push(tables::truth(self));
        files
    }
}
