//! TraceScript: text and script are one to one, and what the checker says is so on every path.

mod paths;
mod strategy;

use aether_core::record::script::{
    ParsedScript, Script, ScriptErrorKind, ScriptPolicy, ScriptRule, Statement, StatementKind, check_script,
    parse_script,
};
use aether_core::record::trace::{Budget, Count, Policy, ProbeOutcome, ProbeTool};
use proptest::prelude::*;

proptest! {
    #[test]
    fn what_is_printed_and_parsed_is_the_same_script(script in strategy::script()) {
        let text = script.to_string();
        let parsed = parse_script(&text).expect("what was printed is a script");
        prop_assert_eq!(&parsed.script, &script);
        // Printing has one form, and the lines are those of the text.
        prop_assert_eq!(parsed.script.to_string(), text);
        let ParsedScript { lines, .. } = ParsedScript::from(script);
        prop_assert_eq!(parsed.lines, lines);
    }

    /// Whatever white space a person leaves between the words, it is the same script.
    #[test]
    fn white_space_says_nothing(script in strategy::script(), spaces in "[ \t\n\r]{1,6}") {
        let text = strategy::respaced(&script.to_string(), &spaces);
        let parsed = parse_script(&text).expect("white space does no harm");
        prop_assert_eq!(parsed.script, script);
    }

    #[test]
    fn no_text_makes_the_parser_fail(text in "\\PC{0,200}") {
        let _ = parse_script(&text);
    }

    /// A script with one character changed is another script or none, and never a panic.
    #[test]
    fn damaged_scripts_are_read_or_refused(script in strategy::script(), at in any::<prop::sample::Index>(), with in "\\PC|[{};=\"\\\\]") {
        let mut text: Vec<char> = script.to_string().chars().collect();
        let at = at.index(text.len());
        text[at] = with.chars().next().unwrap_or(' ');
        if let Ok(parsed) = parse_script(&text.into_iter().collect::<String>()) {
            let again = parse_script(&parsed.script.to_string()).expect("it was printed");
            prop_assert_eq!(again.script, parsed.script);
        }
    }
}

/// A script in which all is well, with one part replaced.
fn example(from: &str, to: &str) -> String {
    const TEXT: &str = r#"tracescript 1;
budget probes 3, commands 5, candidates 1, elapsed_ms 1000;
plan "find it";
probe p1 = index "f" costs elapsed_ms 400;
expect p1 confirmed;
probe p2 = docs "f";
if p2 refuted {
    abstain "it is documented otherwise" next memory "f";
} else {
    decide patch c1 "f is wrong" confidence 900 anchors "src/a.rs#f", "README.md#Usage";
    verify check c1 "cargo check";
    verify test c1 "cargo test" costs elapsed_ms 500;
}
patch c1 lines 20;
verify check c1 "cargo check";
verify test c1 "cargo test";
decide finish;
"#;
    assert!(TEXT.contains(from), "{from}");
    TEXT.replacen(from, to, 1)
}

fn policy() -> ScriptPolicy {
    let limit = Budget { probes: Count::new(3), ..Budget::UNLIMITED };
    ScriptPolicy::new(Policy::default().with_budget(limit))
        .with_forbidden_actions(vec![StatementKind::Answer])
        .with_forbidden_tools(vec![ProbeTool::new("network")])
        .with_forbidden_programs(vec!["rm".to_owned()])
}

#[track_caller]
fn check(from: &str, to: &str, expected: &[(u32, ScriptRule)]) {
    let parsed = parse_script(&example(from, to)).expect("it is a script");
    let found = check_script(&parsed, &policy()).err().unwrap_or_default();
    let found: Vec<(u32, ScriptRule)> = found.iter().map(|it| (it.line, it.rule)).collect();
    assert_eq!(found, expected, "{from:?} became {to:?}");
}

#[test]
fn each_rule_is_broken_where_it_is() {
    use ScriptRule as R;

    check("", "", &[]);
    check(
        "plan \"find it\";\n",
        "",
        &[
            (3, R::ProbeBeforePlan),
            (5, R::ProbeBeforePlan),
            (10, R::ProbeBeforePlan),
            (11, R::ProbeBeforePlan),
            (14, R::ProbeBeforePlan),
            (15, R::ProbeBeforePlan),
        ],
    );
    check("patch c1 lines 20;", "plan \"again\"; patch c1 lines 20;", &[(14, R::Phase)]);
    check("patch c1 lines 20;", "probe p3 = index \"g\"; patch c1 lines 20;", &[(14, R::Phase)]);
    check("decide patch c1", "decide patch c2", &[(14, R::PatchBeforeDecide)]);
    check("if p2 refuted", "if p3 refuted", &[(7, R::NameUnknown)]);
    check("expect p1", "expect p2", &[(5, R::NameUnknown)]);
    check("probe p2 =", "probe p1 =", &[(6, R::NameRepeated), (7, R::NameUnknown)]);
    check("= docs", "= network", &[(6, R::ForbiddenTool)]);
    check("\"cargo check\"", "\"/bin/rm -r src\"", &[(11, R::ForbiddenProgram)]);
    check("\"cargo check\"", "\"cargo 'check\"", &[(11, R::BadCommand)]);
    check("probes 3", "probes 4", &[(1, R::BudgetAbovePolicy)]);
    check(
        "probes 3",
        "probes 1",
        &[
            (6, R::BudgetExceeded),
            (10, R::BudgetExceeded),
            (11, R::BudgetExceeded),
            (12, R::BudgetExceeded),
            (15, R::BudgetExceeded),
            (16, R::BudgetExceeded),
        ],
    );
    check("commands 5", "commands 3", &[(16, R::BudgetExceeded)]);
    check(
        "candidates 1, ",
        "",
        &[
            (10, R::BudgetExceeded),
            (11, R::BudgetExceeded),
            (12, R::BudgetExceeded),
            (15, R::BudgetExceeded),
            (16, R::BudgetExceeded),
        ],
    );
    check(
        "elapsed_ms 1000",
        "elapsed_ms 899",
        &[(12, R::BudgetExceeded), (15, R::BudgetExceeded), (16, R::BudgetExceeded)],
    );
    check(" anchors \"src/a.rs#f\", \"README.md#Usage\"", "", &[(10, R::ClaimNoAnchor)]);
    check("README.md#Usage", "../README.md#Usage", &[(10, R::ClaimBadAnchor)]);
    check("README.md#Usage", "README.md", &[(10, R::ClaimBadAnchor)]);
    check("README.md#Usage", "README.md# ", &[(10, R::ClaimBadAnchor)]);
    check("README.md#Usage", "#Usage", &[(10, R::ClaimBadAnchor)]);
    check("confidence 900", "confidence 849", &[(10, R::PatchThreshold)]);
    check("lines 20", "lines 21", &[(14, R::PatchLines)]);
    check("    verify check c1 \"cargo check\";\n", "", &[(13, R::PatchNoCheck)]);
    check("    verify test c1 \"cargo test\" costs elapsed_ms 500;\n", "", &[(13, R::PatchNoTest)]);
    check("verify check c1", "verify lint c1", &[(14, R::PatchNoCheck)]);
    check("}\npatch c1 lines 20;", "}\npatch c1 lines 20; patch c1 lines 20;", &[(14, R::PatchBeforeDecide)]);
    check("verify test c1 \"cargo test\";\n", "", &[(16, R::EndUnverified)]);
    check("decide finish;\n", "", &[(17, R::EndMissing)]);
    check(
        "abstain \"it is documented otherwise\" next memory \"f\";",
        "expect p1 confirmed;",
        &[(14, R::PatchBeforeDecide), (14, R::PatchNoCheck), (14, R::PatchNoTest)],
    );
    check(
        "plan \"find it\";",
        "plan \"find it\"; decide finish;",
        &[(3, R::EndNoPatch), (4, R::Unreachable)],
    );
    check(
        "expect p1 confirmed;",
        "decide answer \"so\" confidence 699 anchors \"a#b\";",
        &[(5, R::ForbiddenAction), (5, R::AnswerThreshold), (6, R::Unreachable)],
    );
    check(
        "probe p1 = index \"f\" costs elapsed_ms 400;\nexpect p1 confirmed;\nprobe p2 = docs \"f\";\nif p2 refuted {",
        "expect p1 confirmed; if p1 refuted {",
        &[(4, R::NameUnknown), (7, R::DecideBeforeProbe)],
    );
}

/// Each rule is named by the test above or below, so none goes unchecked.
#[test]
fn rules_are_documented_and_broken() {
    let document = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/SCHEMAS.md");
    let document = std::fs::read_to_string(document).expect("the document");
    let documented: Vec<&str> = document.lines().filter(|line| line.starts_with("| `script.")).collect();
    let expected: Vec<String> =
        ScriptRule::ALL.iter().map(|rule| format!("| `{}` | {} |", rule.id(), rule.meaning())).collect();
    assert_eq!(documented, expected);
    let tests = include_str!("script.rs");
    for rule in ScriptRule::ALL {
        assert!(tests.contains(&format!("R::{rule:?})")), "{rule:?}");
    }
}

#[test]
fn a_witness_names_the_lines_that_keep_each_rule() {
    let parsed = parse_script(&example("", "")).expect("it is a script");
    let witness = check_script(&parsed, &policy()).expect("all is well");
    let lines_of = |rule: ScriptRule| -> Vec<(u32, Vec<u32>)> {
        let entries = witness.entries.iter().filter(|entry| entry.rule == rule);
        entries.map(|entry| (entry.line, entry.satisfied_by.clone())).collect()
    };
    assert_eq!(lines_of(ScriptRule::PatchBeforeDecide), [(14, vec![10])]);
    assert_eq!(lines_of(ScriptRule::PatchNoCheck), [(14, vec![11])]);
    assert_eq!(lines_of(ScriptRule::PatchNoTest), [(14, vec![12])]);
    assert_eq!(lines_of(ScriptRule::EndUnverified), [(17, vec![15]), (17, vec![16])]);
    assert_eq!(lines_of(ScriptRule::ForbiddenTool), [(1, vec![])]);
    for rule in ScriptRule::ALL {
        assert!(!lines_of(*rule).is_empty(), "{rule}");
    }
    assert_eq!(witness.script, parsed.script.hash());
    let worst: Vec<u64> = witness.worst_case.amounts().iter().map(|(_, amount)| amount.get()).collect();
    assert_eq!(worst, [1, 4, 900, 2, 0]);
    let json = serde_json::to_string(&witness).expect("a record");
    assert_eq!(serde_json::from_str::<aether_core::record::script::Witness>(&json).ok(), Some(witness));
}

#[test]
fn both_ways_of_a_branch_may_keep_a_rule() {
    let text = r#"tracescript 1;
budget probes 1, commands 2, candidates 1;
plan "p";
probe p1 = cargo "check";
decide patch c1 "c" confidence 850 anchors "a#b";
if p1 confirmed {
    verify check c1 "cargo check";
} else {
    verify check c1 "make check";
}
verify test c1 "cargo test";
abstain "a" next cargo "b";
"#;
    let with_patch = text.replace("abstain", "patch c1 lines 1;\nabstain");
    let parsed = parse_script(&with_patch).expect("it is a script");
    let found = check_script(&parsed, &ScriptPolicy::default()).expect_err("the patch stays unverified");
    assert_eq!(found.iter().map(|it| it.rule).collect::<Vec<_>>(), [ScriptRule::EndUnverified]);

    let verified = with_patch
        .replace("abstain", "verify check c1 \"c\";\nverify test c1 \"t\";\nabstain")
        .replace("commands 2", "commands 4");
    let parsed = parse_script(&verified).expect("it is a script");
    let witness = check_script(&parsed, &ScriptPolicy::default()).expect("all is well");
    let entry = witness.entries.iter().find(|entry| entry.rule == ScriptRule::PatchNoCheck);
    assert_eq!(entry.map(|entry| entry.satisfied_by.clone()), Some(vec![7, 9]));
}

#[track_caller]
fn check_error(text: &str, kind: ScriptErrorKind, expected: &str) {
    let error = parse_script(text).expect_err(text);
    assert_eq!((error.kind(), error.to_string().as_str()), (kind, expected), "{text}");
    assert!(error.place().is_some());
}

#[test]
fn errors_say_where_and_what_was_expected() {
    use ScriptErrorKind as K;

    check_error("", K::Unexpected, "line 1, column 1: expected `tracescript`, found the end");
    check_error("tracescript 2;", K::Unexpected, "line 1, column 13: expected version `1`, found `2`");
    check_error("tracescript 1;\nplan", K::Unexpected, "line 2, column 1: expected `budget`, found `plan`");
    let check_step = |text: &str, kind, expected: &str| {
        check_error(&format!("tracescript 1;\nbudget nothing;\n{text}"), kind, expected);
    };
    let statements = "`plan`, `probe`, `expect`, `if`, `decide`, `verify`, `patch`, `abstain`";
    check_step("plan \"ä\" plan", K::Unexpected, "line 3, column 10: expected `;`, found `plan`");
    check_step("plan plan", K::Unexpected, "line 3, column 6: expected a text in quotes, found `plan`");
    check_step("plan \"\n", K::BadText, "line 3, column 7: control character is not written as an escape");
    check_step("plan \"a", K::BadText, "line 3, column 6: text is not closed");
    for escape in ["\\x", "\\u12", "\\u{d800}", "\\u{1234567}", "\\u{}", "\\u{110000}"] {
        let expected = "line 3, column 7: escape is none of \\\" \\\\ \\n \\t \\u{…}";
        check_step(&format!("plan \"{escape}\";"), K::BadText, expected);
    }
    check_step("go;", K::Unexpected, &format!("line 3, column 1: expected {statements}, found `go`"));
    check_step(
        "}",
        K::Unexpected,
        &format!("line 3, column 1: expected {statements} or the end, found `}}`"),
    );
    check_step(
        "if a confirmed { ",
        K::Unexpected,
        &format!("line 3, column 18: expected {statements} or `}}`, found the end"),
    );
    check_step(
        "if a so { }",
        K::Unexpected,
        "line 3, column 6: expected `confirmed`, `refuted`, `inconclusive` or `unavailable`, found `so`",
    );
    check_step(
        "decide so;",
        K::Unexpected,
        "line 3, column 8: expected `answer`, `patch` or `finish`, found `so`",
    );
    check_step(
        "verify so",
        K::Unexpected,
        "line 3, column 8: expected `check`, `test`, `lint` or `format`, found `so`",
    );
    check_step(
        "patch c lines 01;",
        K::BadNumber,
        "line 3, column 15: number has a leading zero or is not below 2^53",
    );
    check_step(
        "patch c lines 9007199254740992;",
        K::BadNumber,
        "line 3, column 15: number has a leading zero or is not below 2^53",
    );
    check_step(
        "decide answer \"a\" confidence 1001;",
        K::BadNumber,
        "line 3, column 30: confidence is above 1000 thousandths",
    );
    check_step(
        "probe a = b \"c\" costs probes 1, probes 2;",
        K::Unexpected,
        "line 3, column 33: `probes` was given already",
    );
    check_step(
        "probe a = b \"c\" costs nothing 1;",
        K::Unexpected,
        "line 3, column 23: expected `candidates`, `commands`, `elapsed_ms`, `probes` or `tokens`, found `nothing`",
    );
    check_step(
        &format!("patch {} lines 1;", "c".repeat(65)),
        K::BadName,
        "line 3, column 7: name is not a letter a to z and then letters, digits and `_`, 64 at most",
    );
    check_step(
        "plan \"a\"; # remark",
        K::Unexpected,
        "line 3, column 11: '#' begins nothing that a script has",
    );
}

#[test]
fn large_scripts_are_refused() {
    let head = "tracescript 1; budget nothing; ";
    let deep = |levels: usize| [head, &"if a confirmed { ".repeat(levels), &"} ".repeat(levels)].concat();
    assert!(parse_script(&deep(32)).is_ok());
    let error = parse_script(&deep(33)).expect_err("too deep");
    assert_eq!((error.kind(), error.code().as_str()), (ScriptErrorKind::TooDeep, "script.too_large"));
    assert_eq!(parse_script(&deep(5_000)).expect_err("too deep").kind(), ScriptErrorKind::TooDeep);
    let long = |steps: usize| [head, &"decide finish; ".repeat(steps)].concat();
    assert!(parse_script(&long(10_000)).is_ok());
    assert_eq!(parse_script(&long(10_001)).expect_err("too long").kind(), ScriptErrorKind::TooLong);
    let error = parse_script(&" ".repeat(256 * 1024 + 1)).expect_err("too long");
    assert_eq!(error.kind(), ScriptErrorKind::TooLong);
    // The same of scripts that no text was.
    let steps = vec![Statement::Finish; 10_001];
    assert_eq!(Script::new(Budget::ZERO, steps).expect_err("too long").kind(), ScriptErrorKind::TooLong);
    let branch = |then| Statement::If {
        name: aether_core::record::script::Name::new("a").expect("a name"),
        outcome: ProbeOutcome::Confirmed,
        then,
        otherwise: Vec::new(),
    };
    let nested = |levels: usize| (0..levels).fold(Vec::new(), |inner, _| vec![branch(inner)]);
    assert!(Script::new(Budget::ZERO, nested(32)).is_ok());
    assert_eq!(Script::new(Budget::ZERO, nested(33)).expect_err("deep").kind(), ScriptErrorKind::TooDeep);
}
