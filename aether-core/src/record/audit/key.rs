//! The key of the audit log and the MACs that it makes.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::error::{AuditError, Repr};
use crate::base::{read_hex, write_hex};

/// A secret of 32 bytes with a name, under which rows of the audit log are sealed.
///
/// The secret is never printed and never serialised. It is not wiped from memory when it is dropped: whoever
/// can read the memory of the process can make rows anyway.
///
/// # Examples
///
/// ```
/// use aether_core::record::AuditKey;
/// let key = AuditKey::new("file-v1", &[7; 32])?;
/// assert_eq!(format!("{key:?}"), r#"AuditKey { id: "file-v1", .. }"#);
/// assert!(AuditKey::new("file-v1", &[7; 31]).is_err());
/// # Ok::<(), aether_core::record::AuditError>(())
/// ```
#[derive(Clone)]
pub struct AuditKey {
    id: String,
    secret: [u8; 32],
}

impl AuditKey {
    /// A key of these bytes.
    ///
    /// # Errors
    ///
    /// [`AuditErrorKind::BadKey`](super::AuditErrorKind::BadKey) when there are not exactly 32 bytes, when
    /// they are all equal to zero, or when the id is empty or longer than 64 bytes. A key that does not fit
    /// is never replaced by another one: rows sealed before would no longer verify.
    pub fn new(id: impl Into<String>, secret: &[u8]) -> Result<Self, AuditError> {
        let id = id.into();
        if id.is_empty() || id.len() > 64 {
            return Err(Repr::BadKey("has no id of 1 to 64 bytes").into());
        }
        let secret: [u8; 32] =
            secret.try_into().map_err(|_| Repr::BadKey("does not have exactly 32 bytes"))?;
        if secret == [0; 32] {
            return Err(Repr::BadKey("is all zeros").into());
        }
        Ok(Self { id, secret })
    }

    /// A key written as 64 lower-case hex digits.
    ///
    /// # Errors
    ///
    /// Those of [`AuditKey::new`].
    pub fn from_hex(id: impl Into<String>, hex: &str) -> Result<Self, AuditError> {
        let mut secret = [0; 32];
        read_hex(hex, &mut secret).ok_or(Repr::BadKey("is not 64 lower-case hex digits"))?;
        Self::new(id, &secret)
    }

    /// The name of the key, which each row tells.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Seals the parts, one after the other. They have fixed lengths, so they do not run together.
    pub(super) fn seal(&self, parts: &[&[u8]]) -> AuditMac {
        AuditMac(self.mac(parts).finalize().into_bytes().into())
    }

    /// Whether `mac` is that of the parts, in a time that does not depend on where it differs.
    pub(super) fn verifies(&self, parts: &[&[u8]], mac: &AuditMac) -> bool {
        self.mac(parts).verify_slice(&mac.0).is_ok()
    }

    fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        // RFC 2104 fills a key that is shorter than a block of 64 bytes with zeros.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.secret);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in parts {
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// An HMAC-SHA-256 (RFC 2104), written `hmac-sha256:` and 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String", extend("pattern" = "^hmac-sha256:[0-9a-f]{64}$")))]
pub struct AuditMac([u8; 32]);

const PREFIX: &str = "hmac-sha256:";

impl AuditMac {
    /// Wraps 32 bytes that are a MAC.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for AuditMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        write_hex(f, &self.0)
    }
}

impl FromStr for AuditMac {
    type Err = AuditMacError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        text.strip_prefix(PREFIX).and_then(|hex| read_hex(hex, &mut bytes)).ok_or(AuditMacError)?;
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for AuditMac {
    type Error = AuditMacError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AuditMac> for String {
    fn from(mac: AuditMac) -> Self {
        mac.to_string()
    }
}

/// A text that is not `hmac-sha256:` and 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not of the form hmac-sha256:<64 lower-case hex digits>")]
pub struct AuditMacError;
