//! Live replay: what a trace says of a tree is asked again of the tools of today.

use aether_core::base::{Cancel, ErrorCode, Sha256Hash};
use aether_core::change::CommandLine;
use aether_core::record::trace::{Body, TraceLimits, read_trace};
use serde::Serialize;

use super::ChangeSession;
use crate::engine::error::EngineError;

/// What became of a command of a trace when it was run again.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LiveCheck {
    /// Number of the event.
    pub seq: u64,
    /// The command.
    pub command: CommandLine,
    /// `same`; `output` where it ended with the same code and said something else, as about times; `code` where it
    /// ended with another code; `missing` where it was not run.
    pub difference: &'static str,
    /// The code that it ended with then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<i32>,
    /// The code that it ended with now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<i32>,
}

/// What a live replay found.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LiveReplay {
    /// The tree as it is.
    pub tree: Sha256Hash,
    /// The compiler of today and that of the trace, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<(String, String)>,
    /// Each command of each verification of this very tree.
    pub checks: Vec<LiveCheck>,
}

impl LiveReplay {
    /// Whether everything ended as it did then.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.checks.iter().all(|check| matches!(check.difference, "same" | "output"))
    }
}

impl ChangeSession<'_> {
    /// Runs the commands of the plan on the tree as it is, and compares them with what a trace says of a tree
    /// with the same files.
    ///
    /// # Errors
    ///
    /// `trace.invalid`; `trace.other_tree` where the trace says nothing of this tree; those of
    /// [`ChangeSession::verify`].
    pub async fn replay_live(&self, trace: &[u8], cancel: &Cancel) -> Result<LiveReplay, EngineError> {
        let trace = read_trace(trace, &TraceLimits::default()).map_err(|error| {
            EngineError::new(ErrorCode::TRACE_INVALID, error.to_string()).with_source(error)
        })?;
        let now = self.verify(cancel).await?;
        let mut checks = Vec::new();
        for event in &trace.events {
            let Body::Verify(verify) = &event.body else { continue };
            if verify.tree != now.tree {
                continue;
            }
            for recorded in &verify.checks {
                let command = CommandLine::new(recorded.program.clone(), recorded.arguments.clone());
                let again = now.steps.iter().find(|report| report.final_run().command == command);
                let again = again.map(|report| {
                    aether_core::record::trace::Check::new(report.step.role, report.final_run())
                });
                let difference = match &again {
                    None => "missing",
                    Some(again) if again.exit_code != recorded.exit_code => "code",
                    Some(again) if again.output != recorded.output => "output",
                    Some(_) => "same",
                };
                checks.push(LiveCheck {
                    seq: event.seq.get(),
                    command,
                    difference,
                    recorded: recorded.exit_code,
                    now: again.and_then(|again| again.exit_code),
                });
            }
        }
        if checks.is_empty() {
            let message = format!("the trace says nothing of the tree {}", now.tree);
            return Err(EngineError::new(ErrorCode::TRACE_OTHER_TREE, message));
        }
        let toolchain = now.toolchain.filter(|toolchain| *toolchain != trace.header.toolchain);
        let toolchain = toolchain.map(|toolchain| (trace.header.toolchain, toolchain));
        Ok(LiveReplay { tree: now.tree, toolchain, checks })
    }
}
