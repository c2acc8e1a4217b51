//! Commands that prove a change: what is run, within which limits, and what came of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::open_vocabulary;

/// Version of the records of verification. *Experimental.*
pub const SCHEMA_VERSION: u32 = 1;

/// A program and its arguments, as the system takes them: no shell reads them.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CommandLine {
    /// Name of the program, found on the search path of the runner, or its absolute path.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
}

impl CommandLine {
    /// A command.
    #[must_use]
    pub fn new(program: impl Into<String>, arguments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { program: program.into(), arguments: arguments.into_iter().map(Into::into).collect() }
    }

    /// A command written as words with white space between them. A word that holds white space stands in
    /// single or double quotes; nothing is expanded.
    ///
    /// # Errors
    ///
    /// [`CommandLineError`] for a text without words, or with a quote that is not closed.
    ///
    /// # Examples
    ///
    /// ```
    /// use aether_core::change::CommandLine;
    /// let command = CommandLine::parse("cargo test -- 'two words'")?;
    /// assert_eq!(command, CommandLine::new("cargo", ["test", "--", "two words"]));
    /// assert_eq!(command.to_string(), "cargo test -- 'two words'");
    /// # Ok::<(), aether_core::change::CommandLineError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, CommandLineError> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut quote = None;
        for character in text.chars() {
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (Some(_), _) => word.get_or_insert_default().push(character),
                (None, '\'' | '"') => {
                    quote = Some(character);
                    word.get_or_insert_default();
                }
                (None, _) if character.is_whitespace() => words.extend(word.take()),
                (None, _) => word.get_or_insert_default().push(character),
            }
        }
        words.extend(word);
        if quote.is_some() || words.is_empty() || words[0].is_empty() {
            return Err(CommandLineError);
        }
        let program = words.remove(0);
        Ok(Self { program, arguments: words })
    }
}

impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in std::iter::once(&self.program).chain(&self.arguments).enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            let is_plain =
                !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || c == '\'' || c == '"');
            match (is_plain, word.contains('\'')) {
                (true, _) => f.write_str(word)?,
                (false, false) => write!(f, "'{word}'")?,
                (false, true) => {
                    for (index, part) in word.split('\'').enumerate() {
                        if index > 0 {
                            f.write_str("\"'\"")?;
                        }
                        write!(f, "'{part}'")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A text that is not a command: it has no words, or a quote that is not closed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a command: it has no program, or a quote is not closed")]
pub struct CommandLineError;

open_vocabulary! {
    /// Where commands run. Open: unknown values survive a round trip.
    RunMode {
        /// On this machine, in a sandbox of the system.
        HOST = "host";
        /// In a container.
        CONTAINER = "container";
        /// In a small virtual machine.
        MICROVM = "microvm";
        /// As a job of a Kubernetes cluster.
        KUBERNETES = "kubernetes";
    }
}

open_vocabulary! {
    /// One means by which a run is kept from doing harm. Open: unknown values survive a round trip.
    SandboxLayer {
        /// A user namespace of its own: no privileges outside of it.
        USER_NAMESPACE = "user_namespace";
        /// A network namespace of its own: no interface but a private loopback.
        NETWORK_NAMESPACE = "network_namespace";
        /// A mount namespace of its own: sockets of services are out of sight.
        MOUNT_NAMESPACE = "mount_namespace";
        /// A process namespace of its own: whatever was started ends with the run.
        PID_NAMESPACE = "pid_namespace";
        /// Landlock: files are written only where the request says.
        LANDLOCK_FILES = "landlock_files";
        /// Landlock: no TCP.
        LANDLOCK_TCP = "landlock_tcp";
        /// Seccomp: no sockets but those between processes of one machine.
        SECCOMP_SOCKETS = "seccomp_sockets";
        /// A container.
        CONTAINER = "container";
        /// A policy of a cluster: no traffic to or from the pod.
        NETWORK_POLICY = "network_policy";
    }
}

/// Whether one layer of the sandbox held.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LayerReport {
    /// The layer.
    pub layer: SandboxLayer,
    /// Whether the system put it in force.
    pub held: bool,
    /// Why not, or what it lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl LayerReport {
    /// A layer that is in force.
    #[must_use]
    pub fn held(layer: SandboxLayer) -> Self {
        Self { layer, held: true, reason: None }
    }

    /// A layer that is not.
    #[must_use]
    pub fn missing(layer: SandboxLayer, reason: impl Into<String>) -> Self {
        Self { layer, held: false, reason: Some(reason.into()) }
    }
}

/// What a command may reach over the network.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum NetworkAccess {
    /// Nothing; not even this machine.
    None,
    /// A loopback of its own, which nothing outside of the run can reach.
    #[default]
    PrivateLoopback,
    /// Whatever this machine can.
    Full,
}

/// What kept a run from doing harm.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct SandboxReport {
    /// Each layer that was tried.
    pub layers: Vec<LayerReport>,
    /// What the run could reach.
    pub network: NetworkAccess,
    /// Whether it could write only where the request says.
    pub writes_confined: bool,
}

impl SandboxReport {
    /// A report.
    #[must_use]
    pub fn new(layers: Vec<LayerReport>, network: NetworkAccess, writes_confined: bool) -> Self {
        Self { layers, network, writes_confined }
    }

    /// Whether `layer` held.
    #[must_use]
    pub fn holds(&self, layer: &SandboxLayer) -> bool {
        self.layers.iter().any(|report| report.layer == *layer && report.held)
    }
}

/// Limits of one run.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RunLimits {
    /// Longest time, in milliseconds; what still runs then is killed. Default 600,000, ten minutes.
    pub timeout_ms: u64,
    /// Most bytes that are kept of each of the two outputs; the middle is left out. Default 8 MiB.
    pub max_output_bytes: u64,
}

impl Default for RunLimits {
    fn default() -> Self {
        Self { timeout_ms: 600_000, max_output_bytes: 8 * 1024 * 1024 }
    }
}

/// What came of one command.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RunReport {
    /// The command.
    pub command: CommandLine,
    /// Where it ran.
    pub mode: RunMode,
    /// Why it ran there and not where it was to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_reason: Option<String>,
    /// The code that it ended with; absent when a signal ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// The signal that ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// Its standard output. Bytes that are not UTF-8 stand as U+FFFD.
    pub stdout: String,
    /// Its standard error. Bytes that are not UTF-8 stand as U+FFFD.
    pub stderr: String,
    /// How long it ran, in milliseconds.
    pub duration_ms: u64,
    /// Whether it was killed because its time was over.
    pub timed_out: bool,
    /// Whether it was killed because it was cancelled.
    pub cancelled: bool,
    /// Whether an output was longer than the limit, so that its middle was left out.
    pub truncated: bool,
    /// What kept it from doing harm.
    pub sandbox: SandboxReport,
}

impl RunReport {
    /// The report of a command that has not ended yet: no output, no code, no time.
    #[must_use]
    pub fn new(command: CommandLine, mode: RunMode, sandbox: SandboxReport) -> Self {
        Self {
            command,
            mode,
            fallback_reason: None,
            exit_code: None,
            signal: None,
            stdout: String::new(),
            stderr: String::new(),
            duration_ms: 0,
            timed_out: false,
            cancelled: false,
            truncated: false,
            sandbox,
        }
    }

    /// Whether the command ended by itself and said that all is well.
    #[must_use]
    pub fn is_green(&self) -> bool {
        self.exit_code == Some(0) && !self.timed_out && !self.cancelled
    }
}
