//! Files of this machine as an archive that `tar` unpacks elsewhere.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

const BLOCK: usize = 512;
/// Most bytes of a name in the header itself. Longer ones stand before it, as GNU tar and busybox read them.
const MAX_NAME: usize = 100;
/// Most files and folders of one archive.
const MAX_ENTRIES: u64 = 500_000;

/// An archive that is being written, to a file that has no name.
#[derive(Debug)]
pub(super) struct Archive {
    file: io::BufWriter<File>,
    bytes_left: u64,
    entries_left: u64,
}

impl Archive {
    /// An archive of `max_bytes` at most.
    pub(super) fn new(max_bytes: u64) -> io::Result<Self> {
        let file = io::BufWriter::new(tempfile::tempfile()?);
        Ok(Self { file, bytes_left: max_bytes, entries_left: MAX_ENTRIES })
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
                    self.entry(&path, b'5', &metadata, 0, &[])?;
                    folders.push(path);
                } else if kind.is_symlink() {
                    let target = std::fs::read_link(&path)?;
                    self.entry(&path, b'2', &metadata, 0, target.as_os_str().as_bytes())?;
                } else if kind.is_file() {
                    self.add_file(&path, &metadata)?;
                }
            }
        }
        Ok(())
    }

    /// Adds a file that is not on this machine.
    pub(super) fn add_text(&mut self, path: &Path, text: &str) -> io::Result<()> {
        let length = text.len() as u64;
        self.header(name_of(path), b'0', 0o644, length, 0, &[])?;
        self.write(text.as_bytes())?;
        self.pad(length)
    }

    /// The whole archive, to be read from its beginning.
    pub(super) fn into_file(mut self) -> io::Result<File> {
        self.file.write_all(&[0; 2 * BLOCK])?;
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    fn add_file(&mut self, path: &Path, metadata: &Metadata) -> io::Result<()> {
        let length = metadata.len();
        self.entry(path, b'0', metadata, length, &[])?;
        self.bytes_left = self.bytes_left.checked_sub(length).ok_or_else(too_large)?;
        // One that grows meanwhile is cut, and one that shrinks is filled up: the header has been written.
        let copied = io::copy(&mut File::open(path)?.take(length), &mut self.file)?;
        io::copy(&mut io::repeat(0).take(length - copied), &mut self.file)?;
        self.pad(length)
    }

    fn entry(
        &mut self,
        path: &Path,
        kind: u8,
        metadata: &Metadata,
        length: u64,
        link: &[u8],
    ) -> io::Result<()> {
        let mode = metadata.permissions().mode() & 0o777;
        let time = u64::try_from(metadata.mtime()).unwrap_or(0);
        self.header(name_of(path), kind, mode, length, time, link)
    }

    fn header(
        &mut self,
        name: &[u8],
        kind: u8,
        mode: u32,
        length: u64,
        time: u64,
        link: &[u8],
    ) -> io::Result<()> {
        self.entries_left = self.entries_left.checked_sub(1).ok_or_else(too_large)?;
        for (kind, text) in [(b'K', link), (b'L', name)] {
            if text.len() > MAX_NAME {
                let length = text.len() as u64 + 1;
                self.block(b"././@LongLink", kind, 0, length, 0, &[])?;
                self.write(text)?;
                self.write(&[0])?;
                self.pad(length)?;
            }
        }
        self.block(name, kind, mode, length, time, link)
    }

    fn block(
        &mut self,
        name: &[u8],
        kind: u8,
        mode: u32,
        length: u64,
        time: u64,
        link: &[u8],
    ) -> io::Result<()> {
        let mut block = [0; BLOCK];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &name[..name.len().min(MAX_NAME)]);
        put(100, format!("{mode:07o}").as_bytes());
        put(108, b"0000000");
        put(116, b"0000000");
        // Eleven digits, which reach to 8 GiB: more than any limit of bytes should let through.
        if length >= 1 << 33 {
            return Err(too_large());
        }
        put(124, format!("{length:011o}").as_bytes());
        put(136, format!("{:011o}", time.min((1 << 33) - 1)).as_bytes());
        // The sum is taken with spaces in its own place.
        put(148, b"        ");
        put(156, &[kind]);
        put(157, &link[..link.len().min(MAX_NAME)]);
        put(257, b"ustar  \0");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        self.write(&block)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes_left = self.bytes_left.checked_sub(bytes.len() as u64).ok_or_else(too_large)?;
        self.file.write_all(bytes)
    }

    fn pad(&mut self, length: u64) -> io::Result<()> {
        let over = usize::try_from(length % BLOCK as u64).unwrap_or_default();
        self.write(&[0; BLOCK][..(BLOCK - over) % BLOCK])
    }
}

/// An absolute path as archives have it.
fn name_of(path: &Path) -> &[u8] {
    let bytes = path.as_os_str().as_bytes();
    bytes.strip_prefix(b"/").unwrap_or(bytes)
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, "it is more than may be sent")
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
