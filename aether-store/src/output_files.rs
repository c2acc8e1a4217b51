//! What commands printed, a file each, named by its hash; the oldest go when there are too many.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/ledger/outputs"))]

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aether_core::base::{ErrorCode, Sha256Hash};
use aether_core::port::{OutputStore, PortError};

use crate::folders::make_folder;

/// A folder with outputs of commands, each under the hash of its bytes.
///
/// Nothing waits for the disk because of them: one that a crash damages has another hash, and counts as gone.
///
/// # Examples
///
/// ```
/// use aether_core::base::Sha256Hash;
/// use aether_core::port::OutputStore as _;
/// use aether_store::OutputFiles;
/// # let folder = tempfile::tempdir()?;
/// let outputs = OutputFiles::new(folder.path().join("outputs")).with_max_bytes(1 << 20);
/// assert!(outputs.keep(b"test result: ok")?);
/// let hash = Sha256Hash::of(b"test result: ok");
/// assert_eq!(outputs.output(&hash)?.as_deref(), Some(&b"test result: ok"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct OutputFiles {
    folder: PathBuf,
    max_output_bytes: u64,
    max_bytes: u64,
}

const ENDING: &str = ".txt";

impl OutputFiles {
    /// Outputs in a folder, which is made when the first one is kept.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), max_output_bytes: 8 << 20, max_bytes: 256 << 20 }
    }

    /// Sets the longest output that is kept, in bytes. Default 8 MiB: what a compiler says of a large project.
    #[must_use]
    pub fn with_max_output_bytes(mut self, max_output_bytes: u64) -> Self {
        self.max_output_bytes = max_output_bytes;
        self
    }

    /// Sets how many bytes all of them have at most; the oldest go first, and the one that is kept last stays.
    /// Default 256 MiB.
    #[must_use]
    pub fn with_max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    fn path(&self, hash: &Sha256Hash) -> PathBuf {
        self.folder.join(format!("{}{ENDING}", hash.to_string().trim_start_matches("sha256:")))
    }

    fn write(&self, output: &[u8]) -> io::Result<()> {
        make_folder(&self.folder)?;
        let path = self.path(&Sha256Hash::of(output));
        // Written once more where it is there: it may not be what it was, and is the youngest now.
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(&self.folder)?;
        file.write_all(output)?;
        file.persist(&path).map_err(|error| error.error)?;
        self.prune(&path)
    }

    /// Removes the oldest until the rest is within the limit.
    fn prune(&self, kept: &Path) -> io::Result<()> {
        let mut files: Vec<(SystemTime, PathBuf, u64)> = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let is_output = path.to_str().is_some_and(|path| path.ends_with(ENDING));
            // Somebody else may have removed it meanwhile.
            let Ok(metadata) = std::fs::metadata(&path) else { continue };
            if is_output {
                files.push((metadata.modified()?, path, metadata.len()));
            }
        }
        files.sort();
        let mut sum: u64 = files.iter().map(|(_, _, bytes)| *bytes).sum();
        for (_, path, bytes) in files {
            if sum <= self.max_bytes {
                break;
            }
            if path != kept {
                match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => sum -= bytes,
                }
            }
        }
        Ok(())
    }

    fn read(&self, hash: &Sha256Hash) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path(hash)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let mut output = Vec::new();
        file.take(self.max_output_bytes + 1).read_to_end(&mut output)?;
        Ok(Some(output).filter(|output| Sha256Hash::of(output) == *hash))
    }
}

impl OutputStore for OutputFiles {
    fn keep(&self, output: &[u8]) -> Result<bool, PortError> {
        if output.len() as u64 > self.max_output_bytes.min(self.max_bytes) {
            return Ok(false);
        }
        self.write(output).map(|()| true).map_err(failed("kept"))
    }

    fn output(&self, hash: &Sha256Hash) -> Result<Option<Vec<u8>>, PortError> {
        self.read(hash).map_err(failed("read"))
    }
}

fn failed(what: &'static str) -> impl FnOnce(io::Error) -> PortError {
    move |error| {
        let message = format!("an output of a command cannot be {what}: {error}");
        PortError::new(ErrorCode::STORE_IO, message).with_source(error)
    }
}
