//! One row group of a Parquet file, its pages checked as they pass.
//!
//! The dictionary of a column says how many values it holds, and the decoder makes room for so many: they must fit into the bytes that are there.

use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::Type as PhysicalType;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use std::sync::Arc;

/// A row group and the bytes of its file.
pub(crate) struct RowGroup<'a, R: ChunkReader> {
    bytes: Arc<R>,
    metadata: &'a ParquetMetaData,
    group: usize,
}

impl<'a, R: ChunkReader> RowGroup<'a, R> {
    pub(crate) fn new(bytes: R, metadata: &'a ParquetMetaData, group: usize) -> Self {
        Self { bytes: Arc::new(bytes), metadata, group }
    }

    fn own(&self) -> &RowGroupMetaData {
        self.metadata.row_group(self.group)
    }
}

impl<R: ChunkReader + 'static> RowGroups for RowGroup<'_, R> {
    fn num_rows(&self) -> usize {
        usize::try_from(self.own().num_rows()).unwrap_or(0)
    }

    fn column_chunks(&self, place: usize) -> Result<Box<dyn PageIterator>> {
        let column = self.own().column(place);
        let pages = SerializedPageReader::new(Arc::clone(&self.bytes), column, self.num_rows(), None)?;
        Ok(Box::new(OneChunk(Some(Box::new(CheckedPages { pages, least: least_bytes(column) })))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(std::iter::once(self.own()))
    }

    fn metadata(&self) -> &ParquetMetaData {
        self.metadata
    }
}

/// The pages of the only chunk of a column that a row group has.
struct OneChunk(Option<Box<dyn PageReader>>);

impl Iterator for OneChunk {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.take().map(Ok)
    }
}

impl PageIterator for OneChunk {}

/// Pages whose dictionary holds as many values as it says.
struct CheckedPages<R: ChunkReader> {
    pages: SerializedPageReader<R>,
    /// Bytes that a value of the dictionary takes at least.
    least: u64,
}

/// Bytes that a value of a column takes in a dictionary, at least.
fn least_bytes(column: &ColumnChunkMetaData) -> u64 {
    match column.column_type() {
        PhysicalType::BOOLEAN => 0,
        PhysicalType::INT32 | PhysicalType::FLOAT | PhysicalType::BYTE_ARRAY => 4,
        PhysicalType::INT64 | PhysicalType::DOUBLE => 8,
        PhysicalType::INT96 => 12,
        PhysicalType::FIXED_LEN_BYTE_ARRAY => u64::from(column.column_descr().type_length().unsigned_abs()),
    }
}

impl<R: ChunkReader> Iterator for CheckedPages<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<R: ChunkReader> PageReader for CheckedPages<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        match &page {
            Some(Page::DictionaryPage { buf, num_values, .. }) if u64::from(*num_values) * self.least > buf.len() as u64 => {
                Err(ParquetError::General(format!("a dictionary of {} bytes says that it holds {num_values} values", buf.len())))
            }
            _ => Ok(page),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}
