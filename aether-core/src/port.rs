//! The ports: traits through which the other crates meet, one file each.

mod embedder;
mod embedding;
mod fact_source;
mod history;
mod inference;
mod mirror;
mod neighbourhood;
mod output_store;
mod project_graph;
mod records;
mod runner;
mod search;
mod store;
mod timer;
mod trace_log;
mod vectors;
mod whole_graph;

pub use crate::authority::audit_sink::AuditSink;
pub use crate::authority::cost_ledger::CostLedger;
pub use crate::authority::grant_store::GrantStore;

pub use embedder::Embedder;
pub use embedding::EmbeddingProvider;
pub use fact_source::{FactSource, FactSourceError, FileStamp, MemoryFacts, SharedFacts};
pub use history::{CommitVersions, HistoryStore};
pub use inference::{InferenceError, InferenceProvider, InferenceRequest};
pub use mirror::RecordMirror;
pub use neighbourhood::{Neighbourhood, NeighbourhoodQuery};
pub use output_store::OutputStore;
pub use records::{RecordDelta, RecordStamp, RecordStore, Store};
pub use runner::{RunError, RunRequest, Runner};
pub use search::SymbolSearch;
pub use store::{
    CallPath, Cycle, EdgeQuery, EdgeRecord, GraphStore, ImpactEntry, IndexStore, PathQuery, PortError,
    StoreState, SymbolQuery,
};
pub use timer::Timer;
pub use trace_log::{TraceLog, trace_of_line};
pub use vectors::{SymbolVector, VectorDelta, VectorSpace, VectorStore};
pub use whole_graph::{
    Communities, Community, CommunityQuery, RankDirection, RankQuery, UnreachedEntry, UnreachedQuery,
    UnreachedSymbol, WholeGraph, WholeGraphBuilder,
};
