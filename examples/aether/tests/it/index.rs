//! `init`, `index`, `status`, `doctor`, and how questions keep the index up to date.

use std::process::{Child, Stdio};

use serde_json::json;

use crate::support::{Repo, Run, command, texts};

#[test]
fn the_first_question_builds_the_index() {
    let repo = Repo::bare();
    let root = repo.root().to_str().unwrap();
    let hits = repo.json(&["search", "\"check_radius\"", "--workspace", root]);
    assert_eq!(texts(&hits["hits"], "qualified_name"), ["shapes::check_radius"]);
    assert!(repo.path(".aether/aether.db").is_file());
    assert_eq!(repo.read(".aether/.gitignore"), "*\n");
    assert!(repo.read(".aether/config.toml").contains("\n# limit = 20\n"));
}

#[test]
fn a_question_sees_what_was_just_edited() {
    let repo = Repo::new();
    assert_eq!(repo.json(&["graph", "callers", "check_radius"])["edges"].as_array().unwrap().len(), 1);
    repo.append("shapes/src/lib.rs", "\npub fn twice() {\n    check_radius(2.0);\n}\n");
    let answer = repo.json(&["graph", "callers", "check_radius"]);
    assert_eq!(texts(&answer["edges"], "src_qualified_name"), ["shapes::Circle::new", "shapes::twice"]);
    std::fs::remove_file(repo.path("app/src/main.rs")).unwrap();
    assert_eq!(repo.json(&["graph", "callers", "Circle::new"])["edges"], json!([]));
}

#[test]
fn without_an_update_a_question_sees_the_index_as_it_is() {
    let repo = Repo::new();
    repo.json(&["index"]);
    repo.append("shapes/src/lib.rs", "\npub fn twice() {}\n");
    let found = repo.aether(&["symbol", "twice", "--no-update", "--json"]).exits(3);
    assert_eq!(found.error_code(), "query.unknown_symbol");
    let answer = repo.json(&["symbol", "Circle", "--no-update"]);
    assert_eq!(answer["freshness"]["is_checked"], false);
    let human = repo.aether(&["symbol", "Circle", "--no-update"]).exits(0).stdout;
    assert!(human.lines().last().unwrap().contains("not compared with the files"), "{human}");
    repo.json(&["symbol", "twice"]);
}

#[test]
fn an_update_parses_what_changed() {
    let repo = Repo::new();
    let first = repo.json(&["index", "--once"]);
    assert_eq!((&first["files"], &first["files_parsed"]), (&json!(6), &json!(6)));
    assert_eq!(first["has_changed"], true);
    let second = repo.json(&["index"]);
    assert_eq!((&second["files_parsed"], &second["has_changed"]), (&json!(0), &json!(false)));
    assert_eq!(second["freshness"]["generation"], first["freshness"]["generation"]);
    repo.append("app/src/main.rs", "\nfn added() {}\n");
    let third = repo.json(&["index"]);
    assert_eq!((&third["files"], &third["files_parsed"]), (&json!(6), &json!(1)));
    let human = repo.aether(&["index"]).exits(0).stdout;
    assert!(human.starts_with("6 files: 0 parsed, 0 gone, 0 resolved, in "), "{human}");
}

#[test]
fn a_path_stands_for_the_workspace() {
    let repo = Repo::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let root = repo.root().to_str().unwrap();
    let digest = repo.aether(&["digest"]).exits(0).stdout;
    let from = |arguments: &[&str]| Run::of(command(arguments).current_dir(elsewhere.path()));
    assert_eq!(from(&["digest", root]).exits(0).stdout, digest);
    assert_eq!(from(&["digest", "--workspace", root]).exits(0).stdout, digest);
    assert_eq!(from(&["--workspace", root, "digest"]).exits(0).stdout, digest);
    assert_eq!(from(&["index", root, "--json"]).exits(0).json()["files"], 6);
    assert_eq!(from(&["status", root, "--json"]).exits(0).json()["coverage"]["files_indexed"], 6);
    assert!(from(&["export", "symbols", root]).exits(0).stdout.contains("shapes::Circle"));
    let both = from(&["digest", root, "--workspace", root, "--json"]).exits(2);
    assert_eq!(both.error_code(), "usage.bad_arguments");
    assert!(!elsewhere.path().join(".aether").exists());
}

#[test]
fn the_workspace_is_found_upward() {
    let repo = Repo::new();
    let below = Run::of(command(&["status", "--json"]).current_dir(repo.path("shapes/src"))).exits(0);
    assert_eq!(below.json()["coverage"]["files_indexed"], 6);
    assert!(!repo.path("shapes/src/.aether").exists());
}

#[test]
fn init_makes_a_folder_and_changes_nothing_that_is_there() {
    let repo = Repo::bare();
    let root = repo.root().to_str().unwrap();
    let made = repo.json(&["init", "--workspace", root]);
    let config = std::path::Path::new(made["config"].as_str().unwrap());
    assert_eq!(config.canonicalize().unwrap(), repo.path(".aether/config.toml").canonicalize().unwrap());
    assert!(!repo.path(".aether/aether.db").exists());
    repo.write(".aether/config.toml", "# mine\n");
    let human = repo.aether(&["init"]).exits(0).stdout;
    assert!(human.starts_with("ready: the configuration is "), "{human}");
    assert_eq!(repo.read(".aether/config.toml"), "# mine\n");
}

#[test]
fn status_counts() {
    let repo = Repo::new();
    let status = repo.json(&["status"]);
    let symbols = repo.aether(&["export", "symbols"]).exits(0).stdout.lines().count();
    assert_eq!(status["symbols"], symbols);
    assert!(status["size_bytes"].as_u64().unwrap() > 1000);
    let human = repo.aether(&["status"]).exits(0).stdout;
    assert!(human.contains("\nfiles      6 files\n"), "{human}");
    assert!(human.contains("\ncalls      2 unresolved of 12\n"), "{human}");
}

#[test]
fn doctor_is_content_with_a_good_store_and_lists_files_that_are_not_read_in_full() {
    let repo = Repo::new();
    let report = repo.json(&["doctor"]);
    assert_eq!(report["is_ok"], true);
    assert_eq!(texts(&report["checks"], "name"), ["store", "content"]);
    repo.write("app/src/broken.rs", "fn fine() {}\nfn broken( {\n");
    repo.write(".aether/config.toml", "[search]\ncolour = 1\n");
    let report = repo.json(&["doctor"]);
    assert_eq!(report["is_ok"], true);
    assert_eq!(texts(&report["checks"], "name"), ["store", "content", "file", "config"]);
    assert_eq!(report["checks"][2]["message"], "app/src/broken.rs");
    assert_eq!(report["checks"][2]["code"], "index.syntax_error");
    assert_eq!(report["checks"][3]["code"], "config.unknown_key");
    let human = repo.aether(&["doctor"]).exits(0).stdout;
    assert!(human.contains("note  file     app/src/broken.rs"), "{human}");
    assert!(human.contains("  index.syntax_error\n"), "{human}");
}

#[test]
fn doctor_fails_on_a_bad_store_and_says_why() {
    let repo = Repo::new();
    repo.write(".aether/aether.db", &"this is no database\n".repeat(1000));
    let run = repo.aether(&["doctor", "--json"]).exits(1);
    let report = run.json();
    assert_eq!(report["is_ok"], false);
    assert_eq!(report["checks"][0]["name"], "store");
    assert_eq!(report["checks"][0]["code"], "store.corrupt");
    let human = repo.aether(&["doctor"]).exits(1).stdout;
    assert!(human.starts_with("BAD  store  "), "{human}");
}

#[test]
fn doctor_fails_on_a_configuration_that_is_none() {
    let repo = Repo::new();
    repo.write(".aether/config.toml", "[search\n");
    let report = repo.aether(&["doctor", "--json"]).exits(1).json();
    assert_eq!(report["checks"][0]["code"], "config.syntax");
    assert_eq!(texts(&report["checks"], "name"), ["config", "store", "content"]);
}

/// Asks the same question in four programs at once.
fn ask_at_once(repo: &Repo) -> Vec<serde_json::Value> {
    let start = |_| {
        let mut command = command(&["graph", "callers", "Circle::new", "--json"]);
        command.current_dir(repo.root()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..4).map(start).collect();
    children.into_iter().map(|child| finish(child).json()).collect()
}

fn finish(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn programs_may_ask_at_once() {
    let repo = Repo::new();
    repo.json(&["index"]);
    repo.append("app/src/main.rs", "\nfn again() {\n    Circle::new(1.0);\n}\n");
    for answer in ask_at_once(&repo) {
        assert_eq!(texts(&answer["edges"], "src_qualified_name"), ["app::main", "app::again"]);
    }
}

#[test]
fn programs_may_build_the_first_index_at_once() {
    let repo = Repo::new();
    for answer in ask_at_once(&repo) {
        // One that another program got in the way of is not called up to date.
        if answer["freshness"]["is_checked"] == true {
            assert_eq!(texts(&answer["edges"], "src_qualified_name"), ["app::main"], "{answer}");
        }
    }
    let digest = repo.aether(&["digest"]).exits(0).stdout;
    assert_eq!(digest, Repo::new().aether(&["digest"]).exits(0).stdout);
}
