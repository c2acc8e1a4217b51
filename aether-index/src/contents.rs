//! The bytes of files that were found: on disk, or in a commit.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::Path;

use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::IndexedFile;
use aether_core::port::PortError;

use crate::discover::{FoundFile, Origin, on_disk};

/// Where the files of one update are read.
pub(crate) trait Contents: Send + Sync {
    /// What one thread reads with.
    fn reader(&self) -> Box<dyn Reader + '_>;
}

/// Reads files. Its errors end an update; what concerns one file alone is part of its results.
pub(crate) trait Reader {
    /// The bytes of a file of at most `max_bytes`, and of a larger one what has to be known of it.
    fn read(&mut self, file: &FoundFile, max_bytes: u64) -> Result<io::Result<Content>, PortError>;

    /// The bytes of the file at a path; nothing when there is none.
    fn read_path(&mut self, path: &RelPath) -> Result<Vec<u8>, PortError>;
}

/// What was read of a file.
#[derive(Debug)]
pub(crate) enum Content {
    Whole(Vec<u8>),
    TooLarge { hash: [u8; 32], size_bytes: u64 },
}

/// The text of a file on disk, if it is the one that was indexed; `None` when it is another, is gone or is no
/// text.
#[must_use]
pub fn read_indexed(root: &Path, file: &IndexedFile) -> Option<String> {
    let mut bytes = Vec::new();
    // One byte more tells a longer file.
    let limit = file.size_bytes.saturating_add(1);
    open_file(&on_disk(root, &file.path)).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
    if *blake3::hash(&bytes).as_bytes() != file.content_hash {
        return None;
    }
    String::from_utf8(bytes).ok()
}

/// Files as they are on disk.
pub(crate) struct WorkingCopy<'r> {
    pub(crate) root: &'r Path,
}

impl Contents for WorkingCopy<'_> {
    fn reader(&self) -> Box<dyn Reader + '_> {
        Box::new(Self { root: self.root })
    }
}

impl Reader for WorkingCopy<'_> {
    fn read(&mut self, file: &FoundFile, max_bytes: u64) -> Result<io::Result<Content>, PortError> {
        #[cfg_attr(
            not(feature = "git"),
            expect(irrefutable_let_patterns, reason = "without git all is on disk")
        )]
        let Origin::Disk(path) = &file.origin else {
            return Err(PortError::new(ErrorCode::INTERNAL, "a file of a commit was looked for on disk"));
        };
        Ok(open_file(path).and_then(|file| read_up_to(file, max_bytes)))
    }

    fn read_path(&mut self, path: &RelPath) -> Result<Vec<u8>, PortError> {
        // Gone since it was found: the next update sees that.
        let mut bytes = Vec::new();
        let read = open_file(&on_disk(self.root, path)).and_then(|mut file| file.read_to_end(&mut bytes));
        Ok(read.map_or_else(|_| Vec::new(), |_| bytes))
    }
}

/// Opens a file that a walk found. What has become a link, a pipe or a device since then is an error,
/// and nobody waits for who writes to a pipe.
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    let file = {
        use rustix::fs::{Mode, OFlags};

        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        File::from(rustix::fs::open(path, flags, Mode::empty())?)
    };
    #[cfg(not(unix))]
    let file = File::open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("this is no file")) }
}

/// Reads a file, or the hash of one that is too large to be held, however large it was when it was found.
fn read_up_to(mut file: File, max_bytes: u64) -> io::Result<Content> {
    let size_bytes = file.metadata()?.len();
    if size_bytes <= max_bytes {
        // Room for one byte more, by which the end is noticed.
        let mut bytes = Vec::with_capacity(size_bytes as usize + 1);
        (&mut file).take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 <= max_bytes {
            return Ok(Content::Whole(bytes));
        }
        file.rewind()?;
    }
    let mut hasher = blake3::Hasher::new();
    let size_bytes = io::copy(&mut file, &mut hasher)?;
    Ok(Content::TooLarge { hash: hasher.finalize().into(), size_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], max_bytes: u64) {
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, bytes).unwrap();
        file.rewind().unwrap();
        match read_up_to(file, max_bytes).unwrap() {
            Content::Whole(read) => {
                assert!(bytes.len() as u64 <= max_bytes);
                assert_eq!(read, bytes);
            }
            Content::TooLarge { hash, size_bytes } => {
                assert!(bytes.len() as u64 > max_bytes);
                assert_eq!((hash, size_bytes), (blake3::hash(bytes).into(), bytes.len() as u64));
            }
        }
    }

    #[test]
    fn what_is_too_large_is_hashed() {
        for max_bytes in [0, 1, 4, 5, 6, u64::MAX] {
            check(b"", max_bytes);
            check(b"12345", max_bytes);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_holds_more_than_it_says_is_not_cut_off() {
        // The system says that such a file is empty.
        let file = || File::open("/proc/self/maps").unwrap();
        assert_eq!(file().metadata().unwrap().len(), 0);
        assert!(matches!(read_up_to(file(), 10).unwrap(), Content::TooLarge { size_bytes: 11.., .. }));
        assert!(matches!(read_up_to(file(), u64::MAX).unwrap(), Content::Whole(bytes) if bytes.len() > 10));
    }

    #[cfg(unix)]
    #[test]
    fn only_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("file"), "text").unwrap();
        std::os::unix::fs::symlink(path("file"), path("link")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
        assert!(open_file(&path("file")).is_ok());
        for name in ["link", "pipe", "gone", "."] {
            assert!(open_file(&path(name)).is_err(), "{name}");
        }
        assert!(open_file(Path::new("/dev/zero")).is_err());
    }
}
