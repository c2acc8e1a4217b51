//! Bytes of a file, or of a part of one, in a record.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::{read_hex, write_hex};

/// Bytes of a file or of a part of one.
///
/// Written as `{"text": …}` where they are UTF-8 and as `{"hex": …}` where they are not, so each value has
/// one written form and source code stays readable.
///
/// # Examples
///
/// ```
/// use aether_core::change::Content;
/// assert_eq!(serde_json::to_string(&Content::from("a\n"))?, r#"{"text":"a\n"}"#);
/// assert_eq!(serde_json::to_string(&Content::from(vec![0xff]))?, r#"{"hex":"ff"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Written"))]
pub struct Content(Vec<u8>);

impl Content {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match std::str::from_utf8(&self.0) {
            Ok(text) => fmt::Debug::fmt(text, f),
            Err(_) => write!(f, "{} bytes that are not UTF-8", self.0.len()),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Content"))]
enum Written {
    /// Bytes that are UTF-8.
    Text(String),
    /// Bytes that are not UTF-8, two lower-case hex digits each.
    Hex(String),
}

impl From<Content> for Written {
    fn from(content: Content) -> Self {
        match String::from_utf8(content.0) {
            Ok(text) => Self::Text(text),
            Err(error) => {
                let mut hex = String::with_capacity(error.as_bytes().len() * 2);
                // Writing to a `String` cannot fail.
                let _ = write_hex(&mut hex, error.as_bytes());
                Self::Hex(hex)
            }
        }
    }
}

impl TryFrom<Written> for Content {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let hex = match written {
            Written::Text(text) => return Ok(Self::from(text)),
            Written::Hex(hex) => hex,
        };
        let mut bytes = vec![0; hex.len() / 2];
        if hex.len() % 2 != 0 || read_hex(&hex, &mut bytes).is_none() {
            return Err("content is not lower-case hex digits in pairs");
        }
        if std::str::from_utf8(&bytes).is_ok() {
            return Err("content that is UTF-8 is written as text");
        }
        Ok(Self(bytes))
    }
}
