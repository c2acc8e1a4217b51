//! A disk in memory that forgets, at a power failure, what was not synced.
//!
//! It forgets more than most file systems do: of the names that were made, moved and removed since a folder
//! was synced any part may be gone, in any combination that their order allows, and what was written to a
//! file that was not synced may be there in full, in half or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;

use aether_core::base::RelPath;
use rustix::io::Errno;

use super::case::Dice;
use crate::patch::disk::{Disk, Kind, Like, Lock, Stat};

#[derive(Clone, Debug, Default)]
struct Names {
    files: BTreeMap<RelPath, u64>,
    /// Folders other than the root, and their permissions.
    folders: BTreeMap<RelPath, u32>,
}

#[derive(Clone, Debug)]
struct Inode {
    bytes: Vec<u8>,
    is_synced: bool,
    mode: u32,
}

/// A change of names, as one step of the file system.
#[derive(Clone, Debug)]
enum Change {
    Add(RelPath, u64),
    Remove(RelPath),
    Rename(RelPath, RelPath),
    Exchange(RelPath, RelPath),
    MakeFolder(RelPath, u32),
    RemoveFolder(RelPath),
}

impl Change {
    fn paths(&self) -> Vec<&RelPath> {
        match self {
            Self::Add(path, _)
            | Self::Remove(path)
            | Self::MakeFolder(path, _)
            | Self::RemoveFolder(path) => {
                vec![path]
            }
            Self::Rename(a, b) | Self::Exchange(a, b) => vec![a, b],
        }
    }

    fn is_in(&self, folder: &RelPath) -> bool {
        self.paths().iter().any(|path| path.parent() == *folder)
    }

    /// Whether it cannot have happened before `earlier` did.
    fn follows(&self, earlier: &Self) -> bool {
        self.paths().iter().any(|path| {
            earlier.paths().iter().any(|other| path.starts_with(other) || other.starts_with(path))
        })
    }
}

impl Names {
    fn has(&self, path: &RelPath) -> bool {
        *path == RelPath::root() || self.files.contains_key(path) || self.folders.contains_key(path)
    }

    fn check_parent(&self, path: &RelPath) -> io::Result<()> {
        let parent = path.parent();
        if parent == RelPath::root() || self.folders.contains_key(&parent) {
            return Ok(());
        }
        Err(if self.files.contains_key(&parent) { Errno::NOTDIR } else { Errno::NOENT }.into())
    }

    fn make(&mut self, change: &Change) -> io::Result<()> {
        for path in change.paths() {
            self.check_parent(path)?;
        }
        match change {
            Change::Add(path, inode) => {
                if self.has(path) {
                    return Err(Errno::EXIST.into());
                }
                self.files.insert(path.clone(), *inode);
            }
            Change::Remove(path) => {
                self.files.remove(path).ok_or(Errno::NOENT)?;
            }
            Change::Rename(from, to) => {
                let inode = self.files.remove(from).ok_or(Errno::NOENT)?;
                self.files.insert(to.clone(), inode);
            }
            Change::Exchange(a, b) => {
                let (Some(&x), Some(&y)) = (self.files.get(a), self.files.get(b)) else {
                    return Err(Errno::NOENT.into());
                };
                self.files.insert(a.clone(), y);
                self.files.insert(b.clone(), x);
            }
            Change::MakeFolder(path, mode) => {
                if self.has(path) {
                    return Err(Errno::EXIST.into());
                }
                self.folders.insert(path.clone(), *mode);
            }
            Change::RemoveFolder(path) => {
                let is_child = |other: &RelPath| other.parent() == *path;
                if self.files.keys().any(is_child) || self.folders.keys().any(is_child) {
                    return Err(Errno::NOTEMPTY.into());
                }
                self.folders.remove(path).ok_or(Errno::NOENT)?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Debug, Default)]
struct Model {
    live: Names,
    durable: Names,
    pending: Vec<Change>,
    inodes: BTreeMap<u64, Inode>,
    last_inode: u64,
}

/// A disk in memory.
#[derive(Debug)]
pub(super) struct ModelDisk {
    model: Mutex<Model>,
    /// Whether syncing does anything; a disk that lies shows that the test can fail.
    is_honest: bool,
}

impl ModelDisk {
    pub(super) fn new(is_honest: bool) -> Self {
        Self { model: Mutex::default(), is_honest }
    }

    /// Makes all that is there durable.
    pub(super) fn settle(&self) {
        let mut model = self.model.lock().expect("no panic holds it");
        model.durable = model.live.clone();
        model.pending.clear();
        model.inodes.values_mut().for_each(|inode| inode.is_synced = true);
    }

    /// The disk as it may be found after the power failed now.
    pub(super) fn after_power_failure(&self, dice: &mut Dice) -> Self {
        let mut model = self.model.lock().expect("no panic holds it").clone();
        let mut names = model.durable.clone();
        let mut forgotten: Vec<Change> = Vec::new();
        // The share of what is kept differs, so that almost all and almost nothing happen as well.
        let kept = dice.below(11);
        for change in std::mem::take(&mut model.pending) {
            let is_possible = !forgotten.iter().any(|earlier| change.follows(earlier));
            if !(is_possible && dice.below(10) < kept && names.make(&change).is_ok()) {
                forgotten.push(change);
            }
        }
        for inode in model.inodes.values_mut().filter(|inode| !inode.is_synced) {
            match dice.below(4) {
                0 => inode.bytes.clear(),
                1 => inode.bytes.truncate(inode.bytes.len() / 2),
                2 => inode.bytes.fill(0),
                _ => {}
            }
        }
        let inodes = model.inodes;
        let after = Model { live: names, inodes, last_inode: model.last_inode, ..Model::default() };
        let disk = Self { model: Mutex::new(after), is_honest: true };
        disk.settle();
        disk
    }

    fn change(&self, change: Change) -> io::Result<()> {
        let mut model = self.model.lock().expect("no panic holds it");
        model.live.make(&change)?;
        model.pending.push(change);
        Ok(())
    }
}

impl Disk for ModelDisk {
    fn stat(&self, path: &RelPath) -> io::Result<Option<Stat>> {
        let model = self.model.lock().expect("no panic holds it");
        let (kind, bytes, mode, inode) = if let Some(id) = model.live.files.get(path) {
            let inode = &model.inodes[id];
            (Kind::File, inode.bytes.len() as u64, inode.mode, *id)
        } else if let Some(mode) = model.live.folders.get(path) {
            (Kind::Folder, 0, *mode, 0)
        } else {
            return Ok(None);
        };
        let names = model.live.files.values().filter(|id| **id == inode).count() as u64;
        Ok(Some(Stat { kind, bytes, mode, names, owner: 0, group: 0, inode }))
    }

    fn read(&self, path: &RelPath, max_bytes: u64) -> io::Result<Vec<u8>> {
        let model = self.model.lock().expect("no panic holds it");
        let id = model.live.files.get(path).ok_or(Errno::NOENT)?;
        let bytes = model.inodes[id].bytes.clone();
        if bytes.len() as u64 > max_bytes {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    fn list(&self, folder: &RelPath) -> io::Result<Vec<Vec<u8>>> {
        let model = self.model.lock().expect("no panic holds it");
        if *folder != RelPath::root() && !model.live.folders.contains_key(folder) {
            return Err(Errno::NOENT.into());
        }
        let all = model.live.files.keys().chain(model.live.folders.keys());
        let names = all.filter(|path| path.parent() == *folder).filter_map(|path| path.file_name());
        Ok(names.map(|name| name.as_bytes().to_vec()).collect())
    }

    fn write_new(&self, path: &RelPath, bytes: &[u8], like: Like) -> io::Result<()> {
        let mode = match like {
            Like::Private => 0o600,
            Like::New { executable } => {
                if executable {
                    0o755
                } else {
                    0o644
                }
            }
            Like::Old { mode, .. } | Like::Folder { mode } => mode,
        };
        let inode = {
            let mut model = self.model.lock().expect("no panic holds it");
            model.last_inode += 1;
            let id = model.last_inode;
            model.inodes.insert(id, Inode { bytes: bytes.to_vec(), is_synced: false, mode });
            id
        };
        self.change(Change::Add(path.clone(), inode))
    }

    fn make_folder(&self, path: &RelPath, like: Like) -> io::Result<()> {
        let mode = match like {
            Like::Private => 0o700,
            Like::Folder { mode } => mode,
            Like::New { .. } | Like::Old { .. } => 0o755,
        };
        self.change(Change::MakeFolder(path.clone(), mode))
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        self.change(Change::Rename(from.clone(), to.clone()))
    }

    fn move_new(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        if self.model.lock().expect("no panic holds it").live.has(to) {
            return Err(Errno::EXIST.into());
        }
        self.change(Change::Rename(from.clone(), to.clone()))
    }

    fn exchange(&self, a: &RelPath, b: &RelPath) -> io::Result<()> {
        self.change(Change::Exchange(a.clone(), b.clone()))
    }

    fn link(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        let inode =
            *self.model.lock().expect("no panic holds it").live.files.get(from).ok_or(Errno::NOENT)?;
        self.change(Change::Add(to.clone(), inode))
    }

    fn remove_file(&self, path: &RelPath) -> io::Result<()> {
        self.change(Change::Remove(path.clone()))
    }

    fn remove_folder(&self, path: &RelPath) -> io::Result<()> {
        self.change(Change::RemoveFolder(path.clone()))
    }

    fn sync_file(&self, path: &RelPath) -> io::Result<()> {
        let mut model = self.model.lock().expect("no panic holds it");
        let id = *model.live.files.get(path).ok_or(Errno::NOENT)?;
        if self.is_honest {
            model.inodes.get_mut(&id).expect("names lead to inodes").is_synced = true;
        }
        Ok(())
    }

    fn sync_folder(&self, path: &RelPath) -> io::Result<()> {
        let mut model = self.model.lock().expect("no panic holds it");
        if *path != RelPath::root() && !model.live.folders.contains_key(path) {
            return Err(Errno::NOENT.into());
        }
        if !self.is_honest {
            return Ok(());
        }
        let pending = std::mem::take(&mut model.pending);
        // What is made durable, and what it cannot be without.
        let mut wanted: BTreeSet<usize> = BTreeSet::new();
        for (index, change) in pending.iter().enumerate().rev() {
            if change.is_in(path) || wanted.iter().any(|&later| pending[later].follows(change)) {
                wanted.insert(index);
            }
        }
        for (index, change) in pending.into_iter().enumerate() {
            if wanted.contains(&index) {
                model.durable.make(&change).expect("what happened can happen again in its order");
            } else {
                model.pending.push(change);
            }
        }
        Ok(())
    }

    fn lock(&self, path: &RelPath) -> io::Result<Lock> {
        if self.stat(path)?.is_none() {
            self.write_new(path, b"", Like::Private)?;
        }
        Ok(Lock::none())
    }
}
