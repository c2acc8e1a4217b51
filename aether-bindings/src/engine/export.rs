//! The whole index, for other programs.

use aether_core::base::Sha256Hash;
use aether_core::code::Symbol;
use aether_core::port::EdgeRecord;

use super::error::EngineError;
use super::lifecycle::Engine;

impl Engine {
    /// Hands every symbol to `visit`, in the order of file and position.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn visit_symbols(&self, visit: &mut dyn FnMut(&Symbol)) -> Result<(), EngineError> {
        Ok(self.store().visit_symbols(visit)?)
    }

    /// Hands every edge to `visit`, in the order of file, source and site.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn visit_edges(&self, visit: &mut dyn FnMut(&EdgeRecord)) -> Result<(), EngineError> {
        Ok(self.store().visit_edges(visit)?)
    }

    /// A hash of the normalised index, independent of order, time and place of the checkout.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn digest(&self) -> Result<Sha256Hash, EngineError> {
        Ok(self.store().digest()?)
    }
}
