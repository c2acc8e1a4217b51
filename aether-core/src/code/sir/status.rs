//! A semantic record as it is kept: who made it, of what, and whether it still holds.

use serde::{Deserialize, Serialize};

use super::Sir;
use crate::base::{ErrorCode, Sha256Hash, Timestamp};
use crate::code::SymbolId;

/// Whether a record still says what the code does.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecordStatus {
    /// It was made of the code as it is.
    #[default]
    Fresh,
    /// It is of older code: making a newer one failed, or was not tried yet.
    Stale,
}

impl RecordStatus {
    /// `fresh` or `stale`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
        }
    }
}

/// A try to make a record that failed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RecordAttempt {
    /// Why it failed.
    pub code: ErrorCode,
    /// The same in words.
    pub message: String,
    /// When it was tried, where somebody told the time.
    pub at: Option<Timestamp>,
}

impl RecordAttempt {
    /// A try that failed.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>, at: Option<Timestamp>) -> Self {
        Self { code, message: message.into(), at }
    }
}

/// A record with what is known of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct StoredRecord {
    /// Whose record it is.
    pub symbol: SymbolId,
    /// What made it, such as `static`.
    pub provider: String,
    /// The model behind the provider, and its version.
    pub model: String,
    /// The record; `None` while every try failed.
    pub sir: Option<Sir>,
    /// Hash of its canonical form.
    pub sir_hash: Option<Sha256Hash>,
    /// Hash of what it was made of; another one of the code as it is makes the record stale.
    pub source_hash: Sha256Hash,
    /// Whether it still holds.
    pub sir_status: RecordStatus,
    /// When it was made, where somebody told the time.
    pub updated_at: Option<Timestamp>,
    /// The last try, when that failed.
    pub last_error: Option<RecordAttempt>,
}

impl StoredRecord {
    /// A record that was just made.
    ///
    /// # Errors
    ///
    /// Those of [`Sir::canonical`].
    pub fn fresh(
        symbol: SymbolId,
        provider: impl Into<String>,
        model: impl Into<String>,
        sir: Sir,
        source_hash: Sha256Hash,
        now: Option<Timestamp>,
    ) -> Result<Self, crate::base::CanonicalJsonError> {
        let sir_hash = sir.hash()?;
        Ok(Self {
            symbol,
            provider: provider.into(),
            model: model.into(),
            sir: Some(sir),
            sir_hash: Some(sir_hash),
            source_hash,
            sir_status: RecordStatus::Fresh,
            updated_at: now,
            last_error: None,
        })
    }

    /// Whether what it says of itself fits: the hash is that of the record. One that was read from a place
    /// where others write is not taken otherwise.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match &self.sir {
            Some(sir) => sir.hash().ok() == self.sir_hash && self.sir_hash.is_some(),
            None => self.sir_hash.is_none(),
        }
    }

    /// The record as it is told when the code is made of `source_hash` now: stale when it was made of something
    /// else, and fresh when it was made of this, also where a try to make another one failed meanwhile.
    #[must_use]
    pub fn against(mut self, source_hash: Sha256Hash) -> Self {
        if self.source_hash != source_hash {
            self.sir_status = RecordStatus::Stale;
        } else if self.sir.is_some() {
            self.sir_status = RecordStatus::Fresh;
            self.last_error = None;
        }
        self
    }

    /// What is left after a try that failed: the record that was there, told as stale, with the reason.
    #[must_use]
    pub fn failed(self, attempt: RecordAttempt) -> Self {
        Self { sir_status: RecordStatus::Stale, last_error: Some(attempt), ..self }
    }

    /// A try that failed where there was no record.
    #[must_use]
    pub fn missing(
        symbol: SymbolId,
        provider: impl Into<String>,
        model: impl Into<String>,
        source_hash: Sha256Hash,
        attempt: RecordAttempt,
    ) -> Self {
        Self {
            symbol,
            provider: provider.into(),
            model: model.into(),
            sir: None,
            sir_hash: None,
            source_hash,
            sir_status: RecordStatus::Stale,
            updated_at: None,
            last_error: Some(attempt),
        }
    }
}
