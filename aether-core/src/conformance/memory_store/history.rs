//! Versions of records in memory.

use std::collections::BTreeMap;

use super::MemoryStore;
use crate::base::{ErrorCode, Sha256Hash};
use crate::code::{Commit, LineageLink, SirVersion, SymbolId};
use crate::port::{CommitVersions, HistoryStore, PortError};

/// What each commit did, by its id, and what derived it; what was seen in the order in which it was.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    maker: String,
    commits: BTreeMap<String, CommitVersions>,
    seen: Vec<(CommitVersions, String)>,
}

impl History {
    fn all(&self) -> impl Iterator<Item = &CommitVersions> {
        self.commits.values().chain(self.seen.iter().map(|(told, _)| told))
    }
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
        let is_known = |told: &CommitVersions| {
            told.commit.is_seen() && history.seen.iter().any(|(it, _)| it.commit.id == told.commit.id)
        };
        if commits.iter().any(is_known) {
            return Err(PortError::new(
                ErrorCode::STORE_CONFLICT,
                "another program recorded a state meanwhile",
            ));
        }
        for told in commits {
            if told.commit.is_seen() {
                history.seen.push((told.clone(), maker.to_owned()));
                continue;
            }
            if history.maker != maker {
                maker.clone_into(&mut history.maker);
                history.commits.clear();
            }
            history.commits.insert(told.commit.id.clone(), told.clone());
        }
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

    fn seen_states(&self) -> Result<Vec<(Commit, String)>, PortError> {
        let seen = &self.index().history.seen;
        Ok(seen.iter().map(|(told, maker)| (told.commit.clone(), maker.clone())).collect())
    }

    fn last_seen(&self) -> Result<Vec<(SymbolId, Option<Sha256Hash>)>, PortError> {
        let seen = &self.index().history.seen;
        let versions = seen.iter().flat_map(|(told, _)| &told.versions);
        let last: BTreeMap<_, _> = versions.map(|version| (version.symbol, version.sir_hash)).collect();
        Ok(last.into_iter().collect())
    }

    fn versions(&self, symbols: &[SymbolId]) -> Result<Vec<SirVersion>, PortError> {
        let history = &self.index().history;
        let all = history.all().flat_map(|told| &told.versions);
        Ok(all.filter(|version| symbols.contains(&version.symbol)).cloned().collect())
    }

    fn version_links(&self, symbols: &[SymbolId]) -> Result<Vec<(LineageLink, String)>, PortError> {
        let history = &self.index().history;
        let all = history.all().flat_map(|told| told.links.iter().map(|link| (link, &told.commit.id)));
        let near = all.filter(|(link, _)| symbols.contains(&link.from) || symbols.contains(&link.to));
        Ok(near.map(|(link, commit)| (link.clone(), commit.clone())).collect())
    }
}
