//! Whose containers and jobs are whose: a locked file for each process, which the system unlocks when the process ends,
//! however it does.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/run"))]

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aether_core::base::{ErrorCode, Sha256Hash};
use aether_core::port::RunError;
use tempfile::NamedTempFile;

/// The label that says in which state folder the owner of a container has its file.
pub(super) const STATE_LABEL: &str = "aether.run.state";
/// The label that says which file there is that of the owner.
pub(super) const OWNER_LABEL: &str = "aether.run.owner";
/// Start of the names of those files, and of what is theirs.
pub(super) const PREFIX: &str = "aether-run-";

/// The owner that clones of a runner have in common. It is made when it is first needed.
#[derive(Debug)]
pub(super) struct Ownership {
    state_folder: PathBuf,
    owner: Mutex<Option<Arc<Owner>>>,
    has_cleaned_up: AtomicBool,
    next_number: AtomicU64,
}

impl Ownership {
    pub(super) fn new(state_folder: PathBuf) -> Self {
        Self {
            state_folder,
            owner: Mutex::default(),
            has_cleaned_up: AtomicBool::default(),
            next_number: AtomicU64::default(),
        }
    }

    pub(super) fn owner(&self) -> Result<Arc<Owner>, RunError> {
        let mut owner = self.owner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(owner) = &*owner {
            return Ok(Arc::clone(owner));
        }
        let made = Owner::new(&self.state_folder).map_err(|error| {
            let message = format!("could not use the state folder {}: {error}", self.state_folder.display());
            RunError::new(ErrorCode::RUN_IO, message)
        })?;
        Ok(Arc::clone(owner.insert(Arc::new(made))))
    }

    /// A number that nothing else of this owner has.
    pub(super) fn next_number(&self) -> u64 {
        self.next_number.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether what others left behind has been removed once.
    pub(super) fn has_cleaned_up(&self) -> bool {
        self.has_cleaned_up.load(Ordering::Relaxed)
    }

    pub(super) fn cleaned_up(&self) {
        self.has_cleaned_up.store(true, Ordering::Relaxed);
    }
}

/// This process, as the owner of containers.
#[derive(Debug)]
pub(super) struct Owner {
    folder: PathBuf,
    /// Hash of the path of the folder, which may have characters that no label should.
    state: String,
    name: String,
    /// Locked for as long as it is open; removed when it is dropped.
    file: NamedTempFile,
    user: u32,
}

impl Owner {
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let folder = std::fs::canonicalize(folder)?;
        let file = tempfile::Builder::new().prefix(PREFIX).rand_bytes(12).tempfile_in(&folder)?;
        // Nobody else knows of the file yet: no container has its name.
        file.as_file().lock()?;
        let user = file.as_file().metadata()?.uid();
        let name = file.path().file_name().and_then(|name| name.to_str()).unwrap_or(PREFIX).to_owned();
        let state = Sha256Hash::of(folder.as_os_str().as_bytes()).to_string();
        Ok(Self { folder, state, name, file, user })
    }

    /// The value of [`STATE_LABEL`].
    pub(super) fn state(&self) -> &str {
        &self.state
    }

    /// The value of [`OWNER_LABEL`].
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The user that this process is.
    pub(super) fn user(&self) -> u32 {
        self.user
    }

    pub(super) fn container_name(&self, number: u64) -> String {
        format!("{}-{number}", self.name)
    }

    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            (STATE_LABEL.to_owned(), self.state.clone()),
            (OWNER_LABEL.to_owned(), self.name.clone()),
        ])
    }

    /// Whether what has this name and this label of an owner was left behind by one that is no more.
    pub(super) fn left_behind(&self, name: &str, owner: Option<&str>) -> Option<LeftBehind> {
        let owner = owner?;
        let is_name = owner
            .strip_prefix(PREFIX)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        // An image can have labels, too, but it gives no container its name.
        let is_of_owner = name.strip_prefix(owner).is_some_and(|rest| rest.starts_with('-'));
        if !is_name || !is_of_owner || owner == self.name {
            return None;
        }
        let path = self.folder.join(owner);
        match File::open(&path) {
            Ok(file) => match file.try_lock() {
                Ok(()) => Some(LeftBehind { of: Some((file, path)) }),
                Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Some(LeftBehind { of: None }),
            Err(_) => None,
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Unlocked only when it has no name any more, so that no lock of it can be taken by that name.
        let _ = std::fs::remove_file(self.file.path());
    }
}

/// Something that nobody owns any more, and the lock of who did.
#[derive(Debug)]
pub(super) struct LeftBehind {
    of: Option<(File, PathBuf)>,
}

impl Drop for LeftBehind {
    fn drop(&mut self) {
        if let Some((_, path)) = &self.of {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_left_behind_when_its_owner_is_no_more() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = Owner::new(folder.path()).expect("an owner");
        let other = Owner::new(folder.path()).expect("another owner");
        let (of_other, name) = (other.container_name(3), other.name.clone());
        assert!(own.left_behind(&of_other, Some(&name)).is_none(), "its owner is there");
        assert!(own.left_behind(&own.container_name(0), Some(&own.name)).is_none(), "it is its own");
        drop(other);
        assert!(own.left_behind(&of_other, Some(&name)).is_some(), "its owner is gone, and its file with it");

        // As after the owner was killed: the file stays, and nobody has its lock.
        std::fs::write(folder.path().join("aether-run-killed"), "").expect("a file");
        let of_killed = own.left_behind("aether-run-killed-0", Some("aether-run-killed"));
        let left_behind = of_killed.expect("it is left behind");
        assert!(folder.path().join("aether-run-killed").exists());
        drop(left_behind);
        assert!(!folder.path().join("aether-run-killed").exists(), "the file goes with the container");
    }

    #[test]
    fn a_container_of_somebody_else_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = Owner::new(folder.path()).expect("an owner");
        for (name, owner) in [
            // Its image has our labels.
            ("database", "aether-run-gone"),
            ("aether-run-gone", "aether-run-gone"),
            ("aether-run-/../x-0", "aether-run-/../x"),
            ("aether-run--0", "aether-run-"),
            ("x-0", "x"),
        ] {
            assert!(own.left_behind(name, Some(owner)).is_none(), "{name} of {owner}");
        }
        assert!(own.left_behind("aether-run-gone-0", None).is_none(), "it has no label");
    }
}
