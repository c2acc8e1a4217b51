//! Files of this machine as an archive that `tar` unpacks elsewhere.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Read, Seek};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tar::{Builder, EntryType, Header};

/// What an entry takes besides what it holds, rounded up: a header, and most of a block that fills it up.
const OVERHEAD: u64 = 1024;
/// Most files and folders of one archive.
const MAX_ENTRIES: u64 = 500_000;

/// An archive that is being written, to a file that has no name.
pub(super) struct Archive {
    builder: Builder<BufWriter<File>>,
    bytes_left: u64,
    entries_left: u64,
}

impl Archive {
    /// An archive of `max_bytes` at most.
    pub(super) fn new(max_bytes: u64) -> io::Result<Self> {
        let builder = Builder::new(BufWriter::new(tempfile::tempfile()?));
        Ok(Self { builder, bytes_left: max_bytes, entries_left: MAX_ENTRIES })
    }

    /// Adds what lies below `folder`, at its own path, but not the folder itself: where it is unpacked, that is there
    /// and belongs to somebody else. No link is followed; what is neither file, folder nor link is left out.
    pub(super) fn add_below(&mut self, folder: &Path) -> io::Result<()> {
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let mut paths: Vec<PathBuf> =
                std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
            paths.sort();
            for path in paths {
                let metadata = std::fs::symlink_metadata(&path)?;
                let kind = metadata.file_type();
                if kind.is_dir() {
                    let mut header = self.entry(EntryType::Directory, &metadata, 0)?;
                    self.builder.append_data(&mut header, inside(&path), io::empty())?;
                    folders.push(path);
                } else if kind.is_symlink() {
                    let mut header = self.entry(EntryType::Symlink, &metadata, 0)?;
                    let target = std::fs::read_link(&path)?;
                    // As it stands, where it fits into the header; a longer one is taken as it stands anyway.
                    match header.set_link_name_literal(target.as_os_str().as_bytes()) {
                        Ok(()) => self.builder.append_data(&mut header, inside(&path), io::empty())?,
                        Err(_) => self.builder.append_link(&mut header, inside(&path), &target)?,
                    }
                } else if kind.is_file() {
                    let length = metadata.len();
                    let mut header = self.entry(EntryType::Regular, &metadata, length)?;
                    // One that grows meanwhile is cut, and one that shrinks is filled up: the header says how long.
                    let held = File::open(&path)?.chain(io::repeat(0)).take(length);
                    self.builder.append_data(&mut header, inside(&path), held)?;
                }
            }
        }
        Ok(())
    }

    /// Adds a file that is not on this machine.
    pub(super) fn add_text(&mut self, path: &Path, text: &str) -> io::Result<()> {
        let length = text.len() as u64;
        self.account(length)?;
        let mut header = Header::new_gnu();
        header.set_size(length);
        header.set_mode(0o644);
        self.builder.append_data(&mut header, inside(path), text.as_bytes())
    }

    /// The whole archive, to be read from its beginning.
    pub(super) fn into_file(self) -> io::Result<File> {
        let mut file = self.builder.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }

    fn entry(&mut self, kind: EntryType, metadata: &Metadata, length: u64) -> io::Result<Header> {
        self.account(length)?;
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(length);
        header.set_mode(metadata.permissions().mode() & 0o777);
        header.set_mtime(u64::try_from(metadata.mtime()).unwrap_or(0));
        Ok(header)
    }

    fn account(&mut self, length: u64) -> io::Result<()> {
        let too_large = || io::Error::new(io::ErrorKind::FileTooLarge, "it is more than may be sent");
        self.entries_left = self.entries_left.checked_sub(1).ok_or_else(too_large)?;
        self.bytes_left =
            self.bytes_left.checked_sub(length.saturating_add(OVERHEAD)).ok_or_else(too_large)?;
        Ok(())
    }
}

/// An absolute path as archives have it.
fn inside(path: &Path) -> &Path {
    path.strip_prefix("/").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// What the `tar` of this system unpacks.
    fn unpacked(archive: Archive) -> tempfile::TempDir {
        let to = tempfile::tempdir().expect("a folder");
        let file = archive.into_file().expect("an archive");
        let mut tar = Command::new("tar");
        let status = tar.args(["-xof", "-", "-C"]).arg(to.path()).stdin(Stdio::from(file)).status();
        assert!(status.expect("tar runs").success());
        to
    }

    #[test]
    fn what_tar_unpacks_is_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let from = folder.path().join("from");
        let long = "n".repeat(90);
        let deep = from.join(&long).join(&long);
        std::fs::create_dir_all(&deep).expect("folders");
        for (path, length) in [("empty", 0), ("block", 512), ("more", 513), ("\u{e9} name", 3)] {
            std::fs::write(from.join(path), vec![b'x'; length]).expect("a file");
            std::fs::write(deep.join(path), vec![b'y'; length]).expect("a file");
        }
        std::fs::set_permissions(from.join("more"), std::fs::Permissions::from_mode(0o750)).expect("a mode");
        std::os::unix::fs::symlink("/nowhere/at/all", from.join("link")).expect("a link");
        std::os::unix::fs::symlink("../from/./block", from.join("up")).expect("a link");
        let far = format!("/{long}/{long}");
        std::os::unix::fs::symlink(&far, from.join("far")).expect("a link");
        let made = Command::new("mkfifo").arg(from.join("pipe")).status().expect("mkfifo runs");
        assert!(made.success());
        let mut archive = Archive::new(1 << 20).expect("an archive");
        archive.add_below(&from).expect("files");
        archive.add_text(Path::new("/told/command"), "said").expect("a text");
        let to = unpacked(archive);
        let at = to.path().join(from.strip_prefix("/").expect("absolute"));
        let mut compare = Command::new("diff");
        compare.args(["-r", "--no-dereference", "--exclude=pipe"]).args([&from, &at]);
        let output = compare.output().expect("diff runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(!at.join("pipe").exists(), "a pipe was sent");
        let (old, new) = (from.join("more"), at.join("more"));
        let of = |path: &Path| {
            let metadata = std::fs::metadata(path).expect("a file");
            (metadata.permissions().mode(), metadata.mtime())
        };
        assert_eq!(of(&old), of(&new));
        assert_eq!(std::fs::read_link(at.join("far")).expect("a link"), Path::new(&far));
        assert_eq!(std::fs::read_to_string(to.path().join("told/command")).expect("a text"), "said");
    }

    #[test]
    fn more_than_the_limit_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let large = File::create(folder.path().join("large")).expect("a file");
        large.set_len(1 << 40).expect("a length");
        let mut archive = Archive::new(1 << 20).expect("an archive");
        let error = archive.add_below(folder.path()).expect_err("it is too large");
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
