//! Tests of safe change through the public interface, one module for each family.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg(unix)]
mod diff;
#[cfg(unix)]
mod patch_support;
#[cfg(unix)]
mod permitted;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod run_cargo;
#[cfg(target_os = "linux")]
mod run_escape;
#[cfg(target_os = "linux")]
mod run_support;
//! Tests through the public interface, on what the installed tools say.

mod classes;
mod hostile;
mod project;
mod streams;
mod test_runs;
