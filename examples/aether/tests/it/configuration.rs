//! `.aether/config.toml`, and the flags in its place.

use serde_json::json;

use crate::support::{Repo, texts};

#[test]
fn what_cannot_be_used_is_a_warning_with_a_code() {
    let repo = Repo::new();
    let text = "[search]\nlimit = 0\ncolour = true\n\n[memory]\nlater = 1\n";
    repo.write(".aether/config.toml", text);
    let answer = repo.json(&["search", "circle"]);
    let warnings = &answer["warnings"];
    let mut found: Vec<_> = texts(warnings, "key").into_iter().zip(texts(warnings, "code")).collect();
    found.sort_unstable();
    assert_eq!(found, [("search.colour", "config.unknown_key"), ("search.limit", "config.bad_value")]);
    let human = repo.aether(&["search", "circle"]).exits(0);
    assert!(human.stderr.contains("warning: search.colour: nothing reads this key [config.unknown_key]\n"));
    assert!(!human.stdout.contains("warning"));
    assert_eq!(repo.read(".aether/config.toml"), text, "never rewritten");
}

#[test]
fn a_file_that_is_not_toml_is_an_error_that_names_the_line() {
    let repo = Repo::new();
    repo.write(".aether/config.toml", "# fine\n[search\nlimit = 3\n");
    let run = repo.aether(&["search", "circle", "--json"]).exits(2);
    assert_eq!(run.error_code(), "config.syntax");
    let run = repo.aether(&["search", "circle"]).exits(2);
    assert!(run.stderr.contains("config.toml: configuration is not valid TOML: line 2"), "{}", run.stderr);
    std::fs::write(repo.path(".aether/config.toml"), b"\xff\xfe").unwrap();
    assert_eq!(repo.aether(&["status", "--json"]).exits(2).error_code(), "config.syntax");
}

#[test]
fn a_flag_excludes_folders_and_so_does_the_configuration() {
    let repo = Repo::new();
    let files = |arguments: &[&str]| repo.json(arguments)["coverage"]["files_indexed"].as_u64().unwrap();
    assert_eq!(files(&["status"]), 6);
    assert_eq!(files(&["status", "--exclude", "app"]), 4);
    repo.write(".aether/config.toml", "[index]\nexclude = [\"shapes\"]\n");
    assert_eq!(files(&["status"]), 3);
    assert_eq!(files(&["status", "--exclude", "app,none"]), 1);
    repo.aether(&["status", "--exclude", "a/b"]).exits(2);
}

#[test]
fn a_flag_limits_files_and_so_does_the_configuration() {
    let repo = Repo::new();
    let run = repo.aether(&["index", "--max-files", "3", "--json"]).exits(1);
    assert_eq!(run.error_code(), "index.too_many_files");
    repo.write(".aether/config.toml", "[index]\nmax_files = 2\n");
    assert_eq!(repo.aether(&["index", "--json"]).exits(1).error_code(), "index.too_many_files");
    repo.json(&["index", "--max-files", "10"]);
}

#[test]
fn a_flag_limits_the_size_of_files() {
    let repo = Repo::new();
    // `app/Cargo.toml` has 118 bytes, every source more.
    let answer = repo.json(&["index", "--max-file-bytes", "200"]);
    assert_eq!(answer["coverage"]["files_with_diagnostics"], 3);
    let report = repo.json(&["doctor", "--max-file-bytes", "200"]);
    let codes: Vec<_> =
        report["checks"].as_array().unwrap().iter().filter_map(|check| check["code"].as_str()).collect();
    assert_eq!(codes, ["index.file_too_large"; 3]);
}

#[test]
fn answers_do_not_depend_on_the_number_of_threads() {
    let (one, many) = (Repo::new(), Repo::new());
    let export =
        |repo: &Repo, threads| repo.aether(&["export", "edges", "--threads", threads]).exits(0).stdout;
    assert_eq!(export(&one, "1"), export(&many, "7"));
}

#[test]
fn flags_have_the_ranges_of_the_configuration() {
    let repo = Repo::new();
    for flag in [
        ["--threads", "2000"],
        ["--max-file-bytes", "0"],
        ["--max-files", "0"],
        ["--busy-timeout-ms", "600001"],
        ["--limit", "0"],
    ] {
        let run = repo.aether(&["search", "circle", flag[0], flag[1], "--json"]).exits(2);
        assert_eq!(run.error_code(), "usage.bad_arguments", "{flag:?}");
    }
    let answer = repo.json(&["search", "circle", "--busy-timeout-ms", "100", "--threads", "0"]);
    assert_eq!(answer["warnings"], json!([]));
}

/// Thresholds that are looser than the defaults are told with every answer, also where they decided nothing.
#[test]
fn a_relaxed_policy_is_told_with_every_answer() {
    let repo = Repo::new();
    let commands: [&[&str]; 4] = [&["search", "square"], &["status"], &["policy", "show"], &["index"]];
    for arguments in commands {
        assert!(repo.json(arguments).get("relaxed").is_none(), "{arguments:?}");
        assert!(!repo.aether(arguments).exits(0).stderr.contains("relaxed"), "{arguments:?}");
    }
    repo.write(".aether/config.toml", "[policy]\nprofile = \"relaxed\"\n");
    for arguments in commands {
        assert_eq!(repo.json(arguments)["relaxed"], true, "{arguments:?}");
        let told = repo.aether(arguments).exits(0).stderr;
        assert_eq!(told.matches("relaxed: thresholds may be looser").count(), 1, "{arguments:?}: {told}");
    }
}
