//! `bluesky`: events of Jetstream, one a line, and repositories of single accounts as CAR files.
//!
//! Accounts are known by their did. A like, a repost and a follow each give one tie; a post gives `reply` to who wrote its parent, `quote` to who wrote
//! the post embedded, and `mention` for others that its facets name. Blocks are no attention: they are passed over and counted, as are lists and all
//! other collections.
//!
//! Every record has a name, `at://did/collection/key`, and the latest word on it counts: a deletion takes back what it names, an `update`
//! replaces it. Words are put in order by Jetstream's clock (`time_us`), and those of a CAR file by the revision of its commit. An account whose only
//! tie was taken back stays an account; an account that was itself deleted keeps its ties.
//!
//! The time of a tie is the record's `createdAt`. Clients write what they like there: where it is no time, the event's own is taken,
//! and the record is not rejected.

mod car;
mod jetstream;
mod record;

use crate::IngestError;
use crate::format::{FormatSpec, ReadOptions, Reading, first_byte};
use crate::intake::Intake;
use crate::source::Source;
use record::Tally;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "bluesky",
    summary: "Jetstream events (follows, posts, replies, reposts, likes, quotes; deletions take back), and repository CAR files",
    claims: |head| car::is_car(head) || (first_byte(head) == Some(b'{') && is_jetstream(head)),
    read,
};

fn is_jetstream(head: &[u8]) -> bool {
    let start = &head[..head.len().min(1 << 14)];
    let has = |word: &str| memchr::memmem::find(start, word.as_bytes()).is_some();
    has("\"did\"") && has("\"time_us\"") && has("\"kind\"")
}

fn read(source: &mut Source, _: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let tally = Tally::default();
    if car::is_car(&source.head) {
        car::read(source, intake, &tally)?;
    } else {
        jetstream::read(source, intake, &tally)?;
    }
    Ok(Reading { notes: tally.notes(&source.path), ..Reading::default() })
}
