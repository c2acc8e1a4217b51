//! The real file system below one folder, by handles: no path is looked up twice from its beginning.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to edit"))]

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;

use aether_core::base::RelPath;
use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, RenameFlags, Uid};
use rustix::io::{Errno, retry_on_intr};

use super::{Disk, Kind, Like, Lock, Stat};

/// A folder that is held open, and everything below it.
#[derive(Debug)]
pub(crate) struct TreeDisk {
    root: OwnedFd,
    /// Whether the kernel follows paths by itself without leaving the folder.
    resolves: bool,
}

/// The folder that holds a name, and the name.
struct Place {
    folder: OwnedFd,
    name: Vec<u8>,
}

impl TreeDisk {
    /// Opens a folder. The way to it may lead through links; no way below it may.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = retry_on_intr(|| rustix::fs::open(root, flags, Mode::empty()))?;
        let resolves = resolves_below(&root);
        Ok(Self { root, resolves })
    }

    /// The same where the kernel does not follow paths by itself, as older ones do not.
    #[cfg(test)]
    pub(crate) fn open_step_by_step(root: &Path) -> io::Result<Self> {
        Ok(Self { resolves: false, ..Self::open(root)? })
    }

    fn folder(&self, path: &RelPath) -> io::Result<OwnedFd> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let bytes = path.to_bytes();
        if bytes.is_empty() {
            return Ok(retry_on_intr(|| rustix::fs::openat(&self.root, ".", flags, Mode::empty()))?);
        }
        if self.resolves {
            // The kernel refuses every link by itself, and unlike this flag it says that it was one.
            return open_below(&self.root, &bytes, flags.difference(OFlags::NOFOLLOW));
        }
        let device = rustix::fs::fstat(&self.root)?.st_dev;
        let mut folder: Option<OwnedFd> = None;
        for component in bytes.split(|&byte| byte == b'/') {
            let holder = folder.as_ref().map_or(self.root.as_fd(), |folder| folder.as_fd());
            let next = retry_on_intr(|| rustix::fs::openat(holder, component, flags, Mode::empty()))
                .map_err(|error| link_or(error, holder, component))?;
            if rustix::fs::fstat(&next)?.st_dev != device {
                return Err(Errno::XDEV.into());
            }
            folder = Some(next);
        }
        folder.ok_or_else(|| Errno::NOENT.into())
    }

    fn place(&self, path: &RelPath) -> io::Result<Place> {
        let name = match path.file_name() {
            // One component of a path is a path, so the bytes of the name are those of the name alone.
            Some(_) => path.to_bytes().rsplit(|&byte| byte == b'/').next().unwrap_or_default().to_vec(),
            None => return Err(Errno::ISDIR.into()),
        };
        Ok(Place { folder: self.folder(&path.parent())?, name })
    }

    /// A file, for reading, once it is sure that it is one: opening a pipe would wait for its other end.
    fn file(&self, path: &RelPath) -> io::Result<File> {
        let place = self.place(path)?;
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        let file =
            retry_on_intr(|| rustix::fs::openat(&place.folder, &place.name[..], flags, Mode::empty()))?;
        match kind_of(&rustix::fs::fstat(&file)?) {
            Kind::File => Ok(File::from(file)),
            Kind::Folder => Err(Errno::ISDIR.into()),
            Kind::Symlink => Err(Errno::LOOP.into()),
            Kind::Other => Err(Errno::INVAL.into()),
        }
    }
}

/// Opening something that is a link as a folder fails as if it were a file; a link is told apart.
fn link_or(error: Errno, folder: impl rustix::fd::AsFd, name: &[u8]) -> Errno {
    if error != Errno::NOTDIR {
        return error;
    }
    match rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) if kind_of(&stat) == Kind::Symlink => Errno::LOOP,
        _ => error,
    }
}

#[cfg(target_os = "linux")]
fn open_below(root: &OwnedFd, path: &[u8], flags: OFlags) -> io::Result<OwnedFd> {
    use rustix::fs::ResolveFlags;

    let resolve = ResolveFlags::BENEATH
        | ResolveFlags::NO_SYMLINKS
        | ResolveFlags::NO_MAGICLINKS
        | ResolveFlags::NO_XDEV;
    loop {
        match rustix::fs::openat2(root, path, flags, Mode::empty(), resolve) {
            // The kernel gives up where something was renamed meanwhile and asks to try again.
            Err(Errno::INTR | Errno::AGAIN) => {}
            result => return Ok(result?),
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn open_below(_root: &OwnedFd, _path: &[u8], _flags: OFlags) -> io::Result<OwnedFd> {
    Err(Errno::NOSYS.into())
}

/// Whether the kernel has the call, and whoever confines this process lets it through.
fn resolves_below(root: &OwnedFd) -> bool {
    open_below(root, b".", OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC).is_ok()
}

fn kind_of(stat: &rustix::fs::Stat) -> Kind {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Symlink,
        _ => Kind::Other,
    }
}

/// Whether the file system says that it cannot do what a flag of a rename asks for.
fn unsupported(error: Errno) -> io::Error {
    match error {
        Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
        error => error.into(),
    }
}

impl Disk for TreeDisk {
    fn stat(&self, path: &RelPath) -> io::Result<Option<Stat>> {
        let place = match self.place(path) {
            Ok(place) => place,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let stat = match rustix::fs::statat(&place.folder, &place.name[..], AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => stat,
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if stat.st_dev != rustix::fs::fstat(&self.root)?.st_dev {
            return Err(Errno::XDEV.into());
        }
        Ok(Some(Stat {
            kind: kind_of(&stat),
            bytes: u64::try_from(stat.st_size).unwrap_or(0),
            mode: stat.st_mode & 0o7777,
            #[expect(clippy::useless_conversion, reason = "narrower on other systems")]
            names: u64::from(stat.st_nlink),
            owner: stat.st_uid,
            group: stat.st_gid,
            inode: stat.st_ino,
        }))
    }

    fn read(&self, path: &RelPath, max_bytes: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file(path)?.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > max_bytes {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    fn list(&self, folder: &RelPath) -> io::Result<Vec<Vec<u8>>> {
        let mut names = Vec::new();
        for entry in rustix::fs::Dir::new(self.folder(folder)?)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push(name.to_vec());
            }
        }
        Ok(names)
    }

    fn write_new(&self, path: &RelPath, bytes: &[u8], like: Like) -> io::Result<()> {
        let place = self.place(path)?;
        let mode = match like {
            Like::Private | Like::Old { .. } | Like::Folder { .. } => 0o600,
            Like::New { executable: false } => 0o666,
            Like::New { executable: true } => 0o777,
        };
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = retry_on_intr(|| {
            rustix::fs::openat(&place.folder, &place.name[..], flags, Mode::from_raw_mode(mode))
        })?;
        let mut file = File::from(file);
        file.write_all(bytes)?;
        if let Like::Old { mode, owner, group } = like {
            let stat = rustix::fs::fstat(&file)?;
            if (stat.st_uid, stat.st_gid) != (owner, group) {
                // Whoever may not give files away keeps them, as any editor does.
                let (owner, group) = (Uid::from_raw(owner), Gid::from_raw(group));
                match rustix::fs::fchown(&file, Some(owner), Some(group)) {
                    Ok(()) | Err(Errno::PERM) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            rustix::fs::fchmod(&file, Mode::from_raw_mode(mode))?;
        }
        Ok(())
    }

    fn make_folder(&self, path: &RelPath, like: Like) -> io::Result<()> {
        let place = self.place(path)?;
        let mode = match like {
            Like::Private => 0o700,
            Like::New { .. } => 0o777,
            Like::Old { mode, .. } | Like::Folder { mode } => mode,
        };
        rustix::fs::mkdirat(&place.folder, &place.name[..], Mode::from_raw_mode(mode))?;
        if let Like::Folder { mode } = like {
            // What the process masks out of new folders was there before.
            rustix::fs::fchmod(self.folder(path)?, Mode::from_raw_mode(mode))?;
        }
        Ok(())
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        Ok(rustix::fs::renameat(&from.folder, &from.name[..], &to.folder, &to.name[..])?)
    }

    fn move_new(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        let flags = RenameFlags::NOREPLACE;
        rustix::fs::renameat_with(&from.folder, &from.name[..], &to.folder, &to.name[..], flags)
            .map_err(unsupported)
    }

    fn exchange(&self, a: &RelPath, b: &RelPath) -> io::Result<()> {
        let (a, b) = (self.place(a)?, self.place(b)?);
        let flags = RenameFlags::EXCHANGE;
        rustix::fs::renameat_with(&a.folder, &a.name[..], &b.folder, &b.name[..], flags).map_err(unsupported)
    }

    fn link(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        Ok(rustix::fs::linkat(&from.folder, &from.name[..], &to.folder, &to.name[..], AtFlags::empty())?)
    }

    fn remove_file(&self, path: &RelPath) -> io::Result<()> {
        let place = self.place(path)?;
        Ok(rustix::fs::unlinkat(&place.folder, &place.name[..], AtFlags::empty())?)
    }

    fn remove_folder(&self, path: &RelPath) -> io::Result<()> {
        let place = self.place(path)?;
        Ok(rustix::fs::unlinkat(&place.folder, &place.name[..], AtFlags::REMOVEDIR)?)
    }

    fn sync_file(&self, path: &RelPath) -> io::Result<()> {
        self.file(path)?.sync_all()
    }

    fn sync_folder(&self, path: &RelPath) -> io::Result<()> {
        let folder = self.folder(path)?;
        Ok(retry_on_intr(|| rustix::fs::fsync(&folder))?)
    }
    fn lock(&self, path: &RelPath) -> io::Result<Lock> {
        let place = self.place(path)?;
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NOCTTY;
        let mode = Mode::from_raw_mode(0o600);
        let file = retry_on_intr(|| rustix::fs::openat(&place.folder, &place.name[..], flags, mode))?;
        let file = File::from(file);
        file.lock()?;
        Ok(Lock(Some(file)))
    }
}
