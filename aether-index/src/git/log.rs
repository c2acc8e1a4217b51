//! The commits that led to a state, one after the other.

use aether_core::base::{Cancel, ErrorCode, RelPath, Timestamp};
use aether_core::code::Commit;
use aether_core::port::PortError;
use gix::ObjectId;

use super::{GitRepository, lost, resolve};

/// Longest first line of a message that is kept, in characters.
const MAX_SUMMARY: usize = 200;

impl GitRepository {
    /// The commits that led to `revision`, newest first, along the first parents: what a merge brought in
    /// came with the merge. `since` and what led to it are left out; a shallow clone ends where it ends.
    ///
    /// # Errors
    ///
    /// Those of [`GitRepository::snapshot`] for revisions; [`ErrorCode::GIT_UNREADABLE`] and
    /// [`ErrorCode::CANCELLED`].
    pub fn log(
        &self,
        revision: &str,
        since: Option<&str>,
        cancel: &Cancel,
    ) -> Result<Vec<Commit>, PortError> {
        let repository = self.inner.to_thread_local();
        let last = since.map(|since| resolve(&repository, since)).transpose()?.map(|(commit, _)| commit);
        let (mut next, _) = resolve(&repository, revision)?;
        let mut commits = Vec::new();
        while Some(next) != last {
            cancel
                .check()
                .map_err(|_| PortError::new(ErrorCode::CANCELLED, "reading commits was cancelled"))?;
            let Some((commit, parent)) = commit(&repository, next)? else { break };
            commits.push(commit);
            match parent {
                Some(parent) => next = parent,
                None => break,
            }
        }
        Ok(commits)
    }

    /// The commit that a revision names.
    ///
    /// # Errors
    ///
    /// Those of [`GitRepository::snapshot`] for revisions.
    pub fn commit(&self, revision: &str) -> Result<Commit, PortError> {
        let repository = self.inner.to_thread_local();
        let (id, _) = resolve(&repository, revision)?;
        match commit(&repository, id)? {
            Some((commit, _)) => Ok(commit),
            None => Err(PortError::new(ErrorCode::GIT_MISSING_OBJECT, format!("commit {id} is not there"))),
        }
    }
}

/// A commit and its first parent; `None` beyond the end of a shallow clone.
fn commit(
    repository: &gix::Repository,
    id: ObjectId,
) -> Result<Option<(Commit, Option<ObjectId>)>, PortError> {
    let damaged = |error: gix::Error| lost(error, id, &RelPath::root());
    let object = match repository.find_object(id) {
        Ok(object) => object,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(damaged(error)),
    };
    let read = object.try_to_commit_ref().map_err(damaged)?;
    let parent = read.parents().next();
    let seconds = read.committer().ok().and_then(|it| it.time().ok()).map_or(0, |time| time.seconds);
    let author = read.author().map_or_else(|_| String::new(), |it| it.name.to_string());
    let message = read.message.to_string();
    let summary = message.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let commit = Commit {
        id: id.to_string(),
        parent: parent.map(|id| id.to_string()),
        committed_at: Timestamp::from_unix_ms(seconds.saturating_mul(1000)),
        author,
        summary: summary.chars().take(MAX_SUMMARY).collect(),
    };
    Ok(Some((commit, parent)))
}
