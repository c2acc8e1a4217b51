//! What the container of a request is like, and what its end means for the report.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use aether_core::base::ErrorCode;
use aether_core::change::{LayerReport, NetworkAccess, RunMode, RunReport, SandboxLayer, SandboxReport};
use aether_core::port::{RunError, RunRequest};

use super::super::sight::{check_environment, real, real_folder, sockets_in_sight, writable_folders};
use crate::container::{
    ContainerEnd, ContainerImage, ContainerMount, ContainerNetwork, ContainerSpec, EmptyFolder, EndedBy,
    EngineFacts, Sockets,
};

/// Where a command has its temporary files.
const TEMPORARY: &str = "/tmp";
/// Places of a container that belong to the engine.
const OF_ENGINE: [&str; 3] = ["/proc", "/sys", "/dev"];
/// Variables that an engine sets by itself.
const OF_ENVIRONMENT: [&str; 2] = ["PATH", "HOSTNAME"];
/// The code of exit that stands for no signal; those above it stand for one each.
const SIGNALS_FROM: i32 = 128;
/// Number of the last signal of Linux.
const LAST_SIGNAL: i32 = 64;

/// What all containers of a runner have in common.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) image: String,
    pub(super) visible: Vec<PathBuf>,
    pub(super) hidden: Vec<PathBuf>,
    pub(super) max_memory_bytes: u64,
    pub(super) max_processes: u32,
    pub(super) temporary_bytes: u64,
    pub(super) network: String,
}

/// What a request finds on this machine.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    folder: PathBuf,
    writable: Vec<PathBuf>,
    /// Files and folders, whether each is a folder.
    visible: Vec<PathBuf>,
    hidden: Vec<(PathBuf, bool)>,
    sockets: Vec<PathBuf>,
    /// User and group that the folder belongs to.
    owner: (u32, u32),
    /// The user that this process is.
    pub(super) own_user: Option<u32>,
}

impl Shape {
    pub(super) fn new(image: String) -> Self {
        Self {
            image,
            visible: Vec::new(),
            hidden: Vec::new(),
            max_memory_bytes: 8 * 1024 * 1024 * 1024,
            max_processes: 4096,
            temporary_bytes: 2 * 1024 * 1024 * 1024,
            network: "bridge".to_owned(),
        }
    }

    /// Looks at the machine.
    pub(super) fn look(&self, request: &RunRequest) -> Result<Shown, RunError> {
        let folder = real_folder(&request.folder)?;
        let writable = writable_folders(request)?;
        check_environment(request)?;
        let of_folder = std::fs::metadata(&folder)
            .map_err(|error| RunError::new(ErrorCode::RUN_IO, format!("{}: {error}", folder.display())))?;
        Ok(Shown {
            owner: (of_folder.uid(), of_folder.gid()),
            own_user: None,
            visible: self.visible.iter().filter_map(real).collect(),
            hidden: self.hidden.iter().filter_map(real).map(|path| (path.clone(), path.is_dir())).collect(),
            sockets: sockets_in_sight().iter().filter_map(real).collect(),
            folder,
            writable,
        })
    }

    /// The container of a request. It depends on nothing but its arguments.
    pub(super) fn spec(
        &self,
        request: &RunRequest,
        shown: &Shown,
        facts: &EngineFacts,
        image: &ContainerImage,
        name: String,
    ) -> Result<ContainerSpec, RunError> {
        if !facts.filters_calls && request.network != NetworkAccess::Full && !request.allow_unconfined {
            return Err(RunError::new(
                ErrorCode::RUN_UNCONFINED,
                "the engine filters no system calls, so that sockets which belong to no network cannot be held back",
            ));
        }
        if request.command.program.is_empty() || request.command.program.contains('\0') {
            let message = format!("{:?} is not the name of a program", request.command.program);
            return Err(RunError::new(ErrorCode::RUN_NOT_FOUND, message));
        }
        let mounts = mounts(shown, facts)?;
        let mut spec = ContainerSpec::new(name, &self.image);
        spec.command = Some(request.command.clone());
        // The last one counts, as for the system.
        let variables: BTreeMap<&String, &String> =
            request.environment.iter().map(|(name, value)| (name, value)).collect();
        spec.environment = variables.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let by_itself = OF_ENVIRONMENT.into_iter().map(str::to_owned);
        spec.without_variables =
            image.environment.iter().map(|(name, _)| name.clone()).chain(by_itself).collect();
        spec.without_variables.sort();
        spec.without_variables.dedup();
        spec.folder = Some(shown.folder.clone());
        let is_mounted = |path: &Path| mounts.iter().any(|mount| mount.target == path);
        let mut empty: Vec<EmptyFolder> = Vec::new();
        if !is_mounted(Path::new(TEMPORARY)) {
            empty.push(EmptyFolder::writable(TEMPORARY, self.temporary_bytes));
        }
        let hidden = shown.hidden.iter().filter(|(path, is_folder)| *is_folder && is_seen(shown, path));
        // The volumes of an image would be writable, and on the disk.
        for path in hidden.map(|(path, _)| path).chain(&image.volumes) {
            if !is_mounted(path) && !empty.iter().any(|folder| folder.path == *path) {
                empty.push(EmptyFolder::read_only(path));
            }
        }
        spec.empty_folders = empty;
        spec.mounts = mounts;
        // Root of an engine without privileges is the user that the engine runs as.
        let is_own = shown.own_user == Some(shown.owner.0);
        spec.user = Some(if facts.is_rootless && is_own { (0, 0) } else { shown.owner });
        if request.network == NetworkAccess::Full {
            spec.network = ContainerNetwork::Named(self.network.clone());
        }
        spec.sockets = facts.filters_calls.then_some(match request.network {
            NetworkAccess::None => Sockets::Unix,
            _ => Sockets::Internet,
        });
        spec.max_memory_bytes = facts.limits_memory.then_some(self.max_memory_bytes);
        spec.max_processes = facts.limits_processes.then_some(self.max_processes);
        spec.max_shared_bytes = Some(self.temporary_bytes);
        Ok(spec)
    }
}

/// What is mounted, from the outside to the inside.
fn mounts(shown: &Shown, facts: &EngineFacts) -> Result<Vec<ContainerMount>, RunError> {
    let mut mounts: BTreeMap<PathBuf, ContainerMount> = BTreeMap::new();
    let mut add = |mount: ContainerMount| mounts.insert(mount.target.clone(), mount);
    for path in shown.visible.iter().chain([&shown.folder]) {
        add(ContainerMount::read_only(path));
    }
    for path in &shown.writable {
        add(ContainerMount::writable(path));
    }
    let bad = |path: &Path| path.parent().is_none() || OF_ENGINE.iter().any(|place| path.starts_with(place));
    if let Some(path) = mounts.keys().find(|path| bad(path)) {
        let message = format!("{} of this machine cannot be shown in a container", path.display());
        return Err(RunError::new(ErrorCode::RUN_IO, message));
    }
    let files = shown.hidden.iter().filter(|(_, is_folder)| !is_folder).map(|(path, _)| path);
    // The engine's socket is the way to do anything at all on this machine.
    let engine: Vec<PathBuf> =
        facts.sockets.iter().flat_map(|path| [Some(path.clone()), real(path)]).flatten().collect();
    for path in files.chain(&shown.sockets).chain(&engine).filter(|path| is_seen(shown, path)) {
        mounts.insert(path.clone(), ContainerMount::covered(path));
    }
    Ok(mounts.into_values().collect())
}

/// Whether a path of this machine would be seen in the container.
fn is_seen(shown: &Shown, path: &Path) -> bool {
    [&shown.folder]
        .into_iter()
        .chain(&shown.writable)
        .chain(&shown.visible)
        .any(|seen| path.starts_with(seen))
}

/// The report of a command that ended so.
pub(super) fn report_of(
    request: &RunRequest,
    facts: &EngineFacts,
    end: &ContainerEnd,
    max_memory_bytes: u64,
) -> RunReport {
    let mut report = RunReport::new(request.command.clone(), RunMode::CONTAINER, sandbox(request, facts));
    tell(&mut report, end, max_memory_bytes);
    report
}

/// Tells in a report how a container ended.
pub(in crate::run) fn tell(report: &mut RunReport, end: &ContainerEnd, max_memory_bytes: u64) {
    match end.code {
        Some(code) if (1..=LAST_SIGNAL).contains(&(code - SIGNALS_FROM)) => {
            report.signal = Some(code - SIGNALS_FROM);
        }
        code => report.exit_code = code,
    }
    report.stdout.clone_from(&end.stdout);
    report.stderr.clone_from(&end.stderr);
    report.truncated = end.is_truncated;
    report.timed_out = end.ended_by == Some(EndedBy::Timeout);
    report.cancelled = end.ended_by == Some(EndedBy::Cancel);
    report.duration_ms = u64::try_from(end.duration.as_millis()).unwrap_or(u64::MAX);
    if end.is_out_of_memory
        && let Some(container) = report.sandbox.layers.first_mut()
    {
        let reason = container.reason.get_or_insert_default();
        if !reason.is_empty() {
            reason.push_str("; ");
        }
        reason.push_str(&format!("the limit of {max_memory_bytes} bytes of memory ended a process"));
    }
}

/// What holds a command back.
fn sandbox(request: &RunRequest, facts: &EngineFacts) -> SandboxReport {
    let mut container = LayerReport::held(SandboxLayer::CONTAINER);
    let lacks: Vec<&str> = [
        (!facts.limits_memory).then_some("the engine cannot limit memory"),
        (!facts.limits_processes).then_some("the engine cannot limit processes"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !lacks.is_empty() {
        container.reason = Some(lacks.join("; "));
    }
    let mut layers = vec![container];
    if request.network != NetworkAccess::Full {
        layers.push(LayerReport::held(SandboxLayer::NETWORK_NAMESPACE));
    }
    layers.push(LayerReport::held(SandboxLayer::MOUNT_NAMESPACE));
    layers.push(LayerReport::held(SandboxLayer::PID_NAMESPACE));
    layers.push(if facts.is_rootless {
        LayerReport::held(SandboxLayer::USER_NAMESPACE)
    } else {
        let lack = "users of the container are those of the machine, without capabilities";
        LayerReport::missing(SandboxLayer::USER_NAMESPACE, lack)
    });
    let network = if facts.filters_calls {
        let mut sockets = LayerReport::held(SandboxLayer::SECCOMP_SOCKETS);
        let which = match request.network {
            NetworkAccess::None => "Unix sockets alone",
            _ => "Unix, Internet and netlink sockets, all of the networks of this container",
        };
        sockets.reason = Some(which.to_owned());
        layers.push(sockets);
        request.network
    } else {
        let lack = "the engine filters no system calls; sockets may reach the host of a virtual machine";
        layers.push(LayerReport::missing(SandboxLayer::SECCOMP_SOCKETS, lack));
        NetworkAccess::Full
    };
    SandboxReport::new(layers, network, true)
}

#[cfg(test)]
mod tests;
