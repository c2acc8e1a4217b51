//! The states that led to the one on disk.

use std::collections::HashMap;

use aether_core::base::{Cancel, ErrorCode};
use aether_core::code::Commit;

use crate::engine::error::EngineError;
use crate::engine::lifecycle::Engine;

/// The states that led to the one on disk, oldest first: those that were seen, then commits along the first
/// parents of `HEAD`.
pub(super) struct States {
    #[cfg(feature = "git")]
    repository: Option<aether_index::GitRepository>,
    pub(super) all: Vec<Commit>,
    /// Of each state what derived its records.
    makers: Vec<String>,
    /// The place of each by its id.
    pub(super) places: HashMap<String, usize>,
}

impl States {
    /// The full id of a commit.
    #[cfg(feature = "git")]
    pub(super) fn commit(&self, revision: &str) -> Result<String, EngineError> {
        match &self.repository {
            Some(repository) => Ok(repository.commit(revision)?.id),
            None => Err(not_a_repository(revision)),
        }
    }

    /// No revision has a meaning where git is not known.
    #[cfg(not(feature = "git"))]
    pub(super) fn commit(&self, revision: &str) -> Result<String, EngineError> {
        Err(not_a_repository(revision))
    }

    fn new(seen: Vec<(Commit, String)>, commits: Vec<Commit>, model: &str) -> Self {
        let (mut states, mut makers): (Vec<_>, Vec<_>) = seen.into_iter().unzip();
        makers.resize(states.len() + commits.len(), model.to_owned());
        states.extend(commits);
        let places = states.iter().enumerate().map(|(place, state)| (state.id.clone(), place)).collect();
        Self {
            #[cfg(feature = "git")]
            repository: None,
            all: states,
            makers,
            places,
        }
    }

    /// Whether the records of the state at a place, or of what comes behind all of them by `model`, were
    /// derived by other rules than those of the state before.
    pub(super) fn has_other_rules(&self, place: Option<usize>, model: &str) -> bool {
        let place = place.unwrap_or(self.makers.len());
        let Some(before) = place.checked_sub(1).and_then(|before| self.makers.get(before)) else {
            return false;
        };
        self.makers.get(place).map_or(model, String::as_str) != before
    }
}

/// Whether nothing was committed yet.
#[cfg(feature = "git")]
fn is_without_commits(repository: &aether_index::GitRepository) -> bool {
    repository.commit("HEAD").is_err_and(|error| *error.code() == ErrorCode::GIT_UNKNOWN_REVISION)
}

fn not_a_repository(revision: &str) -> EngineError {
    let message = format!("{revision} is no number and no time, and there is no git repository to know it");
    EngineError::new(ErrorCode::GIT_NOT_A_REPOSITORY, message)
}

impl Engine {
    /// Whether git keeps the workspace, in a repository that has a commit; never without the feature `git`.
    #[must_use]
    pub fn is_in_git(&self) -> bool {
        #[cfg(feature = "git")]
        return match aether_index::GitRepository::open(&self.options.workspace) {
            Ok(repository) => !is_without_commits(&repository),
            // One that cannot be read is one all the same.
            Err(error) => *error.code() != ErrorCode::GIT_NOT_A_REPOSITORY,
        };
        #[cfg(not(feature = "git"))]
        return false;
    }

    #[cfg(feature = "git")]
    pub(super) fn states(&self, cancel: &Cancel) -> Result<States, EngineError> {
        let repository = match aether_index::GitRepository::open(&self.options.workspace) {
            Err(error) if *error.code() == ErrorCode::GIT_NOT_A_REPOSITORY => None,
            result => Some(result?),
        };
        let mut commits = match &repository {
            Some(repository) if !is_without_commits(repository) => repository.log("HEAD", None, cancel)?,
            _ => Vec::new(),
        };
        commits.reverse();
        let mut seen = self.ports.store.seen_states()?;
        // What was seen before there were commits; git tells the rest better.
        if let Some(first) = commits.first() {
            seen.retain(|(state, _)| state.committed_at < first.committed_at);
        }
        let states = States::new(seen, commits, &self.static_model());
        Ok(States { repository, ..states })
    }

    #[cfg(not(feature = "git"))]
    pub(super) fn states(&self, cancel: &Cancel) -> Result<States, EngineError> {
        cancel.check()?;
        Ok(States::new(self.ports.store.seen_states()?, Vec::new(), &self.static_model()))
    }
}
