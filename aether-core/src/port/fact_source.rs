//! Where resolution reads facts from.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::PortError;
use crate::base::RelPath;
use crate::code::Language;
use crate::code::facts::FileFacts;

/// Facts of a file, shared between readers.
pub type SharedFacts = Arc<FileFacts>;

/// Why facts could not be read.
pub type FactSourceError = PortError;

/// What a source knows of a file without reading its facts.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FileStamp {
    /// Path.
    pub path: RelPath,
    /// Language.
    pub language: Language,
    /// BLAKE3 of the content.
    pub content_hash: [u8; 32],
    /// Size in bytes.
    pub size_bytes: u64,
    /// Time of the last change in nanoseconds since 1970; 0 when it is not known, or so recent that
    /// another change may have the same.
    pub modified_ns: i64,
    /// Path of the module that the file is; empty when no crate reaches it.
    pub module_path: String,
    /// Hashes of the names that the file's edges depend on, sorted.
    pub dependencies: Arc<[u32]>,
}

impl FileStamp {
    /// A stamp with nothing known but path, language and content hash.
    #[must_use]
    pub fn new(path: RelPath, language: Language, content_hash: [u8; 32]) -> Self {
        Self {
            path,
            language,
            content_hash,
            size_bytes: 0,
            modified_ns: 0,
            module_path: String::new(),
            dependencies: Arc::from([]),
        }
    }
}

/// Facts of a repository, in memory or in a store. Every question is about many at once.
///
/// # Examples
///
/// ```
/// use aether_core::port::{FactSource, MemoryFacts};
/// let source = MemoryFacts::default();
/// assert!(source.files()?.is_empty());
/// # Ok::<(), aether_core::port::PortError>(())
/// ```
pub trait FactSource: Send + Sync + std::fmt::Debug {
    /// All files in the order of their paths.
    ///
    /// # Errors
    ///
    /// When the source cannot be read.
    fn files(&self) -> Result<Vec<FileStamp>, FactSourceError>;

    /// What made the facts, as [`GraphDelta::made_by`](crate::code::GraphDelta::made_by) said; `None` when
    /// nothing did.
    ///
    /// # Errors
    ///
    /// When the source cannot be read.
    fn made_by(&self) -> Result<Option<String>, FactSourceError>;

    /// The facts of `paths`, in their order; `None` for a file without facts.
    ///
    /// # Errors
    ///
    /// When the source cannot be read.
    fn facts(&self, paths: &[RelPath]) -> Result<Vec<Option<SharedFacts>>, FactSourceError>;

    /// The files that declare a symbol of one of `names`, sorted, each once.
    ///
    /// # Errors
    ///
    /// When the source cannot be read.
    fn files_declaring(&self, names: &[&str]) -> Result<Vec<RelPath>, FactSourceError>;

    /// The files with an import whose path has a segment of one of `names`, sorted, each once.
    ///
    /// # Errors
    ///
    /// When the source cannot be read.
    fn files_importing(&self, names: &[&str]) -> Result<Vec<RelPath>, FactSourceError>;
}

/// Facts in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryFacts {
    files: BTreeMap<RelPath, (FileStamp, Option<SharedFacts>)>,
}

impl MemoryFacts {
    /// Adds or replaces a file.
    pub fn insert(&mut self, stamp: FileStamp, facts: Option<SharedFacts>) {
        self.files.insert(stamp.path.clone(), (stamp, facts));
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &RelPath) {
        self.files.remove(path);
    }

    fn paths_where(&self, matches: impl Fn(&FileFacts) -> bool) -> Vec<RelPath> {
        self.files
            .iter()
            .filter(|(_, (_, facts))| facts.as_ref().is_some_and(|facts| matches(facts)))
            .map(|(path, _)| path.clone())
            .collect()
    }
}

impl FactSource for MemoryFacts {
    fn files(&self) -> Result<Vec<FileStamp>, FactSourceError> {
        Ok(self.files.values().map(|(stamp, _)| stamp.clone()).collect())
    }

    fn made_by(&self) -> Result<Option<String>, FactSourceError> {
        Ok(None)
    }

    fn facts(&self, paths: &[RelPath]) -> Result<Vec<Option<SharedFacts>>, FactSourceError> {
        Ok(paths.iter().map(|path| self.files.get(path).and_then(|(_, facts)| facts.clone())).collect())
    }

    fn files_declaring(&self, names: &[&str]) -> Result<Vec<RelPath>, FactSourceError> {
        Ok(self
            .paths_where(|facts| facts.symbols.iter().any(|symbol| names.contains(&facts.name(symbol.name)))))
    }

    fn files_importing(&self, names: &[&str]) -> Result<Vec<RelPath>, FactSourceError> {
        Ok(self.paths_where(|facts| {
            facts
                .imports
                .iter()
                .flat_map(|import| &import.segments)
                .any(|&name| names.contains(&facts.name(name)))
        }))
    }
}
