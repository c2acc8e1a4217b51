//! Changing a repository: verified, applied, taken back, allowed and written down.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aether_core::conformance::skip;
use serde_json::Value;

use crate::support::{Run, command, elsewhere};

const LIBRARY: &str = "\
//! Sums.

/// The sum.
pub fn add(a: i32, b: i32) -> i32 {
    a + b
}

#[test]
fn adds() {
    assert_eq!(add(1, 2), 3);
}
";

/// A package that compiles.
pub(crate) struct Package {
    pub(crate) folder: tempfile::TempDir,
}

impl Package {
    pub(crate) fn new() -> Self {
        // Not below `/tmp`, which is private in the sandbox, so that the files are in sight there.
        let package = Self { folder: elsewhere() };
        package.write(
            "Cargo.toml",
            "[package]\nname = \"sums\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n",
        );
        package.write("src/lib.rs", LIBRARY);
        package.write(".aether/config.toml", "");
        package
    }

    /// The same, or nothing where this system has no sandbox.
    pub(crate) fn in_a_sandbox(test: &str) -> Option<Self> {
        let package = Self::new();
        let run = package.aether(&["verify", "--command", "cargo --version", "--json"]);
        let code = serde_json::from_str::<Value>(&run.stdout).unwrap()["error"]["code"].clone();
        if code == "run.unconfined" || code == "run.unavailable" {
            skip(test, &run.stdout);
            return None;
        }
        Some(package)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn library(&self) -> String {
        std::fs::read_to_string(self.path("src/lib.rs")).unwrap()
    }

    pub(crate) fn aether(&self, arguments: &[&str]) -> Run {
        Run::of(command(arguments).current_dir(self.folder.path()))
    }

    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str], code: i32) -> Value {
        self.aether(&[arguments, &["--json"]].concat()).exits(code).json()
    }

    #[track_caller]
    pub(crate) fn error(&self, arguments: &[&str], exit: i32) -> String {
        self.aether(&[arguments, &["--json"]].concat()).exits(exit).error_code()
    }

    /// A diff that replaces a line of the library, in a file.
    pub(crate) fn diff(&self, from: &str, to: &str) -> String {
        let library = self.library();
        let number = 1 + library.lines().position(|line| line == from).unwrap();
        let new: String = to.lines().map(|line| format!("+{line}\n")).collect();
        let count = to.lines().count();
        let diff =
            format!("--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -{number} +{number},{count} @@\n-{from}\n{new}");
        self.keep("change.diff", &diff)
    }

    /// A diff outside of the package.
    fn keep(&self, name: &str, diff: &str) -> String {
        let path = self.path(".aether").join(name);
        std::fs::write(&path, diff).unwrap();
        path.display().to_string()
    }

    /// What a user types at a terminal, where there is a way to have one.
    pub(crate) fn at_a_terminal(&self, arguments: &[&str], typed: &str) -> Option<String> {
        let program = env!("CARGO_BIN_EXE_aether");
        let line = format!("{program} {}", arguments.join(" "));
        let mut child = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| skip("at_a_terminal", format!("there is no `script`: {error}")))
            .ok()?;
        let mut stdin = child.stdin.take().unwrap();
        std::io::Write::write_all(&mut stdin, typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        Some(String::from_utf8(output.stdout).unwrap())
    }
}

/// The files of a package but those of the program, with their times.
fn files(package: &Package) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
    fn walk(folder: &Path, found: &mut BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() && entry.file_name() != ".aether" {
                walk(&entry.path(), found);
            } else if metadata.is_file() {
                let bytes = std::fs::read(entry.path()).unwrap();
                found.insert(entry.path(), (bytes, metadata.modified().unwrap()));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(package.folder.path(), &mut found);
    found
}

#[test]
fn verifying_tells_and_touches_nothing() {
    let Some(package) = Package::in_a_sandbox("verifying_tells_and_touches_nothing") else { return };
    let before = files(&package);
    let answer = package.json(&["verify"], 0);
    assert_eq!((&answer["green"], &answer["profile"]), (&true.into(), &"strict".into()));
    let steps = answer["verification"]["steps"].as_array().unwrap();
    let roles: Vec<&str> = steps.iter().map(|step| step["step"]["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["check", "test", "lint"]);
    for step in steps {
        assert_eq!((&step["run"]["exit_code"], &step["run"]["mode"]), (&0.into(), &"host".into()));
        assert_eq!(step["run"]["sandbox"]["writes_confined"], true);
    }
    assert_eq!(files(&package), before);

    package.write("src/lib.rs", &LIBRARY.replace("a + b", "a - b"));
    let run = package.aether(&["verify"]).exits(1);
    assert!(run.stdout.contains("failed   cargo test"), "{}", run.stdout);
    assert!(run.stdout.contains("adds: assertion `left == right` failed"), "{}", run.stdout);
    assert!(run.stdout.contains("skipped  cargo clippy"), "{}", run.stdout);
    package.write("src/lib.rs", &LIBRARY.replace("a + b", "a + c"));
    let run = package.aether(&["verify"]).exits(1);
    assert!(
        run.stdout.contains("src/lib.rs:5:9: cannot find value `c` in this scope [E0425]"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_patch_is_checked_tried_applied_looked_at_and_taken_back() {
    let name = "a_patch_is_checked_tried_applied_looked_at_and_taken_back";
    let Some(package) = Package::in_a_sandbox(name) else { return };
    let diff = package.diff("    a + b", "  b  +a");
    let before = files(&package);
    let checked = package.json(&["patch", "check", &diff], 0);
    assert_eq!((&checked["added_lines"], &checked["removed_lines"]), (&1.into(), &1.into()));
    assert_eq!(checked["needs"][0]["outcome"], "allow");
    let tried = package.json(&["patch", "apply", &diff, "--dry-run"], 0);
    assert_eq!((&tried["dry_run"], &tried["applied"]), (&true.into(), &false.into()));
    assert_eq!(tried["judgement"]["objections"], Value::Array(vec![]));
    assert_eq!(files(&package), before);
    let none = package.json(&["patch", "list"], 3);
    assert_eq!(none["patches"], Value::Array(vec![]));

    let applied = package.json(&["patch", "apply", &diff, "--proposer", "some-agent 1.0"], 0);
    assert_eq!((&applied["applied"], &applied["polish"]["applied"]), (&true.into(), &true.into()));
    assert!(package.library().contains("\n    b + a\n"), "it is formatted: {}", package.library());
    let (token, provenance) = (applied["token"].as_str().unwrap(), applied["provenance"].as_str().unwrap());
    assert_eq!(applied["trailer"], format!("Aether-Patch: {provenance}"));
    assert_eq!(applied["tried"]["tree"], applied["after"]["tree"]);
    let listed = package.json(&["patch", "list"], 0);
    assert_eq!(listed["patches"][0]["token"], token);
    assert_eq!(listed["patches"].as_array().unwrap().len(), 2, "the formatting is one of its own");

    // Where it comes from, by any of its names.
    for name in [token, provenance, &format!("Aether-Patch: {provenance}")] {
        let answer = package.json(&["patch", "verify", name], 0);
        assert_eq!((&answer["proven"], &answer["traced"]), (&true.into(), &true.into()));
        assert_eq!(answer["record"]["proposer"]["name"], "some-agent 1.0");
        assert_eq!(answer["files"][0]["state"], "stands");
        assert_eq!(answer["continued_by"].as_array().unwrap().len(), 1);
        let symbol = &answer["record"]["anchors"][0]["target"]["symbol"];
        assert!(symbol.as_str().unwrap().starts_with("sym:"), "{answer}");
    }
    let statement = package.aether(&["patch", "verify", token, "--in-toto"]).exits(0).json();
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");

    // The trace keeps the rules, and is decided again in the same way.
    let traces = package.json(&["trace", "list"], 0);
    let ids: Vec<&str> =
        traces["traces"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2, "of the trial and of the application");
    for id in &ids {
        let checked = package.json(&["trace", "check", id], 0);
        assert_eq!(checked["is_valid"], true, "{checked}");
        assert_eq!(package.json(&["trace", "replay", id], 0)["agrees"], true);
    }
    let live = package.json(&["trace", "replay", ids[1], "--live"], 0);
    assert!(live["checks"].as_array().unwrap().len() >= 2, "{live}");

    // The formatting is in the way until it is taken back.
    assert_eq!(package.error(&["patch", "revert", token], 1), "patch.moved_on");
    let polish = applied["polish"]["token"].as_str().unwrap();
    package.json(&["patch", "revert", polish, "--dry-run"], 0);
    assert!(package.library().contains("b + a"));
    package.json(&["patch", "revert", polish], 0);
    package.json(&["patch", "revert", provenance], 0);
    assert_eq!(package.library(), LIBRARY);
    assert_eq!(package.json(&["patch", "verify", token], 1)["files"][0]["state"], "undone");
    assert_eq!(package.json(&["audit", "verify"], 0)["verdict"], "valid");
}

#[test]
fn a_patch_that_does_not_prove_itself_changes_nothing() {
    let name = "a_patch_that_does_not_prove_itself_changes_nothing";
    let Some(package) = Package::in_a_sandbox(name) else { return };
    let before = files(&package);
    for (to, kind) in [("    a + c", "new_error"), ("    a.max(b)", "regression")] {
        let diff = package.diff("    a + b", to);
        let answer = package.json(&["patch", "apply", &diff], 1);
        assert_eq!(
            (&answer["applied"], &answer["judgement"]["objections"][0]["kind"]),
            (&false.into(), &kind.into())
        );
        package.json(&["patch", "apply", &diff, "--dry-run"], 1);
        assert_eq!(files(&package), before);
    }
    let run = package.aether(&["patch", "apply", &package.diff("    a + b", "    a.max(b)")]).exits(1);
    assert!(run.stdout.contains("regression  adds") && run.stdout.contains("not applied"), "{}", run.stdout);
    // A test may be lost only where that is asked for.
    let diff = package.diff("#[test]", "#[test]\n#[ignore]");
    let answer = package.json(&["patch", "apply", &diff], 1);
    assert_eq!(answer["judgement"]["objections"][0]["kind"], "test_silenced");
    package.json(&["patch", "apply", &diff, "--allow-lost-tests"], 0);
    // Whatever came of it, its trace keeps the rules.
    let listed = package.json(&["trace", "list"], 0);
    let ids: Vec<&str> =
        listed["traces"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 7);
    for id in ids {
        assert_eq!(package.json(&["trace", "check", id], 0)["is_valid"], true);
        assert_eq!(package.json(&["trace", "replay", id], 0)["agrees"], true);
    }
}

#[test]
fn a_diff_that_cannot_be_used_is_told() {
    let package = Package::new();
    let refused = |diff: &str| {
        let path = package.keep("bad.diff", diff);
        (package.error(&["patch", "check", &path], 1), package.error(&["patch", "apply", &path], 1))
    };
    for (diff, code) in [
        ("no diff", "patch.syntax"),
        ("", "patch.syntax"),
        ("--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1 +1 @@\n-other\n+new\n", "patch.mismatch"),
        ("--- /dev/null\n+++ b/../out\n@@ -0,0 +1 @@\n+x\n", "patch.bad_path"),
        ("--- /dev/null\n+++ b/.git/hooks/pre-commit\n@@ -0,0 +1 @@\n+x\n", "patch.protected_path"),
        ("--- a/gone\n+++ b/gone\n@@ -1 +1 @@\n-a\n+b\n", "patch.missing"),
    ] {
        assert_eq!(refused(diff), (code.to_owned(), code.to_owned()), "{diff}");
    }
    assert_eq!(package.error(&["patch", "apply", "nowhere.diff"], 2), "usage.bad_arguments");
    assert_eq!(package.error(&["patch", "revert", "p000001-0123456789ab"], 3), "patch.unknown_token");
    assert_eq!(package.error(&["patch", "revert", "nothing"], 3), "patch.unknown_token");
    let none = format!("sha256:{}", "0".repeat(64));
    assert_eq!(package.error(&["patch", "verify", &none], 3), "patch.unknown_token");
    assert_eq!(package.error(&["trace", "show", "aether-0000000000"], 3), "trace.unknown");
    assert_eq!(package.error(&["trace", "check", "x"], 2), "usage.bad_arguments");
    package.json(&["trace", "list"], 3);
    let many = "    let _ = 1;\n".repeat(30) + "    a + b";
    let checked = package.json(&["patch", "check", &package.diff("    a + b", &many)], 1);
    assert_eq!(checked["max_changed_lines"], 20);
    assert_eq!(
        package.error(&["patch", "apply", &package.diff("    a + b", &many)], 1),
        "gate.too_many_lines"
    );
}

#[test]
fn the_policy_is_asked() {
    let Some(package) = Package::in_a_sandbox("the_policy_is_asked") else { return };
    let build = "diff --git a/build.rs b/build.rs\nnew file mode 100644\n--- /dev/null\n+++ b/build.rs\n@@ -0,0 +1 @@\n+fn main() {}\n";
    let build = package.keep("build.diff", build);
    assert_eq!(package.json(&["patch", "check", &build], 0)["needs"][0]["outcome"], "ask");
    for arguments in [&["patch", "apply", &build][..], &["patch", "apply", &build, "--yes"]] {
        assert_eq!(package.error(arguments, 6), "policy.ask", "nobody says yes to that in advance");
        assert!(!package.path("build.rs").exists());
    }
    let shown = package.json(&["policy", "show"], 0);
    let ticket = shown["tickets"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned();
    assert_eq!(package.error(&["policy", "grant", &ticket], 1), "policy.not_the_user");
    assert_eq!(package.error(&["policy", "grant", "tkt:00"], 3), "policy.unknown_ticket");
    if let Some(said) = package.at_a_terminal(&["policy", "grant", &ticket], "yes\n") {
        assert!(said.contains("build_files_edit") && said.contains("is allowed"), "{said}");
        assert_eq!(package.json(&["policy", "show"], 0)["grants"].as_array().unwrap().len(), 1);
        assert_eq!(package.json(&["policy", "revoke", "--class", "files"], 0)["revoked"], 1);
        assert_eq!(package.error(&["patch", "apply", &build], 6), "policy.ask");
    }
    package.aether(&["policy", "revoke"]).exits(2);
    package.aether(&["policy", "revoke", "--class", "weather"]).exits(2);
    // What can be answered in advance is.
    package.write("src/more.txt", "more\n");
    let gone = "diff --git a/src/more.txt b/src/more.txt\ndeleted file mode 100644\n--- a/src/more.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-more\n";
    let gone = package.keep("gone.diff", gone);
    assert_eq!(package.error(&["patch", "apply", &gone], 6), "policy.ask");
    package.json(&["patch", "apply", &gone, "--yes"], 0);
    assert!(!package.path("src/more.txt").exists());
    // Nobody is there to see data leave.
    let id = package.json(&["trace", "list"], 0)["traces"][0]["id"].as_str().unwrap().to_owned();
    let bundle = package.path("bundle.tar");
    let output = bundle.to_str().unwrap();
    assert_eq!(package.error(&["trace", "export", &id, "--output", output, "--yes"], 6), "policy.denied");
    assert_eq!(package.error(&["audit", "export", "--output", output, "--yes"], 6), "policy.denied");
    assert!(!bundle.exists());
    if package.at_a_terminal(&["trace", "export", &id, "--output", output], "yes\n").is_some() {
        let other = Package::new();
        assert_eq!(other.json(&["trace", "import", output], 0)["added"][0], *id);
        assert_eq!(other.json(&["trace", "import", output], 0)["added"], Value::Array(vec![]));
        assert_eq!(
            other.aether(&["trace", "show", &id]).exits(0).stdout,
            package.aether(&["trace", "show", &id]).exits(0).stdout
        );
        std::fs::write(&bundle, "no bundle").unwrap();
        assert_eq!(other.error(&["trace", "import", output], 2), "bundle.refused");
    }

    package.write(".aether/config.toml", "[policy]\npreset = \"observer\"\n");
    assert_eq!(
        package.error(&["patch", "apply", &package.diff("    a + b", "    b + a")], 6),
        "policy.denied"
    );
    assert_eq!(package.error(&["verify"], 6), "policy.denied");
    package.write(".aether/config.toml", "[policy]\npreset = \"assistant\"\n");
    assert_eq!(package.error(&["verify"], 6), "policy.ask");
    package.json(&["verify", "--yes"], 0);
    assert_eq!(package.json(&["audit", "verify"], 0)["verdict"], "valid");
}

#[test]
fn the_configuration_says_what_is_run_and_how_far() {
    let Some(package) = Package::in_a_sandbox("the_configuration_says_what_is_run") else { return };
    let with = |text: &str| package.write(".aether/config.toml", text);
    with("[verify]\nmode = \"microvm\"\n");
    assert_eq!(package.error(&["verify"], 1), "run.microvm_not_enabled");
    // Nobody says that a cluster keeps commands from the network.
    assert_eq!(package.error(&["verify", "--mode", "kubernetes"], 1), "run.unconfined");
    let with_cluster = |verify: &str| {
        with(&format!(
            "[verify]\nmode = \"kubernetes\"\n{verify}\n[verify.kubernetes]\nnetwork_policy_enforced = true\n"
        ));
        let mut aether = command(&["verify", "--json"]);
        Run::of(aether.current_dir(package.folder.path()).env("KUBECONFIG", "/nowhere/config"))
    };
    assert_eq!(with_cluster("").exits(1).error_code(), "run.unavailable");
    let answer = with_cluster("fallback = \"host\"").exits(0).json();
    for step in answer["verification"]["steps"].as_array().unwrap() {
        assert_eq!(step["run"]["mode"], "host");
        assert!(step["run"]["fallback_reason"].is_string(), "{step:#}");
    }
    with("[verify]\ncommands = [\"cargo 'check\"]\n");
    assert_eq!(package.error(&["verify"], 2), "config.syntax");
    with("[verify]\ncommands = [\"no-such-program-at-all\"]\n");
    assert_eq!(package.error(&["verify"], 1), "run.not_found");
    with("[policy]\nmax_changed_lines = 50\n");
    assert_eq!(package.error(&["verify"], 2), "policy.bad_config");
    with("[policy]\nmax_changed_lines = 50\nprofile = \"relaxed\"\n[verify]\nformatter = \"\"\n");
    let many = "    let _ = 1;\n".repeat(30) + "    a + b";
    let answer = package.json(&["patch", "apply", &package.diff("    a + b", &many)], 0);
    assert_eq!((&answer["profile"], &answer["polish"]), (&"relaxed".into(), &Value::Null));
    with("[policy]\nrefuse_warnings = true\n");
    let warns = package.diff("    a + b", "    return a + b;");
    let answer = package.json(&["patch", "apply", &warns], 1);
    assert_eq!(answer["judgement"]["objections"][0]["kind"], "new_warning");
    with("");
    let answer = package.json(&["patch", "apply", &warns], 0);
    assert_eq!(answer["judgement"]["lints"]["new"].as_array().unwrap().len(), 1, "a warning is told");
}

#[test]
fn what_was_written_down_is_protected() {
    let Some(package) = Package::in_a_sandbox("what_was_written_down_is_protected") else { return };
    let answer = package.json(&["patch", "apply", &package.diff("    a + b", "    b + a")], 0);
    let token = answer["provenance"].as_str().unwrap();
    let id = package.json(&["trace", "list"], 0)["traces"][0]["id"].as_str().unwrap().to_owned();

    // A trace that somebody wrote on.
    let trace = package.aether(&["trace", "show", &id]).exits(0).stdout;
    let forged = package.path("forged.jsonl");
    std::fs::write(&forged, trace.replace("\"exit_code\":0", "\"exit_code\":1")).unwrap();
    let checked = package.json(&["trace", "check", "--file", forged.to_str().unwrap()], 1);
    assert_eq!(checked["violations"][0]["rule"], "trace.chain.hash");

    // The record of a patch.
    let record = package.path(".aether/provenance").join(format!("{}.json", &token["sha256:".len()..]));
    let text = std::fs::read_to_string(&record).unwrap();
    std::fs::write(&record, text.replace("\"user\"", "\"somebody\"")).unwrap();
    assert_eq!(package.error(&["patch", "verify", token], 3), "patch.unknown_token");
    std::fs::write(&record, &text).unwrap();
    package.json(&["patch", "verify", token], 0);
    let ledger = package.path(".aether/ledger");
    std::fs::rename(&ledger, package.path(".aether/away")).unwrap();
    assert_eq!(package.json(&["patch", "verify", token], 1)["traced"], false);
    assert!(!ledger.exists(), "who only reads makes nothing");
    std::fs::rename(package.path(".aether/away"), &ledger).unwrap();
    package.json(&["patch", "verify", token], 0);
    package.write("src/lib.rs", &package.library().replace("b + a", "b + a + 0"));
    assert_eq!(package.json(&["patch", "verify", token], 1)["files"][0]["state"], "overwritten");

    // The log, and its key.
    let tip = package.path("tip.json");
    std::fs::write(&tip, package.aether(&["audit", "verify", "--json"]).exits(0).stdout).unwrap();
    package.json(&["audit", "verify", "--tip", tip.to_str().unwrap()], 0);
    let key = package.path(".aether/audit.key");
    let secret = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    assert_eq!(package.error(&["audit", "verify"], 1), "audit.no_key");
    assert!(!key.exists(), "a key is never replaced");
    let with_key = |hex: &str| {
        let mut command = command(&["audit", "verify", "--json"]);
        Run::of(command.current_dir(package.folder.path()).env("AETHER_AUDIT_KEY", hex))
    };
    let told = with_key(&"ab".repeat(32)).exits(1).json();
    assert_eq!(told["verdict"], "invalid", "{told}");
    assert_eq!(with_key("ab").exits(1).error_code(), "audit.bad_key");
    std::fs::write(&key, &secret).unwrap();
    assert_eq!(package.error(&["audit", "verify"], 1), "audit.unsafe_key", "others can read it");
    #[cfg(unix)]
    {
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        package.json(&["audit", "verify"], 0);
    }

    // The file of the log: what helps the index would lose what is written down.
    std::fs::write(package.path(".aether/authority.db"), "no database").unwrap();
    let told = package.aether(&["policy", "show"]).exits(5).stderr;
    assert!(told.contains("[store.corrupt]") && told.contains("authority.db back"), "{told}");
    assert!(!told.contains("aether.db away"), "{told}");
}

/// What a test that is run can see of the log and of its key.
#[test]
fn what_is_run_cannot_forge_what_is_written_down() {
    let name = "what_is_run_cannot_forge_what_is_written_down";
    let Some(package) = Package::in_a_sandbox(name) else { return };
    package.json(&["verify"], 0);
    let attack = format!(
        "{LIBRARY}
#[test]
fn attacks() {{
    let home = std::path::Path::new(r\"{}\");
    assert!(home.join(\"Cargo.toml\").exists(), \"the tree is in sight\");
    for secret in [\"audit.key\", \"authority.db\"] {{
        let path = home.join(\".aether\").join(secret);
        assert!(std::fs::read(&path).map_or(true, |bytes| bytes.is_empty()), \"{{secret}} can be read\");
        // Something may stand in its place that takes everything.
        let _ = std::fs::write(&path, \"forged\");
    }}
    assert!(std::fs::write(home.join(\"src/lib.rs\"), \"\").is_err(), \"the tree can be written\");
}}
",
        std::fs::canonicalize(package.folder.path()).unwrap().display()
    );
    package.write("src/lib.rs", &attack);
    let key = || std::fs::read(package.path(".aether/audit.key")).unwrap();
    let before = key();
    let answer = package.json(&["verify", "--command", "cargo test"], 0);
    assert_eq!(answer["green"], true, "{answer}");
    assert_eq!(key(), before);
    assert_eq!(package.json(&["audit", "verify"], 0)["verdict"], "valid");
}

/// Without a compiler nothing can be proven: what the diff would do is a draft, and is told as one.
#[test]
fn without_a_compiler_a_patch_is_a_draft() {
    let package = Package::new();
    let diff = package.diff("    a + b", "    b + a");
    let before = files(&package);
    let empty = tempfile::tempdir().unwrap();
    let without = |arguments: &[&str]| {
        let mut command = command(&[arguments, &["--json"]].concat());
        Run::of(command.current_dir(package.folder.path()).env("PATH", empty.path()))
    };
    for arguments in [&["patch", "apply", &diff][..], &["patch", "apply", &diff, "--dry-run"]] {
        let answer = without(arguments).exits(6).json();
        assert_eq!(
            (&answer["decision"], &answer["reason"], &answer["applied"]),
            (&"draft_only".into(), &"degraded.no_compiler".into(), &false.into()),
            "{answer}"
        );
        assert_eq!(answer["needs"][0]["outcome"], "draft_only");
        assert_eq!((&answer["added_lines"], &answer["paths"][0]), (&1.into(), &"src/lib.rs".into()));
    }
    assert_eq!(
        without(&["patch", "check", &diff]).exits(0).json()["needs"][0]["reason"],
        "degraded.no_compiler"
    );
    assert_eq!(files(&package), before);
    // Each of the two decisions is in the log.
    assert_eq!(package.json(&["audit", "verify"], 0)["rows"], 2);
    // A person is told the same.
    let mut person = command(&["patch", "apply", &diff]);
    let told = Run::of(person.current_dir(package.folder.path()).env("PATH", empty.path())).exits(6).stdout;
    assert!(told.contains("stays a draft"), "{told}");
    // A linter that is missing proves nothing less.
    package.write(".aether/config.toml", "[verify]\ncommands = [\"cargo check\", \"no-such-linter lint\"]\n");
    assert_eq!(package.json(&["patch", "check", &diff], 0)["needs"][0]["outcome"], "allow");
    package.write(".aether/config.toml", "[verify]\ncommands = [\"no-such-compiler\"]\n");
    assert_eq!(package.json(&["patch", "check", &diff], 0)["needs"][0]["outcome"], "draft_only");
}

#[test]
fn what_is_switched_off_is_shown() {
    let package = Package::new();
    assert_eq!(package.json(&["policy", "show"], 0)["degraded"], Value::Array(vec![]));
    package.write(".aether/config.toml", "[policy]\noffline = true\n");
    assert_eq!(package.json(&["policy", "show"], 0)["degraded"][0], "offline");
    let told = package.aether(&["policy", "show"]).exits(0).stdout;
    assert!(told.contains("degraded: offline"), "{told}");
}

/// Programs that run at the same time, each with its answer.
fn at_once(package: &Package, commands: &[Vec<&str>]) -> Vec<Run> {
    std::thread::scope(|scope| {
        let runs: Vec<_> =
            commands.iter().map(|arguments| scope.spawn(move || package.aether(arguments))).collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}

#[test]
fn programs_that_write_traces_at_once_all_succeed() {
    let Some(package) = Package::in_a_sandbox("programs_that_write_traces_at_once_all_succeed") else {
        return;
    };
    // A trial that takes some time, so that they overlap.
    package.write(".aether/config.toml", "[verify]\ncommands = [\"cargo check\", \"cargo test\"]\n");
    let diff = package.diff("    a + b", "    b + a");
    let trial = vec!["patch", "apply", &diff, "--dry-run", "--json"];
    for run in at_once(&package, &[trial.clone(), trial.clone(), trial]) {
        assert_eq!(run.exits(0).json()["judgement"]["objections"], Value::Array(vec![]));
    }
    let listed = package.json(&["trace", "list"], 0);
    let ids: Vec<String> =
        listed["traces"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 3);
    let mut bundle = aether_core::record::Bundle::new(Vec::new()).unwrap();
    for id in &ids {
        assert_eq!(package.json(&["trace", "check", id], 0)["is_valid"], true);
        let path = aether_core::base::RelPath::new(format!("traces/{id}.jsonl")).unwrap();
        let bytes = package.aether(&["trace", "show", id]).exits(0).stdout.into_bytes();
        let kind = "application/vnd.aether.trace+jsonl";
        let file = aether_core::record::BundleFile::new(path, kind, bytes);
        bundle = aether_core::record::Bundle::new(
            bundle.files().iter().cloned().chain([file]).collect::<Vec<_>>(),
        )
        .unwrap();
    }
    // The same traces, brought in by several at once, are there once.
    let other = Package::new();
    let path = other.path("bundle.tar");
    std::fs::write(&path, bundle.to_bytes()).unwrap();
    let import = vec!["trace", "import", path.to_str().unwrap(), "--json"];
    let runs = at_once(&other, &vec![import; 4]);
    let added: usize =
        runs.into_iter().map(|run| run.exits(0).json()["added"].as_array().unwrap().len()).sum();
    assert_eq!(added, 3);
    let sorted = |listed: &Value| {
        let mut traces: Vec<String> =
            listed["traces"].as_array().unwrap().iter().map(Value::to_string).collect();
        traces.sort();
        traces
    };
    assert_eq!(sorted(&other.json(&["trace", "list"], 0)), sorted(&listed));
}

#[test]
fn patches_that_are_applied_at_once_take_turns() {
    let Some(package) = Package::in_a_sandbox("patches_that_are_applied_at_once_take_turns") else { return };
    package.write(
        ".aether/config.toml",
        "[verify]\ncommands = [\"cargo check\", \"cargo test\"]\nformatter = \"\"\n",
    );
    package.write(
        "src/lib.rs",
        &format!(
            "mod one;\nmod two;\npub use one::one;\npub use two::two;\n{}",
            LIBRARY.replace("//! Sums.\n\n", "")
        ),
    );
    let mut diffs = Vec::new();
    for name in ["one", "two"] {
        package.write(&format!("src/{name}.rs"), &format!("pub fn {name}() -> i32 {{\n    7\n}}\n"));
        let diff = format!("--- a/src/{name}.rs\n+++ b/src/{name}.rs\n@@ -2 +2 @@\n-    7\n+    3 + 4\n");
        diffs.push(package.keep(&format!("{name}.diff"), &diff));
    }
    let commands: Vec<Vec<&str>> = diffs.iter().map(|diff| vec!["patch", "apply", diff, "--json"]).collect();
    for run in at_once(&package, &commands) {
        assert_eq!(run.exits(0).json()["applied"], true);
    }
    let listed = package.json(&["trace", "list"], 0);
    let ids: Vec<&str> =
        listed["traces"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2);
    for id in ids {
        // Each was verified on the tree that it made.
        let checked = package.json(&["trace", "check", id], 0);
        assert_eq!(checked["is_valid"], true, "{checked}");
    }
}
