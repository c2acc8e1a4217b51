//! Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_core::base::{Cancel, ErrorCode};

use crate::failure::{Failure, INTERRUPTED, Stop};

/// What Ctrl-C does: the first one stops an update of the index at the next file, and what is stored
/// stays valid; the second one, and any while nothing is written, ends the program at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt {
    cancel: Cancel,
    is_writing: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on.
    pub(crate) fn install() -> Self {
        let interrupt = Self::default();
        let seen = interrupt.clone();
        // Where the system lets nobody listen, Ctrl-C ends the program; the store outlives that too.
        let _ = ctrlc::set_handler(move || {
            if seen.cancel.is_cancelled() || !seen.is_writing.load(Ordering::SeqCst) {
                end();
            }
            seen.cancel.cancel();
        });
        interrupt
    }

    /// Runs something that writes to the store, and looks at the flag it is given; it fails as cancelled
    /// even where it came to its end first.
    pub(crate) fn guard<T, E: Into<Stop>>(
        &self,
        write: impl FnOnce(&Cancel) -> Result<T, E>,
    ) -> Result<T, Stop> {
        self.is_writing.store(true, Ordering::SeqCst);
        let result = write(&self.cancel);
        self.is_writing.store(false, Ordering::SeqCst);
        let result = result.map_err(Into::into)?;
        match self.cancel.check() {
            Ok(()) => Ok(result),
            Err(cancelled) => Err(Failure::new(ErrorCode::CANCELLED, cancelled.to_string()).into()),
        }
    }
}

#[expect(clippy::exit, reason = "the thread that hears Ctrl-C has nobody to return to")]
fn end() -> ! {
    std::process::exit(i32::from(INTERRUPTED))
}
