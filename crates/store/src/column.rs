//! A table in memory: named columns of one type each, with what to know of them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Values of one column. `None` (NaN in [`ColumnData::Real`]) is null: unknown or undefined.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnData {
    /// Words, null where unknown.
    Text(Vec<Option<String>>),
    /// Words that are always there.
    Words(Vec<String>),
    /// Words that repeat: a code a row, and the word of each code.
    Coded {
        /// Index into `words`.
        codes: Vec<u32>,
        /// The words.
        words: Arc<Vec<String>>,
    },
    /// Real numbers; NaN is written as null.
    Real(Vec<f64>),
    /// Whole numbers of 32 bits.
    U32(Vec<u32>),
    /// Whole numbers of 64 bits.
    U64(Vec<u64>),
    /// Whole numbers of 64 bits, null where unknown.
    OptionalU64(Vec<Option<u64>>),
    /// Signed whole numbers, null where unknown.
    I64(Vec<Option<i64>>),
    /// Truth values, null where unknown.
    Truth(Vec<Option<bool>>),
    /// Microseconds since 1970-01-01 UTC, null where unknown.
    Time(Vec<Option<i64>>),
    /// Lists of words.
    Lists(Vec<Vec<String>>),
    /// Values that are made when they are written, some rows at a time.
    Pieces(Pieces),
}

/// How the rows of a range are made.
type Make = dyn Fn(Range<usize>) -> ColumnData + Send + Sync;

/// A column that is never whole in memory: any range of its rows can be made, always of the same kind and with the same values.
#[derive(Clone)]
pub struct Pieces {
    len: usize,
    make: Arc<Make>,
}

impl Pieces {
    /// The values of some rows.
    pub fn piece(&self, rows: Range<usize>) -> ColumnData {
        (self.make)(rows)
    }
}

impl std::fmt::Debug for Pieces {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} values made in pieces", self.len)
    }
}

impl PartialEq for Pieces {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.piece(0..self.len) == other.piece(0..other.len)
    }
}

impl ColumnData {
    /// `len` values of which `make` can make any range.
    pub fn pieces(len: usize, make: impl Fn(Range<usize>) -> Self + Send + Sync + 'static) -> Self {
        Self::Pieces(Pieces { len, make: Arc::new(make) })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Words(values) => values.len(),
            Self::Coded { codes, .. } => codes.len(),
            Self::Real(values) => values.len(),
            Self::U32(values) => values.len(),
            Self::U64(values) => values.len(),
            Self::OptionalU64(values) => values.len(),
            Self::I64(values) => values.len(),
            Self::Truth(values) => values.len(),
            Self::Time(values) => values.len(),
            Self::Lists(values) => values.len(),
            Self::Pieces(pieces) => pieces.len,
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A column: name, values, and parameters and conventions for its field metadata.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its values.
    pub data: ColumnData,
    /// Field metadata.
    pub metadata: BTreeMap<String, String>,
}

impl Column {
    /// A column without metadata.
    pub fn new(name: impl Into<String>, data: ColumnData) -> Self {
        Self { name: name.into(), data, metadata: BTreeMap::new() }
    }
}

/// A table: a name, which is also its file's, and columns of equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// File name without `.parquet`.
    pub name: &'static str,
    /// Columns in order.
    pub columns: Vec<Column>,
}

impl Table {
    /// A table of these columns.
    ///
    /// # Panics
    /// If columns differ in length; whoever builds a table fills them together.
    pub fn new(name: &'static str, columns: Vec<Column>) -> Self {
        assert!(columns.windows(2).all(|pair| pair[0].data.len() == pair[1].data.len()), "columns of {name} have equal length");
        Self { name, columns }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.data.len())
    }
}
