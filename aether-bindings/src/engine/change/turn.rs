//! One after the other: a change that is applied is tried, applied and verified on a tree that no other session of
//! Aether changes meanwhile.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = ".aether/turn"))]

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use aether_core::base::{Cancel, ErrorCode};

use crate::engine::error::EngineError;
use crate::engine::lifecycle::Engine;

/// Longest wait for the others: verifications of a large project take minutes.
const PATIENCE: Duration = Duration::from_secs(30 * 60);
const PAUSE: Duration = Duration::from_millis(20);

/// Waits until no other session applies a change; until the answer is dropped, none does.
///
/// # Errors
///
/// `cancelled`; `gate.in_use` after half an hour; `patch.io`.
pub(super) fn take_turn(workspace: &Path, cancel: &Cancel) -> Result<File, EngineError> {
    let failed = |error: std::io::Error| {
        let message = format!("the turn to change files cannot be taken: {error}");
        EngineError::new(ErrorCode::PATCH_IO, message).with_source(error)
    };
    Engine::prepare(workspace)?;
    let path = workspace.join(Engine::FOLDER).join("turn");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(failed)?;
    let mut waited = Duration::ZERO;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) if cancel.is_cancelled() => {
                return Err(EngineError::new(ErrorCode::CANCELLED, "cancelled"));
            }
            Err(TryLockError::WouldBlock) if waited >= PATIENCE => {
                return Err(EngineError::new(ErrorCode::GATE_IN_USE, "others change the files all the time"));
            }
            Err(TryLockError::WouldBlock) => {}
        }
        std::thread::sleep(PAUSE);
        waited += PAUSE;
    }
}
