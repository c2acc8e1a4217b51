//! Traces that say something else and were hashed anew: the chain holds, the session does not.

use aether_core::base::{Sha256Hash, canonical_json};
use aether_core::record::trace::TraceRule;
use serde_json::{Value, json};

use super::generate::{Random, Tree, trace};
use super::lines::{kind, rehash, renumber, values};
use super::{STEP, TRACES, judge};

/// Changes the lines; false where there is nothing of the kind to change.
type Mutate = fn(&mut Vec<Value>, &mut Random) -> bool;

fn other_hash(value: &str) -> Value {
    json!(Sha256Hash::of(value.as_bytes()))
}

/// The places of the lines that `fits` holds for.
fn places(lines: &[Value], fits: impl Fn(&Value) -> bool) -> Vec<usize> {
    lines.iter().enumerate().filter(|(_, line)| fits(line)).map(|(at, _)| at).collect()
}

/// Changes one of the lines that `fits` holds for.
fn change(
    lines: &mut [Value],
    random: &mut Random,
    fits: impl Fn(&Value) -> bool,
    change: impl FnOnce(&mut Value),
) -> bool {
    let places = places(lines, fits);
    if places.is_empty() {
        return false;
    }
    change(&mut lines[random.pick(&places)]);
    true
}

fn action(line: &Value) -> &str {
    line["body"]["decide"]["action"].as_str().unwrap_or("")
}

fn remove(line: &mut Value, member: &str) {
    line.as_object_mut().expect("an object").remove(member);
}

fn is_applied(line: &Value) -> bool {
    kind(line) == "patch" && line["body"]["patch"].get("reverts").is_none()
}

fn seal_policy(header: &mut Value) {
    let policy = header["policy"].as_object_mut().expect("an object");
    policy.remove("hash");
    let hash = Sha256Hash::of(canonical_json(&*policy).expect("canonical").as_bytes());
    policy.insert("hash".to_owned(), json!(hash));
}

/// Verifications of the tree that the first applied patch makes, before that patch.
fn verifications(lines: &[Value]) -> Vec<usize> {
    let Some(patch) = lines.iter().position(is_applied) else { return Vec::new() };
    let after = lines[patch]["body"]["patch"]["after"].clone();
    let before = &lines[..patch];
    places(before, |line| line["body"]["verify"]["tree"] == after)
}

fn insert(lines: &mut Vec<Value>, at: usize, body: Value) {
    let mut line = lines[at.min(lines.len() - 1)].clone();
    for member in ["anchors", "claim", "confidence", "evidence"] {
        remove(&mut line, member);
    }
    if at > 1 {
        line["budget"] = lines[at - 1]["budget"].clone();
    }
    if at > 1
        && let Some(time) = lines[at - 1].get("at").cloned()
    {
        line["at"] = time;
    }
    line["body"] = body;
    // A number that no line has: evidence must not follow it.
    line["seq"] = json!(1_000_000);
    lines.insert(at, line);
    renumber(lines);
}

fn drop_all(lines: &mut Vec<Value>, gone: impl Fn(&Value) -> bool) -> bool {
    let before = lines.len();
    lines.retain(|line| !gone(line));
    renumber(lines);
    lines.len() < before
}

const MUTANTS: &[(&str, TraceRule, Mutate)] = &[
    ("gap", TraceRule::Gap, |lines, random| {
        let from = 1 + random.below(lines.len() - 1);
        for (number, line) in lines.iter_mut().enumerate().skip(from) {
            line["seq"] = json!(number + 1);
        }
        true
    }),
    ("number twice", TraceRule::Repeated, |lines, random| {
        let from = 1 + random.below(lines.len() - 1);
        lines[from]["seq"] = json!(from - 1);
        true
    }),
    ("event of another trace", TraceRule::Foreign, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("seq").is_some(),
            |line| {
                line["trace"] = json!("session-of-somebody-else");
            },
        )
    }),
    ("no plan", TraceRule::ProbeBeforePlan, |lines, _| drop_all(lines, |line| kind(line) == "plan")),
    ("verification before the plan", TraceRule::ProbeBeforePlan, |lines, _| {
        let plan = lines.iter().position(|line| kind(line) == "plan").expect("a plan");
        let tree = lines[0]["snapshot"].clone();
        insert(lines, plan, json!({"verify": {"checks": [], "green": false, "tree": tree}}));
        true
    }),
    ("decision before the plan", TraceRule::DecideBeforePlan, |lines, _| {
        let plan = lines.iter().position(|line| kind(line) == "plan").expect("a plan");
        insert(lines, plan, json!({"decide": {"action": "probe", "reason": ""}}));
        true
    }),
    ("no probe", TraceRule::DecideBeforeProbe, |lines, _| {
        let decides = lines.iter().any(|line| ["answer", "patch"].contains(&action(line)));
        for line in lines.iter_mut() {
            remove(line, "evidence");
        }
        decides && drop_all(lines, |line| kind(line) == "probe")
    }),
    ("no decision", TraceRule::PatchBeforeDecide, |lines, _| {
        lines.iter().any(is_applied)
            && drop_all(lines, |line| kind(line) == "decide" && action(line) != "finish")
    }),
    ("decision that a plan took back", TraceRule::PatchUndecided, |lines, _| {
        let Some(at) = lines.iter().position(is_applied) else { return false };
        insert(lines, at, json!({"plan": {"steps": []}}));
        true
    }),
    ("decision for something else", TraceRule::PatchUndecided, |lines, _| {
        let Some(at) = lines.iter().position(is_applied) else { return false };
        insert(lines, at, json!({"decide": {"action": "probe", "reason": ""}}));
        true
    }),
    ("decision for another patch", TraceRule::PatchUndecided, |lines, random| {
        change(
            lines,
            random,
            |line| action(line) == "patch",
            |line| {
                line["body"]["decide"]["patch"] = other_hash("other patch");
            },
        )
    }),
    ("one decision for two patches", TraceRule::PatchUndecided, |lines, _| {
        let Some(at) = lines.iter().position(is_applied) else { return false };
        let body = lines[at]["body"].clone();
        insert(lines, at + 1, body);
        true
    }),
    ("decision that names no patch", TraceRule::DecisionPatch, |lines, random| {
        change(
            lines,
            random,
            |line| action(line) == "patch",
            |line| {
                remove(&mut line["body"]["decide"], "patch");
            },
        )
    }),
    ("decision that names a patch", TraceRule::DecisionPatch, |lines, random| {
        change(
            lines,
            random,
            |line| ["probe", "answer", "finish"].contains(&action(line)),
            |line| {
                line["body"]["decide"]["patch"] = other_hash("a patch");
            },
        )
    }),
    ("decision for a rejected patch", TraceRule::DecisionRejected, |lines, random| {
        change(
            lines,
            random,
            |line| action(line) == "patch",
            |line| {
                line["body"]["decide"]["candidates"][0]["rejected"] = json!("deletes a test");
            },
        )
    }),
    ("patch of low confidence", TraceRule::PatchThreshold, |lines, random| {
        change(lines, random, |line| action(line) == "patch", |line| line["confidence"] = json!(849))
    }),
    ("answer of low confidence", TraceRule::AnswerThreshold, |lines, random| {
        change(lines, random, |line| action(line) == "answer", |line| line["confidence"] = json!(699))
    }),
    ("higher threshold", TraceRule::PatchThreshold, |lines, _| {
        let patches: Vec<u64> = lines
            .iter()
            .filter(|line| action(line) == "patch")
            .filter_map(|line| line["confidence"].as_u64())
            .collect();
        let Some(least) = patches.iter().min().filter(|least| **least < 1000) else { return false };
        lines[0]["policy"]["tau_patch"] = json!(least + 1);
        seal_policy(&mut lines[0]);
        true
    }),
    ("no confidence", TraceRule::ConfidenceMissing, |lines, random| {
        change(
            lines,
            random,
            |line| ["answer", "patch"].contains(&action(line)),
            |line| {
                remove(line, "confidence");
            },
        )
    }),
    ("no claim", TraceRule::ClaimMissing, |lines, random| {
        let fits = |line: &Value| ["answer", "patch"].contains(&action(line)) || kind(line) == "scratch";
        change(lines, random, fits, |line| remove(line, "claim"))
    }),
    ("no anchor", TraceRule::AnchorMissing, |lines, random| {
        change(lines, random, |line| line.get("claim").is_some(), |line| remove(line, "anchors"))
    }),
    ("anchor in another file", TraceRule::AnchorUnknown, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("anchors").is_some(),
            |line| {
                line["anchors"][0]["file"] = json!("src/gone.rs");
            },
        )
    }),
    ("anchor at another place", TraceRule::AnchorStale, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("anchors").is_some(),
            |line| {
                let end = line["anchors"][0]["span"]["end"].as_u64().expect("a byte");
                line["anchors"][0]["span"]["end"] = json!(end - 1);
            },
        )
    }),
    ("anchor of another text", TraceRule::AnchorStale, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("anchors").is_some(),
            |line| {
                line["anchors"][0]["hash"] = other_hash("other text");
            },
        )
    }),
    ("anchor without a span", TraceRule::AnchorMalformed, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("anchors").is_some(),
            |line| {
                line["anchors"][0]["span"] = json!({"end": 3, "start": 3});
            },
        )
    }),
    ("anchor with lines that go back", TraceRule::AnchorMalformed, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("anchors").is_some(),
            |line| {
                line["anchors"][0]["lines"] = json!({"first": 4, "last": 3});
            },
        )
    }),
    ("anchor in line 0", TraceRule::AnchorMalformed, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("anchors").is_some(),
            |line| {
                line["anchors"][0]["lines"] = json!({"first": 0, "last": 3});
            },
        )
    }),
    ("larger patch", TraceRule::PatchLines, |lines, random| {
        change(lines, random, is_applied, |line| line["body"]["patch"]["changed_lines"] = json!(21))
    }),
    ("red verification", TraceRule::PatchUnverified, |lines, random| {
        let places = verifications(lines);
        let Some(at) = (!places.is_empty()).then(|| random.pick(&places)) else { return false };
        lines[at]["body"]["verify"]["green"] = json!(false);
        lines[at]["body"]["verify"]["checks"][0]["exit_code"] = json!(1);
        true
    }),
    ("verification that was killed", TraceRule::PatchUnverified, |lines, random| {
        let places = verifications(lines);
        let Some(at) = (!places.is_empty()).then(|| random.pick(&places)) else { return false };
        lines[at]["body"]["verify"]["green"] = json!(false);
        remove(&mut lines[at]["body"]["verify"]["checks"][1], "exit_code");
        true
    }),
    ("verification that turned red", TraceRule::PatchUnverified, |lines, _| {
        let Some(at) = lines.iter().position(is_applied) else { return false };
        let tree = lines[at]["body"]["patch"]["after"].clone();
        insert(lines, at, json!({"verify": {"checks": [], "green": false, "tree": tree}}));
        true
    }),
    ("verification of another tree", TraceRule::PatchUnverified, |lines, _| {
        let places = verifications(lines);
        for at in &places {
            lines[*at]["body"]["verify"]["tree"] = other_hash("other tree");
        }
        !places.is_empty()
    }),
    ("patch to another tree", TraceRule::PatchUnverified, |lines, random| {
        change(lines, random, is_applied, |line| {
            line["body"]["patch"]["after"] = other_hash("other tree");
        })
    }),
    ("no verification", TraceRule::PatchUnverified, |lines, _| {
        lines.iter().any(is_applied) && drop_all(lines, |line| kind(line) == "verify")
    }),
    ("verification without a test", TraceRule::PatchIncomplete, |lines, _| {
        let places = verifications(lines);
        for at in &places {
            lines[*at]["body"]["verify"]["checks"][1]["role"] = json!("lint");
        }
        !places.is_empty()
    }),
    ("verification without a check", TraceRule::PatchIncomplete, |lines, _| {
        let places = verifications(lines);
        for at in &places {
            lines[*at]["body"]["verify"]["checks"][0]["role"] = json!("format");
        }
        !places.is_empty()
    }),
    ("green without being so", TraceRule::VerifyContradiction, |lines, random| {
        let fits = |line: &Value| line["body"]["verify"]["green"] == true;
        change(lines, random, fits, |line| line["body"]["verify"]["checks"][0]["exit_code"] = json!(1))
    }),
    ("red without being so", TraceRule::VerifyContradiction, |lines, random| {
        let fits = |line: &Value| line["body"]["verify"]["green"] == true;
        change(lines, random, fits, |line| line["body"]["verify"]["green"] = json!(false))
    }),
    ("green of nothing", TraceRule::VerifyContradiction, |lines, random| {
        let fits = |line: &Value| line["body"]["verify"]["green"] == true;
        change(lines, random, fits, |line| line["body"]["verify"]["checks"] = json!([]))
    }),
    ("patch of another base", TraceRule::PatchBase, |lines, random| {
        change(lines, random, is_applied, |line| {
            line["body"]["patch"]["before"] = other_hash("other tree");
        })
    }),
    ("session of another snapshot", TraceRule::PatchBase, |lines, _| {
        lines[0]["snapshot"] = other_hash("other tree");
        lines.iter().any(is_applied)
    }),
    ("revert of another patch", TraceRule::RevertMismatch, |lines, random| {
        let fits = |line: &Value| line["body"]["patch"].get("reverts").is_some();
        change(lines, random, fits, |line| line["body"]["patch"]["reverts"] = other_hash("other patch"))
    }),
    ("revert to another tree", TraceRule::RevertMismatch, |lines, random| {
        let fits = |line: &Value| line["body"]["patch"].get("reverts").is_some();
        change(lines, random, fits, |line| line["body"]["patch"]["after"] = other_hash("other tree"))
    }),
    ("patch that calls itself a revert", TraceRule::RevertMismatch, |lines, _| {
        let Some(at) = lines.iter().position(is_applied) else { return false };
        lines[at]["body"]["patch"]["reverts"] = other_hash("a patch");
        true
    }),
    ("budget that becomes less", TraceRule::BudgetDecreased, |lines, random| {
        let places: Vec<usize> =
            (2..lines.len()).filter(|at| lines[at - 1]["budget"]["tokens"].as_u64() > Some(0)).collect();
        let Some(at) = (!places.is_empty()).then(|| random.pick(&places)) else { return false };
        lines[at]["budget"]["tokens"] = json!(0);
        true
    }),
    ("probes that are not counted", TraceRule::BudgetUncounted, |lines, _| {
        let counted = lines.iter().any(|line| line["body"]["probe"]["cache_hit"] == false);
        for line in lines.iter_mut().skip(1) {
            line["budget"]["probes"] = json!(0);
        }
        counted
    }),
    ("commands that are not counted", TraceRule::BudgetUncounted, |lines, _| {
        let counted = lines.iter().any(|line| kind(line) == "verify");
        for line in lines.iter_mut().skip(1) {
            line["budget"]["commands"] = json!(0);
        }
        counted
    }),
    ("smaller budget", TraceRule::BudgetExceeded, |lines, random| {
        let name = random.pick(&["commands", "elapsed_ms", "probes", "tokens", "candidates"]);
        let used = lines.last().and_then(|line| line["budget"][name].as_u64()).unwrap_or(0);
        lines[0]["policy"]["budget"][name] = json!(used.saturating_sub(1));
        seal_policy(&mut lines[0]);
        used > 0
    }),
    ("other policy under the old hash", TraceRule::PolicyHash, |lines, _| {
        lines[0]["policy"]["max_changed_lines"] = json!(500);
        true
    }),
    ("thresholds in another order", TraceRule::PolicyOrder, |lines, _| {
        lines[0]["policy"]["tau_patch"] = json!(10);
        seal_policy(&mut lines[0]);
        true
    }),
    ("time that goes back", TraceRule::Backwards, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("at").is_some(),
            |line| {
                line["at"] = json!("2001-01-01T00:00:00.000Z");
            },
        )
    }),
    ("session that starts later", TraceRule::Backwards, |lines, _| {
        lines[0]["started"] = json!("2099-01-01T00:00:00.000Z");
        lines.iter().any(|line| line.get("at").is_some())
    }),
    ("evidence of a probe that is none", TraceRule::EvidenceUnknown, |lines, random| {
        let plan = lines.iter().position(|line| kind(line) == "plan").expect("a plan");
        change(
            lines,
            random,
            |line| line.get("evidence").is_some(),
            |line| {
                line["evidence"][0]["probe"] = json!(plan);
            },
        )
    }),
    ("evidence of a later probe", TraceRule::EvidenceUnknown, |lines, random| {
        let later = lines.len();
        change(
            lines,
            random,
            |line| line.get("evidence").is_some(),
            |line| {
                line["evidence"][0]["probe"] = json!(later);
            },
        )
    }),
    ("evidence of another answer", TraceRule::EvidenceMismatch, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("evidence").is_some(),
            |line| {
                line["evidence"][0]["output"] = other_hash("other answer");
            },
        )
    }),
    ("evidence of another outcome", TraceRule::EvidenceMismatch, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("evidence").is_some(),
            |line| {
                let outcome = &mut line["evidence"][0]["outcome"];
                *outcome = json!(if outcome == "refuted" { "confirmed" } else { "refuted" });
            },
        )
    }),
    ("evidence of another question", TraceRule::EvidenceMismatch, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("evidence").is_some(),
            |line| {
                line["evidence"][0]["target"] = json!("another question");
            },
        )
    }),
    ("evidence of another tool", TraceRule::EvidenceMismatch, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("evidence").is_some(),
            |line| {
                line["evidence"][0]["tool"] = json!("hearsay");
            },
        )
    }),
    ("event behind the end", TraceRule::AfterEnd, |lines, _| {
        let end = lines.len();
        insert(lines, end, json!({"note": {"text": ""}}));
        true
    }),
    ("end in the middle", TraceRule::AfterEnd, |lines, random| {
        let at = 1 + random.below(lines.len() - 2);
        let early = places(&lines[..=at], is_applied).is_empty();
        let body = json!({"abstain": {"next_target": "", "next_tool": "cargo", "reason": ""}});
        insert(lines, at, body);
        early
    }),
    ("no end", TraceRule::EndMissing, |lines, _| {
        lines.pop();
        true
    }),
    ("finish without verification", TraceRule::EndUnverified, |lines, _| {
        let Some(last) = lines.iter().rposition(|line| kind(line) == "verify") else { return false };
        lines.remove(last);
        renumber(lines);
        true
    }),
    ("finish without a patch", TraceRule::EndUnverified, |lines, _| {
        if lines.iter().any(is_applied) {
            return false;
        }
        let last = lines.last_mut().expect("lines");
        for member in ["anchors", "claim", "confidence", "evidence"] {
            remove(last, member);
        }
        last["body"] = json!({"decide": {"action": "finish", "reason": ""}});
        true
    }),
    ("abstention that leaves a red patch", TraceRule::EndUnverified, |lines, _| {
        let Some(at) = lines.iter().position(is_applied) else { return false };
        lines.truncate(at + 1);
        let end = json!({"abstain": {"next_target": "", "next_tool": "cargo", "reason": ""}});
        insert(lines, at + 1, end);
        true
    }),
    ("output in a note", TraceRule::TextBytes, |lines, random| {
        let at = 1 + random.below(lines.len() - 1);
        insert(lines, at, json!({"note": {"text": "x".repeat(16 * 1024 + 1)}}));
        true
    }),
    ("output in a claim", TraceRule::TextBytes, |lines, random| {
        change(
            lines,
            random,
            |line| line.get("claim").is_some(),
            |line| {
                line["claim"] = json!("ä".repeat(8 * 1024 + 1));
            },
        )
    }),
];

#[test]
fn every_change_of_meaning_is_named() {
    let tree = Tree::new();
    let mut wrong = Vec::new();
    let mut applied = vec![0; MUTANTS.len()];
    for seed in 0..TRACES {
        let whole = values(&trace(seed, &tree));
        for (index, (name, rule, mutate)) in MUTANTS.iter().enumerate() {
            if !(seed / 3 + index as u64).is_multiple_of(STEP) {
                continue;
            }
            let mut lines = whole.clone();
            if !mutate(&mut lines, &mut Random::new(seed * 1000 + index as u64)) {
                continue;
            }
            applied[index] += 1;
            let report = judge(&rehash(&mut lines), &tree);
            if report.violations.first().map(|violation| violation.rule) != Some(*rule) {
                wrong.push(format!("{name}, trace {seed}: {:?}", report.violations));
            }
        }
    }
    for ((name, ..), applied) in MUTANTS.iter().zip(applied) {
        if applied < TRACES / STEP / 20 {
            wrong.push(format!("{name} fits {applied} traces alone"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A rule that no mutant breaks is a rule that may never be looked at.
#[test]
fn every_rule_is_broken_by_a_mutant() {
    let broken: Vec<TraceRule> = MUTANTS
        .iter()
        .map(|(_, rule, _)| *rule)
        .chain(super::raw_mutants::rules())
        // `the_number_of_events_is_limited` breaks it.
        .chain([TraceRule::Events])
        .collect();
    let whole: Vec<TraceRule> = TraceRule::ALL.iter().copied().filter(|it| !broken.contains(it)).collect();
    assert_eq!(whole, []);
}
