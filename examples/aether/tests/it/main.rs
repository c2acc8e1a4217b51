//! The program as a person and a script meet it: each command over a small repository.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod ast;
#[cfg(target_os = "linux")]
mod change;
mod configuration;
mod crash;
mod documents;
mod draw;
mod export;
mod graph;
mod index;
mod key;
mod meaning;
mod migrating;
mod mistakes;
mod questions;
mod support;
mod terminal;
#[cfg(target_os = "linux")]
mod trace;
mod watch;
mod whole;
