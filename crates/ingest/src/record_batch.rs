//! Tables of typed columns (Parquet, Arrow) -> edges: keys are coded a column at a time, a dictionary's texts once each.

use crate::IngestError;
use crate::batch::{Batch, Code, Key, Keys, Rows};
use crate::columns::{ColumnMap, EdgeColumns};
use crate::fields::trimmed;
use crate::format::ReadOptions;
use crate::formats::edges::{DEFAULT_RELATION, FOLLOW, check_weight};
use crate::rejection::shown;
use crate::time;
use arrow::array::{Array, ArrayRef, AsArray, Float32Array, Float64Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType, UInt64Type,
};
use echogram_graph::{NO_TIME, RowWeights, canonical_u64};
use std::path::{Path, PathBuf};

/// Keys that are at most this stay numbers.
const RAW_MAX: u64 = u32::MAX as u64 - 1;
/// Rows may share texts, which they no longer do once each has its own: on average these have at most so many bytes, and so many more altogether.
const LONG_TEXT: usize = 256;
/// See [`LONG_TEXT`].
const LONG_TEXTS: usize = 16 << 20;

/// Which columns are decoded, and where each field stands among them.
pub(crate) struct Layout {
    path: PathBuf,
    pub(crate) columns: EdgeColumns,
    /// The columns that hold a field, ascending.
    pub(crate) wanted: Vec<usize>,
    relation: String,
}

impl Layout {
    /// Finds the fields among the columns; remarks go to `notes`.
    pub(crate) fn of(
        path: &Path,
        header: &[String],
        options: &ReadOptions,
        notes: &mut Vec<String>,
    ) -> Result<Self, IngestError> {
        let map: &ColumnMap = &options.columns;
        let columns = EdgeColumns::from_header(path, map, header)?;
        if let Some((one, other)) = &columns.guessed {
            notes.push(format!(
                "{}: unknown column names: `{one}` taken as source and `{other}` as target (--columns says otherwise)",
                path.display()
            ));
        }
        let mut wanted = vec![columns.source, columns.target];
        let optional = [columns.weight, columns.time, columns.relation, columns.source_role, columns.target_role];
        wanted.extend(optional.into_iter().flatten());
        wanted.sort_unstable();
        wanted.dedup();
        let default = if columns.is_follow { FOLLOW } else { DEFAULT_RELATION };
        let relation = options.relation.as_deref().unwrap_or(default).to_owned();
        Ok(Self { path: path.to_owned(), columns, wanted, relation })
    }

    /// Rows of the wanted columns; `first_row` is the number of the first, from 1.
    pub(crate) fn batch(&self, part: &RecordBatch, first_row: u64) -> Result<Batch, IngestError> {
        let mut batch = Batch { records: part.num_rows() as u64, ..Batch::default() };
        let [sources, targets] = self.keys(part, &mut batch)?;
        let weights = self.columns.weight.map(|place| self.weights(part, place)).transpose()?;
        let times = self.columns.time.map(|place| self.times(part, place)).transpose()?;
        let relations = self.optional(part, self.columns.relation, &DataType::Utf8)?;
        let roles = [
            self.optional(part, self.columns.source_role, &DataType::Utf8)?,
            self.optional(part, self.columns.target_role, &DataType::Utf8)?,
        ];
        let has_roles = roles.iter().any(Option::is_some);
        let has_keys = sources.faults.is_empty() && targets.faults.is_empty();
        if has_keys && times.is_none() && relations.is_none() && !has_roles {
            // Nothing has to be looked at row by row, unless a weight is out of its range.
            let weights = match &weights {
                None => Some(RowWeights::default()),
                Some(weights) => weights.all(),
            };
            if let Some(weights) = weights {
                let rows = Rows { sources: sources.codes, targets: targets.codes, weights, ..Rows::default() };
                batch.rows(&self.relation).append(rows);
                batch.drop_empty_relations();
                return Ok(batch);
            }
        }
        let word = |column: &Option<ArrayRef>, row: usize| {
            column
                .as_ref()
                .filter(|texts| texts.is_valid(row))
                .map(|texts| texts.as_string::<i32>().value(row).to_owned())
                .filter(|word| !word.is_empty())
        };
        let mut rows = Rows::default();
        for row in 0..part.num_rows() {
            let edge = (|| {
                let weight = match &weights {
                    None => 1.0,
                    Some(weights) => match weights.get(row) {
                        None => return Err(("weight", "null".to_owned())),
                        Some(weight) => check_weight(weight).map_err(|reason| ("weight", reason))?,
                    },
                };
                let time = match &times {
                    None => NO_TIME,
                    Some(times) => times[row].clone().map_err(|text| ("time", format!("no date or time: {}", shown(&text))))?,
                };
                let source = sources.code(row).map_err(|reason| ("source", reason))?;
                let target = targets.code(row).map_err(|reason| ("target", reason))?;
                Ok(([source, target], weight, time))
            })();
            match edge {
                Err((field, reason)) => batch.reject(first_row + row as u64, field, reason),
                Ok(([source, target], weight, time)) => {
                    match word(&relations, row).filter(|word| *word != self.relation) {
                        Some(relation) => batch.rows(&relation).push(source, target, weight, time),
                        None => rows.push(source, target, weight, time),
                    }
                    if has_roles {
                        for (code, column) in [source, target].into_iter().zip(&roles) {
                            batch.roles.extend(word(column, row).map(|role| (code, role)));
                        }
                    }
                }
            }
        }
        batch.rows(&self.relation).append(rows);
        batch.drop_empty_relations();
        Ok(batch)
    }

    fn column<'a>(&self, part: &'a RecordBatch, place: usize) -> &'a ArrayRef {
        part.column(self.wanted.binary_search(&place).expect("every field's column is decoded"))
    }

    fn unusable(&self, part: &RecordBatch, place: usize, what: &str) -> IngestError {
        let field = part.schema().field(self.wanted.binary_search(&place).unwrap_or(0)).clone();
        let what = format!("column `{}` of type {} {what}", field.name(), field.data_type());
        IngestError::Unusable { path: self.path.clone(), what }
    }

    fn as_type(&self, part: &RecordBatch, place: usize, wanted: &DataType) -> Result<ArrayRef, IngestError> {
        if *wanted == DataType::Utf8 && text_bytes(self.column(part, place)) > part.num_rows() * LONG_TEXT + LONG_TEXTS {
            return Err(self.unusable(part, place, "repeats texts that are too long for keys, relations, roles or times"));
        }
        cast(self.column(part, place), wanted).map_err(|_| self.unusable(part, place, &format!("cannot be used as {wanted}")))
    }

    fn optional(&self, part: &RecordBatch, place: Option<usize>, wanted: &DataType) -> Result<Option<ArrayRef>, IngestError> {
        place.map(|place| self.as_type(part, place, wanted)).transpose()
    }

    fn weights(&self, part: &RecordBatch, place: usize) -> Result<WeightColumn, IngestError> {
        match self.column(part, place).as_primitive_opt::<Float32Type>() {
            Some(weights) => Ok(WeightColumn::Single(weights.clone())),
            None => self
                .as_type(part, place, &DataType::Float64)
                .map(|weights| WeightColumn::Double(weights.as_primitive::<Float64Type>().clone())),
        }
    }

    /// Both key columns, coded alike: as numbers if all keys of both are small numbers.
    fn keys(&self, part: &RecordBatch, batch: &mut Batch) -> Result<[CodedColumn; 2], IngestError> {
        let column = |place: usize| match self.column(part, place).data_type() {
            kind if kind.is_integer() => self.as_type(part, place, &DataType::UInt64).map(KeyColumn::Numbers),
            DataType::Dictionary(_, values) if is_text(values) => {
                let coded = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                self.as_type(part, place, &coded).map(KeyColumn::Dictionary)
            }
            kind if is_text(kind) => self.as_type(part, place, &DataType::Utf8).map(KeyColumn::Texts),
            _ => Err(self.unusable(part, place, "cannot hold keys of accounts: make it whole numbers or text")),
        };
        let columns = [column(self.columns.source)?, column(self.columns.target)?];
        if !columns.iter().all(KeyColumn::is_raw) {
            batch.list_keys_with_room(columns.iter().map(KeyColumn::distinct).sum());
        }
        Ok(columns.map(|column| column.coded(batch)))
    }

    /// Times of a column as microseconds: timestamps as they are, whole numbers since 1970 by their size, texts parsed.
    fn times(&self, part: &RecordBatch, place: usize) -> Result<Vec<Result<i64, String>>, IngestError> {
        let column = self.column(part, place);
        let rows = 0..column.len();
        if matches!(column.data_type(), DataType::Timestamp(..) | DataType::Date32 | DataType::Date64)
            && let Ok(times) = cast(column, &DataType::Timestamp(TimeUnit::Microsecond, None))
        {
            let times = times.as_primitive::<TimestampMicrosecondType>();
            return Ok(rows.map(|row| Ok(if times.is_valid(row) { times.value(row) } else { NO_TIME })).collect());
        }
        if column.data_type().is_numeric()
            && let Ok(counts) = cast(column, &DataType::Int64)
        {
            let counts = counts.as_primitive::<Int64Type>();
            let time = |row: usize| match counts.is_valid(row) {
                true => time::from_epoch(counts.value(row)).ok_or_else(|| counts.value(row).to_string()),
                false => Ok(NO_TIME),
            };
            return Ok(rows.map(time).collect());
        }
        let texts = self.as_type(part, place, &DataType::Utf8)?;
        let texts = texts.as_string::<i32>();
        let time = |row: usize| match texts.is_valid(row).then(|| texts.value(row)) {
            None | Some("") => Ok(NO_TIME),
            Some(text) => time::parse(text).ok_or_else(|| text.to_owned()),
        };
        Ok(rows.map(time).collect())
    }
}

/// A column of weights.
enum WeightColumn {
    Single(Float32Array),
    Double(Float64Array),
}

impl WeightColumn {
    /// All weights, or none where all are 1; `None` if one of them cannot be used.
    fn all(&self) -> Option<RowWeights> {
        fn is_usable(nulls: usize, mut weights: impl Iterator<Item = f64>) -> bool {
            nulls == 0 && weights.all(|weight| weight.is_finite() && weight > 0.0)
        }
        match self {
            Self::Single(weights) => is_usable(weights.null_count(), weights.values().iter().map(|&weight| f64::from(weight)))
                .then(|| match weights.values().iter().all(|&weight| weight == 1.0) {
                    true => RowWeights::default(),
                    false => RowWeights::Single(weights.values().to_vec()),
                }),
            Self::Double(weights) => is_usable(weights.null_count(), weights.values().iter().copied()).then(|| {
                match weights.values().iter().all(|&weight| weight == 1.0) {
                    true => RowWeights::default(),
                    false => RowWeights::from(weights.values().as_ref()),
                }
            }),
        }
    }

    /// The weight of a row; `None` where it is null.
    fn get(&self, row: usize) -> Option<f64> {
        match self {
            Self::Single(weights) => weights.is_valid(row).then(|| f64::from(weights.value(row))),
            Self::Double(weights) => weights.is_valid(row).then(|| weights.value(row)),
        }
    }
}

/// Bytes of all rows' texts where the column need not hold each of them: rows point to texts that many may share.
fn text_bytes(column: &ArrayRef) -> usize {
    match column.data_type() {
        DataType::Utf8View => column.as_string_view().iter().flatten().map(str::len).sum(),
        DataType::Dictionary(..) => {
            let column = column.as_any_dictionary();
            let Ok(values) = cast(column.values(), &DataType::Utf8) else { return 0 };
            let values = values.as_string::<i32>();
            if values.is_empty() {
                return 0;
            }
            column.normalized_keys().into_iter().map(|place| values.value_length(place) as usize).sum()
        }
        _ => 0,
    }
}

/// Whether a column holds text, in whatever coding.
pub(crate) fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values) || values.is_integer(),
        kind => matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// A key column: numbers stay numbers, everything else becomes text.
enum KeyColumn {
    Numbers(ArrayRef),
    Texts(ArrayRef),
    Dictionary(ArrayRef),
}

/// The codes of a key column.
struct CodedColumn {
    codes: Vec<Code>,
    /// Rows without a usable key, ascending, and why.
    faults: Vec<(usize, &'static str)>,
}

impl CodedColumn {
    fn code(&self, row: usize) -> Result<Code, String> {
        match self.faults.binary_search_by_key(&row, |fault| fault.0) {
            Ok(place) => Err(self.faults[place].1.to_owned()),
            Err(_) => Ok(self.codes[row]),
        }
    }
}

const NULL: &str = "null or out of range";
const EMPTY: &str = "empty";

impl KeyColumn {
    /// Whether every key is a small number.
    fn is_raw(&self) -> bool {
        let is_small = |text: &str| canonical_u64(trimmed(text).as_bytes()).is_some_and(|number| number <= RAW_MAX);
        match self {
            Self::Numbers(numbers) => numbers.as_primitive::<UInt64Type>().iter().flatten().all(|number| number <= RAW_MAX),
            Self::Texts(texts) => {
                texts.as_string::<i32>().iter().flatten().all(|text| trimmed(text).is_empty() || is_small(text))
            }
            Self::Dictionary(column) => {
                let texts = column.as_dictionary::<Int32Type>().values().as_string::<i32>();
                texts.iter().flatten().all(|text| trimmed(text).is_empty() || is_small(text))
            }
        }
    }

    /// How many keys are coded: each row's, or each of a dictionary.
    fn distinct(&self) -> usize {
        match self {
            Self::Numbers(keys) | Self::Texts(keys) => keys.len(),
            Self::Dictionary(keys) => keys.as_dictionary::<Int32Type>().values().len(),
        }
    }

    fn coded(self, batch: &mut Batch) -> CodedColumn {
        let mut faults = Vec::new();
        let codes = match self {
            Self::Numbers(numbers) => {
                let numbers = numbers.as_primitive::<UInt64Type>();
                if numbers.null_count() > 0 {
                    faults.extend((0..numbers.len()).filter(|&row| numbers.is_null(row)).map(|row| (row, NULL)));
                }
                match batch.keys {
                    Keys::Raw => numbers.values().iter().map(|&number| number as Code).collect(),
                    _ => numbers.values().iter().map(|&number| batch.codes([Key::Number(number)])[0]).collect(),
                }
            }
            Self::Texts(texts) => coded_texts(texts.as_string::<i32>().iter(), batch, &mut faults),
            Self::Dictionary(column) => {
                let column = column.as_dictionary::<Int32Type>();
                let mut empty = Vec::new();
                let known = coded_texts(column.values().as_string::<i32>().iter(), batch, &mut empty);
                let is_faulty = column.null_count() > 0 || !empty.is_empty();
                let code = |(row, place): (usize, &i32)| {
                    let place = *place as usize;
                    if is_faulty {
                        let fault = if column.is_null(row) {
                            Some(NULL)
                        } else {
                            empty.binary_search_by_key(&place, |fault| fault.0).ok().map(|at| empty[at].1)
                        };
                        faults.extend(fault.map(|fault| (row, fault)));
                    }
                    known.get(place).copied().unwrap_or_default()
                };
                column.keys().values().iter().enumerate().map(code).collect()
            }
        };
        CodedColumn { codes, faults }
    }
}

fn coded_texts<'a>(
    texts: impl Iterator<Item = Option<&'a str>>,
    batch: &mut Batch,
    faults: &mut Vec<(usize, &'static str)>,
) -> Vec<Code> {
    texts
        .enumerate()
        .map(|(row, text)| match text.map(trimmed) {
            None => {
                faults.push((row, NULL));
                0
            }
            Some("") => {
                faults.push((row, EMPTY));
                0
            }
            Some(text) => batch.codes([Key::Text(text)])[0],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_both_widths_are_the_same() {
        let given = [
            (vec![Some(1.0), Some(1.0)], Some(0)),
            (vec![Some(2.5), Some(1.0)], Some(2)),
            (vec![Some(1.0), None], None),
            (vec![Some(0.0)], None),
            (vec![Some(f64::INFINITY)], None),
        ];
        for (weights, wanted) in given {
            let single = WeightColumn::Single(weights.iter().map(|weight| weight.map(|weight| weight as f32)).collect());
            let double = WeightColumn::Double(weights.iter().copied().collect());
            assert_eq!(single.all().map(|all| all.len()), wanted, "{weights:?}");
            assert_eq!(single.all(), double.all());
            for (row, &weight) in weights.iter().enumerate() {
                assert_eq!((single.get(row), double.get(row)), (weight, weight));
            }
        }
    }
}
