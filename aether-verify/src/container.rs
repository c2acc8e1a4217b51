//! Containers: one engine for commands that run to their end and for services that stay.
//!
//! [`ContainerEngine`] is what the rest of the crate asks for; [`DockerEngine`] is Docker, reached through its
//! client. `docs/adr/0020-containers-through-the-client-of-docker.md` tells why no crate speaks its protocol.

mod docker;
mod engine;
mod spec;

pub use docker::DockerEngine;
pub use engine::{
    Container, ContainerEnd, ContainerEngine, ContainerImage, EndedBy, EngineError, EngineErrorKind,
    EngineFacts,
};
pub use spec::{
    ContainerMount, ContainerNetwork, ContainerPrivileges, ContainerSpec, EmptyFolder, MountAccess, Sockets,
};
