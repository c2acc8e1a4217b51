//! Whether a patch may and can be applied to a tree as it is, and what has to be done for that.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aether_core::base::RelPath;
use aether_core::change::{FileMode, FilePatch, FileState, Patch};

use super::build_files::BuildFiles;
use super::disk::{Disk, Kind, Like, Stat};
use super::error::{ApplyError, ApplyErrorKind};
use super::names;
use super::options::PatchOptions;
use super::plan::{Folder, Plan, Step, VERSION, Version};

/// Most folders that new files of one patch lie in. A path is up to 2,000 folders deep, so a small patch could
/// ask for millions.
const MAX_FOLDERS: usize = 65_536;

/// Names that are new in a folder, or may be.
type NewNames = BTreeMap<RelPath, BTreeSet<Vec<u8>>>;

/// A patch that fits, step by step.
#[derive(Debug)]
pub(super) struct Fitting {
    pub(super) plan: Plan,
    /// What each slot holds before its step, by the position of the step.
    pub(super) slots: Vec<Option<Slot>>,
    /// The files that run when the project is built or opened.
    pub(super) build_files: BTreeSet<RelPath>,
}

/// A new version of a file.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) bytes: Vec<u8>,
    pub(super) like: Like,
}

/// What the steps of the patch are, once everything that could be wrong with it is not.
pub(super) fn check(disk: &dyn Disk, patch: &Patch, options: &PatchOptions) -> Result<Fitting, ApplyError> {
    check_size(patch, options)?;
    let paths = || patch.files().iter().flat_map(FilePatch::paths);
    let mut build_files = BTreeSet::new();
    for path in paths() {
        match names::fault(path) {
            Some(ApplyErrorKind::RunsAtBuild) => drop(build_files.insert(path.clone())),
            Some(kind) => return Err(ApplyError::new(kind, path)),
            None => {}
        }
    }
    // Behind the look at each path, which says that none is too long.
    let new_names = new_names(patch)?;
    let mut run = BuildFiles::of(disk, options.max_file_bytes);
    build_files.extend(paths().filter(|path| run.contains(path)).cloned());
    let mut fitting = Fitting {
        plan: Plan {
            version: VERSION,
            home: 0,
            patch: patch.hash(),
            steps: Vec::new(),
            emptied: Vec::new(),
            made: Vec::new(),
        },
        slots: Vec::new(),
        build_files,
    };
    for file in patch.files() {
        check_file(disk, file, options, &mut fitting)?;
    }
    check_twins(disk, patch, &new_names)?;
    fitting.plan.made = missing_folders(disk, &fitting.plan.steps)?;
    fitting.plan.emptied = left_folders(disk, &fitting.plan.steps)?;
    Ok(fitting)
}

fn check_size(patch: &Patch, options: &PatchOptions) -> Result<(), ApplyError> {
    let files = patch.files();
    let too_large = |what: String| Err(ApplyError::about(ApplyErrorKind::TooLarge, what));
    if files.len() > options.max_files as usize {
        return too_large(format!("patch of {} files (at most {})", files.len(), options.max_files));
    }
    let mut total = 0u64;
    for state in files.iter().flat_map(|file| [file.before(), file.after()]).flatten() {
        if state.bytes > options.max_file_bytes {
            return Err(ApplyError::new(ApplyErrorKind::TooLarge, &state.path));
        }
        total = total.saturating_add(state.bytes);
    }
    if total > options.max_total_bytes {
        return too_large(format!("patch over {total} bytes (at most {})", options.max_total_bytes));
    }
    Ok(())
}

fn check_file(
    disk: &dyn Disk,
    file: &FilePatch,
    options: &PatchOptions,
    fitting: &mut Fitting,
) -> Result<(), ApplyError> {
    let old = match file.before() {
        Some(before) => Some(read_base(disk, before, options)?),
        None => None,
    };
    let new = file.apply(old.as_ref().map(|(bytes, _)| &bytes[..]))?;
    let after = file.after().zip(new);
    let is_in_place = file.before().is_some() && file.moved_from().is_none();
    if let Some((state, bytes)) = after {
        if !is_in_place {
            check_absent(disk, &state.path)?;
        }
        let like = match &old {
            Some((_, stat)) => {
                Like::Old { mode: permissions(stat.mode, state.mode), owner: stat.owner, group: stat.group }
            }
            None => Like::New { executable: state.mode == FileMode::Executable },
        };
        let before = file.before().filter(|_| is_in_place).map(Version::of);
        fitting.plan.steps.push(Step { path: state.path.clone(), before, after: Some(Version::of(state)) });
        fitting.slots.push(Some(Slot { bytes, like }));
    }
    if let Some(before) = file.before().filter(|_| !is_in_place || file.after().is_none()) {
        fitting.plan.steps.push(Step {
            path: before.path.clone(),
            before: Some(Version::of(before)),
            after: None,
        });
        fitting.slots.push(None);
    }
    Ok(())
}

/// The permissions of a file that takes the place of one with `old`: what lets others run it as somebody
/// else is not carried over.
fn permissions(old: u32, mode: FileMode) -> u32 {
    let old = old & 0o777;
    match mode {
        FileMode::Regular => old & !0o111,
        FileMode::Executable if old & 0o100 != 0 => old,
        FileMode::Executable => old | ((old & 0o444) >> 2),
    }
}

fn read_base(
    disk: &dyn Disk,
    before: &FileState,
    options: &PatchOptions,
) -> Result<(Vec<u8>, Stat), ApplyError> {
    let path = &before.path;
    let failed = |error| ApplyError::of_call(path, error);
    let stat =
        disk.stat(path).map_err(failed)?.ok_or_else(|| ApplyError::new(ApplyErrorKind::Missing, path))?;
    let kind = match stat.kind {
        Kind::File if stat.names > 1 => Some(ApplyErrorKind::HardLink),
        Kind::File if (stat.mode & 0o100 != 0) != (before.mode == FileMode::Executable) => {
            Some(ApplyErrorKind::StaleBase)
        }
        Kind::File => None,
        Kind::Symlink => Some(ApplyErrorKind::Symlink),
        Kind::Folder | Kind::Other => Some(ApplyErrorKind::NotAFile),
    };
    if let Some(kind) = kind {
        return Err(ApplyError::new(kind, path));
    }
    let bytes = disk.read(path, options.max_file_bytes).map_err(failed)?;
    Ok((bytes, stat))
}

fn check_absent(disk: &dyn Disk, path: &RelPath) -> Result<(), ApplyError> {
    let kind = match disk.stat(path).map_err(|error| ApplyError::of_call(path, error))? {
        None => return Ok(()),
        Some(stat) => match stat.kind {
            Kind::File => ApplyErrorKind::Exists,
            Kind::Symlink => ApplyErrorKind::Symlink,
            Kind::Folder | Kind::Other => ApplyErrorKind::NotAFile,
        },
    };
    Err(ApplyError::new(kind, path))
}

/// The names of new files, and of the folders above them, by the folder that each stands in.
fn new_names(patch: &Patch) -> Result<NewNames, ApplyError> {
    let mut new_names = NewNames::new();
    for file in patch.files() {
        let is_in_place = file.before().is_some() && file.moved_from().is_none();
        let Some(after) = file.after().filter(|_| !is_in_place) else { continue };
        if names::is_foreign(&after.path) {
            return Err(ApplyError::new(ApplyErrorKind::BadPath, &after.path));
        }
        let mut path = after.path.clone();
        while let Some(name) =
            path.to_bytes().rsplit(|&byte| byte == b'/').next().filter(|name| !name.is_empty())
        {
            let parent = path.parent();
            if !new_names.entry(parent.clone()).or_default().insert(name.to_vec()) {
                // Another file of the patch lies in the same folder, whose names are there.
                break;
            }
            path = parent;
        }
        if new_names.len() > MAX_FOLDERS {
            let what = format!("patch whose new files lie in more than {MAX_FOLDERS} folders");
            return Err(ApplyError::about(ApplyErrorKind::TooLarge, what));
        }
    }
    Ok(new_names)
}

/// Refuses new names that some file system takes for another one that is there or will be.
fn check_twins(disk: &dyn Disk, patch: &Patch, new_names: &NewNames) -> Result<(), ApplyError> {
    let mut gone: BTreeSet<&RelPath> = BTreeSet::new();
    for file in patch.files() {
        let is_in_place = file.before().is_some() && file.moved_from().is_none();
        gone.extend(
            file.before().filter(|_| !is_in_place || file.after().is_none()).map(|state| &state.path),
        );
    }
    for (folder, names) in new_names {
        let present = match disk.list(folder) {
            Ok(present) => present,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(ApplyError::of_call(folder, error)),
        };
        let mut by_key: HashMap<String, Vec<u8>> = HashMap::new();
        for name in present.into_iter().chain(names.iter().cloned()) {
            let key = names::twin_key(&name);
            let path = child(folder, &name)?;
            if gone.contains(&path) {
                continue;
            }
            match by_key.get(&key) {
                Some(twin) if *twin != name && (names.contains(&name) || names.contains(twin)) => {
                    let path = if names.contains(&name) { path } else { child(folder, twin)? };
                    return Err(ApplyError::new(ApplyErrorKind::CaseTwin, &path));
                }
                Some(_) => {}
                None => {
                    by_key.insert(key, name);
                }
            }
        }
    }
    Ok(())
}

fn child(folder: &RelPath, name: &[u8]) -> Result<RelPath, ApplyError> {
    let mut bytes = folder.to_bytes();
    if !bytes.is_empty() {
        bytes.push(b'/');
    }
    bytes.extend_from_slice(name);
    RelPath::from_bytes(&bytes).map_err(|_| ApplyError::new(ApplyErrorKind::BadPath, folder))
}

/// The folders that new files need, the outermost first.
fn missing_folders(disk: &dyn Disk, steps: &[Step]) -> Result<Vec<Folder>, ApplyError> {
    let mut missing = BTreeSet::new();
    for step in steps.iter().filter(|step| step.before.is_none()) {
        let mut folder = step.path.parent();
        while folder != RelPath::root() && !missing.contains(&folder) {
            match disk.stat(&folder).map_err(|error| ApplyError::of_call(&folder, error))? {
                None => missing.insert(folder.clone()),
                Some(stat) if stat.kind == Kind::Folder => break,
                Some(stat) => {
                    let is_link = stat.kind == Kind::Symlink;
                    let kind = if is_link { ApplyErrorKind::Symlink } else { ApplyErrorKind::NotAFile };
                    return Err(ApplyError::new(kind, &folder));
                }
            };
            folder = folder.parent();
        }
    }
    Ok(missing.into_iter().map(|path| Folder { path, mode: None }).collect())
}

/// The folders that removed files stand in, the deepest first.
fn left_folders(disk: &dyn Disk, steps: &[Step]) -> Result<Vec<Folder>, ApplyError> {
    let mut left = BTreeMap::new();
    for step in steps.iter().filter(|step| step.after.is_none()) {
        let mut folder = step.path.parent();
        while folder != RelPath::root() && !left.contains_key(&folder) {
            let stat = disk.stat(&folder).map_err(|error| ApplyError::of_call(&folder, error))?;
            left.insert(folder.clone(), stat.map_or(0o755, |stat| stat.mode));
            folder = folder.parent();
        }
    }
    // A folder sorts before what is in it.
    Ok(left.into_iter().rev().map(|(path, mode)| Folder { path, mode: Some(mode) }).collect())
}
