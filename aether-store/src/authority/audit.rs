//! Adding rows: each with the new head in one transaction.

use aether_core::authority::LedgerError;
use aether_core::base::Timestamp;
use aether_core::port::AuditSink;
use aether_core::record::{
    AuditActor, AuditChain, AuditEntry, AuditKey, AuditKind, AuditQuery, AuditReceipt, AuditRow, AuditTip,
    SealedTip, SignedNote, Signer,
};
use rusqlite::Connection;

use super::error::{Fault, of_audit};
use super::{PolicyStore, PolicyStoreError, head};

/// The head of a log whose end is where the head says, under the seal of this key.
fn sound_head(connection: &Connection, key: &AuditKey) -> Result<SealedTip, Fault> {
    let found = head::read(connection)?.ok_or(Fault::NoHead)?;
    if found.key_id != key.id() {
        return Err(Fault::OtherKey { sealed_by: found.key_id, key: key.id().to_owned() });
    }
    if !found.is_sealed_by(key) {
        return Err(Fault::ForgedHead { key: key.id().to_owned() });
    }
    if head::last_row(connection)? != Some(found.tip) {
        return Err(Fault::HeadUnlikeRows);
    }
    Ok(found)
}

/// Adds a row, and seals the new head with the key that follows.
fn add(
    connection: &Connection,
    key: &AuditKey,
    following: &AuditKey,
    entry: AuditEntry,
    at: Timestamp,
) -> Result<AuditReceipt, Fault> {
    let tip: AuditTip = sound_head(connection, key)?.tip;
    let mut chain = AuditChain::new(tip, key.clone());
    let row = chain.next_row(at, entry)?;
    head::insert_row(connection, &row)?;
    let receipt = chain.advance(&row)?;
    head::update(connection, &chain.tip().sealed(following))?;
    Ok(receipt)
}

impl PolicyStore {
    fn append_entry(&self, entry: AuditEntry, at: Timestamp) -> Result<AuditReceipt, Fault> {
        if entry.kind == AuditKind::KEY_ROTATED {
            return Err(Fault::Rotation);
        }
        // Held until the row is safe: a key that changes meanwhile would seal a row too late.
        let key = self.key();
        self.write(|connection| add(connection, &key, &key, entry, at))
    }

    /// Seals what follows with another key, and says so in the log: the row, and the head under the next key,
    /// are written in one transaction. Other handles, here and in other processes, that have the key from
    /// before write no more rows.
    ///
    /// The next key must be kept safely before this is called, and those before as long as the log is to be
    /// verified.
    ///
    /// # Errors
    ///
    /// [`OtherKey`](super::PolicyStoreErrorKind::OtherKey) also when the next key has the name of the present
    /// one, and those of writing. The present key stays then.
    pub fn rotate_key(
        &self,
        next: AuditKey,
        by: AuditActor,
        at: Timestamp,
    ) -> Result<AuditReceipt, PolicyStoreError> {
        let mut key = self.key_to_change();
        if next.id() == key.id() {
            return Err(Fault::SameKey.into());
        }
        let entry = AuditEntry::new(AuditKind::KEY_ROTATED, by).with_detail(AuditKind::NEXT_KEY, next.id());
        let receipt = self.write(|connection| add(connection, &key, &next, entry, at))?;
        *key = next;
        Ok(receipt)
    }

    /// Signs the tip of the log that is called `origin`, for whoever keeps it elsewhere: a log is later
    /// verified against it by [`AuditTrust::with_tip`](super::AuditTrust::with_tip).
    ///
    /// # Errors
    ///
    /// [`Note`](super::PolicyStoreErrorKind::Note), and those of reading: a log that is known to be damaged
    /// is not signed.
    pub fn sign_tip(&self, origin: &str, signer: &dyn Signer) -> Result<SignedNote, PolicyStoreError> {
        let key = self.key();
        let head = self.read(|connection| sound_head(connection, &key))?;
        Ok(head.tip.sign(origin, signer).map_err(Fault::Note)?)
    }

    fn check_log(&self) -> Result<(), Fault> {
        self.check_writable()?;
        let key = self.key();
        self.read(|connection| sound_head(connection, &key).map(drop))
    }
}

impl AuditSink for PolicyStore {
    fn append(&self, entry: AuditEntry, at: Timestamp) -> Result<AuditReceipt, LedgerError> {
        self.append_entry(entry, at).map_err(of_audit("row could not be added to the audit log"))
    }

    fn check(&self) -> Result<(), LedgerError> {
        self.check_log().map_err(of_audit("audit log takes no rows"))
    }

    fn rows(&self, query: &AuditQuery) -> Result<Vec<AuditRow>, LedgerError> {
        let mut found = Vec::new();
        let told = self.log().visit(query, &mut |row| {
            found.push(row);
            std::ops::ControlFlow::Continue(())
        });
        told.map_err(|error| of_audit("audit log could not be read")(error.0))?;
        Ok(found)
    }

    fn tip(&self) -> Result<SealedTip, LedgerError> {
        let found = self.read(|connection| head::read(connection)?.ok_or(Fault::NoHead));
        found.map_err(of_audit("tip of the audit log could not be read"))
    }
}
