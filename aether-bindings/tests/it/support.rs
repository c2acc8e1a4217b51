//! Small repositories on disk, and questions to their index.

use std::path::{Path, PathBuf};

use aether_bindings::engine::{Engine, EngineOptions, NoProgress, Ports};
use aether_core::base::{Cancel, RelPath, Sha256Hash};
use aether_core::port::EdgeRecord;
use proptest::prelude::{Strategy, prop};
use proptest::test_runner::{Config, TestRunner};

/// A repository in a folder of its own.
pub(crate) struct Repo {
    folder: tempfile::TempDir,
}

impl Repo {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let repo = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let on_disk = self.path(path);
        std::fs::create_dir_all(on_disk.parent().unwrap()).unwrap();
        std::fs::write(on_disk, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).unwrap();
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// An engine with an index of its own in memory, up to date.
    pub(crate) fn engine(&self) -> Engine {
        let engine = Engine::open(EngineOptions::new(self.root()), Ports::in_memory().unwrap()).unwrap();
        update(&engine);
        engine
    }
}

pub(crate) fn update(engine: &Engine) {
    engine.index(&Cancel::new(), &NoProgress).unwrap();
}

/// What a command of git prints, without anybody's configuration.
#[cfg(feature = "git")]
pub(crate) fn git(repo: &Repo, arguments: &[&str]) -> String {
    let output = std::process::Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"])
        .args(arguments)
        .current_dir(repo.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The digest of an index made from nothing.
pub(crate) fn fresh_digest(repo: &Repo) -> Sha256Hash {
    repo.engine().digest().unwrap()
}

/// All edges of a kind as `source -> target [resolution]`, sorted.
pub(crate) fn edges(engine: &Engine, kind: &str) -> Vec<String> {
    let mut found = Vec::new();
    engine
        .visit_edges(&mut |edge: &EdgeRecord| {
            if edge.kind.as_str() == kind {
                let target = edge.dst_path.clone().unwrap_or_else(|| format!("?{}", edge.callee_text));
                found.push(format!("{} -> {target}", edge.src_qualified_name));
            }
        })
        .unwrap();
    found.sort();
    found.dedup();
    found
}

/// Every symbol but files: kind, qualified name, visibility and line of the name.
pub(crate) fn outline(engine: &Engine) -> Vec<String> {
    let mut found = Vec::new();
    engine
        .visit_symbols(&mut |symbol| {
            if symbol.kind.as_str() != "file" {
                let visibility = symbol.visibility.as_str();
                found.push(format!(
                    "{} {} {visibility} {}",
                    symbol.kind, symbol.qualified_name, symbol.name_line
                ));
            }
        })
        .unwrap();
    found
}

/// The calls that start in `source`, by what they lead to; what is not resolved behind a `?`.
#[track_caller]
pub(crate) fn check_calls(files: &[(&str, &str)], source: &str, expected: &[&str]) {
    let prefix = format!("{source} -> ");
    let found: Vec<String> = edges(&Repo::new(files).engine(), "calls")
        .iter()
        .filter_map(|edge| Some(edge.strip_prefix(&prefix)?.to_owned()))
        .collect();
    assert_eq!(found, expected);
}

/// Everything the index answers, one line each, in the order of the store.
pub(crate) fn contents(engine: &Engine) -> Vec<String> {
    let mut lines = Vec::new();
    engine.visit_symbols(&mut |symbol| lines.push(format!("{symbol:?}"))).unwrap();
    engine.visit_edges(&mut |edge| lines.push(format!("{edge:?}"))).unwrap();
    lines
}

/// A change of a file: a part of its text and what takes its place. With an empty part the second is
/// the new text, or `remove` or `restore`.
pub(crate) type TextChange = (&'static str, &'static str, &'static str);

/// Applies random sequences of changes, and compares the index after each with a fresh one.
pub(crate) fn check_updates(base_files: &[(&str, &str)], changes: impl Strategy<Value = TextChange>) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(24);
    let mut runner = TestRunner::new_with_rng(
        Config { cases, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    runner
        .run(&prop::collection::vec(changes, 1..10), |changes| {
            let repo = Repo::new(base_files);
            let (engine, told) = (repo.engine(), repo.engine());
            for (step, &(path, from, to)) in changes.iter().enumerate() {
                let known = std::fs::read_to_string(repo.path(path)).ok();
                let base = base_files.iter().find(|(name, _)| *name == path).map(|(_, text)| *text);
                match (known, from, to) {
                    (Some(_), "", "remove") => repo.remove(path),
                    (None, _, "remove") => continue,
                    (_, "", "restore") => repo.write(path, base.unwrap()),
                    (Some(text), from, to) if !from.is_empty() => repo.write(path, &text.replace(from, to)),
                    (_, "", text) => repo.write(path, text),
                    _ => continue,
                }
                update(&engine);
                told.index_files(&[RelPath::new(path).unwrap()], &Cancel::new(), &NoProgress).unwrap();
                let fresh = repo.engine();
                let (updated, made) = (contents(&engine), contents(&fresh));
                let differing = updated.iter().zip(&made).find(|(a, b)| a != b);
                assert_eq!(differing, None, "after {:?}", &changes[..=step]);
                assert_eq!(updated.len(), made.len(), "after {:?}", &changes[..=step]);
                assert_eq!(
                    engine.digest().unwrap(),
                    fresh.digest().unwrap(),
                    "after {:?}",
                    &changes[..=step]
                );
                assert_eq!(contents(&told), made, "told of {:?}", &changes[..=step]);
            }
            Ok(())
        })
        .unwrap();
}

/// Waits until the clock of the file system has gone on, so that nothing below `folder` is recent.
pub(crate) fn let_time_pass(folder: &std::path::Path) {
    // Hidden, so no part of the index.
    let probe = folder.join(".probe");
    let now = || {
        std::fs::write(&probe, "").unwrap();
        probe.metadata().unwrap().modified().unwrap()
    };
    let start = now();
    while now().duration_since(start).unwrap_or_default() < std::time::Duration::from_millis(30) {
        std::thread::yield_now();
    }
    std::fs::remove_file(&probe).unwrap();
}
