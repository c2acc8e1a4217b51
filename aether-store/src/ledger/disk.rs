//! What a ledger needs of a disk, so that tests can have one that breaks.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/ledger"))]

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::options::MAX_SEGMENT_BYTES;
use crate::folders::{make_folder, sync_folder};

/// Segments, named by the number of their first event, and the checkpoint beside them.
///
/// What is written is safe after [`Disk::sync`], what is created after [`Disk::sync_folder`], and not
/// before. One thread at a time writes.
pub(super) trait Disk: fmt::Debug + Send + Sync {
    /// The segments that are there, in order.
    fn segments(&self) -> io::Result<Vec<u64>>;
    /// Makes an empty segment; one that is there and empty stays.
    fn create(&self, first: u64) -> io::Result<()>;
    /// Makes the names of segments safe.
    fn sync_folder(&self) -> io::Result<()>;
    /// All of a segment.
    fn read(&self, first: u64) -> io::Result<Vec<u8>>;
    /// `length` bytes of a segment.
    fn read_at(&self, first: u64, offset: u64, length: usize) -> io::Result<Vec<u8>>;
    /// Writes into a segment, at its end or over what is there.
    fn write(&self, first: u64, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Makes what was written into a segment safe.
    fn sync(&self, first: u64) -> io::Result<()>;
    /// Cuts a segment off.
    fn truncate(&self, first: u64, length: u64) -> io::Result<()>;
    /// Keeps bytes that were cut off, safely, under the number of the event that they began with.
    fn keep(&self, seq: u64, bytes: &[u8]) -> io::Result<()>;
    /// The checkpoint, if there is one.
    fn checkpoint(&self) -> io::Result<Option<Vec<u8>>>;
    /// Replaces the checkpoint as a whole, safely.
    fn set_checkpoint(&self, note: &[u8]) -> io::Result<()>;
}

/// A folder.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The segment that is written, kept open.
    open: Mutex<Option<(u64, File)>>,
    /// Holds the lock of the folder; nothing for readers.
    _lock: Option<File>,
}

const ENDING: &str = ".jsonl";
const CHECKPOINT: &str = "checkpoint";

impl Folder {
    /// A folder that is only read.
    pub(super) fn reader(path: &Path) -> Self {
        Self { path: path.to_owned(), open: Mutex::new(None), _lock: None }
    }

    /// A folder that nobody else writes, made when it is not there; `None` when somebody does.
    pub(super) fn writer(path: &Path) -> io::Result<Option<Self>> {
        make_folder(path)?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { path: path.to_owned(), open: Mutex::new(None), _lock: Some(lock) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn segment(&self, first: u64) -> PathBuf {
        self.path.join(format!("{first:020}{ENDING}"))
    }

    fn with_segment<T>(&self, first: u64, work: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *open {
            Some((number, file)) if *number == first => file,
            other => &mut other.insert((first, OpenOptions::new().write(true).open(self.segment(first))?)).1,
        };
        work(file)
    }

    /// Writes a file under another name and gives it its own when it is safe.
    fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(&self.path)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(self.path.join(name)).map_err(|error| error.error)?;
        sync_folder(&self.path)
    }
}

impl Disk for Folder {
    fn segments(&self) -> io::Result<Vec<u64>> {
        let mut segments = Vec::new();
        for entry in std::fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(ENDING));
            // A name that is written in another way is not one of ours.
            let Some(number) = number.filter(|number| number.len() == 20) else { continue };
            segments.extend(number.parse::<u64>().ok());
        }
        segments.sort_unstable();
        Ok(segments)
    }

    fn create(&self, first: u64) -> io::Result<()> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(self.segment(first))?;
        if file.metadata()?.len() == 0 { Ok(()) } else { Err(io::ErrorKind::AlreadyExists.into()) }
    }

    fn sync_folder(&self) -> io::Result<()> {
        sync_folder(&self.path)
    }

    fn read(&self, first: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(self.segment(first))?.take(MAX_SEGMENT_BYTES + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > MAX_SEGMENT_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "a segment is longer than 256 MiB"));
        }
        Ok(bytes)
    }

    fn read_at(&self, first: u64, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.segment(first))?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn write(&self, first: u64, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.with_segment(first, |file| {
            file.seek(SeekFrom::Start(offset))?;
            file.write_all(bytes)
        })
    }

    fn sync(&self, first: u64) -> io::Result<()> {
        // The length of a file that grew is among what this makes safe.
        self.with_segment(first, |file| file.sync_data())
    }

    fn truncate(&self, first: u64, length: u64) -> io::Result<()> {
        self.with_segment(first, |file| file.set_len(length))
    }

    fn keep(&self, seq: u64, bytes: &[u8]) -> io::Result<()> {
        self.replace(&format!("torn-{seq:020}"), bytes)
    }

    fn checkpoint(&self) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path.join(CHECKPOINT)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut note = Vec::new();
        // A longer one is refused by whoever reads notes.
        file.take((1 << 20) + 1).read_to_end(&mut note)?;
        Ok(Some(note))
    }

    fn set_checkpoint(&self, note: &[u8]) -> io::Result<()> {
        self.replace(CHECKPOINT, note)
    }
}
