//! The whole index, for other programs.

use std::io::Write;

use aether_core::base::{ErrorCode, Sha256Hash};
use aether_core::code::{GraphCounts, ProjectGraph, ProjectGraphWriter, Symbol};
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

    /// The project graph of the index as it is, all of it in memory.
    ///
    /// # Errors
    ///
    /// When the store cannot be read; [`ErrorCode::STORE_CONFLICT`] when it was written meanwhile.
    pub fn project_graph(&self) -> Result<ProjectGraph, EngineError> {
        let mut graph = ProjectGraph::new(None);
        self.store().visit_project_graph(&mut |record| graph.push(record))?;
        Ok(graph)
    }

    /// Writes the project graph of the index as it is, part by part. After a failure what was written
    /// is no graph.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::project_graph`], and [`ErrorCode::OUTPUT_IO`] with the error of `sink` as its
    /// source.
    pub fn write_project_graph(&self, sink: &mut dyn Write) -> Result<GraphCounts, EngineError> {
        let mut writer = ProjectGraphWriter::new(sink, None);
        self.store().visit_project_graph(&mut |record| writer.put(record))?;
        writer.finish().map_err(not_written)
    }

    /// Where the lines of files start, as their facts say; nothing for files without facts.
    #[cfg(feature = "scip")]
    pub(crate) fn line_starts(
        &self,
        paths: &[aether_core::base::RelPath],
    ) -> Result<Vec<Vec<u32>>, EngineError> {
        let facts = self.store().facts(paths)?;
        Ok(facts
            .iter()
            .map(|facts| facts.as_ref().map_or_else(Vec::new, |facts| facts.line_starts()))
            .collect())
    }
}

pub(super) fn not_written(error: std::io::Error) -> EngineError {
    let message = format!("the project graph cannot be written: {error}");
    EngineError::new(ErrorCode::OUTPUT_IO, message).with_source(error)
}
