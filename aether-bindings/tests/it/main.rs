//! Tests of the engine over the real indexer and the real store.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod dependencies;
mod edges;
mod files;
mod incremental;
mod lineage;
mod sharing;
mod support;

/// A file of this folder that no `mod` line names would never run.
#[test]
fn no_file_is_forgotten() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.trim_end_matches(".rs");
        assert!(stem == "main" || main.contains(&format!("mod {stem};")), "{name} is not run");
    }
}
