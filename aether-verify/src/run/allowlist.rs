//! Which commands a runner runs.

use aether_core::authority::{Permit, RunCommand};
use aether_core::base::ErrorCode;
use aether_core::change::CommandLine;
use aether_core::port::RunError;

/// Uses the permit up: the command runs only if the permit is for it, and it is one of `allowed`, exactly.
pub(super) fn check(
    permit: Permit<RunCommand>,
    command: &CommandLine,
    allowed: &[CommandLine],
) -> Result<(), RunError> {
    let refused = |message| Err(RunError::new(ErrorCode::RUN_NOT_ALLOWED, message));
    if !permit.covers_command(command) {
        return refused(format!("permit is for another command than {command}"));
    }
    if !allowed.contains(command) {
        return refused(format!("{command} is not one of the commands that may run"));
    }
    Ok(())
}
