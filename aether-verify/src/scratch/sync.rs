//! Making a copy equal to its original.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/scratch"))]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{File, FileTimes, Metadata};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use aether_core::base::{Cancel, RelPath, Sha256Hash};
use aether_core::change::FileMode;

use super::manifest::{Entry, Manifest, Stamp};
use super::state::{Held, TreeState};
use super::{Cause, ScratchLimits, Synced, failed};

/// The folder of Aether in a tree.
pub(super) const OWN_FOLDER: &str = ".aether";
/// Folders that are not part of what is built, wherever they stand.
const LEFT_OUT: [&str; 6] = [OWN_FOLDER, ".git", ".jj", ".hg", ".svn", ".bzr"];
/// How a folder says that it can be made anew (the Cache Directory Tagging Specification).
const CACHE_TAG: &str = "CACHEDIR.TAG";
const CACHE_SIGNATURE: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55";

pub(super) fn join(folder: &Path, path: &RelPath) -> PathBuf {
    folder.join(OsStr::from_bytes(&path.to_bytes()))
}

struct Sync<'a> {
    tree: &'a Path,
    copy: &'a Path,
    manifest: &'a mut Manifest,
    limits: ScratchLimits,
    cancel: &'a Cancel,
    synced: Synced,
    state: TreeState,
    entries: u64,
    bytes: u64,
}

pub(super) fn sync(
    tree: &Path,
    copy: &Path,
    manifest: &mut Manifest,
    limits: ScratchLimits,
    cancel: &Cancel,
) -> Result<(Synced, TreeState), Cause> {
    let (synced, state) = (Synced::default(), TreeState::default());
    let mut sync = Sync { tree, copy, manifest, limits, cancel, synced, state, entries: 0, bytes: 0 };
    sync.folder(&RelPath::root())?;
    Ok((sync.synced, sync.state))
}

impl Sync<'_> {
    fn folder(&mut self, folder: &RelPath) -> Result<(), Cause> {
        self.cancel.check().map_err(|_| Cause::Cancelled)?;
        let original = join(self.tree, folder);
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(&original).map_err(failed(&original))? {
            let entry = entry.map_err(failed(&original))?;
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| LEFT_OUT.contains(&name)) {
                continue;
            }
            names.insert(name.into_vec());
        }
        self.remove_others(folder, &names)?;
        for name in names {
            self.entries += 1;
            if self.entries > self.limits.max_entries {
                return Err(Cause::TooLarge { what: "files and folders", limit: self.limits.max_entries });
            }
            let mut bytes = folder.to_bytes();
            if !bytes.is_empty() {
                bytes.push(b'/');
            }
            bytes.extend_from_slice(&name);
            let path = RelPath::from_bytes(&bytes)
                .map_err(|_| failed(&original)(std::io::Error::from(std::io::ErrorKind::InvalidFilename)))?;
            self.entry(&path)?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &RelPath) -> Result<(), Cause> {
        let (original, copy) = (join(self.tree, path), join(self.copy, path));
        // Who works in the tree may remove a file at any moment.
        let metadata = match std::fs::symlink_metadata(&original) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return self.remove(path, &copy),
            result => result.map_err(failed(&original))?,
        };
        let present = std::fs::symlink_metadata(&copy).ok();
        if metadata.is_dir() {
            if is_cache(&original) {
                return self.remove(path, &copy);
            }
            if !present.as_ref().is_some_and(Metadata::is_dir) {
                self.remove(path, &copy)?;
                std::fs::create_dir(&copy).map_err(failed(&copy))?;
            }
            self.folder(path)?;
            // Last, so that a folder in which nothing may be written can be filled.
            let mode = metadata.mode() & 0o777 | 0o700;
            if std::fs::symlink_metadata(&copy).map_err(failed(&copy))?.mode() & 0o777 != mode {
                std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(mode))
                    .map_err(failed(&copy))?;
            }
            return Ok(());
        }
        if metadata.is_symlink() {
            let target = std::fs::read_link(&original).map_err(failed(&original))?;
            if std::fs::read_link(&copy).ok().as_ref() != Some(&target) {
                self.remove(path, &copy)?;
                std::os::unix::fs::symlink(&target, &copy).map_err(failed(&copy))?;
                self.synced.written += 1;
            }
            let hash = Sha256Hash::of(target.as_os_str().as_bytes());
            self.state.set(path.clone(), Held::Link(hash));
            return Ok(());
        }
        if !metadata.is_file() {
            // A pipe or a socket is no part of what is built.
            return self.remove(path, &copy);
        }
        self.file(path, &metadata, present.as_ref().filter(|present| present.is_file()))
    }

    fn file(&mut self, path: &RelPath, metadata: &Metadata, present: Option<&Metadata>) -> Result<(), Cause> {
        let (original, copy) = (join(self.tree, path), join(self.copy, path));
        self.bytes = self.bytes.saturating_add(metadata.len());
        if self.bytes > self.limits.max_total_bytes {
            return Err(Cause::TooLarge { what: "bytes", limit: self.limits.max_total_bytes });
        }
        let mode = if metadata.mode() & 0o100 == 0 { FileMode::Regular } else { FileMode::Executable };
        let known = self.manifest.get(path).copied();
        if let (Some(known), Some(present)) = (known, present)
            && known.original == stamp(metadata)
            && known.copy == stamp(present)
        {
            self.state.set(path.clone(), Held::File(mode, known.hash));
            return Ok(());
        }
        let mut file = File::open(&original).map_err(failed(&original))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed(&original))?;
        self.synced.compared += 1;
        let hash = Sha256Hash::of(&bytes);
        let is_same = match present {
            Some(present) if (present.mode() ^ metadata.mode()) & 0o100 == 0 => {
                let is_known = known.is_some_and(|known| known.copy == stamp(present) && known.hash == hash);
                is_known || std::fs::read(&copy).is_ok_and(|held| held == bytes)
            }
            _ => false,
        };
        if !is_same {
            // Only what was never there before can be older than what was built of it.
            let is_new = present.is_none() && known.is_none();
            let time = is_new.then(|| metadata.modified()).transpose().map_err(failed(&original))?;
            if present.is_none() {
                self.remove(path, &copy)?;
            }
            write(self.copy, path, &Content { bytes: &bytes, original: Some(&file) }, mode, time)?;
            self.synced.written += 1;
        }
        let written = std::fs::symlink_metadata(&copy).map_err(failed(&copy))?;
        self.state.set(path.clone(), Held::File(mode, hash));
        self.manifest.set(path.clone(), Entry { hash, original: stamp(metadata), copy: stamp(&written) });
        Ok(())
    }

    /// Removes from the copy what the tree does not have.
    fn remove_others(&mut self, folder: &RelPath, names: &BTreeSet<Vec<u8>>) -> Result<(), Cause> {
        let copy = join(self.copy, folder);
        for entry in std::fs::read_dir(&copy).map_err(failed(&copy))? {
            let entry = entry.map_err(failed(&copy))?;
            if names.contains(entry.file_name().as_bytes()) {
                continue;
            }
            let mut bytes = folder.to_bytes();
            if !bytes.is_empty() {
                bytes.push(b'/');
            }
            bytes.extend_from_slice(entry.file_name().as_bytes());
            match RelPath::from_bytes(&bytes) {
                Ok(path) => self.remove(&path, &entry.path())?,
                Err(_) => std::fs::remove_file(entry.path()).map_err(failed(&entry.path()))?,
            }
        }
        Ok(())
    }

    fn remove(&mut self, path: &RelPath, copy: &Path) -> Result<(), Cause> {
        let Ok(metadata) = std::fs::symlink_metadata(copy) else { return Ok(()) };
        let removed =
            if metadata.is_dir() { std::fs::remove_dir_all(copy) } else { std::fs::remove_file(copy) };
        removed.map_err(failed(copy))?;
        self.manifest.forget(path);
        self.synced.removed += 1;
        Ok(())
    }
}

/// What a file of the copy is to hold.
pub(super) struct Content<'a> {
    pub(super) bytes: &'a [u8],
    /// A file that held just that.
    pub(super) original: Option<&'a File>,
}

/// Writes a file of the copy, aside first: a process that is killed leaves the old one or the new one.
pub(super) fn write(
    copy: &Path,
    path: &RelPath,
    content: &Content<'_>,
    mode: FileMode,
    modified: Option<std::time::SystemTime>,
) -> Result<(), Cause> {
    let at = join(copy, path);
    if let Some(folder) = at.parent() {
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    let aside = copy.with_file_name("aside");
    let mode = if mode == FileMode::Executable { 0o755 } else { 0o644 };
    let written = (|| {
        let _ = std::fs::remove_file(&aside);
        let mut file = File::options().read(true).write(true).create_new(true).mode(mode).open(&aside)?;
        if !share(&mut file, content)? {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(content.bytes)?;
        }
        if let Some(modified) = modified {
            file.set_times(FileTimes::new().set_modified(modified))?;
        }
        std::fs::rename(&aside, &at)
    })();
    written.map_err(failed(&at))
}

/// Files from so many bytes on share their blocks with the original: smaller ones have none to share.
const SHARED_FROM: usize = 4096;

/// Lets an empty file share the blocks of the original until one of the two is written, where the file system can do
/// that (Btrfs, XFS). It is `true` where the file then holds what it should: the original may have changed meanwhile.
#[cfg(target_os = "linux")]
fn share(file: &mut File, content: &Content<'_>) -> std::io::Result<bool> {
    let Some(original) = content.original.filter(|_| content.bytes.len() >= SHARED_FROM) else {
        return Ok(false);
    };
    if rustix::fs::ioctl_ficlone(&*file, original).is_err() {
        return Ok(false);
    }
    let (mut rest, mut chunk) = (content.bytes, vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut chunk)?;
        match rest.split_at_checked(count) {
            _ if count == 0 => return Ok(rest.is_empty()),
            Some((expected, behind)) if expected == &chunk[..count] => rest = behind,
            _ => return Ok(false),
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn share(_: &mut File, _: &Content<'_>) -> std::io::Result<bool> {
    Ok(false)
}

fn is_cache(folder: &Path) -> bool {
    let tag = folder.join(CACHE_TAG);
    let is_file =
        std::fs::symlink_metadata(&tag).is_ok_and(|metadata| metadata.is_file() && metadata.len() < 65_536);
    is_file && std::fs::read(&tag).is_ok_and(|bytes| bytes.starts_with(CACHE_SIGNATURE))
}

fn stamp(metadata: &Metadata) -> Stamp {
    let nanoseconds = |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
    Stamp {
        bytes: metadata.len(),
        modified_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        changed_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        inode: metadata.ino(),
        mode: metadata.mode(),
    }
}
