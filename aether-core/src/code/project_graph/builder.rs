//! A project graph without a store: from the deltas of an indexer.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::{GraphFile, GraphRecord, ProjectGraph, sort_edges};
use crate::base::RelPath;
use crate::code::facts::FileFacts;
use crate::code::{Confidence, Edge, EdgeTarget, FileContent, GraphDelta, IndexedFile, Resolution, SymbolId};

/// Makes a project graph out of the deltas of an indexer, in the place of a store.
///
/// What it makes equals what a store tells that took the same deltas
/// ([`IndexStore::visit_project_graph`](crate::port::IndexStore::visit_project_graph)).
#[derive(Clone, Debug, Default)]
pub struct ProjectGraphBuilder {
    files: BTreeMap<RelPath, Held>,
}

/// What is known of a file.
#[derive(Clone, Debug)]
struct Held {
    file: IndexedFile,
    /// Without the words of bodies, which are no part of a graph.
    content: Option<FileContent>,
    edges: Vec<Edge>,
}

impl ProjectGraphBuilder {
    /// Takes a change in, in the order in which the indexer hands them over.
    pub fn apply(&mut self, delta: GraphDelta) {
        if delta.is_full {
            self.files.clear();
        }
        for path in &delta.removed {
            self.files.remove(path);
        }
        for change in delta.files {
            let held = self.files.entry(change.file.path.clone()).or_insert_with(|| Held {
                file: change.file.clone(),
                content: None,
                edges: Vec::new(),
            });
            held.file = change.file;
            if let Some(FileContent { facts, ids, .. }) = change.content {
                held.content = Some(FileContent { facts, ids, body_words: Vec::new() });
            }
            if let Some(edges) = change.edges {
                held.edges = edges;
            }
        }
    }

    /// The facts of a file, where it has some.
    #[must_use]
    pub fn facts(&self, path: &RelPath) -> Option<Arc<FileFacts>> {
        Some(Arc::clone(&self.files.get(path)?.content.as_ref()?.facts))
    }

    /// Hands over every part of the graph in its order.
    pub fn visit(&self, visit: &mut dyn FnMut(GraphRecord<'_>)) {
        for held in self.files.values() {
            visit(GraphRecord::File(&GraphFile::from(&held.file)));
        }
        let contents = || self.files.values().filter_map(|held| Some((held, held.content.as_ref()?)));
        for (held, content) in contents() {
            content.symbols(&held.file).iter().for_each(|symbol| visit(GraphRecord::Symbol(symbol)));
        }
        let known: HashSet<SymbolId> =
            contents().flat_map(|(_, content)| content.ids.iter().copied()).collect();
        for (held, content) in contents() {
            for edge in edges_of(held, content, &known) {
                visit(GraphRecord::Edge(&edge));
            }
        }
    }

    /// The graph, of the commit with this full id.
    #[must_use]
    pub fn build(&self, revision: Option<String>) -> ProjectGraph {
        let mut graph = ProjectGraph::new(revision);
        self.visit(&mut |record| graph.push(record));
        graph
    }
}

/// The edges of a file in the order of source and site. As in a store, one whose source is gone is
/// dropped, and one whose target is gone leads nowhere that is known.
fn edges_of(held: &Held, content: &FileContent, known: &HashSet<SymbolId>) -> Vec<Edge> {
    let positions: HashMap<SymbolId, usize> =
        content.ids.iter().enumerate().map(|(position, id)| (*id, position)).collect();
    let mut placed: BTreeMap<usize, Vec<Edge>> = BTreeMap::new();
    for edge in &held.edges {
        let Some(&position) = positions.get(&edge.source) else { continue };
        let mut edge = edge.clone();
        if matches!(&edge.target, EdgeTarget::Symbol(id) if !known.contains(id)) {
            edge.target = EdgeTarget::Unresolved;
            edge.confidence = Confidence::default();
            edge.resolution = Resolution::Unresolved;
        }
        placed.entry(position).or_default().push(edge);
    }
    placed.values_mut().for_each(|edges| sort_edges(edges));
    placed.into_values().flatten().collect()
}
