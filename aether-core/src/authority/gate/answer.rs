//! Answers to tickets.

use super::{PolicyGate, entry};
use crate::authority::error::Repr;
use crate::authority::{
    Answer, Answered, Choice, Grant, GrantDuration, GrantId, PolicyError, Reason, Ticket, TicketId,
};
use crate::base::Timestamp;
use crate::record::{AuditActor, AuditKind};

/// How long somebody counts as having proved who they are: five minutes.
const REAUTHENTICATED_MS: i64 = 5 * 60_000;

impl PolicyGate<'_> {
    /// Takes an answer to a ticket. A yes makes a grant for what the ticket asks, of which the next
    /// [`PolicyGate::authorize`] with the same request makes a permit: the state may have changed since.
    ///
    /// The ticket is closed first, so one of two answers holds; then the row is written, then the grant is
    /// made. What fails on the way leaves a closed ticket and no grant.
    ///
    /// # Errors
    ///
    /// Every [`PolicyErrorKind`](crate::authority::PolicyErrorKind).
    pub fn answer(&self, id: &TicketId, answer: &Answer, now: Timestamp) -> Result<Answered, PolicyError> {
        let (ticket, duration) = self.look_at(id, answer, now)?;
        if !self.grants.close_ticket(id).map_err(Repr::Ledger)? {
            return Err(Repr::TicketClosed.into());
        }
        let mut row = entry::about(AuditKind::TICKET_ANSWERED, &ticket.request, self.policy_hash);
        row.actor = answer.by.clone();
        row.reason = match answer.choice {
            Choice::Deny => Some(Reason::UserDenied.id().to_owned()),
            Choice::DeferToDraft => Some(Reason::UserDeferred.id().to_owned()),
            _ => None,
        };
        row = row.with_detail("agent", ticket.request.actor.clone());
        row = row.with_detail("choice", answer.choice.as_str()).with_detail("ticket", id.as_str());
        if let Some(duration) = &duration {
            row = row.with_detail("expires_at", duration.expires_at(now).to_string());
        }
        let receipt = self.append(row, now)?;
        let Some(duration) = duration else {
            let is_draft = answer.choice == Choice::DeferToDraft;
            return Ok(if is_draft { Answered::Draft } else { Answered::Denied });
        };
        let request = &ticket.request;
        let mut grant = Grant::new(
            GrantId::of_row(&receipt.event_hash),
            request.actor.clone(),
            request.capability,
            request.resources.clone(),
            duration,
            now,
        );
        grant.issued_by = answer.by.clone();
        grant.policy = Some(self.policy_hash);
        if grant.duration == GrantDuration::Once {
            grant.content = request.content;
        }
        self.grants.insert(&grant).map_err(Repr::Ledger)?;
        Ok(Answered::Granted(Box::new(grant)))
    }

    /// The ticket that [`PolicyGate::answer`] would close with this answer; nothing is written.
    ///
    /// # Errors
    ///
    /// Those of [`PolicyGate::answer`] that are known before anything is written.
    pub fn check_answer(
        &self,
        id: &TicketId,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<Ticket, PolicyError> {
        Ok(self.look_at(id, answer, now)?.0)
    }

    fn look_at(
        &self,
        id: &TicketId,
        answer: &Answer,
        now: Timestamp,
    ) -> Result<(Ticket, Option<GrantDuration>), Repr> {
        let (ticket, is_closed) = self.grants.ticket(id).map_err(Repr::Ledger)?.ok_or(Repr::UnknownTicket)?;
        if is_closed {
            return Err(Repr::TicketClosed);
        }
        let duration = check(&ticket, answer, now)?;
        Ok((ticket, duration))
    }
}

/// The duration of the grant that an answer makes; `None` for a no.
fn check(ticket: &Ticket, answer: &Answer, now: Timestamp) -> Result<Option<GrantDuration>, Repr> {
    if now >= ticket.expires_at || now < ticket.asked_at {
        return Err(Repr::TicketExpired);
    }
    let may_answer = match answer.by {
        AuditActor::User => true,
        AuditActor::System => !answer.choice.approves(),
        AuditActor::Agent(_) => false,
    };
    if !may_answer {
        return Err(Repr::NotTheUser);
    }
    if !answer.choice.approves() {
        return Ok(None);
    }
    let is_fresh =
        |at: Timestamp| (0..=REAUTHENTICATED_MS).contains(&now.unix_ms().saturating_sub(at.unix_ms()));
    if ticket.needs_reauthentication && !answer.authenticated_at.is_some_and(is_fresh) {
        return Err(Repr::NeedsReauthentication);
    }
    ticket.duration(&answer.choice).map(Some).ok_or(Repr::BadDuration)
}
