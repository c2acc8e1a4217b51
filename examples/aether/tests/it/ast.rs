//! `ast`.

use serde_json::{Value, json};

use crate::support::Repo;

const CALLS: &str =
    "(call_expression function: (field_expression field: (field_identifier) @m (#eq? @m \"square\")))";

#[test]
fn a_capture_has_the_fields_that_are_promised() {
    let repo = Repo::new();
    let mut found = repo.json(&["ast", CALLS]);
    let capture = &mut found["matches"][0]["captures"][0];
    assert!(capture["anchor"]["hash"].take().as_str().unwrap().starts_with("sha256:"));
    let symbol = repo.json(&["symbol", "app::main"])["symbol"]["id"].clone();
    let expected = json!({
        "name": "m",
        "kind": "field_identifier",
        "text": "square",
        "column": 11,
        "anchor": {
            "file": "app/src/main.rs",
            "target": { "symbol": symbol },
            "span": { "start": 175, "end": 181 },
            "lines": { "first": 10, "last": 10 },
            "hash": null,
        },
    });
    assert_eq!(*capture, expected);
    assert_eq!(found["language"], "rust");
    assert_eq!((&found["has_more"], &found["reached"]), (&json!(false), &json!([])));
    let files = json!({ "searched": 3, "skipped": 0, "unreadable": 0, "changed": 0, "left": 0 });
    assert_eq!(found["files"], files);
    assert_eq!(found["freshness"]["is_checked"], true);
}

#[test]
fn a_person_reads_place_name_and_first_line() {
    let repo = Repo::new();
    let run = repo.aether(&["ast", "(struct_item)", "--path", "lib.rs,area.rs"]).exits(0);
    let expected = "\
shapes/src/lib.rs:9:1  @match  pub struct Circle { …

1 match in 1 file; searched 2 files of rust

index ";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    let run = repo.aether(&["ast", "(function_item) @f", "--limit", "1"]).exits(0);
    assert!(run.stdout.contains("\nthere are more matches; see --limit\n"), "{}", run.stdout);
}

#[test]
fn nothing_found_has_an_exit_code() {
    let repo = Repo::new();
    let found = repo.aether(&["ast", "(union_item)", "--json"]).exits(3).json();
    assert_eq!(found["matches"], json!([]));
    let human = repo.aether(&["ast", "(union_item)"]).exits(3).stdout;
    assert!(human.starts_with("nothing found in 3 files of rust\n"), "{human}");
    let human = repo.aether(&["ast", "(block)", "--lang", "go"]).exits(3).stdout;
    assert!(human.starts_with("nothing found in 0 files of go\n"), "{human}");
}

#[test]
fn mistakes_have_codes() {
    let repo = Repo::new();
    let code = |arguments: &[&str]| repo.aether(&[arguments, &["--json"]].concat()).exits(2).error_code();
    assert_eq!(code(&["ast", " "]), "query.bad_syntax");
    assert!(!repo.path(".aether/aether.db").exists());
    assert_eq!(code(&["ast", "(blok)"]), "query.bad_syntax");
    assert_eq!(code(&["ast", "(block)", "--lang", "cobol"]), "query.no_grammar");
    assert_eq!(code(&["ast", "(block)", "--limit", "0"]), "usage.bad_arguments");
    let human = repo.aether(&["ast", "(blok)"]).exits(2).stderr;
    assert!(human.contains("pattern does not fit rust at 1:2: no node is called `blok`"), "{human}");
}

#[test]
fn a_file_that_changed_since_the_index_is_told_and_not_searched() {
    let repo = Repo::new();
    repo.json(&["index"]);
    repo.append("app/src/main.rs", "fn later() {}\n");
    let files = |found: &Value| (found["files"]["searched"].clone(), found["files"]["changed"].clone());
    let found = repo.json(&["ast", "(function_item)", "--no-update"]);
    assert_eq!(files(&found), (json!(2), json!(1)));
    let human = repo.aether(&["ast", "(function_item)", "--no-update"]).exits(0).stdout;
    assert!(human.contains("\n1 file has changed since the index\n"), "{human}");
    assert_eq!(files(&repo.json(&["ast", "(function_item)"])), (json!(3), json!(0)));
}

#[test]
fn time_ends_a_costly_question() {
    let repo = Repo::new();
    repo.write("many.rs", &"fn f() {}\n".repeat(20_000));
    let query = "(source_file (function_item) @a (function_item) @b (function_item) @c (struct_item) @d)";
    let found =
        repo.aether(&["ast", query, "--timeout-ms", "50", "--path", "many.rs", "--json"]).exits(3).json();
    assert_eq!(found["has_more"], true);
    assert!(found["reached"].as_array().unwrap().contains(&json!("time")), "{found}");
}
