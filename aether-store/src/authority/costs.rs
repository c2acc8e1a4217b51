//! What is spent, and what is on its way.

use aether_core::authority::{Cost, CostCaps, CostReservation, CostWindow, LedgerError, Spend};
use aether_core::port::CostLedger;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::PolicyStore;
use super::error::{Fault, of_ledger};

/// Longest name of a request or a task, in bytes. A name that does not fit is refused and never cut off,
/// because two requests would then share a count.
const MAX_NAME_BYTES: usize = 4096;

/// One of the two sums that a request is counted in.
#[derive(Clone, Debug)]
struct Sum {
    kind: &'static str,
    name: String,
}

impl Sum {
    fn of_task(task: Option<&str>) -> Self {
        match task {
            Some(task) => Self { kind: "task", name: task.to_owned() },
            None => Self { kind: "no_task", name: String::new() },
        }
    }

    fn of_day(day: i64) -> Self {
        Self { kind: "day", name: day.to_string() }
    }

    fn read(&self, connection: &Connection) -> Result<Cost, Fault> {
        let mut statement = connection
            .prepare_cached("SELECT tokens, micros FROM cost_sums WHERE kind = ?1 AND name = ?2")?;
        let found =
            statement.query_row(params![self.kind, self.name], |row| Ok(cost(row.get(0)?, row.get(1)?)));
        Ok(found.optional()?.unwrap_or_default())
    }

    fn change(&self, connection: &Connection, change: impl Fn(Cost) -> Cost) -> Result<(), Fault> {
        let cost = change(self.read(connection)?);
        let mut statement = connection.prepare_cached(
            "INSERT INTO cost_sums (kind, name, tokens, micros) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (kind, name) DO UPDATE SET tokens = ?3, micros = ?4",
        )?;
        statement.execute(params![
            self.kind,
            self.name,
            cost.tokens.cast_signed(),
            cost.micros.cast_signed()
        ])?;
        Ok(())
    }
}

fn cost(tokens: i64, micros: i64) -> Cost {
    Cost::new(tokens.cast_unsigned(), micros.cast_unsigned())
}

fn spend(connection: &Connection, reservation: &CostReservation) -> Result<Spend, Fault> {
    let task = Sum::of_task(reservation.task.as_deref()).read(connection)?;
    Ok(Spend::new(task, Sum::of_day(reservation.day()).read(connection)?))
}

fn reserve(
    connection: &Connection,
    reservation: &CostReservation,
    caps: &CostCaps,
) -> Result<Option<CostWindow>, Fault> {
    for (what, name) in
        [("name of a request", Some(&reservation.request)), ("name of a task", reservation.task.as_ref())]
    {
        if let Some(name) = name
            && name.len() > MAX_NAME_BYTES
        {
            return Err(Fault::TooLarge { what, actual: name.len(), limit: MAX_NAME_BYTES });
        }
    }
    let estimate = reservation.estimate;
    let mut look = connection.prepare_cached("SELECT 1 FROM cost_requests WHERE request = ?1")?;
    if look.exists([&reservation.request])? {
        return Err(Fault::Conflict { what: "reservation", name: reservation.request.clone() });
    }
    if let Some(window) = caps.reached(estimate, &spend(connection, reservation)?) {
        return Ok(Some(window));
    }
    let mut statement = connection.prepare_cached(
        "INSERT INTO cost_requests (request, task, day, tokens, micros, is_settled) \
         VALUES (?1, ?2, ?3, ?4, ?5, 0)",
    )?;
    statement.execute(params![
        reservation.request,
        reservation.task,
        reservation.day(),
        estimate.tokens.cast_signed(),
        estimate.micros.cast_signed(),
    ])?;
    for sum in [Sum::of_task(reservation.task.as_deref()), Sum::of_day(reservation.day())] {
        sum.change(connection, |cost| cost.plus(estimate))?;
    }
    Ok(None)
}

fn settle(connection: &Connection, request: &str, actual: Cost) -> Result<(), Fault> {
    let mut look = connection.prepare_cached(
        "SELECT task, day, tokens, micros FROM cost_requests WHERE request = ?1 AND is_settled = 0",
    )?;
    let found = look.query_row([request], |row| {
        Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?, cost(row.get(2)?, row.get(3)?)))
    });
    let Some((task, day, estimate)) = found.optional()? else { return Ok(()) };
    let mut statement = connection.prepare_cached(
        "UPDATE cost_requests SET tokens = ?2, micros = ?3, is_settled = 1 WHERE request = ?1",
    )?;
    statement.execute(params![request, actual.tokens.cast_signed(), actual.micros.cast_signed()])?;
    for sum in [Sum::of_task(task.as_deref()), Sum::of_day(day)] {
        sum.change(connection, |cost| cost.minus(estimate).plus(actual))?;
    }
    Ok(())
}

impl CostLedger for PolicyStore {
    fn spend(&self, reservation: &CostReservation) -> Result<Spend, LedgerError> {
        let found = self.read(|connection| spend(connection, reservation));
        found.map_err(of_ledger("costs could not be read"))
    }

    fn reserve(
        &self,
        reservation: &CostReservation,
        caps: &CostCaps,
    ) -> Result<Option<CostWindow>, LedgerError> {
        let done = self.write(|connection| reserve(connection, reservation, caps));
        done.map_err(of_ledger("cost could not be reserved"))
    }

    fn settle(&self, request: &str, actual: Cost) -> Result<(), LedgerError> {
        let done = self.write(|connection| settle(connection, request, actual));
        done.map_err(of_ledger("cost could not be settled"))
    }
}
