//! The files of a repository.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::port::PortError;
use ignore::WalkBuilder;

use crate::options::IndexOptions;

/// A file that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct FoundFile {
    pub(crate) path: RelPath,
    pub(crate) on_disk: PathBuf,
    pub(crate) size_bytes: u64,
    pub(crate) modified_ns: i64,
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
    let base = root.to_owned();
    let excluded = options.exclude.clone();
    let walk = WalkBuilder::new(root)
        .require_git(false)
        .follow_links(false)
        .filter_entry(move |entry| {
            let name = entry.file_name().to_string_lossy();
            if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                return true;
            }
            if SKIPPED.contains(&name.as_ref()) || excluded.iter().any(|excluded| *excluded == name) {
                return false;
            }
            let is_in_source = entry
                .path()
                .strip_prefix(&base)
                .is_ok_and(|path| path.components().any(|part| part.as_os_str() == "src"));
            is_in_source || !SKIPPED_OUTSIDE_SOURCE.contains(&name.as_ref())
        })
        .build();
    let mut files = Vec::new();
    for entry in walk {
        cancel.check().map_err(|_| PortError::new(ErrorCode::CANCELLED, "indexing was cancelled"))?;
        // A folder that cannot be read, or that vanished, is not part of the index.
        let Ok(entry) = entry else { continue };
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(metadata) = entry.metadata() else { continue };
        let Some(path) = relative(root, entry.path()) else { continue };
        let modified_ns = metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
            .map_or(0, |elapsed| i64::try_from(elapsed.as_nanos()).unwrap_or(0));
        files.push(FoundFile { path, on_disk: entry.into_path(), size_bytes: metadata.len(), modified_ns });
        if files.len() > options.limits.max_files as usize {
            return Err(PortError::new(
                ErrorCode::INDEX_TOO_MANY_FILES,
                format!(
                    "more than {} files; raise index.max_files or exclude folders",
                    options.limits.max_files
                ),
            ));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
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
