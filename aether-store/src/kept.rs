//! What is made from a whole index once, and kept until the index changes.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

use crate::error::Outcome;

/// A value of the generation that was asked for last.
#[derive(Debug)]
pub(crate) struct Kept<T>(Mutex<Option<(i64, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// The value of the state that `connection` sees.
    pub(crate) fn get(
        &self,
        connection: &Connection,
        load: impl FnOnce(&Connection) -> Outcome<T>,
    ) -> Outcome<Arc<T>> {
        let generation: i64 = connection
            .prepare_cached("SELECT generation FROM state WHERE id = 0")?
            .query_row((), |row| row.get(0))?;
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = lock().clone();
        if let Some((_, value)) = kept.filter(|(kept, _)| *kept == generation) {
            return Ok(value);
        }
        // Not under the lock: two threads may load the same value once too often, none waits.
        let value = Arc::new(load(connection)?);
        *lock() = Some((generation, Arc::clone(&value)));
        Ok(value)
    }
}
