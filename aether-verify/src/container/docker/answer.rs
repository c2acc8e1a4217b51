//! What the client of Docker prints, read.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::engine::{Container, ContainerImage, EngineError, EngineErrorKind, EngineFacts};

/// Format by which all calls print JSON.
pub(super) const AS_JSON: &str = "--format={{json .}}";

/// Maps are `null` where they are empty.
type Map<T> = Option<BTreeMap<String, T>>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Info {
    server_version: Option<String>,
    #[serde(rename = "OSType")]
    os_type: Option<String>,
    security_options: Option<Vec<String>>,
    memory_limit: Option<bool>,
    swap_limit: Option<bool>,
    pids_limit: Option<bool>,
}

/// What `info` says.
pub(super) fn facts(json: &str) -> Result<EngineFacts, EngineError> {
    let info: Info = read(json)?;
    let Some(version) = info.server_version.filter(|version| !version.is_empty()) else {
        return Err(EngineError::new(EngineErrorKind::Unavailable, "the engine does not say what it is"));
    };
    if let Some(system) = info.os_type.filter(|system| system != "linux") {
        let message = format!("the engine makes containers of {system}, and not of linux");
        return Err(EngineError::new(EngineErrorKind::Unavailable, message));
    }
    let options = info.security_options.unwrap_or_default();
    let has = |name: &str| options.iter().find(|option| option.split(',').any(|part| part == name));
    if has("name=userns").is_some() {
        // The owner of a folder would be somebody else in the container.
        let message = "the engine gives containers other users (userns-remap), which is not supported";
        return Err(EngineError::new(EngineErrorKind::Unavailable, message));
    }
    let mut facts = EngineFacts::new(version);
    facts.is_rootless = has("name=rootless").is_some();
    facts.filters_calls = has("name=seccomp").is_some();
    facts.limits_memory = info.memory_limit == Some(true) && info.swap_limit != Some(false);
    facts.limits_processes = info.pids_limit == Some(true);
    Ok(facts)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    config: Option<ImageConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ImageConfig {
    env: Option<Vec<String>>,
    volumes: Map<serde::de::IgnoredAny>,
}

/// What `image inspect` says.
pub(super) fn image(json: &str) -> Result<ContainerImage, EngineError> {
    let image: Image = read(json)?;
    let Some(config) = image.config else {
        return Ok(ContainerImage::default());
    };
    let variable = |line: String| match line.split_once('=') {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => (line, String::new()),
    };
    Ok(ContainerImage {
        environment: config.env.unwrap_or_default().into_iter().map(variable).collect(),
        volumes: config.volumes.unwrap_or_default().into_keys().map(PathBuf::from).collect(),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    name: String,
    state: State,
    config: Option<ContainerConfig>,
    network_settings: Option<NetworkSettings>,
}

/// How a container is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct State {
    pub(super) status: String,
    pub(super) running: bool,
    #[serde(rename = "OOMKilled", default)]
    pub(super) is_out_of_memory: bool,
    pub(super) exit_code: i32,
    #[serde(default)]
    pub(super) error: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ContainerConfig {
    labels: Map<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NetworkSettings {
    ports: Map<Option<Vec<Binding>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Binding {
    host_ip: String,
    host_port: String,
}

/// What `container inspect` says of one container.
pub(super) fn state(json: &str) -> Result<State, EngineError> {
    Ok(read::<Inspected>(json)?.state)
}

/// What `container inspect` says of several ones, one a line, by name.
pub(super) fn containers(lines: &str) -> Result<Vec<Container>, EngineError> {
    let mut all = lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| read::<Inspected>(line).map(Inspected::into_container))
        .collect::<Result<Vec<_>, _>>()?;
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

impl Inspected {
    fn into_container(self) -> Container {
        let name = self.name.trim_start_matches('/').to_owned();
        let mut container = Container::new(name, self.state.running);
        container.labels = self.config.and_then(|config| config.labels).unwrap_or_default();
        let ports = self.network_settings.and_then(|settings| settings.ports).unwrap_or_default();
        for (port, bindings) in ports {
            let Some(port) = port.strip_suffix("/tcp").and_then(|port| port.parse().ok()) else {
                continue;
            };
            let reached = bindings.iter().flatten().find_map(Binding::address);
            container.ports.extend(reached.map(|address| (port, address)));
        }
        container
    }
}

impl Binding {
    fn address(&self) -> Option<SocketAddr> {
        let address: IpAddr = self.host_ip.parse().ok()?;
        Some(SocketAddr::new(address, self.host_port.parse().ok()?))
    }
}

fn read<T: DeserializeOwned>(json: &str) -> Result<T, EngineError> {
    serde_json::from_str(json.trim()).map_err(|error| {
        let message = format!("the engine gave an answer that cannot be read: {error}");
        EngineError::new(EngineErrorKind::Unavailable, message)
    })
}

#[cfg(test)]
mod tests;
