//! A disk whose n-th call fails, or is the last one.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aether_core::base::RelPath;

use crate::patch::disk::{Disk, Like, Lock, Stat};

/// What happens at the chosen call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fault {
    /// The call fails with this error of the system and does nothing.
    Error(i32),
    /// The call fails with this error after it did half of what it was to do, where that is possible.
    Half(i32),
    /// The call does what it is to do, and then fails.
    After(i32),
    /// Somebody does something before the call, which then goes on.
    Meanwhile,
    /// The process is killed before the call.
    KillBefore,
    /// The process is killed in the middle of the call, where it has one.
    KillWithin,
    /// The process is killed after the call.
    KillAfter,
}

/// Passes calls on to another disk, counting them.
pub(super) struct FaultyDisk {
    disk: Arc<dyn Disk>,
    calls: AtomicU64,
    fired: AtomicU64,
    at: u64,
    is_sticky: bool,
    fault: Option<Fault>,
    meanwhile: Option<Box<dyn Fn() + Send + Sync>>,
    /// Whether the file system can exchange and move in one step.
    pub(super) is_able: bool,
}

impl FaultyDisk {
    /// A disk that only counts.
    pub(super) fn counting(disk: Arc<dyn Disk>) -> Self {
        Self {
            disk,
            calls: AtomicU64::new(0),
            fired: AtomicU64::new(0),
            at: u64::MAX,
            is_sticky: false,
            fault: None,
            meanwhile: None,
            is_able: true,
        }
    }

    /// A disk with a fault at call `at`, counted from 0, and at all later ones when it is sticky.
    pub(super) fn new(disk: Arc<dyn Disk>, at: u64, fault: Fault, is_sticky: bool) -> Self {
        Self { at, is_sticky, fault: Some(fault), ..Self::counting(disk) }
    }

    /// A disk that does `deed` before call `at`.
    pub(super) fn meanwhile(disk: Arc<dyn Disk>, at: u64, deed: impl Fn() + Send + Sync + 'static) -> Self {
        Self { meanwhile: Some(Box::new(deed)), ..Self::new(disk, at, Fault::Meanwhile, false) }
    }

    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(super) fn fired(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }

    fn call<T>(&self, whole: impl FnOnce() -> io::Result<T>, half: impl FnOnce()) -> io::Result<T> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let is_hit = call == self.at || (self.is_sticky && call > self.at);
        let Some(fault) = self.fault.filter(|_| is_hit) else { return whole() };
        self.fired.fetch_add(1, Ordering::Relaxed);
        match fault {
            Fault::Meanwhile => {
                self.meanwhile.iter().for_each(|deed| deed());
                whole()
            }
            Fault::Error(code) => Err(io::Error::from_raw_os_error(code)),
            Fault::Half(code) => {
                half();
                Err(io::Error::from_raw_os_error(code))
            }
            Fault::After(code) => {
                whole()?;
                Err(io::Error::from_raw_os_error(code))
            }
            Fault::KillBefore => die(),
            Fault::KillWithin => {
                half();
                die()
            }
            Fault::KillAfter => {
                let _ = whole();
                die()
            }
        }
    }
}

impl std::fmt::Debug for FaultyDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FaultyDisk").field("at", &self.at).field("fault", &self.fault).finish_non_exhaustive()
    }
}

/// Ends this process as `kill -9` does: nothing is cleaned up.
pub(super) fn die() -> ! {
    let me = rustix::process::getpid();
    let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
    unreachable!("a killed process does not go on")
}

impl Disk for FaultyDisk {
    fn stat(&self, path: &RelPath) -> io::Result<Option<Stat>> {
        self.call(|| self.disk.stat(path), || {})
    }

    fn read(&self, path: &RelPath, max_bytes: u64) -> io::Result<Vec<u8>> {
        self.call(|| self.disk.read(path, max_bytes), || {})
    }

    fn list(&self, folder: &RelPath) -> io::Result<Vec<Vec<u8>>> {
        self.call(|| self.disk.list(folder), || {})
    }

    fn write_new(&self, path: &RelPath, bytes: &[u8], like: Like) -> io::Result<()> {
        self.call(
            || self.disk.write_new(path, bytes, like),
            || drop(self.disk.write_new(path, &bytes[..bytes.len() / 2], Like::Private)),
        )
    }

    fn make_folder(&self, path: &RelPath, like: Like) -> io::Result<()> {
        self.call(|| self.disk.make_folder(path, like), || {})
    }

    fn rename(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        self.call(|| self.disk.rename(from, to), || {})
    }

    fn move_new(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        if !self.is_able {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.call(|| self.disk.move_new(from, to), || {})
    }

    fn exchange(&self, a: &RelPath, b: &RelPath) -> io::Result<()> {
        if !self.is_able {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.call(|| self.disk.exchange(a, b), || {})
    }

    fn link(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        self.call(|| self.disk.link(from, to), || {})
    }

    fn remove_file(&self, path: &RelPath) -> io::Result<()> {
        self.call(|| self.disk.remove_file(path), || {})
    }

    fn remove_folder(&self, path: &RelPath) -> io::Result<()> {
        self.call(|| self.disk.remove_folder(path), || {})
    }

    fn sync_file(&self, path: &RelPath) -> io::Result<()> {
        self.call(|| self.disk.sync_file(path), || {})
    }

    fn sync_folder(&self, path: &RelPath) -> io::Result<()> {
        self.call(|| self.disk.sync_folder(path), || {})
    }

    fn lock(&self, path: &RelPath) -> io::Result<Lock> {
        self.call(|| self.disk.lock(path), || {})
    }
}
