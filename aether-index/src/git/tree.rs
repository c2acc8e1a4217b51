//! The files of a tree that an index is made of.

use std::rc::Rc;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::port::PortError;
use gix::ObjectId;
use gix::objs::tree::{EntryKind, EntryRef};

use super::rules::{GIT_IGNORE, IGNORE, Rules};
use super::{BlobId, lost};
use crate::discover::{FoundFile, Origin, is_skipped, too_many};
use crate::options::IndexOptions;

/// Longest path: no file system has a longer one, and a chain of folders has to end somewhere.
const MAX_PATH_BYTES: usize = 4096;

/// A folder that waits to be read.
struct Folder {
    tree: ObjectId,
    /// From the root of the repository.
    path: RelPath,
    rules: Option<Rc<Rules>>,
    /// Whether a folder called `src` is on the way, seen from the folder that is indexed.
    is_in_source: bool,
}

/// The files below `prefix`, with paths relative to it, sorted.
pub(super) fn files_of(
    repository: &gix::Repository,
    tree: ObjectId,
    prefix: &RelPath,
    options: &IndexOptions,
    cancel: &Cancel,
) -> Result<Vec<FoundFile>, PortError> {
    let mut top = Folder { tree, path: RelPath::root(), rules: None, is_in_source: false };
    for name in prefix.as_str().split('/').filter(|name| !name.is_empty()) {
        top = step_down(repository, &top, name, prefix)?;
    }
    let mut files = Vec::new();
    let (mut folders, mut waiting) = (1, vec![top]);
    while let Some(folder) = waiting.pop() {
        cancel.check().map_err(|_| PortError::new(ErrorCode::CANCELLED, "indexing was cancelled"))?;
        read_folder(repository, &folder, |rules, path, entry| {
            let name = path.file_name().unwrap_or_default();
            match entry.mode.kind() {
                EntryKind::Tree => {
                    if Rules::leave_out(rules, &path, true) {
                        return Ok(());
                    }
                    let is_in_source = folder.is_in_source || name == "src";
                    if is_skipped(name, is_in_source, &options.exclude) {
                        return Ok(());
                    }
                    folders += 1;
                    let rules = rules.cloned();
                    waiting.push(Folder { tree: entry.oid.to_owned(), path, rules, is_in_source });
                }
                EntryKind::Blob | EntryKind::BlobExecutable if !Rules::leave_out(rules, &path, false) => {
                    files.extend(below(prefix, &path).map(|path| FoundFile {
                        path,
                        origin: Origin::Blob(BlobId(entry.oid.to_owned())),
                        size_bytes: 0,
                        modified_ns: 0,
                    }));
                }
                _ => {}
            }
            let most = options.limits.max_files as usize;
            if files.len() > most || folders > most.saturating_add(1) { Err(too_many(most)) } else { Ok(()) }
        })?;
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    // A broken tree may name an entry twice.
    files.dedup_by(|a, b| a.path == b.path);
    Ok(files)
}

/// The folder `name` of a folder on the way to what is indexed.
fn step_down(
    repository: &gix::Repository,
    folder: &Folder,
    name: &str,
    prefix: &RelPath,
) -> Result<Folder, PortError> {
    let mut found = None;
    read_folder(repository, folder, |rules, path, entry| {
        if path.file_name() == Some(name) && entry.mode.is_tree() {
            let (tree, rules) = (entry.oid.to_owned(), rules.cloned());
            found = Some(Folder { tree, path, rules, is_in_source: false });
        }
        Ok(())
    })?;
    found.ok_or_else(|| {
        PortError::new(ErrorCode::GIT_UNKNOWN_FOLDER, format!("the commit has no folder {prefix}"))
    })
}

/// Hands over each entry of a folder with its path and the rules that hold in the folder.
fn read_folder(
    repository: &gix::Repository,
    folder: &Folder,
    mut visit: impl FnMut(Option<&Rc<Rules>>, RelPath, EntryRef<'_>) -> Result<(), PortError>,
) -> Result<(), PortError> {
    let damaged = |error: gix::Error| lost(error, folder.tree, &folder.path);
    let tree = repository.find_object(folder.tree).map_err(damaged)?.try_into_tree().map_err(damaged)?;
    let entries = tree.decode().map_err(damaged)?.entries;
    let list = |name: &[u8]| {
        let is_list = |entry: &&EntryRef<'_>| {
            let kind = entry.mode.kind();
            *entry.filename == *name && matches!(kind, EntryKind::Blob | EntryKind::BlobExecutable)
        };
        let Some(entry) = entries.iter().find(is_list) else { return Ok(None) };
        let object = repository.find_object(entry.oid);
        let mut object = object.map_err(|error| lost(error, entry.oid.to_owned(), &folder.path))?;
        Ok(Some(std::mem::take(&mut object.data)))
    };
    let (ignore, git_ignore) = (list(IGNORE)?, list(GIT_IGNORE)?);
    let rules = Rules::of(&folder.path, folder.rules.as_ref(), ignore.as_deref(), git_ignore.as_deref());
    for entry in entries {
        let mut path = folder.path.to_bytes();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(entry.filename);
        // What no checkout could write down is not there.
        let has_slash = entry.filename.contains(&b'/');
        let Some(path) =
            RelPath::from_bytes(&path).ok().filter(|_| !has_slash && path.len() <= MAX_PATH_BYTES)
        else {
            continue;
        };
        visit(rules.as_ref(), path, entry)?;
    }
    Ok(())
}

/// A path of the repository as one of the folder that is indexed.
fn below(prefix: &RelPath, path: &RelPath) -> Option<RelPath> {
    if prefix.as_str().is_empty() {
        return Some(path.clone());
    }
    let rest = path.as_str().strip_prefix(prefix.as_str())?.strip_prefix('/')?;
    RelPath::new(rest).ok()
}
