//! The project graph as one record: a snapshot of files, symbols and edges for other programs.

mod builder;
mod writer;

use serde::{Deserialize, Serialize};

use super::{Edge, IndexedFile, Language, Symbol};
use crate::base::{ErrorCode, RelPath};

pub use builder::ProjectGraphBuilder;
pub use writer::{GraphCounts, ProjectGraphWriter};

/// Version of the project graph. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// A snapshot of a repository: its files, its symbols and the edges between them, in the order of
/// `docs/SCHEMAS.md`, section "Project graph".
///
/// It depends on the content alone: no time, no size, no generation and no path of the machine is in
/// it, so equal content has equal bytes, whatever the folder, the number of threads or the updates
/// that led there.
///
/// # Examples
///
/// ```
/// use aether_core::code::{GraphDelta, ProjectGraph, ProjectGraphBuilder};
/// let mut builder = ProjectGraphBuilder::default();
/// builder.apply(GraphDelta::default());
/// let graph: ProjectGraph = builder.build(Some("4b825dc642cb6eb9a060e54bf8d69288fbee4904".to_owned()));
/// let mut bytes = Vec::new();
/// graph.write(&mut bytes)?;
/// assert_eq!(serde_json::from_slice::<ProjectGraph>(&bytes)?, graph);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ProjectGraph {
    /// Version of this record.
    pub schema_version: u32,
    /// Full id of the commit that it is of, in lower-case hex; `None` for a working copy.
    pub revision: Option<String>,
    /// Files, sorted by path.
    pub files: Vec<GraphFile>,
    /// Symbols, sorted by file and position. What contains what is said by their parents.
    pub symbols: Vec<Symbol>,
    /// Edges of all kinds but `defines`, sorted by file, source and site.
    pub edges: Vec<Edge>,
}

impl ProjectGraph {
    /// A graph without anything in it.
    #[must_use]
    pub fn new(revision: Option<String>) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            revision,
            files: Vec::new(),
            symbols: Vec::new(),
            edges: Vec::new(),
        }
    }

    /// Adds a record behind those of its kind; records come in the order of the graph.
    pub fn push(&mut self, record: GraphRecord<'_>) {
        match record {
            GraphRecord::File(file) => self.files.push(file.clone()),
            GraphRecord::Symbol(symbol) => self.symbols.push(symbol.clone()),
            GraphRecord::Edge(edge) => self.edges.push(edge.clone()),
        }
    }

    /// Writes it as JSON, one record a line, as [`ProjectGraphWriter`] does.
    ///
    /// # Errors
    ///
    /// What `sink` fails with.
    pub fn write(&self, sink: &mut dyn std::io::Write) -> std::io::Result<GraphCounts> {
        let mut writer = ProjectGraphWriter::new(sink, self.revision.as_deref());
        self.files.iter().for_each(|file| writer.put(GraphRecord::File(file)));
        self.symbols.iter().for_each(|symbol| writer.put(GraphRecord::Symbol(symbol)));
        self.edges.iter().for_each(|edge| writer.put(GraphRecord::Edge(edge)));
        writer.finish()
    }
}

/// A file of a project graph.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct GraphFile {
    /// Path.
    pub path: RelPath,
    /// Language.
    pub language: Language,
    /// BLAKE3 of the content; written `blake3:` and 64 hex digits.
    #[serde(with = "crate::base::blake3_text")]
    #[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = "^blake3:[0-9a-f]{64}$")))]
    pub content_hash: [u8; 32],
    /// Path of the module that the file is: crate name first. Empty when no crate reaches it.
    pub module_path: String,
    /// What kept parts of the file out of the graph.
    pub diagnostics: Vec<ErrorCode>,
}

impl From<&IndexedFile> for GraphFile {
    fn from(file: &IndexedFile) -> Self {
        Self {
            path: file.path.clone(),
            language: file.language.clone(),
            content_hash: file.content_hash,
            module_path: file.module_path.clone(),
            diagnostics: file.diagnostics.clone(),
        }
    }
}

/// One part of a project graph. All files come first, then all symbols, then all edges.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GraphRecord<'a> {
    /// A file.
    File(&'a GraphFile),
    /// A symbol.
    Symbol(&'a Symbol),
    /// An edge; never one of kind `defines`.
    Edge(&'a Edge),
}

/// Brings edges of one source into the order of the graph: by site, and at one site by kind, target
/// and what else tells them apart.
pub(crate) fn sort_edges(edges: &mut [Edge]) {
    edges.sort_by(|a, b| {
        let key = |edge: &Edge| (edge.at, edge.kind, edge.line, edge.confidence, edge.resolution);
        (key(a), &a.target, &a.text).cmp(&(key(b), &b.target, &b.text))
    });
}
