//! Which files an update concerns beyond those that changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::FileFacts;
use aether_core::code::{Confidence, Edge, EdgeKind, EdgeTarget, Language, Resolution};

use super::Indexer;
use super::parse::Parsed;
use crate::cargo::{Dependency, identifier};
use crate::interface::Interface;

/// The state of changed and removed files before an update.
#[derive(Debug, Default)]
pub(super) struct Before {
    pub(super) facts: BTreeMap<RelPath, (Language, Arc<FileFacts>)>,
    interfaces: BTreeMap<RelPath, Interface>,
    manifests: BTreeMap<RelPath, String>,
    module_paths: BTreeMap<RelPath, String>,
    impls: Vec<(u32, u64)>,
}

impl Before {
    /// Whether manifests and the set of Rust files are as they were.
    pub(super) fn manifests_same(&self, contents: &BTreeMap<RelPath, Parsed>, removed: &[RelPath]) -> bool {
        let is_structure =
            |path: &RelPath| path.as_str().ends_with(".rs") || path.file_name() == Some("Cargo.toml");
        if removed.iter().any(is_structure) {
            return false;
        }
        contents.values().all(|parsed| match parsed.language.as_str() {
            "cargo" => self.manifests.get(&parsed.path).map(String::as_str) == parsed.manifest.as_deref(),
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
            let resolver = self.new_resolver();
            self.resolver = Some(resolver);
        }
        for path in parsed.iter().map(|parsed| &parsed.path).chain(removed) {
            let Some(entry) = self.files.get(path) else { continue };
            if let Some(facts) = &entry.facts {
                before.facts.insert(path.clone(), (entry.language.clone(), Arc::clone(facts)));
                before.interfaces.insert(path.clone(), Interface::of(path, facts));
            }
            if let Some(manifest) = &entry.manifest {
                before.manifests.insert(path.clone(), manifest.clone());
            }
        }
        if let Some(resolver) = &self.resolver {
            before.impls = resolver.impl_fingerprints();
            for (number, file) in resolver.program.files.iter().enumerate().filter(|(_, file)| !file.is_std) {
                before.module_paths.insert(file.path.clone(), resolver.program.module_path(number as u32));
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
        if !is_everything && removed.is_empty() && self.replace_bodies(before, contents) {
            return contents.keys().cloned().collect();
        }
        let mut keys = Vec::new();
        for (path, old) in &before.interfaces {
            match contents.get(path) {
                Some(parsed) => old.add_difference(&Interface::of(path, &parsed.facts), &mut keys),
                None if removed.contains(path) => old.add_difference(&Interface::default(), &mut keys),
                None => {}
            }
        }
        for (path, parsed) in contents {
            if !before.interfaces.contains_key(path) {
                Interface::default().add_difference(&Interface::of(path, &parsed.facts), &mut keys);
            }
        }
        self.resolver = Some(self.new_resolver());
        if is_everything {
            return self.files.keys().cloned().collect();
        }
        let Some(resolver) = &self.resolver else { return BTreeSet::new() };
        add_differing(&before.impls, &resolver.impl_fingerprints(), &mut keys);
        keys.sort_unstable();
        keys.dedup();
        let mut dirty = BTreeSet::new();
        for (path, entry) in &self.files {
            let is_concerned = entry.dependencies.iter().any(|key| keys.binary_search(key).is_ok());
            let has_moved = before.module_paths.get(path).is_some_and(|old| {
                resolver
                    .program
                    .file_numbers
                    .get(path)
                    .is_some_and(|&number| resolver.program.module_path(number) != *old)
            });
            if has_moved {
                // Paths that start at another module: whoever names it is concerned, and who that is
                // is not worth telling apart for so rare a change.
                return self.files.keys().cloned().collect();
            }
            if is_concerned {
                dirty.insert(path.clone());
            }
        }
        dirty
    }

    /// Takes new facts into the resolver as it is, when they show others the same as the old ones;
    /// `false` when some do not.
    fn replace_bodies(&mut self, before: &Before, contents: &BTreeMap<RelPath, Parsed>) -> bool {
        let Some(resolver) = self.resolver.as_mut().filter(|resolver| !resolver.is_worn()) else {
            return false;
        };
        let is_same = contents.values().all(|parsed| {
            parsed.language != Language::CARGO
                && before
                    .interfaces
                    .get(&parsed.path)
                    .is_some_and(|old| old.has_shape_of(&Interface::of(&parsed.path, &parsed.facts)))
        });
        if is_same {
            for parsed in contents.values() {
                if let Some(&number) = resolver.program.file_numbers.get(&parsed.path) {
                    resolver.program.replace_facts(number, &parsed.facts);
                }
            }
        }
        is_same
    }

    /// What a package depends on.
    pub(super) fn manifest_edges(&mut self, path: &RelPath) -> Vec<Edge> {
        let Some(index) = self.packages.packages.iter().position(|package| package.manifest == *path) else {
            return Vec::new();
        };
        // The file is the first symbol of a manifest, its package the second.
        const PACKAGE: usize = 1;
        let Some(&source) = self.ids_of(path).get(PACKAGE) else { return Vec::new() };
        let package = self.packages.packages[index].clone();
        let text = self.files.get(path).and_then(|entry| entry.manifest.clone()).unwrap_or_default();
        let own = identifier(&package.name);
        let mut edges = Vec::new();
        for (name, dependency) in package.dependencies {
            let target = match dependency {
                Dependency::Local(other) if other == index => continue,
                Dependency::Local(other) => {
                    let manifest = self.packages.packages[other].manifest.clone();
                    match self.ids_of(&manifest).get(PACKAGE) {
                        Some(&id) => EdgeTarget::Symbol(id),
                        None => EdgeTarget::Unresolved,
                    }
                }
                Dependency::External(library) if library == own => continue,
                Dependency::External(library) => EdgeTarget::External(library.into()),
            };
            let at = find_key(&text, &name);
            edges.push(Edge {
                source,
                kind: EdgeKind::DependsOn,
                line: 1 + text[..at].bytes().filter(|&byte| byte == b'\n').count() as u32,
                at: at as u32,
                target,
                confidence: Confidence::CERTAIN,
                resolution: Resolution::Syntax,
                text: name,
            });
        }
        edges.sort();
        edges
    }
}

/// The byte at which a dependency stands in a manifest; 0 when it stands there otherwise.
fn find_key(text: &str, name: &str) -> usize {
    let dashed = name.replace('_', "-");
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let key = line.split(['=', '.', ']']).next().unwrap_or("").trim().trim_matches(['"', '[']);
        if key == name || key == dashed {
            return at;
        }
        at += line.len();
    }
    0
}

/// Adds the keys of entries that only one of two sorted lists has.
fn add_differing(old: &[(u32, u64)], new: &[(u32, u64)], keys: &mut Vec<u32>) {
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        match (old.get(i), new.get(j)) {
            (Some(a), Some(b)) if a == b => {
                i += 1;
                j += 1;
            }
            (Some(a), Some(b)) if a < b => {
                keys.push(a.0);
                i += 1;
            }
            (Some(a), None) => {
                keys.push(a.0);
                i += 1;
            }
            (_, Some(b)) => {
                keys.push(b.0);
                j += 1;
            }
            (None, None) => break,
        }
    }
}
