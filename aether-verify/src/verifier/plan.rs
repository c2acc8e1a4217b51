//! What a verification runs, and within which limits.

use aether_core::change::{CheckStep, CommandLine, NetworkAccess, RunLimits};

use super::commands;

/// What a verification runs.
///
/// # Examples
///
/// ```
/// use aether_core::change::{CheckStep, CommandLine};
/// use aether_verify::VerifyPlan;
///
/// let steps = ["cargo check", "cargo test"].map(|text| CommandLine::parse(text).map(CheckStep::of));
/// let plan = VerifyPlan::new(steps.into_iter().collect::<Result<Vec<_>, _>>()?);
/// let commands = plan.commands();
/// assert_eq!(commands[1].to_string(), "cargo check --message-format=json --keep-going");
/// # Ok::<(), aether_core::change::CommandLineError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct VerifyPlan {
    /// The commands, and what they show.
    pub steps: Vec<CheckStep>,
    /// Asks for the version of the compiler. Default `rustc --version` where a step is one of cargo.
    pub toolchain: Option<CommandLine>,
    /// The environment of the commands, all of it, but for where cargo builds and that it stays offline.
    pub environment: Vec<(String, String)>,
    /// Limits of each command. Default ten minutes, and 64 MiB of each output, since messages of the compiler
    /// are long.
    pub limits: RunLimits,
    /// What the commands may reach at most. Default a loopback of their own.
    pub network: NetworkAccess,
    /// Whether commands may run where the system cannot hold them back. Default no.
    pub allow_unconfined: bool,
    /// How often tests are run again at most when some of them fail, to tell those that fail only sometimes.
    /// Default 2.
    pub reruns: u32,
}

impl VerifyPlan {
    /// A plan with the default limits and no environment.
    #[must_use]
    pub fn new(steps: Vec<CheckStep>) -> Self {
        let is_cargo = steps.iter().any(|step| super::program_name(&step.command) == "cargo");
        let mut limits = RunLimits::default();
        limits.max_output_bytes = 64 * 1024 * 1024;
        Self {
            steps,
            toolchain: is_cargo.then(|| CommandLine::new("rustc", ["--version"])),
            environment: Vec::new(),
            limits,
            network: NetworkAccess::default(),
            allow_unconfined: false,
            reruns: 2,
        }
    }

    /// The commands as they are run: what a runner has to allow, and permits have to be for.
    #[must_use]
    pub fn commands(&self) -> Vec<CommandLine> {
        commands(self)
    }

    /// How many permits a verification takes at most.
    #[must_use]
    pub fn max_permits(&self) -> u32 {
        let tests =
            self.steps.iter().filter(|step| step.role == aether_core::change::CheckRole::Test).count();
        let runs = self.commands().len() + tests * self.reruns as usize;
        u32::try_from(runs).unwrap_or(u32::MAX)
    }
}
