//! The log of traces: signed, proven and verified; and what live replay tells apart.

use std::path::{Path, PathBuf};

use aether_bindings::engine::Ed25519Verifier;
use aether_core::record::{Checkpoint, LoggedExtension, LoggedProof, PublicKey, leaf_hash};
use serde_json::Value;

use crate::change::Package;
use crate::support::{Run, command, elsewhere};

const ORIGIN: &str = "example.com/ledger";

/// A trial of a patch that runs next to nothing; gives the name of its trace.
fn try_patch(package: &Package) -> String {
    let diff = package.diff("    a + b", "    b + a");
    // No tests are run, so it proves nothing.
    package.json(&["patch", "apply", &diff, "--dry-run"], 1);
    let listed = package.json(&["trace", "list"], 0);
    listed["traces"].as_array().unwrap().last().unwrap()["id"].as_str().unwrap().to_owned()
}

fn ledger(package: &Package) -> PathBuf {
    package.path(".aether/ledger")
}

/// Copies the files of a folder into another one, which is made anew.
fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.metadata().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

#[test]
fn the_log_is_signed_proven_and_verified() {
    let Some(package) = Package::in_a_sandbox("the_log_is_signed_proven_and_verified") else { return };
    package.write(".aether/config.toml", "[verify]\ncommands = [\"true\"]\nformatter = \"\"\n");
    assert_eq!(package.error(&["trace", "checkpoint"], 1), "signing.no_key");
    assert_eq!(package.json(&["trace", "verify-log"], 1)["doubt"], "no_checkpoint");
    let key = package.json(&["key", "new", "--name", ORIGIN], 0)["public_key"].as_str().unwrap().to_owned();
    let known = Ed25519Verifier::new(key.parse::<PublicKey>().unwrap()).unwrap();
    let first = try_patch(&package);
    assert_eq!(package.error(&["trace", "prove", &first], 1), "ledger.no_checkpoint");
    let note = package.path(".aether/first.note");
    let signed = package.json(&["trace", "checkpoint", "--output", note.to_str().unwrap()], 0);
    let text = std::fs::read_to_string(&note).unwrap();
    assert_eq!((&signed["note"], &signed["origin"]), (&text.as_str().into(), &ORIGIN.into()));
    let old = Checkpoint::verify(text.as_bytes(), ORIGIN, &[&known]).unwrap();
    assert_eq!(signed["size"], old.size());
    let valid = package.json(&["trace", "verify-log"], 0);
    assert_eq!((&valid["verdict"], &valid["covered"]), (&"valid".into(), &signed["size"]));

    // Whoever has the public key can check an event without this program.
    let check = |arguments: &[&str], index: u64| {
        let proven = package.json(&[&["trace", "prove", &first], arguments].concat(), 0);
        let proof = LoggedProof::parse(proven["proof"].as_str().unwrap().as_bytes()).unwrap();
        let leaf = leaf_hash(proven["line"].as_str().unwrap().as_bytes());
        assert_eq!(proof.verify(&leaf, ORIGIN, &[&known]).unwrap().size(), proven["size"].as_u64().unwrap());
        assert_eq!((&proven["index"], proof.index), (&index.into(), index));
        assert!(proof.verify(&leaf_hash(b"{}"), ORIGIN, &[&known]).is_err());
    };
    check(&[], old.size() - 1);
    check(&["--event", "0"], 0);
    assert_eq!(package.error(&["trace", "prove", &first, "--event", "900"], 3), "trace.unknown");

    // It goes on, and that is proven too.
    let kept = package.path(".aether/kept");
    copy(&ledger(&package), &kept);
    try_patch(&package);
    let since = ["trace", "prove", "--since", note.to_str().unwrap()];
    let newer = package.path(".aether/newer.note");
    package.aether(&["trace", "checkpoint", "--output", newer.to_str().unwrap()]).exits(0);
    let proven = package.json(&since, 0);
    let proof = LoggedExtension::parse(proven["proof"].as_str().unwrap().as_bytes()).unwrap();
    let new = proof.verify(&old, &[&known]).unwrap();
    assert_eq!((&proven["since"], &proven["size"]), (&old.size().into(), &new.size().into()));
    assert!(new.size() > old.size());
    let file = package.path(".aether/proof");
    package.aether(&[&since[..], &["--output", file.to_str().unwrap()]].concat()).exits(0);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), proven["proof"].as_str().unwrap());

    // Each way to change it is found by who kept the newer note.
    let whole = package.path(".aether/whole");
    copy(&ledger(&package), &whole);
    let with_note = ["trace", "verify-log", "--checkpoint", newer.to_str().unwrap()];
    let found = |event: u64, damage: &str| {
        let told = package.json(&with_note, 1);
        assert_eq!((&told["verdict"], &told["damage"]), (&"invalid".into(), &damage.into()), "{told}");
        assert_eq!(told["event"], event);
        assert!(package.aether(&with_note).exits(1).stdout.contains(damage));
        copy(&whole, &ledger(&package));
        package.json(&with_note, 0);
    };
    let segment = ledger(&package).join(format!("{:020}.jsonl", 0));
    let lines = std::fs::read_to_string(&segment).unwrap();
    std::fs::write(&segment, lines.replacen("\"task\"", "\"tusk\"", 1)).unwrap();
    found(0, "altered");
    let cut: String = lines.split_inclusive('\n').take(3).collect();
    std::fs::write(&segment, &cut).unwrap();
    found(3, "truncated");
    std::fs::write(&segment, lines.split_inclusive('\n').skip(1).collect::<String>()).unwrap();
    found(0, "missing");
    std::fs::remove_dir_all(ledger(&package)).unwrap();
    found(0, "wiped");
    // An older copy of the folder is sound in itself.
    copy(&kept, &ledger(&package));
    package.json(&["trace", "verify-log"], 0);
    found(old.size(), "truncated");
    // And so is another log.
    let other = Package::new();
    other.write(".aether/config.toml", "[verify]\ncommands = [\"true\"]\nformatter = \"\"\n");
    (0..3).for_each(|_| drop(try_patch(&other)));
    copy(&ledger(&other), &ledger(&package));
    found(0, "rewritten");
    std::fs::write(ledger(&package).join("checkpoint"), "nonsense").unwrap();
    found(0, "bad_checkpoint");

    // Who is not trusted says nothing.
    let stranger =
        other.json(&["key", "new", "--name", ORIGIN], 0)["public_key"].as_str().unwrap().to_owned();
    let told = package.json(&["trace", "verify-log", "--key", &stranger], 1);
    assert_eq!((&told["verdict"], &told["doubt"]), (&"indeterminate".into(), &"untrusted".into()));
    assert_eq!(package.error(&["trace", "verify-log", "--key", "nobody"], 2), "usage.bad_arguments");
    assert_eq!(package.error(&["trace", "verify-log", "--checkpoint", "nowhere"], 2), "usage.bad_arguments");
    // A log that was put back is not signed again.
    copy(&kept, &ledger(&package));
    std::fs::copy(&newer, ledger(&package).join("checkpoint")).unwrap();
    assert_eq!(package.error(&["trace", "checkpoint"], 1), "ledger.inconsistent");
    assert_eq!(package.error(&since, 1), "ledger.inconsistent");
}

/// A package whose commands do what a folder outside of it says.
struct Bench {
    package: Package,
    outside: tempfile::TempDir,
    id: String,
}

impl Bench {
    fn new(test: &str) -> Option<Self> {
        let package = Package::in_a_sandbox(test)?;
        let outside = elsewhere();
        let home = outside.path().display().to_string();
        let library = format!(
            "{}
#[test]
fn depends() {{
    let mark = std::env::current_exe().unwrap().with_file_name(\"mark\");
    match std::fs::read_to_string(\"{home}/mode\").unwrap().trim() {{
        \"good\" => {{}}
        \"bad\" => panic!(\"bad\"),
        _ if std::fs::remove_file(&mark).is_ok() => {{}}
        _ => {{
            std::fs::write(&mark, \"\").unwrap();
            panic!(\"the first time\");
        }}
    }}
}}
",
            package.library()
        );
        package.write("src/lib.rs", &library);
        let mut bench = Self { package, outside, id: String::new() };
        bench.config("");
        bench.tool(
            "my-check",
            &format!("cat {home}/said\nsleep $(cat {home}/sleep)\nexit $(cat {home}/code)"),
        );
        bench.say("took 1.20s\n");
        bench.set("code", "0");
        bench.set("sleep", "0");
        bench.set("mode", "good");
        let diff = bench.package.diff("    a + b", "    b + a");
        let applied = bench.run(&["patch", "apply", &diff]).exits(0).json();
        assert_eq!(applied["applied"], true);
        let listed = bench.package.json(&["trace", "list"], 0);
        bench.id = listed["traces"][0]["id"].as_str().unwrap().to_owned();
        Some(bench)
    }

    fn config(&self, more: &str) {
        let text = format!("[verify]\ncommands = [\"my-check\", \"cargo test\"]\nformatter = \"\"\n{more}");
        self.package.write(".aether/config.toml", &text);
    }

    fn set(&self, name: &str, text: &str) {
        std::fs::write(self.outside.path().join(name), text).unwrap();
    }

    fn say(&self, text: &str) {
        self.set("said", text);
    }

    fn tool(&self, name: &str, script: &str) {
        let path = self.outside.path().join("bin").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let path = format!(
            "{}:{}",
            self.outside.path().join("bin").display(),
            std::env::var("PATH").unwrap_or_default()
        );
        let mut command = command(&[arguments, &["--json"]].concat());
        Run::of(command.current_dir(self.package.folder.path()).env("PATH", path))
    }

    /// What a live replay says of the two commands.
    #[track_caller]
    fn check(&self, code: i32, differences: [&str; 2]) -> Value {
        let live = self.run(&["trace", "replay", &self.id, "--live"]).exits(code).json();
        let checks = live["checks"].as_array().unwrap();
        // The tree was verified in the copy, and once more when the patch was applied.
        let of = |program: &str| checks.iter().find(|it| it["command"]["program"] == program).unwrap();
        let found =
            ["my-check", "cargo"].map(|program| of(program)["difference"].as_str().unwrap().to_owned());
        assert_eq!(found, differences, "{live}");
        assert_eq!(live["agrees"], code == 0);
        assert_eq!(live["event"].is_null(), code == 0);
        live
    }
}

#[test]
fn a_live_replay_tells_what_comes_out_otherwise() {
    let Some(bench) = Bench::new("a_live_replay_tells_what_comes_out_otherwise") else { return };
    let first = |live: &Value, program: &str| {
        let checks = live["checks"].as_array().unwrap();
        checks.iter().find(|it| it["command"]["program"] == program).unwrap().clone()
    };
    let live = bench.check(0, ["same", "varying"]);
    assert_eq!((&first(&live, "my-check")["kept"], &live["toolchain"]), (&true.into(), &Value::Null));
    bench.say("took 3.31s\n");
    bench.check(0, ["varying", "varying"]);
    bench.say("took an hour\n");
    let live = bench.check(0, ["output", "varying"]);
    assert_eq!(first(&live, "my-check")["lines"], serde_json::json!(["- took <time>", "+ took an hour"]));
    bench.set("code", "3");
    let live = bench.check(1, ["code", "missing"]);
    assert_eq!(live["event"], first(&live, "my-check")["seq"]);
    assert_eq!(first(&live, "my-check")["lines"], serde_json::json!(["- code 0", "+ code 3"]));
    bench.set("code", "0");
    bench.say("took 1.20s\n");

    // A test that fails, and one that fails only sometimes.
    bench.set("mode", "bad");
    let live = bench.check(1, ["same", "outcome"]);
    assert_eq!(
        first(&live, "cargo")["lines"],
        serde_json::json!(["- depends: passed", "+ depends: failed"]),
        "{live}"
    );
    let told = bench.package.aether(&["trace", "replay", &bench.id, "--live"]);
    assert_eq!(told.code, Some(1), "the program of the check is not on this path: {told:?}");
    bench.set("mode", "sometimes");
    let live = bench.check(0, ["same", "flaky"]);
    assert_eq!(first(&live, "cargo")["lines"], serde_json::json!(["depends: first failed"]));
    bench.set("mode", "good");

    // A command that takes too long, and one that is gone.
    bench.set("sleep", "20");
    bench.config("timeout_ms = 3000\n");
    bench.check(1, ["timed_out", "missing"]);
    bench.set("sleep", "0");
    bench.config("");
    std::fs::remove_file(bench.outside.path().join("bin/my-check")).unwrap();
    let live = bench.check(1, ["tool_missing", "varying"]);
    assert!(live["tree"].is_string());
    let home = bench.outside.path().display();
    bench.tool("my-check", &format!("cat {home}/said"));

    // Another word of the compiler for itself.
    let rustc = String::from_utf8(
        std::process::Command::new("sh").args(["-c", "command -v rustc"]).output().unwrap().stdout,
    );
    let rustc = rustc.unwrap().trim().to_owned();
    bench.tool("rustc", &format!("[ \"$*\" = --version ] && echo rustc 9.9.9 && exit\nexec {rustc} \"$@\""));
    let live = bench.run(&["trace", "replay", &bench.id, "--live"]).json();
    assert_eq!(live["toolchain"][1], "rustc 9.9.9", "{live}");
    std::fs::remove_file(bench.outside.path().join("bin/rustc")).unwrap();

    // What is not kept any more is compared by code and hash.
    std::fs::remove_dir_all(bench.package.path(".aether/ledger/outputs")).unwrap();
    bench.say("took 3.31s\n");
    let live = bench.check(0, ["output", "output"]);
    assert_eq!(first(&live, "my-check")["kept"], false);
    bench.set("mode", "bad");
    bench.check(1, ["output", "code"]);
    bench.set("mode", "good");

    // Other files are not what the trace is about.
    let library = bench.package.library();
    bench.package.write("src/lib.rs", &library.replace("The sum.", "A sum."));
    let refused = bench.run(&["trace", "replay", &bench.id, "--live"]).exits(1).error_code();
    assert_eq!(refused, "trace.other_tree");
    assert_eq!(bench.package.json(&["trace", "replay", &bench.id], 0)["agrees"], true, "of the record alone");
}

#[test]
fn outputs_go_along_without_secrets() {
    let Some(bench) = Bench::new("outputs_go_along_without_secrets") else { return };
    let package = &bench.package;
    let (plain, whole) = (package.path("plain.tar"), package.path("whole.tar"));
    let export = |path: &Path, more: &[&str]| {
        let arguments = [&["trace", "export", &bench.id, "--output", path.to_str().unwrap()], more].concat();
        package.at_a_terminal(&arguments, "yes\n")
    };
    if export(&plain, &[]).is_none() {
        return;
    }
    export(&whole, &["--outputs"]).unwrap();
    let files = |path: &Path| {
        let bytes = std::fs::read(path).unwrap();
        let bundle = aether_core::record::Bundle::from_bytes(&bytes, &Default::default()).unwrap();
        bundle.files().iter().map(|file| file.path.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(files(&plain), [format!("traces/{}.jsonl", bench.id)]);
    let with_outputs = files(&whole);
    let outputs = with_outputs.iter().filter(|path| path.starts_with("outputs/")).count();
    assert!(outputs >= 2, "{with_outputs:?}");
    let other = Package::new();
    other.json(&["trace", "import", whole.to_str().unwrap()], 0);
    assert_eq!(std::fs::read_dir(other.path(".aether/ledger/outputs")).unwrap().count(), outputs);

    // One with a secret stays here.
    bench.say("password = \"hunter2hunter2hunter2\"\nAKIAIOSFODNN7EXAMPLQ\n");
    let diff = package.diff("    b + a", "    a + b");
    bench.run(&["patch", "apply", &diff]).exits(0);
    let listed = package.json(&["trace", "list"], 0);
    let id = listed["traces"][1]["id"].as_str().unwrap();
    let secret = package.path("secret.tar");
    let said = package
        .at_a_terminal(&["trace", "export", id, "--outputs", "--output", secret.to_str().unwrap()], "yes\n")
        .unwrap();
    assert!(said.contains("looks like a secret"), "{said}");
    let bytes = std::fs::read(&secret).unwrap();
    assert!(!bytes.windows(20).any(|window| window == b"AKIAIOSFODNN7EXAMPLQ"));
    assert!(files(&secret).len() >= 2, "what the tests printed goes along");
}
