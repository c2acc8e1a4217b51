//! Calls of the client of Docker, each with a limit of time and of what it may say.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::super::engine::{EndedBy, EngineError, EngineErrorKind};
use super::arguments::Words;
use crate::run::{Capture, Stop};

/// How often it is looked whether a call has ended or is to be ended.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long an engine may take to end a container before nobody waits any more.
const GRACE: Duration = Duration::from_secs(15);
/// Most bytes of an answer.
const MAX_ANSWER_BYTES: u64 = 16 * 1024 * 1024;
/// A folder that nobody has, so that no file there leads the client to another engine, or makes it set
/// variables for proxies.
const NO_CONFIGURATION: &str = "/var/empty/aether-docker";

/// The client, and the engine that it talks to.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) program: PathBuf,
    pub(super) socket: PathBuf,
    pub(super) clock: fn() -> Instant,
}

/// How a call ended.
pub(super) struct Followed {
    /// Absent where it did not end in time and was killed.
    pub(super) status: Option<ExitStatus>,
    pub(super) ended_by: Option<EndedBy>,
    pub(super) outputs: [Capture; 2],
    pub(super) duration: Duration,
}

impl Client {
    /// A call. It has no environment but `environment`.
    pub(super) fn command(&self, arguments: &[OsString], environment: &[(String, String)]) -> Command {
        let mut command = Command::new(&self.program);
        let mut host = OsString::from("--host=unix://");
        host.push(&self.socket);
        command
            .arg(host)
            .arg(format!("--config={NO_CONFIGURATION}"))
            .args(arguments)
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

    /// The same with an input, which has to fit into a pipe.
    pub(super) fn command_with(&self, words: &Words) -> Result<Command, EngineError> {
        let mut command = self.command(&words.words, &words.environment);
        if let Some(input) = &words.input {
            let (reader, mut writer) = io::pipe().map_err(|error| lost(&error))?;
            writer.write_all(input.as_bytes()).map_err(|error| lost(&error))?;
            command.stdin(reader);
        }
        Ok(command)
    }

    /// Makes a call and returns what it printed.
    pub(super) fn ask<S: Into<OsString>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
        limit: Duration,
        stop: Option<&Stop>,
    ) -> Result<String, EngineError> {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        self.answer(self.command(&arguments, &[]), limit, stop)
    }

    /// What a call printed, if it went well.
    pub(super) fn answer(
        &self,
        command: Command,
        limit: Duration,
        stop: Option<&Stop>,
    ) -> Result<String, EngineError> {
        let followed = self.follow(command, limit, MAX_ANSWER_BYTES, stop, None)?;
        let [stdout, stderr] = followed.outputs;
        match (followed.ended_by, followed.status) {
            (Some(EndedBy::Cancel), _) => {
                Err(EngineError::new(EngineErrorKind::Unavailable, "the call was cancelled"))
            }
            (None, Some(status)) if status.success() && !stdout.is_truncated() => Ok(stdout.into_text()),
            (None, Some(status)) if status.success() => Err(EngineError::new(
                EngineErrorKind::Refused,
                "the engine says more than anybody would read",
            )),
            (None, Some(_)) => Err(why(&stderr.into_text())),
            _ => Err(EngineError::new(
                EngineErrorKind::Unavailable,
                format!("the engine at {} did not answer in {} ms", self.socket.display(), limit.as_millis()),
            )),
        }
    }

    /// Follows a call to its end. When its time is over or it is stopped, `ending` is made, again and again, until
    /// it has ended; without one it is killed.
    pub(super) fn follow(
        &self,
        mut command: Command,
        limit: Duration,
        max_output_bytes: u64,
        stop: Option<&Stop>,
        ending: Option<&[OsString]>,
    ) -> Result<Followed, EngineError> {
        let start = (self.clock)();
        let child = command.spawn().map_err(|error| {
            let message = format!("could not start the client {}: {error}", self.program.display());
            EngineError::new(EngineErrorKind::Unavailable, message)
        })?;
        let mut call = Call::new(child, max_output_bytes).map_err(|error| lost(&error))?;
        let mut ender: Option<Killed> = None;
        let mut ended_by = None;
        let mut ended_at = start;
        let status = loop {
            call.wait_for_something(stop).map_err(|error| lost(&error))?;
            call.read_outputs();
            if let Some(status) = call.child.0.try_wait().map_err(|error| lost(&error))? {
                break Some(status);
            }
            let now = (self.clock)();
            if ended_by.is_none() {
                ended_by = if stop.is_some_and(Stop::is_set) {
                    Some(EndedBy::Cancel)
                } else if now.saturating_duration_since(start) >= limit {
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
                ender = self.command(ending, &[]).spawn().ok().map(Killed);
            }
        };
        drop(ender);
        let duration = (self.clock)().saturating_duration_since(start);
        Ok(Followed { status, ended_by, outputs: call.into_outputs(), duration })
    }
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

    /// Reads what is there of both outputs, once each, so that neither keeps the other waiting.
    fn read_outputs(&mut self) -> bool {
        let mut any = false;
        for (output, capture) in self.outputs.iter_mut().zip(&mut self.captures) {
            let Some(open) = output else {
                continue;
            };
            match rustix::io::read(&*open, &mut self.buffer[..]) {
                Ok(0) => *output = None,
                Ok(length) => {
                    capture.push(&self.buffer[..length]);
                    any = true;
                }
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(_) => *output = None,
            }
        }
        any
    }

    /// The outputs with what is left in the pipes; nobody writes there any more.
    fn into_outputs(mut self) -> [Capture; 2] {
        while self.read_outputs() {}
        self.captures
    }
}

fn lost(error: &io::Error) -> EngineError {
    EngineError::new(EngineErrorKind::Unavailable, format!("could not follow the client: {error}"))
}

/// The error of a call that failed, by what the client printed.
pub(super) fn why(stderr: &str) -> EngineError {
    // The client explains how to get help after its first words, and warns before them.
    let line = stderr
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with("time=") && !line.starts_with("WARNING"))
        .find(|line| !line.starts_with("Run 'docker"))
        .unwrap_or("the client ended without a word");
    let message: String = line.trim_start_matches("Error response from daemon: ").chars().take(500).collect();
    let has = |part: &str| stderr.contains(part);
    let kind = if has("No such image") {
        EngineErrorKind::NoImage
    } else if has("is already in use by container") {
        EngineErrorKind::NameTaken
    } else if has("Cannot connect to the Docker daemon")
        || has("error during connect")
        || has("permission denied while trying to connect")
        || has("Is the docker daemon running")
    {
        EngineErrorKind::Unavailable
    } else {
        EngineErrorKind::Refused
    };
    EngineError::new(kind, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stderr: &str, kind: EngineErrorKind, message: &str) {
        let error = why(stderr);
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, message));
    }

    /// What version 20.10 and 28.2 print.
    #[test]
    fn what_the_client_says_is_told_apart() {
        check(
            "Error response from daemon: No such image: nosuch:1\n",
            EngineErrorKind::NoImage,
            "No such image: nosuch:1",
        );
        check(
            "Error response from daemon: Conflict. The container name \"/a\" is already in use by container \"b\". You have \
             to remove (or rename) that container to be able to reuse that name.\nSee 'docker create --help'.\n",
            EngineErrorKind::NameTaken,
            "Conflict. The container name \"/a\" is already in use by container \"b\". You have to remove (or rename) that \
             container to be able to reuse that name.",
        );
        check(
            "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?\n",
            EngineErrorKind::Unavailable,
            "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
        );
        check(
            "time=\"2026-11-29T06:07:45Z\" level=warning msg=\"deprecated\"\nWARNING: no swap\n\nunknown flag: --x\n",
            EngineErrorKind::Refused,
            "unknown flag: --x",
        );
        check("", EngineErrorKind::Refused, "the client ended without a word");
    }
}
