//! A second checker, which follows every path by itself, and the comparison with the one of the library.

use std::collections::BTreeSet;

use aether_core::base::RelPath;
use aether_core::change::CheckRole;
use aether_core::change::CommandLine;
use aether_core::record::script::{
    Claim, ParsedScript, Script, ScriptPolicy, ScriptRule, Statement, check_script,
};
use aether_core::record::trace::{Budget, Count};
use proptest::prelude::*;

use super::strategy;

type Line<'a> = (u32, &'a Statement);

/// Every path through the script as a list of statements; more than a bound gives none.
fn paths<'a>(block: &'a [Statement], lines: &mut impl Iterator<Item = u32>) -> Vec<Vec<Line<'a>>> {
    let mut all: Vec<Vec<Line<'a>>> = vec![Vec::new()];
    for statement in block {
        let line = lines.next().expect("each statement has a line");
        all.iter_mut().for_each(|path| path.push((line, statement)));
        if let Statement::If { then, otherwise, .. } = statement {
            let ways = [paths(then, lines), paths(otherwise, lines)].concat();
            all = all
                .iter()
                .flat_map(|path| ways.iter().map(|way| [path.clone(), way.clone()].concat()))
                .collect();
        }
    }
    all
}

fn is_end(statement: &Statement) -> bool {
    matches!(statement, Statement::Answer { .. } | Statement::Finish | Statement::Abstain { .. })
}

/// What one path breaks, told by looking back along it.
fn judge(path: &[Line<'_>], last_line: u32, budget: &Budget, found: &mut BTreeSet<(u32, ScriptRule)>) {
    use ScriptRule as R;

    let policy = ScriptPolicy::default().policy;
    let end = path.iter().position(|(_, statement)| is_end(statement));
    if end.is_none() {
        found.insert((last_line, R::EndMissing));
    }
    let path = &path[..end.map_or(path.len(), |end| end + 1)];
    let mut used = Budget::ZERO;
    for (at, (line, statement)) in path.iter().enumerate() {
        let before = &path[..at];
        let has = |fits: &dyn Fn(&Statement) -> bool| before.iter().any(|(_, it)| fits(it));
        let mut wants = |holds: bool, rule: ScriptRule| {
            if !holds {
                found.insert((*line, rule));
            }
        };
        let is_plan = |it: &Statement| matches!(it, Statement::Plan { .. });
        let is_probe = |it: &Statement| matches!(it, Statement::Probe { .. });
        let is_decision = |it: &Statement| matches!(it, Statement::Decide { .. });
        let is_patch = |it: &Statement| matches!(it, Statement::Patch { .. });
        let mut spend = |amount: &str, costs: &Budget| {
            let mut one = *costs;
            match amount {
                "probes" => one.probes = one.probes.plus(1),
                "commands" => one.commands = one.commands.plus(1),
                _ => one.candidates = one.candidates.plus(1),
            }
            used = used.plus(&one);
            used.first_above(budget).is_none()
        };
        let wants_claim = |claim: &Claim, wants: &mut dyn FnMut(bool, ScriptRule)| {
            wants(!claim.anchors.is_empty(), R::ClaimNoAnchor);
            let good = claim.anchors.iter().all(|anchor| match anchor.split_once('#') {
                Some((path, target)) => {
                    !path.is_empty() && RelPath::new(path).is_ok() && !target.trim().is_empty()
                }
                None => false,
            });
            wants(good, R::ClaimBadAnchor);
        };
        match statement {
            Statement::Plan { .. } => {
                wants(!has(&|it| is_probe(it) || is_decision(it) || is_patch(it)), R::Phase);
            }
            Statement::Probe { name, costs, .. } => {
                wants(has(&is_plan), R::ProbeBeforePlan);
                wants(!has(&|it| is_decision(it) || is_patch(it)), R::Phase);
                let same =
                    |it: &Statement| matches!(it, Statement::Probe { name: other, .. } if other == name);
                wants(!has(&same), R::NameRepeated);
                wants(spend("probes", costs), R::BudgetExceeded);
            }
            Statement::Expect { name, .. } | Statement::If { name, .. } => {
                let same =
                    |it: &Statement| matches!(it, Statement::Probe { name: other, .. } if other == name);
                wants(has(&same), R::NameUnknown);
            }
            Statement::Answer { claim } => {
                wants(has(&is_probe), R::DecideBeforeProbe);
                wants_claim(claim, &mut wants);
                wants(claim.confidence >= policy.tau_answer, R::AnswerThreshold);
            }
            Statement::Decide { claim, .. } => {
                wants(has(&is_probe), R::DecideBeforeProbe);
                wants_claim(claim, &mut wants);
                wants(claim.confidence >= policy.tau_patch, R::PatchThreshold);
                wants(spend("candidates", &Budget::ZERO), R::BudgetExceeded);
            }
            Statement::Verify { command, costs, .. } => {
                wants(has(&is_plan), R::ProbeBeforePlan);
                wants(CommandLine::parse(command).is_ok(), R::BadCommand);
                wants(spend("commands", costs), R::BudgetExceeded);
            }
            Statement::Patch { candidate, lines } => {
                // The last word on this candidate has to be a decision for it.
                let last = before.iter().rev().find_map(|(_, it)| match it {
                    Statement::Decide { candidate: other, .. } if other == candidate => Some(true),
                    Statement::Patch { candidate: other, .. } if other == candidate => Some(false),
                    _ => None,
                });
                wants(last == Some(true), R::PatchBeforeDecide);
                wants(has(&|it| verifies(it, CheckRole::Check, candidate.as_str())), R::PatchNoCheck);
                wants(has(&|it| verifies(it, CheckRole::Test, candidate.as_str())), R::PatchNoTest);
                wants(*lines <= Count::new(20), R::PatchLines);
            }
            Statement::Finish => wants(has(&is_patch), R::EndNoPatch),
            _ => {}
        }
        if is_end(statement)
            && let Some(last) = before.iter().rposition(|(_, it)| is_patch(it))
            && let Statement::Patch { candidate, .. } = before[last].1
        {
            let behind = &before[last..];
            let verified = [CheckRole::Check, CheckRole::Test]
                .iter()
                .all(|role| behind.iter().any(|(_, it)| verifies(it, *role, candidate.as_str())));
            wants(verified, R::EndUnverified);
        }
    }
}

fn verifies(statement: &Statement, role: CheckRole, candidate: &str) -> bool {
    matches!(statement, Statement::Verify { role: its, candidate: other, .. }
        if *its == role && other.as_str() == candidate)
}

/// Lines that no path reaches; of each such region the first.
fn reached(path: &[Line<'_>]) -> impl Iterator<Item = u32> {
    let end = path.iter().position(|(_, statement)| is_end(statement)).map_or(path.len(), |end| end + 1);
    path[..end].iter().map(|(line, _)| *line)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// The library follows no path by itself, and says the same as who follows each.
    #[test]
    fn the_checker_says_what_holds_on_every_path(script in strategy::script()) {
        let parsed = ParsedScript::from(script);
        let mut lines = parsed.lines.iter().copied();
        let all = paths(parsed.script.statements(), &mut lines);
        prop_assume!(all.len() <= 5_000);
        let mut expected = BTreeSet::new();
        for path in &all {
            judge(path, parsed.last_line, parsed.script.budget(), &mut expected);
        }
        let reached: BTreeSet<u32> = all.iter().flat_map(|path| reached(path)).collect();
        let (unreachable, found): (Vec<_>, Vec<_>) = check_script(&parsed, &ScriptPolicy::default())
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|it| (it.line, it.rule))
            .partition(|(_, rule)| *rule == ScriptRule::Unreachable);
        prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{}", parsed.script);
        prop_assert!(unreachable.iter().all(|(line, _)| !reached.contains(line)));
        prop_assert_eq!(unreachable.is_empty(), parsed.lines.iter().all(|line| reached.contains(line)));
    }
}

/// The strategy gives scripts that keep every rule as well, or the comparison would say little.
#[test]
fn a_sound_script_is_sound_on_every_path() {
    let text = include_str!("../script.rs").split("r#\"").nth(1).and_then(|it| it.split("\"#").next());
    let script: Script =
        aether_core::record::script::parse_script(text.expect("the example")).expect("it").script;
    let parsed = ParsedScript::from(script);
    let mut lines = parsed.lines.iter().copied();
    let mut found = BTreeSet::new();
    let all = paths(parsed.script.statements(), &mut lines);
    assert_eq!(all.len(), 2);
    for path in &all {
        judge(path, parsed.last_line, parsed.script.budget(), &mut found);
    }
    assert_eq!(found, BTreeSet::new());
}
