//! Docker, through its client.

mod answer;
mod arguments;
mod client;
mod filter;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use aether_core::base::Cancel;
use aether_core::change::RunLimits;
use async_trait::async_trait;

use self::answer::{AS_JSON, State};
use self::arguments::{Purpose, check_image, check_name, create};
use self::client::{Client, why};
use super::engine::{
    Container, ContainerEnd, ContainerEngine, ContainerImage, EndedBy, EngineError, EngineErrorKind,
    EngineFacts,
};
use super::spec::ContainerSpec;
use crate::run::{Followed, Stop, aside};

/// How long an engine may take to say that it is there.
const PING: Duration = Duration::from_secs(3);
/// How long it may take for anything else but a run.
const PATIENCE: Duration = Duration::from_secs(60);
/// Codes of the first process of a container that could not start the command.
const COMMAND_NOT_FOUND: i32 = 127;
const COMMAND_NOT_RUN: i32 = 126;

/// An engine of Docker on this machine, talked to through the program `docker`.
///
/// Neither the environment nor any configuration of the user reaches that program, so that it is this engine that it
/// talks to and nothing is set in containers that nobody asked for. Versions 20.10 and later of engine and program.
///
/// # Examples
///
/// ```
/// use std::time::Instant;
///
/// use aether_verify::{ContainerEngine, DockerEngine, EngineErrorKind};
///
/// let engine = DockerEngine::new("/usr/bin/docker", "/nowhere/docker.sock", Instant::now);
/// let error = futures::executor::block_on(engine.facts()).unwrap_err();
/// assert_eq!(error.kind(), EngineErrorKind::Unavailable);
/// ```
#[derive(Clone, Debug)]
pub struct DockerEngine {
    client: Client,
    /// Version of the client, once it has said it.
    major: Arc<OnceLock<u32>>,
}

impl DockerEngine {
    /// An engine by the absolute path of the client and that of the socket on which the engine listens. `clock` tells
    /// the time for limits, as `Instant::now` does.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, socket: impl Into<PathBuf>, clock: fn() -> Instant) -> Self {
        let client = Client { program: program.into(), socket: socket.into(), clock };
        Self { client, major: Arc::new(OnceLock::new()) }
    }

    /// Does something on a thread of its own.
    async fn aside<T: Send + 'static>(
        &self,
        cancel: &Cancel,
        work: impl FnOnce(&Self, &Stop) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let engine = self.clone();
        aside(cancel, move |stop| work(&engine, stop)).await.unwrap_or_else(|error| {
            let message = format!("could not follow the client: {error}");
            Err(EngineError::new(EngineErrorKind::Unavailable, message))
        })
    }

    fn major(&self, stop: &Stop) -> Result<u32, EngineError> {
        if let Some(major) = self.major.get() {
            return Ok(*major);
        }
        let text = self.client.ask(["--version"], PING, Some(stop))?;
        let major = text
            .split_whitespace()
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
            .and_then(|version| version.split('.').next()?.parse().ok())
            .ok_or_else(|| {
                let message = format!("{} is no client of Docker", self.client.program.display());
                EngineError::new(EngineErrorKind::Unavailable, message)
            })?;
        Ok(*self.major.get_or_init(|| major))
    }

    fn create(&self, spec: &ContainerSpec, purpose: Purpose, stop: &Stop) -> Result<(), EngineError> {
        let command = self.client.command_with(&create(spec, purpose, self.major(stop)?)?)?;
        let created = self.client.answer(command, PATIENCE, Some(stop));
        match created {
            Ok(_) => Ok(()),
            // It is somebody else's.
            Err(error) if error.kind() == EngineErrorKind::NameTaken => Err(error),
            Err(error) => {
                // The engine may have made it after the client was given up.
                let _ = self.remove_here(&spec.name);
                Err(error)
            }
        }
    }

    fn remove_here(&self, name: &str) -> Result<(), EngineError> {
        check_name(name)?;
        let removed =
            self.client.ask(["container", "rm", "--force", "--volumes", name], PATIENCE, None).map(drop);
        match removed {
            Err(error) if error.to_string().contains("No such container") => Ok(()),
            // Somebody else does it at the same time.
            Err(error) if error.to_string().contains("already in progress") => Ok(()),
            removed => removed,
        }
    }

    fn state(&self, name: &str) -> Result<State, EngineError> {
        answer::state(&self.client.ask(["container", "inspect", AS_JSON, name], PATIENCE, None)?)
    }

    fn run_here(
        &self,
        spec: &ContainerSpec,
        limits: &RunLimits,
        stop: &Stop,
    ) -> Result<ContainerEnd, EngineError> {
        let never = || ContainerEnd { ended_by: Some(EndedBy::Cancel), ..ContainerEnd::default() };
        if stop.is_set() {
            return Ok(never());
        }
        match self.create(spec, Purpose::Run, stop) {
            Ok(()) => {}
            Err(_) if stop.is_set() => return Ok(never()),
            Err(error) => return Err(error),
        }
        let end = self.follow(spec, limits, stop);
        // What could not be removed may go on: then there is no report.
        self.remove_here(&spec.name)?;
        end
    }

    /// Starts the container that was made and follows it.
    fn follow(
        &self,
        spec: &ContainerSpec,
        limits: &RunLimits,
        stop: &Stop,
    ) -> Result<ContainerEnd, EngineError> {
        let start = ["container", "start", "--attach", &spec.name].map(Into::into);
        let kill = ["container", "kill", &spec.name].map(Into::into);
        let followed = self.client.follow(
            self.client.command(&start, &[]),
            Duration::from_millis(limits.timeout_ms),
            limits.max_output_bytes,
            Some(stop),
            Some(&kill),
        )?;
        let state = self.state(&spec.name)?;
        let Followed { ended_by, outputs, duration, .. } = followed;
        let is_truncated = outputs.iter().any(|output| output.is_truncated());
        let [stdout, stderr] = outputs.map(crate::run::Capture::into_text);
        if state.status == "created" {
            if ended_by.is_some() {
                // It was killed before it began.
                return Ok(ContainerEnd { ended_by, duration, ..ContainerEnd::default() });
            }
            return Err(match state.error.as_str() {
                "" => why(&stderr),
                error => EngineError::new(EngineErrorKind::Refused, error),
            });
        }
        if state.running && ended_by.is_none() {
            return Err(why(&stderr));
        }
        let program = spec.command.as_ref().map(|command| command.program.as_str());
        if let Some(message) = program.and_then(|program| not_found(program, &state, &stdout, &stderr)) {
            return Err(EngineError::new(EngineErrorKind::ProgramNotFound, message));
        }
        let code = (!state.running).then_some(state.exit_code);
        let is_out_of_memory = state.is_out_of_memory;
        Ok(ContainerEnd { code, ended_by, is_out_of_memory, stdout, stderr, is_truncated, duration })
    }

    fn start_here(&self, spec: &ContainerSpec, stop: &Stop) -> Result<(), EngineError> {
        self.create(spec, Purpose::Service, stop)?;
        let started = self.client.ask(["container", "start", &spec.name], PATIENCE, Some(stop)).map(drop);
        if started.is_err() {
            self.remove_here(&spec.name)?;
        }
        started
    }

    fn containers_here(&self, name: &str, value: &str, stop: &Stop) -> Result<Vec<Container>, EngineError> {
        let filter = format!("--filter=label={name}={value}");
        let ids = self.client.ask(
            ["container", "ls", "--all", "--quiet", "--no-trunc", &filter],
            PATIENCE,
            Some(stop),
        )?;
        let ids: Vec<&str> = ids.split_whitespace().collect();
        let mut found = Vec::new();
        // As many as a command line surely takes.
        for some in ids.chunks(200) {
            found.append(&mut self.inspect(some, stop)?);
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    fn inspect(&self, ids: &[&str], stop: &Stop) -> Result<Vec<Container>, EngineError> {
        let words = ["container", "inspect", AS_JSON].iter().chain(ids);
        match self.client.ask(words.copied(), PATIENCE, Some(stop)) {
            Ok(lines) => answer::containers(&lines),
            // One of them was removed in between: each on its own, and none where it is gone.
            Err(error) if error.to_string().contains("No such container") && ids.len() > 1 => {
                ids.iter().try_fold(Vec::new(), |mut all, id| {
                    all.append(&mut self.inspect(&[id], stop)?);
                    Ok(all)
                })
            }
            Err(error) if error.to_string().contains("No such container") => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

/// What the first process of a container says when it cannot start the command, which is all that is written then.
fn not_found(program: &str, state: &State, stdout: &str, stderr: &str) -> Option<String> {
    let is_code = [COMMAND_NOT_FOUND, COMMAND_NOT_RUN].contains(&state.exit_code);
    let said = stderr.strip_prefix("[FATAL tini (")?.split_once(")] exec ")?.1;
    let reason = said.strip_prefix(program)?.strip_prefix(" failed: ")?.trim_end();
    (is_code && stdout.is_empty() && !reason.contains('\n')).then(|| format!("{program}: {reason}"))
}

#[async_trait]
impl ContainerEngine for DockerEngine {
    async fn facts(&self) -> Result<EngineFacts, EngineError> {
        self.aside(&Cancel::new(), |engine, stop| {
            let mut facts = answer::facts(&engine.client.ask(["info", AS_JSON], PING, Some(stop))?)?;
            facts.sockets.push(engine.client.socket.clone());
            Ok(facts)
        })
        .await
    }

    async fn image(&self, name: &str) -> Result<Option<ContainerImage>, EngineError> {
        check_image(name)?;
        let name = name.to_owned();
        self.aside(&Cancel::new(), move |engine, stop| {
            match engine.client.ask(["image", "inspect", AS_JSON, &name], PATIENCE, Some(stop)) {
                Ok(json) => answer::image(&json).map(Some),
                Err(error) if error.kind() == EngineErrorKind::NoImage => Ok(None),
                Err(error) => Err(error),
            }
        })
        .await
    }

    async fn run(
        &self,
        spec: &ContainerSpec,
        limits: &RunLimits,
        cancel: &Cancel,
    ) -> Result<ContainerEnd, EngineError> {
        let (spec, limits) = (spec.clone(), *limits);
        self.aside(cancel, move |engine, stop| engine.run_here(&spec, &limits, stop)).await
    }

    async fn start(&self, spec: &ContainerSpec) -> Result<(), EngineError> {
        let spec = spec.clone();
        self.aside(&Cancel::new(), move |engine, stop| engine.start_here(&spec, stop)).await
    }

    async fn containers(&self, name: &str, value: &str) -> Result<Vec<Container>, EngineError> {
        let (name, value) = (name.to_owned(), value.to_owned());
        self.aside(&Cancel::new(), move |engine, stop| engine.containers_here(&name, &value, stop)).await
    }

    async fn remove(&self, name: &str) -> Result<(), EngineError> {
        let name = name.to_owned();
        self.aside(&Cancel::new(), move |engine, _| engine.remove_here(&name)).await
    }
}
