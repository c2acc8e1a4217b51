//! Lexical search over symbols.

use super::PortError;
use crate::code::{SearchHit, SearchQuery};

/// Finds symbols by words.
///
/// A symbol answers to its name, whole and by the parts of `snake_case` and `camelCase`, and to the
/// words of its qualified name, path, signature, documentation and body, without regard to case. A
/// symbol of exactly the name that is asked for comes first. A word that ends in `*` matches as a
/// prefix, one in double quotes only as a whole name. All filters must hold; each keeps what has one
/// of its values, for paths what [`SearchQuery::keeps_path`] keeps.
///
/// # Examples
///
/// ```
/// use aether_core::code::SearchQuery;
/// use aether_core::port::{PortError, SymbolSearch};
///
/// /// The place of the best hit.
/// fn first(search: &dyn SymbolSearch, text: &str) -> Result<Option<String>, PortError> {
///     let hits = search.search(&SearchQuery::parse(text, 1))?;
///     Ok(hits.first().map(|hit| format!("{}:{}", hit.file, hit.name_line)))
/// }
/// ```
pub trait SymbolSearch: Send + Sync + std::fmt::Debug {
    /// The best hits, best first; equal scores in the order of qualified name and id. Scores are finite
    /// and depend on the content of the index alone.
    ///
    /// # Errors
    ///
    /// When the index cannot be read. No query is an error: one without a text lists what its filters
    /// keep, by qualified name; a text without letters and digits finds nothing.
    fn search(&self, query: &SearchQuery) -> Result<Vec<SearchHit>, PortError>;
}
