//! `graph callers|callees|impact|path|cycles`.

use serde_json::{Value, json};

use crate::support::{Repo, texts};

/// `caller line confidence` of each edge.
fn callers(answer: &Value) -> Vec<(&str, u64)> {
    let edges = answer["edges"].as_array().unwrap();
    edges
        .iter()
        .map(|edge| (edge["src_qualified_name"].as_str().unwrap(), edge["site_line"].as_u64().unwrap()))
        .collect()
}

#[test]
fn callers_are_exact() {
    let repo = Repo::new();
    let check = |symbol, expected: &[(&str, u64)]| {
        assert_eq!(callers(&repo.json(&["graph", "callers", symbol])), expected, "{symbol}");
    };
    check(
        "square",
        &[("shapes::area::<Circle as Area>::area", 13), ("shapes::area::tests::a_square_is_a_product", 35)],
    );
    check("Circle::new", &[("app::main", 7)]);
    check("<Circle as Area>::area", &[("app::report", 14)]);
    check("check_radius", &[("shapes::Circle::new", 16)]);
    check("app::new", &[]);
}

#[test]
fn an_edge_has_the_fields_that_are_promised() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "callers", "Circle::new"]);
    assert_eq!(answer["symbol"]["qualified_name"], "shapes::Circle::new");
    assert_eq!(answer["has_more"], false);
    let mut edge = answer["edges"][0].clone();
    assert_eq!(edge["dst_id"].take(), answer["symbol"]["id"]);
    assert_eq!(edge["src_id"].take(), repo.json(&["symbol", "app::main"])["symbol"]["id"]);
    let confidence = edge["confidence"].take().as_f64().unwrap();
    assert!(confidence > 0.9 && confidence <= 1.0, "{confidence}");
    let expected = json!({
        "kind": "calls",
        "src_id": null,
        "src_qualified_name": "app::main",
        "src_file": "app/src/main.rs",
        "src_name_line": 6,
        "dst_id": null,
        "dst_file": "shapes/src/lib.rs",
        "dst_name_line": 15,
        "dst_path": "shapes::Circle::new",
        "callee_text": "Circle::new",
        "site_line": 7,
        "confidence": null,
        "resolution": "inherent",
    });
    assert_eq!(edge, expected);
}

#[test]
fn callees_lead_inside_and_outside() {
    let answer = Repo::new().json(&["graph", "callees", "report"]);
    let targets = texts(&answer["edges"], "dst_path");
    assert_eq!(targets, ["shapes::area::<Circle as Area>::area", "std::fs::read", "std::result::Result::ok"]);
    assert_eq!(answer["edges"][1]["dst_id"], Value::Null);
    assert_eq!(answer["unresolved"], json!([]));
}

#[test]
fn what_is_unresolved_is_told_beside_what_is_known() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "callees", "app::main"]);
    assert_eq!(texts(&answer["edges"], "dst_path"), ["shapes::Circle::new", "app::report"]);
    assert_eq!(texts(&answer["unresolved"], "callee_text"), ["nowhere", "found.square"]);
    assert_eq!(answer["unresolved_total"], 2);
    let answer = repo.json(&["graph", "callers", "square"]);
    assert_eq!(texts(&answer["unresolved"], "callee_text"), ["found.square"]);
    assert_eq!(answer["unresolved"][0]["resolution"], "unresolved");
}

#[test]
fn a_person_reads_callers_by_file() {
    let run = Repo::new().aether(&["graph", "callers", "square"]).exits(0);
    let expected = "\
2 calls of shapes::area::square  shapes/src/area.rs:17

shapes/src/area.rs:13  shapes::area::<Circle as Area>::area        square
shapes/src/area.rs:35  shapes::area::tests::a_square_is_a_product  square

1 unresolved call goes by this name:
app/src/main.rs:10  app::main  found.square

index ";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
}

#[test]
fn a_doubtful_edge_says_so_to_a_person() {
    let repo = Repo::new();
    // Nothing says what `thing` is, but one method alone goes by this name.
    repo.append("app/src/main.rs", "\nfn guess() {\n    let thing = nowhere();\n    thing.only_here();\n}\n");
    repo.append("shapes/src/lib.rs", "\nimpl Circle {\n    pub fn only_here(&self) {}\n}\n");
    let answer = repo.json(&["graph", "callers", "only_here"]);
    let human = repo.aether(&["graph", "callers", "only_here"]).exits(0).stdout;
    if let Some(edge) = answer["edges"].get(0) {
        let confidence = edge["confidence"].as_f64().unwrap();
        assert!(confidence < 0.9, "{answer}");
        assert!(
            human.contains(&format!("  {confidence:.2} {}\n", edge["resolution"].as_str().unwrap())),
            "{human}"
        );
        let sure = repo.json(&["graph", "callers", "only_here", "--min-confidence", "0.9"]);
        assert_eq!(sure["edges"], json!([]));
    } else {
        assert_eq!(texts(&answer["unresolved"], "callee_text"), ["thing.only_here"], "{answer}");
        assert!(human.contains("1 unresolved call goes by this name:"), "{human}");
    }
}

#[test]
fn a_limit_says_that_there_is_more() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "callers", "square", "--limit", "1"]);
    assert_eq!(callers(&answer), [("shapes::area::<Circle as Area>::area", 13)]);
    assert_eq!(answer["has_more"], true);
    assert_eq!(repo.json(&["graph", "callers", "square", "--limit", "2"])["has_more"], false);
    let human = repo.aether(&["graph", "callers", "square", "--limit", "1"]).exits(0).stdout;
    assert!(human.starts_with("the 1 likeliest of 2 calls of shapes::area::square  "), "{human}");
    assert!(human.contains("and more; --limit is 1\n"), "{human}");
}

#[test]
fn impact_is_transitive_and_names_the_tests() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "impact", "square"]);
    let affected: Vec<(&str, u64, bool)> = answer["affected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let name = entry["symbol"]["qualified_name"].as_str().unwrap();
            (name, entry["distance"].as_u64().unwrap(), entry["is_test"].as_bool().unwrap())
        })
        .collect();
    for expected in [
        ("shapes::area::<Circle as Area>::area", 1, false),
        ("shapes::area::tests::a_square_is_a_product", 1, true),
        ("app::report", 2, false),
        ("app::main", 3, false),
    ] {
        assert!(affected.contains(&expected), "{expected:?} in {affected:?}");
    }
    assert_eq!(answer["tests"], 1);
    let near = repo.json(&["graph", "impact", "square", "--depth", "1"]);
    let distances: Vec<u64> = near["affected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["distance"].as_u64().unwrap())
        .collect();
    assert!(!distances.is_empty() && distances.iter().all(|&distance| distance == 1), "{near}");
    let human = repo.aether(&["graph", "impact", "square"]).exits(0).stdout;
    assert!(human.contains("\ndirectly:\n"), "{human}");
    assert!(
        human.contains("\n2 calls away:\napp/src/main.rs:13  function  app::report  through "),
        "{human}"
    );
    assert!(human.contains("\nguarded by 1 test\n"), "{human}");
    let human = repo.aether(&["graph", "impact", "square", "--limit", "1"]).exits(0).stdout;
    assert!(human.contains("the first 1 symbol depends on ") && human.contains(" among these\n"), "{human}");
    let human = repo.aether(&["graph", "impact", "Circle::new"]).exits(0).stdout;
    assert!(human.contains("\nno test guards it\n"), "{human}");
}

#[test]
fn a_path_is_a_chain_of_calls() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "path", "app::main", "square"]);
    let paths = answer["paths"].as_array().unwrap();
    assert_eq!(paths.len(), 1, "{answer}");
    assert_eq!(
        texts(&paths[0], "src_qualified_name"),
        ["app::main", "app::report", "shapes::area::<Circle as Area>::area"]
    );
    let human = repo.aether(&["graph", "path", "app::main", "square"]).exits(0).stdout;
    assert!(
        human.starts_with("3 calls from app::main to shapes::area::square\napp/src/main.rs:8 "),
        "{human}"
    );

    let answer = repo.aether(&["graph", "path", "square", "app::main", "--json"]).exits(3).json();
    assert_eq!(answer["paths"], json!([]));
    repo.aether(&["graph", "path", "app::main", "square", "--depth", "2"]).exits(3);
}

#[test]
fn cycles_are_found() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "cycles"]);
    let cycles = answer["cycles"].as_array().unwrap();
    assert_eq!(cycles.len(), 1, "{answer}");
    assert_eq!(texts(&cycles[0], "qualified_name"), ["shapes::area::is_even", "shapes::area::is_odd"]);
    let human = repo.aether(&["graph", "cycles"]).exits(0).stdout;
    assert!(human.starts_with("1 circle of calls\n\n2 symbols:\nshapes/src/area.rs:21  function"), "{human}");
}

#[test]
fn a_chain_leads_from_a_use_to_a_test_and_begins_where_it_is_asked() {
    let repo = Repo::new();
    let answer = repo.json(&["graph", "chain", "square"]);
    let steps = answer["steps"].as_array().unwrap();
    let kinds: Vec<&str> = steps.iter().map(|step| step["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["use", "definition", "test"], "it has no documentation");
    assert_eq!(steps[1]["name"], "shapes::area::square");
    let place =
        format!("{}:{}", steps[0]["anchor"]["file"].as_str().unwrap(), steps[0]["anchor"]["lines"]["first"]);
    let there = repo.json(&["graph", "chain", &place]);
    assert_eq!(there["symbol"]["qualified_name"], "shapes::area::square");
    assert_eq!(there["steps"][0]["anchor"], steps[0]["anchor"]);
    let text = repo.aether(&["graph", "chain", "square"]).exits(0).stdout;
    assert!(text.contains("definition") && text.contains("fn square(value: f64) -> f64 {"), "{text}");
    repo.aether(&["graph", "chain", "no_such_thing"]).exits(3);
    repo.aether(&["graph", "chain", "square", "--steps", "0"]).exits(2);
    repo.aether(&["graph", "chain", ""]).exits(2);
}
