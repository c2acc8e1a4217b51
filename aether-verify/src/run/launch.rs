//! The launcher: puts a sandbox in force around itself, and starts a command in it.
//!
//! It is up to three processes. The first is what the runner starts; it makes the namespaces and starts the
//! program of the launcher again as the first process of the process namespace. That one arranges what is
//! visible, gives up its privileges, restricts a thread of its own and starts the command from it. When it
//! ends, the system ends everything else in the namespace. Where namespaces cannot be made, the runner starts
//! the launcher anew, and one process does what can be done without them.

mod command;
mod mounts;
mod namespaces;
mod restrict;

use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;

use aether_core::base::ErrorCode;
use aether_core::change::{LayerReport, SandboxLayer};

use self::command::Surroundings;
use super::order::{Job, Order};
use super::reply::Reply;

/// Why a command was not started.
#[derive(Debug)]
struct Failed {
    code: ErrorCode,
    message: String,
}

impl Failed {
    /// The system did not let the sandbox be made.
    fn confine(what: &str, error: impl std::fmt::Display) -> Self {
        Self { code: ErrorCode::RUN_UNCONFINED, message: format!("{what}: {error}") }
    }

    /// Something else went wrong.
    fn io(what: &str, error: impl std::fmt::Display) -> Self {
        Self { code: ErrorCode::RUN_IO, message: format!("{what}: {error}") }
    }
}

/// Does what the runner on the other side of `control` asks for, and ends with the command.
///
/// A program that is named by [`Launcher`](super::Launcher) calls it first thing in `main`, before it starts
/// threads, opens files or reads anything, and hands in its standard input, which the runner made a socket.
/// All other open files but the two outputs are closed.
///
/// # Examples
///
/// ```no_run
/// // Not run: it takes orders from a runner.
/// use std::os::fd::AsFd;
/// use std::process::ExitCode;
///
/// fn main() -> ExitCode {
///     match std::io::stdin().as_fd().try_clone_to_owned() {
///         Ok(control) => aether_verify::launch(control),
///         Err(_) => ExitCode::FAILURE,
///     }
/// }
/// ```
#[must_use]
pub fn launch(control: OwnedFd) -> ExitCode {
    close_all_but(control.as_raw_fd());
    let mut control = UnixStream::from(control);
    let done = Order::receive(&mut control)
        .map_err(|error| Failed::io("could not read what to do", error))
        .and_then(|order| obey(order, &mut control));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            // A runner that is gone needs no answer.
            let _ = Reply::Failed { code: failed.code, message: failed.message }.send(&mut control);
            ExitCode::FAILURE
        }
    }
}

fn obey(order: Order, control: &mut UnixStream) -> Result<(), Failed> {
    match order {
        Order::Enter(enter) => namespaces::enter(&enter, control),
        Order::Inside(job) => inside(&job, control),
        Order::Restricted(job) => {
            // A session of its own: no terminal to type into, and no signals meant for the runner.
            rustix::process::setsid().map_err(|error| Failed::io("could not leave the session", error))?;
            namespaces::drop_privileges()?;
            command::run(&job, control, &Surroundings::Machine)
        }
    }
}

fn inside(job: &Job, control: &mut UnixStream) -> Result<(), Failed> {
    namespaces::end_with_parent()?;
    let arranged = mounts::arrange(job)?;
    let network = namespaces::arrange_network(job.network)?;
    namespaces::drop_privileges()?;
    if let Some(network) = network {
        tell(control, network)?;
    }
    let mut mount = LayerReport::held(SandboxLayer::MOUNT_NAMESPACE);
    mount.reason.clone_from(&arranged.not_read_only);
    tell(control, mount)?;
    let mut pid = LayerReport::held(SandboxLayer::PID_NAMESPACE);
    pid.reason = arranged.old_proc;
    tell(control, pid)?;
    command::run(job, control, &Surroundings::Namespaces { read_only: arranged.not_read_only.is_none() })
}

fn tell(control: &mut UnixStream, report: LayerReport) -> Result<(), Failed> {
    Reply::Layer(report).send(control).map_err(|error| Failed::io("the runner is gone", error))
}

/// Closes what the runner's process left open for its children by mistake: a file, or a socket to a service.
///
/// A file that cannot be closed is not open; the list itself is one of them.
fn close_all_but(control: RawFd) {
    let Ok(entries) = std::fs::read_dir("/proc/self/fd") else {
        return;
    };
    let open: Vec<RawFd> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd| *fd > 2 && *fd != control)
        .collect();
    for fd in open {
        let _ = nix::unistd::close(fd);
    }
}
