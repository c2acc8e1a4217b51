//! The log of what was asked and decided: its key, its end, and what leaves a row in it.

use std::path::Path;

use serde_json::Value;

use crate::support::{Repo, Run, command};

fn rows(repo: &Repo) -> u64 {
    repo.json(&["audit", "verify"])["rows"].as_u64().unwrap()
}

/// Writes the end of the log to a file; tips of one name replace one another.
fn tip(repo: &Repo, arguments: &[&str], name: &str) -> String {
    repo.aether(&[&["audit", "tip", "--output", name], arguments].concat()).exits(0);
    repo.path(name).to_str().unwrap().to_owned()
}

/// The policy file as it is now, to put it back later.
fn keep(repo: &Repo) -> Vec<u8> {
    assert!(!repo.path(".aether/authority.db-wal").exists(), "everybody has closed it");
    std::fs::read(repo.path(".aether/authority.db")).unwrap()
}

#[test]
fn a_key_is_changed_and_rows_of_both_verify() {
    let repo = Repo::new();
    repo.aether(&["export", "symbols", "--output", "out"]).exits(0);
    let before = std::fs::read(repo.path(".aether/audit.key")).unwrap();
    let changed = repo.json(&["audit", "rotate-key"]);
    assert_eq!(changed["row"], 2);
    assert_ne!(changed["before"], changed["key"]);
    repo.aether(&["export", "symbols", "--output", "out"]).exits(0);
    assert_eq!(rows(&repo), 3);
    let again = repo.json(&["audit", "rotate-key"]);
    assert_eq!(again["before"], changed["key"]);
    assert_eq!(rows(&repo), 4);
    assert_eq!(std::fs::read(repo.path(".aether/audit.key")).unwrap(), before, "the first one stays");
    let file = repo.path(".aether/audit.keys").join(format!("{}.key", again["key"].as_str().unwrap()));
    // Without the file of the key, nothing is allowed, and help is at hand.
    std::fs::rename(&file, repo.path("kept")).unwrap();
    let told = repo.aether(&["export", "symbols", "--output", "other"]).exits(6).stderr;
    assert!(told.contains("[policy.denied]") && told.contains("aether audit verify"), "{told}");
    assert!(!repo.path("other").exists());
    assert_eq!(repo.aether(&["audit", "verify", "--json"]).exits(1).json()["flaw"], "unknown_key");
    std::fs::rename(repo.path("kept"), &file).unwrap();
    assert_eq!(rows(&repo), 4);
}

#[test]
fn a_key_of_the_environment_is_left_for_a_file() {
    let repo = Repo::new();
    let with_key = |arguments: &[&str]| {
        let mut command = command(arguments);
        Run::of(command.current_dir(repo.root()).env("AETHER_AUDIT_KEY", "ab".repeat(32)))
    };
    with_key(&["export", "symbols", "--output", "out"]).exits(0);
    let told = with_key(&["audit", "rotate-key"]).exits(0);
    assert!(told.stderr.contains("AETHER_AUDIT_KEY"), "{}", told.stderr);
    // From now on the key of the environment is another one than that of the log.
    with_key(&["export", "symbols", "--output", "out"]).exits(6);
    repo.aether(&["export", "symbols", "--output", "out"]).exits(0);
    assert_eq!(with_key(&["audit", "verify", "--json"]).exits(0).json()["rows"], 3);
    // Without it nobody can tell of its rows.
    assert_eq!(repo.aether(&["audit", "verify", "--json"]).exits(1).json()["flaw"], "unknown_key");
}

#[test]
fn a_tip_that_was_signed_shows_what_was_taken_back() {
    let repo = Repo::new();
    repo.aether(&["export", "symbols", "--output", "out"]).exits(0);
    assert_eq!(repo.aether(&["audit", "tip", "--sign", "--json"]).exits(1).error_code(), "signing.no_key");
    let key = repo.json(&["key", "new", "--name", "example.com/log"])["public_key"].clone();
    let key = key.as_str().unwrap();
    let early = keep(&repo);
    let note = tip(&repo, &["--sign"], "note");
    // To a file goes what is printed, with the row of the file itself behind it.
    let printed = repo.aether(&["audit", "tip", "--sign"]).exits(0).stdout;
    assert!(repo.read("note").starts_with("aether-audit-tip-v1\nexample.com/log\n1\n"), "{printed}");
    assert!(printed.starts_with("aether-audit-tip-v1\nexample.com/log\n2\n"), "{printed}");
    let told = repo.json(&["audit", "tip", "--sign"]);
    assert_eq!((&told["tip"], &told["public_key"]), (&Value::from(printed.as_str()), &Value::from(key)));
    let verify =
        |note: &str, key: &str| repo.aether(&["audit", "verify", "--tip", note, "--key", key, "--json"]);
    assert_eq!(verify(&note, key).exits(0).json()["verdict"], "valid");
    // Later rows are no harm; a log from before is found out.
    repo.aether(&["export", "symbols", "--output", "out"]).exits(0);
    assert_eq!(verify(&note, key).exits(0).json()["verdict"], "valid");
    let late = tip(&repo, &["--sign"], "late");
    std::fs::write(repo.path(".aether/authority.db"), &early).unwrap();
    assert_eq!(repo.json(&["audit", "verify"])["verdict"], "valid", "by itself it is in order");
    assert_eq!(verify(&late, key).exits(1).json()["flaw"], "truncated");
    assert_eq!(verify(&note, key).exits(0).json()["rows"], 1);

    // What nobody signed, or somebody else.
    let text = repo.read("note");
    repo.write("forged", &text.replace("\n1\n", "\n2\n"));
    assert_eq!(verify("forged", key).exits(1).error_code(), "note.untrusted");
    let other = Repo::new();
    let others = other.json(&["key", "new", "--name", "example.com/log"])["public_key"].clone();
    assert_eq!(verify(&note, others.as_str().unwrap()).exits(1).error_code(), "note.untrusted");
    assert_eq!(verify(&note, "no key").exits(2).error_code(), "usage.bad_arguments");
    let run = repo.aether(&["audit", "verify", "--tip", &note, "--json"]);
    assert_eq!(run.exits(2).error_code(), "usage.bad_arguments", "a note needs a key");
}

#[test]
fn a_tip_under_the_seal_of_the_log_shows_it_too() {
    let repo = Repo::new();
    repo.aether(&["export", "symbols", "--output", "out"]).exits(0);
    let early = keep(&repo);
    repo.aether(&["export", "symbols", "--output", "out"]).exits(0);
    let sealed = tip(&repo, &[], "sealed");
    let printed: Value = serde_json::from_str(&repo.read("sealed")).unwrap();
    assert_eq!(printed["tip"]["seq"], 2);
    let verify = || repo.aether(&["audit", "verify", "--tip", &sealed, "--json"]);
    assert_eq!(verify().exits(0).json()["verdict"], "valid");
    let key = repo.json(&["key", "new"])["public_key"].as_str().unwrap().to_owned();
    let run = repo.aether(&["audit", "verify", "--tip", &sealed, "--key", &key, "--json"]);
    assert_eq!(run.exits(2).error_code(), "usage.bad_arguments", "it is not signed");
    std::fs::write(repo.path(".aether/authority.db"), &early).unwrap();
    assert_eq!(verify().exits(1).json()["flaw"], "truncated");
}

/// Ends the program with this code, and leaves the file as it was and no row but that of the refusal.
#[track_caller]
fn check_kept(repo: &Repo, arguments: &[&str], code: &str) {
    repo.write("out", "before");
    let run = repo.aether(&[arguments, &["--output", "out", "--json"]].concat());
    assert_eq!(run.exits(6).error_code(), code, "{arguments:?}");
    assert_eq!(repo.read("out"), "before");
}

const REPORTS: [&[&str]; 6] = [
    &["export", "symbols"],
    &["export", "edges"],
    &["export", "graph"],
    &["export", "scip"],
    &["graph", "--dot", "square"],
    &["graph", "--svg", "square"],
];

#[test]
fn each_file_that_is_written_has_a_row() {
    let repo = Repo::new();
    repo.aether(&["export", "symbols"]).exits(0);
    assert!(!repo.path(".aether/authority.db").exists(), "an answer needs no permit");
    for (number, arguments) in REPORTS.iter().enumerate() {
        repo.aether(&[arguments, &["--output", "out"][..]].concat()).exits(0);
        assert_eq!(rows(&repo), number as u64 + 1, "{arguments:?}");
    }
    // Elsewhere on the machine too, without asking, and one that cannot be written is told.
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("out");
    repo.aether(&["export", "symbols", "--output", path.to_str().unwrap()]).exits(0);
    assert!(path.exists());
    assert_eq!(rows(&repo), REPORTS.len() as u64 + 1);
}

#[test]
fn where_the_policy_says_no_no_file_is_written() {
    let repo = Repo::new();
    repo.write(".aether/config.toml", "[policy]\npreset = \"observer\"\n");
    for arguments in REPORTS {
        check_kept(&repo, arguments, "policy.ask");
    }
    check_kept(&repo, &["audit", "tip"], "policy.ask");
    // What is printed is an answer.
    repo.aether(&["export", "graph"]).exits(0);
    repo.write(".aether/config.toml", "[policy]\npreset = \"assistant\"\n");
    repo.aether(&["export", "graph", "--output", "out"]).exits(0);
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("out");
    let run = repo.aether(&["export", "graph", "--output", path.to_str().unwrap(), "--json"]);
    assert_eq!(run.exits(6).error_code(), "policy.ask", "outside of what the preset opens");
    assert!(!path.exists());
    // A link inside that leads outside is outside.
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(elsewhere.path(), repo.path("inside")).unwrap();
        let run = repo.aether(&["export", "graph", "--output", "inside/out", "--json"]);
        assert_eq!(run.exits(6).error_code(), "policy.ask");
        assert!(!path.exists());
    }
}

#[test]
fn without_an_audit_log_no_file_is_written_and_help_is_at_hand() {
    let repo = Repo::new();
    repo.aether(&["export", "symbols", "--output", "out"]).exits(0);
    let path = repo.path(".aether/authority.db");
    damage(&path);
    check_kept(&repo, &["export", "symbols"], "policy.denied");
    let told = repo.aether(&["export", "symbols", "--output", "out"]).exits(6).stderr;
    assert!(told.contains("hint: `aether audit verify`"), "{told}");
    repo.aether(&["export", "symbols"]).exits(0);
    // Where there is no folder for a log, it is told why that is needed.
    let bare = Repo::bare();
    bare.write(".aether", "no folder");
    let told = bare.aether(&["audit", "tip", "--output", "out"]).exits(5).stderr;
    assert!(told.contains(".aether"), "{told}");
}

/// Puts an old head under a log that has gone on.
fn damage(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = bytes.windows(5).rposition(|window| window == b"file-").expect("the name of the key");
    bytes[at + 5] = if bytes[at + 5] == b'0' { b'1' } else { b'0' };
    std::fs::write(path, bytes).unwrap();
}
