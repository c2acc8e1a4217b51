//! A copy of a working tree in which changes are tried, so that trying one costs an incremental build.
//!
//! The copy stays where it is from one candidate to the next, with a target folder of its own: paths and
//! artefacts stay valid, and the tree and its target folder are never touched. Files are copied, never
//! linked, because a build may write into any of them.
//!
//! Cargo decides by times whether a file changed since it was built. A file that is written for the first
//! time keeps the time that it has in the tree. Whatever is written over later gets the time of the writing,
//! also when it goes back to what it was: with its old time the artefacts of the candidate before would be
//! taken for its own.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/scratch"))]

mod manifest;
mod state;
mod sync;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use aether_core::base::{Cancel, RelPath, Sha256Hash};
use aether_core::change::Patch;

use crate::patch::{ApplyError, BaseFiles as _, PatchOptions, WorkTree};
use manifest::Manifest;
use state::{Held, TreeState};

/// A working copy of a tree for trying changes; one worker at a time has it.
///
/// # Examples
///
/// ```
/// use aether_core::base::{Cancel, RelPath, Sha256Hash};
/// use aether_verify::{Scratch, ScratchLimits};
///
/// let tree = tempfile::tempdir()?;
/// std::fs::write(tree.path().join("lib.rs"), "pub fn one() {}\n")?;
/// let home = tempfile::tempdir()?;
/// let mut scratch = Scratch::open(tree.path(), home.path(), ScratchLimits::default())?;
/// let synced = scratch.sync(&Cancel::new())?;
/// assert_eq!((synced.written, synced.removed), (1, 0));
/// assert_eq!(std::fs::read(scratch.folder().join("lib.rs"))?, b"pub fn one() {}\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Scratch {
    tree: PathBuf,
    home: PathBuf,
    limits: ScratchLimits,
    manifest: Manifest,
    /// What the copy held when it was last made to.
    state: TreeState,
    /// Closing it gives the copy free.
    _lock: File,
}

/// How large a tree may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ScratchLimits {
    /// Most files and folders. Default 500,000.
    pub max_entries: u64,
    /// Most bytes of all files together. Default 16 GiB.
    pub max_total_bytes: u64,
}

impl Default for ScratchLimits {
    fn default() -> Self {
        Self { max_entries: 500_000, max_total_bytes: 16 * 1024 * 1024 * 1024 }
    }
}

/// What it took to make the copy equal to the tree.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Synced {
    /// Files that were written.
    pub written: u64,
    /// Files, folders and links that were removed.
    pub removed: u64,
    /// Files whose bytes were read because their stamps did not say that they are unchanged.
    pub compared: u64,
}

/// A scratch copy could not be made or brought up to date.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ScratchError(#[from] Cause);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ScratchErrorKind {
    /// Another worker has this copy.
    InUse,
    /// The copy would lie in the tree that it is a copy of, where it would be copied as well, or around it.
    BadPlace,
    /// The tree is above a limit.
    TooLarge,
    /// The patch does not fit the tree.
    BadPatch,
    /// There is no space left for the copy.
    DiskFull,
    /// A file could not be read or written.
    Io,
    /// It was cancelled. The copy is brought up to date the next time.
    Cancelled,
}

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error("another worker has the scratch copy in {}", .0.display())]
    InUse(PathBuf),
    #[error("scratch copy in {} and the tree lie in each other's way", .0.display())]
    BadPlace(PathBuf),
    #[error("tree has more than {limit} {what}")]
    TooLarge { what: &'static str, limit: u64 },
    #[error("patch does not fit the scratch copy")]
    BadPatch(#[source] Box<ApplyError>),
    #[error("could not use {}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("cancelled")]
    Cancelled,
}

impl ScratchError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> ScratchErrorKind {
        match &self.0 {
            Cause::InUse(_) => ScratchErrorKind::InUse,
            Cause::BadPlace(_) => ScratchErrorKind::BadPlace,
            Cause::TooLarge { .. } => ScratchErrorKind::TooLarge,
            Cause::BadPatch(_) => ScratchErrorKind::BadPatch,
            Cause::Io { source, .. }
                if matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) =>
            {
                ScratchErrorKind::DiskFull
            }
            Cause::Io { .. } => ScratchErrorKind::Io,
            Cause::Cancelled => ScratchErrorKind::Cancelled,
        }
    }
}

/// An error of a call on `path`.
fn failed(path: &Path) -> impl FnOnce(io::Error) -> Cause + '_ {
    move |source| Cause::Io { path: path.to_owned(), source }
}

impl Scratch {
    /// The copy of `tree` in `home`, a folder that nothing else uses; it is made where it is missing. Files are
    /// copied by [`Scratch::sync`].
    ///
    /// `home` may lie in the folder `.aether` of the tree, which is not copied, or outside of the tree.
    ///
    /// # Errors
    ///
    /// [`ScratchErrorKind::InUse`], [`ScratchErrorKind::BadPlace`], [`ScratchErrorKind::Io`].
    pub fn open(tree: &Path, home: &Path, limits: ScratchLimits) -> Result<Self, ScratchError> {
        std::fs::create_dir_all(home).map_err(failed(home))?;
        let tree = tree.canonicalize().map_err(failed(tree))?;
        let home = home.canonicalize().map_err(failed(home))?;
        let is_inside = home.starts_with(&tree) && !home.starts_with(tree.join(sync::OWN_FOLDER));
        if is_inside || tree.starts_with(&home) {
            return Err(Cause::BadPlace(home).into());
        }
        let lock_path = home.join("lock");
        let lock = File::create(&lock_path).map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(Cause::InUse(home).into()),
            Err(std::fs::TryLockError::Error(error)) => return Err(failed(&lock_path)(error).into()),
        }
        for folder in ["tree", "target"] {
            let folder = home.join(folder);
            std::fs::create_dir_all(&folder).map_err(failed(&folder))?;
        }
        let manifest = Manifest::read(&home.join(manifest::FILE));
        Ok(Self { tree, home, limits, manifest, state: TreeState::default(), _lock: lock })
    }

    /// Where the files are; the folder to run commands in.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        self.home.join("tree")
    }

    /// The target folder for cargo (`CARGO_TARGET_DIR`).
    #[must_use]
    pub fn target(&self) -> PathBuf {
        self.home.join("target")
    }

    /// A file beside the copy, where no command can write.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    /// Makes the copy equal to the tree: what a candidate or a build changed in it is undone, what changed in
    /// the tree is copied.
    ///
    /// Not copied are `.git` and other folders of version control, `.aether`, and folders that say by a file
    /// `CACHEDIR.TAG` that they can be made anew, such as `target`.
    ///
    /// # Errors
    ///
    /// [`ScratchErrorKind::TooLarge`], [`ScratchErrorKind::DiskFull`], [`ScratchErrorKind::Io`],
    /// [`ScratchErrorKind::Cancelled`]. The next call goes on where this one ended.
    pub fn sync(&mut self, cancel: &Cancel) -> Result<Synced, ScratchError> {
        let synced = sync::sync(&self.tree, &self.folder(), &mut self.manifest, self.limits, cancel);
        // What was written so far is known the next time, also after an error.
        self.manifest.write(&self.home.join(manifest::FILE)).map_err(failed(&self.home))?;
        let (synced, state) = synced?;
        self.state = state;
        Ok(synced)
    }

    /// A hash that names the files of the copy as [`Scratch::sync`] and [`Scratch::try_patch`] left them:
    /// paths, contents, links, and which can be executed. Equal trees have equal hashes on every machine.
    #[must_use]
    pub fn tree_hash(&self) -> Sha256Hash {
        self.state.hash()
    }

    /// What a file of the copy holds; `None` where there is no plain file, or one above 64 MiB.
    pub(crate) fn read(&self, path: &RelPath) -> Result<Option<Vec<u8>>, ScratchError> {
        let copy = WorkTree::open(&self.folder()).map_err(|error| Cause::BadPatch(Box::new(error)))?;
        Ok(copy.base_file(path).ok().flatten().map(|file| file.bytes))
    }

    /// Makes the changes of `patch` in the copy, which was synced before. The next sync undoes them.
    ///
    /// # Errors
    ///
    /// [`ScratchErrorKind::BadPatch`] when it does not fit; nothing is changed then.
    /// [`ScratchErrorKind::DiskFull`], [`ScratchErrorKind::Io`].
    pub fn try_patch(&mut self, patch: &Patch) -> Result<(), ScratchError> {
        let folder = self.folder();
        let bad = |error: ApplyError| Cause::BadPatch(Box::new(error));
        // A build may have put a link where a folder was, so the copy is looked at as the tree would be. What
        // runs at build runs where it can do no harm.
        let copy = WorkTree::open(&folder).map_err(bad)?;
        copy.check(patch, &PatchOptions::default()).map_err(bad)?;
        let mut changes = Vec::new();
        for file in patch.files() {
            let old =
                file.before().map(|before| copy.base_file(&before.path)).transpose().map_err(bad)?.flatten();
            let old = old.as_ref().map(|old| &old.bytes[..]);
            changes.push((file, file.apply(old).map_err(|error| bad(error.into()))?));
        }
        for (file, new) in changes {
            if let Some(before) = file.before().filter(|_| new.is_none() || file.moved_from().is_some()) {
                let at = sync::join(&folder, &before.path);
                std::fs::remove_file(&at).map_err(failed(&at))?;
                self.manifest.forget(&before.path);
                self.state.remove(&before.path);
            }
            if let (Some(after), Some(new)) = (file.after(), new) {
                sync::write(
                    &folder,
                    &after.path,
                    &sync::Content { bytes: &new, original: None },
                    after.mode,
                    None,
                )?;
                self.manifest.forget(&after.path);
                self.state.set(after.path.clone(), Held::File(after.mode, Sha256Hash::of(&new)));
            }
        }
        // A crash in between must not leave a file that is taken for the one of the tree.
        self.manifest.write(&self.home.join(manifest::FILE)).map_err(failed(&self.home))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
