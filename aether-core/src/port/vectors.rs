//! Where vectors are kept and compared.

use super::PortError;
use crate::base::Sha256Hash;
use crate::code::SymbolId;

/// The vector of a symbol, and the hash of the text that it was made of.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SymbolVector {
    /// Symbol.
    pub symbol: SymbolId,
    /// Hash of the text.
    pub source_hash: Sha256Hash,
    /// The vector; its length does not count.
    pub vector: Vec<f32>,
}

impl SymbolVector {
    /// A vector.
    #[must_use]
    pub fn new(symbol: SymbolId, source_hash: Sha256Hash, vector: Vec<f32>) -> Self {
        Self { symbol, source_hash, vector }
    }
}

/// What changes among the vectors of one space; a store takes it in one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct VectorDelta {
    /// The space: provider and model, whose vectors can be compared.
    pub space: String,
    /// Whether what the space held goes first.
    pub is_full: bool,
    /// Vectors that are new; all of one space have one length.
    pub put: Vec<SymbolVector>,
    /// Symbols whose vectors go.
    pub removed: Vec<SymbolId>,
    /// The generation of the index that the vectors stand for from now on.
    pub generation: u64,
    /// What the embedder learned, when it learned anew.
    pub learned: Option<Vec<u8>>,
    /// Other spaces, which go: those of an earlier model.
    pub replaces: Vec<String>,
}

impl VectorDelta {
    /// Nothing changes but the generation.
    #[must_use]
    pub fn new(space: impl Into<String>, generation: u64) -> Self {
        Self { space: space.into(), generation, ..Self::default() }
    }
}

/// What is known of a space without its vectors.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct VectorSpace {
    /// The generation of the index that its vectors stand for.
    pub generation: u64,
    /// Vectors that were put since the embedder learned.
    pub put_since_learned: u64,
    /// How often the embedder learned.
    pub times_learned: u64,
}

impl VectorSpace {
    /// A space.
    #[must_use]
    pub fn new(generation: u64, put_since_learned: u64, times_learned: u64) -> Self {
        Self { generation, put_since_learned, times_learned }
    }
}

/// Vectors by space and symbol. They outlive the index and go with their symbols when their space is brought
/// up to date.
pub trait VectorStore: Send + Sync + std::fmt::Debug {
    /// Applies a change in one transaction.
    ///
    /// # Errors
    ///
    /// When the store cannot be written, or vectors of a space differ in length; nothing was changed then.
    fn apply_vectors(&self, delta: &VectorDelta) -> Result<(), PortError>;

    /// The names of all spaces, sorted.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn vector_spaces(&self) -> Result<Vec<String>, PortError>;

    /// What is known of a space; `None` when nothing was ever put.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn vector_space(&self, space: &str) -> Result<Option<VectorSpace>, PortError>;

    /// What the embedder of a space learned last; `None` when it never did.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn learned(&self, space: &str) -> Result<Option<Vec<u8>>, PortError>;

    /// The symbols of a space with the hashes of their texts, sorted by symbol.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn vector_stamps(&self, space: &str) -> Result<Vec<(SymbolId, Sha256Hash)>, PortError>;

    /// The symbols whose vectors point most nearly in the direction of `vector`, with the cosine of the
    /// angle, nearest first, of equal ones the smaller id. Every vector is compared; they are kept in eight
    /// bits a dimension, so a cosine is right to about 0.01.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn nearest(&self, space: &str, vector: &[f32], limit: usize) -> Result<Vec<(SymbolId, f32)>, PortError>;

    /// The cosines of `symbols`, as [`VectorStore::nearest`] gives them, in the order asked for; symbols
    /// without a vector in the space are left out.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn cosines(
        &self,
        space: &str,
        vector: &[f32],
        symbols: &[SymbolId],
    ) -> Result<Vec<(SymbolId, f32)>, PortError>;
}
