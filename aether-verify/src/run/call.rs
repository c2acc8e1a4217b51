//! Calls of a program that talks to something elsewhere, each with a limit of time and of what it may say.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::capture::read_both;
use super::{Capture, Stop};
use crate::container::EndedBy;

/// How often it is looked whether a call has ended or is to be ended.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long what is being ended may take before nobody waits any more.
const GRACE: Duration = Duration::from_secs(15);

/// A call of a client, which sees nothing of the surroundings of this process but `environment`.
pub(crate) fn call_of(program: &Path, environment: &[(String, String)]) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // What a terminal sends to the embedding program is not for the client.
        .process_group(0);
    command
}

/// How far a call may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallLimits {
    pub(crate) time: Duration,
    /// Of each output.
    pub(crate) max_output_bytes: u64,
    pub(crate) clock: fn() -> Instant,
}

/// How a call ended.
pub(crate) struct Followed {
    /// Absent where it did not end in time and was killed.
    pub(crate) status: Option<ExitStatus>,
    pub(crate) ended_by: Option<EndedBy>,
    pub(crate) outputs: [Capture; 2],
    pub(crate) duration: Duration,
}

/// A call could not be followed.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The program could not be started.
    Start(io::Error),
    /// Its outputs or its end could not be seen.
    Lost(io::Error),
}

impl CallError {
    /// The same in words.
    pub(crate) fn told(&self, program: &Path) -> String {
        match self {
            Self::Start(error) => format!("could not start the client {}: {error}", program.display()),
            Self::Lost(error) => format!("could not follow the client: {error}"),
        }
    }
}

/// Follows a call to its end. When its time is over or it is stopped, `ending` is called, again and again, until the
/// call has ended; without one it is killed.
pub(crate) fn follow(
    mut command: Command,
    limits: CallLimits,
    stop: Option<&Stop>,
    ending: Option<&dyn Fn() -> Command>,
) -> Result<Followed, CallError> {
    let start = (limits.clock)();
    let child = command.spawn().map_err(CallError::Start)?;
    let mut call = Call::new(child, limits.max_output_bytes).map_err(CallError::Lost)?;
    let mut ender: Option<Killed> = None;
    let mut ended_by = None;
    let mut ended_at = start;
    let status = loop {
        call.wait_for_something(stop).map_err(CallError::Lost)?;
        call.read_outputs();
        if let Some(status) = call.child.0.try_wait().map_err(CallError::Lost)? {
            break Some(status);
        }
        let now = (limits.clock)();
        if ended_by.is_none() {
            ended_by = if stop.is_some_and(Stop::is_set) {
                Some(EndedBy::Cancel)
            } else if now.saturating_duration_since(start) >= limits.time {
                Some(EndedBy::Timeout)
            } else {
                continue;
            };
            ended_at = now;
        } else if now.saturating_duration_since(ended_at) >= GRACE {
            break None;
        }
        let Some(ending) = ending else {
            break None;
        };
        // A container that is about to begin cannot be killed yet, so once may not be enough.
        if ender.as_mut().is_none_or(Killed::has_ended) {
            ender = ending().spawn().ok().map(Killed);
        }
    };
    drop(ender);
    let duration = (limits.clock)().saturating_duration_since(start);
    Ok(Followed { status, ended_by, outputs: call.into_outputs(), duration })
}

/// A child that is killed when it is given up.
struct Killed(Child);

impl Killed {
    fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

/// A call that is under way.
struct Call {
    child: Killed,
    /// The two outputs, while they are open.
    outputs: [Option<OwnedFd>; 2],
    captures: [Capture; 2],
    buffer: Vec<u8>,
}

impl Call {
    fn new(mut child: Child, max_output_bytes: u64) -> io::Result<Self> {
        let outputs = [child.stdout.take().map(OwnedFd::from), child.stderr.take().map(OwnedFd::from)];
        let child = Killed(child);
        for output in outputs.iter().flatten() {
            rustix::fs::fcntl_setfl(output, rustix::fs::fcntl_getfl(output)? | OFlags::NONBLOCK)?;
        }
        let captures = [Capture::new(max_output_bytes), Capture::new(max_output_bytes)];
        Ok(Self { child, outputs, captures, buffer: vec![0; 64 * 1024] })
    }

    fn wait_for_something(&self, stop: Option<&Stop>) -> io::Result<()> {
        let mut fds: Vec<PollFd<'_>> =
            self.outputs.iter().flatten().map(|output| PollFd::new(output, PollFlags::IN)).collect();
        let is_set = stop.is_some_and(Stop::is_set);
        // A pipe that is closed would be ready for ever.
        fds.extend(
            stop.filter(|_| !is_set)
                .map(|stop| PollFd::from_borrowed_fd(stop.dropped.as_fd(), PollFlags::IN)),
        );
        let pause = Timespec::try_from(LOOK_EVERY).map_err(|_| io::ErrorKind::InvalidInput)?;
        match rustix::event::poll(&mut fds, Some(&pause)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn read_outputs(&mut self) -> bool {
        read_both(&mut self.outputs, &mut self.captures, &mut self.buffer)
    }

    /// The outputs with what is left in the pipes; nobody writes there any more.
    fn into_outputs(mut self) -> [Capture; 2] {
        while self.read_outputs() {}
        self.captures
    }
}
