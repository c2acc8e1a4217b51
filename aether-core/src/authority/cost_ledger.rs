//! Where costs are counted.

use super::{Cost, CostCaps, CostReservation, CostWindow, LedgerError, Spend};

/// What is spent and what is on its way.
pub trait CostLedger: Send + Sync + std::fmt::Debug {
    /// What is spent for the task of a reservation and on its day, open reservations included.
    ///
    /// # Errors
    ///
    /// When costs cannot be read.
    fn spend(&self, reservation: &CostReservation) -> Result<Spend, LedgerError>;

    /// Counts the estimate as spent, unless a cap denies it; looking and counting are one step. Gives the cap
    /// that denies it, in which case nothing is counted.
    ///
    /// # Errors
    ///
    /// `policy.conflict` when the request has a reservation or was settled before, and when it cannot be
    /// written.
    fn reserve(
        &self,
        reservation: &CostReservation,
        caps: &CostCaps,
    ) -> Result<Option<CostWindow>, LedgerError>;

    /// Replaces the estimate of a request by what it cost: nothing where the call was not made. Without an
    /// open reservation of the request nothing happens, so settling twice counts once.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn settle(&self, request: &str, actual: Cost) -> Result<(), LedgerError>;
}
