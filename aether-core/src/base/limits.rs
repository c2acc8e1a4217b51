//! Limits on what is read from outside, with documented defaults.

use serde::{Deserialize, Serialize};

/// Limits of one index run. A file beyond a limit is kept as a file with a diagnostic and without
/// symbols; a repository beyond a limit fails.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct IndexLimits {
    /// Largest file that is parsed, in bytes. Default 2 MiB: larger files are generated.
    pub max_file_bytes: u64,
    /// Deepest syntax tree that is walked. Default 4,096: the deepest hand-written file of the
    /// measured corpora is below 200, and a walk keeps one small frame per level.
    pub max_depth: u32,
    /// Most files of one repository. Default 500,000.
    pub max_files: u32,
    /// Most expressions of one file that are kept for resolution. Default 1,000,000.
    pub max_expressions: u32,
}

impl Default for IndexLimits {
    fn default() -> Self {
        Self {
            max_file_bytes: 2 * 1024 * 1024,
            max_depth: 4096,
            max_files: 500_000,
            max_expressions: 1_000_000,
        }
    }
}

/// Something read from outside is larger than the limit for it.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{what} is {actual}, above the limit of {limit}")]
pub struct LimitExceeded {
    /// What was measured, with its unit, such as `bytes of src/big.rs`.
    pub what: String,
    /// The limit in force.
    pub limit: u64,
    /// What was found.
    pub actual: u64,
}
