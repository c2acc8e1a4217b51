//! Scripts of every form.

use aether_core::change::CheckRole;
use aether_core::code::Confidence;
use aether_core::record::script::{Claim, Name, Script, Statement};
use aether_core::record::trace::{Budget, Count, ProbeOutcome, ProbeTool};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Few names, so that steps often speak of the same.
fn name() -> impl Strategy<Value = Name> {
    select(vec!["a", "b", "if", "costs"]).prop_map(|name| Name::new(name).expect("a name"))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z ]{0,8}",
        2 => "\\PC{0,8}",
        1 => "[\"\\\\\n\t\u{0}\u{1}\u{7f}\u{85}\u{9f}\u{2028}{};#]{1,6}",
    ]
}

fn budget(most: u64) -> impl Strategy<Value = Budget> {
    [0..=most, 0..=most, 0..=most, 0..=most, 0..=most].prop_map(
        |[candidates, commands, ms, probes, tokens]| {
            let mut budget = Budget::ZERO;
            budget.candidates = Count::new(candidates);
            budget.commands = Count::new(commands);
            budget.elapsed_ms = Count::new(ms);
            budget.probes = Count::new(probes);
            budget.tokens = Count::new(tokens);
            budget
        },
    )
}

fn claim() -> impl Strategy<Value = Claim> {
    let anchor = prop_oneof![4 => Just("src/a.rs#f".to_owned()), 1 => text()];
    let confidence = select(vec![0, 699, 700, 849, 850, 1000]).prop_map(Confidence::from_thousandths);
    (text(), confidence, vec(anchor, 0..3))
        .prop_map(|(text, confidence, anchors)| Claim::new(text, confidence, anchors))
}

fn tool() -> impl Strategy<Value = ProbeTool> {
    prop_oneof![
        select(vec!["index", "cargo"]).prop_map(ProbeTool::new),
        text().prop_map(|it| ProbeTool::new(&it))
    ]
}

fn step() -> impl Strategy<Value = Statement> {
    let roles = vec![
        CheckRole::Check,
        CheckRole::Check,
        CheckRole::Test,
        CheckRole::Test,
        CheckRole::Lint,
        CheckRole::Format,
    ];
    let command = prop_oneof![6 => Just("cargo check".to_owned()), 1 => text()];
    let costs = || prop_oneof![3 => Just(Budget::ZERO), 1 => budget(3)];
    prop_oneof![
        2 => text().prop_map(|text| Statement::Plan { text }),
        3 => (name(), tool(), text(), costs())
            .prop_map(|(name, tool, target, costs)| Statement::Probe { name, tool, target, costs }),
        1 => (name(), select(ProbeOutcome::ALL.to_vec()))
            .prop_map(|(name, outcome)| Statement::Expect { name, outcome }),
        1 => claim().prop_map(|claim| Statement::Answer { claim }),
        3 => (name(), claim()).prop_map(|(candidate, claim)| Statement::Decide { candidate, claim }),
        6 => (select(roles), name(), command, costs()).prop_map(|(role, candidate, command, costs)| {
            Statement::Verify { role, candidate, command, costs }
        }),
        3 => (name(), 0_u64..30)
            .prop_map(|(candidate, lines)| Statement::Patch { candidate, lines: Count::new(lines) }),
        1 => Just(Statement::Finish),
        1 => (text(), tool(), text())
            .prop_map(|(reason, tool, target)| Statement::Abstain { reason, tool, target }),
    ]
}

fn block() -> impl Strategy<Value = Vec<Statement>> {
    let leaf = vec(step(), 0..8);
    leaf.prop_recursive(3, 60, 6, |inner| {
        let branch = (name(), select(ProbeOutcome::ALL.to_vec()), inner.clone(), inner)
            .prop_map(|(name, outcome, then, otherwise)| Statement::If { name, outcome, then, otherwise });
        vec(prop_oneof![3 => step(), 1 => branch], 0..8)
    })
}

pub(crate) fn script() -> impl Strategy<Value = Script> {
    let body = prop_oneof![
        block(),
        // Often in the order that makes sense, so that paths get far.
        (block(), block()).prop_map(|(middle, end)| {
            let a = || Name::new("a").expect("a name");
            let mut all = vec![Statement::Plan { text: "p".to_owned() }];
            let (tool, target, costs) = (ProbeTool::INDEX, "t".to_owned(), Budget::ZERO);
            all.push(Statement::Probe { name: a(), tool, target, costs });
            all.extend(middle);
            all.extend(end);
            all
        }),
    ];
    (budget(12), body).prop_map(|(budget, body)| Script::new(budget, body).expect("it is small"))
}

/// The text with other white space between its words; quoted texts stay.
pub(crate) fn respaced(text: &str, spaces: &str) -> String {
    let mut out = String::new();
    let (mut is_quoted, mut is_escaped) = (false, false);
    for character in text.chars() {
        if !is_quoted && character.is_whitespace() {
            out.push_str(spaces);
            continue;
        }
        match character {
            '"' if !is_escaped => is_quoted = !is_quoted,
            _ => {}
        }
        is_escaped = is_quoted && !is_escaped && character == '\\';
        out.push(character);
        if !is_quoted && "=,;{}".contains(character) {
            out.push_str(spaces);
        }
    }
    out
}
