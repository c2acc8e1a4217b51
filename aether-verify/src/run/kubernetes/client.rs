//! Calls of the client of Kubernetes, each with a limit of time and of what it may say.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::ffi::OsString;
use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use aether_core::base::ErrorCode;
use aether_core::port::RunError;

use super::manifest::JOB_LABEL;
use crate::container::EndedBy;
use crate::run::{CallLimits, Followed, Stop, call_of, follow};

/// Most bytes of an answer.
const MAX_ANSWER_BYTES: u64 = 16 * 1024 * 1024;
/// How long a cluster may take to take a removal in.
const REMOVAL: Duration = Duration::from_secs(30);

/// The client `kubectl`, and the cluster that it talks to.
///
/// Unlike the client of an engine on the same machine it may need an environment: programs that fetch credentials, and
/// proxies. Nothing of it reaches a command.
///
/// # Examples
///
/// ```
/// use std::time::Instant;
///
/// use aether_verify::KubernetesCluster;
///
/// let cluster = KubernetesCluster::new("/usr/bin/kubectl", "checks", Instant::now)
///     .with_kubeconfig("/srv/user/.kube/config")
///     .with_context("staging");
/// ```
#[derive(Clone)]
pub struct KubernetesCluster {
    program: PathBuf,
    namespace: String,
    kubeconfig: Option<PathBuf>,
    context: Option<String>,
    environment: Vec<(String, String)>,
    pub(super) clock: fn() -> Instant,
}

/// The environment may hold secrets.
impl std::fmt::Debug for KubernetesCluster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KubernetesCluster")
            .field("program", &self.program)
            .field("namespace", &self.namespace)
            .field("kubeconfig", &self.kubeconfig)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

impl KubernetesCluster {
    /// A cluster by the absolute path of the client and the namespace in which jobs are made. `clock` tells the time
    /// for limits, as `Instant::now` does.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, namespace: impl Into<String>, clock: fn() -> Instant) -> Self {
        Self {
            program: program.into(),
            namespace: namespace.into(),
            kubeconfig: None,
            context: None,
            environment: Vec::new(),
            clock,
        }
    }

    /// Reads clusters and credentials from this file. Default: what the client finds by its environment.
    #[must_use]
    pub fn with_kubeconfig(mut self, path: impl Into<PathBuf>) -> Self {
        self.kubeconfig = Some(path.into());
        self
    }

    /// Uses this context of that file. Default: its current one.
    #[must_use]
    pub fn with_context(mut self, name: impl Into<String>) -> Self {
        self.context = Some(name.into());
        self
    }

    /// Gives the client these variables. Default: none.
    #[must_use]
    pub fn with_environment(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment.extend(variables);
        self
    }

    /// A call: what it is about, then `words`.
    pub(super) fn command(&self, words: &[&str]) -> Command {
        let mut command = call_of(&self.program, &self.environment);
        command.args(self.about()).args(words);
        command
    }

    fn about(&self) -> Vec<OsString> {
        let mut words = vec![OsString::from(format!("--namespace={}", self.namespace))];
        if let Some(path) = &self.kubeconfig {
            let mut word = OsString::from("--kubeconfig=");
            word.push(path);
            words.push(word);
        }
        words.extend(self.context.iter().map(|name| OsString::from(format!("--context={name}"))));
        words
    }

    /// Makes what a manifest says, or only asks the cluster whether it could.
    pub(super) fn create(
        &self,
        manifest: &str,
        kind: CreateKind,
        limit: Duration,
        stop: &Stop,
    ) -> Result<(), RunError> {
        let words: &[&str] = match kind {
            // The cluster looks at it in any case. Were the client to look, too, it would say that there is something
            // wrong with the manifest where there is no cluster.
            CreateKind::Make => &["create", "--filename=-", "--output=name", "--validate=false"],
            CreateKind::DryRun => {
                &["create", "--filename=-", "--output=name", "--validate=false", "--dry-run=server"]
            }
        };
        let mut command = self.command(words);
        command.stdin(text_file(manifest)?);
        self.answer(command, limit, Some(stop)).map(drop)
    }

    /// What a call prints.
    pub(super) fn ask(
        &self,
        words: &[&str],
        limit: Duration,
        stop: Option<&Stop>,
    ) -> Result<String, RunError> {
        self.answer(self.command(words), limit, stop)
    }

    /// Removes the job of this name and its policy; its pod follows. Does not wait for it. What is not there is no
    /// error.
    pub(super) fn remove(&self, job: &str) -> Result<(), RunError> {
        let selector = format!("--selector={JOB_LABEL}={job}");
        let what = ["delete", "jobs,networkpolicies", &selector, "--ignore-not-found"];
        let how = ["--cascade=background", "--wait=false"];
        self.answer(self.command(&[&what[..], &how].concat()), REMOVAL, None).map(drop)
    }

    /// Follows a call to its end; when its time is over or it is stopped, it is killed.
    pub(super) fn follow(
        &self,
        command: Command,
        limit: Duration,
        max_output_bytes: u64,
        stop: Option<&Stop>,
    ) -> Result<Followed, RunError> {
        let limits = CallLimits { time: limit, max_output_bytes, clock: self.clock };
        follow(command, limits, stop, None).map_err(|error| unavailable(error.told(&self.program)))
    }

    /// What a call printed, if it went well.
    pub(super) fn answer(
        &self,
        command: Command,
        limit: Duration,
        stop: Option<&Stop>,
    ) -> Result<String, RunError> {
        let Followed { status, ended_by, outputs: [stdout, stderr], .. } =
            self.follow(command, limit, MAX_ANSWER_BYTES, stop)?;
        match (ended_by, status) {
            (Some(EndedBy::Cancel), _) => Err(unavailable("the call was cancelled")),
            (None, Some(status)) if status.success() && !stdout.is_truncated() => Ok(stdout.into_text()),
            (None, Some(status)) if status.success() => {
                Err(unavailable("the cluster says more than anybody would read"))
            }
            (None, Some(_)) => Err(why(&stderr.into_text())),
            _ => Err(unavailable(format!("the cluster did not answer in {} ms", limit.as_millis()))),
        }
    }
}

/// Whether something is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CreateKind {
    Make,
    /// The cluster looks at it as if, and makes nothing.
    DryRun,
}

/// A text as the input of a call, of any length.
fn text_file(text: &str) -> Result<File, RunError> {
    use std::io::{Seek as _, Write as _};
    let made = || -> std::io::Result<File> {
        let mut file = tempfile::tempfile()?;
        file.write_all(text.as_bytes())?;
        file.rewind()?;
        Ok(file)
    };
    made().map_err(|error| RunError::new(ErrorCode::RUN_IO, format!("no temporary file: {error}")))
}

pub(super) fn unavailable(message: impl Into<String>) -> RunError {
    RunError::new(ErrorCode::RUN_UNAVAILABLE, message)
}

/// What the cluster says of something that it would never take. Everything else may be another time, or for somebody
/// else.
const MISTAKES: [&str; 5] = [" is invalid:", "(BadRequest)", "(Invalid)", "unknown flag:", "(AlreadyExists)"];

/// The error of a call that failed, by what the client printed.
pub(super) fn why(stderr: &str) -> RunError {
    // It warns, and logs its attempts, before it says what is wrong.
    let is_log = |line: &str| {
        let mut bytes = line.bytes();
        bytes.next().is_some_and(|byte| b"EWIF".contains(&byte))
            && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
    };
    let line = stderr
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("Warning:") && !is_log(line))
        .unwrap_or("the client ended without a word");
    let message: String = line.chars().take(500).collect();
    let is_mistake = MISTAKES.iter().any(|part| stderr.contains(part));
    RunError::new(if is_mistake { ErrorCode::RUN_IO } else { ErrorCode::RUN_UNAVAILABLE }, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_says_first_what_it_is_about() {
        let cluster = KubernetesCluster::new("/usr/bin/kubectl", "checks", Instant::now)
            .with_environment([("TOKEN".to_owned(), "secret".to_owned())]);
        assert_eq!(cluster.about(), ["--namespace=checks"]);
        assert!(!format!("{cluster:?}").contains("secret"));
        let cluster = cluster.with_kubeconfig("/a b/config").with_context("--all");
        assert_eq!(cluster.about(), ["--namespace=checks", "--kubeconfig=/a b/config", "--context=--all"]);
    }

    #[track_caller]
    fn check(stderr: &str, code: ErrorCode, message: &str) {
        let error = why(stderr);
        assert_eq!((error.code, error.message.as_str()), (code, message));
    }

    /// What version 1.32 prints.
    #[test]
    fn what_the_client_says_is_told_apart() {
        check(
            "E1129 13:00:00.000000   42 memcache.go:265] couldn't get current server API group list\n\
             The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?\n",
            ErrorCode::RUN_UNAVAILABLE,
            "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
        );
        check(
            "error: unable to recognize \"STDIN\": Get \"http://localhost:8080/api\": dial tcp: connect: connection refused\n",
            ErrorCode::RUN_UNAVAILABLE,
            "error: unable to recognize \"STDIN\": Get \"http://localhost:8080/api\": dial tcp: connect: connection refused",
        );
        check(
            "error: context \"nosuch\" does not exist\n",
            ErrorCode::RUN_UNAVAILABLE,
            "error: context \"nosuch\" does not exist",
        );
        check(
            "Warning: old\nError from server (Forbidden): jobs.batch is forbidden\n",
            ErrorCode::RUN_UNAVAILABLE,
            "Error from server (Forbidden): jobs.batch is forbidden",
        );
        check(
            "The Job \"a\" is invalid: spec.template.spec.containers[0].image: Required value\n",
            ErrorCode::RUN_IO,
            "The Job \"a\" is invalid: spec.template.spec.containers[0].image: Required value",
        );
        check("", ErrorCode::RUN_UNAVAILABLE, "the client ended without a word");
    }
}
