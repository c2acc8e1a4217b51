//! Indexes a folder and keeps what came out.

use aether_core::base::Cancel;
use aether_core::code::GraphDelta;
use aether_core::code::facts::FileFacts;
use aether_core::port::MemoryFacts;
use aether_index::{IndexOptions, Indexer, NoProgress};

/// The deltas of the first index of a repository.
pub(crate) fn deltas(files: &[(&str, &str)], options: IndexOptions) -> Vec<GraphDelta> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let on_disk = folder.path().join(path);
        std::fs::create_dir_all(on_disk.parent().unwrap()).unwrap();
        std::fs::write(on_disk, text).unwrap();
    }
    let mut found = Vec::new();
    let mut sink = |delta: GraphDelta| {
        found.push(delta);
        Ok(())
    };
    let mut indexer = Indexer::new(folder.path(), options).unwrap();
    indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress).unwrap();
    found
}

/// The facts of one file.
pub(crate) fn facts(text: &str) -> FileFacts {
    let deltas = deltas(&[("lib.rs", text)], IndexOptions::default());
    let content =
        deltas.iter().flat_map(|delta| &delta.files).find_map(|file| file.content.as_ref()).unwrap();
    content.facts.validate().unwrap();
    FileFacts::clone(&content.facts)
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
