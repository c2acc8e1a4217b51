//! The program as a person and a script meet it: each command over a small repository.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod ast;
mod audit;
#[cfg(target_os = "linux")]
mod change;
#[cfg(target_os = "linux")]
mod change_container;
#[cfg(target_os = "linux")]
mod change_kubernetes;
#[cfg(target_os = "linux")]
#[path = "../../../../aether-verify/tests/it/cluster_daemon.rs"]
mod cluster_daemon;
mod configuration;
mod crash;
#[cfg(target_os = "linux")]
#[path = "../../../../aether-verify/tests/it/docker_daemon.rs"]
mod docker_daemon;
mod documents;
mod draw;
#[cfg(target_os = "linux")]
mod dry_run;
mod export;
mod graph;
mod index;
mod key;
mod meaning;
mod migrating;
mod mistakes;
mod questions;
#[cfg(target_os = "linux")]
#[path = "../../../../aether-verify/tests/it/rust_image.rs"]
mod rust_image;
mod support;
mod terminal;
#[cfg(target_os = "linux")]
mod trace;
mod watch;
mod whole;
