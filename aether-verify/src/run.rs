//! Commands in a sandbox with limits.
//!
//! [`HostRunner`] starts a launcher, a small program that calls [`launch`]; the launcher puts the sandbox in
//! force around itself and starts the command in it. `docs/adr/0018-how-commands-are-confined.md` tells why it
//! is a program of its own and what each layer keeps out.

#[cfg(target_os = "linux")]
mod capture;
mod host;
#[cfg(target_os = "linux")]
mod launch;
#[cfg(target_os = "linux")]
mod order;
mod out_of_sight;
#[cfg(target_os = "linux")]
mod reply;
#[cfg(target_os = "linux")]
mod request;
#[cfg(target_os = "linux")]
mod supervise;
mod unavailable;

pub use host::{HostRunner, Launcher, SandboxKind};
#[cfg(target_os = "linux")]
pub use launch::launch;
pub use out_of_sight::{secrets_of_cargo, secrets_of_home};
pub use unavailable::UnavailableRunner;
