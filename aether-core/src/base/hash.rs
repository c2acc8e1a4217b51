//! The one public hash: SHA-256, written `sha256:` and 64 lower-case hex digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A SHA-256 hash (FIPS 180-4), 32 bytes, written `sha256:<hex>`.
///
/// # Examples
///
/// ```
/// use aether_core::base::Sha256Hash;
/// let hash = Sha256Hash::of(b"");
/// assert_eq!(
///     hash.to_string(),
///     "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
/// );
/// assert_eq!(hash.to_string().parse::<Sha256Hash>()?, hash);
/// # Ok::<(), aether_core::base::Sha256HashError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = "^sha256:[0-9a-f]{64}$")))]
pub struct Sha256Hash([u8; 32]);

impl Sha256Hash {
    /// Hashes `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Wraps 32 bytes that already are a SHA-256 hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the hash.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Sha256Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256:")?;
        write_hex(f, &self.0)
    }
}

impl fmt::Debug for Sha256Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Sha256Hash {
    type Err = Sha256HashError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hex = text.strip_prefix("sha256:").ok_or(Sha256HashError)?;
        let mut bytes = [0; 32];
        read_hex(hex, &mut bytes).ok_or(Sha256HashError)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for Sha256Hash {
    type Error = Sha256HashError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Sha256Hash> for String {
    fn from(hash: Sha256Hash) -> Self {
        hash.to_string()
    }
}

/// A text that is not `sha256:` and 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a hash of the form sha256:<64 lower-case hex digits>")]
pub struct Sha256HashError;

/// Hashes a stream of bytes piece by piece.
///
/// # Examples
///
/// ```
/// use aether_core::base::{Sha256Hash, Sha256Hasher};
/// let mut hasher = Sha256Hasher::new();
/// hasher.update(b"ab");
/// hasher.update(b"c");
/// assert_eq!(hasher.finish(), Sha256Hash::of(b"abc"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sha256Hasher(Sha256);

impl Sha256Hasher {
    /// Starts an empty hash.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Appends `bytes` behind their length, so that no two sequences of fields collide.
    pub fn update_field(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    /// The hash of all that was appended.
    #[must_use]
    pub fn finish(self) -> Sha256Hash {
        Sha256Hash(self.0.finalize().into())
    }
}

/// Writes `bytes` as lower-case hex.
pub(crate) fn write_hex(out: &mut impl fmt::Write, bytes: &[u8]) -> fmt::Result {
    for byte in bytes {
        write!(out, "{byte:02x}")?;
    }
    Ok(())
}

/// Fills `out` from exactly `2 * out.len()` lower-case hex digits.
pub(crate) fn read_hex(text: &str, out: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != out.len() * 2 {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_value(pair[0])? << 4 | hex_value(pair[1])?;
    }
    Some(())
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// How a BLAKE3 hash of file contents is written: `blake3:` and 64 lower-case hex digits.
pub(crate) mod blake3_text {
    use std::fmt;

    use serde::{Deserialize, Deserializer, Serializer, de};

    struct Text<'a>(&'a [u8; 32]);

    impl fmt::Display for Text<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("blake3:")?;
            super::write_hex(f, self.0)
        }
    }

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Text(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        text.strip_prefix("blake3:")
            .and_then(|hex| super::read_hex(hex, &mut bytes))
            .ok_or_else(|| de::Error::custom("not a hash of the form blake3:<64 lower-case hex digits>"))?;
        Ok(bytes)
    }
}

/// How a fingerprint of 64 bits is written: 16 lower-case hex digits in JSON, where many readers know
/// no number of that size, and the number itself in binary formats.
pub(crate) mod fingerprint {
    use std::fmt;

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    struct Text([u8; 8]);

    impl fmt::Display for Text {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            super::write_hex(f, &self.0)
        }
    }

    pub(crate) fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&Text(value.to_be_bytes()))
        } else {
            value.serialize(serializer)
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        if !deserializer.is_human_readable() {
            return u64::deserialize(deserializer);
        }
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 8];
        super::read_hex(&text, &mut bytes)
            .ok_or_else(|| de::Error::custom("not a fingerprint of 16 lower-case hex digits"))?;
        Ok(u64::from_be_bytes(bytes))
    }
}
