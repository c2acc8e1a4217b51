//! A small repository of any files, manifests and ignore files among them: an update after an edit gives
//! what an index from nothing gives. Rust is walked here.
#![no_main]

use std::collections::BTreeMap;
use std::path::Path;

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{GraphDelta, Symbol};
use aether_core::port::{FactSource, MemoryFacts};
use aether_index::{IndexOptions, Indexer, NoProgress};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Case {
    files: Vec<(u8, String)>,
    edits: Vec<(u8, Option<String>)>,
}

const NAMES: [&str; 20] = [
    "Cargo.toml",
    "src/lib.rs",
    "src/main.rs",
    "src/a.rs",
    "src/a/b.rs",
    "build.rs",
    ".gitignore",
    "src/.ignore",
    "inner/Cargo.toml",
    "inner/src/lib.rs",
    "a.py",
    "pkg/__init__.py",
    "a.ts",
    "b.tsx",
    "go/a.go",
    "j/A.java",
    "c/a.h",
    "c/a.c",
    "c/b.cc",
    "c/b.hpp",
];

/// What is known of each file: symbols, and edges as text.
type State = BTreeMap<RelPath, (Vec<Symbol>, Vec<String>)>;

fuzz_target!(|case: Case| {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, text) in case.files.iter().take(8) {
        write(folder.path(), *number, Some(text));
    }
    let (mut state, mut facts) = (State::new(), MemoryFacts::default());
    let mut indexer = indexer(folder.path());
    update(&mut indexer, &mut state, &mut facts);
    for (number, text) in case.edits.iter().take(4) {
        write(folder.path(), *number, text.as_deref());
        update(&mut indexer, &mut state, &mut facts);
    }
    let (mut fresh, mut none) = (State::new(), MemoryFacts::default());
    update(&mut self::indexer(folder.path()), &mut fresh, &mut none);
    assert_eq!(state, fresh, "an update gives what an index from nothing gives");
});

fn indexer(root: &Path) -> Indexer {
    Indexer::new(root, IndexOptions::default().with_threads(1)).expect("a thread")
}

fn write(root: &Path, number: u8, text: Option<&str>) {
    let path = root.join(NAMES[usize::from(number) % NAMES.len()]);
    std::fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
    match text {
        Some(text) => std::fs::write(path, text).expect("a file"),
        None => drop(std::fs::remove_file(path)),
    }
}

fn update(indexer: &mut Indexer, state: &mut State, facts: &mut MemoryFacts) {
    let source = facts.clone();
    let mut sink = |delta: GraphDelta| {
        if delta.is_full {
            state.clear();
        }
        delta.removed.iter().for_each(|path| {
            state.remove(path);
            facts.remove(path);
        });
        for file in delta.files {
            let path = file.file.path.clone();
            let known = state.entry(path.clone()).or_default();
            let mut stamp = aether_core::port::FileStamp::new(
                path.clone(),
                file.file.language.clone(),
                file.file.content_hash,
            );
            stamp.size_bytes = file.file.size_bytes;
            stamp.modified_ns = file.file.modified_ns;
            stamp.module_path = file.file.module_path.clone();
            stamp.dependencies = file.dependencies.into();
            let held = facts.facts(&[path.clone()])?.pop().flatten();
            let content = file.content.as_ref().map(|content| content.facts.clone());
            facts.insert(stamp, content.or(held));
            if let Some(content) = &file.content {
                content.facts.validate().expect("facts that hold");
                known.0 = content.symbols(&file.file);
            }
            if let Some(edges) = &file.edges {
                known.1 = edges.iter().map(|edge| format!("{edge:?}")).collect();
            }
        }
        Ok(())
    };
    indexer.update(&source, &mut sink, &Cancel::new(), &NoProgress).expect("an update");
}
