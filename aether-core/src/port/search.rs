//! Lexical search over symbols.

use super::PortError;
use crate::code::{SearchHit, SearchQuery};

/// Finds symbols by words.
pub trait SymbolSearch: Send + Sync + std::fmt::Debug {
    /// The best hits, best first; equal scores in the order of qualified name and id.
    ///
    /// # Errors
    ///
    /// When the index cannot be read. No query is an error: one without words lists what its filters
    /// keep.
    fn search(&self, query: &SearchQuery) -> Result<Vec<SearchHit>, PortError>;
}
