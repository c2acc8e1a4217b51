//! What is kept of what was done: records that a stranger can check afterwards.

mod audit;

pub use audit::{
    AuditActor, AuditChain, AuditEntry, AuditError, AuditErrorKind, AuditFinding, AuditFlaw, AuditGap,
    AuditKey, AuditKind, AuditMac, AuditMacError, AuditQuery, AuditReceipt, AuditRecord, AuditRow,
    AuditStage, AuditTip, AuditVerdict, AuditVerifier, ExpectedTip,
    MAX_PAYLOAD_BYTES as MAX_AUDIT_PAYLOAD_BYTES, SCHEMA_VERSION as AUDIT_SCHEMA_VERSION, SealedTip,
};
