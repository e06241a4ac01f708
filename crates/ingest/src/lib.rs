//! Reads what people have (edge lists, posts, account files) into one network with a table of accounts.
//!
//! Formats stand in [`FORMATS`]. A row that cannot be used is a [`Rejection`]; a file that cannot be used is an [`IngestError`]. Nothing here
//! depends on the order of rows or files: keys are sorted before they become node ids.

mod accounts;
mod assemble;
mod batch;
mod blocks;
mod columns;
mod contained;
mod dialect;
mod edge_row;
mod elements;
mod error;
mod estimate;
mod fields;
mod format;
mod formats;
mod graph_file;
mod inputs;
mod intake;
mod interner;
mod json;
mod key_list;
mod key_space;
mod packed_key;
pub mod period;
mod posts;
mod profile;
mod profiles;
mod record_batch;
mod rejection;
mod resolver;
pub mod roles;
mod row_group;
mod source;
mod table;
pub mod time;

pub use assemble::{AssemblyFacts, TimeWindow};
pub use columns::{ColumnMap, ColumnRef};
pub use compact_str::CompactString;
pub use contained::is_contained;
pub use error::IngestError;
pub use estimate::{Estimate, estimate};
pub use format::{FORMATS, FormatSpec, ReadOptions, check_format_name};
pub use intake::LeftOut;
pub use profile::Profile;
pub use rejection::{Rejection, Rejections};
pub use source::Progress;
pub use table::AccountTable;

use crate::accounts::{AccountFile, RawAccounts};
use crate::batch::Batch;
use crate::format::{Reading, format_of};
use crate::intake::Intake;
use crate::key_space::UsedKeys;
use crate::period::{Period, Window};
use crate::roles::Lexicon;
use crate::source::Source;
use echogram_graph::Network;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What is to be read.
#[derive(Default)]
pub struct Request {
    /// Edge lists, posts and the like: what a user named (file, folder, pattern, `-`), and how to read it.
    pub inputs: Vec<(String, ReadOptions)>,
    /// Account files.
    pub accounts: Vec<AccountsRequest>,
    /// Whether (a, b) and (b, a) are one edge.
    pub undirected: bool,
    /// Whether accounts without a tie are left out.
    pub drop_isolates: bool,
    /// Words by which roles are found.
    pub lexicon: Option<Lexicon>,
    /// Names of result columns: a user's column of such a name is kept as `given_NAME`.
    pub reserved: BTreeSet<String>,
    /// How many rows may be rejected.
    pub max_rejected: MaxRejected,
    /// Ties outside are left out.
    pub period: Period,
    /// The length of the windows into which time is cut.
    pub window: Option<Window>,
}

/// An account file, or several.
#[derive(Clone, Debug, Default)]
pub struct AccountsRequest {
    /// What a user named: file, folder or pattern.
    pub path: String,
    /// Which column means what.
    pub columns: ColumnMap,
    /// The inputs (by place in [`Request::inputs`]) whose accounts it describes; empty = all.
    pub of_inputs: Vec<usize>,
}

/// A limit of rejected rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum MaxRejected {
    /// No limit.
    #[default]
    Any,
    /// So many rows.
    Rows(u64),
    /// So many per cent of all rows.
    Percent(f64),
}

impl std::str::FromStr for MaxRejected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is neither a number of rows such as 10 nor a share such as 0.5%");
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent: f64 = percent.trim().parse().map_err(|_| wrong())?;
                if (0.0..=100.0).contains(&percent) { Ok(Self::Percent(percent)) } else { Err(wrong()) }
            }
            None => text.parse().map(Self::Rows).map_err(|_| wrong()),
        }
    }
}

/// One input file, as the manifest tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFacts {
    /// As named or found.
    pub path: String,
    /// Format's name; `accounts` files have theirs behind `accounts:`.
    pub format: String,
    /// Bytes as they lie on disk.
    pub bytes: u64,
    /// Rows or records, rejected ones included.
    pub rows: u64,
    /// Rejected ones.
    pub rejected: u64,
    /// BLAKE3 of the bytes.
    pub blake3: String,
}

/// All that was read.
pub struct Ingested {
    /// The graph, a layer a relation.
    pub network: Arc<Network>,
    /// The graph of each window of time, if windows are asked for.
    pub windows: Vec<TimeWindow>,
    /// What is known of the accounts.
    pub accounts: Arc<AccountTable>,
    /// The files.
    pub inputs: Vec<InputFacts>,
    /// Kept rejections with the input they stand in.
    pub rejections: Vec<(String, Rejection)>,
    /// Number of all rejections.
    pub rejected: u64,
    /// What assembling found out.
    pub facts: AssemblyFacts,
    /// Remarks: what was guessed or passed over.
    pub notes: Vec<String>,
}

/// All inputs read, not yet put together.
pub struct Read {
    intake: Intake,
    files: Vec<AccountFile>,
    ledger: Ledger,
}

/// Reads everything.
///
/// # Errors
/// [`IngestError`]: an input that cannot be read or that holds nothing usable, or more rejected rows than allowed.
pub fn read(request: &Request, progress: &Arc<Progress>) -> Result<Read, IngestError> {
    let mut ledger = Ledger::default();
    let mut intake = Intake::of(request.period);
    let mut node_tables = Vec::new();
    let named = request
        .inputs
        .iter()
        .map(|(text, options)| Ok((inputs::expand(text)?, options)))
        .collect::<Result<Vec<_>, IngestError>>()?;
    let account_files = request
        .accounts
        .iter()
        .map(|accounts| Ok((inputs::expand_some(&accounts.path)?, accounts)))
        .collect::<Result<Vec<_>, IngestError>>()?;
    let sizes = named.iter().flat_map(|(named, _)| &named.files).chain(account_files.iter().flat_map(|(files, _)| files));
    progress.total.store(sizes.filter_map(|path| std::fs::metadata(path).ok()).map(|meta| meta.len()).sum(), Ordering::Relaxed);
    for (place, (named, options)) in named.iter().enumerate() {
        intake.input = place;
        let before = ledger.inputs.len();
        let mut passed_over = None;
        for path in &named.files {
            if named.folder.is_some() && inputs::is_document(path) {
                ledger.notes.push(format!("passed over {}: a document by its name", path.display()));
                continue;
            }
            if !ledger.is_first_time(path) {
                continue;
            }
            intake.is_in_folder = named.folder.is_some();
            match read_input(path, options, progress, &mut intake, &mut ledger) {
                Ok(nodes) => node_tables.extend(nodes),
                Err(error @ (IngestError::UnknownFormat { .. } | IngestError::Empty { .. } | IngestError::NoEdges { .. }))
                    if named.folder.is_some() =>
                {
                    intake.forget_input();
                    let note = format!("passed over {error}");
                    passed_over.get_or_insert_with(|| format!("; {note}"));
                    ledger.notes.push(note);
                }
                Err(error) => return Err(error),
            }
        }
        if let Some(folder) = named.folder.as_ref().filter(|_| ledger.inputs.len() == before) {
            let first = passed_over.unwrap_or_default();
            return Err(IngestError::EmptyFolder { path: folder.clone(), tried: named.files.len(), first });
        }
    }
    let mut files = Vec::new();
    for (paths, accounts) in &account_files {
        let map = &accounts.columns;
        let is_described = |batch: &&Batch| accounts.of_inputs.is_empty() || accounts.of_inputs.contains(&batch.input);
        let used = UsedKeys::of(intake.batches.iter().filter(is_described), &intake.interner);
        for path in paths {
            let mut source = Source::open(path, progress)?;
            let mut raw = accounts::read_raw(&mut source, map)?;
            let mut file = raw.interpret(map, &|key| used.contains(key), &request.reserved)?;
            ledger.notes.append(&mut file.notes);
            ledger.enter(&source, format!("accounts:{}", raw.format), raw.records, raw.rejections);
            files.push(file);
        }
    }
    for nodes in node_tables {
        files.push(ledger.node_file(nodes, request)?);
    }
    finish_reading(intake, files, ledger, request)
}

fn finish_reading(intake: Intake, files: Vec<AccountFile>, ledger: Ledger, request: &Request) -> Result<Read, IngestError> {
    if intake.is_full {
        return Err(IngestError::TooManyAccounts);
    }
    ledger.check(request.max_rejected)?;
    if intake.is_empty() {
        return Err(ledger.nothing_read(request.period, intake.left_out));
    }
    Ok(Read { intake, files, ledger })
}

/// Reads one input that is in memory already, as `options` say, and puts it together. What `request` says of inputs and accounts is not looked at.
///
/// # Errors
/// As [`read`] and [`Read::assemble`].
pub fn read_bytes(bytes: Vec<u8>, options: &ReadOptions, request: &Request) -> Result<Ingested, IngestError> {
    let path = Path::new("memory");
    let progress = Arc::new(Progress::default());
    let mut ledger = Ledger::default();
    let mut intake = Intake::of(request.period);
    let source = Source::of_bytes(path, bytes, &progress)?;
    let nodes = read_source(source, options, &mut intake, &mut ledger)?;
    let files = nodes.map(|nodes| ledger.node_file(nodes, request)).transpose()?.into_iter().collect();
    finish_reading(intake, files, ledger, request)?.assemble(request)
}

/// Reads an account file that is in memory already: the number of accounts it describes, and of rows it holds.
///
/// # Errors
/// As [`read`].
pub fn read_accounts_bytes(bytes: Vec<u8>, columns: &ColumnMap) -> Result<(usize, u64), IngestError> {
    let mut source = Source::of_bytes(Path::new("memory"), bytes, &Arc::new(Progress::default()))?;
    let mut raw = accounts::read_raw(&mut source, columns)?;
    let file = raw.interpret(columns, &|_| true, &BTreeSet::new())?;
    Ok((file.profiles.len(), raw.records))
}

impl Read {
    /// Puts all inputs together: one account space, one layer a relation, one row of the account table a node.
    ///
    /// # Errors
    /// [`IngestError::TooManyAccounts`].
    pub fn assemble(self, request: &Request) -> Result<Ingested, IngestError> {
        let Self { mut intake, mut files, mut ledger } = self;
        let profiles: Vec<Profile> = std::mem::take(&mut intake.profiles).into_iter().collect();
        files.push(AccountFile { profiles, extras: Vec::new(), notes: Vec::new() });
        let directed = !request.undirected && !assemble::settle_directions(&mut intake.batches, &mut ledger.notes);
        let assembled = assemble::assemble(intake, &files, directed, !request.drop_isolates, request.window)?;
        match assembled.facts.unresolved_references {
            0 => {}
            missing => ledger
                .notes
                .push(format!("{missing} replies, reposts or quotes refer to posts that no input holds: these ties are missing")),
        }
        if assembled.facts.undone > 0 {
            ledger.notes.push(format!("{} records were deleted later and are not counted", assembled.facts.undone));
        }
        let (profiles, extras): (Vec<_>, Vec<_>) = files.into_iter().map(|file| (file.profiles, file.extras)).unzip();
        let built_in;
        let lexicon = match &request.lexicon {
            Some(lexicon) => lexicon,
            None => {
                built_in = Lexicon::built_in();
                &built_in
            }
        };
        let accounts = AccountTable::build(
            assembled.network.accounts(),
            &assembled.resolver,
            profiles.into_iter().flatten().collect(),
            extras.into_iter().flatten().collect(),
            &assembled.edge_roles,
            lexicon,
        );
        Ok(Ingested {
            network: Arc::new(assembled.network),
            windows: assembled.windows,
            accounts: Arc::new(accounts),
            inputs: ledger.inputs,
            rejections: ledger.rejections,
            rejected: ledger.rejected,
            facts: assembled.facts,
            notes: ledger.notes,
        })
    }
}

fn read_input(
    path: &Path,
    options: &ReadOptions,
    progress: &Arc<Progress>,
    intake: &mut Intake,
    ledger: &mut Ledger,
) -> Result<Option<RawAccounts>, IngestError> {
    read_source(Source::open(path, progress)?, options, intake, ledger)
}

fn read_source(
    mut source: Source,
    options: &ReadOptions,
    intake: &mut Intake,
    ledger: &mut Ledger,
) -> Result<Option<RawAccounts>, IngestError> {
    let format = format_of(&source, options)?;
    let Reading { notes, is_undirected, accounts } = (format.read)(&mut source, options, intake)?;
    let counts = intake.finish_input(is_undirected);
    ledger.notes.extend(notes);
    ledger.enter(&source, format.name.to_owned(), counts.records, counts.rejections);
    Ok(accounts)
}

/// What is noted of each input while reading.
#[derive(Default)]
struct Ledger {
    inputs: Vec<InputFacts>,
    rejections: Vec<(String, Rejection)>,
    rejected: u64,
    notes: Vec<String>,
    /// Files read, by their real path.
    read: BTreeSet<PathBuf>,
}

impl Ledger {
    /// Whether a file has not been read yet; a file that is named twice counts once.
    fn is_first_time(&mut self, path: &Path) -> bool {
        let Ok(known) = path.canonicalize() else { return true };
        let is_first = self.read.insert(known);
        if !is_first {
            self.notes.push(format!("{}: named twice, read once", path.display()));
        }
        is_first
    }

    fn enter(&mut self, source: &Source, format: String, rows: u64, rejections: Rejections) {
        let (bytes, blake3) = source.seal();
        let path = source.path.display().to_string();
        self.rejected += rejections.count;
        let room = rejection::KEPT.saturating_sub(self.rejections.len());
        self.rejections.extend(rejections.kept.into_iter().take(room).map(|rejection| (path.clone(), rejection)));
        self.inputs.push(InputFacts { path, format, bytes, rows, rejected: rejections.count, blake3 });
    }

    /// The accounts that a graph file brings with its edges.
    fn node_file(&mut self, mut nodes: RawAccounts, request: &Request) -> Result<AccountFile, IngestError> {
        let map = ColumnMap::from_pairs([("account".to_owned(), "1".to_owned())])?;
        let mut file = nodes.interpret(&map, &|_| true, &request.reserved)?;
        // Which column holds the keys is no guess here.
        file.notes.remove(0);
        self.notes.append(&mut file.notes);
        Ok(file)
    }

    fn first(&self) -> Option<String> {
        let (input, rejection) = self.rejections.first()?;
        Some(format!("{input}, line {}, {}: {}", rejection.line, rejection.field, rejection.reason))
    }

    fn nothing_read(&self, period: Period, left_out: LeftOut) -> IngestError {
        let inputs = match self.inputs.as_slice() {
            [only] => only.path.clone(),
            several => format!("{} files", several.len()),
        };
        let mut first = self.first().map(|first| format!(", the first: {first}")).unwrap_or_default();
        if !period.is_all() {
            first +=
                &format!("; {} ties outside --from/--to and {} without a time left out", left_out.outside, left_out.without_time);
        }
        IngestError::NothingRead { inputs, rejected: self.rejected, first }
    }

    fn check(&self, limit: MaxRejected) -> Result<(), IngestError> {
        let rows: u64 = self.inputs.iter().map(|input| input.rows).sum();
        let (is_over, allowed) = match limit {
            MaxRejected::Any => return Ok(()),
            MaxRejected::Rows(most) => (self.rejected > most, most.to_string()),
            MaxRejected::Percent(percent) => (self.rejected as f64 > rows as f64 * percent / 100.0, format!("{percent}%")),
        };
        if is_over {
            let first = self.first().unwrap_or_default();
            return Err(IngestError::TooManyRejected { rejected: self.rejected, rows, allowed, first });
        }
        Ok(())
    }
}
