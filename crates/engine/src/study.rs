//! What to run, on what, with what result.

use crate::memory::Memory;
use crate::nulls::NullModel;
use crate::resolutions::Resolutions;
use crate::{EngineError, compute};
use echogram_analytics::Settings;
use echogram_ingest::period::{Period, Window};
use echogram_ingest::roles::Lexicon;
use echogram_ingest::{AccountsRequest, MaxRejected, ReadOptions, Request};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A study: every option of `echogram run` in one place.
#[derive(Clone, Debug)]
pub struct Study {
    /// Its name, for people.
    pub name: Option<String>,
    /// Seed of everything random.
    pub seed: u64,
    /// Inputs and how to read them.
    pub inputs: Vec<(String, ReadOptions)>,
    /// Account files and which column means what.
    pub accounts: Vec<AccountsRequest>,
    /// Whether (a, b) and (b, a) are one edge.
    pub undirected: bool,
    /// Whether self-loops enter metrics.
    pub keep_loops: bool,
    /// Whether accounts without a tie are left out.
    pub drop_isolates: bool,
    /// Factor on a relation's weights when relations are merged.
    pub factors: BTreeMap<String, f64>,
    /// Metrics by word: sets and names.
    pub metrics: Vec<String>,
    /// Numbers that metrics go by, where the user set any.
    pub settings: Settings,
    /// Whether the levels below communities become columns.
    pub levels: bool,
    /// Resolutions at which communities are looked for, to see which of them stay.
    pub resolutions: Option<Resolutions>,
    /// The camps between which an echo chamber is measured.
    pub sides: Option<String>,
    /// Accounts that personalised metrics start from, by key or handle.
    pub near: Vec<String>,
    /// Null models of echo scores; by the kind of sides where empty.
    pub nulls: Vec<NullModel>,
    /// Replicates of each; by the set of metrics where `None`.
    pub null_replicates: Option<u32>,
    /// A lexicon in place of the built-in one.
    pub lexicon: Option<PathBuf>,
    /// How many rows may be rejected.
    pub max_rejected: MaxRejected,
    /// Ties outside are left out.
    pub period: Period,
    /// The length of the windows into which time is cut.
    pub window: Option<Window>,
    /// Memory that the run may take; `None` = what the machine has free.
    pub memory: Option<Memory>,
    /// The run folder to write.
    pub output: PathBuf,
    /// Whether to replace a run folder that is there.
    pub force: bool,
    /// The command line, for the manifest.
    pub command: Vec<String>,
}

impl Default for Study {
    fn default() -> Self {
        Self {
            name: None,
            seed: 0,
            inputs: Vec::new(),
            accounts: Vec::new(),
            undirected: false,
            keep_loops: false,
            drop_isolates: false,
            factors: BTreeMap::new(),
            metrics: vec!["standard".to_owned()],
            settings: Settings::default(),
            levels: false,
            resolutions: None,
            sides: None,
            near: Vec::new(),
            nulls: Vec::new(),
            null_replicates: None,
            lexicon: None,
            max_rejected: MaxRejected::Any,
            period: Period::default(),
            window: None,
            memory: None,
            output: PathBuf::from("echogram-run"),
            force: false,
            command: Vec::new(),
        }
    }
}

impl Study {
    /// What is to be read for this study.
    pub(crate) fn request(&self) -> Result<Request, EngineError> {
        if self.inputs.is_empty() {
            return Err(EngineError::NoInput);
        }
        for format in self.inputs.iter().filter_map(|(_, options)| options.format.as_deref()) {
            echogram_ingest::check_format_name(format)?;
        }
        let lexicon = match &self.lexicon {
            None => None,
            Some(path) => Some(read_lexicon(path)?),
        };
        Ok(Request {
            inputs: self.inputs.clone(),
            accounts: self.accounts.clone(),
            undirected: self.undirected,
            drop_isolates: self.drop_isolates,
            lexicon,
            reserved: compute::reserved_columns(),
            max_rejected: self.max_rejected,
            period: self.period,
            window: self.window,
        })
    }
}

/// Reads a lexicon of roles.
///
/// # Errors
/// [`EngineError::Io`] and [`EngineError::Lexicon`], both with the path.
pub fn read_lexicon(path: &Path) -> Result<Lexicon, EngineError> {
    let text = std::fs::read_to_string(path).map_err(|source| EngineError::Io { path: path.to_owned(), source })?;
    Lexicon::parse(&text).map_err(|source| EngineError::Lexicon { path: path.to_owned(), source })
}
