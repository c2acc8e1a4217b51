//! How the meaning of the repository changed, commit by commit, or from one look to the next.

#[cfg(feature = "git")]
mod backfill;
#[cfg(feature = "git")]
mod between;
mod seen;
mod selector;
mod states;
mod versions;

#[cfg(feature = "git")]
pub use backfill::{BackfillOptions, BackfillSummary};
#[cfg(feature = "git")]
pub use between::{MeaningChange, MeaningChangeKind, MeaningDiff};
pub use seen::SeenSummary;
pub use versions::{HistoryAnswer, VersionEntry, WhyAnswer};
