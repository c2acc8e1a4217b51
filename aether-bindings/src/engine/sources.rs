//! The texts behind an index.

use std::collections::HashMap;

use aether_core::base::RelPath;

use super::error::EngineError;
use super::lifecycle::Engine;

/// Files that were read, each once.
pub(super) struct Sources<'e> {
    engine: &'e Engine,
    known: HashMap<RelPath, Option<String>>,
}

impl<'e> Sources<'e> {
    pub(super) fn new(engine: &'e Engine) -> Self {
        Self { engine, known: HashMap::new() }
    }

    /// The text of a file on disk; `None` where it is another than the index knows.
    pub(super) fn text(&mut self, file: &RelPath) -> Result<Option<&str>, EngineError> {
        if !self.known.contains_key(file) {
            let indexed = self.engine.store().indexed_files(std::slice::from_ref(file))?;
            let text = indexed
                .first()
                .and_then(|indexed| aether_index::read_indexed(&self.engine.options.workspace, indexed));
            self.known.insert(file.clone(), text);
        }
        Ok(self.known.get(file).and_then(Option::as_deref))
    }
}
