//! Checks a script on every path through it, without following each: what holds behind a branch is what
//! holds behind both of its ways.

use std::collections::{BTreeMap, BTreeSet};

use super::{Claim, Name, ParsedScript, ScriptRule, ScriptViolation, Statement, StatementKind};
use super::{Witness, WitnessEntry};
use crate::base::RelPath;
use crate::change::CheckRole;
use crate::change::CommandLine;
use crate::record::trace::{Budget, Count, Policy, ProbeTool};

/// What a script may do.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ScriptPolicy {
    /// Thresholds and bounds.
    pub policy: Policy,
    /// Kinds of steps that must not occur. Default: none.
    pub forbidden_actions: Vec<StatementKind>,
    /// Tools that no probe may ask. Default: none.
    pub forbidden_tools: Vec<ProbeTool>,
    /// Programs that no command may run, by the last part of their path. Default: none.
    pub forbidden_programs: Vec<String>,
}

impl ScriptPolicy {
    /// Nothing is forbidden but by these thresholds and bounds.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { policy, ..Self::default() }
    }

    /// The same with kinds of steps that must not occur.
    #[must_use]
    pub fn with_forbidden_actions(mut self, actions: Vec<StatementKind>) -> Self {
        self.forbidden_actions = actions;
        self
    }

    /// The same with tools that no probe may ask.
    #[must_use]
    pub fn with_forbidden_tools(mut self, tools: Vec<ProbeTool>) -> Self {
        self.forbidden_tools = tools;
        self
    }

    /// The same with programs that no command may run.
    #[must_use]
    pub fn with_forbidden_programs(mut self, programs: Vec<String>) -> Self {
        self.forbidden_programs = programs;
        self
    }
}

/// Checks that a script keeps every rule on every path.
///
/// A path ends at an answer, a finish or an abstention. The cost is that of one pass over the script,
/// however many paths there are.
///
/// # Errors
///
/// Every rule that is broken, by line and rule.
pub fn check_script(parsed: &ParsedScript, policy: &ScriptPolicy) -> Result<Witness, Vec<ScriptViolation>> {
    let mut checker = Checker {
        policy,
        budget: *parsed.script.budget(),
        lines: parsed.lines.iter(),
        violations: BTreeSet::new(),
        entries: Vec::new(),
        worst_case: Budget::ZERO,
    };
    let is_allowed = checker.budget.first_above(&policy.policy.budget).is_none();
    if !is_allowed {
        checker.breach(ScriptRule::BudgetAbovePolicy, 1);
    }
    if checker.block(parsed.script.statements(), Some(Facts::default())).is_some() {
        checker.breach(ScriptRule::EndMissing, parsed.last_line);
    }
    if checker.violations.is_empty() {
        for rule in ScriptRule::ALL {
            if checker.entries.iter().all(|entry| entry.rule != *rule) {
                checker.entries.push(WitnessEntry { line: 1, rule: *rule, satisfied_by: Vec::new() });
            }
        }
        checker.entries.sort();
        checker.entries.dedup();
        Ok(Witness {
            schema_version: super::SCHEMA_VERSION,
            entries: checker.entries,
            script: parsed.script.hash(),
            worst_case: checker.worst_case,
        })
    } else {
        Err(checker.violations.into_iter().collect())
    }
}

/// Something that stands before a line on every path to it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Fact {
    Plan,
    AnyProbe,
    Probe(Name),
    Decision(Name),
    Check(Name),
    Test(Name),
    Patch,
    /// Behind the last patch.
    CheckAfter,
    TestAfter,
}

/// The phases of a session, in their order.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
enum Phase {
    #[default]
    Plan,
    Probe,
    Decide,
    Patch,
}

/// What is known at a line: of facts, what holds on every path to it, and of the rest what may be.
#[derive(Clone, Debug, Default)]
struct Facts {
    /// Each with the lines that make it true.
    facts: BTreeMap<Fact, BTreeSet<u32>>,
    /// Names of probes on some path.
    names: BTreeSet<Name>,
    /// The last phase on some path.
    phase: Phase,
    /// The most that a path used.
    used: Budget,
    /// The patches that were applied last on some path and not checked since.
    unchecked: BTreeSet<Name>,
    /// The patches that were applied last on some path and not tested since.
    untested: BTreeSet<Name>,
}

impl Facts {
    fn add(&mut self, fact: Fact, line: u32) {
        self.facts.insert(fact, BTreeSet::from([line]));
    }

    /// What is known where two ways meet.
    fn join(self, other: Self) -> Self {
        let mut facts = self.facts;
        facts.retain(|fact, _| other.facts.contains_key(fact));
        for (fact, lines) in &mut facts {
            lines.extend(other.facts.get(fact).into_iter().flatten());
        }
        let joined = |mut some: BTreeSet<Name>, more| {
            some.extend(more);
            some
        };
        Self {
            facts,
            names: joined(self.names, other.names),
            phase: self.phase.max(other.phase),
            used: self.used.max(&other.used),
            unchecked: joined(self.unchecked, other.unchecked),
            untested: joined(self.untested, other.untested),
        }
    }
}

struct Checker<'a> {
    policy: &'a ScriptPolicy,
    budget: Budget,
    lines: std::slice::Iter<'a, u32>,
    violations: BTreeSet<ScriptViolation>,
    entries: Vec<WitnessEntry>,
    worst_case: Budget,
}

impl Checker<'_> {
    fn breach(&mut self, rule: ScriptRule, line: u32) {
        self.violations.insert(ScriptViolation::new(rule, line));
    }

    /// Notes that `line` keeps a rule by itself, or breaks it.
    fn ask(&mut self, rule: ScriptRule, line: u32, holds: bool) {
        if holds {
            self.entries.push(WitnessEntry { line, rule, satisfied_by: vec![line] });
        } else {
            self.breach(rule, line);
        }
    }

    /// Notes by which lines a rule is kept that asks for a fact, or that it is broken.
    fn require(&mut self, rule: ScriptRule, line: u32, facts: &Facts, fact: &Fact) {
        match facts.facts.get(fact) {
            Some(lines) => {
                let satisfied_by = lines.iter().copied().collect();
                self.entries.push(WitnessEntry { line, rule, satisfied_by });
            }
            None => self.breach(rule, line),
        }
    }

    /// What is known behind a block; `None` where no path leads out of it.
    fn block(&mut self, block: &[Statement], mut facts: Option<Facts>) -> Option<Facts> {
        // What lies inside of an unreachable branch is unreachable with it.
        let mut was_told = facts.is_none();
        for statement in block {
            // Lines beyond those that the parser gave are those of no text.
            let line = self.lines.next().copied().unwrap_or(0);
            if facts.is_none() && !was_told {
                self.breach(ScriptRule::Unreachable, line);
                was_told = true;
            }
            facts = match (statement, facts) {
                (Statement::If { name, then, otherwise, .. }, facts) => {
                    if let Some(facts) = &facts {
                        self.action(statement, line);
                        self.require(ScriptRule::NameUnknown, line, facts, &Fact::Probe(name.clone()));
                    }
                    let first = self.block(then, facts.clone());
                    let second = self.block(otherwise, facts);
                    match (first, second) {
                        (Some(first), Some(second)) => Some(first.join(second)),
                        (first, second) => first.or(second),
                    }
                }
                (_, None) => None,
                (_, Some(facts)) => self.step(statement, line, facts),
            };
        }
        facts
    }

    fn action(&mut self, statement: &Statement, line: u32) {
        if self.policy.forbidden_actions.contains(&statement.kind()) {
            self.breach(ScriptRule::ForbiddenAction, line);
        }
    }

    /// What is known behind a step that is no branch.
    fn step(&mut self, statement: &Statement, line: u32, mut facts: Facts) -> Option<Facts> {
        self.action(statement, line);
        match statement {
            Statement::If { .. } => {}
            Statement::Plan { .. } => {
                self.enter(Phase::Plan, line, &mut facts);
                facts.add(Fact::Plan, line);
            }
            Statement::Probe { name, tool, costs, .. } => {
                self.enter(Phase::Probe, line, &mut facts);
                self.require(ScriptRule::ProbeBeforePlan, line, &facts, &Fact::Plan);
                if self.policy.forbidden_tools.contains(tool) {
                    self.breach(ScriptRule::ForbiddenTool, line);
                }
                if !facts.names.insert(name.clone()) {
                    self.breach(ScriptRule::NameRepeated, line);
                }
                facts.add(Fact::AnyProbe, line);
                facts.add(Fact::Probe(name.clone()), line);
                self.spend(&Budget { probes: Count::new(1), ..Budget::ZERO }, costs, line, &mut facts);
            }
            Statement::Expect { name, .. } => {
                self.require(ScriptRule::NameUnknown, line, &facts, &Fact::Probe(name.clone()));
            }
            Statement::Answer { claim } => {
                self.enter(Phase::Decide, line, &mut facts);
                self.require(ScriptRule::DecideBeforeProbe, line, &facts, &Fact::AnyProbe);
                self.claim(claim, line);
                let is_sure = claim.confidence >= self.policy.policy.tau_answer;
                self.ask(ScriptRule::AnswerThreshold, line, is_sure);
                return self.end(line, &facts);
            }
            Statement::Decide { candidate, claim } => {
                self.enter(Phase::Decide, line, &mut facts);
                self.require(ScriptRule::DecideBeforeProbe, line, &facts, &Fact::AnyProbe);
                self.claim(claim, line);
                let is_sure = claim.confidence >= self.policy.policy.tau_patch;
                self.ask(ScriptRule::PatchThreshold, line, is_sure);
                facts.add(Fact::Decision(candidate.clone()), line);
                let one = Budget { candidates: Count::new(1), ..Budget::ZERO };
                self.spend(&one, &Budget::ZERO, line, &mut facts);
            }
            Statement::Verify { role, candidate, command, costs } => {
                self.require(ScriptRule::ProbeBeforePlan, line, &facts, &Fact::Plan);
                self.command(command, line);
                verified(*role, candidate, line, &mut facts);
                self.spend(&Budget { commands: Count::new(1), ..Budget::ZERO }, costs, line, &mut facts);
            }
            Statement::Patch { candidate, lines } => {
                self.enter(Phase::Patch, line, &mut facts);
                let name = || candidate.clone();
                self.require(ScriptRule::PatchBeforeDecide, line, &facts, &Fact::Decision(name()));
                self.require(ScriptRule::PatchNoCheck, line, &facts, &Fact::Check(name()));
                self.require(ScriptRule::PatchNoTest, line, &facts, &Fact::Test(name()));
                self.ask(ScriptRule::PatchLines, line, *lines <= self.policy.policy.max_changed_lines);
                facts.add(Fact::Patch, line);
                facts.facts.remove(&Fact::CheckAfter);
                facts.facts.remove(&Fact::TestAfter);
                // Used up: to apply it again it is decided again.
                facts.facts.remove(&Fact::Decision(name()));
                facts.unchecked = BTreeSet::from([name()]);
                facts.untested = BTreeSet::from([name()]);
            }
            Statement::Finish => {
                self.require(ScriptRule::EndNoPatch, line, &facts, &Fact::Patch);
                return self.end(line, &facts);
            }
            Statement::Abstain { .. } => return self.end(line, &facts),
        }
        Some(facts)
    }

    fn enter(&mut self, phase: Phase, line: u32, facts: &mut Facts) {
        // Several patches are decided for and applied one after the other: a decision may follow a patch.
        let goes_on = phase >= facts.phase || (phase, facts.phase) == (Phase::Decide, Phase::Patch);
        self.ask(ScriptRule::Phase, line, goes_on);
        facts.phase = facts.phase.max(phase);
    }

    fn spend(&mut self, one: &Budget, costs: &Budget, line: u32, facts: &mut Facts) {
        facts.used = facts.used.plus(one).plus(costs);
        self.worst_case = self.worst_case.max(&facts.used);
        let fits = facts.used.first_above(&self.budget).is_none();
        self.ask(ScriptRule::BudgetExceeded, line, fits);
    }

    fn claim(&mut self, claim: &Claim, line: u32) {
        self.ask(ScriptRule::ClaimNoAnchor, line, !claim.anchors.is_empty());
        if !claim.anchors.iter().all(|anchor| is_anchor(anchor)) {
            self.breach(ScriptRule::ClaimBadAnchor, line);
        }
    }

    fn command(&mut self, command: &str, line: u32) {
        let Ok(command) = CommandLine::parse(command) else {
            self.breach(ScriptRule::BadCommand, line);
            return;
        };
        let program = command.program.rsplit(['/', '\\']).next().unwrap_or_default();
        if self.policy.forbidden_programs.iter().any(|forbidden| forbidden == program) {
            self.breach(ScriptRule::ForbiddenProgram, line);
        }
    }

    /// The end of every path that leads here.
    fn end(&mut self, line: u32, facts: &Facts) -> Option<Facts> {
        if !facts.unchecked.is_empty() || !facts.untested.is_empty() {
            self.breach(ScriptRule::EndUnverified, line);
        } else if facts.facts.contains_key(&Fact::Patch) {
            self.require(ScriptRule::EndUnverified, line, facts, &Fact::CheckAfter);
            self.require(ScriptRule::EndUnverified, line, facts, &Fact::TestAfter);
        }
        None
    }
}

fn verified(role: CheckRole, candidate: &Name, line: u32, facts: &mut Facts) {
    let (before, after, missing) = match role {
        CheckRole::Check => (Fact::Check(candidate.clone()), Fact::CheckAfter, &mut facts.unchecked),
        CheckRole::Test => (Fact::Test(candidate.clone()), Fact::TestAfter, &mut facts.untested),
        CheckRole::Lint | CheckRole::Format => return,
    };
    // Of the tree that is there, on the paths on which this patch was applied last: other lines may say
    // the same of other paths.
    if missing.remove(candidate) {
        facts.facts.entry(after).or_default().insert(line);
    }
    facts.add(before, line);
}

/// A path inside the repository, `#`, and what of the file.
fn is_anchor(text: &str) -> bool {
    text.split_once('#').is_some_and(|(path, target)| {
        !path.is_empty() && !target.trim().is_empty() && RelPath::new(path).is_ok()
    })
}
