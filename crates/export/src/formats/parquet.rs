//! `parquet`: the run's own tables, copied byte for byte; with `--relation` or `--columns` written anew, types and field metadata kept.

use crate::error::Halt;
use crate::format::{Options, Way, Writer};
use crate::notes::Notes;
use crate::tables::Table;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

pub(crate) const WRITER: Writer = Writer {
    name: "parquet",
    summary: "Parquet, a file a table, as in the run folder",
    extension: "parquet",
    way: Way::Table(write),
};

fn write(table: &Table, _: &Options, mut out: &mut dyn Write, _: &mut Notes) -> Result<(), Halt> {
    if let Some(path) = table.whole_file() {
        let mut file =
            File::open(path).map_err(|source| crate::ExportError::Io { path: path.to_owned(), doing: "read", source })?;
        std::io::copy(&mut file, &mut out)?;
        return Ok(());
    }
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("echogram ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let bytes = SendWrite(Vec::new());
    let mut writer = ArrowWriter::try_new(bytes, Arc::clone(&table.schema), Some(properties)).map_err(failed)?;
    let wanted: Vec<&String> = table.schema.fields().iter().map(|field| field.name()).collect();
    table.batches(&mut |batch| {
        let places: Vec<usize> = wanted.iter().filter_map(|name| batch.schema().index_of(name).ok()).collect();
        let batch = batch.project(&places).map_err(|error| failed(error.into()))?;
        writer.write(&batch).map_err(failed)?;
        out.write_all(&std::mem::take(&mut writer.inner_mut().0))?;
        Ok(())
    })?;
    let rest = writer.into_inner().map_err(failed)?;
    out.write_all(&rest.0)?;
    Ok(())
}

/// Bytes on their way: the writer of Parquet asks for something that can change threads, which what we were given may not.
struct SendWrite(Vec<u8>);

impl Write for SendWrite {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Nothing but memory is written to, so that only a bug of the library can end here; it is told all the same.
fn failed(error: ParquetError) -> Halt {
    Halt::Output(std::io::Error::other(error))
}
