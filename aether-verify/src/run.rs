//! Commands in a sandbox with limits.
//!
//! [`HostRunner`] starts a launcher, a small program that calls [`launch`]; the launcher puts the sandbox in
//! force around itself and starts the command in it. `docs/adr/0018-how-commands-are-confined.md` tells why it
//! is a program of its own and what each layer keeps out. `ContainerRunner` runs commands in containers instead, where
//! that is asked for; [`choose_runner`] takes the one that the configuration names.

mod allowlist;
#[cfg(unix)]
mod aside;
#[cfg(unix)]
mod call;
#[cfg(unix)]
mod capture;
mod choice;
#[cfg(unix)]
mod container;
mod host;
#[cfg(unix)]
mod kubernetes;
#[cfg(target_os = "linux")]
mod launch;
#[cfg(target_os = "linux")]
mod order;
mod out_of_sight;
#[cfg(unix)]
mod owner;
#[cfg(target_os = "linux")]
mod reply;
#[cfg(target_os = "linux")]
mod request;
#[cfg(unix)]
mod sight;
#[cfg(target_os = "linux")]
mod supervise;
mod unavailable;

#[cfg(unix)]
pub(crate) use aside::{Stop, aside};
#[cfg(unix)]
pub(crate) use call::{CallLimits, Followed, call_of, follow};
#[cfg(unix)]
pub(crate) use capture::Capture;
pub use choice::{RunnerChoice, choose_runner};
#[cfg(unix)]
pub use container::ContainerRunner;
pub use host::{HostRunner, Launcher, SandboxKind};
#[cfg(unix)]
pub use kubernetes::{KubernetesCluster, KubernetesRunner};
#[cfg(target_os = "linux")]
pub use launch::launch;
pub use out_of_sight::{secrets_of_cargo, secrets_of_home};
pub use unavailable::UnavailableRunner;
