//! What two states of the repository mean differently.

use std::collections::HashMap;

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{SirDiff, SymbolId};
use aether_index::{Derived, GitRepository};
use serde::Serialize;

use super::backfill::CommitWalk;
use crate::engine::error::EngineError;
use crate::engine::lifecycle::Engine;

/// What two states of a repository mean differently.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MeaningDiff {
    /// Full id of the older commit.
    pub from: String,
    /// Full id of the newer one; `None` for the working copy.
    pub to: Option<String>,
    /// Symbols whose records differ, by file and name.
    pub changes: Vec<MeaningChange>,
    /// Symbols that have a record in the newer state.
    pub records: u64,
}

/// A symbol whose record differs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MeaningChange {
    /// What happened to it.
    pub kind: MeaningChangeKind,
    /// Its id, of one that went the id it had.
    pub symbol: SymbolId,
    /// Qualified name.
    pub qualified_name: String,
    /// File.
    pub file: RelPath,
    /// The qualified name and the file that it had, where one of them is another.
    pub was: Option<(String, RelPath)>,
    /// What differs.
    pub diff: SirDiff,
    /// The same in a line.
    pub summary: String,
}

/// What happened to a symbol.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MeaningChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
    /// It has another name or file, and may say something else too.
    Moved,
}

impl Engine {
    /// Compares the meaning of two states: a commit, and a later commit or the working copy. Both are
    /// indexed in memory; neither the index nor the working copy is changed.
    ///
    /// # Errors
    ///
    /// The `git.*` codes, what the indexer fails with, and `cancelled`.
    pub fn diff(&self, from: &str, to: Option<&str>, cancel: &Cancel) -> Result<MeaningDiff, EngineError> {
        let repository = GitRepository::open(&self.options.workspace)?;
        let older = repository.commit(from)?;
        let newer = to.map(|to| repository.commit(to)).transpose()?;
        let mut walk = CommitWalk::new(self, &repository)?;
        walk.go_to(&older.id, cancel)?;
        let before = walk.derived.clone();
        let links = match &newer {
            Some(commit) => walk.go_to(&commit.id, cancel)?,
            None => walk.go_to_working_copy(cancel)?,
        };
        let origins: HashMap<SymbolId, SymbolId> = links.iter().map(|link| (link.to, link.from)).collect();
        let mut changes = changes(&before, &walk.derived, &origins);
        changes
            .sort_by(|a, b| (&a.file, &a.qualified_name, a.kind).cmp(&(&b.file, &b.qualified_name, b.kind)));
        let records = walk.derived.records().count() as u64;
        Ok(MeaningDiff { from: older.id, to: newer.map(|commit| commit.id), changes, records })
    }
}

fn changes(before: &Derived, after: &Derived, origins: &HashMap<SymbolId, SymbolId>) -> Vec<MeaningChange> {
    let changed = after.changed_since(before);
    // What lives on under another id is told once, with that.
    let moved: HashMap<SymbolId, SymbolId> = changed
        .iter()
        .filter(|(_, sir)| sir.is_some())
        .filter_map(|(id, _)| Some((*id, *origins.get(id)?)))
        .filter(|(_, from)| before.sir(*from).is_some() && after.sir(*from).is_none())
        .collect();
    let left: std::collections::HashSet<SymbolId> = moved.values().copied().collect();
    let mut changes = Vec::new();
    for (symbol, sir) in changed {
        if sir.is_none() && left.contains(&symbol) {
            continue;
        }
        let origin = moved.get(&symbol).copied();
        let old = before.sir(origin.unwrap_or(symbol));
        let place = if sir.is_some() { after.place(symbol) } else { before.place(symbol) };
        let Some((name, file)) = place else { continue };
        let was = origin
            .and_then(|origin| before.place(origin))
            .filter(|was| *was != (name, file))
            .map(|(name, file)| (name.to_owned(), file.clone()));
        let diff = SirDiff::between(old.as_ref(), sir.as_ref());
        let kind = match (&old, &sir) {
            (None, _) => MeaningChangeKind::Added,
            (_, None) => MeaningChangeKind::Removed,
            _ if was.is_some() => MeaningChangeKind::Moved,
            // Another id of what says the same under the same name: its declaration is written otherwise.
            _ if diff.is_empty() => continue,
            _ => MeaningChangeKind::Changed,
        };
        let summary = diff.summary();
        let (qualified_name, file) = (name.to_owned(), file.clone());
        changes.push(MeaningChange { kind, symbol, qualified_name, file, was, diff, summary });
    }
    changes
}
