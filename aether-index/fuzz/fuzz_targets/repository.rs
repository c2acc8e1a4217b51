//! A small repository of arbitrary files, among them manifests and lists of what to ignore: an update
//! after a change says the same as an index of the result.
#![no_main]

use std::collections::BTreeMap;
use std::path::Path;

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{Edge, GraphDelta};
use aether_core::port::MemoryFacts;
use aether_index::{IndexOptions, Indexer, NoProgress};
use libfuzzer_sys::fuzz_target;

/// The places of the files.
const PLACES: [&str; 12] = [
    "Cargo.toml",
    "src/lib.rs",
    "src/a.rs",
    ".gitignore",
    "a.h",
    "b.cc",
    "c.c",
    "m/a.go",
    "p/__init__.py",
    "p/b.ts",
    "q/C.java",
    "q/d.js",
];

/// What an indexer says of each file, the last word counts.
type Told = BTreeMap<RelPath, (Vec<String>, Vec<Edge>)>;

fn update(indexer: &mut Indexer, told: &mut Told) {
    let mut sink = |delta: GraphDelta| {
        for path in delta.removed {
            told.remove(&path);
        }
        for file in delta.files {
            let entry = told.entry(file.file.path.clone()).or_default();
            if let Some(content) = &file.content {
                entry.0 = content.symbols(&file.file).iter().map(|symbol| format!("{symbol:?}")).collect();
            }
            if let Some(edges) = file.edges {
                entry.1 = edges;
            }
        }
        Ok(())
    };
    let report = indexer.update(&MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress);
    report.expect("a repository of small files can be indexed");
}

fn write(root: &Path, place: &str, text: &[u8], seconds: u64) {
    let path = root.join(place);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
    std::fs::write(&path, text).expect("a file is written");
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    let file = std::fs::File::options().write(true).open(path).expect("a file is opened");
    file.set_modified(time).expect("a time is set");
}

fuzz_target!(|input: (Vec<(u8, &[u8])>, u8, &[u8])| {
    let (files, changed, text) = input;
    let folder = tempfile::tempdir().expect("a folder is made");
    let root = folder.path();
    for (place, text) in files.iter().take(8) {
        write(root, PLACES[*place as usize % PLACES.len()], text, 1_000_000_000);
    }
    let options = || IndexOptions::default().with_threads(1);
    let mut indexer = Indexer::new(root, options()).expect("a worker starts");
    let mut told = Told::new();
    update(&mut indexer, &mut told);
    // An indexer that knows nothing begins again, so one with no file is not compared.
    let is_empty = told.is_empty();
    write(root, PLACES[changed as usize % PLACES.len()], text, 1_000_000_001);
    update(&mut indexer, &mut told);
    let mut fresh = Told::new();
    update(&mut Indexer::new(root, options()).expect("a worker starts"), &mut fresh);
    if !is_empty {
        // Symbols of files whose module moved are named by the file record; edges say the rest.
        let edges = |told: &Told| -> Vec<(RelPath, Vec<Edge>)> {
            told.iter().map(|(path, (_, edges))| (path.clone(), edges.clone())).collect()
        };
        assert_eq!(edges(&told), edges(&fresh));
    }
});
