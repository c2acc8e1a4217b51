//! Options of an index.

use std::sync::Arc;

use aether_core::base::IndexLimits;

use crate::language::{Language, Languages};

/// What is read into an index, and how.
///
/// # Examples
///
/// ```
/// use aether_index::IndexOptions;
/// let options = IndexOptions::default().with_threads(2).with_exclude(vec!["fixtures".to_owned()]);
/// assert_eq!(options.threads, 2);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct IndexOptions {
    /// Limits on what is read.
    pub limits: IndexLimits,
    /// Names of folders that are skipped wherever they stand, on top of the built-in list.
    pub exclude: Vec<String>,
    /// Worker threads; 0 for one per core.
    pub threads: usize,
    pub(crate) languages: Languages,
}

impl IndexOptions {
    /// Sets the limits. Default: [`IndexLimits::default`].
    #[must_use]
    pub fn with_limits(mut self, limits: IndexLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the names of folders to skip. Default: none beyond the built-in list.
    #[must_use]
    pub fn with_exclude(mut self, exclude: Vec<String>) -> Self {
        self.exclude = exclude;
        self
    }

    /// What decides which facts and edges come out of a file: the code of this crate, the limits and
    /// the languages.
    pub(crate) fn made_by(&self) -> String {
        let mut limits = self.limits;
        // It decides about the repository and not about a file.
        limits.max_files = 0;
        let (version, sources) = (env!("CARGO_PKG_VERSION"), env!("AETHER_INDEX_SOURCES"));
        // By `Debug`, so that no limit is forgotten.
        format!("aether-index {version} {sources} {limits:?} {}", self.languages.made_by())
    }

    /// Adds a language, which is asked before those that are there whether a file is of it. Default:
    /// Rust, and those that the features of this crate bring.
    #[must_use]
    pub fn with_language(mut self, language: Arc<dyn Language>) -> Self {
        self.languages.push_front(language);
        self
    }

    /// Sets the number of worker threads. Default: 0, one per core. Results do not depend on it.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }
}
