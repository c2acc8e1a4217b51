//! The arguments by which the client of Docker makes a container.

use std::ffi::OsString;
use std::path::Path;

use super::super::engine::{EngineError, EngineErrorKind};
use super::super::spec::{ContainerMount, ContainerNetwork, ContainerPrivileges, ContainerSpec, MountAccess};
use super::filter::profile;

/// What a container is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    /// Its outputs are followed, and kept nowhere else.
    Run,
    /// Nobody follows it, so the engine keeps the end of its outputs.
    Service,
}

/// The words of a call of the client.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) words: Vec<OsString>,
    /// What the client itself has in its environment.
    pub(super) environment: Vec<(String, String)>,
    /// What it reads from its input.
    pub(super) input: Option<String>,
}

/// Starts of the names of variables that the client reads itself, in upper case. They are given on its command
/// line; all others in its environment, where no other user can see them.
const READ_BY_CLIENT: [&str; 13] = [
    "DOCKER",
    "BUILDX",
    "BUILDKIT",
    "COMPOSE",
    "GO",
    "HOME",
    "HTTP_",
    "HTTPS_",
    "NO_PROXY",
    "ALL_PROXY",
    "OTEL_",
    "SSL_",
    "SSH_",
];

/// The call by which `spec` is made.
///
/// `major` is the version of the client.
pub(super) fn create(spec: &ContainerSpec, purpose: Purpose, major: u32) -> Result<Words, EngineError> {
    check_name(&spec.name)?;
    check_image(&spec.image)?;
    let mut words = vec!["create".to_owned(), "--pull=never".to_owned(), format!("--name={}", spec.name)];
    let mut add = |word: String| words.push(word);
    for (name, value) in &spec.labels {
        add(format!("--label={name}={value}"));
    }
    add(format!("--log-driver={}", if purpose == Purpose::Run { "none" } else { "local" }));
    match &spec.network {
        ContainerNetwork::Loopback => add("--network=none".to_owned()),
        ContainerNetwork::Named(name) => add(format!("--network={name}")),
    }
    for port in &spec.ports {
        add(format!("--publish=127.0.0.1::{port}"));
    }
    add("--security-opt=no-new-privileges".to_owned());
    if spec.sockets.is_some() {
        add("--security-opt=seccomp=/dev/stdin".to_owned());
    }
    if spec.privileges == ContainerPrivileges::Confined {
        for word in ["--init", "--read-only", "--cap-drop=ALL", "--ipc=private", "--no-healthcheck"] {
            add(word.to_owned());
        }
    }
    if let Some(bytes) = spec.max_memory_bytes {
        add(format!("--memory={bytes}"));
        // The sum of memory and swap: none is swapped.
        add(format!("--memory-swap={bytes}"));
    }
    if let Some(number) = spec.max_processes {
        add(format!("--pids-limit={number}"));
    }
    if let Some(bytes) = spec.max_shared_bytes {
        add(format!("--shm-size={bytes}"));
    }
    if let Some((user, group)) = spec.user {
        add(format!("--user={user}:{group}"));
    }
    if let Some(folder) = &spec.folder {
        add(format!("--workdir={}", text(folder)?));
    }
    for mount in &spec.mounts {
        add(format!("--mount={}", bind(mount, major)?));
    }
    for folder in &spec.empty_folders {
        let path = text(&folder.path)?;
        match folder.max_bytes {
            // The other form would not let programs in it be run.
            Some(bytes) if !path.contains(':') => {
                add(format!("--tmpfs={path}:rw,exec,nosuid,nodev,mode=1777,size={bytes}"));
            }
            Some(_) => return Err(refused(format!("{path} has a colon, so nothing can be mounted there"))),
            None => add(format!(
                "--mount={}",
                fields(&["type=tmpfs", &format!("dst={path}"), "tmpfs-size=4096", "readonly"])
            )),
        }
    }
    let mut for_client = Vec::new();
    for (name, value) in &spec.environment {
        if name.is_empty() || name.contains(['=', '\0']) || value.contains('\0') {
            return Err(refused(format!("{name:?} is not a variable of an environment")));
        }
        let upper = name.to_ascii_uppercase();
        if READ_BY_CLIENT.iter().any(|start| upper.starts_with(start)) {
            add(format!("--env={name}={value}"));
        } else {
            add(format!("--env={name}"));
            for_client.push((name.clone(), value.clone()));
        }
    }
    let is_given = |wanted: &String| spec.environment.iter().any(|(name, _)| name == wanted);
    for name in spec.without_variables.iter().filter(|name| !is_given(name)) {
        // A name alone, which the client has no value for, takes the variable away.
        add(format!("--env={name}"));
    }
    if let Some(command) = &spec.command {
        if command.program.is_empty() || command.program.contains('\0') {
            let message = format!("{:?} is not the name of a program", command.program);
            return Err(EngineError::new(EngineErrorKind::ProgramNotFound, message));
        }
        add(format!("--entrypoint={}", command.program));
    }
    add(spec.image.clone());
    if let Some(command) = &spec.command {
        // The client reads no flags after the image.
        words.extend(command.arguments.iter().cloned());
    }
    if let Some(word) = words.iter().find(|word| word.contains('\0')) {
        return Err(refused(format!("{word:?} has a zero byte")));
    }
    Ok(Words {
        words: words.into_iter().map(OsString::from).collect(),
        environment: for_client,
        input: spec.sockets.map(profile),
    })
}

/// A name of a container, which is no flag.
pub(super) fn check_name(name: &str) -> Result<(), EngineError> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    if name.len() < 2 || !name.as_bytes()[0].is_ascii_alphanumeric() || !name.bytes().all(is_part) {
        return Err(refused(format!("{name:?} is not the name of a container")));
    }
    Ok(())
}

/// A name of an image, which is no flag.
pub(super) fn check_image(name: &str) -> Result<(), EngineError> {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-:/@".contains(&byte);
    if name.len() > 500
        || !name.starts_with(|c: char| c.is_ascii_alphanumeric())
        || !name.bytes().all(is_part)
    {
        return Err(refused(format!("{name:?} is not the name of an image")));
    }
    Ok(())
}

fn bind(mount: &ContainerMount, major: u32) -> Result<String, EngineError> {
    let (source, target) = (format!("src={}", text(&mount.source)?), format!("dst={}", text(&mount.target)?));
    if mount.access == MountAccess::Writable {
        return Ok(fields(&["type=bind", &source, &target]));
    }
    // Read-only is the mount, not those below it. The flag got another name in version 25.
    let alone = if major >= 25 { "bind-recursive=disabled" } else { "bind-nonrecursive=true" };
    Ok(fields(&["type=bind", &source, &target, "readonly", alone]))
}

/// Fields of a line of comma-separated values, which is what the client reads a mount as.
fn fields(fields: &[&str]) -> String {
    let quoted = |field: &&str| match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => (*field).to_owned(),
    };
    fields.iter().map(quoted).collect::<Vec<_>>().join(",")
}

fn text(path: &Path) -> Result<&str, EngineError> {
    path.to_str().ok_or_else(|| refused(format!("{} is not UTF-8, as the engine wants it", path.display())))
}

fn refused(message: String) -> EngineError {
    EngineError::new(EngineErrorKind::Refused, message)
}

#[cfg(test)]
mod tests;
