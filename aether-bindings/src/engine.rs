//! Use cases: load through ports, one domain call, save.

mod ask;
mod chain;
#[cfg(feature = "change")]
mod change;
mod context;
mod contract;
#[cfg(feature = "provider")]
mod embed_ahead;
mod error;
mod export;
mod history;
mod hotspots;
mod index;
#[cfg(feature = "provider")]
mod infer;
mod lifecycle;
mod meaning;
#[cfg(feature = "git")]
mod past;
mod ports;
mod provided;
mod select;
mod semantic;
mod sources;
#[cfg(feature = "change")]
mod trace;
mod vectors;
#[cfg(feature = "watch")]
mod watch;
mod whole;

pub use aether_index::{EffectTable, EffectTableError, NoProgress, Progress, Stage};
#[cfg(feature = "watch")]
pub use aether_index::{WatchMode, WatchOptions};
#[cfg(feature = "keyring")]
pub use aether_store::AuditKeyring;
pub use aether_store::StoreOptions;
#[cfg(feature = "change")]
pub use aether_store::{
    AuditKeyFile, AuditKeyFiles, AuditLog, AuditTrust, Damage, Doubt, Ed25519Signer, Ed25519Verifier, Ledger,
    LedgerError, LedgerOptions, OutputFiles, PolicyStore, PolicyStoreError, PolicyStoreOptions,
    SigningKeyError, SigningKeyErrorKind, SigningKeyFile, Trust, Verdict, audit_key, verify_ledger,
};
#[cfg(all(feature = "change", target_os = "linux"))]
pub use aether_verify::{ContainerRunner, DockerEngine, KubernetesCluster, KubernetesRunner, launch};
#[cfg(feature = "change")]
pub use aether_verify::{
    HostRunner, Launcher, RunnerChoice, VerifyPlan, choose_runner, secrets_of_cargo, secrets_of_home,
};
pub use ask::{EdgesAnswer, GraphOptions, PathsAnswer, SymbolAnswer};
pub use chain::ChainOptions;
#[cfg(feature = "change")]
pub use change::{
    ApplyAnswer, Approve, Asked, ChangeOptions, ChangePorts, ChangeSession, CheckAnswer, DraftAnswer, Export,
    LiveCheck, LiveReplay, ProvenanceAnswer, Refusal, RevertAnswer, SetAnswer, StandingPatch,
};
pub use contract::ContractCheck;
pub use error::EngineError;
#[cfg(feature = "git")]
pub use history::{BackfillOptions, BackfillSummary, MeaningChange, MeaningChangeKind, MeaningDiff};
pub use history::{HistoryAnswer, SeenSummary, VersionEntry, WhyAnswer};
pub use hotspots::{Hotspot, HotspotOptions, HotspotsAnswer};
pub use index::IndexSummary;
#[cfg(feature = "provider")]
pub use infer::{InferOptions, InferSummary};
pub use lifecycle::{Check, Engine, EngineOptions, Status};
pub use meaning::{RecordSummary, SirAnswer};
pub use ports::Ports;
#[cfg(feature = "change")]
pub use trace::{
    ExportedTraces, TraceEntry, check_trace, export_traces, import_traces, list_traces, replay_trace,
    trace_bytes,
};
pub use vectors::VectorSummary;
#[cfg(feature = "watch")]
pub use watch::{Changes, WatchEvent};
pub use whole::{UnreachedAnswer, UnreachedOptions};
