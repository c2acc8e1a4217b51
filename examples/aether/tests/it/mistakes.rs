//! Bad input has stable codes and exit codes, and leaves everything as it was.

use crate::support::{Repo, texts};

#[test]
fn an_unknown_symbol_names_what_is_similar() {
    let repo = Repo::new();
    let run = repo.aether(&["symbol", "check_radii", "--json"]).exits(3);
    assert_eq!(run.error_code(), "query.unknown_symbol");
    assert!(run.json()["error"]["message"].as_str().unwrap().contains("check_radii"));
    let run = repo.aether(&["graph", "callers", "check circle radius", "--json"]).exits(3);
    let candidates = run.json()["error"]["candidates"].clone();
    assert!(texts(&candidates, "qualified_name").contains(&"shapes::check_radius"), "{candidates}");
    let human = repo.aether(&["graph", "callers", "check circle radius"]).exits(3);
    assert_eq!(human.stdout, "");
    assert!(human.stderr.contains("[query.unknown_symbol]\nsimilar:\n"), "{}", human.stderr);
    for unknown in ["sym:00112233445566778899aabbccddeeff", "shapes/src/lib.rs:9999", "no/such.rs:1"] {
        assert_eq!(repo.aether(&["symbol", unknown, "--json"]).exits(3).error_code(), "query.unknown_symbol");
    }
}

#[test]
fn an_ambiguous_symbol_names_all_that_match() {
    let repo = Repo::new();
    for question in [&["symbol", "new"][..], &["graph", "callers", "new"], &["graph", "path", "main", "new"]]
    {
        let run = repo.aether(&[question, &["--json"]].concat()).exits(4);
        assert_eq!(run.error_code(), "query.ambiguous_symbol", "{question:?}");
        let candidates = run.json()["error"]["candidates"].clone();
        assert_eq!(texts(&candidates, "qualified_name"), ["app::new", "shapes::Circle::new"]);
    }
    let human = repo.aether(&["symbol", "new"]).exits(4);
    let expected = "\
one of:
  app/src/main.rs:18    function  app::new
  shapes/src/lib.rs:15  method    shapes::Circle::new
";
    assert!(human.stderr.ends_with(expected), "{}", human.stderr);
    // Each of the candidates can be named.
    repo.json(&["symbol", "app::new"]);
    repo.json(&["symbol", "app/src/main.rs:18"]);
}

#[test]
fn an_empty_query_is_refused_before_anything_is_built() {
    let repo = Repo::new();
    for arguments in [&["search"][..], &["search", ""], &["search", "  "], &["search", "--path", ""]] {
        let run = repo.aether(&[arguments, &["--json"]].concat()).exits(2);
        assert_eq!(run.error_code(), "query.bad_syntax", "{arguments:?}");
    }
    assert!(!repo.path(".aether/aether.db").exists());
    assert_eq!(repo.aether(&["symbol", " ", "--json"]).exits(2).error_code(), "query.bad_syntax");
}

#[test]
fn odd_queries_are_no_errors() {
    let repo = Repo::new();
    for query in ["*", "\"", "\"\"", "a:b", "kind:", "NEAR(", "'; DROP", "-", "é*", "%_%", "::", "\u{1}"] {
        let run = repo.aether(&["search", "--json", "--", query]);
        assert!(matches!(run.code, Some(0 | 3)), "{query:?}: {run:#?}");
        assert!(run.json()["hits"].is_array(), "{query:?}");
    }
    for name in ["*", "::", ":", "a:", ":1", "<", "sym:", "sym:zz", "../x:1", "é::é"] {
        let run = repo.aether(&["symbol", "--json", "--", name]).exits(3);
        assert_eq!(run.error_code(), "query.unknown_symbol", "{name:?}");
    }
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let repo = Repo::new();
    for path in ["missing", "Cargo.toml"] {
        for arguments in [
            &["index", path][..],
            &["digest", path],
            &["status", path],
            &["export", "symbols", path],
            &["search", "circle", "--workspace", path],
            &["init", "--workspace", path],
            &["status", path, "--no-update"],
        ] {
            let run = repo.aether(&[arguments, &["--json"]].concat()).exits(2);
            assert_eq!(run.error_code(), "workspace.not_found", "{arguments:?}");
            assert!(run.json()["error"]["message"].as_str().unwrap().contains(path), "{run:?}");
        }
    }
    assert!(!repo.path("missing").exists());
}

#[test]
fn a_workspace_that_cannot_be_written_is_a_store_problem() {
    // Whoever may write everywhere cannot make a folder where a file is.
    let repo = Repo::bare();
    repo.write(".aether", "in the way\n");
    for arguments in [&["index"][..], &["search", "circle"], &["init"]] {
        let run = repo.aether(&[arguments, &["--json"]].concat()).exits(5);
        assert_eq!(run.error_code(), "store.io", "{arguments:?}");
    }
    assert_eq!(repo.read(".aether"), "in the way\n");
    let report = repo.aether(&["doctor", "--json"]).exits(1).json();
    assert_eq!(report["checks"][0]["code"], "store.io");
}

#[test]
fn an_index_is_not_built_where_no_update_is_wanted() {
    let repo = Repo::new();
    let run = repo.aether(&["search", "circle", "--no-update", "--json"]).exits(5);
    assert_eq!(run.error_code(), "store.io");
    assert!(!repo.path(".aether/aether.db").exists());
    assert_eq!(repo.aether(&["index", "--no-update", "--json"]).exits(2).error_code(), "usage.bad_arguments");
}

/// A SQLite file without tables that says it is a store of a version far from now
/// (<https://sqlite.org/fileformat.html>, section 1.3).
fn newer_store() -> Vec<u8> {
    let mut page = vec![0; 4096];
    page[..16].copy_from_slice(b"SQLite format 3\0");
    // Pages of 4,096 bytes, a rollback journal, the fractions that every file has.
    page[16..24].copy_from_slice(&[16, 0, 1, 1, 0, 64, 32, 32]);
    let numbers =
        [(24, 1), (28, 1), (44, 4), (56, 1), (60, 9999), (68, 0x4145_5448), (92, 1), (96, 3_045_000)];
    for (at, number) in numbers {
        page[at..at + 4].copy_from_slice(&u32::to_be_bytes(number));
    }
    // A leaf of a table without cells.
    page[100] = 13;
    page[105] = 16;
    page
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let repo = Repo::new();
    let (path, bytes) = (repo.path(".aether/aether.db"), newer_store());
    std::fs::write(&path, &bytes).unwrap();
    let run = repo.aether(&["search", "circle", "--json"]).exits(5);
    assert_eq!(run.error_code(), "store.newer_version");
    assert!(run.json()["error"]["message"].as_str().unwrap().contains("9999"));
    assert!(repo.aether(&["search", "circle"]).exits(5).stderr.contains("\nhint: "));
    assert_eq!(
        repo.aether(&["doctor", "--json"]).exits(1).json()["checks"][0]["code"],
        "store.newer_version"
    );
    assert!(std::fs::read(&path).unwrap() == bytes, "the file changed");
}

#[test]
fn a_file_that_is_no_store_is_left_alone() {
    let repo = Repo::new();
    let text = "this is no database\n".repeat(1000);
    repo.write(".aether/aether.db", &text);
    for arguments in [&["search", "circle"][..], &["status", "--no-update"], &["index"]] {
        let run = repo.aether(&[arguments, &["--json"]].concat()).exits(5);
        assert_eq!(run.error_code(), "store.corrupt", "{arguments:?}");
    }
    let human = repo.aether(&["search", "circle"]).exits(5);
    assert!(human.stderr.contains("hint: move .aether/aether.db away"), "{}", human.stderr);
    assert_eq!(repo.read(".aether/aether.db"), text);
    std::fs::remove_file(repo.path(".aether/aether.db")).unwrap();
    repo.json(&["search", "circle"]);
}

#[test]
fn a_damaged_store_never_panics() {
    let repo = Repo::new();
    repo.json(&["index"]);
    let path = repo.path(".aether/aether.db");
    let bytes = std::fs::read(&path).unwrap();
    let damages: Vec<Vec<u8>> = [
        bytes[..bytes.len() / 2].to_vec(),
        bytes.iter().enumerate().map(|(at, byte)| if at < 4096 { *byte } else { !byte }).collect(),
        bytes.iter().enumerate().map(|(at, byte)| if at % 97 == 96 { 0 } else { *byte }).collect(),
    ]
    .into();
    for (number, damage) in damages.iter().enumerate() {
        std::fs::write(&path, damage).unwrap();
        for arguments in [&["graph", "callers", "square", "--no-update"][..], &["index"], &["doctor"]] {
            let run = repo.aether(&[arguments, &["--json"]].concat());
            assert!(matches!(run.code, Some(0 | 1 | 3 | 5)), "{number} {arguments:?}: {run:#?}");
            assert!(!run.stderr.contains("panicked"), "{number} {arguments:?}: {run:#?}");
        }
    }
}

#[test]
fn a_wrong_command_line_is_told_as_json_too() {
    let repo = Repo::new();
    for arguments in
        [&["frobnicate"][..], &["search", "--colour"], &["graph", "callers"], &["completion", "abacus"]]
    {
        let run = repo.aether(arguments).exits(2);
        assert!(
            run.stdout.is_empty() && run.stderr.contains("Usage") || run.stderr.contains("--help"),
            "{run:?}"
        );
        let run = repo.aether(&[arguments, &["--json"]].concat()).exits(2);
        assert_eq!(run.error_code(), "usage.bad_arguments", "{arguments:?}");
    }
    for fraction in ["1.5", "-0.1", "NaN", "much"] {
        repo.aether(&["graph", "callers", "square", &format!("--min-confidence={fraction}")]).exits(2);
    }
    let run = repo.aether(&["export", "symbols", "--json", "--jsonl"]).exits(2);
    assert_eq!(run.error_code(), "usage.bad_arguments");
}

#[test]
fn an_export_that_cannot_be_written_fails() {
    let repo = Repo::new();
    let run = repo.aether(&["export", "symbols", "--output", "no/such/folder.jsonl"]).exits(1);
    assert!(run.stderr.contains("[output.io]"), "{}", run.stderr);
    assert!(run.stderr.contains("no/such/folder.jsonl"), "{}", run.stderr);
}
