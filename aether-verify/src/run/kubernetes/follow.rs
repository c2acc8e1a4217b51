//! One run from its job to its end.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use aether_core::base::ErrorCode;
use aether_core::change::RunLimits;
use aether_core::port::{RunError, RunRequest};

use super::PATIENCE;
use super::answer::{self, PodState, Stage};
use super::archive::Archive;
use super::client::{CreateKind, KubernetesCluster, unavailable, why};
use super::manifest::{CODE, COMMAND, JOB_LABEL, Job, READY, RECEIVE, RUN, SENT};
use super::script::script_of;
use super::shape::Shape;
use crate::container::{ContainerEnd, EndedBy};
use crate::run::{Capture, Stop};

/// How often it is asked how far a pod is.
const ASK_EVERY: Duration = Duration::from_millis(250);
/// How long a pod may take to be told as one that has ended, when its first process was told to.
const SOON: Duration = Duration::from_secs(5);
/// How long a cluster may take to end a pod that was removed.
const END: Duration = Duration::from_secs(90);
/// The code of a process that was killed.
const KILLED: i32 = 128 + 9;
/// Codes with which `env` says that it could not start the command.
const NOT_STARTED: [i32; 2] = [126, 127];
/// Where a node counts the processes that the limit of memory ended, in cgroups of either version.
const COUNTS: &str = "/sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events";

/// What came of a job.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Ended {
    pub(super) end: ContainerEnd,
    /// What of the confinement the cluster left out of the pod.
    pub(super) lacks: Vec<&'static str>,
    pub(super) filters_calls: bool,
}

/// A run that is about to begin.
pub(super) struct Run {
    job: Job,
    manifest: String,
    program: String,
    script: String,
    folder: std::path::PathBuf,
    limits: RunLimits,
    max_sent_bytes: u64,
    start_limit: Duration,
    allow_unconfined: bool,
}

impl Run {
    pub(super) fn new(
        job: Job,
        request: &RunRequest,
        shape: &Shape,
        start_limit: Duration,
    ) -> Result<Self, RunError> {
        Ok(Self {
            manifest: job.manifest()?.to_string(),
            program: request.command.program.clone(),
            script: script_of(request, &shape.of_image)?,
            folder: request.folder.clone(),
            limits: request.limits,
            allow_unconfined: request.allow_unconfined,
            job,
            max_sent_bytes: shape.max_sent_bytes,
            start_limit,
        })
    }

    /// Makes the job, follows it to its end and removes it.
    pub(super) fn follow(&self, cluster: &KubernetesCluster, stop: &Stop) -> Result<Ended, RunError> {
        if stop.is_set() {
            return Ok(never());
        }
        let files = self.files()?;
        let begun = cluster
            .create(&self.manifest, CreateKind::Make, PATIENCE, stop)
            .and_then(|()| self.begin(cluster, files, stop));
        let pod = match begun {
            Ok(pod) => pod,
            Err(error) => {
                if !error.message.contains("(AlreadyExists)") {
                    // That the cluster has gone is told already, if it has.
                    let _ = cluster.remove(&self.job.name);
                }
                return if stop.is_set() { Ok(never()) } else { Err(error) };
            }
        };
        let end = self.run(cluster, &pod, stop);
        // What could not be ended may go on: then there is no report.
        self.end(cluster, &pod)?;
        Ok(Ended { end: end?, lacks: pod.lacks, filters_calls: pod.filters_calls })
    }

    /// All that is sent.
    fn files(&self) -> Result<File, RunError> {
        let packed = || {
            let mut archive = Archive::new(self.max_sent_bytes)?;
            archive.add_below(&self.folder)?;
            archive.add_text(Path::new(COMMAND), &self.script)?;
            archive.add_text(Path::new(SENT), "")?;
            archive.into_file()
        };
        packed().map_err(|error: std::io::Error| {
            let message = format!("{} could not be packed: {error}", self.folder.display());
            RunError::new(ErrorCode::RUN_IO, message)
        })
    }

    /// Waits for the pod and sends it the files, until the command can be run in it.
    fn begin(&self, cluster: &KubernetesCluster, files: File, stop: &Stop) -> Result<PodState, RunError> {
        let begun = (cluster.clock)();
        let pod = self.wait(cluster, begun, stop, |stage| matches!(stage, Stage::Receiving))?;
        let container = format!("--container={RECEIVE}");
        // A stream that broke off may look whole to the one who unpacks it.
        let unpack = format!("tar -xof - -C / && test -e {SENT}");
        let mut send =
            cluster.command(&["exec", &pod.name, &container, "--stdin", "--", "sh", "-c", &unpack]);
        send.stdin(files);
        cluster.answer(send, self.left(cluster, begun), Some(stop)).map_err(|error| {
            RunError::new(error.code, format!("the files could not be sent: {}", error.message))
        })?;
        // It may be ended by what it makes happen; whether that happens is seen next.
        let go_on = format!(": >{READY}");
        let _ = cluster.ask(&["exec", &pod.name, &container, "--", "sh", "-c", &go_on], PATIENCE, Some(stop));
        let pod = self.wait(cluster, begun, stop, |stage| matches!(stage, Stage::Running))?;
        if !pod.lacks.is_empty() && !self.allow_unconfined {
            let message = format!("the cluster changed the pod: {}", pod.lacks.join("; "));
            return Err(RunError::new(ErrorCode::RUN_UNCONFINED, message));
        }
        Ok(pod)
    }

    /// Runs the command in its pod.
    fn run(
        &self,
        cluster: &KubernetesCluster,
        pod: &PodState,
        stop: &Stop,
    ) -> Result<ContainerEnd, RunError> {
        let container = format!("--container={RUN}");
        let call = cluster.command(&["exec", &pod.name, &container, "--", "sh", COMMAND]);
        let limit = Duration::from_millis(self.limits.timeout_ms);
        let followed = cluster.follow(call, limit, self.limits.max_output_bytes, Some(stop))?;
        let is_truncated = followed.outputs.iter().any(Capture::is_truncated);
        let [stdout, stderr] = followed.outputs.map(Capture::into_text);
        let mut end =
            ContainerEnd { stdout, stderr, is_truncated, duration: followed.duration, ..Default::default() };
        if followed.ended_by.is_some() {
            // It is killed with its pod.
            return Ok(ContainerEnd { code: Some(KILLED), ended_by: followed.ended_by, ..end });
        }
        let is_whole = followed.status.is_some_and(|status| status.success());
        let told = format!("cat {CODE} && cat {COUNTS} 2>/dev/null; true");
        let told = ["exec", &pod.name, &container, "--", "sh", "-c", &told];
        let told = match is_whole {
            true => cluster.ask(&told, PATIENCE, Some(stop)).and_then(|text| answer::ended(&text)),
            // The last line is the client's: the connection, or the pod, has gone.
            false => Err(why(end.stderr.lines().next_back().unwrap_or_default())),
        };
        match told {
            Ok((code, is_out_of_memory)) => {
                if let Some(message) = not_found(&self.program, code, &end) {
                    return Err(RunError::new(ErrorCode::RUN_NOT_FOUND, message));
                }
                Ok(ContainerEnd { code: Some(code), is_out_of_memory, ..end })
            }
            Err(error) => match self.look(cluster, Some(stop))?.map(|pod| pod.stage) {
                Some(Stage::OutOfMemory) => {
                    Ok(ContainerEnd { code: Some(KILLED), is_out_of_memory: true, ..end })
                }
                Some(Stage::Lost(reason)) => Err(unavailable(format!("the pod was lost: {reason}"))),
                // The command ended the shell that waited for it, and the client says how that ended.
                Some(Stage::Running) if !is_whole && ended_with(&end.stderr).is_some() => {
                    let (rest, code) = ended_with(&end.stderr).unwrap_or_default();
                    end.stderr = rest.to_owned();
                    Ok(ContainerEnd { code: Some(code), ..end })
                }
                _ => Err(unavailable(format!("the run was lost: {}", error.message))),
            },
        }
    }

    /// Ends the pod and removes the job. It returns when nothing of it runs; that the cluster has forgotten it may take
    /// longer.
    fn end(&self, cluster: &KubernetesCluster, pod: &PodState) -> Result<(), RunError> {
        let container = format!("--container={RUN}");
        // The processes of a container end with its first one. Where that does not work, the removal ends it.
        let first = ["exec", &pod.name, &container, "--", "sh", "-c", "kill -TERM 1"];
        let _ = cluster.ask(&first, PATIENCE, None);
        // A pod that has ended before it is removed is told as such much sooner than one that ends because it is.
        let has_ended = self.ends_within(cluster, SOON).unwrap_or(false);
        cluster.remove(&self.job.name)?;
        if has_ended || self.ends_within(cluster, END)? {
            return Ok(());
        }
        Err(unavailable(format!("the pod did not end in {} ms", END.as_millis())))
    }

    /// Whether nothing of the pod runs any more, within a time.
    fn ends_within(&self, cluster: &KubernetesCluster, time: Duration) -> Result<bool, RunError> {
        let begun = (cluster.clock)();
        loop {
            match self.look(cluster, None)?.map(|pod| pod.stage) {
                None | Some(Stage::Lost(_) | Stage::OutOfMemory) => return Ok(true),
                Some(Stage::Waiting(_) | Stage::Receiving | Stage::Running) => {}
            }
            if (cluster.clock)().saturating_duration_since(begun) >= time {
                return Ok(false);
            }
            std::thread::sleep(ASK_EVERY);
        }
    }

    /// Waits until the pod is so far.
    fn wait(
        &self,
        cluster: &KubernetesCluster,
        begun: Instant,
        stop: &Stop,
        is_wanted: impl Fn(&Stage) -> bool,
    ) -> Result<PodState, RunError> {
        loop {
            let pod = self.look(cluster, Some(stop))?;
            let waits_for = match pod {
                Some(pod) if is_wanted(&pod.stage) => return Ok(pod),
                Some(PodState { stage: Stage::Lost(reason), .. }) => {
                    return Err(unavailable(format!("the pod cannot run: {reason}")));
                }
                Some(PodState { stage: Stage::OutOfMemory, .. }) => {
                    return Err(unavailable("the pod cannot run: its memory is not enough for it to begin"));
                }
                Some(PodState { stage: Stage::Waiting(reason), .. }) => reason,
                Some(_) => None,
                None => Some("the cluster has made no pod yet".to_owned()),
            };
            if self.left(cluster, begun).is_zero() {
                let why = waits_for.map(|reason| format!(": {reason}")).unwrap_or_default();
                let limit = self.start_limit.as_millis();
                return Err(unavailable(format!("the pod did not begin in {limit} ms{why}")));
            }
            stop.wait(ASK_EVERY);
            if stop.is_set() {
                return Err(unavailable("the run was cancelled"));
            }
        }
    }

    fn left(&self, cluster: &KubernetesCluster, begun: Instant) -> Duration {
        self.start_limit.saturating_sub((cluster.clock)().saturating_duration_since(begun))
    }

    fn look(&self, cluster: &KubernetesCluster, stop: Option<&Stop>) -> Result<Option<PodState>, RunError> {
        let selector = format!("--selector={JOB_LABEL}={}", self.job.name);
        let listed = cluster.ask(&["get", "pods", &selector, "--output=json"], PATIENCE, stop)?;
        Ok(answer::pods(&listed)?.pop())
    }
}

/// A run that was cancelled before it began.
fn never() -> Ended {
    Ended {
        end: ContainerEnd { ended_by: Some(EndedBy::Cancel), ..ContainerEnd::default() },
        ..Ended::default()
    }
}

/// What comes before the last line of the client, and the code that it says there, which is none of success. Whatever a
/// command writes, a connection that breaks has its own line after it.
fn ended_with(stderr: &str) -> Option<(&str, i32)> {
    let line = stderr.lines().next_back()?;
    let code =
        line.strip_prefix("command terminated with exit code ")?.parse().ok().filter(|code| *code != 0)?;
    Some((stderr.strip_suffix('\n').unwrap_or(stderr).strip_suffix(line)?, code))
}

/// What `env` says when it cannot start the command, which is all that is written then.
fn not_found(program: &str, code: i32, end: &ContainerEnd) -> Option<String> {
    let said = end.stderr.strip_prefix("env: ")?.trim_end();
    let is_it = NOT_STARTED.contains(&code) && said.contains(program) && !said.contains('\n');
    (is_it && end.stdout.is_empty()).then(|| format!("{program}: {said}"))
}
