//! Live replay: what a trace says of a tree is asked again of the tools of today.

use aether_core::base::{Cancel, ErrorCode, Sha256Hash};
use aether_core::change::{CommandLine, StepReport, Verification};
use aether_core::record::trace::{Body, Check, TraceLimits, read_trace};
use aether_verify::{StepClass, StepDifference, VerifyPlan, compare_step};
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
    /// How it differs, a word of [`StepClass`]: `same`; `varying` where only times, paths or the order differ;
    /// `flaky`; `output` where it ended with the same code and printed something else; `diagnostics`, `outcome`,
    /// `code`, `timed_out`; `missing` where it was not run, `tool_missing` where its program is not there.
    pub difference: &'static str,
    /// At most a few lines of what differs, those of then with `-` in front and those of now with `+`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Whether what it printed then is still kept. Without it only codes and hashes are compared.
    pub kept: bool,
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
    /// Whether everything showed what it showed then.
    pub agrees: bool,
    /// Number of the first event of which something does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<u64>,
    /// The tree as it is; absent where no command could be run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<Sha256Hash>,
    /// The compiler of the trace and that of today, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<(String, String)>,
    /// Each command of each verification of this very tree.
    pub checks: Vec<LiveCheck>,
}

/// What the commands of a plan say now.
struct Now {
    tree: Option<Sha256Hash>,
    toolchain: Option<String>,
    steps: Vec<StepReport>,
    /// Commands whose program is not there.
    missing: Vec<CommandLine>,
}

impl ChangeSession<'_> {
    /// Runs the commands of the plan on the tree as it is, and compares them with what a trace says of a tree
    /// with the same files: what the compiler says, how each test came out, the codes, and what was printed where
    /// that is kept.
    ///
    /// # Errors
    ///
    /// `trace.invalid`; `trace.other_tree` where the trace says nothing of this tree; those of
    /// [`ChangeSession::verify`], but for a program that is not there.
    pub async fn replay_live(&self, trace: &[u8], cancel: &Cancel) -> Result<LiveReplay, EngineError> {
        let trace = read_trace(trace, &TraceLimits::default()).map_err(|error| {
            EngineError::new(ErrorCode::TRACE_INVALID, error.to_string()).with_source(error)
        })?;
        let now = self.now_of(cancel).await?;
        let mut checks = Vec::new();
        for event in &trace.events {
            let Body::Verify(verify) = &event.body else { continue };
            if now.tree.is_some_and(|tree| verify.tree != tree) {
                continue;
            }
            for recorded in &verify.checks {
                checks.push(self.check_again(event.seq.get(), recorded, &now));
            }
        }
        if checks.is_empty() {
            let tree = now.tree.map_or_else(|| "as it is".to_owned(), |tree| tree.to_string());
            let message = format!("the trace says nothing of the tree {tree}");
            return Err(EngineError::new(ErrorCode::TRACE_OTHER_TREE, message));
        }
        let toolchain = now.toolchain.filter(|toolchain| *toolchain != trace.header.toolchain);
        let toolchain = toolchain.map(|toolchain| (trace.header.toolchain, toolchain));
        let event = checks.iter().find(|(_, agrees)| !agrees).map(|(check, _)| check.seq);
        let checks = checks.into_iter().map(|(check, _)| check).collect();
        Ok(LiveReplay { agrees: event.is_none(), event, tree: now.tree, toolchain, checks })
    }

    /// One command then and now, and whether it agrees.
    fn check_again(&self, seq: u64, recorded: &Check, now: &Now) -> (LiveCheck, bool) {
        let command = CommandLine::new(recorded.program.clone(), recorded.arguments.clone());
        let again = now.steps.iter().find(|report| report.final_run().command == command);
        // What cannot be read is as good as gone.
        let kept = self.ports.outputs.as_ref().and_then(|outputs| outputs.output(&recorded.output).ok()?);
        let found = match again {
            Some(again) => compare_step(recorded, kept.as_deref(), again),
            None if now.missing.contains(&command) => StepDifference::of(StepClass::ToolMissing),
            None => StepDifference::of(StepClass::NotRun),
        };
        let check = LiveCheck {
            seq,
            command,
            difference: found.class.as_str(),
            lines: found.lines,
            kept: kept.is_some(),
            recorded: recorded.exit_code,
            now: again.and_then(|again| again.final_run().exit_code),
        };
        (check, found.class.agrees())
    }

    /// Runs the commands of the plan; one by one where a program is not there, so that the others are told of.
    async fn now_of(&self, cancel: &Cancel) -> Result<Now, EngineError> {
        let whole = &self.options.plan;
        match self.verify_plan(whole, cancel).await {
            Ok(Verification { tree, toolchain, steps, .. }) => {
                return Ok(Now { tree: Some(tree), toolchain, steps, missing: Vec::new() });
            }
            Err(error) if *error.code() == ErrorCode::RUN_NOT_FOUND => {}
            Err(error) => return Err(error),
        }
        let mut now = Now { tree: None, toolchain: None, steps: Vec::new(), missing: Vec::new() };
        for step in &whole.steps {
            let mut plan: VerifyPlan = whole.clone();
            plan.steps = vec![step.clone()];
            match self.verify_plan(&plan, cancel).await {
                Ok(verification) => {
                    now.tree = Some(verification.tree);
                    now.toolchain = now.toolchain.or(verification.toolchain);
                    now.steps.extend(verification.steps);
                }
                Err(error) if *error.code() == ErrorCode::RUN_NOT_FOUND => {
                    // Behind the command that asks for the compiler, the one that is run for the step.
                    now.missing.extend(plan.commands().pop());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(now)
    }
}
