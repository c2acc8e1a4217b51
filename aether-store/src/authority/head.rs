//! Rows of the audit log and its head, as they stand in the file.

use aether_core::base::Sha256Hash;
use aether_core::record::{AuditMac, AuditRow, AuditTip, MAX_AUDIT_PAYLOAD_BYTES, SealedTip};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::error::Fault;

/// The columns of a row. A payload above its limit is not read: what is no record stands for it.
pub(super) const COLUMNS: &str = "row, CASE WHEN octet_length(payload) <= 65536 THEN payload \
     WHEN payload IS NOT NULL THEN '' END, prev_hash, event_hash, record_hmac, key_id";
const _: () = assert!(MAX_AUDIT_PAYLOAD_BYTES == 65536, "the statement says so, too");

/// The row that [`COLUMNS`] gave. Whatever stands there is told as it is; what cannot be told is missing.
pub(super) fn row_of(row: &Row<'_>) -> Result<AuditRow, Fault> {
    // A number below 1 is no place in the log, and none that a later row has.
    let mut found = AuditRow::new(u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0));
    found.payload = match row.get_ref(1)? {
        ValueRef::Null => None,
        ValueRef::Text(bytes) => Some(std::str::from_utf8(bytes).unwrap_or("").to_owned()),
        // It is there, and it is no record.
        _ => Some(String::new()),
    };
    found.prev_hash = bytes(row.get_ref(2)?).map(Sha256Hash::from_bytes);
    found.event_hash = bytes(row.get_ref(3)?).map(Sha256Hash::from_bytes);
    found.record_hmac = bytes(row.get_ref(4)?).map(AuditMac::from_bytes);
    found.key_id = text(row.get_ref(5)?);
    Ok(found)
}

fn bytes(value: ValueRef<'_>) -> Option<[u8; 32]> {
    match value {
        ValueRef::Blob(bytes) => bytes.try_into().ok(),
        _ => None,
    }
}

/// A name of a key; no key has a longer one.
fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Text(bytes) if bytes.len() <= 64 => std::str::from_utf8(bytes).ok().map(str::to_owned),
        _ => None,
    }
}

/// Writes a row behind the last one.
pub(super) fn insert_row(connection: &Connection, row: &AuditRow) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO audit_rows (row, payload, prev_hash, event_hash, record_hmac, key_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    statement.execute(params![
        row.row.cast_signed(),
        row.payload,
        row.prev_hash.as_ref().map(Sha256Hash::as_bytes),
        row.event_hash.as_ref().map(Sha256Hash::as_bytes),
        row.record_hmac.as_ref().map(AuditMac::as_bytes),
        row.key_id,
    ])?;
    Ok(())
}

/// Writes the head of a new file.
pub(super) fn insert(connection: &Connection, head: &SealedTip) -> Result<(), Fault> {
    put(
        connection,
        head,
        "INSERT INTO audit_head (id, seq, event_hash, key_id, hmac) VALUES (0, ?1, ?2, ?3, ?4)",
    )
}

/// Moves the head on.
pub(super) fn update(connection: &Connection, head: &SealedTip) -> Result<(), Fault> {
    put(
        connection,
        head,
        "UPDATE audit_head SET seq = ?1, event_hash = ?2, key_id = ?3, hmac = ?4 WHERE id = 0",
    )
}

fn put(connection: &Connection, head: &SealedTip, statement: &str) -> Result<(), Fault> {
    connection.prepare_cached(statement)?.execute(params![
        head.tip.seq.cast_signed(),
        head.tip.event_hash.as_bytes(),
        head.key_id,
        head.hmac.as_bytes(),
    ])?;
    Ok(())
}

/// The head; `None` where it is gone, or is none.
pub(super) fn read(connection: &Connection) -> Result<Option<SealedTip>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT seq, event_hash, key_id, hmac FROM audit_head WHERE id = 0")?;
    let mut rows = statement.query(())?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let seq = match row.get_ref(0)? {
        ValueRef::Integer(seq) => u64::try_from(seq).ok(),
        _ => None,
    };
    let parts = (seq, bytes(row.get_ref(1)?), text(row.get_ref(2)?), bytes(row.get_ref(3)?));
    let (Some(seq), Some(hash), Some(key_id), Some(hmac)) = parts else { return Ok(None) };
    let tip = AuditTip::new(seq, Sha256Hash::from_bytes(hash));
    Ok(Some(SealedTip::new(tip, key_id, AuditMac::from_bytes(hmac))))
}

/// Where the rows end, as the last one says.
pub(super) fn last_row(connection: &Connection) -> Result<Option<AuditTip>, Fault> {
    let mut statement =
        connection.prepare_cached("SELECT row, event_hash FROM audit_rows ORDER BY row DESC LIMIT 1")?;
    let found =
        statement.query_row((), |row| Ok((row.get::<_, i64>(0)?, bytes(row.get_ref(1)?)))).optional()?;
    match found {
        None => Ok(Some(AuditTip::EMPTY)),
        Some((row, hash)) => Ok(u64::try_from(row)
            .ok()
            .zip(hash)
            .map(|(seq, hash)| AuditTip::new(seq, Sha256Hash::from_bytes(hash)))),
    }
}
