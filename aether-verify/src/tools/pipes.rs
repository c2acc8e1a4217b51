//! The two streams of a tool, as named pipes in a folder.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FileType, Mode, OFlags};

/// Where a tool reads and writes. The pipes are removed when this is dropped.
#[derive(Debug)]
pub(super) struct Pipes {
    input: PathBuf,
    output: PathBuf,
}

impl Pipes {
    /// The paths of the pipes in a folder.
    pub(super) fn paths(folder: &Path) -> (PathBuf, PathBuf) {
        (folder.join("tool-in"), folder.join("tool-out"))
    }

    pub(super) fn make(folder: &Path) -> io::Result<Self> {
        let (input, output) = Self::paths(folder);
        std::fs::create_dir_all(folder)?;
        for path in [&input, &output] {
            match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            rustix::fs::mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)?;
        }
        Ok(Self { input, output })
    }

    /// Both ends of ours. Each is opened for reading and writing, which never waits for the other side.
    pub(super) fn open(&self) -> io::Result<(File, File)> {
        let open = |path: &Path| -> io::Result<File> {
            let flags = OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
            Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
        };
        Ok((open(&self.input)?, open(&self.output)?))
    }
}

impl Drop for Pipes {
    fn drop(&mut self) {
        // What is left is replaced the next time.
        let _ = std::fs::remove_file(&self.input);
        let _ = std::fs::remove_file(&self.output);
    }
}
