//! What code is made of: symbols, facts of a file, the project graph, anchors, changes, lineage, queries,
//! semantic records and their history, contracts, syntax.

pub mod facts;
#[cfg(feature = "proptest1")]
pub mod strategies;
pub mod words;

mod anchor;
mod chain;
mod change;
mod context;
mod contract;
mod effect;
mod fusion;
mod graph;
mod history;
mod lineage;
mod path_filter;
mod project_graph;
mod query;
mod sir;
mod symbol;
mod syntax;

pub use anchor::{
    Anchor, AnchorError, AnchorErrorKind, AnchorTarget, SCHEMA_VERSION as ANCHOR_SCHEMA_VERSION,
};
pub use chain::{AnchorChain, ChainStep, ChainStepKind, SCHEMA_VERSION as CHAIN_SCHEMA_VERSION};
pub use change::{ChangedSymbol, FileChange, FileVersion, SCHEMA_VERSION as CHANGE_SCHEMA_VERSION};
pub use context::{
    ContextBudget, ContextCandidate, ContextEntry, ContextFormat, ContextPack,
    SCHEMA_VERSION as CONTEXT_SCHEMA_VERSION, context_score, linked_score,
};
pub use contract::{
    Contract, Finding, RepositoryFile, RepositoryFileError, SCHEMA_VERSION as CONTRACT_SCHEMA_VERSION,
    Verdict,
};
pub use effect::{Effect, EffectKind, EffectStep, SCHEMA_VERSION as EFFECT_SCHEMA_VERSION};
pub use fusion::fuse;
pub use graph::{
    Confidence, Edge, EdgeKind, EdgeTarget, ExternalPath, FileContent, FileDelta, GraphDelta, IndexedFile,
    Resolution, SCHEMA_VERSION as EDGE_SCHEMA_VERSION,
};
pub use history::{Commit, FieldChange, SCHEMA_VERSION as HISTORY_SCHEMA_VERSION, SirDiff, SirVersion};
pub use lineage::{
    LineageCandidate, LineageCause, LineageLink, SCHEMA_VERSION as LINEAGE_SCHEMA_VERSION, match_lineage,
};
pub(crate) use project_graph::sort_edges;
pub use project_graph::{
    GraphCounts, GraphFile, GraphRecord, ProjectGraph, ProjectGraphBuilder, ProjectGraphWriter,
    SCHEMA_VERSION as PROJECT_GRAPH_SCHEMA_VERSION,
};
pub use query::{
    Answer, Coverage, Cursor, Freshness, SCHEMA_VERSION as ANSWER_SCHEMA_VERSION, SearchAnswer, SearchHit,
    SearchMode, SearchQuery,
};
pub use sir::{
    RecordAttempt, RecordStatus, SCHEMA_VERSION as SIR_SCHEMA_VERSION, Sir, SirError, Statement, StoredRecord,
};
pub use symbol::{
    Language, SCHEMA_VERSION as SYMBOL_SCHEMA_VERSION, Symbol, SymbolId, SymbolIdError, SymbolIdentity,
    SymbolKind, Visibility,
};
pub use syntax::{
    SCHEMA_VERSION as SYNTAX_SCHEMA_VERSION, SyntaxCapture, SyntaxFiles, SyntaxLimit, SyntaxMatch,
    SyntaxMatches, SyntaxQuery,
};
