//! Why no row could be made.

use crate::base::{CanonicalJsonError, LimitExceeded};

/// Why an entry of the audit log could not be sealed.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct AuditError(#[from] Repr);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum AuditErrorKind {
    /// The payload is longer than [`MAX_PAYLOAD_BYTES`](super::MAX_PAYLOAD_BYTES).
    LimitExceeded,
    /// The entry has no canonical form.
    NotCanonical,
    /// A key is not 32 bytes, or has no id.
    BadKey,
    /// A row does not follow the tip that it is to be added to.
    NotNext,
    /// The log has as many rows as a number in JSON can count.
    Full,
}

impl AuditError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> AuditErrorKind {
        match self.0 {
            Repr::Limit(_) => AuditErrorKind::LimitExceeded,
            Repr::NotCanonical(_) => AuditErrorKind::NotCanonical,
            Repr::BadKey(_) => AuditErrorKind::BadKey,
            Repr::NotNext => AuditErrorKind::NotNext,
            Repr::Full => AuditErrorKind::Full,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Repr {
    #[error(transparent)]
    Limit(LimitExceeded),
    #[error("entry of the audit log has no canonical form")]
    NotCanonical(#[source] CanonicalJsonError),
    #[error("key of the audit log {0}")]
    BadKey(&'static str),
    #[error("row does not follow the tip of the audit log")]
    NotNext,
    #[error("audit log is full")]
    Full,
}
