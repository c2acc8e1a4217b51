//! How often files changed.

use std::collections::BTreeMap;

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::port::PortError;
use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::{GitRepository, lost, resolve};

/// Deepest folder that is compared: no checkout has a deeper one.
const MAX_DEPTH: usize = 512;

impl GitRepository {
    /// In how many commits each file was added, changed or removed: of the last `limit` that led to
    /// `revision` along the first parents, so that what a merge brought in counts once. Paths are relative
    /// to the folder that the repository was opened at. The first commit of all and the last of a shallow
    /// clone changed nothing that is known.
    ///
    /// Only folders that differ are read. Files that were renamed count under each of their names.
    ///
    /// # Errors
    ///
    /// Those of [`GitRepository::snapshot`] for revisions; [`ErrorCode::GIT_MISSING_OBJECT`] where a clone
    /// is partial, [`ErrorCode::GIT_UNREADABLE`] and [`ErrorCode::CANCELLED`].
    pub fn churn(
        &self,
        revision: &str,
        limit: u32,
        cancel: &Cancel,
    ) -> Result<BTreeMap<RelPath, u32>, PortError> {
        let mut repository = self.inner.to_thread_local();
        // Neighbours share most of their folders.
        repository.object_cache_size_if_unset(16 * 1024 * 1024);
        let (mut id, tree) = resolve(&repository, revision)?;
        let mut now = self.folder_in(&repository, tree)?;
        let mut counts: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
        for _ in 0..limit {
            cancel
                .check()
                .map_err(|_| PortError::new(ErrorCode::CANCELLED, "reading commits was cancelled"))?;
            let Some((parent, tree)) = parent_of(&repository, id)? else { break };
            let before = self.folder_in(&repository, tree)?;
            let mut changed = |path: &[u8]| match counts.get_mut(path) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(path.to_vec(), 1);
                }
            };
            compare(&repository, before, now, &mut Vec::new(), 0, &mut changed)?;
            (id, now) = (parent, before);
        }
        let known =
            counts.into_iter().filter_map(|(path, count)| Some((RelPath::from_bytes(&path).ok()?, count)));
        Ok(known.collect())
    }

    /// The folder that is indexed, in the tree of a commit.
    fn folder_in(&self, repository: &gix::Repository, tree: ObjectId) -> Result<Option<ObjectId>, PortError> {
        let mut folder = tree;
        for name in self.prefix.as_str().split('/').filter(|name| !name.is_empty()) {
            let entries = entries_of(repository, folder)?;
            match entries.into_iter().find(|entry| entry.name == name.as_bytes() && entry.is_folder) {
                Some(entry) => folder = entry.id,
                None => return Ok(None),
            }
        }
        Ok(Some(folder))
    }
}

/// The first parent of a commit and its tree; `None` of the first commit and beyond the end of a shallow
/// clone.
fn parent_of(repository: &gix::Repository, id: ObjectId) -> Result<Option<(ObjectId, ObjectId)>, PortError> {
    let parent = {
        let object = repository.find_object(id).map_err(|error| lost(error, id, &RelPath::root()))?;
        let commit = object.try_to_commit_ref().map_err(|error| lost(error, id, &RelPath::root()))?;
        commit.parents().next()
    };
    let Some(parent) = parent else { return Ok(None) };
    let damaged = |error: gix::Error| lost(error, parent, &RelPath::root());
    let object = match repository.find_object(parent) {
        Ok(object) => object,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(damaged(error)),
    };
    let tree = object.try_to_commit_ref().map_err(damaged)?.tree();
    Ok(Some((parent, tree)))
}

/// An entry of a folder: a file, or another folder.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Entry {
    name: Vec<u8>,
    is_folder: bool,
    id: ObjectId,
}

/// The files and folders of a folder, sorted by name.
fn entries_of(repository: &gix::Repository, tree: ObjectId) -> Result<Vec<Entry>, PortError> {
    let damaged = |error: gix::Error| lost(error, tree, &RelPath::root());
    let tree = repository.find_object(tree).map_err(damaged)?.try_into_tree().map_err(damaged)?;
    let mut entries: Vec<Entry> = tree
        .decode()
        .map_err(damaged)?
        .entries
        .iter()
        .filter(|entry| {
            matches!(entry.mode.kind(), EntryKind::Tree | EntryKind::Blob | EntryKind::BlobExecutable)
        })
        .map(|entry| Entry {
            name: entry.filename.to_vec(),
            is_folder: entry.mode.is_tree(),
            id: entry.oid.to_owned(),
        })
        .collect();
    entries.sort_unstable_by(|a, b| (&a.name, a.is_folder).cmp(&(&b.name, b.is_folder)));
    Ok(entries)
}

/// Hands over the path of each file that two folders do not share.
fn compare(
    repository: &gix::Repository,
    before: Option<ObjectId>,
    now: Option<ObjectId>,
    path: &mut Vec<u8>,
    depth: usize,
    changed: &mut dyn FnMut(&[u8]),
) -> Result<(), PortError> {
    if before == now || depth > MAX_DEPTH {
        return Ok(());
    }
    let entries =
        |tree: Option<ObjectId>| tree.map_or_else(|| Ok(Vec::new()), |tree| entries_of(repository, tree));
    let (old, new) = (entries(before)?, entries(now)?);
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        // The two lists, side by side.
        let order = match (old.peek(), new.peek()) {
            (Some(a), Some(b)) => (&a.name, a.is_folder).cmp(&(&b.name, b.is_folder)),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return Ok(()),
        };
        let before = if order.is_le() { old.next() } else { None };
        let now = if order.is_ge() { new.next() } else { None };
        let (before_id, now_id) = (before.as_ref().map(|it| it.id), now.as_ref().map(|it| it.id));
        let Some(entry) = now.or(before).filter(|_| before_id != now_id) else { continue };
        let length = path.len();
        if length > 0 {
            path.push(b'/');
        }
        path.extend_from_slice(&entry.name);
        if entry.is_folder {
            compare(repository, before_id, now_id, path, depth + 1, changed)?;
        } else {
            changed(path);
        }
        path.truncate(length);
    }
}
