//! How the meaning of the repository changed, commit by commit.

mod backfill;
mod between;
mod selector;
mod versions;

pub use backfill::{BackfillOptions, BackfillSummary};
pub use between::{MeaningChange, MeaningChangeKind, MeaningDiff};
pub use versions::{HistoryAnswer, VersionEntry, WhyAnswer};
