//! What a ledger needs of a disk, so that tests can have one that breaks.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/ledger"))]

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::options::MAX_SEGMENT_BYTES;
use crate::folders::{make_folder, sync_folder};

/// Segments, named by the number of their first event, and the checkpoint beside them.
///
/// What is written is safe after [`Disk::sync`], what is created after [`Disk::sync_folder`], and not
/// before. Only who holds the lock writes.
pub(super) trait Disk: fmt::Debug + Send + Sync {
    /// Keeps all others from writing until the answer is dropped, other handles in this process too; `None`
    /// when somebody else did so for all of `patience`.
    fn lock(&self, patience: Duration) -> io::Result<Option<Box<dyn Held>>>;
    /// The segments that are there, in order.
    fn segments(&self) -> io::Result<Vec<u64>>;
    /// Makes an empty segment; one that is there and empty stays.
    fn create(&self, first: u64) -> io::Result<()>;
    /// Makes the names of segments safe.
    fn sync_folder(&self) -> io::Result<()>;
    /// Length of a segment in bytes.
    fn length(&self, first: u64) -> io::Result<u64>;
    /// A segment from `offset` to its end; nothing behind the end.
    fn read_from(&self, first: u64, offset: u64) -> io::Result<Vec<u8>>;
    /// All of a segment.
    fn read(&self, first: u64) -> io::Result<Vec<u8>> {
        self.read_from(first, 0)
    }
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
    /// Where the index is, if there can be one.
    fn index(&self) -> Option<PathBuf> {
        None
    }
}

/// The lock of a folder, held. What it remembers tells the next one who takes it whether the end of the ledger
/// is safe; it need not survive anything, since another end than this is made safe again.
pub(super) trait Held: fmt::Debug + Send {
    /// The segment and the length in it up to which the disk has confirmed everything.
    fn end(&mut self) -> io::Result<Option<(u64, u64)>>;
    /// Remembers that the disk has confirmed everything up to here.
    fn set_end(&mut self, segment: u64, length: u64) -> io::Result<()>;
}

/// A folder.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The segment that is written, kept open.
    open: Mutex<Option<(u64, File)>>,
}

/// First and longest pause between two looks at a lock that somebody holds: the first is shorter than a wait for
/// the disk, and the longest not much longer.
const FIRST_PAUSE: Duration = Duration::from_micros(200);
const LONGEST_PAUSE: Duration = Duration::from_millis(4);

const LOCK: &str = "lock";
const ENDING: &str = ".jsonl";
const CHECKPOINT: &str = "checkpoint";
const INDEX: &str = "index.db";

impl Folder {
    /// A folder as it is, which may be absent.
    pub(super) fn reader(path: &Path) -> Self {
        Self { path: path.to_owned(), open: Mutex::new(None) }
    }

    /// A folder, made when it is not there.
    pub(super) fn writer(path: &Path) -> io::Result<Self> {
        make_folder(path)?;
        Ok(Self::reader(path))
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
    fn lock(&self, patience: Duration) -> io::Result<Option<Box<dyn Held>>> {
        // Opened each time: handles of one process are held apart as well.
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        let file = options.open(self.path.join(LOCK))?;
        let (mut waited, mut pause) = (Duration::ZERO, FIRST_PAUSE);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Box::new(FolderLock(file)))),
                Err(TryLockError::WouldBlock) if waited >= patience => return Ok(None),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            let rest = pause.min(patience - waited);
            std::thread::sleep(rest);
            waited += rest;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

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

    fn length(&self, first: u64) -> io::Result<u64> {
        Ok(std::fs::metadata(self.segment(first))?.len())
    }

    fn read_from(&self, first: u64, offset: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut file = File::open(self.segment(first))?;
        file.seek(SeekFrom::Start(offset))?;
        file.take(MAX_SEGMENT_BYTES + 1).read_to_end(&mut bytes)?;
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

    fn index(&self) -> Option<PathBuf> {
        Some(self.path.join(INDEX))
    }
}

/// The file `lock`, locked until it is closed.
#[derive(Debug)]
struct FolderLock(File);

/// The end of a ledger as it stands in the file `lock`: two numbers of 20 digits, a space and a line feed.
const END_BYTES: usize = 42;

impl Held for FolderLock {
    fn end(&mut self) -> io::Result<Option<(u64, u64)>> {
        let mut text = [0; END_BYTES];
        self.0.seek(SeekFrom::Start(0))?;
        if let Err(error) = self.0.read_exact(&mut text) {
            return if error.kind() == io::ErrorKind::UnexpectedEof { Ok(None) } else { Err(error) };
        }
        let numbers =
            std::str::from_utf8(&text).ok().and_then(|text| text.strip_suffix('\n')?.split_once(' '));
        Ok(numbers.and_then(|(segment, length)| Some((segment.parse().ok()?, length.parse().ok()?))))
    }

    fn set_end(&mut self, segment: u64, length: u64) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(format!("{segment:020} {length:020}\n").as_bytes())
    }
}
