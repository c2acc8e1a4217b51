//! Versions of records in memory.

use std::collections::BTreeMap;

use super::MemoryStore;
use crate::base::ErrorCode;
use crate::code::{LineageLink, SirVersion, SymbolId};
use crate::port::{CommitVersions, HistoryStore, PortError};

/// What each commit did, by its id, and what derived it.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    maker: String,
    commits: BTreeMap<String, CommitVersions>,
}

impl HistoryStore for MemoryStore {
    fn apply_history(&self, maker: &str, commits: &[CommitVersions]) -> Result<(), PortError> {
        let is_own = |told: &CommitVersions| {
            told.versions.iter().all(|version| version.commit.as_ref() == Some(&told.commit.id))
        };
        if !commits.iter().all(is_own) {
            return Err(PortError::new(ErrorCode::INTERNAL, "a version is of another commit"));
        }
        let history = &mut self.index().history;
        if history.maker != maker {
            *history = History { maker: maker.to_owned(), commits: BTreeMap::new() };
        }
        history.commits.extend(commits.iter().map(|told| (told.commit.id.clone(), told.clone())));
        Ok(())
    }

    fn known_commits(&self, maker: &str) -> Result<Vec<(String, bool)>, PortError> {
        let history = &self.index().history;
        let is_own = history.maker == maker;
        Ok(history
            .commits
            .values()
            .filter(|_| is_own)
            .map(|told| (told.commit.id.clone(), told.is_from_nothing))
            .collect())
    }

    fn versions(&self, symbols: &[SymbolId]) -> Result<Vec<SirVersion>, PortError> {
        let history = &self.index().history;
        let all = history.commits.values().flat_map(|told| &told.versions);
        Ok(all.filter(|version| symbols.contains(&version.symbol)).cloned().collect())
    }

    fn version_links(&self, symbols: &[SymbolId]) -> Result<Vec<(LineageLink, String)>, PortError> {
        let history = &self.index().history;
        let all =
            history.commits.values().flat_map(|told| told.links.iter().map(|link| (link, &told.commit.id)));
        let near = all.filter(|(link, _)| symbols.contains(&link.from) || symbols.contains(&link.to));
        Ok(near.map(|(link, commit)| (link.clone(), commit.clone())).collect())
    }
}
