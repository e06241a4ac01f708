//! `following_accounts.csv` of an account's archive: whom it follows. It does not say whose list it is.

use crate::IngestError;
use crate::batch::{Batch, Key};
use crate::blocks::{Records, parse_blocks};
use crate::fields::{Delimiter, split};
use crate::format::ReadOptions;
use crate::intake::Intake;
use crate::rejection::shown;
use crate::source::Source;
use echogram_graph::NO_TIME;

/// The first word of the header.
const HEADER: &[u8] = b"Account address";
const LONGEST_LINE: usize = 1 << 20;

/// Whether a file begins with this list's header.
pub(super) fn is_list(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    head.strip_prefix(HEADER)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(b",") || rest.starts_with(b"\n") || rest.starts_with(b"\r"))
}

/// Reads the list; gives what is to be said of its owner.
pub(super) fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Vec<String>, IngestError> {
    let name = source.path.file_name().unwrap_or(source.path.as_os_str()).to_string_lossy().into_owned();
    let (owner, notes) = match &options.owner {
        Some(owner) => (owner.trim_start_matches('@').to_lowercase(), Vec::new()),
        None => {
            let owner = format!("owner of {name}");
            let note = format!(
                "{}: does not say whose list it is; the account is called `{owner}` (--owner NAME names it)",
                source.path.display()
            );
            (owner, vec![note])
        }
    };
    let records = Records::Quoted(b',');
    parse_blocks(source, records, LONGEST_LINE, intake, |block| {
        let mut batch = Batch::default();
        let mut fields = Vec::new();
        for (line, record) in block.records(records) {
            let record = record.strip_prefix(b"\xef\xbb\xbf").unwrap_or(record);
            if record.trim_ascii().is_empty() || record.starts_with(HEADER) {
                continue;
            }
            batch.records += 1;
            split(record, Delimiter::Byte(b','), 1, &mut fields);
            let address = fields.first().map(|field| String::from_utf8_lossy(field).trim_start_matches('@').to_lowercase());
            let address = address.unwrap_or_default();
            let is_address = address.split_once('@').is_some_and(|(user, domain)| {
                let is_name =
                    |part: &str| !part.is_empty() && !part.contains(|letter: char| letter.is_whitespace() || letter == '@');
                is_name(user) && is_name(domain)
            });
            if !is_address {
                batch.reject(line, "Account address", format!("{} is no address such as user@example.org", shown(&address)));
                continue;
            }
            let [source, target] = batch.codes([Key::Text(&owner), Key::Text(&address)]);
            batch.rows("follow").push(source, target, 1.0, NO_TIME);
        }
        batch
    })?;
    Ok(notes)
}
