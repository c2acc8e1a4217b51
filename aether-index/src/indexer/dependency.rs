//! Which files an update concerns beyond those that changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::Language;
use aether_core::code::facts::FileFacts;

use super::parse::Parsed;
use super::{Entry, Indexer};
use crate::general::General;
use crate::interface::Interface;
use crate::rust::resolve::keys::is_among;
use crate::rust::resolve::{Change, Comparison};

/// The state of changed and removed files before an update.
#[derive(Debug, Default)]
pub(super) struct Before {
    pub(super) facts: BTreeMap<RelPath, (Language, Arc<FileFacts>)>,
    interfaces: BTreeMap<RelPath, Interface>,
}

impl Before {
    /// Whether manifests and the set of Rust files are as they were.
    pub(super) fn has_structure_of(&self, contents: &BTreeMap<RelPath, Parsed>, removed: &[RelPath]) -> bool {
        !removed.iter().any(|path| is_rust(path) || path.file_name() == Some("Cargo.toml"))
            && contents.values().all(|parsed| match parsed.language.as_str() {
                "cargo" => false,
                "rust" => self.facts.contains_key(&parsed.path),
                _ => true,
            })
    }
}

impl Indexer {
    /// Keeps what an update replaces.
    pub(super) fn before(&mut self, parsed: &[Parsed], removed: &[RelPath]) -> Before {
        let mut before = Before::default();
        if self.resolver.is_none() {
            self.resolver = Some(self.new_resolver());
        }
        for path in parsed.iter().map(|parsed| &parsed.path).chain(removed) {
            let Some(entry) = self.files.get(path) else { continue };
            if let Some(facts) = &entry.facts {
                before.facts.insert(path.clone(), (entry.language.clone(), Arc::clone(facts)));
                if entry.language == Language::RUST || self.general.has(path) {
                    let paths = self.general.open_paths_of(path);
                    before.interfaces.insert(path.clone(), Interface::of(path, facts, paths));
                }
            }
        }
        before
    }

    /// Brings the resolver up to date and returns the files whose edges may change.
    pub(super) fn rebuild(
        &mut self,
        before: &Before,
        contents: &BTreeMap<RelPath, Parsed>,
        removed: &[RelPath],
        is_everything: bool,
    ) -> BTreeSet<RelPath> {
        let mut general = self.rebuild_general(before, contents, removed);
        let is_in_place = !is_everything
            && !removed.iter().any(is_rust)
            && contents.keys().all(|path| !is_rust(path) || before.interfaces.contains_key(path));
        let mut concerned = None;
        if is_in_place && let Some(resolver) = &mut self.resolver {
            let changes: Vec<Change<'_>> = contents
                .iter()
                .filter(|(path, _)| is_rust(path))
                .filter_map(|(path, parsed)| {
                    let old = before.interfaces.get(path)?;
                    Some(Change {
                        path,
                        facts: &parsed.facts,
                        old,
                        new: Interface::of(path, &parsed.facts, &[]),
                    })
                })
                .collect();
            concerned =
                if changes.is_empty() { Some(Vec::new()) } else { resolver.patch(&changes, &self.packages) };
        }
        let mut keys = match concerned {
            Some(keys) => keys,
            None => match self.build_anew(before, contents, removed) {
                Some(keys) if !is_everything => keys,
                _ => return self.files.keys().cloned().collect(),
            },
        };
        keys.append(&mut general);
        if keys.is_empty() {
            return BTreeSet::new();
        }
        keys.sort_unstable();
        keys.dedup();
        // Both lists are sorted; the shorter one is looked up in the longer one.
        let is_concerned = |entry: &Entry| {
            let dependencies = &entry.dependencies;
            if keys.len() < dependencies.len() {
                keys.iter().any(|&key| is_among(dependencies, key))
            } else {
                dependencies.iter().any(|&key| is_among(&keys, key))
            }
        };
        self.files.iter().filter(|(_, entry)| is_concerned(entry)).map(|(path, _)| path.clone()).collect()
    }

    /// Builds the program anew and returns the keys of what differs; `None` when modules have moved:
    /// whoever names them is concerned, and who that is is not worth telling apart for so rare a change.
    fn build_anew(
        &mut self,
        before: &Before,
        contents: &BTreeMap<RelPath, Parsed>,
        removed: &[RelPath],
    ) -> Option<Vec<u32>> {
        let comparison = self.resolver.take().map(|resolver| Comparison::of(&resolver));
        let resolver = self.resolver.insert(self.new_resolver());
        let changed: Vec<&RelPath> = contents.keys().chain(removed).collect();
        let (mut keys, has_moved) = comparison?.differences(resolver, &changed);
        if has_moved {
            return None;
        }
        let nothing = Interface::default();
        for path in changed.into_iter().filter(|path| is_rust(path)) {
            let old = before.interfaces.get(path).unwrap_or(&nothing);
            let new = contents.get(path).map(|parsed| Interface::of(path, &parsed.facts, &[]));
            old.add_difference(new.as_ref().unwrap_or(&nothing), &mut keys);
        }
        Some(keys)
    }

    /// Takes the files of all languages but Rust in, and returns the keys of what differs.
    fn rebuild_general(
        &mut self,
        before: &Before,
        contents: &BTreeMap<RelPath, Parsed>,
        removed: &[RelPath],
    ) -> Vec<u32> {
        let nothing = Interface::default();
        let mut keys = Vec::new();
        for path in removed.iter().filter(|path| self.general.has(path)) {
            General::presence_keys(path, &mut keys);
            before.interfaces.get(path).unwrap_or(&nothing).add_difference(&nothing, &mut keys);
        }
        for path in removed {
            self.general.remove(path);
        }
        for (path, parsed) in contents {
            let was_there = self.general.has(path);
            self.general.insert(path, &parsed.language, &parsed.facts);
            if !self.general.has(path) {
                continue;
            }
            let new = Interface::of(path, &parsed.facts, self.general.open_paths_of(path));
            let old = before.interfaces.get(path).unwrap_or(&nothing);
            // The symbols of another language are others.
            let is_another = before.facts.get(path).is_some_and(|(language, _)| *language != parsed.language);
            if !was_there || is_another {
                General::presence_keys(path, &mut keys);
                old.add_difference(&nothing, &mut keys);
                nothing.add_difference(&new, &mut keys);
            } else {
                old.add_difference(&new, &mut keys);
            }
        }
        keys
    }
}

fn is_rust(path: &RelPath) -> bool {
    path.file_name().is_some_and(|name| name.ends_with(".rs"))
}
