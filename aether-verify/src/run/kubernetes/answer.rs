//! What the client of Kubernetes prints, read.

use std::collections::BTreeMap;

use aether_core::port::RunError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::client::unavailable;
use super::manifest::{RECEIVE, RUN};

/// Reasons for which a container waits that no waiting helps.
const HOPELESS: [&str; 7] = [
    "ErrImagePull",
    "ImagePullBackOff",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
];

#[derive(Deserialize)]
struct List<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Pod {
    metadata: Metadata,
    #[serde(default)]
    spec: PodSpec,
    #[serde(default)]
    status: PodStatus,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    name: String,
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PodSpec {
    host_network: bool,
    #[serde(rename = "hostPID")]
    host_pid: bool,
    #[serde(rename = "hostIPC")]
    host_ipc: bool,
    share_process_namespace: bool,
    security_context: Option<Security>,
    containers: Vec<Container>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Container {
    name: String,
    security_context: Option<Security>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Security {
    privileged: Option<bool>,
    allow_privilege_escalation: Option<bool>,
    read_only_root_filesystem: Option<bool>,
    run_as_non_root: Option<bool>,
    capabilities: Option<Capabilities>,
    seccomp_profile: Option<Profile>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Capabilities {
    add: Option<Vec<String>>,
    drop: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Profile {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PodStatus {
    phase: String,
    reason: Option<String>,
    message: Option<String>,
    conditions: Option<Vec<Condition>>,
    init_container_statuses: Option<Vec<ContainerStatus>>,
    container_statuses: Option<Vec<ContainerStatus>>,
}

#[derive(Deserialize)]
struct Condition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
    message: Option<String>,
}

#[derive(Deserialize)]
struct ContainerStatus {
    name: String,
    #[serde(default)]
    state: ContainerState,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ContainerState {
    waiting: Option<Reason>,
    running: Option<serde::de::IgnoredAny>,
    terminated: Option<Reason>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reason {
    reason: Option<String>,
    message: Option<String>,
}

/// How far a pod is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Stage {
    /// It waits, for a reason that the cluster may have said.
    Waiting(Option<String>),
    /// It takes files in.
    Receiving,
    /// The command can be run.
    Running,
    /// The limit of memory ended it.
    OutOfMemory,
    /// It will never run, or runs no more.
    Lost(String),
}

/// A pod, as far as a run needs to know.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct PodState {
    pub(super) name: String,
    pub(super) stage: Stage,
    /// What was asked for to hold the command back and is not in the pod as the cluster has it.
    pub(super) lacks: Vec<&'static str>,
    /// Whether the runtime keeps it from the system calls that it keeps containers from.
    pub(super) filters_calls: bool,
}

/// The pods of a list.
pub(super) fn pods(json: &str) -> Result<Vec<PodState>, RunError> {
    read::<List<Pod>>(json)?
        .items
        .into_iter()
        .map(|pod| {
            let name = pod.metadata.name.clone();
            if !is_name(&name) {
                return Err(unavailable(format!("{name:?} is not the name of a pod")));
            }
            let (lacks, filters_calls) = pod.spec.look();
            Ok(PodState { name, stage: pod.status.stage(), lacks, filters_calls })
        })
        .collect()
}

/// A job or policy that is there: its name and labels.
pub(super) type Made = (String, BTreeMap<String, String>);

/// What a list names.
pub(super) fn made(json: &str) -> Result<Vec<Made>, RunError> {
    #[derive(Deserialize)]
    struct Item {
        metadata: Metadata,
    }
    let items = read::<List<Item>>(json)?.items.into_iter().map(|item| item.metadata);
    Ok(items.map(|it| (it.name, it.labels.unwrap_or_default())).collect())
}

/// What the files say that a command left: its code, and whether the limit of memory ended one of its processes.
pub(super) fn ended(text: &str) -> Result<(i32, bool), RunError> {
    let mut lines = text.lines();
    let code = lines.next().and_then(|line| line.trim().parse().ok());
    let code = code.ok_or_else(|| unavailable("the pod does not say how the command ended"))?;
    let kills = lines.find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse::<u64>().ok());
    Ok((code, kills.is_some_and(|kills| kills > 0)))
}

impl PodSpec {
    /// What of the confinement is not there, and whether system calls are filtered.
    fn look(&self) -> (Vec<&'static str>, bool) {
        let none = Security::default();
        let container = self.containers.iter().find(|it| it.name == RUN);
        let security = container.and_then(|it| it.security_context.as_ref()).unwrap_or(&none);
        let caps = security.capabilities.as_ref();
        let drops_all = caps.is_some_and(|it| {
            it.drop.iter().flatten().any(|name| name == "ALL") && it.add.iter().flatten().next().is_none()
        });
        let lacks = [
            (self.host_network, "the pod has the network of its node"),
            (self.host_pid, "the pod sees the processes of its node"),
            (self.host_ipc, "the pod shares memory with its node"),
            (self.share_process_namespace, "the containers of the pod see each other"),
            (security.privileged == Some(true), "the container has the privileges of its node"),
            (security.allow_privilege_escalation != Some(false), "the command can gain privileges"),
            (security.read_only_root_filesystem != Some(true), "the files of the image can be written"),
            (security.run_as_non_root != Some(true), "the command may be root"),
            (!drops_all, "the command has capabilities"),
        ];
        let lacks = lacks.into_iter().filter_map(|(is_so, what)| is_so.then_some(what)).collect();
        let profile = security.seccomp_profile.as_ref();
        let profile = profile.or(self.security_context.as_ref().and_then(|it| it.seccomp_profile.as_ref()));
        (lacks, profile.is_some_and(|profile| profile.kind == "RuntimeDefault"))
    }
}

impl PodStatus {
    fn stage(&self) -> Stage {
        let state = |list: &Option<Vec<ContainerStatus>>, name: &str| {
            list.iter().flatten().find(|it| it.name == name).map(|it| it.state.told())
        };
        let (receive, run) =
            (state(&self.init_container_statuses, RECEIVE), state(&self.container_statuses, RUN));
        let has_ended = ["Failed", "Succeeded"].contains(&self.phase.as_str());
        if has_ended || self.reason.as_deref() == Some("Evicted") {
            if let Some(Told::Ended(reason)) = &run
                && reason.starts_with("OOMKilled")
            {
                return Stage::OutOfMemory;
            }
            let ends = [run, receive].into_iter().flatten().find_map(|told| match told {
                Told::Ended(reason) => Some(reason),
                _ => None,
            });
            let why = told(self.reason.as_deref(), self.message.as_deref());
            return Stage::Lost(why.or(ends).unwrap_or_else(|| "the pod ended".to_owned()));
        }
        match (receive, run) {
            (_, Some(Told::Runs)) => Stage::Running,
            (_, Some(Told::Ended(reason))) if reason.starts_with("OOMKilled") => Stage::OutOfMemory,
            (_, Some(Told::Ended(reason))) => Stage::Lost(reason),
            (Some(Told::Runs), _) => Stage::Receiving,
            (receive, run) => {
                for waits in [&receive, &run].into_iter().flatten() {
                    if let Told::Waits(reason) = waits
                        && HOPELESS.iter().any(|hopeless| reason.starts_with(hopeless))
                    {
                        return Stage::Lost(reason.clone());
                    }
                }
                let condition = self.conditions.iter().flatten();
                let unscheduled =
                    condition.into_iter().find(|it| it.kind == "PodScheduled" && it.status == "False");
                let waits = [receive, run].into_iter().flatten().find_map(|it| match it {
                    Told::Waits(reason) if !reason.is_empty() => Some(reason),
                    _ => None,
                });
                Stage::Waiting(unscheduled.and_then(|it| it.message.clone()).or(waits))
            }
        }
    }
}

/// How a container is.
enum Told {
    Waits(String),
    Runs,
    Ended(String),
}

impl ContainerState {
    fn told(&self) -> Told {
        if let Some(ended) = &self.terminated {
            return Told::Ended(told(ended.reason.as_deref(), ended.message.as_deref()).unwrap_or_default());
        }
        if self.running.is_some() {
            return Told::Runs;
        }
        let waiting = self.waiting.as_ref();
        let why = waiting.and_then(|it| told(it.reason.as_deref(), it.message.as_deref()));
        Told::Waits(why.unwrap_or_default())
    }
}

/// A reason and what is said of it, on one line and not too long.
fn told(reason: Option<&str>, message: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = [reason, message].into_iter().flatten().filter(|it| !it.is_empty()).collect();
    let text: String = parts.join(": ").replace(['\n', '\r'], " ").chars().take(500).collect();
    (!text.is_empty()).then_some(text)
}

/// A name as the cluster gives them, which is no flag.
fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte);
    name.len() <= 253 && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(is_part)
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, RunError> {
    serde_json::from_str(json.trim())
        .map_err(|error| unavailable(format!("the cluster gave an answer that cannot be read: {error}")))
}

#[cfg(test)]
mod tests;
