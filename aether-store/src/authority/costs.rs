//! What is spent and what is on its way.

use aether_core::authority::{Cost, CostCaps, CostReservation, CostWindow, LedgerError, Spend};
use aether_core::base::ErrorCode;
use aether_core::port::CostLedger;
use rusqlite::{Connection, OptionalExtension as _};

use super::AuthorityStore;
use crate::error::Outcome;

const FAILED: ErrorCode = ErrorCode::POLICY_LEDGER_FAILED;

impl CostLedger for AuthorityStore {
    fn spend(&self, reservation: &CostReservation) -> Result<Spend, LedgerError> {
        self.read(&FAILED, |transaction| spend(transaction, reservation))
    }

    fn reserve(
        &self,
        reservation: &CostReservation,
        caps: &CostCaps,
    ) -> Result<Option<CostWindow>, LedgerError> {
        let reserved = self.write(&FAILED, |transaction| {
            let is_known: bool = transaction
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM cost_requests WHERE request = ?1)")?
                .query_row([&reservation.request], |row| row.get(0))?;
            if is_known {
                return Ok(None);
            }
            let reached = caps.reached(reservation.estimate, &spend(transaction, reservation)?);
            if reached.is_none() {
                for window in windows(reservation) {
                    change(transaction, &window, |cost| cost.plus(reservation.estimate))?;
                }
                let estimate = reservation.estimate;
                transaction
                    .prepare_cached(
                        "INSERT INTO cost_requests (request, task, day, tokens, micros, is_open)
                        VALUES (?1, ?2, ?3, ?4, ?5, 1)",
                    )?
                    .execute((
                        &reservation.request,
                        task_window(reservation.task.as_deref()),
                        reservation.day(),
                        estimate.tokens.cast_signed(),
                        estimate.micros.cast_signed(),
                    ))?;
            }
            Ok(Some(reached))
        })?;
        reserved.ok_or_else(|| {
            let message = format!("there is {} already", reservation.request);
            LedgerError::new(ErrorCode::POLICY_CONFLICT, message)
        })
    }

    fn settle(&self, request: &str, actual: Cost) -> Result<(), LedgerError> {
        self.write(&FAILED, |transaction| {
            let open: Option<(String, i64, i64, i64)> = transaction
                .prepare_cached(
                    "SELECT task, day, tokens, micros FROM cost_requests WHERE request = ?1 AND is_open = 1",
                )?
                .query_row([request], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
                .optional()?;
            let Some((task, day, tokens, micros)) = open else { return Ok(()) };
            let estimate = Cost::new(tokens.cast_unsigned(), micros.cast_unsigned());
            for window in [task, day_window(day)] {
                change(transaction, &window, |cost| cost.minus(estimate).plus(actual))?;
            }
            transaction
                .prepare_cached("UPDATE cost_requests SET is_open = 0 WHERE request = ?1")?
                .execute([request])?;
            Ok(())
        })
    }
}

fn task_window(task: Option<&str>) -> String {
    task.map_or_else(|| "no task".to_owned(), |task| format!("task:{task}"))
}

fn day_window(day: i64) -> String {
    format!("day:{day}")
}

fn windows(reservation: &CostReservation) -> [String; 2] {
    [task_window(reservation.task.as_deref()), day_window(reservation.day())]
}

fn spend(connection: &Connection, reservation: &CostReservation) -> Outcome<Spend> {
    let [task, day] = windows(reservation);
    Ok(Spend::new(sum(connection, &task)?, sum(connection, &day)?))
}

fn sum(connection: &Connection, window: &str) -> Outcome<Cost> {
    let found: Option<(i64, i64)> = connection
        .prepare_cached("SELECT tokens, micros FROM cost_sums WHERE window = ?1")?
        .query_row([window], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (tokens, micros) = found.unwrap_or_default();
    Ok(Cost::new(tokens.cast_unsigned(), micros.cast_unsigned()))
}

fn change(connection: &Connection, window: &str, change: impl Fn(Cost) -> Cost) -> Outcome<()> {
    let cost = change(sum(connection, window)?);
    connection
        .prepare_cached(
            "INSERT INTO cost_sums (window, tokens, micros) VALUES (?1, ?2, ?3)
            ON CONFLICT (window) DO UPDATE SET tokens = excluded.tokens, micros = excluded.micros",
        )?
        .execute((window, cost.tokens.cast_signed(), cost.micros.cast_signed()))?;
    Ok(())
}
