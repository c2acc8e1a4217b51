//! The edges of files, resolved and written down.

use std::collections::{BTreeMap, BTreeSet};

use aether_core::base::{Cancel, ErrorCode, RelPath};
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, FileContent, FileDelta, GraphDelta, Resolution, SymbolId,
};
use aether_core::port::PortError;

use super::parse::{self, Parsed};
use super::{Indexer, indexed_file};
use crate::cargo::{Dependency, identifier};
use crate::general::{End, GeneralEdge, Resolved};
use crate::report::{Progress, Stage, UpdateReport};
use crate::rust::resolve::{DefId, RawEdge, RawTarget, Resolver};

impl Indexer {
    pub(super) fn write_delta(
        &mut self,
        mut contents: BTreeMap<RelPath, Parsed>,
        dirty: BTreeSet<RelPath>,
        cancel: &Cancel,
        progress: &dyn Progress,
        delta: &mut GraphDelta,
        report: &mut UpdateReport,
    ) -> Result<(), PortError> {
        let mut paths: BTreeSet<RelPath> = dirty;
        paths.extend(contents.keys().cloned());
        let total = paths.len();
        let Some(mut resolver) = self.resolver.take() else {
            return Err(PortError::new(ErrorCode::INTERNAL, "the resolver was not built"));
        };
        for (done, path) in paths.into_iter().enumerate() {
            cancel.check().map_err(|_| PortError::new(ErrorCode::CANCELLED, "indexing was cancelled"))?;
            progress.report(Stage::Resolve, done, total);
            let (edges, dependencies) = self.edges_of(&mut resolver, &path);
            report.files_resolved += 1;
            let ids = self.ids_of(&path);
            let content = contents.remove(&path);
            let diagnostics = content.as_ref().map(|parsed| parsed.diagnostics.clone());
            let Some(entry) = self.files.get_mut(&path) else { continue };
            entry.dependencies = dependencies.clone().into();
            let diagnostics = diagnostics.unwrap_or_else(|| parse::diagnostics_of(entry.facts.as_deref()));
            let mut file = FileDelta::new(indexed_file(&path, entry, &diagnostics));
            file.content =
                content.map(|parsed| FileContent::new(parsed.facts, ids.to_vec(), parsed.body_words));
            file.edges = Some(edges);
            file.dependencies = dependencies;
            delta.files.push(file);
        }
        progress.report(Stage::Resolve, total, total);
        self.resolver = Some(resolver);
        Ok(())
    }

    fn edges_of(&mut self, resolver: &mut Resolver, path: &RelPath) -> (Vec<Edge>, Vec<u32>) {
        if let Some(Resolved { edges, module_path, dependencies }) = self.general.resolve(path) {
            if let Some(entry) = self.files.get_mut(path) {
                entry.module_path = module_path;
            }
            return (self.general_edges(path, edges), dependencies);
        }
        let Some(&number) = resolver.program.file_numbers.get(path) else {
            return (self.manifest_edges(path), Vec::new());
        };
        let (raw, dependencies) = resolver.edges_of(number);
        if let Some(entry) = self.files.get_mut(path) {
            entry.module_path = resolver.program.module_path(number);
        }
        let facts = self.files.get(path).and_then(|entry| entry.facts.clone());
        let Some(facts) = facts else { return (Vec::new(), dependencies) };
        let starts = facts.line_starts();
        let edges = raw.into_iter().filter_map(|edge| self.edge(resolver, edge, &starts)).collect();
        (edges, dependencies)
    }

    fn general_edges(&mut self, path: &RelPath, edges: Vec<(GeneralEdge, End)>) -> Vec<Edge> {
        let facts = self.files.get(path).and_then(|entry| entry.facts.clone());
        let starts = facts.map(|facts| facts.line_starts()).unwrap_or_default();
        let ids = self.ids_of(path);
        let mut found = Vec::with_capacity(edges.len());
        for (edge, end) in edges {
            let target = match end {
                End::Symbol(file, symbol) => match self.ids_of(&file).get(symbol.0 as usize) {
                    Some(&id) => EdgeTarget::Symbol(id),
                    None => continue,
                },
                End::External(path) => EdgeTarget::External(path),
                End::Unresolved => EdgeTarget::Unresolved,
            };
            let Some(&source) = ids.get(edge.source.0 as usize) else { continue };
            found.push(Edge {
                source,
                kind: edge.kind,
                line: starts.partition_point(|&start| start <= edge.at) as u32,
                at: edge.at,
                target,
                confidence: Confidence::from_thousandths(edge.confidence()),
                resolution: edge.resolution,
                text: edge.text,
            });
        }
        found
    }

    fn edge(&mut self, resolver: &Resolver, raw: RawEdge, line_starts: &[u32]) -> Option<Edge> {
        let source = self.id_of(resolver, raw.source)?;
        let target = match raw.target {
            RawTarget::Def(def) => EdgeTarget::Symbol(self.id_of(resolver, def)?),
            RawTarget::External(path) => EdgeTarget::External(path),
            RawTarget::Unresolved => EdgeTarget::Unresolved,
        };
        Some(Edge {
            source,
            kind: raw.kind,
            line: line_starts.partition_point(|&start| start <= raw.at) as u32,
            at: raw.at,
            target,
            confidence: Confidence::from_thousandths(raw.confidence),
            resolution: raw.resolution,
            text: raw.text,
        })
    }

    fn id_of(&mut self, resolver: &Resolver, def: DefId) -> Option<SymbolId> {
        let path = &resolver.program.file_of(def).path;
        let index = resolver.program.symbol_idx(def).0 as usize;
        if let Some(ids) = self.files.get(path).and_then(|entry| entry.ids.as_ref()) {
            return ids.get(index).copied();
        }
        self.ids_of(&path.clone()).get(index).copied()
    }

    /// What a package depends on.
    fn manifest_edges(&mut self, path: &RelPath) -> Vec<Edge> {
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
