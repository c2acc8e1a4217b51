//! Grants and tickets.

use std::collections::BTreeSet;

use aether_core::authority::{
    Capability, DurationKind, Grant, GrantDuration, GrantId, GrantStatus, LedgerError, RevokeReason,
    RevokeScope, Ticket, TicketId,
};
use aether_core::base::Timestamp;
use aether_core::port::GrantStore;
use rusqlite::{Connection, Row, ToSql, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{Fault, of_ledger};
use super::{PolicyStore, PolicyStoreError};

/// Longest grant or ticket as JSON, in bytes: what asks for more does not fit into a row of the audit log.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// Grants that no longer hold which a question tells of each capability at most.
const MAX_ENDED: u32 = 256;

const COLUMNS: &str = "number, id, actor, capability, state, ended_at, reason, \
     CASE WHEN octet_length(body) <= 262144 THEN body ELSE '' END";
const TICKET_COLUMNS: &str = "id, is_closed, CASE WHEN octet_length(body) <= 262144 THEN body ELSE '' END";
const _: () = assert!(MAX_BODY_BYTES == 262_144, "the statements say so, too");

/// Grants of an agent and a capability that may still hold.
pub(super) fn active_statement() -> String {
    format!(
        "SELECT {COLUMNS} FROM grants WHERE actor = ?1 AND capability = ?2 AND state = 'active' \
         AND expires_at > ?3"
    )
}

/// Those that do not any more, the newest first.
pub(super) fn ended_statement() -> String {
    format!(
        "SELECT {COLUMNS} FROM grants WHERE actor = ?1 AND capability = ?2 \
         AND NOT (state = 'active' AND expires_at > ?3) ORDER BY number DESC LIMIT {MAX_ENDED}"
    )
}

fn body_of(what: &'static str, record: &impl Serialize) -> Result<String, Fault> {
    let body = serde_json::to_string(record).map_err(Fault::Json)?;
    if body.len() > MAX_BODY_BYTES {
        return Err(Fault::TooLarge { what, actual: body.len(), limit: MAX_BODY_BYTES });
    }
    Ok(body)
}

fn record_of<T: DeserializeOwned>(body: &str) -> Result<T, Fault> {
    serde_json::from_str(body).map_err(|_| Fault::Damaged("a grant or a ticket cannot be read"))
}

/// The grant of a row, and its place in the order of issue.
fn grant_of(row: &Row<'_>) -> Result<(i64, Grant), Fault> {
    let body: String = row.get(7)?;
    let mut grant: Grant = record_of(&body)?;
    let (id, actor, capability): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
    // What was found by its columns must be what the body says.
    if grant.id.as_str() != id || grant.actor != actor || grant.capability.as_str() != capability {
        return Err(Fault::Damaged("a grant stands in the place of another one"));
    }
    let (state, at, reason): (String, Option<i64>, Option<String>) = (row.get(4)?, row.get(5)?, row.get(6)?);
    grant.status = match (state.as_str(), at.map(Timestamp::from_unix_ms), reason) {
        ("active", None, None) => GrantStatus::Active,
        ("used", Some(at), None) => GrantStatus::Used(at),
        ("revoked", Some(at), Some(reason)) => {
            let reason = serde_json::from_value(reason.into());
            GrantStatus::Revoked { at, reason: reason.map_err(|_| Fault::Damaged("a grant has no reason"))? }
        }
        _ => return Err(Fault::Damaged("a grant has no status")),
    };
    Ok((row.get(0)?, grant))
}

/// The ticket of a row, and whether it is closed.
fn ticket_of(row: &Row<'_>) -> Result<(Ticket, bool), Fault> {
    let (id, is_closed, body): (String, bool, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let ticket: Ticket = record_of(&body)?;
    if ticket.id.as_str() != id {
        return Err(Fault::Damaged("a ticket stands in the place of another one"));
    }
    Ok((ticket, is_closed))
}

fn find(
    connection: &Connection,
    actor: &str,
    capabilities: &[Capability],
    now: Timestamp,
) -> Result<Vec<Grant>, Fault> {
    let distinct: BTreeSet<Capability> = capabilities.iter().copied().collect();
    let mut found = Vec::new();
    for capability in distinct {
        for statement in [active_statement(), ended_statement()] {
            let mut statement = connection.prepare_cached(&statement)?;
            let mut rows = statement.query(params![actor, capability.as_str(), now.unix_ms()])?;
            while let Some(row) = rows.next()? {
                found.push(grant_of(row)?);
            }
        }
    }
    found.sort_by_key(|(number, _)| *number);
    Ok(found.into_iter().map(|(_, grant)| grant).collect())
}

fn insert(connection: &Connection, grant: &Grant) -> Result<(), Fault> {
    let (duration, scope) = match &grant.duration {
        GrantDuration::Once => ("once", None),
        GrantDuration::Task(task) => ("task", Some(task)),
        GrantDuration::Session(session) => ("session", Some(session)),
        GrantDuration::Persistent(_) => ("persistent", None),
    };
    let (state, ended_at, reason) = match grant.status {
        GrantStatus::Active => ("active", None, None),
        GrantStatus::Used(at) => ("used", Some(at.unix_ms()), None),
        GrantStatus::Revoked { at, reason } => ("revoked", Some(at.unix_ms()), Some(reason.as_str())),
    };
    let mut issued = grant.clone();
    issued.status = GrantStatus::Active;
    let body = body_of("grant", &issued)?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO grants (id, actor, capability, duration, scope, expires_at, state, ended_at, reason, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING",
    )?;
    let added = statement.execute(params![
        grant.id.as_str(),
        grant.actor,
        grant.capability.as_str(),
        duration,
        scope,
        grant.expires_at.unix_ms(),
        state,
        ended_at,
        reason,
        body,
    ])?;
    if added == 0 {
        return Err(Fault::Conflict { what: "grant", name: grant.id.to_string() });
    }
    Ok(())
}

fn consume(connection: &Connection, grants: &[GrantId], now: Timestamp) -> Result<(), Fault> {
    let distinct: BTreeSet<&GrantId> = grants.iter().collect();
    let mut look = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM grants WHERE id = ?1"))?;
    let mut take =
        connection.prepare_cached("UPDATE grants SET state = 'used', ended_at = ?2 WHERE id = ?1")?;
    for id in distinct {
        let found = look.query_and_then([id.as_str()], grant_of)?.next().transpose()?;
        let is_good =
            |(_, grant): &(i64, Grant)| grant.holds_at(now) && grant.duration.kind() == DurationKind::Once;
        if !found.as_ref().is_some_and(is_good) {
            return Err(Fault::Spent { id: id.to_string() });
        }
        take.execute(params![id.as_str(), now.unix_ms()])?;
    }
    Ok(())
}

/// The condition of the active grants that a scope includes, and the value of its `?1`.
fn included(scope: &RevokeScope) -> Result<(String, Box<dyn ToSql>), Fault> {
    let (condition, value): (&str, Box<dyn ToSql>) = match scope {
        RevokeScope::Grant(id) => ("id = ?1", Box::new(id.as_str().to_owned())),
        RevokeScope::Capability(capability) => ("capability = ?1", Box::new(capability.as_str())),
        RevokeScope::Class(class) => {
            let of_class = Capability::ALL.iter().filter(|capability| capability.class() == *class);
            let names: Vec<&str> = of_class.map(|capability| capability.as_str()).collect();
            let names = serde_json::to_string(&names).map_err(Fault::Json)?;
            ("capability IN (SELECT value FROM json_each(?1))", Box::new(names))
        }
        RevokeScope::Actor(actor) => ("actor = ?1", Box::new(actor.clone())),
        RevokeScope::Task(task) => ("duration = 'task' AND scope = ?1", Box::new(task.clone())),
        RevokeScope::Session(session) => ("duration = 'session' AND scope = ?1", Box::new(session.clone())),
        RevokeScope::All => ("?1 IS NULL", Box::new(None::<String>)),
        _ => return Err(Fault::UnknownScope),
    };
    Ok((format!("state = 'active' AND {condition}"), value))
}

fn revoke(
    connection: &Connection,
    scope: &RevokeScope,
    reason: RevokeReason,
    now: Timestamp,
) -> Result<u64, Fault> {
    let (condition, value) = included(scope)?;
    // One statement, whatever their number: none is read, none is written anew as a whole.
    let statement =
        format!("UPDATE grants SET state = 'revoked', ended_at = ?2, reason = ?3 WHERE {condition}");
    let count =
        connection.prepare_cached(&statement)?.execute(params![value, now.unix_ms(), reason.as_str()])?;
    Ok(count as u64)
}

impl PolicyStore {
    /// The grants that hold at `now`, whoever has them: at most so many, in the order of issue.
    ///
    /// # Errors
    ///
    /// Those of reading, and [`Damaged`](super::PolicyStoreErrorKind::Damaged).
    pub fn grants_in_force(&self, now: Timestamp, limit: u32) -> Result<Vec<Grant>, PolicyStoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM grants WHERE state = 'active' AND expires_at > ?1 ORDER BY number LIMIT ?2"
        );
        let found = self.read(|connection| {
            let mut statement = connection.prepare_cached(&statement)?;
            let grants = statement.query_and_then(params![now.unix_ms(), limit], grant_of)?;
            grants.map(|grant| Ok(grant?.1)).collect::<Result<_, Fault>>()
        });
        Ok(found?)
    }

    /// How many grants [`GrantStore::revoke`] would take back.
    ///
    /// # Errors
    ///
    /// Those of reading.
    pub fn count_revocable(&self, scope: &RevokeScope) -> Result<u64, PolicyStoreError> {
        let (condition, value) = included(scope)?;
        let statement = format!("SELECT count(*) FROM grants WHERE {condition}");
        let count: i64 = self.read(|connection| {
            Ok(connection.prepare_cached(&statement)?.query_row(params![value], |row| row.get(0))?)
        })?;
        Ok(count.unsigned_abs())
    }

    /// The tickets that wait for an answer at `now`: at most so many, in the order of asking.
    ///
    /// # Errors
    ///
    /// Those of reading, and [`Damaged`](super::PolicyStoreErrorKind::Damaged).
    pub fn open_tickets(&self, now: Timestamp, limit: u32) -> Result<Vec<Ticket>, PolicyStoreError> {
        let statement = format!(
            "SELECT {TICKET_COLUMNS} FROM tickets WHERE is_closed = 0 AND expires_at > ?1 \
             ORDER BY number LIMIT ?2"
        );
        let found = self.read(|connection| {
            let mut statement = connection.prepare_cached(&statement)?;
            let tickets = statement.query_and_then(params![now.unix_ms(), limit], ticket_of)?;
            tickets.map(|ticket| Ok(ticket?.0)).collect::<Result<_, Fault>>()
        });
        Ok(found?)
    }
}

impl GrantStore for PolicyStore {
    fn find(
        &self,
        actor: &str,
        capabilities: &[Capability],
        now: Timestamp,
    ) -> Result<Vec<Grant>, LedgerError> {
        let found = self.read(|connection| find(connection, actor, capabilities, now));
        found.map_err(of_ledger("grants could not be read"))
    }

    fn insert(&self, grant: &Grant) -> Result<(), LedgerError> {
        let done = self.write(|connection| insert(connection, grant));
        done.map_err(of_ledger("grant could not be added"))
    }

    fn consume(&self, grants: &[GrantId], now: Timestamp) -> Result<(), LedgerError> {
        let done = self.write(|connection| consume(connection, grants, now));
        done.map_err(of_ledger("grants could not be used up"))
    }

    fn revoke(&self, scope: &RevokeScope, reason: RevokeReason, now: Timestamp) -> Result<u64, LedgerError> {
        let done = self.write(|connection| revoke(connection, scope, reason, now));
        done.map_err(of_ledger("grants could not be taken back"))
    }

    fn insert_ticket(&self, ticket: &Ticket) -> Result<(), LedgerError> {
        let done = self.write(|connection| {
            let body = body_of("ticket", ticket)?;
            let mut statement = connection.prepare_cached(
                "INSERT INTO tickets (id, expires_at, is_closed, body) VALUES (?1, ?2, 0, ?3) \
                 ON CONFLICT (id) DO NOTHING",
            )?;
            match statement.execute(params![ticket.id.as_str(), ticket.expires_at.unix_ms(), body])? {
                0 => Err(Fault::Conflict { what: "ticket", name: ticket.id.to_string() }),
                _ => Ok(()),
            }
        });
        done.map_err(of_ledger("ticket could not be added"))
    }

    fn ticket(&self, id: &TicketId) -> Result<Option<(Ticket, bool)>, LedgerError> {
        let found = self.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("SELECT {TICKET_COLUMNS} FROM tickets WHERE id = ?1"))?;
            statement.query_and_then([id.as_str()], ticket_of)?.next().transpose()
        });
        found.map_err(of_ledger("ticket could not be read"))
    }

    fn close_ticket(&self, id: &TicketId) -> Result<bool, LedgerError> {
        let done = self.write(|connection| {
            let mut statement = connection
                .prepare_cached("UPDATE tickets SET is_closed = 1 WHERE id = ?1 AND is_closed = 0")?;
            Ok(statement.execute([id.as_str()])? > 0)
        });
        done.map_err(of_ledger("ticket could not be closed"))
    }
}
