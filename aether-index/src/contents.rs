//! The bytes of files that were found: on disk, or in a commit.

use std::io;
use std::path::Path;

use aether_core::base::{ErrorCode, RelPath};
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
        Ok(if file.size_bytes > max_bytes {
            hash_file(path).map(|hash| Content::TooLarge { hash, size_bytes: file.size_bytes })
        } else {
            std::fs::read(path).map(Content::Whole)
        })
    }

    fn read_path(&mut self, path: &RelPath) -> Result<Vec<u8>, PortError> {
        // Gone since it was found: the next update sees that.
        Ok(std::fs::read(on_disk(self.root, path)).unwrap_or_default())
    }
}

/// The hash of a file that is too large to be held.
fn hash_file(path: &Path) -> io::Result<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
    Ok(hasher.finalize().into())
}
