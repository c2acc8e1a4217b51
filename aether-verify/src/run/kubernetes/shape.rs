//! What the job of a request is like, and what its end means for the report.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use aether_core::base::ErrorCode;
use aether_core::change::{LayerReport, NetworkAccess, RunMode, RunReport, SandboxLayer, SandboxReport};
use aether_core::port::{RunError, RunRequest};

use super::super::container::shape::tell;
use super::super::owner::{OWNER_LABEL, Owner, STATE_LABEL};
use super::super::sight::{check_environment, real_folder, writable_folders};
use super::follow::Ended;
use super::manifest::{DEADLINE_LABEL, Job};

/// How much longer a job may be there than its parts may take, in seconds: for removing it, and for clocks.
const SPARE_S: u64 = 120;
/// Most characters of a label.
const MAX_LABEL: usize = 63;

/// What all jobs of a runner have in common.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) image: String,
    pub(super) user: u32,
    pub(super) group: u32,
    pub(super) max_memory_bytes: u64,
    pub(super) temporary_bytes: u64,
    pub(super) max_sent_bytes: u64,
    pub(super) enforces_policies: bool,
    /// Variables that the image sets for commands.
    pub(super) of_image: Vec<String>,
}

impl Shape {
    pub(super) fn new(image: String) -> Self {
        Self {
            image,
            user: 65_534,
            group: 65_534,
            max_memory_bytes: 8 << 30,
            temporary_bytes: 2 << 30,
            max_sent_bytes: 512 << 20,
            enforces_policies: false,
            of_image: Vec::new(),
        }
    }

    /// Looks at this machine, and whether the command can be held back as its request asks.
    pub(super) fn check(&self, request: &RunRequest) -> Result<(), RunError> {
        real_folder(&request.folder)?;
        writable_folders(request)?;
        check_environment(request)?;
        let lack = match request.network {
            NetworkAccess::Full => None,
            NetworkAccess::PrivateLoopback => (!self.enforces_policies)
                .then_some("it is not known whether the cluster puts network policies in force"),
            _ => Some("a pod has a loopback in any case"),
        };
        match lack {
            Some(lack) if !request.allow_unconfined => Err(RunError::new(
                ErrorCode::RUN_UNCONFINED,
                format!("{lack}, so the network cannot be held back"),
            )),
            _ => Ok(()),
        }
    }

    /// The job of a request, without labels. It depends on nothing but its arguments.
    pub(super) fn job(
        &self,
        request: &RunRequest,
        name: String,
        start_limit: Duration,
    ) -> Result<Job, RunError> {
        if self.user == 0 || self.group == 0 {
            return Err(RunError::new(ErrorCode::RUN_IO, "commands in a cluster are not run as root"));
        }
        if self.image.trim().is_empty() {
            return Err(RunError::new(ErrorCode::RUN_IO, "there is no image to run commands in"));
        }
        let is_writable = |path: &PathBuf| request.writable.iter().any(|folder| path.starts_with(folder));
        let mut folders = BTreeMap::new();
        for path in [&request.folder].into_iter().chain(&request.writable) {
            folders.insert(path.clone(), is_writable(path));
        }
        // One that lies in another and may be written in as much is a part of it.
        let all = folders.clone();
        folders.retain(|path, writable| {
            !all.iter().any(|(other, also)| other != path && path.starts_with(other) && also == writable)
        });
        let limits = Duration::from_millis(request.limits.timeout_ms).saturating_add(start_limit);
        Ok(Job {
            name,
            labels: BTreeMap::new(),
            image: self.image.clone(),
            folder: request.folder.clone(),
            folders,
            user: self.user,
            group: self.group,
            max_memory_bytes: self.max_memory_bytes,
            temporary_bytes: self.temporary_bytes,
            deadline_s: limits.as_secs().saturating_add(SPARE_S),
            has_network: request.network == NetworkAccess::Full,
        })
    }

    /// The report of a command that ended so.
    pub(super) fn report(&self, request: &RunRequest, ended: &Ended) -> RunReport {
        let mut report =
            RunReport::new(request.command.clone(), RunMode::KUBERNETES, self.sandbox(request, ended));
        tell(&mut report, &ended.end, self.max_memory_bytes);
        report
    }

    /// What held a command back, as far as it is known: what the cluster has of the pod, and what the configuration
    /// says of the cluster.
    fn sandbox(&self, request: &RunRequest, ended: &Ended) -> SandboxReport {
        let mut layers = vec![match ended.lacks.is_empty() {
            true => LayerReport::held(SandboxLayer::CONTAINER),
            false => LayerReport::missing(SandboxLayer::CONTAINER, ended.lacks.join("; ")),
        }];
        let network = match request.network {
            NetworkAccess::Full => NetworkAccess::Full,
            _ if self.enforces_policies => {
                let mut policy = LayerReport::held(SandboxLayer::NETWORK_POLICY);
                policy.reason =
                    Some("the configuration says that the cluster puts policies in force".to_owned());
                layers.push(policy);
                NetworkAccess::PrivateLoopback
            }
            _ => {
                let lack = "a policy was made, but it is not known whether the cluster puts it in force";
                layers.push(LayerReport::missing(SandboxLayer::NETWORK_POLICY, lack));
                NetworkAccess::Full
            }
        };
        if ended.lacks.is_empty() {
            layers.push(LayerReport::held(SandboxLayer::MOUNT_NAMESPACE));
            layers.push(LayerReport::held(SandboxLayer::PID_NAMESPACE));
        }
        let filter = match ended.filters_calls {
            true => "the filter of the runtime of the node keeps no command from sockets",
            false => "the cluster filters no system calls",
        };
        layers.push(LayerReport::missing(SandboxLayer::SECCOMP_SOCKETS, filter));
        SandboxReport::new(layers, network, ended.lacks.is_empty())
    }
}

/// The labels of a job: whose it is, and when it is over at the latest.
pub(super) fn labels(owner: &Owner, over_s: i64) -> BTreeMap<String, String> {
    BTreeMap::from([
        (STATE_LABEL.to_owned(), state_label(owner)),
        (OWNER_LABEL.to_owned(), owner.name().to_owned()),
        (DEADLINE_LABEL.to_owned(), over_s.max(0).to_string()),
    ])
}

/// The state folder of an owner, as a label can have it: enough of its hash.
pub(super) fn state_label(owner: &Owner) -> String {
    let hash = owner.state();
    let hex = hash.rsplit(':').next().unwrap_or(hash);
    hex.chars().take(MAX_LABEL).collect()
}

#[cfg(test)]
mod tests;
