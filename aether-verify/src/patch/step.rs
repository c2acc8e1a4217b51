//! One path and one slot that change places: the only way in which a file of the repository changes.
//!
//! Before the step the slot holds what the path will hold, and afterwards what the path held. Nothing is
//! ever written over, so whatever was at the path can be looked at afterwards, and put back if it is not
//! what was expected: a file that somebody saved at the last moment is not lost.
//!
//! | | slot before | slot after | call |
//! | --- | --- | --- | --- |
//! | change | new version | old version | exchange |
//! | make | new version | nothing | move to where nothing stands |
//! | remove | nothing | old version | move to where nothing stands |
//!
//! Where the file system cannot do one of these in one step, it is made of a link and a rename;
//! [`SlotStep::mend`] tells what an interruption in between has left.

use std::io;

use aether_core::base::RelPath;
use aether_core::change::FileMode;

use super::disk::{Disk, Kind};
use super::plan::{Step, Version};

/// A step with its slot.
#[derive(Clone, Copy, Debug)]
pub(super) struct SlotStep<'a> {
    pub(super) disk: &'a dyn Disk,
    pub(super) step: &'a Step,
    pub(super) slot: &'a RelPath,
}

/// What a step met.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Met {
    /// What the plan says.
    Expected,
    /// Something else, which is where it was before the step.
    Other,
}

/// What stands somewhere.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    Nothing,
    File(Version),
    /// A folder, a link, a device, a file that is too large to be any version.
    Odd,
}

impl Standing {
    pub(super) fn is(self, version: Option<Version>) -> bool {
        match version {
            Some(version) => self == Self::File(version),
            None => self == Self::Nothing,
        }
    }
}

/// What stands at `path`; a file longer than `max_bytes` is odd.
pub(super) fn look(disk: &dyn Disk, path: &RelPath, max_bytes: u64) -> io::Result<Standing> {
    let Some(stat) = disk.stat(path)? else { return Ok(Standing::Nothing) };
    if stat.kind != Kind::File || stat.bytes > max_bytes {
        return Ok(Standing::Odd);
    }
    let mode = if stat.mode & 0o100 == 0 { FileMode::Regular } else { FileMode::Executable };
    match disk.read(path, max_bytes) {
        Ok(bytes) => {
            let hash = aether_core::base::Sha256Hash::of(&bytes);
            Ok(Standing::File(Version { hash, bytes: bytes.len() as u64, mode }))
        }
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Ok(Standing::Odd),
        Err(error) => Err(error),
    }
}

impl SlotStep<'_> {
    /// What stands at the path.
    pub(super) fn at_path(&self) -> io::Result<Standing> {
        look(self.disk, &self.step.path, self.max_bytes())
    }

    /// What stands in the slot.
    pub(super) fn in_slot(&self) -> io::Result<Standing> {
        look(self.disk, self.slot, self.max_bytes())
    }

    /// No version of the file is longer, so nothing longer has to be read to be told from them.
    fn max_bytes(&self) -> u64 {
        [self.step.before, self.step.after]
            .into_iter()
            .flatten()
            .map(|version| version.bytes)
            .max()
            .unwrap_or(0)
    }

    /// Whether the step is still to be made.
    pub(super) fn is_ahead(&self) -> io::Result<bool> {
        Ok(match (self.step.before, self.step.after) {
            (_, Some(after)) => self.in_slot()?.is(Some(after)),
            (_, None) => self.in_slot()? == Standing::Nothing,
        })
    }

    /// Makes the step. Where it meets something else than it should, it takes it back, unless `by_force`.
    pub(super) fn advance(&self, by_force: bool) -> io::Result<Met> {
        match (self.step.before, self.step.after) {
            (Some(before), Some(_)) => {
                match self.exchange() {
                    // Somebody removed it.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        if !by_force {
                            return Ok(Met::Other);
                        }
                        return self.move_new(self.slot, &self.step.path).map(|()| Met::Expected);
                    }
                    result => result?,
                }
                if by_force || self.in_slot()?.is(Some(before)) {
                    return Ok(Met::Expected);
                }
                self.exchange()?;
                Ok(Met::Other)
            }
            (None, Some(_)) => match self.move_new(self.slot, &self.step.path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if !by_force {
                        return Ok(Met::Other);
                    }
                    self.exchange().map(|()| Met::Expected)
                }
                result => result.map(|()| Met::Expected),
            },
            (before, None) => {
                match self.move_new(&self.step.path, self.slot) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        return Ok(if by_force { Met::Expected } else { Met::Other });
                    }
                    result => result?,
                }
                if by_force || self.in_slot()?.is(before) {
                    return Ok(Met::Expected);
                }
                self.move_new(self.slot, &self.step.path)?;
                Ok(Met::Other)
            }
        }
    }

    /// Takes a step back that was made. What somebody did to the path since stays where it is.
    pub(super) fn retreat(&self) -> io::Result<Met> {
        let at_path = self.at_path()?;
        match (self.step.before, self.step.after) {
            (Some(_), Some(after)) if at_path.is(Some(after)) => self.exchange()?,
            (None, Some(after)) if at_path.is(Some(after)) => self.move_new(&self.step.path, self.slot)?,
            (Some(_), None) if at_path == Standing::Nothing => {
                self.move_new(self.slot, &self.step.path)?;
            }
            // The new file is gone again, as it was before.
            (None, Some(_)) if at_path == Standing::Nothing => {}
            _ => return Ok(Met::Other),
        }
        Ok(Met::Expected)
    }

    /// Brings a step that was interrupted in between to one of its two ends.
    pub(super) fn mend(&self) -> io::Result<()> {
        let aside = self.aside();
        if self.disk.stat(&aside)?.is_some() {
            if self.disk.stat(self.slot)?.is_some() {
                self.disk.remove_file(&aside)?;
            } else {
                self.disk.rename(&aside, self.slot)?;
            }
        }
        if self.step.before.is_some() && self.step.after.is_some() {
            return Ok(());
        }
        let (Some(slot), Some(path)) = (self.disk.stat(self.slot)?, self.stat_of_path()?) else {
            return Ok(());
        };
        if slot.kind == Kind::File && slot.inode == path.inode {
            self.disk.remove_file(self.slot)?;
        }
        Ok(())
    }

    fn stat_of_path(&self) -> io::Result<Option<super::disk::Stat>> {
        self.disk.stat(&self.step.path)
    }

    /// Where a version waits while it has no slot.
    fn aside(&self) -> RelPath {
        RelPath::new(format!("{}.aside", self.slot)).expect("a path with a plain ending is a path")
    }

    fn exchange(&self) -> io::Result<()> {
        match self.disk.exchange(self.slot, &self.step.path) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            result => return result,
        }
        let aside = self.aside();
        self.disk.link(&self.step.path, &aside)?;
        self.disk.rename(self.slot, &self.step.path)?;
        self.disk.rename(&aside, self.slot)
    }

    fn move_new(&self, from: &RelPath, to: &RelPath) -> io::Result<()> {
        match self.disk.move_new(from, to) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {}
            result => return result,
        }
        self.disk.link(from, to)?;
        self.disk.remove_file(from)
    }
}
