//! Opening an input: files and standard input, decompressed as their content says, hashed as they are read.

use crate::IngestError;
use std::fs::File;
use std::io::{BufReader, Chain, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Bytes looked at to find out what an input is.
pub(crate) const HEAD: usize = 1 << 16;
/// Bytes enough to see a compression.
const MAGIC: usize = 6;

/// How far reading has come, and the wish to stop. Shared with whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes of all inputs, as they lie on disk; 0 = not known.
    pub total: AtomicU64,
    /// Bytes read of them.
    pub done: AtomicU64,
    /// Set to stop.
    pub cancel: AtomicBool,
    /// Set while the result is being put in place: a short time in which the process must not be ended.
    pub committing: AtomicBool,
}

impl Progress {
    /// # Errors
    /// [`IngestError::Cancelled`] once the flag is set.
    pub(crate) fn check(&self) -> Result<(), IngestError> {
        if self.cancel.load(Ordering::Relaxed) { Err(IngestError::Cancelled) } else { Ok(()) }
    }
}

/// Counts and hashes the bytes that pass.
struct Metered<R> {
    inner: R,
    meter: Arc<Mutex<Meter>>,
    progress: Arc<Progress>,
}

#[derive(Debug, Default)]
struct Meter {
    hasher: blake3::Hasher,
    bytes: u64,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut meter = self.meter.lock().expect("no holder of the meter panics");
        meter.hasher.update(&buffer[..read]);
        meter.bytes += read as u64;
        self.progress.done.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// An opened input: its first bytes to look at, then all of it to read.
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// The first bytes, decompressed.
    pub(crate) head: Vec<u8>,
    reader: Chain<Cursor<Vec<u8>>, Box<dyn Read + Send>>,
    meter: Arc<Mutex<Meter>>,
    pub(crate) progress: Arc<Progress>,
    /// Whether the file can be opened anew at any place (Parquet needs that): it is a plain file without compression.
    pub(crate) is_plain_file: bool,
}

/// Bytes read at once where only their hash is wanted.
const DRAINED: usize = 1 << 18;

/// The path that means standard input.
pub(crate) const STANDARD_INPUT: &str = "-";

/// Whether a path means standard input.
pub(crate) fn is_standard_input(path: &Path) -> bool {
    path == Path::new(STANDARD_INPUT)
}

impl Source {
    /// Opens `path` (`-` is standard input) and looks at its first bytes.
    pub(crate) fn open(path: &Path, progress: &Arc<Progress>) -> Result<Self, IngestError> {
        if is_standard_input(path) {
            return Self::of(Path::new("standard input"), Box::new(std::io::stdin()), false, progress);
        }
        let file = File::open(path).map_err(|source| IngestError::Io { path: path.to_owned(), source })?;
        Self::of(path, Box::new(file), true, progress)
    }

    fn of(path: &Path, raw: Box<dyn Read + Send>, is_file: bool, progress: &Arc<Progress>) -> Result<Self, IngestError> {
        let io = |source| IngestError::Io { path: path.to_owned(), source };
        let meter = Arc::new(Mutex::new(Meter::default()));
        let mut metered = Metered { inner: raw, meter: Arc::clone(&meter), progress: Arc::clone(progress) };
        let magic = read_up_to(&mut metered, MAGIC).map_err(io)?;
        if magic.is_empty() {
            return Err(IngestError::Empty { path: path.to_owned() });
        }
        let compression = compression(&magic);
        let whole = Cursor::new(magic).chain(metered);
        let mut reader: Box<dyn Read + Send> = match &compression {
            Compression::None => Box::new(whole),
            Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(BufReader::with_capacity(1 << 18, whole))),
            Compression::Zstd => Box::new(zstd::stream::read::Decoder::new(whole).map_err(io)?),
            Compression::Bzip2 => Box::new(bzip2::read::MultiBzDecoder::new(whole)),
            Compression::Xz => Box::new(liblzma::read::XzDecoder::new_multi_decoder(whole)),
        };
        let head = read_up_to(&mut reader, HEAD).map_err(|source| match compression {
            Compression::None => io(source),
            _ => {
                let what = format!("begins like a compressed file but cannot be decompressed ({source}); fetch or pack it again");
                IngestError::Unusable { path: path.to_owned(), what }
            }
        })?;
        if head.is_empty() {
            return Err(IngestError::Empty { path: path.to_owned() });
        }
        let is_plain_file = is_file && matches!(compression, Compression::None);
        Ok(Self {
            path: path.to_owned(),
            head: head.clone(),
            reader: Cursor::new(head).chain(reader),
            meter,
            progress: Arc::clone(progress),
            is_plain_file,
        })
    }

    /// An input that is in memory already, decompressed as its content says.
    pub(crate) fn of_bytes(path: &Path, bytes: Vec<u8>, progress: &Arc<Progress>) -> Result<Self, IngestError> {
        Self::of(path, Box::new(Cursor::new(bytes)), false, progress)
    }

    /// Up to `limit` bytes, decompressed, and whether these are all.
    pub(crate) fn sample(&mut self, limit: usize) -> Result<(Vec<u8>, bool), IngestError> {
        let bytes = read_up_to(self, limit).map_err(|source| IngestError::Io { path: self.path.clone(), source })?;
        let is_all = bytes.len() < limit;
        Ok((bytes, is_all))
    }

    /// Whether the first bytes are all there are.
    pub(crate) fn is_all_in_head(&self) -> bool {
        self.head.len() < HEAD
    }

    /// Reads the rest without using it, so that size and hash are those of the whole input.
    pub(crate) fn drain(&mut self) -> Result<(), IngestError> {
        let mut buffer = vec![0; DRAINED];
        loop {
            self.progress.check()?;
            match self.reader.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(source) => return Err(IngestError::Io { path: self.path.clone(), source }),
            }
        }
    }

    /// Bytes and BLAKE3 hash of what was read, as it lies on disk.
    pub(crate) fn seal(&self) -> (u64, String) {
        let meter = self.meter.lock().expect("no holder of the meter panics");
        (meter.bytes, meter.hasher.finalize().to_hex().to_string())
    }

    /// All of it in memory.
    pub(crate) fn read_all(&mut self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.reader.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.reader.read(buffer)
    }
}

enum Compression {
    None,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}

fn compression(magic: &[u8]) -> Compression {
    match magic {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        // A block, or the end of a file without one, follows at once: text may begin with the letters.
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41] | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72] => Compression::Bzip2,
        [0xfd, b'7', b'z', b'X', b'Z', 0] => Compression::Xz,
        _ => Compression::None,
    }
}

/// At most `limit` bytes; fewer only at the end. A stream that breaks after some bytes gives these; the break shows again when reading on.
fn read_up_to(reader: &mut impl Read, limit: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; limit];
    let mut filled = 0;
    while filled < limit {
        match reader.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) if filled > 0 => break,
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draining_ends_when_it_is_cancelled() {
        let progress = Arc::new(Progress::default());
        let mut source = Source::of_bytes(Path::new("memory"), vec![b'x'; HEAD + 2 * DRAINED], &progress).unwrap();
        progress.cancel.store(true, Ordering::Relaxed);
        assert!(matches!(source.drain(), Err(IngestError::Cancelled)));
        progress.cancel.store(false, Ordering::Relaxed);
        source.drain().unwrap();
        assert_eq!(source.seal().0, (HEAD + 2 * DRAINED) as u64);
    }
}
