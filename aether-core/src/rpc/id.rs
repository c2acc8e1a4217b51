//! What pairs a request with its response.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

/// Largest number, either way, that every reader of JSON has exactly.
const MAX_SAFE: u64 = 1 << 53;

/// The name of a request, which its response has as well, of the same type: `1` and `"1"` are two names.
///
/// The specification lets it be `null` or a fraction as well and advises against both; they are refused, because
/// neither can be told from something else.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RpcId {
    /// A whole number, from -2^53 to 2^53.
    Number(i64),
    /// A text.
    Text(String),
}

impl fmt::Display for RpcId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => write!(f, "{text:?}"),
        }
    }
}

impl From<i64> for RpcId {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for RpcId {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<'de> Deserialize<'de> for RpcId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = RpcId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a whole number up to 2^53")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<RpcId, E> {
        if number.unsigned_abs() > MAX_SAFE {
            return Err(E::invalid_value(Unexpected::Signed(number), &self));
        }
        Ok(RpcId::Number(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<RpcId, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RpcId, E> {
        Ok(RpcId::Text(text.to_owned()))
    }
}
