//! An export from the request to the files: everything is checked before anything is written.

use crate::error::Halt;
use crate::format::{Options, Way, writer};
use crate::notes::Notes;
use crate::output::{Staging, check_file, check_folder};
use crate::tables::{Network, Table, Wanted};
use crate::{ExportError, Writer};
use echogram_store::RunFolder;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Tables that are written unless others are named.
const USUAL_TABLES: &[&str] = &["accounts", "edges"];

/// What is to be exported, where to, and how.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The run folder.
    pub run: PathBuf,
    /// Name of the format.
    pub format: String,
    /// File or folder; `-` is standard output; `None` = named after the run, in the current folder.
    pub output: Option<PathBuf>,
    /// Only the edges of this relation.
    pub relation: Option<String>,
    /// Only these columns of the accounts, beside the key.
    pub columns: Option<Vec<String>>,
    /// Tables, for formats that hold a table a file; `all` = every table of the run.
    pub tables: Option<Vec<String>>,
    /// Leave cells that a spreadsheet would run as they are.
    pub raw_cells: bool,
    /// Replace what was exported before.
    pub force: bool,
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Exported {
    /// Name of the format.
    pub format: &'static str,
    /// The files.
    pub files: Vec<WrittenFile>,
    /// In what the files differ from the run folder.
    pub notes: Vec<String>,
}

/// One file that was written.
#[derive(Clone, Debug, Serialize)]
pub struct WrittenFile {
    /// Where.
    pub path: PathBuf,
    /// Rows, of a file that holds a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Accounts, of a file that holds a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accounts: Option<u64>,
    /// Edges, of a file that holds a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edges: Option<u64>,
    /// Size.
    pub bytes: u64,
}

/// What is written, opened and found sound.
enum Content {
    Tables(Vec<Table>),
    Network(Box<Network>),
}

/// Where it goes.
enum Place {
    Standard,
    File(PathBuf),
    Folder(PathBuf),
}

/// A request that can be carried out.
pub struct Plan {
    writer: &'static Writer,
    content: Content,
    place: Place,
    options: Options,
}

impl Plan {
    /// Checks a request against the run folder and the place to write to.
    ///
    /// # Errors
    /// [`ExportError`]; nothing was written.
    pub fn new(request: &Request) -> Result<Self, ExportError> {
        let writer = writer(&request.format)?;
        if request.raw_cells && !["csv", "mtx"].contains(&writer.name) {
            return Err(option(writer, "--raw-cells", "only delimited text has cells that a spreadsheet would run"));
        }
        let run = RunFolder::open(&request.run)?;
        if let Some(relation) = &request.relation {
            let relations = &run.manifest().graph.relations;
            if !relations.contains_key(relation) {
                return Err(ExportError::unknown("relation", relation, &relations.keys().cloned().collect::<Vec<_>>()));
            }
        }
        let wanted = Wanted { relation: request.relation.as_deref(), columns: request.columns.as_deref() };
        let content = match writer.way {
            Way::Table(_) => {
                let names = table_names(&run, request.tables.as_deref());
                Content::Tables(names.iter().map(|name| Table::open(&run, name, &wanted)).collect::<Result<_, _>>()?)
            }
            Way::Network { .. } if request.tables.is_some() => {
                return Err(option(writer, "--tables", "it holds accounts and edges in one file"));
            }
            Way::Network { .. } => Content::Network(Box::new(Network::open(&run, &wanted)?)),
        };
        let place = place(request, writer, &content)?;
        Ok(Self { writer, content, place, options: Options { raw_cells: request.raw_cells } })
    }

    /// The file or folder that will be written; `None` = standard output.
    pub fn target(&self) -> Option<&Path> {
        match &self.place {
            Place::Standard => None,
            Place::File(path) | Place::Folder(path) => Some(path),
        }
    }

    /// Writes everything, `standard` being what `-o -` means. Nothing is left behind if that fails.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn write(&self, standard: &mut dyn Write) -> Result<Exported, ExportError> {
        let mut notes = Notes::default();
        let files = match &self.place {
            Place::Standard => vec![self.to_standard(standard, &mut notes)?],
            Place::Folder(folder) => self.to_folder(folder, &mut notes)?,
            Place::File(path) => self.to_file(path, &mut notes)?,
        };
        Ok(Exported { format: self.writer.name, files, notes: notes.lines() })
    }

    fn to_standard(&self, standard: &mut dyn Write, notes: &mut Notes) -> Result<WrittenFile, ExportError> {
        let path = PathBuf::from("-");
        let mut out = Counted { out: standard, bytes: 0 };
        let written = self.main_file(0, &mut out, notes).and_then(|()| Ok(out.flush()?));
        written.map_err(|halt| match halt {
            Halt::Export(error) => error,
            Halt::Output(source) => ExportError::Io { path: "standard output".into(), doing: "write", source },
        })?;
        if matches!(self.writer.way, Way::Network { beside: Some(_), .. }) {
            notes.said.push(
                "standard output holds one file: which row is whose account is in the other, which -o FILE writes".to_owned(),
            );
        }
        let bytes = out.bytes;
        self.facts(0, path, bytes)
    }

    fn to_folder(&self, folder: &Path, notes: &mut Notes) -> Result<Vec<WrittenFile>, ExportError> {
        let Content::Tables(tables) = &self.content else { return Ok(Vec::new()) };
        let staging = Staging::begin(folder)?;
        let mut files = Vec::new();
        for (number, table) in tables.iter().enumerate() {
            let name = format!("{}.{}", table.name, self.writer.extension);
            let path = folder.join(&name);
            let bytes = staging.write(&name, &path, |out| self.main_file(number, out, notes))?;
            files.push(self.facts(number, path, bytes)?);
        }
        staging.finish_folder()?;
        Ok(files)
    }

    fn to_file(&self, path: &Path, notes: &mut Notes) -> Result<Vec<WrittenFile>, ExportError> {
        let staging = Staging::begin(path)?;
        let bytes = staging.write("main", path, |out| self.main_file(0, out, notes))?;
        let mut files = vec![self.facts(0, path.to_owned(), bytes)?];
        let mut places = vec![("main".to_owned(), path.to_owned())];
        if let (Way::Network { beside: Some(beside), .. }, Content::Network(network)) = (&self.writer.way, &self.content) {
            let other = other_file(path, beside.ending);
            let bytes = staging.write("beside", &other, |out| (beside.write)(network, &self.options, out, notes))?;
            let rows = files[0].accounts;
            files.push(WrittenFile { path: other.clone(), rows, accounts: None, edges: None, bytes });
            // The matrix stands last: where it is, its rows have names.
            places.insert(0, ("beside".to_owned(), other));
        }
        staging.finish_files(&places)?;
        Ok(files)
    }

    fn main_file(&self, number: usize, out: &mut dyn Write, notes: &mut Notes) -> Result<(), Halt> {
        match (&self.writer.way, &self.content) {
            (Way::Table(write), Content::Tables(tables)) => write(&tables[number], &self.options, out, notes),
            (Way::Network { write, .. }, Content::Network(network)) => write(network, out, notes),
            _ => unreachable!("the content was opened for this format"),
        }
    }

    fn facts(&self, number: usize, path: PathBuf, bytes: u64) -> Result<WrittenFile, ExportError> {
        let count = |table: &Table| match table.count() {
            Ok(rows) => Ok(Some(rows)),
            Err(Halt::Export(error)) => Err(error),
            Err(Halt::Output(source)) => Err(ExportError::Io { path: path.clone(), doing: "read", source }),
        };
        let (rows, accounts, edges) = match &self.content {
            Content::Tables(tables) => (count(&tables[number])?, None, None),
            Content::Network(network) => (None, count(&network.accounts)?, count(&network.edges)?),
        };
        Ok(WrittenFile { path, rows, accounts, edges, bytes })
    }
}

/// A folder that tables which are in memory are to be written to, in a format that holds a table a file.
pub struct TableFolder {
    writer: &'static Writer,
    folder: PathBuf,
}

impl TableFolder {
    /// Checks that the format holds tables and that the folder may be written.
    ///
    /// # Errors
    /// [`ExportError`]; nothing was written.
    pub fn new(format: &str, folder: PathBuf, force: bool) -> Result<Self, ExportError> {
        let writer = writer(format)?;
        if !writer.holds_tables() {
            return Err(option(writer, "a folder of tables", "it holds accounts and edges in one file"));
        }
        check_folder(&folder, writer.extension, force)?;
        Ok(Self { writer, folder })
    }

    /// Writes the tables, whole or not at all.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn write(self, tables: Vec<echogram_store::Table>) -> Result<Exported, ExportError> {
        let content = Content::Tables(tables.into_iter().map(Table::in_memory).collect());
        let plan = Plan { writer: self.writer, content, place: Place::Folder(self.folder), options: Options::default() };
        plan.write(&mut std::io::sink())
    }
}

fn option(writer: &Writer, option: &'static str, why: &'static str) -> ExportError {
    ExportError::Option { option, format: writer.name, why }
}

fn table_names(run: &RunFolder, asked: Option<&[String]>) -> Vec<String> {
    let mut names: Vec<String> = match asked {
        None => USUAL_TABLES.iter().map(|&name| name.to_owned()).collect(),
        Some(names) if names.iter().any(|name| name == "all") => {
            run.manifest().tables.iter().map(|table| table.name.clone()).collect()
        }
        Some(names) => names.to_vec(),
    };
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// `a/NAME.mtx` -> `a/NAME.accounts.csv`.
fn other_file(path: &Path, ending: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}{ending}"))
}

fn place(request: &Request, writer: &'static Writer, content: &Content) -> Result<Place, ExportError> {
    if request.output.as_deref() == Some(Path::new("-")) {
        return match content {
            Content::Tables(tables) if tables.len() > 1 => {
                Err(option(writer, "-o -", "it writes a file a table: name a folder, or one table with --tables"))
            }
            _ => Ok(Place::Standard),
        };
    }
    let stem = run_name(&request.run);
    let place = match (content, &request.output) {
        (Content::Tables(_), None) => Place::Folder(PathBuf::from(format!("{stem}-{}", writer.extension))),
        (Content::Tables(_), Some(folder)) => Place::Folder(folder.clone()),
        (Content::Network(_), None) => Place::File(PathBuf::from(format!("{stem}.{}", writer.extension))),
        (Content::Network(_), Some(path)) if path.is_dir() => Place::File(path.join(format!("{stem}.{}", writer.extension))),
        (Content::Network(_), Some(path)) => Place::File(path.clone()),
    };
    match &place {
        Place::Standard => {}
        Place::Folder(path) => {
            refuse_inside(&request.run, path)?;
            check_folder(path, writer.extension, request.force)?;
        }
        Place::File(path) => {
            refuse_inside(&request.run, path)?;
            check_file(path, request.force)?;
            if let Way::Network { beside: Some(beside), .. } = &writer.way {
                check_file(&other_file(path, beside.ending), request.force)?;
            }
        }
    }
    Ok(place)
}

/// The run folder's own name, also where the path is `.` or ends in `..`.
fn run_name(run: &Path) -> String {
    let whole = run.canonicalize().unwrap_or_else(|_| run.to_owned());
    whole.file_name().map_or_else(|| "run".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A run folder is never changed: nothing is written into it.
fn refuse_inside(run: &Path, target: &Path) -> Result<(), ExportError> {
    let whole = std::path::absolute(target).unwrap_or_else(|_| target.to_owned());
    let found = whole.ancestors().find_map(|folder| folder.canonicalize().ok());
    match (run.canonicalize(), found) {
        (Ok(run), Some(found)) if found.starts_with(&run) => Err(ExportError::InsideRun { path: target.to_owned() }),
        _ => Ok(()),
    }
}

/// Counts the bytes that pass.
struct Counted<'a> {
    out: &'a mut dyn Write,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
