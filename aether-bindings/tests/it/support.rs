//! Small repositories on disk, and questions to their index.

use std::path::{Path, PathBuf};

use aether_bindings::engine::{Engine, EngineOptions, NoProgress, Ports};
use aether_core::base::{Cancel, Sha256Hash};
use aether_core::port::EdgeRecord;

/// A repository in a folder of its own.
pub(crate) struct Repo {
    folder: tempfile::TempDir,
    clock: std::cell::Cell<u64>,
}

impl Repo {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let repo = Self { folder: tempfile::tempdir().unwrap(), clock: std::cell::Cell::new(1_000_000_000) };
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file with a time of its own, as if the writes were a second apart.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let on_disk = self.path(path);
        std::fs::create_dir_all(on_disk.parent().unwrap()).unwrap();
        std::fs::write(&on_disk, text).unwrap();
        self.clock.set(self.clock.get() + 1);
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(self.clock.get());
        std::fs::File::options().write(true).open(on_disk).unwrap().set_modified(time).unwrap();
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

/// Everything the index answers, one line each, in the order of the store.
pub(crate) fn contents(engine: &Engine) -> Vec<String> {
    let mut lines = Vec::new();
    engine.visit_symbols(&mut |symbol| lines.push(format!("{symbol:?}"))).unwrap();
    engine.visit_edges(&mut |edge| lines.push(format!("{edge:?}"))).unwrap();
    lines
}
