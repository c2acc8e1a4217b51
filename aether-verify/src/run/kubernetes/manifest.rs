//! What is made in the cluster for a command: a job of one pod, and a policy that lets the pod reach nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;
use aether_core::port::RunError;
use serde_json::{Value, json};

/// The label that names one job, its pod and its policy alike.
pub(super) const JOB_LABEL: &str = "aether.run.job";
/// The label that says when a job is over at the latest, in seconds of Unix time.
pub(super) const DEADLINE_LABEL: &str = "aether.run.deadline";
/// The step that takes the files in.
pub(super) const RECEIVE: &str = "receive";
/// The container that the command runs in.
pub(super) const RUN: &str = "run";
/// Where the runner and the pod meet.
pub(super) const MEETING: &str = "/aether-run";
/// The last file of the archive: once it is there, so is everything else.
pub(super) const SENT: &str = "/aether-run/sent";
/// What the first step waits for. It is no part of the archive: the step would end what unpacks it before that is done
/// with the modes and times of folders.
pub(super) const READY: &str = "/aether-run/ready";
/// The command, as a script for the shell.
pub(super) const COMMAND: &str = "/aether-run/command";
/// The code that the command ended with.
pub(super) const CODE: &str = "/aether-run/code";
/// Where a command has its temporary files.
const TEMPORARY: &str = "/tmp";
/// How long a job that has ended stays in the cluster, in seconds, if nobody removes it.
const KEPT_S: u64 = 300;
/// Places of a container that belong to the cluster.
const OF_CLUSTER: [&str; 4] = ["/proc", "/sys", "/dev", MEETING];

/// One job.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Job {
    pub(super) name: String,
    /// Its labels but for [`JOB_LABEL`].
    pub(super) labels: BTreeMap<String, String>,
    pub(super) image: String,
    /// The folder that the command runs in.
    pub(super) folder: PathBuf,
    /// The folders of the pod that hold files, whether each may be written in.
    pub(super) folders: BTreeMap<PathBuf, bool>,
    pub(super) user: u32,
    pub(super) group: u32,
    pub(super) max_memory_bytes: u64,
    pub(super) temporary_bytes: u64,
    /// How long the job may be there, in seconds.
    pub(super) deadline_s: u64,
    /// Whether the pod may reach the network.
    pub(super) has_network: bool,
}

impl Job {
    /// All that is made for it, as one list. It depends on nothing but the job.
    pub(super) fn manifest(&self) -> Result<Value, RunError> {
        for path in self.folders.keys() {
            check_folder(path)?;
        }
        let mut items = Vec::new();
        // Made first, so that no pod is there before it.
        if !self.has_network {
            items.push(self.policy());
        }
        items.push(self.job());
        Ok(json!({ "apiVersion": "v1", "kind": "List", "items": items }))
    }

    fn labels(&self) -> BTreeMap<&str, &str> {
        let own = [(JOB_LABEL, self.name.as_str())];
        self.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(own).collect()
    }

    /// No traffic in or out. It holds where the cluster puts policies in force.
    fn policy(&self) -> Value {
        json!({
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": { "name": self.name, "labels": self.labels() },
            "spec": {
                "podSelector": { "matchLabels": { (JOB_LABEL): self.name } },
                "policyTypes": ["Ingress", "Egress"],
            },
        })
    }

    fn job(&self) -> Value {
        let metadata = json!({ "name": self.name, "labels": self.labels() });
        json!({
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": metadata,
            "spec": {
                "backoffLimit": 0,
                "completions": 1,
                "parallelism": 1,
                "activeDeadlineSeconds": self.deadline_s,
                "ttlSecondsAfterFinished": KEPT_S,
                "template": { "metadata": { "labels": self.labels() }, "spec": self.pod() },
            },
        })
    }

    fn pod(&self) -> Value {
        let mut volumes = vec![
            json!({ "name": "meeting", "emptyDir": {} }),
            json!({ "name": "temporary", "emptyDir": { "sizeLimit": self.temporary_bytes.to_string() } }),
        ];
        let mut mounts = vec![json!({ "name": "meeting", "mountPath": MEETING })];
        if !self.folders.contains_key(Path::new(TEMPORARY)) {
            mounts.push(json!({ "name": "temporary", "mountPath": TEMPORARY }));
        }
        let (mut to_receive, mut to_run) = (mounts.clone(), mounts);
        for (number, (path, is_writable)) in self.folders.iter().enumerate() {
            let name = format!("folder-{number}");
            volumes.push(json!({ "name": name, "emptyDir": {} }));
            to_receive.push(json!({ "name": name, "mountPath": path }));
            to_run.push(json!({ "name": name, "mountPath": path, "readOnly": !is_writable }));
        }
        let receive = format!("until [ -e {READY} ]; do sleep 0.2 2>/dev/null || sleep 1; done");
        // The first process of a container is not ended by a signal that it does not handle.
        let stay = "trap 'exit 0' TERM; while :; do sleep 1 & wait $!; done";
        json!({
            "restartPolicy": "Never",
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "shareProcessNamespace": false,
            "hostNetwork": false,
            "hostPID": false,
            "hostIPC": false,
            "terminationGracePeriodSeconds": 2,
            "securityContext": {
                "runAsNonRoot": true,
                "runAsUser": self.user,
                "runAsGroup": self.group,
                "seccompProfile": { "type": "RuntimeDefault" },
            },
            "volumes": volumes,
            "initContainers": [self.container(RECEIVE, &receive, None, to_receive)],
            "containers": [self.container(RUN, stay, Some(&self.folder), to_run)],
        })
    }

    fn container(&self, name: &str, script: &str, folder: Option<&Path>, mounts: Vec<Value>) -> Value {
        let mut container = json!({
            "name": name,
            "image": self.image,
            "imagePullPolicy": "IfNotPresent",
            "command": ["sh", "-c", script],
            "volumeMounts": mounts,
            "resources": {
                "limits": { "memory": self.max_memory_bytes.to_string() },
                // So that a node needs no more than a little to take it.
                "requests": { "memory": self.max_memory_bytes.min(256 << 20).to_string(), "cpu": "100m" },
            },
            "securityContext": {
                "runAsNonRoot": true,
                "allowPrivilegeEscalation": false,
                "privileged": false,
                "readOnlyRootFilesystem": true,
                "capabilities": { "drop": ["ALL"] },
            },
        });
        if let Some(folder) = folder {
            container["workingDir"] = json!(folder);
        }
        container
    }
}

fn check_folder(path: &Path) -> Result<(), RunError> {
    let refused = |why: &str| {
        let message = format!("{} cannot be a folder of a pod: {why}", path.display());
        Err(RunError::new(ErrorCode::RUN_IO, message))
    };
    let Some(text) = path.to_str() else { return refused("it is not UTF-8") };
    // What a cluster makes of a path: a colon ends it, and `$(` begins a variable.
    if text.contains(':') || text.contains("$(") {
        return refused("it has a colon or `$(`");
    }
    if path.parent().is_none() || OF_CLUSTER.iter().any(|place| path.starts_with(place)) {
        return refused("something else lies there");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
