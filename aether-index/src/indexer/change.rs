//! What an update means for the symbols of each file, and what others stored in between.

use std::collections::BTreeMap;
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::FileFacts;
use aether_core::code::{FileChange, FileVersion, Language, SymbolId};
use aether_core::port::{FactSource, FileStamp, PortError};

use super::{Entry, Indexer};
use crate::contents::{Contents, WorkingCopy};
use crate::ids::symbol_ids;

/// What was known before an update.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// Files that the update replaced or removed; `None` for a new one.
    replaced: Vec<(RelPath, Option<Entry>)>,
    /// All files as they were when the store moved on without this indexer, until an update told the
    /// difference.
    earlier: Option<BTreeMap<RelPath, Entry>>,
    is_followed: bool,
}

impl Past {
    /// Notes what an update is about to replace.
    pub(super) fn note(&mut self, path: RelPath, old: Option<Entry>) {
        self.replaced.push((path, old));
    }

    /// Notes that there was no file before: to who follows, the files of such an index are new.
    pub(super) fn begin_with_nothing(&mut self) {
        if self.is_followed && self.earlier.is_none() {
            self.earlier = Some(BTreeMap::new());
        }
    }

    /// Facts and ids that are still those of a stored file: they depend on its bytes alone, but for
    /// manifests, which other manifests have a say in.
    pub(super) fn facts_of(&self, stamp: &FileStamp) -> (Option<Arc<FileFacts>>, Option<Arc<Vec<SymbolId>>>) {
        let entry = self.earlier.as_ref().and_then(|earlier| earlier.get(&stamp.path));
        let is_same = |entry: &&Entry| {
            entry.content_hash == stamp.content_hash
                && entry.language == stamp.language
                && stamp.language != Language::CARGO
        };
        entry.filter(is_same).map_or((None, None), |entry| (entry.facts.clone(), entry.ids.clone()))
    }
}

impl Indexer {
    /// From now on, reports also tell what others stored since the last report: the changes of an
    /// update are those between two reports, whoever found them first. For who watches a repository in
    /// which other programs update the same store. The facts of all files are held from now on.
    ///
    /// # Errors
    ///
    /// What `source` fails with.
    pub fn follow(&mut self, source: &dyn FactSource) -> Result<(), PortError> {
        if !self.is_loaded {
            self.load_stamps(source)?;
        }
        let root = self.root.clone();
        self.load_facts(source, &WorkingCopy { root: &root })?;
        self.past.is_followed = true;
        Ok(())
    }

    /// Reads the store again at the next update, which others have written to. An indexer that follows
    /// ([`Indexer::follow`]) keeps what it knew, so that the next report tells what they changed; to any
    /// other this is [`Indexer::forget`].
    pub fn reload(&mut self) {
        if !self.past.is_followed {
            self.forget();
            return;
        }
        self.past.replaced.clear();
        if self.is_loaded && self.past.earlier.is_none() {
            self.past.earlier = Some(std::mem::take(&mut self.files));
        }
        self.clear();
    }

    /// Undoes what a failed update took in.
    pub(super) fn step_back(&mut self) {
        for (path, old) in std::mem::take(&mut self.past.replaced).into_iter().rev() {
            match old {
                Some(entry) => self.files.insert(path, entry),
                None => self.files.remove(&path),
            };
        }
        self.reload();
    }

    /// What changed since the last report, sorted by file.
    pub(super) fn changes(
        &mut self,
        source: &dyn FactSource,
        contents: &dyn Contents,
    ) -> Result<Vec<FileChange>, PortError> {
        if self.past.is_followed {
            self.load_facts(source, contents)?;
        }
        let mut replaced = std::mem::take(&mut self.past.replaced);
        if let Some(earlier) = self.past.earlier.take() {
            replaced = self.replaced_since(earlier);
        }
        replaced.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut changes = Vec::new();
        for (path, old) in replaced {
            let new_ids = self.ids_of(&path);
            let new = self.files.get(&path);
            let old = old.as_ref();
            let Some(language) = new.or(old).map(|entry| &entry.language) else { continue };
            let old_ids = old.map(|entry| known_ids(&path, entry)).unwrap_or_default();
            let old = old.and_then(|entry| version(entry, &old_ids));
            let new = new.and_then(|entry| version(entry, &new_ids));
            changes.extend(FileChange::between(&path, language, old, new));
        }
        Ok(changes)
    }

    /// The files of `earlier` that have other content now, and the new ones.
    fn replaced_since(&self, mut earlier: BTreeMap<RelPath, Entry>) -> Vec<(RelPath, Option<Entry>)> {
        let mut replaced = Vec::new();
        for (path, entry) in &self.files {
            match earlier.remove(path) {
                Some(old) if old.content_hash == entry.content_hash => {}
                old => replaced.push((path.clone(), old)),
            }
        }
        replaced.extend(earlier.into_iter().map(|(path, old)| (path, Some(old))));
        replaced
    }
}

fn version<'a>(entry: &'a Entry, ids: &'a [SymbolId]) -> Option<FileVersion<'a>> {
    Some(FileVersion { facts: entry.facts.as_deref()?, ids, module_path: &entry.module_path })
}

fn known_ids(path: &RelPath, entry: &Entry) -> Arc<Vec<SymbolId>> {
    match (&entry.ids, &entry.facts) {
        (Some(ids), _) => Arc::clone(ids),
        (None, Some(facts)) => Arc::new(symbol_ids(path, &entry.language, facts)),
        (None, None) => Arc::default(),
    }
}
