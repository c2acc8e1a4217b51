//! The rules of a script, as data, and what its checker says.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::Sha256Hash;
use crate::record::rules::rules;
use crate::record::trace::Budget;

rules! {
    /// A rule that every script keeps, on every path through it. Ids are never renamed or reused; an
    /// old reader takes an unknown one for an error, so a new one comes with a new schema version.
    ScriptRule {
        Phase = "script.order.phase": "Plans come before probes, probes before decisions, decisions before patches.";
        ProbeBeforePlan = "script.order.probe_before_plan": "A plan stands before every probe.";
        DecideBeforeProbe = "script.order.decide_before_probe": "A probe stands before every decision.";
        PatchBeforeDecide = "script.order.patch_before_decide": "The decision for a patch stands before it.";
        NameUnknown = "script.name.unknown": "What a probe said is only asked behind that probe.";
        NameRepeated = "script.name.repeated": "No two probes on one path have the same name.";
        ForbiddenAction = "script.forbidden.action": "No step is of a kind that the policy forbids.";
        ForbiddenTool = "script.forbidden.tool": "No probe asks a tool that the policy forbids.";
        ForbiddenProgram = "script.forbidden.program": "No command runs a program that the policy forbids.";
        BadCommand = "script.verify.bad_command": "Every command has a program, and its quotes are closed.";
        BudgetAbovePolicy = "script.budget.above_policy": "The budget is not above that of the policy.";
        BudgetExceeded = "script.budget.exceeded": "Nothing is used beyond the budget.";
        ClaimNoAnchor = "script.claim.no_anchor": "Every claim has an anchor.";
        ClaimBadAnchor = "script.claim.bad_anchor": "Every anchor is a path, `#` and a symbol or heading.";
        AnswerThreshold = "script.threshold.answer": "No answer is less sure than the policy asks for.";
        PatchThreshold = "script.threshold.patch": "No patch is less sure than the policy asks for.";
        PatchLines = "script.patch.too_large": "No patch changes more lines than the policy allows.";
        PatchNoCheck = "script.patch.no_check": "A check of its tree stands before every patch.";
        PatchNoTest = "script.patch.no_test": "A test of its tree stands before every patch.";
        EndUnverified = "script.end.unverified": "A check and a test stand between the last patch and the end.";
        EndNoPatch = "script.end.no_patch": "A patch stands before every finish.";
        EndMissing = "script.end.missing": "Every path ends with an answer, a finish or an abstention.";
        Unreachable = "script.end.unreachable": "Nothing stands behind the end of every path.";
    }
}

/// A rule that a script breaks.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct ScriptViolation {
    /// The line of the statement that breaks it, from 1.
    pub line: u32,
    /// The rule.
    pub rule: ScriptRule,
}

impl ScriptViolation {
    pub(super) fn new(rule: ScriptRule, line: u32) -> Self {
        Self { line, rule }
    }
}

impl fmt::Display for ScriptViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} breaks {}", self.line, self.rule)
    }
}

/// That a script keeps every rule, and the lines by which it does.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ScriptWitness"))]
#[non_exhaustive]
pub struct Witness {
    /// Version of this record: 1.
    pub schema_version: u32,
    /// Each time that a rule asks something of a line, by line and rule; every rule is there.
    pub entries: Vec<WitnessEntry>,
    /// SHA-256 of the canonical text of the script.
    pub script: Sha256Hash,
    /// The most that any path uses, amount by amount.
    pub worst_case: Budget,
}

/// What a rule asks of one line, and by which lines it is given.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "ScriptWitnessEntry"))]
#[non_exhaustive]
pub struct WitnessEntry {
    /// The line of which it is asked, from 1.
    pub line: u32,
    /// The rule.
    pub rule: ScriptRule,
    /// The lines that give it, on every path one of them at least. Empty, and asked of line 1, where no line
    /// of the script does what the rule is about.
    pub satisfied_by: Vec<u32>,
}
