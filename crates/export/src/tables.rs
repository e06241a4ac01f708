//! Tables batch by batch: those of a run folder, as far as they were asked for, and those that are in memory.

use crate::ExportError;
use crate::cells::{Kind, Row, Rows};
use crate::error::Halt;
use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::SchemaRef;
use echogram_store::{Manifest, RunFolder};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows decoded at once.
const BATCH_ROWS: usize = 1 << 14;

/// One table.
pub(crate) struct Table {
    pub(crate) name: String,
    source: Source,
    /// The schema of what is wanted.
    pub(crate) schema: SchemaRef,
}

/// Where the rows of a table come from.
enum Source {
    File(TableFile),
    Memory(echogram_store::Table),
}

/// A table's file, which was checked against the manifest, and what of it is wanted.
struct TableFile {
    path: PathBuf,
    footer: ArrowReaderMetadata,
    /// Places of the wanted columns.
    wanted: Vec<usize>,
    /// The relation whose rows alone are wanted, and the place of the column that says it.
    only: Option<(usize, String)>,
}

/// What of a run is wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// One relation alone.
    pub(crate) relation: Option<&'a str>,
    /// Columns of accounts, beside the key.
    pub(crate) columns: Option<&'a [String]>,
}

impl Table {
    /// Opens a table of a run.
    pub(crate) fn open(run: &RunFolder, name: &str, wanted: &Wanted<'_>) -> Result<Self, ExportError> {
        let present = || run.manifest().tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
        let path = run.table(name)?.ok_or_else(|| ExportError::unknown("table", name, &present()))?;
        let file = open(&path)?;
        let footer = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|error| damaged(&path, &error))?;
        let names: Vec<String> = footer.schema().fields().iter().map(|field| field.name().clone()).collect();
        for field in footer.schema().fields() {
            if Kind::of(field.data_type()).is_none() {
                let what = format!("column `{}` has a type that no run writes", field.name());
                return Err(ExportError::Table { path, what });
            }
        }
        let mut places: Vec<usize> = (0..names.len()).collect();
        if let (Some(columns), "accounts") = (wanted.columns, name) {
            if let Some(missing) = columns.iter().find(|column| !names.contains(column)) {
                return Err(ExportError::unknown("column", missing, &names));
            }
            places.retain(|&place| names[place] == "account" || columns.contains(&names[place]));
        }
        let relation = wanted.relation.filter(|_| name == "edges");
        let only = relation.and_then(|relation| Some((names.iter().position(|name| name == "relation")?, relation.to_owned())));
        let schema = Arc::new(footer.schema().project(&places).map_err(|error| damaged(&path, &error))?);
        Ok(Self { name: name.to_owned(), source: Source::File(TableFile { path, footer, wanted: places, only }), schema })
    }

    /// A table that is in no file yet.
    pub(crate) fn in_memory(table: echogram_store::Table) -> Self {
        Self { name: table.name.to_owned(), schema: table.schema(), source: Source::Memory(table) }
    }

    /// The file, if there is one and all of it is wanted.
    pub(crate) fn whole_file(&self) -> Option<&Path> {
        let Source::File(file) = &self.source else { return None };
        let is_whole = file.only.is_none() && file.wanted.len() == file.footer.schema().fields().len();
        is_whole.then_some(file.path.as_path())
    }

    /// Names and kinds of the columns.
    pub(crate) fn columns(&self) -> Vec<(String, Kind)> {
        let fields = self.schema.fields().iter();
        fields.filter_map(|field| Some((field.name().clone(), Kind::of(field.data_type())?))).collect()
    }

    /// The place of a column that every such table has.
    pub(crate) fn place(&self, name: &str) -> Result<usize, ExportError> {
        let what = || format!("no column `{name}`");
        let path = || match &self.source {
            Source::File(file) => file.path.clone(),
            Source::Memory(table) => table.name.into(),
        };
        self.optional(name).ok_or_else(|| ExportError::Table { path: path(), what: what() })
    }

    /// The place of a column that a table may have.
    pub(crate) fn optional(&self, name: &str) -> Option<usize> {
        self.schema.fields().iter().position(|field| field.name() == name)
    }

    /// All batches in order.
    pub(crate) fn batches(&self, visit: &mut dyn FnMut(&RecordBatch) -> Result<(), Halt>) -> Result<(), Halt> {
        match &self.source {
            Source::File(file) => file.batches(visit),
            Source::Memory(table) => (0..table.rows())
                .step_by(BATCH_ROWS)
                .try_for_each(|start| visit(&table.batch(start..table.rows().min(start + BATCH_ROWS)))),
        }
    }

    /// All rows in order; gives their number.
    pub(crate) fn rows(&self, visit: &mut dyn FnMut(Row<'_>) -> Result<(), Halt>) -> Result<u64, Halt> {
        let mut rows = 0;
        self.batches(&mut |batch| {
            rows += batch.num_rows() as u64;
            Rows::of(batch).iter().try_for_each(&mut *visit)
        })?;
        Ok(rows)
    }

    /// The number of rows that are wanted.
    pub(crate) fn count(&self) -> Result<u64, Halt> {
        match &self.source {
            Source::File(TableFile { only: None, footer, .. }) => Ok(footer.metadata().file_metadata().num_rows().unsigned_abs()),
            Source::File(_) => self.rows(&mut |_| Ok(())),
            Source::Memory(table) => Ok(table.rows() as u64),
        }
    }
}

impl TableFile {
    /// All batches in order.
    fn batches(&self, visit: &mut dyn FnMut(&RecordBatch) -> Result<(), Halt>) -> Result<(), Halt> {
        let mut read = self.wanted.clone();
        // Where the relation itself is not wanted it is read all the same, and left out after the choice.
        if let Some((place, _)) = &self.only
            && !read.contains(place)
        {
            read.push(*place);
            read.sort_unstable();
        }
        let mask = ProjectionMask::roots(self.footer.parquet_schema(), read.iter().copied());
        let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(open(&self.path)?, self.footer.clone())
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|error| damaged(&self.path, &error))?;
        for batch in batches {
            let batch = batch.map_err(|error| damaged(&self.path, &error))?;
            let batch = match &self.only {
                None => batch,
                Some((place, relation)) => {
                    let place = read.iter().position(|read| read == place).expect("the column is among those read");
                    let relations = batch.column(place).as_string::<i32>();
                    let is_wanted: BooleanArray = relations.iter().map(|name| Some(name == Some(relation))).collect();
                    filter_record_batch(&batch, &is_wanted).map_err(|error| damaged(&self.path, &error))?
                }
            };
            visit(&batch)?;
        }
        Ok(())
    }
}

/// The accounts and edges of a run, for formats that hold a network in one file.
pub(crate) struct Network {
    pub(crate) accounts: Table,
    pub(crate) edges: Table,
    pub(crate) is_directed: bool,
    /// Relations in the edges, sorted.
    pub(crate) relations: Vec<String>,
}

impl Network {
    pub(crate) fn open(run: &RunFolder, wanted: &Wanted<'_>) -> Result<Self, ExportError> {
        let Manifest { graph, .. } = run.manifest();
        let relations = match wanted.relation {
            Some(relation) => vec![relation.to_owned()],
            None => graph.relations.keys().cloned().collect(),
        };
        let (accounts, edges) = (Table::open(run, "accounts", wanted)?, Table::open(run, "edges", wanted)?);
        for (table, columns) in [(&accounts, &["account"][..]), (&edges, &["source", "target", "relation", "weight"][..])] {
            columns.iter().try_for_each(|column| table.place(column).map(|_| ()))?;
        }
        Ok(Self { accounts, edges, is_directed: graph.directed, relations })
    }

    /// Calls with every account key in order.
    pub(crate) fn keys(&self, mut visit: impl FnMut(&str)) -> Result<(), Halt> {
        let key = self.accounts.place("account")?;
        self.accounts.rows(&mut |row| {
            visit(row.text(key));
            Ok(())
        })?;
        Ok(())
    }
}

fn open(path: &Path) -> Result<File, ExportError> {
    File::open(path).map_err(|source| ExportError::Io { path: path.to_owned(), doing: "read", source })
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> ExportError {
    ExportError::Table { path: path.to_owned(), what: error.to_string() }
}
