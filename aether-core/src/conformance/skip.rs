//! Tests that cannot run where they are.

use std::fmt::Display;
use std::io::Write as _;

/// Says on standard error that a test, or a part of one, is skipped, and why: `SKIPPED (test): reason`, in one line.
///
/// The test runner shows what is printed by macros only where a test fails. This line is always there, so nobody takes
/// a test for passed that did not run, and whoever reads the output can count them.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::skip;
///
/// fn git(test: &str) -> bool {
///     let is_there = std::process::Command::new("git").arg("--version").output().is_ok();
///     if !is_there {
///         skip(test, "there is no git");
///     }
///     is_there
/// }
/// # git("an_example");
/// ```
pub fn skip(test: &str, reason: impl Display) {
    let reason = reason.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    // A test whose words nobody reads is skipped all the same.
    let _ = std::io::stderr().write_all(format!("SKIPPED ({test}): {reason}\n").as_bytes());
}
