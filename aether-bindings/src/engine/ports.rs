//! What the engine is given: where it keeps things, and the time.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aether_core::base::Timestamp;
use aether_core::port::{Embedder, RecordMirror, Store};
use aether_store::{SqliteStore, StoreOptions};

use super::error::EngineError;

/// The time, handed in: `None` leaves times out.
type Clock = Arc<dyn Fn() -> Option<Timestamp> + Send + Sync>;

/// What the engine is given.
#[derive(Clone)]
#[non_exhaustive]
pub struct Ports {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    pub(super) mirror: Option<Arc<dyn RecordMirror>>,
    pub(super) embedder: Option<Arc<dyn Embedder>>,
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ports").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Ports {
    /// A store of the caller's own, and no clock.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, clock: Arc::new(|| None), mirror: None, embedder: None }
    }

    /// A store in memory: nothing outlives the engine.
    ///
    /// # Errors
    ///
    /// When SQLite cannot be started.
    pub fn in_memory() -> Result<Self, EngineError> {
        let store = SqliteStore::open_in_memory().map_err(store_error)?;
        Ok(Self::new(Arc::new(store)))
    }

    /// The store at `path`, made where there is none; its folder must exist.
    ///
    /// # Errors
    ///
    /// What opening a store fails with: `store.newer_version`, `store.not_a_store`, `store.corrupt`,
    /// `store.locked`, `store.disk_full`, `store.io`.
    pub fn at_path(path: &Path, options: &StoreOptions) -> Result<Self, EngineError> {
        let store = SqliteStore::open(path, options).map_err(store_error)?;
        Ok(Self::new(Arc::new(store)))
    }

    /// Sets where the time comes from. Default: no times are stored.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Option<Timestamp> + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets what makes the vectors of search by meaning. Default: an embedder that learns from the repository
    /// (`aether_model::Latent`).
    #[must_use]
    pub fn with_embedder(mut self, embedder: Arc<dyn Embedder>) -> Self {
        self.embedder = Some(embedder);
        self
    }

    /// Sets where semantic records are copied to. Default: nowhere.
    #[must_use]
    pub fn with_mirror(mut self, mirror: Arc<dyn RecordMirror>) -> Self {
        self.mirror = Some(mirror);
        self
    }
}

fn store_error(error: aether_store::StoreError) -> EngineError {
    EngineError::new(error.code(), error.to_string()).with_source(error)
}
