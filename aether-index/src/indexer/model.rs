//! What is held of the files between updates: their facts, and what packages and resolvers make of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::Language;
use aether_core::port::{FactSource, PortError};

use super::parse::{self, Parsed};
use super::{Entry, Indexer};
use crate::cargo::PackageModel;
use crate::contents::Contents;
use crate::rust::resolve::{Program, Resolver, SourceFile, std_files};

impl Indexer {
    /// Takes over what the source knows of the files, unless another indexer made it or one with other
    /// limits: then everything is read again.
    pub(super) fn load_stamps(&mut self, source: &dyn FactSource) -> Result<(), PortError> {
        self.is_loaded = true;
        if source.made_by()?.is_some_and(|made_by| made_by != self.options.made_by()) {
            return Ok(());
        }
        for stamp in source.files()? {
            let (facts, ids) = self.past.facts_of(&stamp);
            self.files.insert(
                stamp.path,
                Entry {
                    language: stamp.language,
                    content_hash: stamp.content_hash,
                    size_bytes: stamp.size_bytes,
                    modified_ns: stamp.modified_ns,
                    facts,
                    ids,
                    dependencies: stamp.dependencies,
                    module_path: stamp.module_path,
                    manifest: None,
                },
            );
        }
        Ok(())
    }

    /// Reads the facts that the source has of files whose facts are not held.
    pub(super) fn load_facts(
        &mut self,
        source: &dyn FactSource,
        contents: &dyn Contents,
    ) -> Result<(), PortError> {
        if self.has_model {
            return Ok(());
        }
        let missing: Vec<RelPath> = self
            .files
            .iter()
            .filter(|(_, entry)| entry.facts.is_none())
            .map(|(path, _)| path.clone())
            .collect();
        for (path, facts) in missing.iter().zip(source.facts(&missing)?) {
            if let (Some(entry), Some(facts)) = (self.files.get_mut(path), facts) {
                entry.facts = Some(facts);
            }
        }
        let manifests: Vec<RelPath> = self
            .files
            .iter()
            .filter(|(_, entry)| entry.language == Language::CARGO)
            .map(|(path, _)| path.clone())
            .collect();
        let mut reader = contents.reader();
        for path in manifests {
            let text = String::from_utf8_lossy(&reader.read_path(&path)?).into_owned();
            if let Some(entry) = self.files.get_mut(&path) {
                entry.manifest = Some(text);
            }
        }
        self.packages = self.read_packages();
        self.fill_general();
        self.has_model = true;
        Ok(())
    }

    /// Hands the facts of all languages but Rust to their resolver.
    pub(super) fn fill_general(&mut self) {
        for (path, entry) in &self.files {
            if let Some(facts) = &entry.facts {
                self.general.insert(path, &entry.language, facts);
            }
        }
    }

    fn read_packages(&self) -> PackageModel {
        let manifests: Vec<(RelPath, &str)> = self
            .files
            .iter()
            .filter_map(|(path, entry)| Some((path.clone(), entry.manifest.as_deref()?)))
            .collect();
        let paths: BTreeSet<RelPath> = self
            .files
            .iter()
            .filter(|(_, entry)| entry.language == Language::RUST)
            .map(|(path, _)| path.clone())
            .collect();
        PackageModel::read(&manifests, &paths)
    }

    /// Reads the package model again where manifests or the set of files changed, and the facts of
    /// manifests with it. Returns whether the model is another.
    pub(super) fn refresh_packages(
        &mut self,
        contents: &mut BTreeMap<RelPath, Parsed>,
        may_differ: bool,
    ) -> bool {
        if !may_differ {
            return false;
        }
        let model = self.read_packages();
        let is_new = model != self.packages;
        self.packages = model;
        let manifests: Vec<RelPath> = self
            .files
            .iter()
            .filter(|(_, entry)| entry.manifest.is_some())
            .map(|(path, _)| path.clone())
            .collect();
        for path in manifests {
            let Some(entry) = self.files.get_mut(&path) else { continue };
            let text = entry.manifest.as_deref().unwrap_or("");
            let facts = Arc::new(crate::cargo::manifest_facts(&path, text, &self.packages));
            let is_known = entry.facts.as_ref().is_some_and(|known| *known == facts);
            if is_known && !contents.contains_key(&path) {
                continue;
            }
            entry.facts = Some(Arc::clone(&facts));
            entry.ids = None;
            let parsed = contents.entry(path.clone()).or_insert_with(|| Parsed::unchanged(&path, entry));
            parsed.body_words = vec![String::new(); facts.symbols.len()];
            parsed.diagnostics = parse::diagnostics_of(Some(&facts));
            parsed.facts = facts;
        }
        is_new
    }

    fn source_files(&self) -> Vec<SourceFile> {
        self.files
            .iter()
            .filter(|(_, entry)| entry.language == Language::RUST)
            .filter_map(|(path, entry)| {
                Some(SourceFile { path: path.clone(), facts: Arc::clone(entry.facts.as_ref()?) })
            })
            .collect()
    }

    pub(super) fn new_resolver(&self) -> Resolver {
        let files = self.source_files();
        Resolver::new(Program::new(std_files(), &files, &self.packages))
    }
}
