//! Why grants or the audit log could not be read or written, and why an answer was not taken.

use super::Reason;
use crate::base::ErrorCode;

/// The audit log, the grants or the costs could not be read or written.
///
/// # Examples
///
/// ```
/// use aether_core::authority::LedgerError;
/// use aether_core::base::ErrorCode;
/// let error = LedgerError::new(ErrorCode::POLICY_GRANT_SPENT, "grant grt:1 was used before");
/// assert_eq!(error.code().as_str(), "policy.grant_spent");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct LedgerError {
    code: ErrorCode,
    message: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl LedgerError {
    /// An error with a stable code.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), source: None }
    }

    /// Adds what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &ErrorCode {
        &self.code
    }
}

/// Why an answer, a revocation or a note was not taken. Nothing was granted then.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct PolicyError(#[from] Repr);

/// What a caller may branch on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PolicyErrorKind {
    /// There is no such ticket.
    UnknownTicket,
    /// The ticket was answered before.
    TicketClosed,
    /// The ticket waited too long.
    TicketExpired,
    /// Only the user may approve.
    NotTheUser,
    /// Whoever approves this must have proved anew who they are.
    NeedsReauthentication,
    /// The capability is not granted for that long, or the request names no such task or session.
    BadDuration,
    /// The audit row could not be written.
    AuditWriteFailed,
    /// Grants could not be read or written.
    Ledger,
}

impl PolicyError {
    /// The kind of this error.
    #[must_use]
    pub fn kind(&self) -> PolicyErrorKind {
        match self.0 {
            Repr::UnknownTicket => PolicyErrorKind::UnknownTicket,
            Repr::TicketClosed => PolicyErrorKind::TicketClosed,
            Repr::TicketExpired => PolicyErrorKind::TicketExpired,
            Repr::NotTheUser => PolicyErrorKind::NotTheUser,
            Repr::NeedsReauthentication => PolicyErrorKind::NeedsReauthentication,
            Repr::BadDuration => PolicyErrorKind::BadDuration,
            Repr::Audit(_) => PolicyErrorKind::AuditWriteFailed,
            Repr::Ledger(_) => PolicyErrorKind::Ledger,
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match &self.0 {
            Repr::UnknownTicket => ErrorCode::POLICY_UNKNOWN_TICKET,
            Repr::TicketClosed | Repr::TicketExpired => ErrorCode::POLICY_TICKET_CLOSED,
            Repr::NotTheUser => ErrorCode::POLICY_NOT_THE_USER,
            Repr::NeedsReauthentication => ErrorCode::POLICY_NEEDS_REAUTHENTICATION,
            Repr::BadDuration => ErrorCode::POLICY_BAD_DURATION,
            Repr::Audit(_) => ErrorCode::POLICY_AUDIT_FAILED,
            Repr::Ledger(error) => error.code().clone(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Repr {
    #[error("there is no such ticket")]
    UnknownTicket,
    #[error("ticket was answered before")]
    TicketClosed,
    #[error("ticket waited too long for its answer")]
    TicketExpired,
    #[error("only the user may approve")]
    NotTheUser,
    #[error("approval needs somebody who proved anew who they are")]
    NeedsReauthentication,
    #[error("capability is not granted for that long, or the request names no such task or session")]
    BadDuration,
    #[error("{}", Reason::AuditWriteFailed.id())]
    Audit(#[source] LedgerError),
    #[error("grants could not be read or written")]
    Ledger(#[source] LedgerError),
}
