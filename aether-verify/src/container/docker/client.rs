//! Calls of the client of Docker, each with a limit of time and of what it may say.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use super::super::engine::{EndedBy, EngineError, EngineErrorKind};
use super::arguments::Words;
use crate::run::{CallLimits, Followed, Stop, call_of, follow};

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

impl Client {
    /// A call. It has no environment but `environment`.
    pub(super) fn command(&self, arguments: &[OsString], environment: &[(String, String)]) -> Command {
        let mut command = call_of(&self.program, environment);
        let mut host = OsString::from("--host=unix://");
        host.push(&self.socket);
        command.arg(host).arg(format!("--config={NO_CONFIGURATION}")).args(arguments);
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
        command: Command,
        limit: Duration,
        max_output_bytes: u64,
        stop: Option<&Stop>,
        ending: Option<&[OsString]>,
    ) -> Result<Followed, EngineError> {
        let end = ending.map(|words| || self.command(words, &[]));
        let end = end.as_ref().map(|end| end as &dyn Fn() -> Command);
        follow(command, CallLimits { time: limit, max_output_bytes, clock: self.clock }, stop, end)
            .map_err(|error| EngineError::new(EngineErrorKind::Unavailable, error.told(&self.program)))
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
