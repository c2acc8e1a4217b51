//! The audit log: a row and the tip in one transaction.

use aether_core::authority::{Capability, ExportData, LedgerError, Permit};
use aether_core::base::{ErrorCode, Timestamp};
use aether_core::port::AuditSink;
use aether_core::record::{
    AuditChain, AuditEntry, AuditError, AuditKey, AuditQuery, AuditReceipt, AuditRow, AuditTip, AuditVerdict,
    AuditVerifier, ExpectedTip, SealedTip,
};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::AuthorityStore;
use crate::error::{Cause, Outcome};

const FAILED: ErrorCode = ErrorCode::POLICY_AUDIT_FAILED;
/// Rows that are read at once, so that a long log takes little memory and no writer waits long.
const PAGE: u32 = 1_000;
const ROW: &str = "SELECT row, payload, prev_hash, event_hash, record_hmac, key_id FROM audit_rows";

impl AuditSink for AuthorityStore {
    fn append(&self, entry: AuditEntry, at: Timestamp) -> Result<AuditReceipt, LedgerError> {
        let key = &self.shared.key;
        let mut entry = Some(entry);
        // What a row says is judged apart from whether it could be written.
        let mut refused: Option<AuditError> = None;
        let appended = self.write(&FAILED, |transaction| {
            let tip = sound_tip(transaction, key)?;
            let mut chain = AuditChain::new(tip, key.clone());
            let Some(entry) = entry.take() else { return Ok(None) };
            let row = match chain.next_row(at, entry) {
                Ok(row) => row,
                Err(error) => {
                    refused = Some(error);
                    return Ok(None);
                }
            };
            insert(transaction, &row)?;
            let receipt = chain.advance(&row).map_err(|_| Cause::Corrupt("tip of the audit log"))?;
            move_tip(transaction, &chain.sealed_tip())?;
            Ok(Some(receipt))
        })?;
        appended.ok_or_else(|| match refused {
            Some(error) => LedgerError::new(FAILED, error.to_string()).with_source(error),
            None => LedgerError::new(FAILED, "row could not be made"),
        })
    }

    fn check(&self) -> Result<(), LedgerError> {
        self.read(&FAILED, |transaction| sound_tip(transaction, &self.shared.key).map(drop))
    }

    fn rows(&self, query: &AuditQuery) -> Result<Vec<AuditRow>, LedgerError> {
        let mut found = Vec::new();
        let everything =
            AuditQuery { after_seq: query.after_seq, limit: query.limit, ..AuditQuery::default() };
        let is_narrow = everything != *query;
        let mut after = query.after_seq;
        while found.len() < query.limit as usize {
            let page = self.page(after, query.since, query.until)?;
            let Some(last) = page.last() else { break };
            after = last.row;
            let keeps = |row: &AuditRow| !is_narrow || row.record().is_some_and(|it| query.keeps(&it));
            let left = query.limit as usize - found.len();
            found.extend(page.into_iter().filter(keeps).take(left));
        }
        Ok(found)
    }

    fn tip(&self) -> Result<SealedTip, LedgerError> {
        self.read(&FAILED, |transaction| tip(transaction))
    }
}

impl AuthorityStore {
    /// Looks at every row: whether the log is what was written, up to the tip that is kept beside it. `known` is
    /// a tip that was kept elsewhere, which shows also that rows and tip were taken back together.
    ///
    /// Reads a thousand rows at a time. Rows that are added meanwhile are not looked at.
    ///
    /// # Errors
    ///
    /// When the log cannot be read. That it was changed is a verdict.
    pub fn verify(&self, known: Option<SealedTip>) -> Result<AuditVerdict, LedgerError> {
        let tip = self.tip()?;
        let end = tip.tip.seq;
        let verdict = self.verdict(ExpectedTip::Exactly(tip), end)?;
        match (known, &verdict) {
            (Some(known), AuditVerdict::Valid { .. }) => self.verdict(ExpectedTip::AtLeast(known), end),
            _ => Ok(verdict),
        }
    }

    fn verdict(&self, expected: ExpectedTip, end: u64) -> Result<AuditVerdict, LedgerError> {
        let mut verifier = AuditVerifier::new(vec![self.shared.key.clone()], expected);
        let mut beyond = None;
        self.visit_rows(|row| {
            if row.row <= end {
                verifier.push(row);
            } else {
                beyond = Some(row.clone());
            }
            !verifier.is_decided() && beyond.is_none()
        })?;
        // A row behind the tip that we know was added meanwhile, with the tip, or put there without it.
        if let Some(row) = beyond
            && self.tip()?.tip.seq < row.row
        {
            verifier.push(&row);
        }
        Ok(verifier.finish())
    }

    /// Calls `visit` with each row in the order of the log, until it says no.
    ///
    /// # Errors
    ///
    /// When the log cannot be read.
    pub fn visit_rows(&self, mut visit: impl FnMut(&AuditRow) -> bool) -> Result<(), LedgerError> {
        let mut after = 0;
        loop {
            let page = self.page(after, None, None)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.row;
            if !page.iter().all(&mut visit) {
                return Ok(());
            }
        }
    }

    /// Gives every row away: the same as [`AuthorityStore::visit_rows`], by a permit for it.
    ///
    /// # Errors
    ///
    /// `policy.denied` for a permit of something else, and when the log cannot be read.
    pub fn export_rows(
        &self,
        permit: Permit<ExportData>,
        visit: impl FnMut(&AuditRow) -> bool,
    ) -> Result<(), LedgerError> {
        if permit.capability() != Capability::AuditExport {
            let message = "the permit is for something else than the audit log";
            return Err(LedgerError::new(ErrorCode::POLICY_DENIED, message));
        }
        self.visit_rows(visit)
    }

    /// The next rows behind `after`.
    fn page(
        &self,
        after: u64,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<Vec<AuditRow>, LedgerError> {
        self.read(&FAILED, |transaction| {
            let mut sql = format!("{ROW} WHERE row > ?1");
            let mut values = vec![Value::from(i64::try_from(after).unwrap_or(i64::MAX))];
            for (sign, time) in [(">=", since), ("<", until)] {
                if let Some(time) = time {
                    values.push(Value::from(time.to_string()));
                    sql.push_str(&format!(" AND json_extract(payload, '$.at') {sign} ?{}", values.len()));
                }
            }
            sql.push_str(&format!(" ORDER BY row LIMIT {PAGE}"));
            let mut statement = transaction.prepare_cached(&sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(values), read_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    // Whoever can write the file can put anything in a column; the verifier tells what is missing.
    let text = |column: usize| {
        row.get::<_, Value>(column).map(|value| match value {
            Value::Text(text) => Some(text),
            _ => None,
        })
    };
    let parsed = |column: usize| Ok::<_, rusqlite::Error>(text(column)?.and_then(|text| text.parse().ok()));
    let mut found = AuditRow::new(row.get::<_, i64>(0)?.cast_unsigned());
    found.payload = text(1)?;
    found.prev_hash = parsed(2)?;
    found.event_hash = parsed(3)?;
    found.record_hmac = text(4)?.and_then(|text| text.parse().ok());
    found.key_id = text(5)?;
    Ok(found)
}

fn insert(connection: &Connection, row: &AuditRow) -> Outcome<()> {
    connection
        .prepare_cached(
            "INSERT INTO audit_rows (row, payload, prev_hash, event_hash, record_hmac, key_id)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            row.row.cast_signed(),
            &row.payload,
            row.prev_hash.map(|hash| hash.to_string()),
            row.event_hash.map(|hash| hash.to_string()),
            row.record_hmac.map(|mac| mac.to_string()),
            &row.key_id,
        ))?;
    Ok(())
}

fn tip(connection: &Connection) -> Outcome<SealedTip> {
    let gone = || Cause::Corrupt("tip of the audit log");
    let (seq, hash, key_id, hmac): (i64, String, String, String) = connection
        .prepare_cached("SELECT seq, event_hash, key_id, hmac FROM audit_tip WHERE id = 0")?
        .query_row((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?
        .ok_or_else(gone)?;
    let hash = hash.parse().map_err(|_| gone())?;
    let hmac = hmac.parse().map_err(|_| gone())?;
    Ok(SealedTip::new(AuditTip::new(seq.cast_unsigned(), hash), key_id, hmac))
}

/// The tip, if the key sealed it and it is that of the last row.
fn sound_tip(connection: &Connection, key: &AuditKey) -> Outcome<AuditTip> {
    let sealed = tip(connection)?;
    if sealed.key_id != key.id() {
        return Err(Cause::Corrupt("audit log is sealed with another key"));
    }
    if !sealed.is_sealed_by(key) {
        return Err(Cause::Corrupt("seal of the tip of the audit log"));
    }
    let last: Option<(i64, Option<String>)> = connection
        .prepare_cached("SELECT row, event_hash FROM audit_rows ORDER BY row DESC LIMIT 1")?
        .query_row((), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let last = last.unwrap_or((0, Some(AuditTip::GENESIS.to_string())));
    if (last.0.cast_unsigned(), last.1) != (sealed.tip.seq, Some(sealed.tip.event_hash.to_string())) {
        return Err(Cause::Corrupt("last row of the audit log is not that of its tip"));
    }
    Ok(sealed.tip)
}

fn move_tip(connection: &Connection, tip: &SealedTip) -> Outcome<()> {
    connection
        .prepare_cached(
            "UPDATE audit_tip SET seq = ?1, event_hash = ?2, key_id = ?3, hmac = ?4 WHERE id = 0",
        )?
        .execute((
            tip.tip.seq.cast_signed(),
            tip.tip.event_hash.to_string(),
            &tip.key_id,
            tip.hmac.to_string(),
        ))?;
    Ok(())
}
