//! How one row follows another.

use serde::{Deserialize, Serialize};

use super::entry::{AuditEntry, AuditRecord};
use super::error::{AuditError, Repr};
use super::key::{AuditKey, AuditMac};
use super::{MAX_PAYLOAD_BYTES, SCHEMA_VERSION};
use crate::base::{LimitExceeded, Sha256Hash, Sha256Hasher, Timestamp, canonical_json};

/// Stands in front of what is hashed, so that no other hash of ours is one of a row.
const EVENT_DOMAIN: &[u8] = b"aether-audit-event-v1\0";
/// Stands in front of what seals a tip, so that the MAC of a row is never one of a tip.
const TIP_DOMAIN: &[u8] = b"aether-audit-tip-v1\0";
/// Largest `seq`: integers beyond are not exact in every JSON reader.
const MAX_SEQ: u64 = 1 << 53;

/// A row as it is kept. A log is a table that anybody with the file can write, so any part may be missing
/// or wrong; [`super::AuditVerifier`] says what is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AuditRow {
    /// Number of the row in the place where it is kept.
    pub row: u64,
    /// The canonical JSON of an [`AuditRecord`].
    pub payload: Option<String>,
    /// `event_hash` of the row before; [`AuditTip::GENESIS`] in front of the first.
    pub prev_hash: Option<Sha256Hash>,
    /// SHA-256 over a domain, `prev_hash` and `payload`.
    pub event_hash: Option<Sha256Hash>,
    /// HMAC-SHA-256 of `event_hash`.
    pub record_hmac: Option<AuditMac>,
    /// Name of the key of `record_hmac`.
    pub key_id: Option<String>,
}

impl AuditRow {
    /// A row without any content, to be filled from where it is kept.
    #[must_use]
    pub fn new(row: u64) -> Self {
        Self { row, payload: None, prev_hash: None, event_hash: None, record_hmac: None, key_id: None }
    }

    /// What the row says, where it can be read. Nothing of it is verified.
    #[must_use]
    pub fn record(&self) -> Option<AuditRecord> {
        serde_json::from_str(self.payload.as_deref()?).ok()
    }
}

/// The end of a log: how many rows it has, and the hash of the last.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AuditTip {
    /// `seq` of the last row, which is the number of rows; 0 for an empty log.
    pub seq: u64,
    /// `event_hash` of the last row; [`AuditTip::GENESIS`] for an empty log.
    pub event_hash: Sha256Hash,
}

impl AuditTip {
    /// What stands in the place of the hash in front of the first row: the text
    /// `Aether audit genesis v1`, zeros, and a last byte of 1.
    pub const GENESIS: Sha256Hash = Sha256Hash::from_bytes(*b"Aether audit genesis v1\0\0\0\0\0\0\0\0\x01");

    /// The tip of an empty log.
    pub const EMPTY: Self = Self { seq: 0, event_hash: Self::GENESIS };

    /// A tip.
    #[must_use]
    pub fn new(seq: u64, event_hash: Sha256Hash) -> Self {
        Self { seq, event_hash }
    }

    /// The tip under the seal of a key, to be remembered outside of the log.
    #[must_use]
    pub fn sealed(self, key: &AuditKey) -> SealedTip {
        let hmac = key.seal(&tip_parts(&self.seq.to_be_bytes(), &self.event_hash));
        SealedTip { tip: self, key_id: key.id().to_owned(), hmac }
    }
}

fn tip_parts<'a>(seq: &'a [u8; 8], event_hash: &'a Sha256Hash) -> [&'a [u8]; 3] {
    [TIP_DOMAIN, seq, event_hash.as_bytes()]
}

/// A tip that only a holder of the key can have made. Kept where a writer of the log cannot reach, it shows
/// that rows were cut off, all of them included.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SealedTip {
    /// The tip.
    pub tip: AuditTip,
    /// Name of the key.
    pub key_id: String,
    /// Its seal.
    pub hmac: AuditMac,
}

impl SealedTip {
    /// A tip with a seal that was made before, such as one that was read from where it is kept.
    #[must_use]
    pub fn new(tip: AuditTip, key_id: impl Into<String>, hmac: AuditMac) -> Self {
        Self { tip, key_id: key_id.into(), hmac }
    }

    /// Whether `key` made the seal.
    #[must_use]
    pub fn is_sealed_by(&self, key: &AuditKey) -> bool {
        let seq = self.tip.seq.to_be_bytes();
        self.key_id == key.id() && key.verifies(&tip_parts(&seq, &self.tip.event_hash), &self.hmac)
    }
}

/// That a row is in the log, durably.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct AuditReceipt {
    /// `seq` of the row.
    pub seq: u64,
    /// Its `event_hash`.
    pub event_hash: Sha256Hash,
}

impl AuditReceipt {
    /// A receipt for a row that is durable.
    #[must_use]
    pub fn new(seq: u64, event_hash: Sha256Hash) -> Self {
        Self { seq, event_hash }
    }
}

/// Makes the next row of a log. It holds no rows: whoever keeps them writes the row and the new tip in one
/// transaction, and only then calls [`AuditChain::advance`].
///
/// # Examples
///
/// ```
/// use aether_core::base::Timestamp;
/// use aether_core::record::{
///     AuditActor, AuditChain, AuditEntry, AuditKey, AuditKind, AuditTip, AuditVerdict, AuditVerifier,
///     ExpectedTip,
/// };
///
/// let key = AuditKey::new("test", &[7; 32])?;
/// let mut chain = AuditChain::new(AuditTip::EMPTY, key.clone());
/// let entry = AuditEntry::new(AuditKind::POLICY_CHANGED, AuditActor::User);
/// let row = chain.next_row(Timestamp::from_unix_ms(0), entry)?;
/// let receipt = chain.advance(&row)?;
/// assert_eq!(receipt.seq, 1);
///
/// let mut verifier = AuditVerifier::new(vec![key.clone()], ExpectedTip::Exactly(chain.tip().sealed(&key)));
/// verifier.push(&row);
/// assert_eq!(verifier.finish(), AuditVerdict::Valid { rows: 1 });
/// # Ok::<(), aether_core::record::AuditError>(())
/// ```
#[derive(Clone, Debug)]
pub struct AuditChain {
    tip: AuditTip,
    key: AuditKey,
}

impl AuditChain {
    /// A chain that goes on behind `tip`.
    #[must_use]
    pub fn new(tip: AuditTip, key: AuditKey) -> Self {
        Self { tip, key }
    }

    /// The tip behind which the next row stands.
    #[must_use]
    pub fn tip(&self) -> AuditTip {
        self.tip
    }

    /// The tip under the seal of the key.
    #[must_use]
    pub fn sealed_tip(&self) -> SealedTip {
        self.tip.sealed(&self.key)
    }

    /// The row that would be next. The chain stays where it is, so a write that fails costs nothing.
    ///
    /// # Errors
    ///
    /// [`AuditErrorKind::LimitExceeded`](super::AuditErrorKind::LimitExceeded) for a payload beyond 64 KiB,
    /// [`AuditErrorKind::Full`](super::AuditErrorKind::Full).
    pub fn next_row(&self, at: Timestamp, entry: AuditEntry) -> Result<AuditRow, AuditError> {
        let seq = self.tip.seq.checked_add(1).filter(|&seq| seq <= MAX_SEQ).ok_or(Repr::Full)?;
        let payload = canonical_json(&AuditRecord { schema_version: SCHEMA_VERSION, seq, at, entry })
            .map_err(Repr::NotCanonical)?;
        if payload.len() > MAX_PAYLOAD_BYTES {
            let limit = LimitExceeded {
                what: "payload of a row of the audit log in bytes".to_owned(),
                limit: MAX_PAYLOAD_BYTES as u64,
                actual: payload.len() as u64,
            };
            return Err(Repr::Limit(limit).into());
        }
        let event_hash = event_hash(&self.tip.event_hash, &payload);
        Ok(AuditRow {
            row: seq,
            payload: Some(payload),
            prev_hash: Some(self.tip.event_hash),
            event_hash: Some(event_hash),
            record_hmac: Some(self.key.seal(&[event_hash.as_bytes()])),
            key_id: Some(self.key.id().to_owned()),
        })
    }

    /// Moves on behind `row`, which is durable now.
    ///
    /// # Errors
    ///
    /// [`AuditErrorKind::NotNext`](super::AuditErrorKind::NotNext) when it is not one that
    /// [`AuditChain::next_row`] gave since the last move.
    pub fn advance(&mut self, row: &AuditRow) -> Result<AuditReceipt, AuditError> {
        let follows = row.prev_hash == Some(self.tip.event_hash);
        let payload = row.payload.as_deref().filter(|_| follows).ok_or(Repr::NotNext)?;
        let hash = event_hash(&self.tip.event_hash, payload);
        let seq = self.tip.seq.saturating_add(1);
        if row.event_hash != Some(hash) || row.row != seq {
            return Err(Repr::NotNext.into());
        }
        self.tip = AuditTip { seq, event_hash: hash };
        Ok(AuditReceipt { seq, event_hash: hash })
    }

    /// Seals what follows with another key. The last row must be one of
    /// [`AuditKind::KEY_ROTATED`](super::AuditKind::KEY_ROTATED) that names it, or the log no longer verifies.
    pub fn rotate(&mut self, key: AuditKey) {
        self.key = key;
    }
}

/// The hash of a row: over the domain, the 32 bytes of the hash before, and the payload.
pub(super) fn event_hash(prev: &Sha256Hash, payload: &str) -> Sha256Hash {
    let mut hasher = Sha256Hasher::new();
    hasher.update(EVENT_DOMAIN);
    hasher.update(prev.as_bytes());
    hasher.update(payload.as_bytes());
    hasher.finish()
}
