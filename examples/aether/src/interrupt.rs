//! Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aether_core::base::Cancel;

/// What Ctrl-C does: the first one stops an update of the index at the next file, and what is stored
/// stays valid; the second one, and any while nothing is written, ends the program at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt {
    cancel: Cancel,
    is_updating: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on.
    pub(crate) fn install() -> Self {
        let interrupt = Self::default();
        let seen = interrupt.clone();
        // Where the system lets nobody listen, Ctrl-C ends the program; the store outlives that too.
        let _ = ctrlc::set_handler(move || {
            if seen.cancel.is_cancelled() || !seen.is_updating.load(Ordering::SeqCst) {
                end();
            }
            seen.cancel.cancel();
        });
        interrupt
    }

    /// Runs an update that looks at the flag it is given.
    pub(crate) fn guard<T>(&self, update: impl FnOnce(&Cancel) -> T) -> T {
        self.is_updating.store(true, Ordering::SeqCst);
        let result = update(&self.cancel);
        self.is_updating.store(false, Ordering::SeqCst);
        result
    }

    /// Whether an update was asked to stop, even where it came to its end first.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }
}

#[expect(clippy::exit, reason = "the thread that hears Ctrl-C has nobody to return to")]
fn end() -> ! {
    std::process::exit(130)
}
