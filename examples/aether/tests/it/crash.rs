//! What is left when the program is stopped in the middle, or finds what it needs full or closed.
#![cfg(unix)]

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aether_core::conformance::skip;

use crate::support::{Repo, Run, command, interrupt};

const FILES: usize = 300;

/// Files whose functions call one another, before or after a change of all of them.
fn write(repo: &Repo, is_changed: bool) {
    let lines: String = (0..FILES).map(|number| format!("pub mod f{number};\n")).collect();
    repo.write("shapes/src/many.rs", &lines);
    let shapes = repo.read("shapes/src/lib.rs");
    if !shapes.contains("pub mod many;") {
        repo.append("shapes/src/lib.rs", "pub mod many;\n");
    }
    let name = if is_changed { "changed" } else { "call" };
    for number in 0..FILES {
        let next = (number + 1) % FILES;
        let text: String = (0..8)
            .map(|part| {
                format!(
                    "/// Part {part} of {number}.\npub fn {name}{part}(depth: u32) {{\n    super::f{next}::{name}{part}(depth - 1);\n}}\n"
                )
            })
            .collect();
        repo.write(&format!("shapes/src/many/f{number}.rs"), &text);
    }
}

fn index(repo: &Repo) -> Child {
    let mut index = command(&["index"]);
    index.current_dir(repo.root()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn digest_as_it_is(repo: &Repo) -> String {
    repo.aether(&["digest", "--no-update"]).exits(0).stdout
}

/// A way to stop the program.
struct Stop {
    stop: fn(&mut Child),
    /// How the program ends when it was stopped in time: by a signal, or with this code.
    code: Option<i32>,
}

const KILL: Stop = Stop { stop: |child| child.kill().unwrap(), code: None };
const CTRL_C: Stop = Stop { stop: |child| interrupt(child), code: Some(130) };

impl Stop {
    /// Stops the program, and says whether it came in time.
    fn stops(&self, child: &mut Child) -> bool {
        if child.try_wait().unwrap().is_none() {
            (self.stop)(child);
        }
        let code = child.wait().unwrap().code();
        // It was done before, or not yet ready to hear of Ctrl-C.
        assert!(code == self.code || code == Some(0) || code.is_none(), "{code:?}");
        code == self.code
    }
}

/// An index that is brought up to date, and what it is before and after that.
struct Update {
    repo: Repo,
    store: Vec<u8>,
    old: String,
    new: String,
}

impl Update {
    fn new() -> Self {
        let repo = Repo::new();
        write(&repo, false);
        repo.aether(&["index"]).exits(0);
        let old = digest_as_it_is(&repo);
        let store = std::fs::read(repo.path(".aether/aether.db")).unwrap();
        write(&repo, true);
        let changed = Repo::new();
        write(&changed, true);
        let new = changed.aether(&["digest"]).exits(0).stdout;
        assert_ne!(old, new);
        Self { repo, store, old, new }
    }
}

fn check_stopped_update(way: &Stop) {
    let Update { repo, store, old, new } = Update::new();
    let log = repo.path(".aether/aether.db-wal");
    let mut found = Vec::new();
    // The first stops come while the transaction is being written, which the log tells; the later ones
    // at any moment.
    for round in 0..10_u32 {
        for file in ["aether.db-wal", "aether.db-shm"] {
            let _ = std::fs::remove_file(repo.path(".aether").join(file));
        }
        std::fs::write(repo.path(".aether/aether.db"), &store).unwrap();
        let mut child = index(&repo);
        let start = Instant::now();
        if round < 5 {
            while std::fs::metadata(&log).map_or(0, |log| log.len()) < u64::from(round) * 40_000 + 1
                && child.try_wait().unwrap().is_none()
            {
                std::thread::yield_now();
            }
        } else {
            std::thread::sleep(Duration::from_millis(u64::from(round - 5) * 40));
        }
        let was_in_time = way.stops(&mut child);
        let left = digest_as_it_is(&repo);
        assert!(left == old || left == new, "round {round}, after {:?}: {left}", start.elapsed());
        found.push((was_in_time, left == old));
    }
    assert!(found.contains(&(true, true)), "nothing stopped it in time: {found:?}");
    assert_eq!(repo.aether(&["digest"]).exits(0).stdout, new, "the next update ends what was begun");
}

fn check_stopped_first_index(way: &Stop) {
    let whole = Repo::new();
    write(&whole, false);
    let wanted = whole.aether(&["digest"]).exits(0).stdout;
    let mut in_time = 0;
    for round in 0..4_u64 {
        let repo = Repo::new();
        write(&repo, false);
        let mut child = index(&repo);
        while !repo.path(".aether/aether.db").exists() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(round * 60));
        in_time += u32::from(way.stops(&mut child));
        let report = repo.aether(&["doctor", "--no-update", "--json"]).json();
        let is_missing = report["checks"][0]["code"] == "store.missing";
        assert!(is_missing || report["is_ok"] == true, "round {round}: {report}");
        assert_eq!(repo.aether(&["digest"]).exits(0).stdout, wanted, "round {round}");
    }
    assert!(in_time > 0, "nothing stopped it in time");
}

#[test]
fn a_killed_update_leaves_the_old_index_or_the_new_one() {
    check_stopped_update(&KILL);
}

#[test]
fn ctrl_c_leaves_the_old_index_or_the_new_one() {
    check_stopped_update(&CTRL_C);
}

#[test]
fn a_killed_first_index_is_built_again() {
    check_stopped_first_index(&KILL);
}

#[test]
fn a_first_index_that_ctrl_c_ended_is_built_again() {
    check_stopped_first_index(&CTRL_C);
}

/// Runs a script of the shell in the root of a repository whose folder `.aether` is a disk of its own,
/// small enough to be full, and gives the lines it prints; `None` where nobody may make one.
#[cfg(target_os = "linux")]
fn on_a_small_disk(repo: &Repo, kilobytes: usize, script: &str) -> Option<Vec<String>> {
    let unshared = |script: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "--", "sh", "-c", script]);
        unshare.current_dir(repo.root());
        unshare
    };
    let mount = format!("mount -t tmpfs -o size={kilobytes}k none .aether");
    if !unshared(&mount).output().is_ok_and(|output| output.status.success()) {
        skip("on_a_small_disk", "no file system of its own for a process (unshare)");
        return None;
    }
    let program = env!("CARGO_BIN_EXE_aether");
    let script = format!("set -e\n{mount}\naether() {{ '{program}' \"$@\"; }}\n{script}");
    let output = unshared(&script).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_index_and_the_next_update_ends_what_was_begun() {
    let Update { repo, store, old, new } = Update::new();
    let place = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(place.path(), &store).unwrap();
    let mut full = 0;
    for more in [16, 64, 256, 1024, 64 * 1024] {
        let script = format!(
            "cp '{}' .aether/aether.db
             aether index --json || true
             mount -o remount,size=64m .aether
             aether digest --no-update
             aether digest",
            place.path().display(),
        );
        let Some(printed) = on_a_small_disk(&repo, store.len() / 1024 + more, &script) else { return };
        let [index, left, after] = &printed[..] else { panic!("{printed:?}") };
        let index: serde_json::Value = serde_json::from_str(index).unwrap();
        assert_eq!(after, new.trim_end(), "{more}: {printed:?}");
        match index["error"]["code"].as_str() {
            Some(code) => {
                assert_eq!((code, left.as_str()), ("store.disk_full", old.trim_end()), "{more}: {printed:?}");
                full += 1;
            }
            None => assert_eq!(left, new.trim_end(), "{more}: {printed:?}"),
        }
    }
    assert!((1..5).contains(&full), "the disk was full {full} times");
}

#[cfg(target_os = "linux")]
#[test]
fn a_first_index_on_a_full_disk_is_built_when_there_is_room() {
    let repo = Repo::new();
    write(&repo, false);
    let wanted = repo.aether(&["digest"]).exits(0).stdout;
    for kilobytes in [4, 40, 200, 600] {
        let script = "aether index --json || true
                      mount -o remount,size=64m .aether
                      aether digest
                      wc -c < .aether/config.toml";
        let Some(printed) = on_a_small_disk(&repo, kilobytes, script) else { return };
        let [index, digest, bytes] = &printed[..] else { panic!("{printed:?}") };
        assert_eq!(bytes.trim().parse(), Ok(repo.read(".aether/config.toml").len()), "{kilobytes}");
        let index: serde_json::Value = serde_json::from_str(index).unwrap();
        assert_eq!(index["error"]["code"], "store.disk_full", "{kilobytes}: {printed:?}");
        assert_eq!(digest, wanted.trim_end(), "{kilobytes}: {printed:?}");
    }
}

/// The program as a user whom the system keeps out of what he may not read; `None` where nobody can
/// become one.
fn as_a_plain_user(repo: &Repo, arguments: &[&str]) -> Option<Command> {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !is_root {
        let mut program = command(arguments);
        program.current_dir(repo.root());
        return Some(program);
    }
    let mut user = Command::new("setpriv");
    user.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).current_dir(repo.root());
    let is_there = Command::new(user.get_program()).args(user.get_args()).arg("true").status();
    if !is_there.is_ok_and(|status| status.success()) {
        skip("as_a_plain_user", "root reads everything, and there is no `setpriv`");
        return None;
    }
    user.arg(env!("CARGO_BIN_EXE_aether")).args(arguments);
    Some(user)
}

#[test]
fn what_may_not_be_read_is_told_and_read_once_it_may() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    let repo = Repo::new();
    repo.write("shapes/src/secret/inner.rs", "pub fn inner() {}\n");
    repo.write("shapes/src/listed/seen.rs", "pub fn seen() {}\n");
    repo.write("shapes/src/closed.rs", "pub fn closed() {}\n");
    let allow = |path: &str, mode: u32| {
        std::fs::set_permissions(repo.path(path), Permissions::from_mode(mode)).unwrap();
    };
    allow("", 0o777);
    allow(".aether", 0o777);
    let run = |arguments: &[&str]| as_a_plain_user(&repo, arguments).map(|mut program| Run::of(&mut program));
    let Some(first) = run(&["digest"]) else { return };
    let whole = first.exits(0).stdout;
    // A folder that cannot be listed, one that can be listed and not entered, a file.
    let closed = ["shapes/src/secret", "shapes/src/listed", "shapes/src/closed.rs"];
    for (path, mode) in closed.into_iter().zip([0o000, 0o744, 0o000]) {
        allow(path, mode);
    }
    let report = run(&["doctor", "--json"]).unwrap().exits(0).json();
    let told: Vec<&str> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["code"] == "index.unreadable")
        .map(|check| check["message"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["shapes/src/closed.rs", "shapes/src/listed/seen.rs", "shapes/src/secret"]);
    run(&["symbol", "inner"]).unwrap().exits(3);
    assert_ne!(run(&["digest"]).unwrap().exits(0).stdout, whole);
    for (path, mode) in closed.into_iter().zip([0o755, 0o755, 0o644]) {
        allow(path, mode);
    }
    assert_eq!(run(&["digest"]).unwrap().exits(0).stdout, whole);
    // The root itself: nothing is taken for gone.
    allow("", 0o333);
    let refused = run(&["digest", "--json"]).unwrap();
    assert_eq!(refused.error_code(), "index.io");
    allow("", 0o777);
    assert_eq!(run(&["digest", "--no-update"]).unwrap().exits(0).stdout, whole);
}
