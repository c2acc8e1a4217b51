//! Starting the command from a restricted thread, waiting for it, and ending what it left behind.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aether_core::base::ErrorCode;
use aether_core::change::{LayerReport, NetworkAccess, SandboxLayer};
use rustix::process::{DumpableBehavior, Pid, PidfdFlags, Signal, WaitOptions, WaitStatus};

use super::restrict::{Around, Restricted, harmless, restrict};
use super::{Failed, tell};
use crate::run::order::Job;
use crate::run::reply::Reply;

/// How often processes that were left behind are looked for and killed, when they make new ones meanwhile.
const ROUNDS_OF_ENDING: u32 = 200;

/// Where the command runs.
#[derive(Debug)]
pub(super) enum Surroundings {
    /// In namespaces, of which this process is the first one.
    Namespaces {
        /// Whether all that is not writable is mounted read-only.
        read_only: bool,
    },
    /// Among the processes of the machine.
    Machine,
}

/// Runs the command of `job` to its end and tells the runner how it ended.
pub(super) fn run(job: &Job, control: &mut UnixStream, surroundings: &Surroundings) -> Result<(), Failed> {
    let alone = matches!(surroundings, Surroundings::Namespaces { .. });
    if !alone {
        // Whatever loses its parent becomes a child of this process, and can be found and ended.
        rustix::process::set_child_subreaper(Some(rustix::process::getpid()))
            .map_err(|error| Failed::io("could not become the parent of what is left behind", error))?;
    }
    // The command runs as the same user: it shall not look into this process, or make it do things.
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(|error| Failed::io("could not shut the launcher off", error))?;
    // A thread of its own: this one must be able to end processes, and the command must not.
    let started = std::thread::scope(|scope| scope.spawn(|| start(job, control, surroundings)).join())
        .map_err(|_| Failed::io("could not start the command", "the thread of it failed"))??;
    let Some(child) = started else {
        return Ok(());
    };
    let command = Pid::from_child(&child);
    let handle = rustix::process::pidfd_open(command, PidfdFlags::empty())
        .map_err(|error| Failed::io("could not follow the command", error))?;
    let mut runner = control.try_clone().map_err(|error| Failed::io("could not follow the runner", error))?;
    std::thread::Builder::new()
        .spawn(move || {
            until_closed(&mut runner);
            // It may have ended at the same moment.
            let _ = rustix::process::pidfd_send_signal(&handle, Signal::KILL);
        })
        .map_err(|error| Failed::io("could not follow the runner", error))?;
    let status = wait_for(command)?;
    if !alone && !end_the_rest() {
        let reason = "processes that were left behind could not all be ended";
        tell(control, LayerReport::missing(SandboxLayer::PID_NAMESPACE, reason))?;
    }
    let reply = match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Reply::Exited(code),
        (None, signal) => Reply::Signalled(signal.unwrap_or_default()),
    };
    reply.send(control).map_err(|error| Failed::io("the runner is gone", error))
}

/// Restricts the calling thread and starts the command from it, if it is confined well enough.
fn start(job: &Job, control: &mut UnixStream, surroundings: &Surroundings) -> Result<Option<Child>, Failed> {
    let around = match surroundings {
        Surroundings::Namespaces { .. } => Around::Namespaces,
        Surroundings::Machine => Around::Nothing,
    };
    let mut writable = job.writable.clone();
    writable.extend(harmless(around));
    let restricted = restrict(&writable, job.network, around);
    let (network, writes_confined) = confined(&restricted, job.network, surroundings);
    for layer in restricted.layers {
        tell(control, layer)?;
    }
    let enough = writes_confined && (network != NetworkAccess::Full || job.network == NetworkAccess::Full);
    if !enough && !job.allow_unconfined {
        let what = if writes_confined { "from the network" } else { "from writing elsewhere" };
        return Err(Failed {
            code: ErrorCode::RUN_UNCONFINED,
            message: format!("the system cannot keep the command {what}"),
        });
    }
    Reply::Confined { network, writes_confined }
        .send(control)
        .map_err(|error| Failed::io("the runner is gone", error))?;
    let Some(program) = &job.program else {
        return Ok(None);
    };
    let mut command = Command::new(program);
    if let Some((name, arguments)) = job.arguments.split_first() {
        command.arg0(name).args(arguments);
    }
    command
        .env_clear()
        .envs(job.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(&job.folder)
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .map(Some)
        .map_err(|error| Failed {
            code: match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => ErrorCode::RUN_NOT_FOUND,
                _ => ErrorCode::RUN_IO,
            },
            message: format!("could not start {}: {error}", program.display()),
        })
}

/// What the command can reach, and whether it is kept from writing elsewhere.
fn confined(
    restricted: &Restricted,
    asked: NetworkAccess,
    surroundings: &Surroundings,
) -> (NetworkAccess, bool) {
    match surroundings {
        // Sockets of other kinds would reach out of the network namespace.
        Surroundings::Namespaces { .. } if !restricted.sockets => (NetworkAccess::Full, restricted.files),
        Surroundings::Namespaces { read_only } => (asked, *read_only || restricted.files),
        // Without the filter a service could be asked through its socket to write anywhere.
        Surroundings::Machine if !restricted.sockets => (NetworkAccess::Full, false),
        Surroundings::Machine if asked == NetworkAccess::Full => (NetworkAccess::Full, restricted.files),
        Surroundings::Machine => (NetworkAccess::None, restricted.files),
    }
}

/// Returns when the runner has closed its side, or is gone.
fn until_closed(runner: &mut UnixStream) {
    let mut byte = [0];
    loop {
        match runner.read(&mut byte) {
            Ok(0) => return,
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return,
            _ => {}
        }
    }
}

/// Waits for the command, and for whatever else became a child of this process.
fn wait_for(command: Pid) -> Result<WaitStatus, Failed> {
    loop {
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(Some((pid, status))) if pid == command => return Ok(status),
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Failed::io("could not wait for the command", error)),
        }
    }
}

/// Ends every process that the command left behind. Each is a child of this process, or becomes one when
/// its parent is ended; a child cannot be mistaken for another process before this one has waited for it.
/// Returns whether all are gone.
fn end_the_rest() -> bool {
    let own = rustix::process::getpid();
    for round in 0..ROUNDS_OF_ENDING {
        // Most commands leave nothing behind, and looking through all processes takes long.
        loop {
            match rustix::process::wait(WaitOptions::NOHANG) {
                Err(rustix::io::Errno::CHILD) => return true,
                Ok(None) | Err(_) => break,
                Ok(Some(_)) => {}
            }
        }
        for child in children_of(own) {
            // It may have ended by itself.
            let _ = rustix::process::kill_process(child, Signal::KILL);
        }
        // The first rounds are for what dies at once.
        std::thread::sleep(Duration::from_micros(u64::from(round.min(50)) * 200));
    }
    false
}

fn children_of(parent: Pid) -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let pid: i32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
            (parent_in(&stat)? == parent.as_raw_nonzero().get()).then(|| Pid::from_raw(pid))?
        })
        .collect()
}

/// The parent in a line of proc_pid_stat(5). The name of the program stands in parentheses, and may hold
/// more of them.
fn parent_in(stat: &[u8]) -> Option<i32> {
    let after_name = stat.iter().rposition(|byte| *byte == b')')? + 1;
    let rest = std::str::from_utf8(&stat[after_name..]).ok()?;
    rest.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parent_is_found_behind_any_name() {
        assert_eq!(parent_in(b"12 (sh) S 7 12 12 0"), Some(7));
        assert_eq!(parent_in(b"12 (a) S 9 (b) R 8 12"), Some(8));
        assert_eq!(parent_in(b"12 (\xff\xfe) S 7 12"), Some(7));
        assert_eq!(parent_in(b""), None);
        assert_eq!(parent_in(b"12 (sh)"), None);
    }
}
