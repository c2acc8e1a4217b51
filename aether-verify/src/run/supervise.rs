//! Starting the launcher, following it, and ending it when its time is over.
#![cfg_attr(not(test), expect(clippy::disallowed_methods, reason = "behind a permit to run"))]

use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aether_core::base::{Cancel, ErrorCode};
use aether_core::change::{LayerReport, NetworkAccess, RunMode, RunReport, SandboxLayer, SandboxReport};
use aether_core::port::{RunError, RunRequest};
use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::OFlags;
use rustix::io::Errno;

use super::aside::{Stop, aside};
use super::capture::{Capture, read_both};
use super::host::{HostRunner, SandboxKind};
use super::order::{Enter, Job, Order};
use super::reply::Reply;
use super::request::{empty_job, job_of};

/// How often it is looked whether the run was cancelled.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long the launcher may take to end what it started, before it is killed itself.
const GRACE: Duration = Duration::from_secs(5);
/// Longest time until a launcher that got its orders says the first word.
const HAND_OVER: Duration = Duration::from_secs(10);
/// Most bytes of what the launcher has to tell.
const MAX_REPLY_BYTES: usize = 64 * 1024;
/// Longest time of a probe, in milliseconds.
const PROBE_MS: u64 = 10_000;

/// Runs the command of a request. Dropping the future ends it.
pub(super) async fn run(
    runner: &HostRunner,
    request: &RunRequest,
    cancel: &Cancel,
) -> Result<RunReport, RunError> {
    let (runner, request) = (runner.clone(), request.clone());
    aside(cancel, move |stop| run_here(&runner, &request, stop))
        .await
        .unwrap_or_else(|error| Err(io_error("could not follow the command", &error)))
}

/// Puts the sandbox in force and starts nothing in it.
pub(super) fn probe(runner: &HostRunner) -> Result<SandboxReport, RunError> {
    let job = empty_job(runner, NetworkAccess::PrivateLoopback);
    let (dropped, _alive) = io::pipe().map_err(|error| io_error("could not make a pipe", &error))?;
    let stop = Stop { cancel: Cancel::new(), dropped };
    let limits = Limits { start: (runner.clock)(), timeout_ms: PROBE_MS, max_output_bytes: 4096 };
    let outcome = try_kinds(runner, job, &limits, &stop)?;
    if outcome.confined.is_none() {
        return Err(outcome.without_end());
    }
    Ok(outcome.sandbox())
}

/// Limits of one run, from its start.
struct Limits {
    start: Instant,
    timeout_ms: u64,
    max_output_bytes: u64,
}

/// Why a run was ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Ended {
    TimedOut,
    Cancelled,
    Dropped,
}

/// What is known of a run.
struct Outcome {
    layers: Vec<LayerReport>,
    confined: Option<(NetworkAccess, bool)>,
    end: Option<Reply>,
    ended: Option<Ended>,
    outputs: [Capture; 2],
}

fn run_here(runner: &HostRunner, request: &RunRequest, stop: &Stop) -> Result<RunReport, RunError> {
    let start = (runner.clock)();
    let job = job_of(runner, request)?;
    let limits = Limits {
        start,
        timeout_ms: request.limits.timeout_ms,
        max_output_bytes: request.limits.max_output_bytes,
    };
    let outcome = try_kinds(runner, job, &limits, stop)?;
    let mut report = RunReport::new(request.command.clone(), RunMode::HOST, outcome.sandbox());
    match (&outcome.end, outcome.ended) {
        (Some(Reply::Exited(code)), _) => report.exit_code = Some(*code),
        (Some(Reply::Signalled(signal)), _) => report.signal = Some(*signal),
        // It was killed before it could tell.
        (_, Some(_)) => {}
        _ => return Err(outcome.without_end()),
    }
    report.timed_out = outcome.ended == Some(Ended::TimedOut);
    report.cancelled = matches!(outcome.ended, Some(Ended::Cancelled | Ended::Dropped));
    report.truncated = outcome.outputs.iter().any(Capture::is_truncated);
    let [stdout, stderr] = outcome.outputs;
    report.stdout = stdout.into_text();
    report.stderr = stderr.into_text();
    let duration = (runner.clock)().saturating_duration_since(start);
    report.duration_ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

/// Runs the job in the strongest sandbox that may be used and that the system lets be made.
fn try_kinds(runner: &HostRunner, job: Job, limits: &Limits, stop: &Stop) -> Result<Outcome, RunError> {
    let mut why_not = "not asked for".to_owned();
    if runner.kind != SandboxKind::Restricted {
        let mut launcher = vec![runner.launcher.program.clone().into_os_string()];
        launcher.extend(runner.launcher.arguments.iter().cloned());
        let enter = Order::Enter(Enter { launcher, network: job.network });
        let outcome = follow(runner, &[enter, Order::Inside(job.clone())], limits, stop)?;
        match outcome.refusal() {
            Some(message) if runner.kind == SandboxKind::Strongest => message.clone_into(&mut why_not),
            _ => return outcome.or_failure(),
        }
    }
    restricted(runner, job, &why_not, limits, stop)
}

/// Runs the job without namespaces.
fn restricted(
    runner: &HostRunner,
    mut job: Job,
    why_not: &str,
    limits: &Limits,
    stop: &Stop,
) -> Result<Outcome, RunError> {
    // Removed when the run is over.
    let temporary = tempfile::Builder::new()
        .prefix("aether-run-")
        .tempdir_in(&runner.temporary_folder)
        .map_err(|error| io_error("could not make a folder for temporary files", &error))?;
    let folder = temporary.path().to_owned();
    let is_own = |value: &std::ffi::OsString| {
        job.writable.iter().any(|own| std::path::Path::new(value).starts_with(own))
    };
    if !job.environment.iter().any(|(name, value)| name == "TMPDIR" && is_own(value)) {
        job.environment.retain(|(name, _)| name != "TMPDIR");
        job.environment.push(("TMPDIR".into(), folder.clone().into()));
    }
    job.writable.push(folder);
    let network = job.network;
    let mut outcome = follow(runner, &[Order::Restricted(job)], limits, stop)?;
    let missing = |layer, lack: &str| LayerReport::missing(layer, format!("{why_not}{lack}"));
    let mut layers = vec![missing(SandboxLayer::USER_NAMESPACE, "")];
    if network != NetworkAccess::Full {
        layers.push(missing(SandboxLayer::NETWORK_NAMESPACE, "; there is no loopback"));
    }
    layers.push(missing(SandboxLayer::MOUNT_NAMESPACE, "; files that hold secrets can be read"));
    // The launcher tells when processes were left.
    if !outcome.layers.iter().any(|report| report.layer == SandboxLayer::PID_NAMESPACE) {
        let lack =
            "; what was left behind was found by its parents, and the processes of the machine can be seen";
        layers.push(missing(SandboxLayer::PID_NAMESPACE, lack));
    }
    layers.append(&mut outcome.layers);
    outcome.layers = layers;
    outcome.or_failure()
}

impl Outcome {
    /// Why the system did not let this sandbox be made.
    fn refusal(&self) -> Option<&str> {
        match &self.end {
            Some(Reply::Failed { code, message }) if *code == ErrorCode::RUN_UNCONFINED => Some(message),
            _ => None,
        }
    }

    fn or_failure(self) -> Result<Self, RunError> {
        match self.end {
            Some(Reply::Failed { code, mut message }) => {
                let lacks = self.layers.iter().filter(|report| !report.held);
                if code == ErrorCode::RUN_UNCONFINED {
                    for lack in lacks {
                        message.push_str(&format!("; {}: ", lack.layer));
                        message.push_str(lack.reason.as_deref().unwrap_or("missing"));
                    }
                }
                Err(RunError::new(code, message))
            }
            _ => Ok(self),
        }
    }

    fn sandbox(&self) -> SandboxReport {
        // Where nothing was started, nothing could be reached or written.
        let (network, writes_confined) = self.confined.unwrap_or((NetworkAccess::None, true));
        SandboxReport::new(self.layers.clone(), network, writes_confined)
    }

    /// The launcher ended and did not say how the command did.
    fn without_end(self) -> RunError {
        let [_, stderr] = self.outputs;
        let mut message = "the launcher ended without a word about the command".to_owned();
        let text = stderr.into_text();
        if let Some(line) = text.lines().rfind(|line| !line.is_empty()) {
            message.push_str(": ");
            message.extend(line.chars().take(200));
        }
        RunError::new(ErrorCode::RUN_UNAVAILABLE, message)
    }
}

/// Starts the launcher, hands it its orders and follows it to its end.
fn follow(runner: &HostRunner, orders: &[Order], limits: &Limits, stop: &Stop) -> Result<Outcome, RunError> {
    let (mut control, theirs) =
        UnixStream::pair().map_err(|error| io_error("could not make a socket for the launcher", &error))?;
    let launcher = &runner.launcher;
    if !launcher.program.is_absolute() {
        let message = format!("the launcher {} has no absolute path", launcher.program.display());
        return Err(RunError::new(ErrorCode::RUN_UNAVAILABLE, message));
    }
    let child = Command::new(&launcher.program)
        .args(&launcher.arguments)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            let message = format!("could not start the launcher {}: {error}", launcher.program.display());
            RunError::new(ErrorCode::RUN_UNAVAILABLE, message)
        })?;
    let mut started = Started(child);
    let outputs = [started.0.stdout.take().map(OwnedFd::from), started.0.stderr.take().map(OwnedFd::from)];
    for order in orders {
        let sent = control.set_write_timeout(Some(HAND_OVER)).and_then(|()| order.send(&mut control));
        match sent {
            Ok(()) => {}
            // It ended early and may have said why.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
                return Err(RunError::new(ErrorCode::RUN_IO, error.to_string()));
            }
            Err(error) => return Err(io_error("could not tell the launcher what to do", &error)),
        }
    }
    let mut watched = Watched::new(runner.clock, control, outputs, limits)
        .map_err(|error| io_error("could not follow the launcher", &error))?;
    watched.until_the_end(limits, stop).map_err(|error| io_error("could not follow the launcher", &error))?;
    started.wait(runner.clock);
    watched.read_the_rest();
    Ok(watched.outcome)
}

/// A launcher that is killed when it is given up.
struct Started(Child);

impl Started {
    /// Waits until it has ended, and does not let it hang.
    fn wait(&mut self, clock: fn() -> Instant) {
        let start = clock();
        while clock().saturating_duration_since(start) < GRACE {
            if matches!(self.0.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            // Its session is a group of the same number: whatever is still in it goes too.
            let group = rustix::process::Pid::from_child(&self.0);
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

/// The ends of the launcher that the runner holds.
struct Watched {
    clock: fn() -> Instant,
    control: UnixStream,
    /// Bytes of a reply that is not complete.
    pending: Vec<u8>,
    reply_bytes: usize,
    /// The two outputs, while they are open.
    outputs: [Option<OwnedFd>; 2],
    buffer: Vec<u8>,
    outcome: Outcome,
}

impl Watched {
    fn new(
        clock: fn() -> Instant,
        control: UnixStream,
        outputs: [Option<OwnedFd>; 2],
        limits: &Limits,
    ) -> io::Result<Self> {
        control.set_nonblocking(true)?;
        for output in outputs.iter().flatten() {
            rustix::fs::fcntl_setfl(output, rustix::fs::fcntl_getfl(output)? | OFlags::NONBLOCK)?;
        }
        Ok(Self {
            clock,
            control,
            pending: Vec::new(),
            reply_bytes: 0,
            outputs,
            buffer: vec![0; 64 * 1024],
            outcome: Outcome {
                layers: Vec::new(),
                confined: None,
                end: None,
                ended: None,
                outputs: [Capture::new(limits.max_output_bytes), Capture::new(limits.max_output_bytes)],
            },
        })
    }

    /// Follows the launcher until it has closed its side, which its last process does when it ends.
    fn until_the_end(&mut self, limits: &Limits, stop: &Stop) -> io::Result<()> {
        let mut given_up = None;
        let mut alive = true;
        loop {
            let now = (self.clock)();
            if self.outcome.ended.is_none() {
                let passed = now.saturating_duration_since(limits.start);
                self.outcome.ended = if !alive {
                    Some(Ended::Dropped)
                } else if stop.cancel.is_cancelled() {
                    Some(Ended::Cancelled)
                } else if passed >= Duration::from_millis(limits.timeout_ms) {
                    Some(Ended::TimedOut)
                } else {
                    None
                };
                if self.outcome.ended.is_some() {
                    // The launcher sees this and kills the command; what it says then is still heard.
                    self.control.shutdown(std::net::Shutdown::Write)?;
                }
            }
            let outcome = &self.outcome;
            let is_mute = outcome.layers.is_empty() && outcome.end.is_none() && outcome.ended.is_none();
            if is_mute && now.saturating_duration_since(limits.start) >= HAND_OVER {
                // This program is no launcher.
                return self.control.shutdown(std::net::Shutdown::Both);
            }
            // After its last word, too, it has to end.
            if self.outcome.ended.is_some() || self.outcome.end.is_some() {
                let since = *given_up.get_or_insert(now);
                if now.saturating_duration_since(since) >= GRACE {
                    return Ok(());
                }
            }
            let ready = self.wait_for_something(stop, &mut alive)?;
            if ready.output.iter().any(|ready| *ready) {
                self.read_outputs();
            }
            if ready.control && !self.read_control()? {
                return Ok(());
            }
        }
    }

    fn wait_for_something(&self, stop: &Stop, alive: &mut bool) -> io::Result<Ready> {
        let wanted = PollFlags::IN;
        let mut fds = vec![PollFd::new(&self.control, wanted)];
        if *alive {
            fds.push(PollFd::new(&stop.dropped, wanted));
        }
        let first_output = fds.len();
        fds.extend(self.outputs.iter().flatten().map(|output| PollFd::new(output, wanted)));
        let pause = Timespec::try_from(LOOK_EVERY).map_err(|_| io::ErrorKind::InvalidInput)?;
        match rustix::event::poll(&mut fds, Some(&pause)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let is_ready = |fd: &PollFd<'_>| !fd.revents().is_empty();
        if *alive && is_ready(&fds[1]) {
            *alive = false;
        }
        Ok(Ready { control: is_ready(&fds[0]), output: fds[first_output..].iter().map(is_ready).collect() })
    }

    fn read_outputs(&mut self) -> bool {
        read_both(&mut self.outputs, &mut self.outcome.outputs, &mut self.buffer)
    }

    /// Reads what is left in the pipes. All who could write have ended, or will not be waited for.
    fn read_the_rest(&mut self) {
        while self.read_outputs() {}
    }

    /// Reads replies; returns whether there may be more.
    fn read_control(&mut self) -> io::Result<bool> {
        match self.control.read(&mut self.buffer) {
            Ok(0) => return Ok(false),
            Ok(length) => {
                self.reply_bytes += length;
                if self.reply_bytes > MAX_REPLY_BYTES {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "it says too much"));
                }
                self.pending.extend_from_slice(&self.buffer[..length]);
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(false),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
        while let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.pending.drain(..=end).collect();
            match Reply::parse(&String::from_utf8_lossy(&line[..end])) {
                Some(Reply::Layer(report)) => self.outcome.layers.push(report),
                Some(Reply::Confined { network, writes_confined }) => {
                    self.outcome.confined = Some((network, writes_confined));
                }
                // The first word counts: a process that waits for another may fail after it.
                Some(end) => {
                    self.outcome.end.get_or_insert(end);
                }
                None => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "it says what no launcher says"));
                }
            }
        }
        Ok(true)
    }
}

/// Which ends have something.
struct Ready {
    control: bool,
    output: Vec<bool>,
}

fn io_error(what: &str, error: &io::Error) -> RunError {
    RunError::new(ErrorCode::RUN_IO, format!("{what}: {error}"))
}
