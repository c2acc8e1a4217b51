//! Grants, tickets and costs in memory: the simplest that pass the suites, and grants that fail on request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::authority::{
    Capability, Cost, CostCaps, CostReservation, CostWindow, DurationKind, Grant, GrantId, GrantStatus,
    LedgerError, RevokeReason, RevokeScope, Spend, Ticket, TicketId,
};
use crate::base::{ErrorCode, Timestamp};
use crate::port::{CostLedger, GrantStore};

/// Grants and tickets in memory.
#[derive(Debug, Default)]
pub struct MemoryGrants {
    kept: Mutex<Kept>,
    fails: AtomicBool,
}

#[derive(Debug, Default)]
struct Kept {
    grants: BTreeMap<GrantId, Grant>,
    /// Grants of an agent and a capability, in the order of their issue.
    issued: BTreeMap<(String, Capability), Vec<GrantId>>,
    tickets: BTreeMap<TicketId, (Ticket, bool)>,
}

impl MemoryGrants {
    /// From now on everything fails, or works again, as with a file that is damaged.
    pub fn set_failing(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    fn kept(&self) -> Result<MutexGuard<'_, Kept>, LedgerError> {
        match self.fails.load(Ordering::SeqCst) {
            true => Err(LedgerError::new(ErrorCode::POLICY_LEDGER_FAILED, "grants are damaged")),
            // Everything is checked before the first change, so a panic leaves grants in order.
            false => Ok(self.kept.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }
}

fn conflict(name: &str) -> LedgerError {
    LedgerError::new(ErrorCode::POLICY_CONFLICT, format!("there is {name} already"))
}

impl GrantStore for MemoryGrants {
    fn find(
        &self,
        actor: &str,
        capabilities: &[Capability],
        _now: Timestamp,
    ) -> Result<Vec<Grant>, LedgerError> {
        let kept = self.kept()?;
        let capabilities: BTreeSet<Capability> = capabilities.iter().copied().collect();
        let ids = capabilities.into_iter().filter_map(|it| kept.issued.get(&(actor.to_owned(), it)));
        Ok(ids.flatten().filter_map(|id| kept.grants.get(id).cloned()).collect())
    }

    fn insert(&self, grant: &Grant) -> Result<(), LedgerError> {
        let mut kept = self.kept()?;
        if kept.grants.contains_key(&grant.id) {
            return Err(conflict(grant.id.as_str()));
        }
        kept.issued.entry((grant.actor.clone(), grant.capability)).or_default().push(grant.id.clone());
        kept.grants.insert(grant.id.clone(), grant.clone());
        Ok(())
    }

    fn consume(&self, grants: &[GrantId], now: Timestamp) -> Result<(), LedgerError> {
        let mut kept = self.kept()?;
        let distinct: BTreeSet<&GrantId> = grants.iter().collect();
        for id in &distinct {
            let is_good = |grant: &Grant| grant.holds_at(now) && grant.duration.kind() == DurationKind::Once;
            if !kept.grants.get(id).is_some_and(is_good) {
                let message = format!("grant {id} is used up, or was never for one action");
                return Err(LedgerError::new(ErrorCode::POLICY_GRANT_SPENT, message));
            }
        }
        for id in distinct {
            if let Some(grant) = kept.grants.get_mut(id) {
                grant.status = GrantStatus::Used(now);
            }
        }
        Ok(())
    }

    fn revoke(&self, scope: &RevokeScope, reason: RevokeReason, now: Timestamp) -> Result<u64, LedgerError> {
        let mut revoked = 0;
        for grant in self.kept()?.grants.values_mut() {
            if grant.status == GrantStatus::Active && scope.includes(grant) {
                grant.status = GrantStatus::Revoked { at: now, reason };
                revoked += 1;
            }
        }
        Ok(revoked)
    }

    fn insert_ticket(&self, ticket: &Ticket) -> Result<(), LedgerError> {
        let mut kept = self.kept()?;
        if kept.tickets.contains_key(&ticket.id) {
            return Err(conflict(ticket.id.as_str()));
        }
        kept.tickets.insert(ticket.id.clone(), (ticket.clone(), false));
        Ok(())
    }

    fn ticket(&self, id: &TicketId) -> Result<Option<(Ticket, bool)>, LedgerError> {
        Ok(self.kept()?.tickets.get(id).cloned())
    }

    fn close_ticket(&self, id: &TicketId) -> Result<bool, LedgerError> {
        let mut kept = self.kept()?;
        Ok(kept.tickets.get_mut(id).is_some_and(|(_, is_closed)| !std::mem::replace(is_closed, true)))
    }
}

/// Costs in memory.
#[derive(Debug, Default)]
pub struct MemoryCosts(Mutex<Costs>);

#[derive(Debug, Default)]
struct Costs {
    tasks: BTreeMap<Option<String>, Cost>,
    days: BTreeMap<i64, Cost>,
    open: BTreeMap<String, CostReservation>,
    settled: BTreeSet<String>,
}

impl Costs {
    fn spend(&self, reservation: &CostReservation) -> Spend {
        let task = self.tasks.get(&reservation.task).copied().unwrap_or_default();
        Spend::new(task, self.days.get(&reservation.day()).copied().unwrap_or_default())
    }

    fn change(&mut self, reservation: &CostReservation, change: impl Fn(Cost) -> Cost) {
        let task = self.tasks.entry(reservation.task.clone()).or_default();
        *task = change(*task);
        let day = self.days.entry(reservation.day()).or_default();
        *day = change(*day);
    }
}

impl MemoryCosts {
    fn costs(&self) -> MutexGuard<'_, Costs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CostLedger for MemoryCosts {
    fn spend(&self, reservation: &CostReservation) -> Result<Spend, LedgerError> {
        Ok(self.costs().spend(reservation))
    }

    fn reserve(
        &self,
        reservation: &CostReservation,
        caps: &CostCaps,
    ) -> Result<Option<CostWindow>, LedgerError> {
        let mut costs = self.costs();
        if costs.open.contains_key(&reservation.request) || costs.settled.contains(&reservation.request) {
            return Err(conflict(&reservation.request));
        }
        let spend = costs.spend(reservation);
        let reached = caps.reached(reservation.estimate, &spend);
        if reached.is_none() {
            costs.change(reservation, |cost| cost.plus(reservation.estimate));
            costs.open.insert(reservation.request.clone(), reservation.clone());
        }
        Ok(reached)
    }

    fn settle(&self, request: &str, actual: Cost) -> Result<(), LedgerError> {
        let mut costs = self.costs();
        if let Some(open) = costs.open.remove(request) {
            costs.change(&open, |cost| cost.minus(open.estimate).plus(actual));
            costs.settled.insert(request.to_owned());
        }
        Ok(())
    }
}
