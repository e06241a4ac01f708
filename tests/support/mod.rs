//! What integration tests share: the built binary in a folder of its own, and run folders read back.

#![allow(dead_code, unused_imports)] // every test binary uses another part of it

mod findings;
mod table;

pub(crate) use findings::{Findings, numbers, words};
pub(crate) use table::{Column, Table};

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Replicates of null models in runs of tests.
const REPLICATES: &str = "3";

/// How the command ended and what it said.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Exit status; -1 if a signal ended it.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON: {error}\n{self:?}"))
    }
}

/// A temporary folder in which the command runs; relative paths are relative to it. Gone at the end of the test.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// The folder itself.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders above it; gives its path.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// Writes a file compressed by gzip.
    pub(crate) fn write_gz(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, contents.as_ref()).unwrap();
        self.write(name, encoder.finish().unwrap())
    }

    /// Writes a file compressed by bzip2.
    pub(crate) fn write_bz2(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        std::io::Write::write_all(&mut encoder, contents.as_ref()).unwrap();
        self.write(name, encoder.finish().unwrap())
    }

    /// Writes a file compressed by xz.
    pub(crate) fn write_xz(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
        std::io::Write::write_all(&mut encoder, contents.as_ref()).unwrap();
        self.write(name, encoder.finish().unwrap())
    }

    /// Names in the folder, sorted: what a command left behind.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The command, ready to be given more (standard input, environment).
    pub(crate) fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_echogram"));
        command.args(args).current_dir(self.folder()).stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    pub(crate) fn echogram<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Answer {
        answer(&mut self.command(args))
    }

    /// Runs the command with bytes on standard input.
    pub(crate) fn echogram_fed<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>, input: impl AsRef<[u8]>) -> Answer {
        let file = self.write(".standard-input", input);
        answer(self.command(args).stdin(std::fs::File::open(file).unwrap()))
    }

    /// `echogram run ARGS -o NAME`, which must succeed.
    #[track_caller]
    pub(crate) fn run_into<S: AsRef<OsStr>>(&self, name: &str, args: impl IntoIterator<Item = S>) -> RunFolder {
        let args: Vec<std::ffi::OsString> = args.into_iter().map(|arg| arg.as_ref().to_owned()).collect();
        // Null replicates by the hundred would take most of the time of all tests: a few do, unless a test asks for others.
        let asks = args.iter().any(|arg| arg == "--null-replicates");
        let few = ["--null-replicates", REPLICATES];
        let mut command = self.command(["run", "-o", name, "--progress", "none"].iter().chain(few.iter().filter(|_| !asks)));
        let answer = answer(command.args(&args));
        assert_eq!(answer.code, 0, "{command:?}\n{}{}", answer.stdout, answer.stderr);
        RunFolder { path: self.path(name) }
    }

    /// As [`Self::run_into`], into a folder `run` that is replaced.
    #[track_caller]
    pub(crate) fn run_folder<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> RunFolder {
        if self.path("run").exists() {
            std::fs::remove_dir_all(self.path("run")).unwrap();
        }
        self.run_into("run", args)
    }
}

fn answer(command: &mut Command) -> Answer {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("the command writes UTF-8");
    Answer { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A run folder on disk.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder {
    pub(crate) path: PathBuf,
}

impl RunFolder {
    /// A table by its name, such as `accounts`.
    #[track_caller]
    pub(crate) fn table(&self, name: &str) -> Table {
        Table::read(self.path.join(format!("{name}.parquet")))
    }

    /// Whether the run has such a table.
    pub(crate) fn has_table(&self, name: &str) -> bool {
        self.path.join(format!("{name}.parquet")).exists()
    }

    /// `manifest.json`.
    #[track_caller]
    pub(crate) fn manifest(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.path.join("manifest.json")).unwrap()).unwrap()
    }

    /// Digest of every table, by its name.
    #[track_caller]
    pub(crate) fn digests(&self) -> BTreeMap<String, String> {
        let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let manifest = self.manifest();
        manifest["tables"].as_array().unwrap().iter().map(|table| (word(&table["name"]), word(&table["digest"]))).collect()
    }
}

/// Root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The folder of real networks, which are not part of this project: `ECHOGRAM_REAL_DATA`, relative to the root of the checkout.
/// Says so where it is not given.
#[allow(clippy::print_stderr)] // a test that is passed over must say so
pub(crate) fn real_data() -> Option<PathBuf> {
    match std::env::var_os("ECHOGRAM_REAL_DATA").filter(|value| !value.is_empty()) {
        Some(folder) => Some(root().join(folder)),
        None => {
            eprintln!("skipped: ECHOGRAM_REAL_DATA is not set");
            None
        }
    }
}

/// A frozen table in `tests/oracle`.
#[track_caller]
pub(crate) fn oracle(name: &str) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(root().join("tests/oracle").join(name)).unwrap()).unwrap()
}
