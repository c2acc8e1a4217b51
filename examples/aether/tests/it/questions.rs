//! `search` and `symbol`.

use serde_json::{Value, json};

use crate::support::{Repo, texts};

#[test]
fn a_hit_has_the_fields_that_are_promised() {
    let found = Repo::new().json(&["search", "\"check_radius\""]);
    let hits = found["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 1, "{found}");
    let mut hit = hits[0].clone();
    let id = hit["id"].take();
    let score = hit["score"].take();
    assert!(id.as_str().unwrap().starts_with("sym:"), "{id}");
    assert!(score.is_f64(), "{score}");
    let expected = json!({
        "id": null,
        "qualified_name": "shapes::check_radius",
        "kind": "function",
        "language": "rust",
        "file": "shapes/src/lib.rs",
        "line": 22,
        "name_line": 22,
        "snippet": "pub(crate) fn check_radius(radius: f64) -> bool",
        "intent": "Whether a circle can have this radius.",
        "score": null,
    });
    assert_eq!(hit, expected);
}

#[test]
fn every_answer_says_how_far_to_trust_it() {
    let repo = Repo::new();
    for question in [
        &["search", "circle"][..],
        &["symbol", "Circle"],
        &["graph", "callers", "square"],
        &["graph", "callees", "square"],
        &["graph", "impact", "square"],
        &["graph", "cycles"],
        &["graph", "communities"],
        &["graph", "hotspots"],
        &["graph", "dead"],
        &["status"],
        &["index"],
    ] {
        let answer = repo.json(question);
        assert_eq!(answer["schema_version"], 1, "{question:?}");
        assert_eq!(answer["freshness"]["is_checked"], true, "{question:?}");
        assert_eq!(answer["freshness"]["stale_files"], 0, "{question:?}");
        assert!(answer["freshness"]["generation"].as_u64().unwrap() > 0, "{question:?}");
        assert!(answer["freshness"]["indexed_at"].as_str().unwrap().ends_with('Z'), "{question:?}");
        let expected = json!({
            "files_indexed": 6,
            "files_total": 6,
            "files_with_diagnostics": 0,
            "calls": 12,
            "calls_unresolved": 2,
        });
        assert_eq!(answer["coverage"], expected, "{question:?}");
        assert_eq!(answer["warnings"], json!([]), "{question:?}");
        let human = repo.aether(question).exits(0).stdout;
        let footer = human.lines().last().unwrap();
        assert!(footer.ends_with(" · up to date · 6 files · 2 of 12 calls unresolved"), "{human}");
    }
}

#[test]
fn a_person_reads_hits_by_file() {
    let run = Repo::new().aether(&["search", "kind:trait,struct"]).exits(0);
    let blocks: Vec<&str> = run.stdout.split("\n\n").collect();
    let circle =
        "shapes/src/lib.rs:9  struct  shapes::Circle\n    pub struct Circle\n    A circle around the origin.";
    let area = "shapes/src/area.rs:6  trait  shapes::area::Area\n    pub trait Area\n    Whatever covers a part of the plane.";
    assert_eq!(blocks.len(), 3, "{}", run.stdout);
    assert!(blocks[..2].contains(&circle) && blocks[..2].contains(&area), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[track_caller]
fn check_search(arguments: &[&str], expected: &[&str]) {
    let found = Repo::new().json(&[&["search"], arguments].concat());
    let mut names = texts(&found["hits"], "qualified_name");
    names.sort_unstable();
    assert_eq!(names, expected, "{found}");
}

#[test]
fn filters_stand_in_the_query_or_in_flags() {
    let odd = ["shapes::area::is_even", "shapes::area::is_odd", "shapes::area::square"];
    check_search(&["kind:fn", "path:area.rs"], &odd);
    check_search(&["--kind", "fn", "--path", "area.rs"], &odd);
    check_search(&["--kind", "fn", "path:area.rs", "language:rust"], &odd);
    check_search(&["--kind", "struct,trait"], &["shapes::Circle", "shapes::area::Area"]);
    check_search(&["--language", "Cargo", "--kind", "package"], &["app", "shapes"]);
    check_search(&["--language", "cargo", "--kind", "function,package"], &["app", "shapes"]);
    Repo::new().aether(&["search", "language:cargo,toml", "kind:function"]).exits(3);
    check_search(&["\"square\"", "--path", "shapes"], &["shapes::area::square"]);
}

#[test]
fn a_limit_holds_and_the_configuration_has_one_too() {
    let repo = Repo::new();
    let hits = |arguments: &[&str]| repo.json(arguments)["hits"].as_array().unwrap().len();
    assert!(hits(&["search", "kind:function"]) > 2);
    assert_eq!(hits(&["search", "kind:function", "--limit", "2"]), 2);
    repo.write(".aether/config.toml", "[search]\nlimit = 1\n");
    assert_eq!(hits(&["search", "kind:function"]), 1);
    assert_eq!(hits(&["search", "kind:function", "--limit", "2"]), 2);
}

#[test]
fn nothing_found_is_an_answer_with_an_exit_code() {
    let repo = Repo::new();
    let found = repo.aether(&["search", "zyzzyva", "--json"]).exits(3).json();
    assert_eq!(found["hits"], json!([]));
    assert!(repo.aether(&["search", "zyzzyva"]).exits(3).stdout.starts_with("nothing found\n"));
    let human = repo.aether(&["search", "--kind", "funtion"]).exits(3).stdout;
    assert!(human.contains("no kind is called `funtion`: there are file, "), "{human}");
}

#[test]
fn a_symbol_goes_by_many_names() {
    let repo = Repo::new();
    let symbol = repo.json(&["symbol", "check_radius"])["symbol"].clone();
    let id = symbol["id"].as_str().unwrap();
    for name in [
        "shapes::check_radius",
        "check_radius()",
        "shapes/src/lib.rs:22",
        "shapes/src/lib.rs:23:5",
        "./shapes/src/lib.rs:24",
        id,
    ] {
        assert_eq!(repo.json(&["symbol", name])["symbol"], symbol, "{name}");
    }
}

#[test]
fn a_symbol_is_shown_with_what_surrounds_it() {
    let repo = Repo::new();
    let circle = repo.json(&["symbol", "Circle"]);
    let symbol = &circle["symbol"];
    assert_eq!(symbol["signature"], "pub struct Circle");
    assert_eq!(symbol["doc"], "A circle around the origin.\n\nIt has no colour.");
    assert_eq!(symbol["attributes"], json!(["derive(Clone, Debug)"]));
    assert_eq!(symbol["visibility"], "public");
    assert_eq!(
        (&symbol["line"], &symbol["end_line"], &symbol["name_line"]),
        (&json!(9), &json!(11), &json!(9))
    );
    assert_eq!(texts(&circle["members"], "name"), ["radius", "new"]);

    let square = repo.json(&["symbol", "square"]);
    assert_eq!(square["callers"], 2);
    assert_eq!(square["unresolved_callers"], 1);
    assert_eq!(square["callees"], 0);
    let main = repo.json(&["symbol", "app::main"]);
    assert_eq!((&main["callees"], &main["unresolved_callees"]), (&json!(2), &json!(2)));
    let method = repo.json(&["symbol", "Circle::new"]);
    assert_eq!(method["parent"]["kind"], "impl");
    assert_eq!(method["symbol"]["parent"], method["parent"]["id"]);
}

#[test]
fn a_person_reads_a_symbol_from_the_top() {
    let run = Repo::new().aether(&["symbol", "Circle::new"]).exits(0);
    let expected = "\
shapes::Circle::new  public method
shapes/src/lib.rs:15  lines 15 to 18

    pub fn new(radius: f64) -> Self

    Draws a circle of the given size.

in       impl shapes::Circle  shapes/src/lib.rs:13
callers  1
callees  1
id       sym:";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
}

#[test]
fn places_lead_from_where_the_question_was_asked() {
    let repo = Repo::new();
    let below = |arguments: &[&str]| {
        crate::support::Run::of(crate::support::command(arguments).current_dir(repo.path("shapes/src")))
            .exits(0)
    };
    let human = below(&["symbol", "lib.rs:22"]).stdout;
    assert!(human.contains("\nlib.rs:22  lines 22 to 24\n"), "{human}");
    let human = below(&["graph", "callers", "Circle::new"]).stdout;
    assert!(human.contains("../../app/src/main.rs:7"), "{human}");
    let found: Value = below(&["symbol", "lib.rs:22", "--json"]).json();
    assert_eq!(found["symbol"]["file"], "shapes/src/lib.rs");
}
