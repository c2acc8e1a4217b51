//! Tests of safe change through the public interface, one module for each family.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod classes;
#[cfg(target_os = "linux")]
mod cluster_daemon;
#[cfg(target_os = "linux")]
mod cluster_support;
#[cfg(target_os = "linux")]
mod container_engine;
#[cfg(unix)]
mod diff;
#[cfg(target_os = "linux")]
mod docker_daemon;
#[cfg(target_os = "linux")]
mod docker_support;
#[cfg(target_os = "linux")]
mod gate;
#[cfg(unix)]
mod hostile;
mod hostile_streams;
#[cfg(unix)]
mod patch_support;
#[cfg(unix)]
mod permitted;
mod project;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod run_cargo;
#[cfg(target_os = "linux")]
mod run_container;
#[cfg(target_os = "linux")]
mod run_container_cargo;
#[cfg(target_os = "linux")]
mod run_container_escape;
#[cfg(target_os = "linux")]
mod run_escape;
#[cfg(target_os = "linux")]
mod run_kubernetes;
#[cfg(target_os = "linux")]
mod run_kubernetes_client;
#[cfg(target_os = "linux")]
mod run_support;
#[cfg(target_os = "linux")]
mod rust_image;
#[cfg(target_os = "linux")]
mod scratch_shared;
mod streams;
mod test_runs;
#[cfg(target_os = "linux")]
mod tools;
