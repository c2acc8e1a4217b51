//! Words to the terminal.

use std::io::Write as _;

/// Writes a line to standard output; a closed pipe is no error.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever closed the pipe has read enough.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Writes a line to standard error.
pub(crate) fn say_error(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
