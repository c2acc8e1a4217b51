//! The files of a repository.

use std::collections::{BTreeSet, HashSet};
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::port::PortError;
use ignore::{DirEntry, Walk, WalkBuilder};

use crate::options::IndexOptions;

/// A file that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct FoundFile {
    pub(crate) path: RelPath,
    pub(crate) origin: Origin,
    pub(crate) size_bytes: u64,
    pub(crate) modified_ns: i64,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    Disk(PathBuf),
    #[cfg(feature = "git")]
    Blob(crate::git::BlobId),
}

#[cfg(feature = "git")]
impl Origin {
    pub(crate) fn blob(&self) -> Option<crate::git::BlobId> {
        match self {
            Self::Disk(_) => None,
            Self::Blob(blob) => Some(*blob),
        }
    }
}

/// How long after a change a file may change again without another time: clocks of file systems go by
/// ticks of up to 10 ms.
const TICK_NS: i64 = 20_000_000;

impl FoundFile {
    fn new(path: RelPath, on_disk: PathBuf, metadata: &Metadata) -> Self {
        let modified_ns = changed_ns(metadata);
        Self { path, origin: Origin::Disk(on_disk), size_bytes: metadata.len(), modified_ns }
    }

    /// What is there and cannot be looked at. It is read in vain, so that the index tells of it.
    fn unreadable(path: RelPath, on_disk: PathBuf) -> Self {
        Self { path, origin: Origin::Disk(on_disk), size_bytes: 0, modified_ns: 0 }
    }
}

/// When a file was last changed: where the system knows, the time that nobody can set.
#[cfg(unix)]
fn changed_ns(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;

    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed_ns(metadata: &Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    since.map_or(0, |elapsed| i64::try_from(elapsed.as_nanos()).unwrap_or(0))
}

/// Takes the times of the last changes away, which those files may share with a change to come: the
/// content of a file without a time is compared again.
fn unsettle(files: &mut [FoundFile]) {
    let newest = files.iter().map(|file| file.modified_ns).max().unwrap_or(0);
    for file in files.iter_mut().filter(|file| file.modified_ns > newest - TICK_NS) {
        file.modified_ns = 0;
    }
}

/// Folders that hold what others wrote or what programs made, wherever they stand.
const SKIPPED: [&str; 12] = [
    ".git",
    ".aether",
    ".jj",
    ".hg",
    "node_modules",
    ".venv",
    "venv",
    "__pycache__",
    ".tox",
    ".mypy_cache",
    ".pytest_cache",
    ".next",
];
/// Folders of that kind whose names modules have too: they are only skipped outside of `src`.
const SKIPPED_OUTSIDE_SOURCE: [&str; 6] = ["target", "vendor", "dist", "build", "coverage", "third_party"];

/// Whether a folder of that name is left out, whoever lists it. `is_in_source` says that it or a folder
/// around it, below the root, is called `src`.
pub(crate) fn is_skipped(name: &str, is_in_source: bool, excluded: &[String]) -> bool {
    SKIPPED.contains(&name)
        || excluded.iter().any(|excluded| excluded == name)
        || (!is_in_source && SKIPPED_OUTSIDE_SOURCE.contains(&name))
}

/// The error of a repository that is larger than its limit.
pub(crate) fn too_many(max_files: usize) -> PortError {
    let text = format!("more than {max_files} files; raise index.max_files or exclude folders");
    PortError::new(ErrorCode::INDEX_TOO_MANY_FILES, text)
}

/// Walks `root`: what `.gitignore` and its kin name, hidden files and the folders above are left out;
/// links are not followed. Sorted by path.
pub(crate) fn discover(
    root: &Path,
    options: &IndexOptions,
    cancel: &Cancel,
) -> Result<Vec<FoundFile>, PortError> {
    let metadata = std::fs::metadata(root).map_err(|source| {
        PortError::new(ErrorCode::WORKSPACE_NOT_FOUND, format!("{} cannot be opened", root.display()))
            .with_source(source)
    })?;
    if !metadata.is_dir() {
        return Err(PortError::new(
            ErrorCode::WORKSPACE_NOT_FOUND,
            format!("{} is not a folder", root.display()),
        ));
    }
    let mut files = Vec::new();
    for entry in walk(root, options, |_| true) {
        cancel.check().map_err(|_| PortError::new(ErrorCode::CANCELLED, "indexing was cancelled"))?;
        files.extend(found(root, entry)?);
        if files.len() > options.limits.max_files as usize {
            return Err(too_many(options.limits.max_files as usize));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    unsettle(&mut files);
    Ok(files)
}

/// The file that a step of a walk came to, if it is one. A folder that cannot be read stands among the
/// files, and what vanished meanwhile is no part of the index.
fn found(root: &Path, entry: Result<DirEntry, ignore::Error>) -> Result<Option<FoundFile>, PortError> {
    let is_gone = |error: &ignore::Error| {
        error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound)
    };
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) if is_gone(&error) => return Ok(None),
        Err(error) => {
            let Some(place) = place_of(&error).filter(|place| *place != root) else {
                let text = format!("{} cannot be read", root.display());
                return Err(PortError::new(ErrorCode::INDEX_IO, text).with_source(error));
            };
            return Ok(relative(root, place).map(|path| FoundFile::unreadable(path, place.to_owned())));
        }
    };
    if !entry.file_type().is_some_and(|kind| kind.is_file()) {
        return Ok(None);
    }
    let Some(path) = relative(root, entry.path()) else { return Ok(None) };
    Ok(match entry.metadata() {
        Ok(metadata) => Some(FoundFile::new(path, entry.into_path(), &metadata)),
        Err(error) if is_gone(&error) => None,
        Err(_) => Some(FoundFile::unreadable(path, entry.into_path())),
    })
}

/// Where a walk met an error.
fn place_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place_of(err),
        _ => None,
    }
}

/// Names of files that say what is not part of the repository.
const IGNORE_FILES: [&str; 2] = [".gitignore", ".ignore"];

/// Whether a file says what is not part of the repository.
pub(crate) fn is_ignore_file(path: &RelPath) -> bool {
    path.file_name().is_some_and(|name| IGNORE_FILES.contains(&name))
}

/// Whether a folder of this path is left out whatever it holds.
fn is_skipped_folder(path: &Path, excluded: &[String]) -> bool {
    let Some(name) = path.file_name().map(|name| name.to_string_lossy()) else { return false };
    is_skipped(&name, path.components().any(|part| part.as_os_str() == "src"), excluded)
}

/// Whether a path relative to the root lies in a folder that is left out whatever it holds.
#[cfg(feature = "watch")]
pub(crate) fn lies_in_skipped(path: &Path, excluded: &[String]) -> bool {
    path.ancestors().skip(1).any(|folder| is_skipped_folder(folder, excluded))
}

/// The files and folders of `root` that are part of the index and that `admits` lets through; what
/// lies in a folder that it does not is not looked at.
fn walk(root: &Path, options: &IndexOptions, admits: impl Fn(&Path) -> bool + Send + Sync + 'static) -> Walk {
    let base = root.to_owned();
    let excluded = options.exclude.clone();
    WalkBuilder::new(root)
        .require_git(false)
        .follow_links(false)
        .filter_entry(move |entry| {
            if entry.depth() == 0 {
                return true;
            }
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let is_skipped =
                || entry.path().strip_prefix(&base).is_ok_and(|path| is_skipped_folder(path, &excluded));
            !(is_folder && is_skipped()) && admits(entry.path())
        })
        .build()
}

/// Calls `visit` with each folder of `root` that a walk enters, before it is read.
#[cfg(feature = "watch")]
pub(crate) fn visit_folders(root: &Path, options: &IndexOptions, visit: &mut dyn FnMut(&Path) -> bool) {
    // A folder that cannot be read, or that vanished, is not part of the index.
    for entry in walk(root, options, |_| true).flatten() {
        if entry.file_type().is_some_and(|kind| kind.is_dir()) && !visit(entry.path()) {
            return;
        }
    }
}

/// Those of `paths` that a walk would find, sorted: only the folders on their way are read.
pub(crate) fn find_files(
    root: &Path,
    options: &IndexOptions,
    paths: &BTreeSet<&RelPath>,
    cancel: &Cancel,
) -> Result<Vec<FoundFile>, PortError> {
    let mut ways = HashSet::new();
    for path in paths {
        let on_disk = on_disk(root, path);
        for way in on_disk.ancestors() {
            if way == root || !ways.insert(way.to_owned()) {
                break;
            }
        }
    }
    let mut files = Vec::new();
    for entry in walk(root, options, move |path| ways.contains(path)) {
        cancel.check().map_err(|_| PortError::new(ErrorCode::CANCELLED, "indexing was cancelled"))?;
        files.extend(found(root, entry)?);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    unsettle(&mut files);
    Ok(files)
}

/// One file by its path, as a walk would find it: `None` when nothing is there, `Some(None)` when it is
/// no file.
pub(crate) fn find_file(root: &Path, path: &RelPath) -> Option<Option<FoundFile>> {
    let on_disk = on_disk(root, path);
    let metadata = std::fs::symlink_metadata(&on_disk).ok()?;
    Some(metadata.is_file().then(|| {
        // Nothing tells here whether its time is settled; the next walk does.
        FoundFile { modified_ns: 0, ..FoundFile::new(path.clone(), on_disk, &metadata) }
    }))
}

/// Where a file lies.
pub(crate) fn on_disk(root: &Path, path: &RelPath) -> PathBuf {
    let bytes = path.to_bytes();
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        root.join(std::ffi::OsStr::from_bytes(&bytes))
    }
    #[cfg(not(unix))]
    {
        root.join(String::from_utf8_lossy(&bytes).as_ref())
    }
}

/// The path of `path` below `root`.
pub(crate) fn relative(root: &Path, path: &Path) -> Option<RelPath> {
    let tail = path.strip_prefix(root).ok()?;
    let mut bytes = Vec::new();
    for part in tail.components() {
        if !bytes.is_empty() {
            bytes.push(b'/');
        }
        bytes.extend_from_slice(part.as_os_str().as_encoded_bytes());
    }
    RelPath::from_bytes(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of files after those that are not settled were taken away.
    #[track_caller]
    fn check(times: &[i64], expected: &[i64]) {
        let file = |&modified_ns: &i64| FoundFile {
            modified_ns,
            ..FoundFile::unreadable(RelPath::root(), PathBuf::new())
        };
        let mut files: Vec<FoundFile> = times.iter().map(file).collect();
        unsettle(&mut files);
        let found: Vec<i64> = files.iter().map(|file| file.modified_ns).collect();
        assert_eq!(found, expected, "{times:?}");
    }

    #[test]
    fn the_times_of_the_last_changes_are_not_settled() {
        check(&[], &[]);
        check(&[0], &[0]);
        check(&[5], &[0]);
        check(&[TICK_NS, 5, 2 * TICK_NS, 2 * TICK_NS - 1], &[TICK_NS, 5, 0, 0]);
        check(&[7 * TICK_NS, 0, 7 * TICK_NS], &[0, 0, 0]);
        check(&[-7 * TICK_NS, -5], &[-7 * TICK_NS, 0]);
    }
}
