//! Where what commands printed is kept.

use super::PortError;
use crate::base::Sha256Hash;

/// Keeps outputs of commands, each under its hash, as long as there is room. What a trace says of an output is its
/// hash; this is where the rest may be.
///
/// # Examples
///
/// ```
/// use aether_core::base::Sha256Hash;
/// use aether_core::port::{OutputStore, PortError};
///
/// /// Keeps nothing.
/// #[derive(Debug)]
/// struct Nowhere;
///
/// impl OutputStore for Nowhere {
///     fn keep(&self, _output: &[u8]) -> Result<bool, PortError> {
///         Ok(false)
///     }
///
///     fn output(&self, _hash: &Sha256Hash) -> Result<Option<Vec<u8>>, PortError> {
///         Ok(None)
///     }
/// }
/// assert!(!Nowhere.keep(b"warning: unused")?);
/// # Ok::<(), PortError>(())
/// ```
pub trait OutputStore: Send + Sync + std::fmt::Debug {
    /// Keeps an output; whether it does. One that is too long is not kept, and older ones may go for it.
    ///
    /// # Errors
    ///
    /// When it could not be written.
    fn keep(&self, output: &[u8]) -> Result<bool, PortError>;

    /// The output with this hash; `None` where it is not kept, or not what it was.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn output(&self, hash: &Sha256Hash) -> Result<Option<Vec<u8>>, PortError>;
}
