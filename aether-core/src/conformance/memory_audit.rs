//! An audit log in memory: the simplest that passes the suite, and one that fails on request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::authority::LedgerError;
use crate::base::{ErrorCode, Timestamp};
use crate::port::AuditSink;
use crate::record::{
    AuditChain, AuditEntry, AuditKey, AuditQuery, AuditReceipt, AuditRow, AuditTip, SealedTip,
};

/// An audit log in memory.
#[derive(Debug)]
pub struct MemoryAudit {
    key: AuditKey,
    log: Mutex<(AuditChain, Vec<AuditRow>)>,
    refuses: AtomicBool,
    is_damaged: AtomicBool,
}

impl MemoryAudit {
    /// An empty log under this key.
    #[must_use]
    pub fn new(key: AuditKey) -> Self {
        let chain = AuditChain::new(AuditTip::EMPTY, key.clone());
        Self {
            key,
            log: Mutex::new((chain, Vec::new())),
            refuses: AtomicBool::new(false),
            is_damaged: AtomicBool::new(false),
        }
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &AuditKey {
        &self.key
    }

    /// From now on rows are refused, or taken again, as by a disk that is full.
    pub fn refuse_rows(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    /// From now on the log says that it is damaged, or in order again.
    pub fn set_damaged(&self, is_damaged: bool) {
        self.is_damaged.store(is_damaged, Ordering::SeqCst);
    }

    fn log(&self) -> MutexGuard<'_, (AuditChain, Vec<AuditRow>)> {
        // Both parts change together at the end of `append`, so a panic elsewhere leaves them in order.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryAudit {
    /// An empty log under a key that everybody knows.
    fn default() -> Self {
        match AuditKey::new("test", &[7; 32]) {
            Ok(key) => Self::new(key),
            Err(error) => panic!("32 bytes are a key: {error}"),
        }
    }
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> LedgerError {
    LedgerError::new(ErrorCode::POLICY_AUDIT_FAILED, "row could not be sealed").with_source(error)
}

impl AuditSink for MemoryAudit {
    fn append(&self, entry: AuditEntry, at: Timestamp) -> Result<AuditReceipt, LedgerError> {
        let mut log = self.log();
        if self.refuses.load(Ordering::SeqCst) {
            return Err(LedgerError::new(ErrorCode::POLICY_AUDIT_FAILED, "the log refuses rows"));
        }
        let row = log.0.next_row(at, entry).map_err(failed)?;
        let receipt = log.0.advance(&row).map_err(failed)?;
        log.1.push(row);
        Ok(receipt)
    }

    fn check(&self) -> Result<(), LedgerError> {
        match self.is_damaged.load(Ordering::SeqCst) {
            true => Err(LedgerError::new(ErrorCode::POLICY_AUDIT_FAILED, "the log is damaged")),
            false => Ok(()),
        }
    }

    fn rows(&self, query: &AuditQuery) -> Result<Vec<AuditRow>, LedgerError> {
        let keeps = |row: &&AuditRow| row.record().is_some_and(|record| query.keeps(&record));
        Ok(self.log().1.iter().filter(keeps).take(query.limit as usize).cloned().collect())
    }

    fn tip(&self) -> Result<SealedTip, LedgerError> {
        Ok(self.log().0.sealed_tip())
    }
}
