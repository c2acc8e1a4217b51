//! What names a version: its number, a time, a revision.

use std::collections::HashMap;

use aether_core::base::Timestamp;
use aether_index::GitRepository;

use super::versions::VersionEntry;
use crate::engine::error::EngineError;

/// What names a version.
pub(super) enum Selector {
    Number(u32),
    /// The last one that was there at that time.
    Time(Timestamp),
    /// The last one that was there in that commit.
    Commit(String),
}

impl Selector {
    /// A number below 10,000, a time or a day of RFC 3339, or else a revision.
    pub(super) fn parse(text: &str, repository: &GitRepository) -> Result<Self, EngineError> {
        let is_number = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(number) = text.parse().ok().filter(|_| is_number) {
            return Ok(Self::Number(number));
        }
        let time = text.parse().or_else(|_| format!("{text}T23:59:59.999Z").parse());
        match time {
            Ok(time) => Ok(Self::Time(time)),
            Err(_) => Ok(Self::Commit(repository.commit(text)?.id)),
        }
    }

    pub(super) fn find(&self, versions: &[VersionEntry], places: &HashMap<String, usize>) -> Option<usize> {
        match self {
            Self::Number(number) => versions.iter().position(|version| version.version == *number),
            Self::Time(time) => versions
                .iter()
                .rposition(|version| version.commit.as_ref().is_some_and(|it| it.committed_at <= *time)),
            Self::Commit(id) => {
                let place = places.get(id)?;
                let place_of = |version: &VersionEntry| places.get(&version.commit.as_ref()?.id).copied();
                versions.iter().rposition(|version| place_of(version).is_some_and(|it| it <= *place))
            }
        }
    }
}
