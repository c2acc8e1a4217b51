//! The runner that uses jobs of a Kubernetes cluster.

mod answer;
mod archive;
mod client;
mod follow;
mod manifest;
mod script;
mod shape;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aether_core::authority::{Permit, RunCommand};
use aether_core::base::{Cancel, Timestamp};
use aether_core::change::{CommandLine, RunMode, RunReport};
use aether_core::port::{RunError, RunRequest, Runner};
use async_trait::async_trait;

use self::client::CreateKind;
use self::follow::Run;
use self::manifest::DEADLINE_LABEL;
use self::shape::Shape;
use super::allowlist;
use super::owner::{self, Owner, Ownership};
use super::{Stop, aside};

pub use client::KubernetesCluster;

/// How long a cluster may take to say that it is there.
const PING: Duration = Duration::from_secs(10);
/// How long it may take for any other answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs commands as jobs of a Kubernetes cluster, each in a new pod that goes with it.
///
/// A command runs at all only if it is one of [`with_allowed`](Self::with_allowed). The folder of the request is sent
/// to the pod and lies there at its own path; other folders that it may write in are there and empty. It sees the
/// image, read-only, and nothing of this machine. It has no capabilities and can gain none, is not root, and has no
/// account at the cluster. Image and pod need `sh`, `env` and `tar`.
///
/// # What stays in the cluster
///
/// What a command writes goes with its pod and is not brought back: a run tells what it prints and how it ended. So
/// each command of cargo builds everything anew, and one that formats changes nothing here.
///
/// # The network
///
/// A policy that denies all traffic is made for each pod, but whether it holds is a matter of the cluster: many have no
/// part that puts policies in force, and then they take them and do nothing. So a command that may not reach the
/// network is refused (`run.unconfined`) unless [`with_network_policy_enforced`](Self::with_network_policy_enforced)
/// says that they hold, or the request allows it. Every pod has a loopback, so one that may not have that is refused,
/// too.
///
/// # What is left behind
///
/// Nothing, once a run has ended or was cancelled. A job of a process that was killed ends by itself when its time is
/// over, and is removed by the next runner with the same state folder, or by any that comes after its deadline: before
/// its first run, or by [`clean_up`](Self::clean_up).
///
/// # What it does not keep out
///
/// Nodes, their kernels and what else is in the cluster are those of the cluster.
/// `docs/adr/0021-kubernetes-jobs-through-kubectl.md` has the list.
///
/// # Examples
///
/// ```no_run
/// // Not run: it needs a cluster.
/// use std::time::Instant;
///
/// use aether_core::base::{Cancel, Timestamp};
/// use aether_core::change::CommandLine;
/// use aether_core::port::{RunRequest, Runner};
/// use aether_verify::{KubernetesCluster, KubernetesRunner};
///
/// # use aether_core::authority::{Permit, RunCommand};
/// # fn now() -> Timestamp { Timestamp::from_unix_ms(0) }
/// # async fn check(permit: Permit<RunCommand>) -> Result<(), aether_core::port::RunError> {
/// let check = CommandLine::new("cargo", ["check", "--offline"]);
/// let cluster = KubernetesCluster::new("/usr/bin/kubectl", "checks", Instant::now);
/// let image = "docker.io/library/rust:1.95";
/// let runner = KubernetesRunner::new(cluster, image, "/srv/project/.aether/run", now)
///     // This cluster has a network plugin that does it.
///     .with_network_policy_enforced()
///     .with_allowed([check.clone()]);
/// let mut request = RunRequest::new(check, "/srv/scratch");
/// request.environment = vec![("PATH".into(), "/usr/local/cargo/bin:/usr/bin:/bin".into())];
/// let report = runner.run(permit, &request, &Cancel::new()).await?;
/// assert!(report.is_green());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct KubernetesRunner {
    cluster: KubernetesCluster,
    shape: Shape,
    allowed: Vec<CommandLine>,
    start_limit: Duration,
    now: fn() -> Timestamp,
    ownership: Arc<Ownership>,
}

impl KubernetesRunner {
    /// A runner that allows no command yet.
    ///
    /// `state_folder` is made where it is not there. In it lies a file for each process that runs jobs, by which it is
    /// known which of them are left behind. `now` tells the time of day for their deadlines.
    #[must_use]
    pub fn new(
        cluster: KubernetesCluster,
        image: impl Into<String>,
        state_folder: impl Into<PathBuf>,
        now: fn() -> Timestamp,
    ) -> Self {
        Self {
            cluster,
            shape: Shape::new(image.into()),
            allowed: Vec::new(),
            start_limit: Duration::from_secs(120),
            now,
            ownership: Arc::new(Ownership::new(state_folder.into())),
        }
    }

    /// Allows these commands in addition, each exactly as it is: program and all arguments.
    #[must_use]
    pub fn with_allowed(mut self, commands: impl IntoIterator<Item = CommandLine>) -> Self {
        self.allowed.extend(commands);
        self
    }

    /// Says that the cluster puts network policies in force, so that a pod whose policy denies everything reaches
    /// nothing. Reports then say that it does. Default: it is not known.
    #[must_use]
    pub fn with_network_policy_enforced(mut self) -> Self {
        self.shape.enforces_policies = true;
        self
    }

    /// Gives commands these variables as the image sets them, besides what a request says. Default: none; the cluster
    /// tells nobody what an image sets.
    #[must_use]
    pub fn with_variables_of_image(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.shape.of_image.extend(names.into_iter().map(Into::into));
        self
    }

    /// Runs commands as this user and group, neither of which is root. Default 65,534 each.
    #[must_use]
    pub fn with_user(mut self, user: u32, group: u32) -> Self {
        (self.shape.user, self.shape.group) = (user, group);
        self
    }

    /// Limits the memory of all processes of a command to this many bytes. Default 8 GiB.
    #[must_use]
    pub fn with_max_memory_bytes(mut self, bytes: u64) -> Self {
        self.shape.max_memory_bytes = bytes;
        self
    }

    /// Lets the private `/tmp` of a command grow to this many bytes. Default 2 GiB.
    #[must_use]
    pub fn with_temporary_bytes(mut self, bytes: u64) -> Self {
        self.shape.temporary_bytes = bytes;
        self
    }

    /// Sends folders of up to this many bytes. Default 512 MiB.
    #[must_use]
    pub fn with_max_sent_bytes(mut self, bytes: u64) -> Self {
        self.shape.max_sent_bytes = bytes;
        self
    }

    /// Gives a pod this long, in milliseconds, to be scheduled, to have its image, and to take in the files. Default
    /// 120,000.
    #[must_use]
    pub fn with_start_timeout_ms(mut self, timeout_ms: u64) -> Self {
        self.start_limit = Duration::from_millis(timeout_ms);
        self
    }

    /// Removes the jobs that processes left behind which used the same state folder and are no more, and all that are
    /// past their deadline. Returns their names.
    ///
    /// # Errors
    ///
    /// `run.unavailable` where the cluster is not there, `run.io`.
    pub async fn clean_up(&self) -> Result<Vec<String>, RunError> {
        let owner = self.ownership.owner()?;
        let now_s = (self.now)().unix_ms().div_euclid(1000);
        let removed =
            self.aside(&Cancel::new(), move |runner, stop| runner.clean_up_here(&owner, now_s, stop)).await?;
        self.ownership.cleaned_up();
        Ok(removed)
    }

    fn clean_up_here(&self, owner: &Owner, now_s: i64, stop: &Stop) -> Result<Vec<String>, RunError> {
        let selector = format!("--selector={}", owner::OWNER_LABEL);
        let listed = self.cluster.ask(&["get", "jobs", &selector, "--output=json"], PATIENCE, Some(stop))?;
        let mut removed = Vec::new();
        for (name, labels) in answer::made(&listed)? {
            let label = |name: &str| labels.get(name).map(String::as_str);
            // The name of a job is in lower case; that of its owner need not be.
            let its_owner = label(owner::OWNER_LABEL);
            let with_case = its_owner.and_then(|it| Some(format!("{it}{}", name.get(it.len()..)?)));
            let is_ours = label(owner::STATE_LABEL) == Some(&shape::state_label(owner))
                && label(manifest::JOB_LABEL) == Some(&name);
            let left_behind = match (is_ours, with_case) {
                (true, Some(with_case)) => owner.left_behind(&with_case, its_owner),
                _ => None,
            };
            let deadline: Option<i64> = label(DEADLINE_LABEL).and_then(|text| text.parse().ok());
            let is_over = deadline.is_some_and(|deadline| deadline < now_s)
                && label(manifest::JOB_LABEL) == Some(&name)
                && its_owner != Some(owner.name());
            if left_behind.is_none() && !is_over {
                continue;
            }
            // The lock is held until the job is gone, so that the file that stands for its owner is removed last.
            self.cluster.remove(&name)?;
            removed.push(name);
        }
        Ok(removed)
    }

    /// The body of `run`: whoever calls it has shown that the command may run.
    async fn execute(&self, request: &RunRequest, cancel: &Cancel) -> Result<RunReport, RunError> {
        self.shape.check(request)?;
        let owner = self.ownership.owner()?;
        if !self.ownership.has_cleaned_up() {
            // What cannot be removed now is tried again before the next run; this one does not depend on it.
            let _ = self.clean_up().await;
        }
        let number = self.ownership.next_number();
        let mut job =
            self.shape.job(request, owner.container_name(number).to_ascii_lowercase(), self.start_limit)?;
        let now_s = (self.now)().unix_ms().div_euclid(1000);
        let over_s = now_s.saturating_add(i64::try_from(job.deadline_s).unwrap_or(i64::MAX));
        job.labels = shape::labels(&owner, over_s);
        let run = Run::new(job, request, &self.shape, self.start_limit)?;
        let (ended, request) = self
            .aside(cancel, {
                let request = request.clone();
                move |runner, stop| Ok((run.follow(&runner.cluster, stop)?, request))
            })
            .await?;
        Ok(self.shape.report(&request, &ended))
    }

    /// Does something on a thread of its own.
    async fn aside<T: Send + 'static>(
        &self,
        cancel: &Cancel,
        work: impl FnOnce(&Self, &Stop) -> Result<T, RunError> + Send + 'static,
    ) -> Result<T, RunError> {
        let runner = self.clone();
        aside(cancel, move |stop| work(&runner, stop))
            .await
            .unwrap_or_else(|error| Err(client::unavailable(format!("could not follow the client: {error}"))))
    }
}

#[async_trait]
impl Runner for KubernetesRunner {
    fn mode(&self) -> RunMode {
        RunMode::KUBERNETES
    }

    /// Asks the cluster whether it would make a job.
    async fn ready(&self) -> Result<(), RunError> {
        let probe = RunRequest::new(CommandLine::new("true", [] as [&str; 0]), "/work");
        let name = format!("{}probe", owner::PREFIX);
        let manifest = self.shape.job(&probe, name, self.start_limit)?.manifest()?.to_string();
        self.aside(&Cancel::new(), move |runner, stop| {
            runner.cluster.create(&manifest, CreateKind::DryRun, PING, stop)
        })
        .await
    }

    async fn run(
        &self,
        permit: Permit<RunCommand>,
        request: &RunRequest,
        cancel: &Cancel,
    ) -> Result<RunReport, RunError> {
        allowlist::check(permit, &request.command, &self.allowed)?;
        self.execute(request, cancel).await
    }
}
