//! Where grants and tickets are kept.

use super::{Capability, Grant, GrantId, LedgerError, RevokeReason, RevokeScope, Ticket, TicketId};
use crate::base::Timestamp;

/// Grants and tickets, durable where the store is.
pub trait GrantStore: Send + Sync + std::fmt::Debug {
    /// The grants of an agent of these capabilities, whatever became of them, in the order in which they were
    /// issued. Where there are more than 256 of a capability that no longer hold at `now`, the oldest of
    /// these may be left out.
    ///
    /// # Errors
    ///
    /// When grants cannot be read, or are damaged.
    fn find(
        &self,
        actor: &str,
        capabilities: &[Capability],
        now: Timestamp,
    ) -> Result<Vec<Grant>, LedgerError>;

    /// Adds a grant.
    ///
    /// # Errors
    ///
    /// `policy.conflict` when there is one of this name, and when it cannot be written.
    fn insert(&self, grant: &Grant) -> Result<(), LedgerError>;

    /// Uses up grants for one action: all of them, or none. Of two callers that use up the same grant at the
    /// same time one succeeds.
    ///
    /// # Errors
    ///
    /// `policy.grant_spent` when one of them is not there, was used or revoked, has expired at `now` or is
    /// not for one action; and when it cannot be written.
    fn consume(&self, grants: &[GrantId], now: Timestamp) -> Result<(), LedgerError>;

    /// Takes back every active grant that `scope` includes, at once, and gives their number. What was used or
    /// revoked before stays as it was.
    ///
    /// # Errors
    ///
    /// When it cannot be written: none is revoked then.
    fn revoke(&self, scope: &RevokeScope, reason: RevokeReason, now: Timestamp) -> Result<u64, LedgerError>;

    /// Adds a ticket.
    ///
    /// # Errors
    ///
    /// `policy.conflict` when there is one of this name, and when it cannot be written.
    fn insert_ticket(&self, ticket: &Ticket) -> Result<(), LedgerError>;

    /// A ticket, and whether it was closed; `None` where there is none of this name.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn ticket(&self, id: &TicketId) -> Result<Option<(Ticket, bool)>, LedgerError>;

    /// Closes a ticket. Of two callers that close it at the same time one gets `true`; it is `false` also
    /// where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn close_ticket(&self, id: &TicketId) -> Result<bool, LedgerError>;
}
