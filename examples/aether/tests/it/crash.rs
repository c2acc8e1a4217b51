//! What is left when the program is killed in the middle.
#![cfg(unix)]

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Repo, command};

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

#[test]
fn a_killed_update_leaves_the_old_index_or_the_new_one() {
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

    let log = repo.path(".aether/aether.db-wal");
    let mut found = Vec::new();
    // The first kills come while the transaction is being written, which the log tells; the later ones
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
        child.kill().unwrap();
        let was_killed = child.wait().unwrap().code().is_none();
        let left = digest_as_it_is(&repo);
        assert!(left == old || left == new, "round {round}, after {:?}: {left}", start.elapsed());
        found.push((was_killed, left == old));
    }
    assert!(
        found.iter().any(|&(was_killed, is_old)| was_killed && is_old),
        "no kill came in time: {found:?}"
    );
    assert_eq!(repo.aether(&["digest"]).exits(0).stdout, new, "the next update ends what was begun");
}

#[test]
fn a_killed_first_index_is_built_again() {
    let whole = Repo::new();
    write(&whole, false);
    let wanted = whole.aether(&["digest"]).exits(0).stdout;
    let mut kills = 0;
    for round in 0..4_u64 {
        let repo = Repo::new();
        write(&repo, false);
        let mut child = index(&repo);
        while !repo.path(".aether/aether.db").exists() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(round * 60));
        child.kill().unwrap();
        kills += u32::from(child.wait().unwrap().code().is_none());
        let report = repo.aether(&["doctor", "--no-update", "--json"]).json();
        let is_missing = report["checks"][0]["code"] == "store.missing";
        assert!(is_missing || report["is_ok"] == true, "round {round}: {report}");
        assert_eq!(repo.aether(&["digest"]).exits(0).stdout, wanted, "round {round}");
    }
    assert!(kills > 0, "no kill came in time");
}
