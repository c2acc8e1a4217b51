//! Where versions of semantic records are kept.

use super::PortError;
use crate::base::Sha256Hash;
use crate::code::{Commit, LineageLink, SirVersion, SymbolId};

/// What one commit did to the meaning of a repository.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CommitVersions {
    /// The commit.
    pub commit: Commit,
    /// Records that are new, say something else, or went with their symbols; each of this commit.
    pub versions: Vec<SirVersion>,
    /// Symbols that live on under another id.
    pub links: Vec<LineageLink>,
    /// Whether everything that the commit has is told as new although there is a commit in front of it,
    /// because that one was not looked at.
    pub is_from_nothing: bool,
}

impl CommitVersions {
    /// What a commit did.
    #[must_use]
    pub fn new(commit: Commit, versions: Vec<SirVersion>, links: Vec<LineageLink>) -> Self {
        Self { commit, versions, links, is_from_nothing: false }
    }
}

/// Versions of semantic records, by commit. They outlive the index and depend on commits alone, so that a
/// history that was rewritten is one of other commits.
pub trait HistoryStore: Send + Sync + std::fmt::Debug {
    /// Adds commits in one transaction, in place of what was known of them. `maker` names what derived
    /// the records; versions of another one are dropped, since they say other things of the same code and can
    /// be derived again. Those of states that were seen ([`Commit::is_seen`]) cannot, and stay; one of an id
    /// that is there is refused with [`ErrorCode::STORE_CONFLICT`](crate::base::ErrorCode::STORE_CONFLICT).
    ///
    /// # Errors
    ///
    /// When the store cannot be written; nothing was changed then.
    fn apply_history(&self, maker: &str, commits: &[CommitVersions]) -> Result<(), PortError>;

    /// The ids of all commits that `maker` derived records of, sorted, and whether each is told from nothing
    /// ([`CommitVersions::is_from_nothing`]).
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn known_commits(&self, maker: &str) -> Result<Vec<(String, bool)>, PortError>;

    /// All states that were seen, oldest first, each with what derived its records.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn seen_states(&self) -> Result<Vec<(Commit, String)>, PortError>;

    /// Of each symbol that a state which was seen tells of, the hash of its record in the last one that does;
    /// `None` where it went. Sorted by symbol.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn last_seen(&self) -> Result<Vec<(SymbolId, Option<Sha256Hash>)>, PortError>;

    /// All versions of symbols, in no order that means anything.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn versions(&self, symbols: &[SymbolId]) -> Result<Vec<SirVersion>, PortError>;

    /// The links that lead to or from symbols, each with the commit that made it.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    fn version_links(&self, symbols: &[SymbolId]) -> Result<Vec<(LineageLink, String)>, PortError>;
}
