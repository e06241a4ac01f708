//! Files that stand in their place whole or not at all: written into a hidden folder beside it, made durable, then renamed.

use crate::ExportError;
use crate::error::Halt;
use echogram_store::{Leftovers, exchange, sync_folder};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Every table that a run may have: a folder that holds only such files was exported, and may be replaced.
const TABLES: &[&str] = &[
    "accounts",
    "communities",
    "echo",
    "edges",
    "mixing",
    "network",
    "null",
    "recommendations",
    "rejects",
    "sensitivity",
    "timeline",
    "transitions",
];

/// Checks that a file may be written here.
pub(crate) fn check_file(path: &Path, force: bool) -> Result<(), ExportError> {
    match path.symlink_metadata() {
        Err(_) => Ok(()),
        Ok(_) if !force => Err(ExportError::Exists { path: path.to_owned() }),
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(ExportError::NotReplaced { path: path.to_owned(), what: "is no file" }),
    }
}

/// Checks that a folder of tables may be written here.
pub(crate) fn check_folder(path: &Path, extension: &str, force: bool) -> Result<(), ExportError> {
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let names: Option<Vec<PathBuf>> =
        fs::read_dir(path).ok().map(|entries| entries.flatten().map(|entry| entry.file_name().into()).collect());
    let is_table = |name: &PathBuf| {
        let stem = name.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        TABLES.contains(&stem) && name.extension().is_some_and(|found| found == extension)
    };
    match names {
        Some(names) if names.is_empty() => Ok(()),
        _ if !force => Err(ExportError::Exists { path: path.to_owned() }),
        Some(names) if names.iter().all(is_table) => Ok(()),
        Some(_) => Err(ExportError::NotReplaced { path: path.to_owned(), what: "holds more than tables exported before" }),
        None => Err(ExportError::NotReplaced { path: path.to_owned(), what: "is no folder" }),
    }
}

/// The hidden folder. Dropped before it is finished, it removes what was written.
pub(crate) struct Staging {
    target: PathBuf,
    leftovers: Leftovers,
    is_finished: bool,
}

impl Staging {
    pub(crate) fn begin(target: &Path) -> Result<Self, ExportError> {
        let leftovers = Leftovers::of(target);
        leftovers.prepare()?;
        Ok(Self { target: target.to_owned(), leftovers, is_finished: false })
    }

    /// Writes one file and gives its size. The place it will have is named if that fails.
    pub(crate) fn write(
        &self,
        name: &str,
        place: &Path,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Halt>,
    ) -> Result<u64, ExportError> {
        let io = |source| ExportError::Io { path: place.to_owned(), doing: "write", source };
        let file = File::create(self.leftovers.temporary().join(name)).map_err(io)?;
        let mut out = BufWriter::with_capacity(1 << 18, file);
        write(&mut out).map_err(|halt| match halt {
            Halt::Export(error) => error,
            Halt::Output(source) => io(source),
        })?;
        let file = out.into_inner().map_err(|error| io(error.into_error()))?;
        file.sync_all().map_err(io)?;
        Ok(file.metadata().map_err(io)?.len())
    }

    /// Puts the whole folder in its place.
    pub(crate) fn finish_folder(mut self) -> Result<(), ExportError> {
        let io = |source| ExportError::Io { path: self.target.clone(), doing: "put the result in place", source };
        let temporary = self.leftovers.temporary();
        sync_folder(temporary).map_err(io)?;
        let is_taken = fs::read_dir(&self.target).is_ok_and(|mut entries| entries.next().is_some());
        if is_taken {
            exchange(temporary, &self.target).map_err(io)?;
            // What was replaced lies under the hidden name now.
            fs::remove_dir_all(temporary).map_err(io)?;
        } else {
            fs::rename(temporary, &self.target).map_err(io)?;
        }
        self.is_finished = true;
        Ok(())
    }

    /// Puts files in their places, in this order.
    pub(crate) fn finish_files(mut self, files: &[(String, PathBuf)]) -> Result<(), ExportError> {
        for (name, place) in files {
            let io = |source| ExportError::Io { path: place.clone(), doing: "put the result in place", source };
            fs::rename(self.leftovers.temporary().join(name), place).map_err(io)?;
        }
        self.is_finished = true;
        // An empty hidden folder is in nobody's way.
        let _ = fs::remove_dir(self.leftovers.temporary());
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_finished {
            self.leftovers.remove();
        }
    }
}
