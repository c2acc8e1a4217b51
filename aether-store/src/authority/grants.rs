//! Grants and tickets.

use std::collections::BTreeSet;

use aether_core::authority::{
    Capability, DurationKind, Grant, GrantDuration, GrantId, GrantStatus, LedgerError, RevokeReason,
    RevokeScope, Ticket, TicketId,
};
use aether_core::base::{ErrorCode, Timestamp};
use aether_core::port::GrantStore;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::AuthorityStore;
use crate::error::{Cause, Outcome};

const FAILED: ErrorCode = ErrorCode::POLICY_LEDGER_FAILED;
const GRANT: &str = "SELECT record, status, status_ms, revoke_reason FROM grants";
/// Grants of one capability that no longer hold which are still told.
const OLD: u32 = 256;

impl GrantStore for AuthorityStore {
    fn find(
        &self,
        actor: &str,
        capabilities: &[Capability],
        now: Timestamp,
    ) -> Result<Vec<Grant>, LedgerError> {
        self.read(&FAILED, |transaction| {
            let mut found = Vec::new();
            let capabilities: BTreeSet<Capability> = capabilities.iter().copied().collect();
            for capability in capabilities {
                let mut statement = transaction.prepare_cached(&format!(
                    "{GRANT} WHERE seq IN (
                        SELECT seq FROM grants
                            WHERE actor = ?1 AND capability = ?2 AND status = 'active' AND expires_ms > ?3
                        UNION ALL SELECT seq FROM (
                            SELECT seq FROM grants WHERE actor = ?1 AND capability = ?2
                                AND NOT (status = 'active' AND expires_ms > ?3)
                            ORDER BY seq DESC LIMIT {OLD}))
                    ORDER BY seq"
                ))?;
                let mut rows = statement.query((actor, capability.as_str(), now.unix_ms()))?;
                while let Some(row) = rows.next()? {
                    let grant = read_grant(row)?;
                    // Somebody who moves a grant to another agent has changed its columns alone.
                    if grant.actor != actor || grant.capability != capability {
                        return Err(Cause::Corrupt("grant"));
                    }
                    found.push(grant);
                }
            }
            Ok(found)
        })
    }

    fn insert(&self, grant: &Grant) -> Result<(), LedgerError> {
        let is_new = self.write(&FAILED, |transaction| {
            let (task, session) = match &grant.duration {
                GrantDuration::Task(task) => (Some(task), None),
                GrantDuration::Session(session) => (None, Some(session)),
                _ => (None, None),
            };
            let (status, at, reason) = status_columns(&grant.status);
            let inserted = transaction
                .prepare_cached(
                    "INSERT INTO grants (id, actor, capability, task, session, expires_ms, record, status,
                        status_ms, revoke_reason)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING",
                )?
                .execute(rusqlite::params![
                    grant.id.as_str(),
                    grant.actor,
                    grant.capability.as_str(),
                    task,
                    session,
                    grant.expires_at.unix_ms(),
                    written(grant)?,
                    status,
                    at.map(Timestamp::unix_ms),
                    reason.map(RevokeReason::as_str),
                ])?;
            Ok(inserted == 1)
        })?;
        if is_new { Ok(()) } else { Err(conflict(grant.id.as_str())) }
    }

    fn consume(&self, grants: &[GrantId], now: Timestamp) -> Result<(), LedgerError> {
        let spent = self.write(&FAILED, |transaction| {
            let distinct: BTreeSet<&GrantId> = grants.iter().collect();
            for id in &distinct {
                let grant = grant_of(transaction, id)?;
                let is_good =
                    |grant: &Grant| grant.holds_at(now) && grant.duration.kind() == DurationKind::Once;
                if !grant.as_ref().is_some_and(is_good) {
                    return Ok(Some((*id).clone()));
                }
            }
            for id in distinct {
                transaction
                    .prepare_cached("UPDATE grants SET status = 'used', status_ms = ?2 WHERE id = ?1")?
                    .execute((id.as_str(), now.unix_ms()))?;
            }
            Ok(None)
        })?;
        match spent {
            None => Ok(()),
            Some(id) => {
                let message = format!("grant {id} is used up, or was never for one action");
                Err(LedgerError::new(ErrorCode::POLICY_GRANT_SPENT, message))
            }
        }
    }

    fn revoke(&self, scope: &RevokeScope, reason: RevokeReason, now: Timestamp) -> Result<u64, LedgerError> {
        self.write(&FAILED, |transaction| {
            let (condition, wanted) = condition(scope)?;
            let sql = format!(
                "UPDATE grants SET status = 'revoked', status_ms = ?1, revoke_reason = ?2
                WHERE status = 'active' AND {condition}"
            );
            let mut values = vec![Value::from(now.unix_ms()), Value::from(reason.as_str().to_owned())];
            values.extend(wanted.into_iter().map(Value::from));
            let revoked = transaction.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(values))?;
            Ok(revoked as u64)
        })
    }

    fn insert_ticket(&self, ticket: &Ticket) -> Result<(), LedgerError> {
        let inserted = self.write(&FAILED, |transaction| {
            Ok(transaction
                .prepare_cached(
                    "INSERT INTO tickets (id, record, is_closed) VALUES (?1, ?2, 0)
                    ON CONFLICT (id) DO NOTHING",
                )?
                .execute((ticket.id.as_str(), written(ticket)?))?)
        })?;
        if inserted == 1 { Ok(()) } else { Err(conflict(ticket.id.as_str())) }
    }

    fn ticket(&self, id: &TicketId) -> Result<Option<(Ticket, bool)>, LedgerError> {
        self.read(&FAILED, |transaction| {
            let found: Option<(String, bool)> = transaction
                .prepare_cached("SELECT record, is_closed FROM tickets WHERE id = ?1")?
                .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((record, is_closed)) = found else { return Ok(None) };
            let ticket: Ticket = serde_json::from_str(&record).map_err(|_| Cause::Corrupt("ticket"))?;
            if ticket.id != *id {
                return Err(Cause::Corrupt("ticket"));
            }
            Ok(Some((ticket, is_closed)))
        })
    }

    fn close_ticket(&self, id: &TicketId) -> Result<bool, LedgerError> {
        self.write(&FAILED, |transaction| {
            let closed = transaction
                .prepare_cached("UPDATE tickets SET is_closed = 1 WHERE id = ?1 AND is_closed = 0")?
                .execute([id.as_str()])?;
            Ok(closed == 1)
        })
    }
}

impl AuthorityStore {
    /// The grants that hold at `now`, in the order in which they were issued; at most so many.
    ///
    /// # Errors
    ///
    /// When grants cannot be read, or are damaged.
    pub fn grants_in_force(&self, now: Timestamp, limit: u32) -> Result<Vec<Grant>, LedgerError> {
        self.read(&FAILED, |transaction| {
            let mut statement = transaction.prepare_cached(&format!(
                "{GRANT} WHERE status = 'active' AND expires_ms > ?1 ORDER BY seq LIMIT ?2"
            ))?;
            let mut rows = statement.query((now.unix_ms(), limit))?;
            let mut grants = Vec::new();
            while let Some(row) = rows.next()? {
                grants.push(read_grant(row)?);
            }
            Ok(grants)
        })
    }

    /// The tickets that wait for an answer at `now`; at most so many.
    ///
    /// # Errors
    ///
    /// When tickets cannot be read, or are damaged.
    pub fn open_tickets(&self, now: Timestamp, limit: u32) -> Result<Vec<Ticket>, LedgerError> {
        self.read(&FAILED, |transaction| {
            let mut statement = transaction
                .prepare_cached("SELECT record FROM tickets WHERE is_closed = 0 ORDER BY rowid")?;
            let mut rows = statement.query(())?;
            let mut tickets = Vec::new();
            while let Some(row) = rows.next()? {
                let record: String = row.get(0)?;
                let ticket: Ticket = serde_json::from_str(&record).map_err(|_| Cause::Corrupt("ticket"))?;
                if ticket.expires_at > now && tickets.len() < limit as usize {
                    tickets.push(ticket);
                }
            }
            Ok(tickets)
        })
    }
}

fn written(record: &impl serde::Serialize) -> Outcome<String> {
    serde_json::to_string(record).map_err(|_| Cause::Corrupt("record"))
}

fn conflict(name: &str) -> LedgerError {
    LedgerError::new(ErrorCode::POLICY_CONFLICT, format!("there is {name} already"))
}

fn grant_of(connection: &Connection, id: &GrantId) -> Outcome<Option<Grant>> {
    let mut statement = connection.prepare_cached(&format!("{GRANT} WHERE id = ?1"))?;
    let mut rows = statement.query([id.as_str()])?;
    rows.next()?.map(read_grant).transpose()
}

fn read_grant(row: &Row<'_>) -> Outcome<Grant> {
    let damaged = || Cause::Corrupt("grant");
    let record: String = row.get(0)?;
    let status: String = row.get(1)?;
    let at = row.get::<_, Option<i64>>(2)?.map(Timestamp::from_unix_ms);
    let reason: Option<String> = row.get(3)?;
    let mut grant: Grant = serde_json::from_str(&record).map_err(|_| damaged())?;
    grant.status = match (&*status, at) {
        ("active", None) => GrantStatus::Active,
        ("used", Some(at)) => GrantStatus::Used(at),
        ("revoked", Some(at)) => {
            // The reason is written by its name.
            let name = serde_json::Value::from(reason.ok_or_else(damaged)?);
            GrantStatus::Revoked { at, reason: serde_json::from_value(name).map_err(|_| damaged())? }
        }
        _ => return Err(damaged()),
    };
    Ok(grant)
}

fn status_columns(status: &GrantStatus) -> (&'static str, Option<Timestamp>, Option<RevokeReason>) {
    match status {
        GrantStatus::Active => ("active", None, None),
        GrantStatus::Used(at) => ("used", Some(*at), None),
        GrantStatus::Revoked { at, reason } => ("revoked", Some(*at), Some(*reason)),
    }
}

/// The condition for grants of a scope, and the values of `?3` and on.
fn condition(scope: &RevokeScope) -> Outcome<(String, Vec<String>)> {
    let one = |column: &str, value: &str| (format!("{column} = ?3"), vec![value.to_owned()]);
    Ok(match scope {
        RevokeScope::Grant(id) => one("id", id.as_str()),
        RevokeScope::Capability(capability) => one("capability", capability.as_str()),
        RevokeScope::Class(class) => {
            let of_class = Capability::ALL.iter().filter(|it| it.class() == *class);
            let names: Vec<String> = of_class.map(|it| it.as_str().to_owned()).collect();
            let marks: Vec<String> = (0..names.len()).map(|index| format!("?{}", index + 3)).collect();
            (format!("capability IN ({})", marks.join(", ")), names)
        }
        RevokeScope::Actor(actor) => one("actor", actor),
        RevokeScope::Task(task) => one("task", task),
        RevokeScope::Session(session) => one("session", session),
        RevokeScope::All => ("TRUE".to_owned(), Vec::new()),
        _ => return Err(Cause::Corrupt("scope of revoking is not known")),
    })
}
