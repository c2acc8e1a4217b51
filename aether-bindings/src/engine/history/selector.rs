//! What names a version: its number, a time, a revision.

use aether_core::base::Timestamp;

use super::states::States;
use super::versions::VersionEntry;
use crate::engine::error::EngineError;

/// What names a version.
pub(super) enum Selector {
    Number(u32),
    /// The last one that was there at that time.
    Time(Timestamp),
    /// The last one that was there in the commit of that id.
    Commit(String),
}

impl Selector {
    /// A number below 10,000, a time or a day of RFC 3339, or else a revision.
    pub(super) fn parse(text: &str, states: &States) -> Result<Self, EngineError> {
        let is_number = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(number) = text.parse().ok().filter(|_| is_number) {
            return Ok(Self::Number(number));
        }
        let time = text.parse().or_else(|_| format!("{text}T23:59:59.999Z").parse());
        match time {
            Ok(time) => Ok(Self::Time(time)),
            Err(_) => Ok(Self::Commit(states.commit(text)?)),
        }
    }

    pub(super) fn find(&self, versions: &[VersionEntry], states: &States) -> Option<usize> {
        match self {
            Self::Number(number) => versions.iter().position(|version| version.version == *number),
            Self::Time(time) => {
                versions.iter().rposition(|version| version.at().is_some_and(|at| at <= *time))
            }
            Self::Commit(id) => {
                let place = states.places.get(id)?;
                versions.iter().rposition(|version| version.place.is_some_and(|it| it <= *place))
            }
        }
    }
}
