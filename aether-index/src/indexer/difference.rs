//! Which files differ from what is known.

use std::collections::BTreeSet;

use aether_core::base::{Cancel, RelPath};
use aether_core::port::PortError;

use super::Indexer;
use crate::discover::{FoundFile, discover, find_file, find_files, is_ignore_file};

/// What may have changed since the last update.
#[derive(Debug)]
pub(super) struct Differences {
    /// Files that are new or may have other content, sorted by path.
    pub(super) changed: Vec<FoundFile>,
    /// Files that are gone, sorted by path.
    pub(super) removed: Vec<RelPath>,
    /// Files of the repository.
    pub(super) files: usize,
}

impl Indexer {
    /// Walks the repository: size and time say whether a file may have changed.
    pub(super) fn all_differences(&self, cancel: &Cancel) -> Result<Differences, PortError> {
        let mut found = discover(&self.root, &self.options, cancel)?;
        let files = found.len();
        let present: BTreeSet<&RelPath> = found.iter().map(|file| &file.path).collect();
        let removed = self.files.keys().filter(|path| !present.contains(path)).cloned().collect();
        found.retain(|file| self.may_differ(file));
        Ok(Differences { changed: found, removed, files })
    }

    /// Compares with a commit: equal content has an equal id, so nothing is read.
    #[cfg(feature = "git")]
    pub(super) fn snapshot_differences(&self, snapshot: &crate::git::Snapshot) -> Differences {
        let found = snapshot.found();
        let present: BTreeSet<&RelPath> = found.iter().map(|file| &file.path).collect();
        let removed = self.files.keys().filter(|path| !present.contains(path)).cloned().collect();
        let differs = |file: &&FoundFile| {
            let known = self.blobs.get(&file.path).filter(|_| self.files.contains_key(&file.path));
            known.copied() != file.origin.blob()
        };
        Differences { changed: found.iter().filter(differs).cloned().collect(), removed, files: found.len() }
    }

    /// Looks at some files alone; `None` when only a walk can tell what they are.
    pub(super) fn named_differences(
        &self,
        paths: &[RelPath],
        cancel: &Cancel,
    ) -> Result<Option<Differences>, PortError> {
        let mut changed = Vec::new();
        let mut removed = Vec::new();
        let mut new = BTreeSet::new();
        for path in paths.iter().collect::<BTreeSet<_>>() {
            let is_known = self.files.contains_key(path);
            if is_ignore_file(path) {
                return Ok(None);
            }
            match find_file(&self.root, path) {
                Some(Some(file)) if is_known => changed.push(file),
                Some(Some(_)) => {
                    new.insert(path);
                }
                // A file that came and went, or whose folder did.
                None if is_known => removed.push(path.clone()),
                None if !self.has_files_in(path) => {}
                _ => return Ok(None),
            }
        }
        if !new.is_empty() {
            let found = find_files(&self.root, &self.options, &new, cancel)?;
            if self.files.len() + found.len() > self.options.limits.max_files as usize {
                return Ok(None);
            }
            changed.extend(found);
            changed.sort_by(|a, b| a.path.cmp(&b.path));
        }
        let appeared = changed.iter().filter(|file| !self.files.contains_key(&file.path)).count();
        let files = self.files.len() + appeared - removed.len();
        Ok(Some(Differences { changed, removed, files }))
    }

    fn has_files_in(&self, folder: &RelPath) -> bool {
        let next = self.files.range(folder.clone()..).find(|(path, _)| *path != folder);
        next.is_some_and(|(path, _)| path.starts_with(folder))
    }

    fn may_differ(&self, found: &FoundFile) -> bool {
        self.files.get(&found.path).is_none_or(|known| {
            known.size_bytes != found.size_bytes
                || known.modified_ns != found.modified_ns
                || found.modified_ns == 0
        })
    }
}
