//! The first index of a repository.

use std::collections::BTreeMap;

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{FileContent, FileDelta, GraphDelta, IndexedFile, Language};
use aether_core::port::PortError;

use super::parse::Parsed;
use super::{Entry, Indexer, Sink};
use crate::contents::Contents;
use crate::discover::FoundFile;
use crate::report::{Progress, Stage, UpdateReport};

/// Files of one change while the first index is built: what is stored is there for questions.
const FIRST_BATCH_FILES: usize = 512;

impl Indexer {
    /// Builds the index from nothing, batch by batch: first all symbols, then all edges, because an edge
    /// can only lead to a symbol that is there.
    pub(super) fn first_index(
        &mut self,
        found: &[FoundFile],
        contents: &dyn Contents,
        sink: &mut Sink<'_>,
        cancel: &Cancel,
        progress: &dyn Progress,
        report: &mut UpdateReport,
    ) -> Result<(), PortError> {
        let files_total = found.len() as u64;
        let made_by = self.options.made_by();
        let mut is_full = true;
        let mut send = |files: Vec<FileDelta>| {
            let made_by = is_full.then(|| made_by.clone());
            let delta = GraphDelta { files, is_full, files_total, made_by, ..GraphDelta::default() };
            is_full = false;
            sink(delta)
        };
        let mut manifests = BTreeMap::new();
        for (number, batch) in found.chunks(FIRST_BATCH_FILES).enumerate() {
            let ahead = Ahead { inner: progress, done: number * FIRST_BATCH_FILES, total: found.len() };
            let mut files = Vec::new();
            let (read, _) = self.parse(batch, contents, cancel, &ahead)?;
            for mut parsed in read {
                report.files_parsed += 1;
                report.bytes_parsed += parsed.size_bytes;
                self.files.insert(parsed.path.clone(), Entry::of(&mut parsed));
                if parsed.language == Language::CARGO {
                    // What a manifest holds is told by the package model, which needs all files.
                    manifests.insert(parsed.path.clone(), parsed);
                } else {
                    files.push(self.symbols_alone(parsed));
                }
            }
            send(files)?;
        }
        self.refresh_packages(&mut manifests, true);
        if !manifests.is_empty() {
            send(manifests.into_values().map(|parsed| self.symbols_alone(parsed)).collect())?;
        }
        self.resolver = Some(self.new_resolver());
        self.fill_general();
        self.has_model = true;
        let paths: Vec<RelPath> = self.files.keys().cloned().collect();
        for (number, batch) in paths.chunks(FIRST_BATCH_FILES).enumerate() {
            let ahead = Ahead { inner: progress, done: number * FIRST_BATCH_FILES, total: paths.len() };
            let mut delta = GraphDelta::default();
            let dirty = batch.iter().cloned().collect();
            self.write_delta(BTreeMap::new(), dirty, cancel, &ahead, &mut delta, report)?;
            send(delta.files)?;
        }
        Ok(())
    }

    /// What is stored of a file whose edges are not known yet: without the stamp by which the next
    /// update would take it for done.
    fn symbols_alone(&mut self, parsed: Parsed) -> FileDelta {
        let ids = self.ids_of(&parsed.path);
        let mut file = IndexedFile::new(parsed.path, parsed.language, [0; 32]);
        file.size_bytes = parsed.size_bytes;
        file.diagnostics = parsed.diagnostics;
        let mut delta = FileDelta::new(file);
        delta.content = Some(FileContent::new(parsed.facts, ids.to_vec(), parsed.body_words));
        delta
    }
}

/// Progress of one batch as progress of all.
struct Ahead<'p> {
    inner: &'p dyn Progress,
    done: usize,
    total: usize,
}

impl Progress for Ahead<'_> {
    fn report(&self, stage: Stage, done: usize, _total: usize) {
        self.inner.report(stage, self.done + done, self.total);
    }
}
