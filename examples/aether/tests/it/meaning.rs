//! `sir`, `history`, `why`, `diff`, `contract`.

use std::process::Command;

use aether_core::conformance::skip;
use serde_json::Value;

use crate::support::Repo;

fn committed() -> Option<Repo> {
    if Command::new("git").arg("--version").output().is_err() {
        skip("meaning", "there is no git");
        return None;
    }
    let repo = Repo::new();
    git(&repo, &["init", "--quiet", "--initial-branch=main"]);
    commit(&repo, "first state");
    Some(repo)
}

fn git(repo: &Repo, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(repo.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn commit(repo: &Repo, message: &str) {
    git(repo, &["add", "--all"]);
    git(repo, &["commit", "--quiet", "--message", message]);
}

/// `kind: text` of statements.
fn told(statements: &Value) -> Vec<String> {
    let show = |it: &Value| format!("{}: {}", it["kind"].as_str().unwrap(), it["text"].as_str().unwrap());
    statements.as_array().unwrap().iter().map(show).collect()
}

#[test]
fn a_record_has_the_fields_that_are_promised_and_the_way_to_each_effect() {
    let repo = Repo::new();
    let answer = repo.json(&["sir", "report"]);
    assert_eq!(answer["provider"], "static");
    assert_eq!(answer["sir_status"], "fresh");
    assert!(answer["sir_hash"].as_str().unwrap().starts_with("sha256:"));
    assert_eq!(answer["last_error"], Value::Null);
    assert!(answer["updated_at"].is_string());
    let sir = &answer["sir"];
    assert_eq!(sir["intent"], "report");
    assert_eq!(sir["inputs"][0], "circle: &Circle");
    assert_eq!(told(&sir["side_effects"]), ["files_read: std::fs::read", "output: println!"]);
    assert_eq!(sir["confidence"], 700);
    assert_eq!(answer["effects"][0]["kind"], "files_read");
    assert_eq!(answer["effects"][0]["steps"][0]["line"], 15);

    let text = repo.aether(&["sir", "report"]).exits(0).stdout;
    assert!(text.contains("files read: std::fs::read\n    app/src/main.rs:15 std::fs::read"), "{text}");
    // What is asked without an update is derived and not kept, and says the same.
    let again = repo.json(&["sir", "report", "--no-update"]);
    assert_eq!(again["sir"], *sir);
}

#[test]
fn files_have_records_and_fields_have_none() {
    let repo = Repo::new();
    let answer = repo.json(&["sir", "shapes/src/lib.rs"]);
    assert_eq!(answer["sir"]["intent"], "Shapes of the plane.");
    assert_eq!(answer["sir"]["symbol_count"], 3);
    let run = repo.aether(&["sir", "Circle::radius", "--json"]).exits(3);
    assert_eq!(run.json()["error"]["code"], "query.no_record");
    repo.aether(&["sir", "no_such_thing"]).exits(3);
    repo.aether(&["sir"]).exits(2);
}

#[test]
fn the_table_of_effects_is_extended_by_the_repository() {
    let repo = Repo::new();
    let effects = || told(&repo.json(&["sir", "app::main"])["sir"]["side_effects"]);
    assert!(!effects().iter().any(|it| it.starts_with("network")));
    repo.write("aether.toml", "[effects.network]\npaths = [\"std::fs::read\"]\n");
    assert!(effects().iter().any(|it| it.starts_with("network: std::fs::read")), "{:?}", effects());
    repo.write("aether.toml", "[effects.network]\nroads = []\n");
    let error = repo.aether(&["sir", "app::main", "--json"]).exits(2).json();
    assert_eq!(error["error"]["code"], "config.syntax");
    assert!(error["error"]["message"].as_str().unwrap().contains("roads"), "{error}");
}

#[test]
fn history_why_and_diff_tell_what_commits_meant() {
    let Some(repo) = committed() else { return };
    let none = repo.json(&["history", "square"]);
    assert_eq!((&none["commits"], &none["commits_known"]), (&1.into(), &0.into()));
    repo.write(
        "shapes/src/area.rs",
        &repo
            .read("shapes/src/area.rs")
            .replace("    value * value", "    println!(\"{value}\");\n    value * value"),
    );
    let diff = repo.json(&["diff"]);
    assert_eq!(diff["to"], Value::Null);
    let names: Vec<&str> =
        diff["changes"].as_array().unwrap().iter().map(|it| it["qualified_name"].as_str().unwrap()).collect();
    assert!(
        names.contains(&"shapes::area::square") && names.contains(&"shapes::area::<Circle as Area>::area"),
        "{names:?}"
    );
    commit(&repo, "says what it squares");
    let done = repo.json(&["history", "--backfill"]);
    assert_eq!((&done["commits"], &done["derived"], &done["known"]), (&2.into(), &2.into(), &0.into()));
    let found = repo.json(&["history", "square"]);
    assert_eq!(found["versions"][1]["commit"]["summary"], "says what it squares");
    assert_eq!(found["states_seen"], 0, "git keeps them");
    repo.aether(&["index"]).exits(0);
    std::fs::rename(repo.path(".git"), repo.path("git")).unwrap();
    assert_eq!(repo.json(&["history", "square", "--no-update"])["states_seen"], 0);
    std::fs::rename(repo.path("git"), repo.path(".git")).unwrap();
    assert_eq!(found["versions"][1]["summary"], "does now: output: println!");
    assert_eq!(found["versions"][1]["diff"]["fields_added"][0], "side_effects");
    let text = repo.aether(&["history", "square"]).exits(0).stdout;
    let newest = text.lines().find(|line| line.starts_with('2')).unwrap();
    assert!(newest.contains("says what it squares"), "{text}");

    let why = repo.json(&["why", "square"]);
    assert_eq!((&why["found"], &why["summary"]), (&true.into(), &"does now: output: println!".into()));
    assert_eq!(why["commits"][0]["summary"], "says what it squares");
    assert_eq!(why["from"]["version"], 1);
    let text = repo.aether(&["why", "square"]).exits(0).stdout;
    assert!(text.contains("1 of 1 commit in between changed it"), "{text}");
    let none = repo.aether(&["why", "is_odd", "--json"]).exits(3).json();
    assert_eq!((&none["found"], &none["reason"]), (&false.into(), &"single_version_only".into()));

    let same = repo.aether(&["diff", "HEAD..HEAD"]).exits(0).stdout;
    assert!(same.contains("mean the same"), "{same}");
    let there = repo.json(&["diff", "HEAD~1..HEAD", "--path", "area"]);
    assert!(
        there["changes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["file"].as_str().unwrap().ends_with("area.rs"))
    );
    assert!(!there["changes"].as_array().unwrap().is_empty());
    let wrong = repo.aether(&["diff", "no-such..HEAD", "--json"]).exits(2).json();
    assert_eq!(wrong["error"]["code"], "git.unknown_revision");
}

#[test]
fn history_needs_a_symbol_or_a_backfill() {
    let repo = Repo::new();
    repo.aether(&["history"]).exits(2);
    repo.aether(&["history", "--since", "HEAD"]).exits(2);
}

#[test]
fn contracts_are_added_listed_checked_and_removed() {
    let repo = Repo::new();
    repo.write("aether.toml", "# Ours.\n");
    let added = repo.json(&[
        "contract",
        "add",
        "square",
        "--must-not",
        "io,panic",
        "--keep",
        "outputs",
        "--reason",
        "hot",
    ]);
    assert_eq!(added["contracts"][0]["keep"]["outputs"][0], "f64");
    assert!(repo.read("aether.toml").starts_with("# Ours.\n"));
    assert_eq!(repo.json(&["contract", "list"])["contracts"], added["contracts"]);
    let kept = repo.json(&["contract", "check"]);
    assert_eq!((&kept["is_kept"], &kept["symbols"]), (&true.into(), &1.into()));

    repo.write(
        "shapes/src/area.rs",
        &repo.read("shapes/src/area.rs").replace(
            "fn square(value: f64) -> f64 {",
            "fn square(value: f64) -> f32 {\n    std::fs::write(\"x\", \"y\").unwrap();",
        ),
    );
    let run = repo.aether(&["contract", "check", "--json"]).exits(1).json();
    assert_eq!(run["is_kept"], false);
    let clauses: Vec<&str> =
        run["findings"].as_array().unwrap().iter().map(|it| it["clause"].as_str().unwrap()).collect();
    assert_eq!(clauses, ["must_not io", "must_not panic", "keep outputs"]);
    assert_eq!(run["findings"][0]["reason"], "hot");
    let text = repo.aether(&["contract", "check"]).exits(1).stdout;
    assert!(text.contains("files_write: std::fs::write") && text.contains("- f64, + f32"), "{text}");

    repo.json(&["contract", "remove", "square"]);
    assert_eq!(repo.read("aether.toml"), "# Ours.\n");
    repo.aether(&["contract", "remove", "square"]).exits(3);
    repo.aether(&["contract", "list"]).exits(3);
    repo.aether(&["contract", "check"]).exits(0);
}

/// `aether.toml` is a file of the user: it is changed with a permit, by a patch that can be taken back.
#[test]
fn contracts_are_written_with_a_permit() {
    let repo = Repo::new();
    repo.json(&["contract", "add", "square", "--must-not", "io"]);
    let text = repo.read("aether.toml");
    let listed = repo.json(&["patch", "list"]);
    assert_eq!(listed["patches"][0]["paths"][0], "aether.toml", "{listed}");
    assert_eq!(repo.json(&["audit", "verify"])["rows"], 1);

    repo.json(&["contract", "add", "square", "--must-not", "panic"]);
    assert_ne!(repo.read("aether.toml"), text);
    let token = repo.json(&["patch", "list"])["patches"][1]["token"].as_str().unwrap().to_owned();
    repo.json(&["patch", "revert", &token]);
    assert_eq!(repo.read("aether.toml"), text);

    // Whom the policy does not let change files cannot do it here, either.
    repo.write(".aether/config.toml", "[policy]\npreset = \"observer\"\n");
    for arguments in [&["contract", "add", "square", "--must", "io"][..], &["contract", "remove", "square"]] {
        let told = repo.aether(&[arguments, &["--json"]].concat()).exits(6).json();
        assert_eq!(told["error"]["code"], "policy.denied");
    }
    assert_eq!(repo.read("aether.toml"), text);
}

#[test]
fn what_cannot_be_shown_is_said_and_fails_only_when_that_is_asked_for() {
    let repo = Repo::new();
    repo.json(&["contract", "add", "app::main", "--must-not", "network"]);
    let run = repo.json(&["contract", "check"]);
    assert_eq!(
        (&run["is_kept"], &run["findings"][0]["verdict"]),
        (&true.into(), &"not_shown".into()),
        "{run}"
    );
    repo.aether(&["contract", "check", "--strict"]).exits(1);
}

#[test]
fn a_contract_that_promises_nothing_is_refused_and_not_written() {
    let repo = Repo::new();
    for arguments in [
        &["contract", "add", "square"][..],
        &["contract", "add", "square", "--must-not", "netwrok"],
        &["contract", "add", "square", "--keep", "colour"],
        &["contract", "add", "shapes::*", "--keep", "outputs"],
        &["contract", "add", "", "--must", "io"],
    ] {
        repo.aether(arguments).exits(2);
        assert!(!repo.path("aether.toml").exists(), "{arguments:?}");
    }
    repo.write("aether.toml", "[[contract]]\nsymbol = \"square\"\n");
    for arguments in
        [&["contract", "check"][..], &["contract", "list"], &["contract", "add", "f", "--must", "io"]]
    {
        repo.aether(arguments).exits(2);
    }
}

#[test]
fn search_goes_by_words_by_meaning_or_by_both_and_says_which() {
    let repo = Repo::new();
    let found = |arguments: &[&str]| repo.json(&[&["search"], arguments].concat());
    let plain = found(&["square"]);
    assert_eq!((&plain["mode_requested"], &plain["mode_used"]), (&"lexical".into(), &"lexical".into()));
    assert_eq!(plain["fallback_reason"], Value::Null);
    let early = found(&["square", "--mode", "semantic", "--no-update"]);
    assert_eq!((&early["mode_used"], &early["fallback_reason"]), (&"lexical".into(), &"no_vectors".into()));
    let hashed = found(&["squares of values", "--mode", "semantic", "--embeddings", "hashing"]);
    assert_eq!((&hashed["mode_used"], &hashed["fallback_reason"]), (&"semantic".into(), &Value::Null));
    for mode in ["semantic", "hybrid"] {
        let answer = found(&["squares of values", "--mode", mode]);
        assert_eq!((&answer["mode_used"], &answer["fallback_reason"]), (&mode.into(), &Value::Null));
        assert_eq!(answer["hits"][0]["qualified_name"], "shapes::area::square", "{answer}");
    }
    let kinds = found(&["circle", "--mode", "semantic", "--kind", "struct"]);
    assert_eq!(kinds["hits"].as_array().unwrap().len(), 1);
    let strange = repo.aether(&["search", "zanzibar", "--mode", "hybrid", "--json"]).exits(3).json();
    assert_eq!(strange["fallback_reason"], "unknown_words");
    let text = repo.aether(&["search", "zanzibar", "--mode", "hybrid"]).exits(3).stdout;
    assert!(text.contains("searched by words, not hybrid: unknown words"), "{text}");
    repo.write(".aether/config.toml", "[search]\nmode = \"hybrid\"\n");
    assert_eq!(found(&["square"])["mode_used"], "hybrid");
    repo.aether(&["search", "square", "--mode", "psychic"]).exits(2);
}

#[test]
fn a_context_pack_holds_what_a_task_needs_and_no_more_than_its_budget() {
    let repo = Repo::new();
    let pack = repo.json(&["context", "square", "of", "a", "value"]);
    let names: Vec<&str> =
        pack["entries"].as_array().unwrap().iter().map(|it| it["qualified_name"].as_str().unwrap()).collect();
    assert_eq!(names[0], "shapes::area::square");
    // Nobody named what calls it.
    assert!(names.contains(&"shapes::area::<Circle as Area>::area"), "{names:?}");
    let first = &pack["entries"][0];
    assert_eq!((&first["reason"], &first["anchor"]["file"]), (&"found".into(), &"shapes/src/area.rs".into()));
    assert!(first["source"].as_str().unwrap().contains("value * value"));

    let markdown = repo.aether(&["context", "square", "--bytes", "600"]).exits(0).stdout;
    assert!(markdown.len() <= 600 && markdown.contains("```\nfn square(value: f64) -> f64 {"), "{markdown}");
    let xml = repo.aether(&["context", "square", "--format", "xml", "--mode", "lexical"]).exits(0).stdout;
    let parsed = roxmltree::Document::parse(&xml).unwrap();
    assert!(parsed.descendants().any(|node| node.attribute("name") == Some("shapes::area::square")));
    repo.aether(&["context", "zanzibar"]).exits(3);
    repo.aether(&["context", "?!"]).exits(2);
    repo.aether(&["context", "square", "--tokens", "5", "--bytes", "5"]).exits(2);
}

#[test]
fn outside_of_git_every_look_that_finds_another_meaning_is_a_version() {
    let repo = Repo::new();
    repo.aether(&["index"]).exits(0);
    let says =
        repo.read("shapes/src/area.rs").replace("    value * value", "    println!();\n    value * value");
    repo.write("shapes/src/area.rs", &says);
    let found = repo.json(&["history", "square"]);
    assert_eq!((&found["commits"], &found["states_seen"]), (&0.into(), &2.into()));
    let last = &found["versions"][1];
    assert_eq!((&last["commit"], &last["summary"]), (&Value::Null, &"does now: output: println!".into()));
    assert!(last["seen_at"].as_str().unwrap().starts_with("20"), "{last}");
    let text = repo.aether(&["history", "square"]).exits(0).stdout;
    assert!(text.contains("\n2  seen  20") && !text.contains("backfill"), "{text}");
    assert_eq!(repo.json(&["why", "square"])["summary"], "does now: output: println!");

    // Nothing is recorded where nobody wants it, and nothing is lost.
    let more = says.replace("println!();", "println!(); std::process::exit(1);");
    repo.write("shapes/src/area.rs", &more);
    repo.aether(&["index", "--record-history=false"]).exits(0);
    let found = repo.json(&["history", "square", "--no-update"]);
    assert_eq!((&found["states_seen"], &found["versions"][2]["seen_at"]), (&2.into(), &Value::Null));
    repo.write(".aether/config.toml", "[storage]\nrecord_history = false\n");
    assert_eq!(repo.json(&["history", "square"])["states_seen"], 2);
    assert_eq!(repo.json(&["history", "square", "--record-history"])["states_seen"], 3);
    let error = repo.aether(&["history", "--backfill", "--json"]).exits(2).json();
    assert_eq!(error["error"]["code"], "git.not_a_repository");
}

#[test]
fn records_are_copied_where_that_is_wanted_and_those_of_others_are_shown() {
    let repo = Repo::new();
    repo.json(&["sir", "report"]);
    assert!(!repo.path(".aether/sir").exists());
    let answer = repo.json(&["sir", "report", "--mirror-records"]);
    let id = answer["symbol"]["id"].as_str().unwrap().trim_start_matches("sym:").to_owned();
    let file = format!(".aether/sir/{id}.json");
    let mut page: Value = serde_json::from_str(&repo.read(&file)).unwrap();
    assert_eq!(page["records"]["static"]["sir"], answer["sir"]);

    // Another program made a record of its own, and its last try failed.
    let error = repo.aether(&["sir", "report", "--provider", "mine", "--json"]).exits(3).json();
    assert_eq!(error["error"]["message"], "mine made no record of app::report");
    let mut record = page["records"]["static"].clone();
    record["provider"] = "mine".into();
    record["sir_status"] = "stale".into();
    record["last_error"] = serde_json::json!({ "code": "inference.timeout", "message": "no answer", "at": "2026-01-01T00:00:00Z" });
    page["records"]["mine"] = record;
    repo.write(&file, &page.to_string());
    let answer = repo.json(&["sir", "report", "--provider", "mine", "--mirror-records"]);
    assert_eq!((&answer["provider"], &answer["sir_status"]), (&"mine".into(), &"stale".into()));
    assert_eq!(answer["last_error"], "no answer");
    assert!(answer["last_attempt_at"].is_string(), "{answer}");
    // It is in the store now, and a person reads why it is stale.
    let text = repo.aether(&["sir", "report", "--provider", "mine"]).exits(0).stdout;
    assert!(text.contains("stale: no answer"), "{text}");
}
