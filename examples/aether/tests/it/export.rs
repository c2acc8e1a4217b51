//! `export` and `digest`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::Repo;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn symbols_have_the_fields_that_are_promised() {
    let repo = Repo::new();
    let symbols = lines(&repo.aether(&["export", "symbols", "--jsonl"]).exits(0).stdout);
    let expected = BTreeSet::from([
        "id",
        "language",
        "kind",
        "name",
        "qualified_name",
        "file",
        "line",
        "end_line",
        "name_line",
        "visibility",
        "signature",
        "parent",
    ]);
    assert!(symbols.iter().all(|symbol| keys(symbol) == expected));
    let found =
        symbols.iter().find(|symbol| symbol["name"] == "Circle" && symbol["kind"] == "struct").unwrap();
    assert_eq!((&found["line"], &found["end_line"], &found["name_line"]), (&json!(9), &json!(11), &json!(9)));
    assert_eq!(found["visibility"], "public");
    let radius = symbols.iter().find(|symbol| symbol["name"] == "radius").unwrap();
    assert_eq!(radius["parent"], found["id"]);
    let total = repo.json(&["status"])["symbols"].as_u64().unwrap();
    assert_eq!(symbols.len() as u64, total);
}

#[test]
fn edges_have_the_fields_that_are_promised_and_none_is_missing() {
    let repo = Repo::new();
    let edges = lines(&repo.aether(&["export", "edges", "--jsonl"]).exits(0).stdout);
    let expected = BTreeSet::from([
        "kind",
        "src_id",
        "src_file",
        "src_name_line",
        "dst_id",
        "dst_file",
        "dst_name_line",
        "dst_path",
        "callee_text",
        "site_line",
        "confidence",
        "resolution",
    ]);
    assert!(edges.iter().all(|edge| keys(edge) == expected));
    let calls: Vec<&Value> = edges.iter().filter(|edge| edge["kind"] == "calls").collect();
    assert_eq!(calls.len(), 12);
    let outside = calls.iter().find(|edge| edge["dst_path"] == "std::fs::read").unwrap();
    assert_eq!(outside["dst_id"], Value::Null);
    assert_eq!(outside["site_line"], 15);
    let confidence = outside["confidence"].as_f64().unwrap();
    assert!(confidence > 0.5 && confidence <= 1.0, "a fraction: {confidence}");
    let unresolved = calls.iter().find(|edge| edge["callee_text"] == "nowhere").unwrap();
    assert_eq!((&unresolved["dst_path"], &unresolved["resolution"]), (&Value::Null, &json!("unresolved")));
    assert_eq!(unresolved["confidence"], json!(0.0));
    assert!(edges.iter().any(|edge| edge["kind"] == "defines"));
    assert_eq!(edges.len() as u64, repo.json(&["status"])["edges"].as_u64().unwrap());
}

#[test]
fn lines_are_what_happens_anyway_and_one_object_holds_the_same() {
    let repo = Repo::new();
    for what in ["symbols", "edges"] {
        let plain = repo.aether(&["export", what]).exits(0).stdout;
        assert_eq!(plain, repo.aether(&["export", what, "--jsonl"]).exits(0).stdout);
        let run = repo.aether(&["export", what, "--json"]).exits(0);
        let object: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(object[what].as_array().unwrap(), &lines(&plain));
        assert_eq!(object["schema_version"], 1);
        assert_eq!(object["coverage"]["files_indexed"], 6);
        assert_eq!(object["freshness"]["is_checked"], true);
        assert_eq!(object["warnings"], json!([]));
    }
}

#[test]
fn an_export_goes_to_a_file() {
    let repo = Repo::new();
    let plain = repo.aether(&["export", "edges"]).exits(0).stdout;
    let target = repo.path(".aether/edges.jsonl");
    let run = repo.aether(&["export", "edges", "--output", target.to_str().unwrap()]).exits(0);
    assert_eq!(run.stdout, "");
    assert!(run.stderr.starts_with(&format!("{} edges in ", plain.lines().count())), "{}", run.stderr);
    assert_eq!(repo.read(".aether/edges.jsonl"), plain);
    let run = repo.aether(&["export", "edges", "--json", "-o", target.to_str().unwrap()]).exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    let object: Value = serde_json::from_str(&repo.read(".aether/edges.jsonl")).unwrap();
    assert_eq!(object["edges"].as_array().unwrap(), &lines(&plain));
}

#[test]
fn an_export_of_an_empty_repository_is_empty() {
    let repo = Repo::new();
    let empty = repo.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let path = empty.to_str().unwrap();
    assert_eq!(repo.aether(&["export", "symbols", path]).exits(0).stdout, "");
    let run = repo.aether(&["export", "symbols", path, "--json"]).exits(0);
    let object: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(object["symbols"], json!([]));
}

fn digest(repo: &Repo) -> String {
    let text = repo.aether(&["digest"]).exits(0).stdout;
    let line = text.strip_suffix('\n').unwrap();
    let hex = line.strip_prefix("sha256:").unwrap();
    assert!(hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()), "{line}");
    assert_eq!(repo.json(&["digest"])["digest"], line);
    line.to_owned()
}

#[test]
fn a_digest_does_not_depend_on_the_place_of_the_repository() {
    let (one, other) = (Repo::new(), Repo::new());
    assert_eq!(digest(&one), digest(&other));
    other.append("shapes/src/lib.rs", "\npub fn more() {}\n");
    assert_ne!(digest(&one), digest(&other));
}

#[test]
fn a_digest_after_updates_is_that_of_a_fresh_index() {
    let (updated, fresh) = (Repo::new(), Repo::new());
    let before = digest(&updated);
    let change = |repo: &Repo| {
        repo.append("shapes/src/lib.rs", "\npub fn more() {\n    check_radius(1.0);\n}\n");
        repo.write("shapes/src/extra.rs", "pub fn extra() {\n    crate::more();\n}\n");
        let text = repo.read("shapes/src/lib.rs").replace("pub mod area;", "pub mod area;\npub mod extra;");
        repo.write("shapes/src/lib.rs", &text);
        let text = repo.read("app/src/main.rs").replace("Circle::new(2.0)", "Circle::new(3.0 + 1.0)");
        repo.write("app/src/main.rs", &text);
    };
    change(&updated);
    change(&fresh);
    let after = digest(&updated);
    assert_ne!(after, before);
    assert_eq!(after, digest(&fresh));
    // And back again, by way of a removed file.
    let original = Repo::new();
    for path in ["shapes/src/lib.rs", "app/src/main.rs"] {
        updated.write(path, &original.read(path));
    }
    std::fs::remove_file(updated.path("shapes/src/extra.rs")).unwrap();
    assert_eq!(digest(&updated), before);
}

/// The program ends with this code and names this error, and the file that it was to write is as before.
#[track_caller]
fn check_refused(arguments: &[&str], exit: i32, code: &str) {
    let repo = Repo::new();
    let output = repo.path("out.file");
    std::fs::write(&output, "before").unwrap();
    let told = repo.aether(arguments).exits(exit).stderr;
    assert!(told.contains(&format!("[{code}]")), "{told}");
    assert_eq!(std::fs::read_to_string(&output).unwrap(), "before");
    let left = std::fs::read_dir(repo.path(""))
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().into_string().ok());
    assert_eq!(left.filter(|name| name.starts_with(".aether-")).count(), 0);
}

#[test]
fn an_export_that_cannot_be_leaves_nothing_behind() {
    check_refused(&["export", "graph", "--at", "HEAD", "-o", "out.file"], 2, "git.not_a_repository");
    check_refused(&["export", "graph", "-o", "missing/out.file"], 1, "output.io");
    check_refused(&["export", "graph", "--jsonl"], 2, "usage.bad_arguments");
    check_refused(&["export", "symbols", "--at", "HEAD"], 2, "usage.bad_arguments");
    check_refused(&["export", "scip"], 2, "usage.bad_arguments");
}

#[test]
fn the_graph_is_the_same_wherever_it_goes() {
    let repo = Repo::new();
    let printed = repo.aether(&["export", "graph"]).exits(0).stdout;
    let graph: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&graph["schema_version"], &graph["revision"]), (&json!(1), &Value::Null));
    assert_eq!(graph["symbols"].as_array().unwrap().len() as u64, repo.json(&["status"])["symbols"]);
    assert_eq!(repo.aether(&["export", "graph", "--json"]).exits(0).stdout, printed);
    repo.aether(&["export", "graph", "--output", "graph.out"]).exits(0);
    assert_eq!(std::fs::read_to_string(repo.path("graph.out")).unwrap(), printed);
}

#[test]
fn scip_goes_to_a_file() {
    let repo = Repo::new();
    let told = repo.aether(&["export", "scip", "--output", "index.scip"]).exits(0).stderr;
    assert!(told.contains("documents"), "{told}");
    assert!(std::fs::metadata(repo.path("index.scip")).unwrap().len() > 1000);
}
