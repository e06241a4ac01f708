//! A run folder on disk: written under a temporary name, made durable, then renamed.

use crate::{Manifest, StoreError, Table, TableEntry, digest, parquet_file};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "manifest.json";

/// Checks, before any work starts, that a run folder may be written at `target`.
///
/// # Errors
/// [`StoreError::Exists`] or [`StoreError::NotARunFolder`] for a folder in the way; [`StoreError::Io`] where the folder above cannot be written.
pub fn check_target(target: &Path, force: bool) -> Result<(), StoreError> {
    if target.symlink_metadata().is_ok() && !is_empty_folder(target) {
        if !force {
            return Err(StoreError::Exists { path: target.to_owned() });
        }
        if !target.join(MANIFEST).is_file() {
            return Err(StoreError::NotARunFolder { path: target.to_owned() });
        }
    }
    let parent = parent_of(target);
    let io = |source| StoreError::Io { path: parent.clone(), doing: "write into this folder", source };
    let kept = nearest_existing(&parent);
    if !kept.is_dir() {
        return Err(io(std::io::Error::from(std::io::ErrorKind::NotADirectory)));
    }
    // The only sure way to know is to try; nothing is left behind.
    let probe = kept.join(format!(".echogram-probe-{}", std::process::id()));
    fs::create_dir(&probe).and_then(|()| fs::remove_dir(&probe)).map_err(io)
}

fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

fn parent_of(target: &Path) -> PathBuf {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn nearest_existing(folder: &Path) -> PathBuf {
    folder.ancestors().find(|folder| folder.exists()).map_or_else(
        || PathBuf::from("."),
        |folder| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() },
    )
}

/// What writing a run folder leaves behind if it is broken off: the temporary folder, and folders above that were not there before.
#[derive(Clone, Debug)]
pub struct Leftovers {
    temporary: PathBuf,
    /// Deepest first.
    new_folders: Vec<PathBuf>,
}

impl Leftovers {
    /// Of this process, at this target. To be asked before anything is written.
    pub fn of(target: &Path) -> Self {
        let parent = parent_of(target);
        let name = target.file_name().map_or_else(|| "run".into(), |name| name.to_string_lossy().into_owned());
        let new_folders = parent.ancestors().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        Self {
            temporary: parent.join(format!(".{name}.part-{}", std::process::id())),
            new_folders: new_folders.map(Path::to_owned).collect(),
        }
    }

    /// The temporary folder, which lies beside the target.
    pub fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// Makes the temporary folder, and removes what killed runs left beside the same target.
    ///
    /// # Errors
    /// [`StoreError::Io`]; nothing is left behind then.
    pub fn prepare(&self) -> Result<(), StoreError> {
        remove_stale(self);
        fs::create_dir_all(&self.temporary).map_err(|source| {
            self.remove();
            StoreError::Io { path: self.temporary.clone(), doing: "create this folder", source }
        })
    }

    /// Removes them; a folder that holds anything else stays.
    pub fn remove(&self) {
        // Nothing more can be done about a failure here.
        let _ = fs::remove_dir_all(&self.temporary);
        for folder in &self.new_folders {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Removes what killed runs left beside the same target.
fn remove_stale(leftovers: &Leftovers) {
    let own = leftovers.temporary.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some((stem, own_process)) = own.rsplit_once('-') else { return };
    for entry in fs::read_dir(parent_of(&leftovers.temporary)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(process) = name.strip_prefix(stem).and_then(|rest| rest.strip_prefix('-')) else { continue };
        let is_number = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit());
        // Where the system does not list processes nobody can tell whether it is still at work.
        let has_ended = Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists();
        if is_number && (process == own_process || has_ended) {
            // What cannot be removed is in nobody's way.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A run folder in the making. Dropped before [`Self::finish`], it removes what it wrote.
#[derive(Debug)]
pub struct RunFolderWriter {
    target: PathBuf,
    temporary: PathBuf,
    leftovers: Leftovers,
    force: bool,
    tables: Vec<TableEntry>,
    is_finished: bool,
}

impl RunFolderWriter {
    /// Starts a folder beside `target`.
    ///
    /// # Errors
    /// As [`check_target`], and [`StoreError::Io`].
    pub fn create(target: &Path, force: bool) -> Result<Self, StoreError> {
        check_target(target, force)?;
        let leftovers = Leftovers::of(target);
        let temporary = leftovers.temporary.clone();
        leftovers.prepare()?;
        Ok(Self { target: target.to_owned(), temporary, leftovers, force, tables: Vec::new(), is_finished: false })
    }

    /// Writes a table.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Parquet`].
    pub fn write_table(&mut self, table: &Table) -> Result<(), StoreError> {
        let (written, digest) = rayon::join(|| parquet_file::write(&self.temporary, table), || digest(table));
        let (bytes, blake3) = written?;
        self.tables.push(TableEntry {
            name: table.name.to_owned(),
            rows: table.rows() as u64,
            columns: table.columns.iter().map(|column| column.name.clone()).collect(),
            digest,
            bytes,
            blake3,
        });
        Ok(())
    }

    /// The tables written so far, for the manifest.
    pub fn tables(&self) -> &[TableEntry] {
        &self.tables
    }

    /// Writes the manifest and puts the folder in its place, replacing a run folder that stands there if `force` was said. Whatever happens on
    /// the way, the old folder or the new one is whole.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn finish(mut self, manifest: &Manifest) -> Result<(), StoreError> {
        let path = self.temporary.join(MANIFEST);
        let io = |doing: &'static str, path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Io { path, doing, source }
        };
        let mut text = serde_json::to_string_pretty(manifest).expect("a manifest holds only plain data");
        text.push('\n');
        let mut file = File::create(&path).map_err(io("write", &path))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io("write", &path))?;
        sync_folder(&self.temporary).map_err(io("write", &self.temporary))?;
        let target = self.target.clone();
        if target.symlink_metadata().is_ok() && !is_empty_folder(&target) {
            check_target(&target, self.force)?;
            exchange(&self.temporary, &target).map_err(io("replace", &target))?;
            // The old result lies under the temporary name now.
            self.is_finished = true;
            fs::remove_dir_all(&self.temporary).map_err(io("remove the replaced run", &self.temporary))?;
        } else {
            fs::rename(&self.temporary, &target).map_err(io("put the result in place", &target))?;
            self.is_finished = true;
        }
        sync_folder(&parent_of(&target)).map_err(io("write", &target))
    }
}

impl Drop for RunFolderWriter {
    fn drop(&mut self) {
        if !self.is_finished {
            self.leftovers.remove();
        }
    }
}

/// Lets two folders change places: at any moment either the old or the new one stands under each name.
///
/// # Errors
/// What the operating system says; both folders are where they were then.
#[cfg(target_os = "linux")]
pub fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        // Some file systems cannot exchange.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => exchange_in_steps(one, other),
        done => done.map_err(Into::into),
    }
}

/// Lets two folders change places: both are whole at any moment, but for an instant none stands under its name.
///
/// # Errors
/// What the operating system says; both folders are where they were then.
#[cfg(not(target_os = "linux"))]
pub fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    exchange_in_steps(one, other)
}

/// Without an atomic exchange both results are whole at any moment, but for an instant none stands under its name.
fn exchange_in_steps(one: &Path, other: &Path) -> std::io::Result<()> {
    let aside = one.with_extension("old");
    fs::rename(other, &aside)?;
    if let Err(error) = fs::rename(one, other) {
        fs::rename(&aside, other)?;
        return Err(error);
    }
    fs::rename(&aside, one)
}

/// Makes sure that a folder's list of names is on disk.
///
/// # Errors
/// What the operating system says.
pub fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// A finished run folder.
#[derive(Clone, Debug)]
pub struct RunFolder {
    path: PathBuf,
    manifest: Manifest,
}

impl RunFolder {
    /// Opens a run folder by its manifest.
    ///
    /// # Errors
    /// [`StoreError::NoManifest`], [`StoreError::BadManifest`], [`StoreError::Io`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let file = path.join(MANIFEST);
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                return Err(StoreError::NoManifest { path: path.to_owned() });
            }
            Err(source) => return Err(StoreError::Io { path: file, doing: "read", source }),
        };
        let manifest = serde_json::from_slice(&text).map_err(|source| StoreError::BadManifest { path: file, source })?;
        Ok(Self { path: path.to_owned(), manifest })
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The file of one of its tables, if the run made it, checked byte by byte against the manifest.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if the file is not the one that was written; [`StoreError::Io`] if it cannot be read.
    pub fn table(&self, name: &str) -> Result<Option<PathBuf>, StoreError> {
        let Some(entry) = self.manifest.tables.iter().find(|table| table.name == name) else { return Ok(None) };
        let path = parquet_file::table_path(&self.path, name);
        match parquet_file::file_hash(&path) {
            Err(source) => Err(StoreError::Io { path, doing: "read", source }),
            Ok(found) if found != (entry.bytes, entry.blake3.clone()) => Err(StoreError::Damaged { path }),
            Ok(_) => Ok(Some(path)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, ColumnData, GraphFacts};

    fn manifest() -> Manifest {
        Manifest {
            version: "0".to_owned(),
            command: vec![],
            seed: 0,
            threads: 1,
            started: String::new(),
            finished: String::new(),
            inputs: vec![],
            graph: GraphFacts::default(),
            stages: vec![],
            tables: vec![],
            warnings: vec![],
            notes: vec![],
            quality: vec![],
            memory: crate::MemoryEntry::default(),
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_whole_or_absent() {
        let scratch = tempfile::tempdir().unwrap();
        let table = Table::new("accounts", vec![Column::new("account", ColumnData::Words(vec!["a".to_owned()]))]);
        let mut writer = RunFolderWriter::create(&scratch.path().join("new/deep/run"), false).unwrap();
        writer.write_table(&table).unwrap();
        drop(writer);
        let target = scratch.path().join("run");
        assert_eq!(names(scratch.path()), Vec::<String>::new());
        let mut writer = RunFolderWriter::create(&target, false).unwrap();
        writer.write_table(&table).unwrap();
        writer.finish(&manifest()).unwrap();
        assert_eq!(
            (names(scratch.path()), names(&target)),
            (vec!["run".to_owned()], vec!["accounts.parquet".to_owned(), MANIFEST.to_owned()])
        );
        assert!(matches!(RunFolderWriter::create(&target, false), Err(StoreError::Exists { .. })));
        let stale = scratch.path().join(".run.part-4294967295");
        fs::create_dir(&stale).unwrap();
        RunFolderWriter::create(&target, true).unwrap().finish(&manifest()).unwrap();
        assert_eq!((names(scratch.path()), names(&target)), (vec!["run".to_owned()], vec![MANIFEST.to_owned()]));
        assert_eq!(RunFolder::open(&target).unwrap().manifest(), &manifest());
    }

    #[test]
    fn a_changed_table_is_told() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("run");
        let table = Table::new("accounts", vec![Column::new("account", ColumnData::Words(vec!["a".to_owned()]))]);
        let mut writer = RunFolderWriter::create(&target, false).unwrap();
        writer.write_table(&table).unwrap();
        let manifest = Manifest { tables: writer.tables().to_vec(), ..manifest() };
        writer.finish(&manifest).unwrap();
        let path = target.join("accounts.parquet");
        assert_eq!(RunFolder::open(&target).unwrap().table("accounts").unwrap(), Some(path.clone()));
        let mut bytes = fs::read(&path).unwrap();
        bytes[20] ^= 1;
        fs::write(&path, bytes).unwrap();
        assert!(matches!(RunFolder::open(&target).unwrap().table("accounts"), Err(StoreError::Damaged { .. })));
        assert!(matches!(RunFolder::open(&target).unwrap().table("echo"), Ok(None)));
    }

    #[test]
    fn force_replaces_run_folders_only() {
        let scratch = tempfile::tempdir().unwrap();
        fs::write(scratch.path().join("precious.txt"), "x").unwrap();
        assert!(matches!(check_target(scratch.path(), true), Err(StoreError::NotARunFolder { .. })));
        assert!(matches!(RunFolder::open(scratch.path()), Err(StoreError::NoManifest { .. })));
    }
}
