//! What applying a patch asks of the file system, one call for each step that can fail or be the last.

mod tree;

use std::fmt::Debug;
use std::io;

use aether_core::base::RelPath;

pub(crate) use tree::TreeDisk;

/// Keeps others from applying patches while it lives.
#[derive(Debug)]
pub(crate) struct Lock(
    #[expect(dead_code, reason = "closing the file gives the lock back")] Option<std::fs::File>,
);

/// What stands at a path. A link stands for itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Stat {
    pub(crate) kind: Kind,
    /// Length in bytes.
    pub(crate) bytes: u64,
    /// The twelve bits of permissions.
    pub(crate) mode: u32,
    /// How many names it has.
    pub(crate) names: u64,
    pub(crate) owner: u32,
    pub(crate) group: u32,
    /// Tells it from all other files of its file system.
    pub(crate) inode: u64,
}

/// What kind of thing stands at a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    File,
    Folder,
    Symlink,
    /// A device, a pipe, a socket.
    Other,
}

/// What a new file is like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Like {
    /// Nobody else's business.
    Private,
    /// A file as any program makes it, maybe a program itself.
    New { executable: bool },
    /// A file that takes the place of another one: its permissions, its owner.
    Old { mode: u32, owner: u32, group: u32 },
    /// A folder that was there before, with its permissions.
    Folder { mode: u32 },
}

#[cfg(test)]
impl Lock {
    /// The lock of a disk that nobody shares.
    pub(crate) fn none() -> Self {
        Self(None)
    }
}

/// A file system below one folder. Paths are relative to it, and none is followed through a link or onto
/// another file system.
///
/// Calls that change something are durable only once the file, or the folder that holds the name, is
/// synced. Tests put one in between that fails, stops or forgets.
pub(crate) trait Disk: Debug + Send + Sync {
    /// What stands at `path`, or `None`.
    fn stat(&self, path: &RelPath) -> io::Result<Option<Stat>>;

    /// The bytes of a file of at most `max_bytes`.
    fn read(&self, path: &RelPath, max_bytes: u64) -> io::Result<Vec<u8>>;

    /// The names in a folder, in no order.
    fn list(&self, folder: &RelPath) -> io::Result<Vec<Vec<u8>>>;

    /// Makes a file where nothing stands.
    fn write_new(&self, path: &RelPath, bytes: &[u8], like: Like) -> io::Result<()>;

    /// Makes a folder where nothing stands.
    fn make_folder(&self, path: &RelPath, like: Like) -> io::Result<()>;

    /// Gives a file another name; what stood there is gone.
    fn rename(&self, from: &RelPath, to: &RelPath) -> io::Result<()>;

    /// Gives a file another name; fails with `AlreadyExists` where something stands, and with
    /// `Unsupported` where the file system cannot do that in one step.
    fn move_new(&self, from: &RelPath, to: &RelPath) -> io::Result<()>;

    /// Lets two files change places; fails with `Unsupported` where the file system cannot do that in one
    /// step.
    fn exchange(&self, a: &RelPath, b: &RelPath) -> io::Result<()>;

    /// Gives a file a second name where nothing stands.
    fn link(&self, from: &RelPath, to: &RelPath) -> io::Result<()>;

    fn remove_file(&self, path: &RelPath) -> io::Result<()>;

    /// Removes an empty folder.
    fn remove_folder(&self, path: &RelPath) -> io::Result<()>;

    /// Makes the bytes and the permissions of a file durable.
    fn sync_file(&self, path: &RelPath) -> io::Result<()>;

    /// Makes the names in a folder durable.
    fn sync_folder(&self, path: &RelPath) -> io::Result<()>;

    /// Waits until nobody else holds the file at `path` locked, and locks it; makes it where it is missing.
    fn lock(&self, path: &RelPath) -> io::Result<Lock>;
}
