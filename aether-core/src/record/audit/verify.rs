//! Whether a log is what was written.

use super::SCHEMA_VERSION;
use super::chain::{AuditRow, AuditTip, SealedTip, event_hash};
use super::entry::{AuditKind, AuditRecord};
use super::key::AuditKey;
use crate::base::canonical_json;

/// What is known of the end of a log from outside of its rows.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ExpectedTip {
    /// Nothing: rows that were cut off at the end cannot be missed.
    Unknown,
    /// The log ends exactly there, such as by the head that is kept beside its rows.
    Exactly(SealedTip),
    /// The log ended there once and may have grown since.
    AtLeast(SealedTip),
    /// A tip has to be kept beside the rows, and it is not there.
    Gone,
}

/// What came of a verification.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AuditVerdict {
    /// Every row is there, in its place, as it was written under a known key.
    Valid {
        /// How many.
        rows: u64,
    },
    /// The log was changed.
    Invalid(AuditFinding),
    /// Nothing speaks against the log, but not everything could be checked.
    Indeterminate {
        /// What is missing to say more.
        gap: AuditGap,
        /// Rows whose chain holds.
        rows: u64,
    },
}

/// What is wrong first.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct AuditFinding {
    /// Number of the row, as where it is kept; of rows that are gone the first.
    pub row: u64,
    /// What is wrong with it.
    pub flaw: AuditFlaw,
}

/// How a log was changed.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum AuditFlaw {
    /// The row does not follow the one before, or its payload is not the one that was hashed.
    ChainBreak,
    /// The MAC is not that of the row.
    HmacMismatch,
    /// Rows at the end are gone.
    Truncated,
    /// All rows are gone.
    Wiped,
    /// A part of the row is missing, so it proves nothing.
    MissingHash,
    /// Another row belongs here: rows were removed, doubled or exchanged.
    OutOfOrder,
    /// The row names a key that is not known.
    UnknownKey,
    /// The row is sealed with another key than the one before, and no row announced it.
    UnannouncedKey,
    /// The payload is no record in its canonical form.
    BadPayload,
    /// The row is not the one that the tip remembers.
    NotTheTip,
    /// There are rows behind the end that the tip remembers.
    BeyondTip,
    /// The seal of the remembered tip was not made with its key.
    ForgedTip,
    /// The tip that has to be kept beside the rows is gone, and with it what tells where they end.
    TipGone,
}

impl AuditFlaw {
    /// A stable name, such as `chain_break`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChainBreak => "chain_break",
            Self::HmacMismatch => "hmac_mismatch",
            Self::Truncated => "truncated",
            Self::Wiped => "wiped",
            Self::MissingHash => "missing_hash",
            Self::OutOfOrder => "out_of_order",
            Self::UnknownKey => "unknown_key",
            Self::UnannouncedKey => "unannounced_key",
            Self::BadPayload => "bad_payload",
            Self::NotTheTip => "not_the_tip",
            Self::BeyondTip => "beyond_tip",
            Self::ForgedTip => "forged_tip",
            Self::TipGone => "tip_gone",
        }
    }
}

/// Why more cannot be said.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum AuditGap {
    /// No key was given, so whoever can compute hashes can have written the log.
    NoKey,
    /// No tip is remembered, so rows may have been cut off at the end.
    NoTip,
    /// A row is of a later version than this build knows; its chain and its MAC hold.
    NewerVersion,
}

impl AuditGap {
    /// A stable name, such as `no_tip`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoKey => "no_key",
            Self::NoTip => "no_tip",
            Self::NewerVersion => "newer_version",
        }
    }
}

/// Verifies a log row by row, in the order of the place where they are kept, with the memory of one row.
///
/// It does not protect against somebody who has the key, nor against a log that was put back together with
/// everything that remembers its tip to an earlier state: keep a [`SealedTip`] elsewhere for that.
#[derive(Clone, Debug)]
pub struct AuditVerifier {
    keys: Vec<AuditKey>,
    expected: Vec<ExpectedTip>,
    tip: AuditTip,
    /// Key of the row before, and the one that it announced.
    key_id: Option<String>,
    announced: Option<String>,
    is_newer: bool,
    finding: Option<AuditFinding>,
}

impl AuditVerifier {
    /// Starts with the keys that may have been used and what is known of the end.
    #[must_use]
    pub fn new(keys: Vec<AuditKey>, expected: ExpectedTip) -> Self {
        Self {
            keys,
            expected: vec![expected],
            tip: AuditTip::EMPTY,
            key_id: None,
            announced: None,
            is_newer: false,
            finding: None,
        }
    }

    /// Also holds the log against something else that is known of its end, such as a tip that was kept
    /// elsewhere besides the one that is kept beside the rows. Before the first row.
    #[must_use]
    pub fn expecting(mut self, expected: ExpectedTip) -> Self {
        self.expected.push(expected);
        self
    }

    /// Takes the next row. After the first flaw the others are not looked at.
    pub fn push(&mut self, row: &AuditRow) {
        if self.finding.is_none()
            && let Err(flaw) = self.check(row)
        {
            self.finding = Some(AuditFinding { row: row.row, flaw });
        }
    }

    /// Whether a flaw was found already, so that no more rows are needed.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.finding.is_some()
    }

    /// What came of it, after the last row.
    #[must_use]
    pub fn finish(self) -> AuditVerdict {
        let rows = self.tip.seq;
        if let Some(finding) = self.finding {
            return AuditVerdict::Invalid(finding);
        }
        if let Some(flaw) = self.expected.iter().find_map(|expected| self.end_flaw(expected)) {
            return AuditVerdict::Invalid(AuditFinding { row: rows.saturating_add(1), flaw });
        }
        let gap = if self.keys.is_empty() {
            Some(AuditGap::NoKey)
        } else if self.expected.iter().all(|expected| *expected == ExpectedTip::Unknown) {
            Some(AuditGap::NoTip)
        } else {
            self.is_newer.then_some(AuditGap::NewerVersion)
        };
        match gap {
            Some(gap) => AuditVerdict::Indeterminate { gap, rows },
            None => AuditVerdict::Valid { rows },
        }
    }

    /// What is wrong with where the rows end.
    fn end_flaw(&self, expected: &ExpectedTip) -> Option<AuditFlaw> {
        let rows = self.tip.seq;
        match expected {
            ExpectedTip::Unknown => None,
            ExpectedTip::Gone => Some(AuditFlaw::TipGone),
            ExpectedTip::Exactly(sealed) | ExpectedTip::AtLeast(sealed) if sealed.tip.seq > rows => {
                Some(if rows == 0 { AuditFlaw::Wiped } else { AuditFlaw::Truncated })
            }
            ExpectedTip::Exactly(sealed) | ExpectedTip::AtLeast(sealed) => self.seal_flaw(sealed),
        }
    }

    fn seal_flaw(&self, sealed: &SealedTip) -> Option<AuditFlaw> {
        let is_no_end = sealed.tip.seq == 0 && sealed.tip.event_hash != AuditTip::GENESIS;
        if is_no_end {
            return Some(AuditFlaw::NotTheTip);
        }
        if self.keys.is_empty() {
            return None;
        }
        match self.keys.iter().find(|key| key.id() == sealed.key_id) {
            None => Some(AuditFlaw::UnknownKey),
            Some(key) => (!sealed.is_sealed_by(key)).then_some(AuditFlaw::ForgedTip),
        }
    }

    fn check(&mut self, row: &AuditRow) -> Result<(), AuditFlaw> {
        let (Some(payload), Some(prev), Some(hash), Some(mac), Some(key_id)) =
            (&row.payload, &row.prev_hash, &row.event_hash, &row.record_hmac, &row.key_id)
        else {
            return Err(AuditFlaw::MissingHash);
        };
        let head: Head = serde_json::from_str(payload).map_err(|_| AuditFlaw::BadPayload)?;
        let seq = self.tip.seq.saturating_add(1);
        // The number beside the payload is not sealed, and readers are shown it.
        if head.seq != seq || row.row != seq {
            return Err(AuditFlaw::OutOfOrder);
        }
        if *prev != self.tip.event_hash || *hash != event_hash(prev, payload) {
            return Err(AuditFlaw::ChainBreak);
        }
        if !self.keys.is_empty() {
            let key = self.keys.iter().find(|key| key.id() == key_id).ok_or(AuditFlaw::UnknownKey)?;
            let is_expected = match (&self.announced, &self.key_id) {
                (Some(announced), _) => announced == key_id,
                (None, Some(before)) => before == key_id,
                (None, None) => true,
            };
            if !is_expected {
                return Err(AuditFlaw::UnannouncedKey);
            }
            if !key.verifies(&[hash.as_bytes()], mac) {
                return Err(AuditFlaw::HmacMismatch);
            }
        }
        self.announced = None;
        if head.schema_version > SCHEMA_VERSION {
            self.is_newer = true;
        } else {
            let record: AuditRecord = serde_json::from_str(payload).map_err(|_| AuditFlaw::BadPayload)?;
            if canonical_json(&record).ok().as_ref() != Some(payload) {
                return Err(AuditFlaw::BadPayload);
            }
            if record.entry.kind == AuditKind::KEY_ROTATED {
                self.announced = record.entry.details.get(AuditKind::NEXT_KEY).cloned();
            }
        }
        self.key_id = Some(key_id.clone());
        self.tip = AuditTip { seq, event_hash: *hash };
        self.check_tip()
    }

    /// Compares the row that was just taken with the remembered ends.
    fn check_tip(&self) -> Result<(), AuditFlaw> {
        for expected in &self.expected {
            match expected {
                ExpectedTip::Exactly(sealed) | ExpectedTip::AtLeast(sealed)
                    if sealed.tip.seq == self.tip.seq && sealed.tip.event_hash != self.tip.event_hash =>
                {
                    return Err(AuditFlaw::NotTheTip);
                }
                ExpectedTip::Exactly(sealed) if sealed.tip.seq < self.tip.seq => {
                    return Err(AuditFlaw::BeyondTip);
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// What every version of a record tells.
#[derive(serde::Deserialize)]
struct Head {
    schema_version: u32,
    seq: u64,
}
