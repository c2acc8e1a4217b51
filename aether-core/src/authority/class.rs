//! How much harm a capability can do, and what kind of harm.

use serde::{Deserialize, Serialize};

/// How much harm an action can do.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RiskClass {
    /// Nothing that would be missed.
    Low,
    /// Something that can be undone.
    Medium,
    /// Something that cannot be undone, or that others see.
    High,
    /// Anything at all: code that is not confined.
    Critical,
}

impl RiskClass {
    /// Each of them, the least first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// Whether each single action must be asked about: no grant but one for this very action covers it, and
    /// no mode is automatic.
    #[must_use]
    pub const fn asks_each_time(self) -> bool {
        matches!(self, Self::High | Self::Critical)
    }
}

/// The kind of thing that capabilities act on: what an emergency revoke can be narrowed to.
///
/// A closed set: a reader refuses a value that it does not know.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CapabilityClass {
    /// Files of the workspace.
    Files,
    /// Processes.
    Process,
    /// Sockets, remote inference, browsers' requests.
    Network,
    /// The browser.
    Browser,
    /// Mail.
    Email,
    /// Clipboard, notifications, microphone, camera, screen.
    Desktop,
    /// What Aether remembers.
    Memory,
    /// Other services.
    Integration,
    /// Data that leaves the store.
    Export,
    /// Grants, caps and policy themselves.
    Admin,
}

impl CapabilityClass {
    /// Each of them.
    pub const ALL: [Self; 10] = [
        Self::Files,
        Self::Process,
        Self::Network,
        Self::Browser,
        Self::Email,
        Self::Desktop,
        Self::Memory,
        Self::Integration,
        Self::Export,
        Self::Admin,
    ];
    /// The name, such as `files`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Process => "process",
            Self::Network => "network",
            Self::Browser => "browser",
            Self::Email => "email",
            Self::Desktop => "desktop",
            Self::Memory => "memory",
            Self::Integration => "integration",
            Self::Export => "export",
            Self::Admin => "admin",
        }
    }
}
