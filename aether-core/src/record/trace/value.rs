//! Values of a trace that hold an invariant: its id, and numbers that every JSON reader knows exactly.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{TraceError, TraceErrorKind};

/// The name of one trace: 16 to 128 of `a` to `z`, digits, `-`, `_` and `.`. Whoever starts a session
/// makes it; no library of ours does, because it would need chance or a clock.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = "^[a-z0-9._-]{16,128}$")))]
pub struct TraceId(String);

impl TraceId {
    /// Takes a name.
    ///
    /// # Errors
    ///
    /// [`TraceErrorKind::BadId`] for a text of another form.
    pub fn new(text: impl Into<String>) -> Result<Self, TraceError> {
        let text = text.into();
        let is_known = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
        if (16..=128).contains(&text.len()) && text.bytes().all(is_known) {
            Ok(Self(text))
        } else {
            Err(TraceError::new(TraceErrorKind::BadId))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for TraceId {
    type Error = TraceError;

    fn try_from(text: String) -> Result<Self, TraceError> {
        Self::new(text)
    }
}

impl From<TraceId> for String {
    fn from(id: TraceId) -> Self {
        id.0
    }
}

/// A whole number below 2^53, which every JSON reader holds exactly (RFC 8785, section 3.2.2.3).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "u64", extend("maximum" = 9_007_199_254_740_991_u64)))]
pub struct Count(u64);

impl Count {
    /// 2^53 - 1.
    pub const MAX: Self = Self((1 << 53) - 1);

    /// The number; one above [`Count::MAX`] is that.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        if number > Self::MAX.0 { Self::MAX } else { Self(number) }
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// This many more, [`Count::MAX`] at most.
    #[must_use]
    pub const fn plus(self, more: u64) -> Self {
        Self::new(self.0.saturating_add(more))
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl TryFrom<u64> for Count {
    type Error = &'static str;

    fn try_from(number: u64) -> Result<Self, Self::Error> {
        if number > Self::MAX.0 { Err("integer is not below 2^53") } else { Ok(Self(number)) }
    }
}

impl From<Count> for u64 {
    fn from(count: Count) -> Self {
        count.0
    }
}
