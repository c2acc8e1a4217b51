//! What a command sees of the file system: all of it, read-only, but for its writable folders; nothing of the
//! folders where services have their sockets; devices, processes and temporary folders of its own.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::fs;
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;
use rustix::mount::{MountFlags, MountPropagationFlags};

use super::Failed;
use crate::run::order::Job;

/// The temporary folder, which is private.
pub(super) const TEMPORARY: &str = "/tmp";

/// Devices that do no harm.
const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];

/// What could not be arranged as it should be.
#[derive(Debug)]
pub(super) struct Arranged {
    /// Why not all that is not writable is read-only.
    pub(super) not_read_only: Option<String>,
    /// Why the processes of the machine can be seen.
    pub(super) old_proc: Option<String>,
}

/// What stands at a place.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Place {
    /// Nothing. In front of the others, so that what is named twice is seen.
    Hidden,
    /// A folder for temporary files.
    Temporary,
    /// The devices.
    Devices,
    /// What was there before, by its number among the open ones.
    Seen(usize),
}

/// Arranges the mounts of this namespace.
pub(super) fn arrange(job: &Job) -> Result<Arranged, Failed> {
    let failed = |what: &str, error: io::Error| Failed::confine(what, error);
    // Nothing of what follows may reach the machine.
    rustix::mount::mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)
        .map_err(|error| failed("could not detach the mounts", error.into()))?;

    let writable = outermost(&job.writable);
    let mut seen: Vec<OwnedFd> = Vec::new();
    let mut places: Vec<(PathBuf, Place)> = Vec::new();
    for folder in &writable {
        let open = || open_without_links(folder, OFlags::DIRECTORY);
        // A mount of its own, which stays writable when the one that it lies in becomes read-only.
        let own = open().and_then(|before| {
            rustix::mount::mount_bind_recursive(link(&before), link(&before))?;
            open()
        });
        let what = format!("could not make {} writable", folder.display());
        seen.push(own.map_err(|error| failed(&what, error))?);
        places.push((folder.clone(), Place::Seen(seen.len() - 1)));
    }
    let not_read_only = read_only_but(&writable);
    for path in &job.visible {
        match open_without_links(path, OFlags::empty()) {
            Ok(open) => {
                seen.push(open);
                places.push((path.clone(), Place::Seen(seen.len() - 1)));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(failed(&format!("could not keep {} in sight", path.display()), error));
            }
        }
    }
    let devices: Vec<(&str, OwnedFd)> = DEVICES
        .iter()
        .filter_map(|name| {
            Some((*name, open_without_links(&Path::new("/dev").join(name), OFlags::empty()).ok()?))
        })
        .collect();
    places.push((TEMPORARY.into(), Place::Temporary));
    places.push(("/dev".into(), Place::Devices));
    places.extend(job.hidden.iter().map(|path| (path.clone(), Place::Hidden)));
    // A folder comes before what lies in it.
    places.sort();

    let null = devices.iter().find(|(name, _)| *name == "null").map(|(_, open)| open);
    let mut covered: Vec<PathBuf> = Vec::new();
    let mut sealed: Vec<PathBuf> = Vec::new();
    for (path, place) in places {
        let done = match place {
            Place::Hidden => hide(&path, null, &mut covered, &mut sealed),
            Place::Temporary => temporary(&path, job.temporary_bytes).map(|()| covered.push(path.clone())),
            Place::Devices => own_devices(&path, &devices, job.temporary_bytes).map(|()| {
                covered.push(path.clone());
                sealed.push(path.clone());
            }),
            Place::Seen(_) if !covered.iter().any(|folder| path.starts_with(folder)) => Ok(()),
            Place::Seen(index) => uncover(&path, &seen[index]),
        };
        done.map_err(|error| failed(&format!("could not arrange {}", path.display()), error))?;
    }
    for path in sealed {
        let flags = MountFlags::BIND | MountFlags::RDONLY | MountFlags::NOSUID;
        rustix::mount::mount_remount(&path, flags, "")
            .map_err(|error| failed(&format!("could not seal {}", path.display()), error.into()))?;
    }
    // Read-only: the files of the system in it can be written by root, whatever its privileges.
    let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC | MountFlags::RDONLY;
    let old_proc = rustix::mount::mount("proc", "/proc", "proc", flags, None).err().map(|error| {
        format!("the processes of the machine can be seen: /proc could not be mounted: {error}")
    });
    Ok(Arranged { not_read_only, old_proc })
}

/// Folders that lie in no other of them: a mount inside of a writable one would keep files from being
/// renamed between the two.
fn outermost(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut sorted = folders.to_vec();
    sorted.sort();
    sorted.dedup();
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in sorted {
        if !found.iter().any(|outer| folder.starts_with(outer)) {
            found.push(folder);
        }
    }
    found
}

/// Opens a path as a place only. A link on the way is an error: an earlier run may have put it there.
fn open_without_links(path: &Path, flags: OFlags) -> io::Result<OwnedFd> {
    let flags = flags | OFlags::PATH | OFlags::CLOEXEC;
    let resolve = ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    Ok(rustix::fs::openat2(CWD, path, flags, Mode::empty(), resolve)?)
}

fn link(open: &OwnedFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", open.as_raw_fd()))
}

/// Makes every mount read-only that is not below one of `writable`; tells which could not be.
fn read_only_but(writable: &[PathBuf]) -> Option<String> {
    let table = match fs::read("/proc/self/mountinfo") {
        Ok(table) => table,
        Err(error) => return Some(format!("the mounts could not be listed: {error}")),
    };
    let mut problems: Vec<String> = Vec::new();
    for line in table.split(|byte| *byte == b'\n') {
        let Some((path, flags)) = mount_of(line) else {
            continue;
        };
        if flags.contains(MountFlags::RDONLY) || writable.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        match rustix::mount::mount_remount(&path, MountFlags::BIND | MountFlags::RDONLY | flags, "") {
            // What cannot be reached, or lies below another mount, cannot be reached by the command either.
            Ok(()) | Err(Errno::NOENT | Errno::NOTDIR | Errno::INVAL | Errno::ACCESS) => {}
            Err(error) => problems.push(format!("{}: {error}", path.display())),
        }
    }
    (!problems.is_empty()).then(|| format!("could not be made read-only: {}", problems.join(", ")))
}

/// Where a mount of proc_pid_mountinfo(5) stands, and the flags that it must keep.
fn mount_of(line: &[u8]) -> Option<(PathBuf, MountFlags)> {
    let mut fields = line.split(|byte| *byte == b' ');
    let path = fields.nth(4)?;
    let options = fields.next()?;
    let mut flags = MountFlags::empty();
    for option in options.split(|byte| *byte == b',') {
        flags |= match option {
            b"ro" => MountFlags::RDONLY,
            b"nosuid" => MountFlags::NOSUID,
            b"nodev" => MountFlags::NODEV,
            b"noexec" => MountFlags::NOEXEC,
            b"noatime" => MountFlags::NOATIME,
            b"nodiratime" => MountFlags::NODIRATIME,
            b"relatime" => MountFlags::RELATIME,
            _ => MountFlags::empty(),
        };
    }
    Some((PathBuf::from(std::ffi::OsString::from_vec(unescaped(path))), flags))
}

/// A path without the octal escapes that the table of mounts has for white space and backslashes.
fn unescaped(path: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((first, after)) = rest.split_first() {
        let escape = (*first == b'\\')
            .then(|| after.get(..3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        match escape {
            Some(byte) => {
                plain.push(byte);
                rest = &after[3..];
            }
            None => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    plain
}

fn hide(
    path: &Path,
    null: Option<&OwnedFd>,
    covered: &mut Vec<PathBuf>,
    sealed: &mut Vec<PathBuf>,
) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        // It is not there, cannot be reached, or lies in something that is hidden already.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::PermissionDenied
            ) =>
        {
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if metadata.is_dir() {
        tmpfs(path, "mode=0755,size=1m")?;
        covered.push(path.to_owned());
        sealed.push(path.to_owned());
        return Ok(());
    }
    match null {
        Some(null) => Ok(rustix::mount::mount_bind(link(null), path)?),
        None => Err(io::Error::new(io::ErrorKind::NotFound, "there is no /dev/null to put over it")),
    }
}

fn temporary(path: &Path, max_bytes: u64) -> io::Result<()> {
    tmpfs(path, &format!("mode=1777,size={max_bytes}"))
}

fn tmpfs(path: &Path, options: &str) -> io::Result<()> {
    let options = std::ffi::CString::new(options)?;
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    Ok(rustix::mount::mount("tmpfs", path, "tmpfs", flags, options.as_c_str())?)
}

/// Devices that do no harm, terminals of its own, shared memory of its own.
fn own_devices(path: &Path, devices: &[(&str, OwnedFd)], max_bytes: u64) -> io::Result<()> {
    tmpfs(path, "mode=0755,size=1m")?;
    for (name, open) in devices {
        uncover(&path.join(name), open)?;
    }
    for (name, target) in [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("ptmx", "pts/ptmx"),
    ] {
        std::os::unix::fs::symlink(target, path.join(name))?;
    }
    let memory = path.join("shm");
    fs::create_dir(&memory)?;
    temporary(&memory, max_bytes)?;
    let terminals = path.join("pts");
    fs::create_dir(&terminals)?;
    let flags = MountFlags::NOSUID | MountFlags::NOEXEC;
    Ok(rustix::mount::mount("devpts", &terminals, "devpts", flags, c"newinstance,ptmxmode=0666,mode=620")?)
}

/// Puts what was there before back on a place that was covered.
fn uncover(path: &Path, open: &OwnedFd) -> io::Result<()> {
    let is_folder = fs::metadata(link(open))?.is_dir();
    if is_folder {
        fs::create_dir_all(path)?;
    } else {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        match fs::OpenOptions::new().write(true).create_new(true).open(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(rustix::mount::mount_bind_recursive(link(open), path)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_table_of_mounts_gives_its_place_and_flags() {
        let line = br"36 35 98:0 /mnt1 /mnt/with\040space rw,nosuid,relatime master:1 - ext3 /dev/root rw";
        let (path, flags) = mount_of(line).unwrap();
        assert_eq!(path, Path::new("/mnt/with space"));
        assert_eq!(flags, MountFlags::NOSUID | MountFlags::RELATIME);
        assert!(mount_of(b"").is_none());
        assert!(mount_of(b"36 35 98:0 / /x").is_none());
    }

    #[test]
    fn escapes_that_are_none_stay() {
        assert_eq!(unescaped(br"a\134b\04"), br"a\b\04");
        assert_eq!(unescaped(br"\"), br"\");
        assert_eq!(unescaped(br"\999"), br"\999");
    }

    #[test]
    fn folders_in_others_are_left_out() {
        let folders = ["/a/b", "/a", "/ab", "/a", "/c/d"].map(PathBuf::from);
        assert_eq!(outermost(&folders), ["/a", "/ab", "/c/d"].map(PathBuf::from));
    }
}
