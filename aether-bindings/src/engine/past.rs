//! What a past commit holds.

use std::io::Write;

use aether_core::base::Cancel;
use aether_core::code::{GraphCounts, GraphDelta, ProjectGraph, ProjectGraphBuilder, ProjectGraphWriter};
use aether_core::port::MemoryFacts;
use aether_index::{GitRepository, Indexer, Progress};

use super::error::EngineError;
use super::export::not_written;
use super::lifecycle::Engine;

impl Engine {
    /// The project graph of a commit, read from the git repository around the workspace: neither the
    /// working copy nor the index is looked at or changed. `revision` is what `git rev-parse` takes for
    /// one commit.
    ///
    /// # Errors
    ///
    /// The `git.*` codes, what the indexer fails with, and
    /// [`ErrorCode::CANCELLED`](aether_core::base::ErrorCode::CANCELLED).
    pub fn project_graph_at(
        &self,
        revision: &str,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<ProjectGraph, EngineError> {
        let (revision, builder) = self.graph_at(revision, cancel, progress)?;
        Ok(builder.build(Some(revision)))
    }

    /// Writes what [`Engine::project_graph_at`] gives, part by part. After a failure what was written is
    /// no graph; nothing is written before the commit was indexed.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::project_graph_at`], and
    /// [`ErrorCode::OUTPUT_IO`](aether_core::base::ErrorCode::OUTPUT_IO) with the error of `sink` as its
    /// source.
    pub fn write_project_graph_at(
        &self,
        revision: &str,
        sink: &mut dyn Write,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<GraphCounts, EngineError> {
        let (revision, builder) = self.graph_at(revision, cancel, progress)?;
        let mut writer = ProjectGraphWriter::new(sink, Some(&revision));
        builder.visit(&mut |record| writer.put(record));
        writer.finish().map_err(not_written)
    }

    fn graph_at(
        &self,
        revision: &str,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<(String, ProjectGraphBuilder), EngineError> {
        let repository = GitRepository::open(&self.options.workspace)?;
        let snapshot = repository.snapshot(revision, &self.options.index, cancel)?;
        // One of its own: that of the working copy stays where it is.
        let mut indexer = Indexer::new(&self.options.workspace, self.options.index.clone())?;
        let mut builder = ProjectGraphBuilder::default();
        let mut sink = |delta: GraphDelta| {
            builder.apply(delta);
            Ok(())
        };
        indexer.index_snapshot(&snapshot, &MemoryFacts::default(), &mut sink, cancel, progress)?;
        Ok((snapshot.revision().to_owned(), builder))
    }
}
