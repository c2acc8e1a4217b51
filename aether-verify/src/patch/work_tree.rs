//! A working tree, the patches that were applied to it, and the way back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use aether_core::authority::{Capability, EditFiles, Permit, patch_needs};
use aether_core::base::{RelPath, Sha256Hash};
use aether_core::change::{FileMode, Patch};

use super::check::{Fitting, check};
use super::diff::{BaseFile, BaseFiles};
use super::disk::{Disk, Kind, Like, Lock, TreeDisk};
use super::error::{ApplyError, ApplyErrorKind};
use super::motion;
use super::options::PatchOptions;
use super::plan::{Plan, Version};
use super::record::{self, FOLDER, LOCK, Record, State, is_token, next_token, unless};
use super::step::{Met, Standing, look};

/// A folder whose files are changed by patches: each is applied as a whole or not at all, and can be
/// reverted.
///
/// Records are kept in `.aether/patches` below the folder. What a crash or a power failure interrupts is
/// finished or undone when the tree is opened the next time, before anything else is done. Until then files
/// may be of both versions: who reads them meanwhile and needs one version opens the tree first.
///
/// # Examples
///
/// ```
/// use aether_core::base::RelPath;
/// use aether_core::change::{FileMode, FilePatch, Patch};
/// use aether_core::conformance::{edit_permits, revert_permit};
/// use aether_verify::{PatchOptions, WorkTree};
///
/// let folder = tempfile::tempdir()?;
/// let tree = WorkTree::open(folder.path())?;
/// let file = FilePatch::create(RelPath::new("notes.txt")?, FileMode::Regular, "hello\n")?;
/// let (patch, options) = (Patch::new(vec![file])?, PatchOptions::default());
/// // A program asks its policy gate for what the patch needs; a test has a gate of its own.
/// let permits = edit_permits(&patch, &tree.check(&patch, &options)?);
/// let applied = tree.apply(&patch, &options, permits)?;
/// assert_eq!(std::fs::read(folder.path().join("notes.txt"))?, b"hello\n");
/// tree.revert(&applied.token, revert_permit(applied.patch, &applied.paths))?;
/// assert!(!folder.path().join("notes.txt").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct WorkTree {
    disk: Arc<dyn Disk>,
}

/// A patch in the records of a tree.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AppliedPatch {
    /// Names it when it is to be reverted.
    pub token: String,
    /// Identity of the patch.
    pub patch: Sha256Hash,
    /// How it stands.
    pub standing: PatchStanding,
    /// The paths that it touches, sorted.
    pub paths: Vec<RelPath>,
}

/// How a patch in the records stands.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum PatchStanding {
    /// It is applied and can be reverted.
    Applied,
    /// It was reverted.
    Reverted,
    /// It was not applied, because files were changed at the same moment. What they held is in its record.
    Torn,
}

/// What opening a tree found unfinished.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Recovered {
    /// Patches whose application or reverting was finished.
    pub finished: Vec<String>,
    /// Patches whose application was undone.
    pub undone: Vec<String>,
}

impl WorkTree {
    /// Opens a tree, and finishes or undoes what was interrupted in it.
    ///
    /// # Errors
    ///
    /// [`ApplyErrorKind::Missing`] and [`ApplyErrorKind::NotAFile`] when `root` is not a folder,
    /// [`ApplyErrorKind::Symlink`] when its `.aether` is a link, [`ApplyErrorKind::UndoDamaged`] and
    /// [`ApplyErrorKind::NewerVersion`] for records that cannot be used, [`ApplyErrorKind::Io`].
    pub fn open(root: &Path) -> Result<Self, ApplyError> {
        Ok(Self::recover(root)?.0)
    }

    /// The same as [`WorkTree::open`], and tells what was unfinished.
    ///
    /// # Errors
    ///
    /// Those of [`WorkTree::open`].
    pub fn recover(root: &Path) -> Result<(Self, Recovered), ApplyError> {
        let disk = TreeDisk::open(root).map_err(|error| ApplyError::of_call(&RelPath::root(), error))?;
        Self::with_disk(Arc::new(disk))
    }

    pub(super) fn with_disk(disk: Arc<dyn Disk>) -> Result<(Self, Recovered), ApplyError> {
        let tree = Self { disk };
        let recovered = match tree.disk.stat(&record::folder()) {
            Ok(None) => Recovered::default(),
            Ok(Some(_)) => tree.finish_all(&tree.lock()?)?,
            Err(error) => return Err(ApplyError::of_call(&record::folder(), error)),
        };
        Ok((tree, recovered))
    }

    /// Whether `patch` can be applied to the tree as it is, and what has to be allowed for that; changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// Whatever [`WorkTree::apply`] would refuse it for, but missing permits.
    pub fn check(
        &self,
        patch: &Patch,
        options: &PatchOptions,
    ) -> Result<BTreeMap<Capability, BTreeSet<RelPath>>, ApplyError> {
        let fitting = check(&*self.disk, patch, options)?;
        Ok(patch_needs(patch, |path| fitting.build_files.contains(path)))
    }

    /// Applies `patch`. When this returns it is durable; when it fails nothing was changed.
    ///
    /// A file that is replaced is a new file with the permissions of the old one. Folders are made as they
    /// are needed, and removed when the last file in them is.
    ///
    /// The permits have to be for this patch, one for each capability that [`WorkTree::check`] names.
    ///
    /// # Errors
    ///
    /// Every [`ApplyErrorKind`] but those of reverting. After [`ApplyErrorKind::Io`] and
    /// [`ApplyErrorKind::DiskFull`] whose undoing failed too, opening the tree again goes on with it.
    pub fn apply(
        &self,
        patch: &Patch,
        options: &PatchOptions,
        permits: Vec<Permit<EditFiles>>,
    ) -> Result<AppliedPatch, ApplyError> {
        for (capability, paths) in self.check(patch, options)? {
            let is_for = |permit: &&Permit<EditFiles>| {
                permit.capability() == capability && permit.covers_content(&patch.hash())
            };
            let covers =
                |path: &RelPath| permits.iter().filter(is_for).any(|permit| permit.covers_path(path));
            if let Some(path) = paths.iter().find(|path| !covers(path)) {
                let kind = match capability {
                    Capability::BuildFilesEdit => ApplyErrorKind::RunsAtBuild,
                    _ => ApplyErrorKind::NotPermitted,
                };
                return Err(ApplyError::new(kind, path));
            }
        }
        self.apply_permitted(patch, options)
    }

    /// The same once it is permitted.
    pub(super) fn apply_permitted(
        &self,
        patch: &Patch,
        options: &PatchOptions,
    ) -> Result<AppliedPatch, ApplyError> {
        // Before anything is made, so that a refused patch leaves no trace.
        check(&*self.disk, patch, options)?;
        self.make_record_folder()?;
        let lock = self.lock()?;
        let recovered = self.finish_all(&lock)?;
        debug_assert!(recovered.undone.len() <= 1, "one record at a time is unfinished");
        // Again: others may have applied a patch meanwhile.
        let fitting = check(&*self.disk, patch, options)?;
        let records = self.records()?;
        let record = Record::new(&*self.disk, &next_token(&records, fitting.plan.patch));
        self.run(&record, &fitting)?;
        Ok(applied(&record, &fitting.plan, PatchStanding::Applied))
    }

    /// Takes an applied patch back. When this returns it is durable; when it fails nothing was changed.
    ///
    /// The permit has to be for the identity of the patch and all paths that it touches, as
    /// [`WorkTree::patches`] tells them, with any capability to change files: what comes back is what was there.
    ///
    /// # Errors
    ///
    /// [`ApplyErrorKind::UnknownToken`], [`ApplyErrorKind::NotPermitted`], [`ApplyErrorKind::MovedOn`] when a
    /// file is not what the patch left, [`ApplyErrorKind::UndoDamaged`] when what was kept is not what it was,
    /// [`ApplyErrorKind::Io`], [`ApplyErrorKind::DiskFull`].
    pub fn revert(&self, token: &str, permit: Permit<EditFiles>) -> Result<AppliedPatch, ApplyError> {
        self.check_revert_permit(token, &permit)?;
        self.revert_as(token, State::Reverting)
    }

    /// Takes an applied patch back whatever its files hold by now. What they hold is kept in the record.
    ///
    /// # Errors
    ///
    /// Those of [`WorkTree::revert`] but [`ApplyErrorKind::MovedOn`].
    pub fn force_revert(&self, token: &str, permit: Permit<EditFiles>) -> Result<AppliedPatch, ApplyError> {
        self.check_revert_permit(token, &permit)?;
        self.revert_as(token, State::Forcing)
    }

    /// What [`WorkTree::revert`] would take back, or [`WorkTree::force_revert`] where `by_force` is set; nothing is
    /// written, so that what an interrupted patch left is not mended either.
    ///
    /// # Errors
    ///
    /// Those of reverting that are known before a file is touched; [`ApplyErrorKind::UnknownToken`] for a patch that
    /// is being applied or taken back.
    pub fn check_revert(&self, token: &str, by_force: bool) -> Result<AppliedPatch, ApplyError> {
        self.check_token(token)?;
        let (record, plan) = self.revertible(token, by_force)?;
        Ok(applied(&record, &plan, PatchStanding::Applied))
    }

    fn check_revert_permit(&self, token: &str, permit: &Permit<EditFiles>) -> Result<(), ApplyError> {
        let unknown = || ApplyError::about(ApplyErrorKind::UnknownToken, token);
        let known = self.patches()?.into_iter().find(|known| known.token == token).ok_or_else(unknown)?;
        let is_covered = |path: &RelPath| permit.covers_content(&known.patch) && permit.covers_path(path);
        match known.paths.iter().find(|path| !is_covered(path)) {
            Some(path) => Err(ApplyError::new(ApplyErrorKind::NotPermitted, path)),
            None => Ok(()),
        }
    }

    /// The patches in the records, the oldest first.
    ///
    /// # Errors
    ///
    /// [`ApplyErrorKind::UndoDamaged`], [`ApplyErrorKind::NewerVersion`], [`ApplyErrorKind::Io`].
    pub fn patches(&self) -> Result<Vec<AppliedPatch>, ApplyError> {
        if self.disk.stat(&record::folder()).map_err(|error| failed(&error_path(), error))?.is_none() {
            return Ok(Vec::new());
        }
        let mut patches = Vec::new();
        for record in self.records()? {
            let standing = match record.state().map_err(|error| failed(&error_path(), error))? {
                State::Applied => PatchStanding::Applied,
                State::Reverted => PatchStanding::Reverted,
                State::Torn => PatchStanding::Torn,
                // Somebody else is at it.
                State::Preparing | State::Applying | State::Reverting | State::Forcing => continue,
            };
            let state = match standing {
                PatchStanding::Applied => State::Applied,
                PatchStanding::Reverted => State::Reverted,
                PatchStanding::Torn => State::Torn,
            };
            // What was applied to the tree that this one is a copy of can be taken back there.
            if let Some(plan) = record.plan_of_this_tree(state)? {
                patches.push(applied(&record, &plan, standing));
            }
        }
        Ok(patches)
    }

    fn records(&self) -> Result<Vec<Record<'_>>, ApplyError> {
        Record::all(&*self.disk).map_err(|error| failed(&error_path(), error))
    }

    fn make_record_folder(&self) -> Result<(), ApplyError> {
        let records = record::folder();
        let state = records.parent();
        for (folder, like) in [(&state, Like::New { executable: true }), (&records, Like::Private)] {
            let made = self.disk.make_folder(folder, like);
            let is_new = made.is_ok();
            unless(std::io::ErrorKind::AlreadyExists, made)
                .and_then(|()| if is_new { self.disk.sync_folder(&folder.parent()) } else { Ok(()) })
                .map_err(|error| failed(folder, error))?;
            let stat = self.disk.stat(folder).map_err(|error| failed(folder, error))?;
            match stat.map(|stat| stat.kind) {
                Some(Kind::Folder) => {}
                Some(Kind::Symlink) => return Err(ApplyError::new(ApplyErrorKind::Symlink, folder)),
                _ => return Err(ApplyError::new(ApplyErrorKind::NotAFile, folder)),
            }
        }
        Ok(())
    }

    fn lock(&self) -> Result<Lock, ApplyError> {
        let path = RelPath::new(LOCK).expect("a constant path is a path");
        self.disk.lock(&path).map_err(|error| failed(&path, error))
    }

    /// Writes the record and makes the steps. Fails with the tree as it was.
    fn run(&self, record: &Record<'_>, fitting: &Fitting) -> Result<(), ApplyError> {
        let prepared = self.prepare(record, fitting);
        if let Err(error) = prepared {
            // Nothing was changed yet, and opening the tree removes what cannot be removed now.
            let _ = record.remove();
            return Err(error);
        }
        let plan = &fitting.plan;
        let outcome = record
            .turn(State::Preparing, State::Applying)
            .and_then(|()| motion::advance(record, plan, false))
            .and_then(|met| match met {
                Met::Expected => record.turn(State::Applying, State::Applied).map(|()| met),
                Met::Other => Ok(met),
            });
        match outcome {
            Ok(Met::Expected) => Ok(()),
            Ok(Met::Other) => {
                let path = first_other(record, plan);
                self.undo(record, plan)?;
                Err(ApplyError::new(ApplyErrorKind::StaleBase, &path))
            }
            Err(error) => {
                let error = failed(&error_path(), error);
                self.undo(record, plan)?;
                Err(error)
            }
        }
    }

    fn prepare(&self, record: &Record<'_>, fitting: &Fitting) -> Result<(), ApplyError> {
        let fail = |error| failed(&error_path(), error);
        record.make_folder().map_err(fail)?;
        for (index, slot) in fitting.slots.iter().enumerate() {
            if let Some(slot) = slot {
                let path = record.slot(index);
                self.disk
                    .write_new(&path, &slot.bytes, slot.like)
                    .and_then(|()| self.disk.sync_file(&path))
                    .map_err(|error| failed(&path, error))?;
            }
        }
        record.write_plan(&fitting.plan).map_err(fail)?;
        record.sync_folder().map_err(fail)?;
        self.disk.sync_folder(&record::folder()).map_err(fail)
    }

    /// Undoes an application, however far it came.
    fn undo(&self, record: &Record<'_>, plan: &Plan) -> Result<(), ApplyError> {
        let fail = |error| failed(&error_path(), error);
        match record.state().map_err(fail)? {
            State::Preparing => return record.remove().map_err(fail),
            State::Applied => record.turn(State::Applied, State::Applying).map_err(fail)?,
            _ => {}
        }
        motion::mend(record, plan).map_err(fail)?;
        match motion::retreat(record, plan).map_err(fail)? {
            Met::Expected => record.remove().map_err(fail),
            Met::Other => record.turn(State::Applying, State::Torn).map_err(fail),
        }
    }

    pub(super) fn revert_as(&self, token: &str, state: State) -> Result<AppliedPatch, ApplyError> {
        self.check_token(token)?;
        let lock = self.lock()?;
        self.finish_all(&lock)?;
        let (record, plan) = self.revertible(token, state == State::Forcing)?;
        let fail = |error| failed(&error_path(), error);
        let outcome = record
            .turn(State::Applied, state)
            .and_then(|()| motion::advance(&record, &plan.inverted(), state == State::Forcing))
            .and_then(|met| match met {
                Met::Expected => record.turn(state, State::Reverted).map(|()| met),
                Met::Other => Ok(met),
            });
        match outcome {
            Ok(Met::Expected) => Ok(applied(&record, &plan, PatchStanding::Reverted)),
            Ok(Met::Other) => {
                let path = first_other(&record, &plan.inverted());
                self.apply_again(&record, &plan, state)?;
                Err(ApplyError::new(ApplyErrorKind::MovedOn, &path))
            }
            Err(error) => {
                self.apply_again(&record, &plan, state)?;
                Err(fail(error))
            }
        }
    }

    /// Whether there can be a record of this name.
    fn check_token(&self, token: &str) -> Result<(), ApplyError> {
        let folder = self.disk.stat(&record::folder()).map_err(|error| failed(&error_path(), error))?;
        if !is_token(token) || folder.is_none() {
            return Err(ApplyError::about(ApplyErrorKind::UnknownToken, token));
        }
        Ok(())
    }

    /// The record and plan of a patch that stands and can be taken back; of a name that there can be.
    fn revertible(&self, token: &str, by_force: bool) -> Result<(Record<'_>, Plan), ApplyError> {
        let record = Record::new(&*self.disk, token);
        if record.state().map_err(|error| failed(&error_path(), error))? != State::Applied {
            return Err(ApplyError::about(ApplyErrorKind::UnknownToken, token));
        }
        let plan = record.plan(State::Applied)?;
        self.check_steps(&record, &plan, by_force)?;
        Ok((record, plan))
    }

    /// Undoes a reverting, however far it came.
    fn apply_again(&self, record: &Record<'_>, plan: &Plan, state: State) -> Result<(), ApplyError> {
        let fail = |error| failed(&error_path(), error);
        match record.state().map_err(fail)? {
            State::Applied => return Ok(()),
            State::Reverted => record.turn(State::Reverted, state).map_err(fail)?,
            _ => {}
        }
        let back = plan.inverted();
        motion::mend(record, &back).map_err(fail)?;
        // Where a step stays taken back because somebody changed its file, the record still says applied: the
        // next reverting tells that the file has moved on.
        motion::retreat(record, &back).map_err(fail)?;
        record.turn(state, State::Applied).map_err(fail)
    }

    /// Whether all files are what the patch left, and all that was kept is what it was.
    fn check_steps(&self, record: &Record<'_>, plan: &Plan, by_force: bool) -> Result<(), ApplyError> {
        for (index, step) in plan.steps.iter().enumerate() {
            let slot = record.slot(index);
            if !self.standing(&slot, step.before)?.is(step.before) {
                return Err(ApplyError::new(ApplyErrorKind::UndoDamaged, &slot));
            }
            if !by_force && !self.standing(&step.path, step.after)?.is(step.after) {
                return Err(ApplyError::new(ApplyErrorKind::MovedOn, &step.path));
            }
        }
        Ok(())
    }

    fn standing(&self, path: &RelPath, version: Option<Version>) -> Result<Standing, ApplyError> {
        look(&*self.disk, path, version.map_or(0, |version| version.bytes))
            .map_err(|error| failed(path, error))
    }

    /// Finishes or undoes whatever was interrupted.
    fn finish_all(&self, _lock: &Lock) -> Result<Recovered, ApplyError> {
        let mut recovered = Recovered::default();
        let fail = |error| failed(&error_path(), error);
        for record in self.records()? {
            let token = record.token.clone();
            match record.state().map_err(fail)? {
                State::Applied | State::Reverted | State::Torn => {}
                State::Preparing => {
                    record.remove().map_err(fail)?;
                    recovered.undone.push(token);
                }
                State::Applying => {
                    let plan = record.plan(State::Applying)?;
                    motion::mend(&record, &plan).map_err(fail)?;
                    match motion::advance(&record, &plan, false) {
                        Ok(Met::Expected) => {
                            record.turn(State::Applying, State::Applied).map_err(fail)?;
                            recovered.finished.push(token);
                        }
                        // What cannot be finished is undone, whatever the reason.
                        Ok(Met::Other) | Err(_) => {
                            self.undo(&record, &plan)?;
                            recovered.undone.push(token);
                        }
                    }
                }
                state @ (State::Reverting | State::Forcing) => {
                    let plan = record.plan(state)?;
                    let back = plan.inverted();
                    motion::mend(&record, &back).map_err(fail)?;
                    match motion::advance(&record, &back, state == State::Forcing) {
                        Ok(Met::Expected) => {
                            record.turn(state, State::Reverted).map_err(fail)?;
                            recovered.finished.push(token);
                        }
                        Ok(Met::Other) | Err(_) => {
                            self.apply_again(&record, &plan, state)?;
                            recovered.undone.push(token);
                        }
                    }
                }
            }
        }
        Ok(recovered)
    }
}

impl BaseFiles for WorkTree {
    /// The file as a patch may change it: not through a link, not above 64 MiB.
    fn base_file(&self, path: &RelPath) -> Result<Option<BaseFile>, ApplyError> {
        let fail = |error| failed(path, error);
        let Some(stat) = self.disk.stat(path).map_err(fail)? else { return Ok(None) };
        match stat.kind {
            Kind::File => {}
            Kind::Symlink => return Err(ApplyError::new(ApplyErrorKind::Symlink, path)),
            Kind::Folder | Kind::Other => return Err(ApplyError::new(ApplyErrorKind::NotAFile, path)),
        }
        let bytes = self.disk.read(path, PatchOptions::default().max_file_bytes).map_err(fail)?;
        let mode = if stat.mode & 0o100 == 0 { FileMode::Regular } else { FileMode::Executable };
        Ok(Some(BaseFile::new(mode, bytes)))
    }
}

/// The first path that does not hold what the plan expects before its step.
fn first_other(record: &Record<'_>, plan: &Plan) -> RelPath {
    let other = plan.steps.iter().enumerate().find(|(index, step)| {
        let step = super::step::SlotStep { disk: record.disk, step, slot: &record.slot(*index) };
        let expected = if step.is_ahead().unwrap_or(false) { step.at_path() } else { step.in_slot() };
        !expected.is_ok_and(|standing| standing.is(step.step.before))
    });
    other.map_or_else(RelPath::root, |(_, step)| step.path.clone())
}

fn failed(path: &RelPath, error: std::io::Error) -> ApplyError {
    ApplyError::of_call(path, error)
}

/// The folder of all records, for errors that are not about one file.
fn error_path() -> RelPath {
    RelPath::new(FOLDER).expect("a constant path is a path")
}

fn applied(record: &Record<'_>, plan: &Plan, standing: PatchStanding) -> AppliedPatch {
    let mut paths: Vec<RelPath> = plan.steps.iter().map(|step| step.path.clone()).collect();
    paths.sort_unstable();
    AppliedPatch { token: record.token.clone(), patch: plan.patch, standing, paths }
}
