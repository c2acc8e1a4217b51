//! A small repository of any files, manifests and ignore files among them: an update after an edit gives
//! what an index from nothing gives. Rust is walked here.
#![no_main]

use std::collections::BTreeMap;
use std::path::Path;

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{FileContent, GraphDelta, IndexedFile, Symbol};
use aether_core::port::{FactSource, MemoryFacts};
use aether_index::{IndexOptions, Indexer, NoProgress};
use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Case {
    files: Vec<(u8, Vec<Part>)>,
    edits: Vec<(u8, Option<Vec<Part>>)>,
}

/// A part of a file: one that means something, or any text.
#[derive(Arbitrary, Debug)]
enum Part {
    Known(u8),
    Text(String),
}

const PARTS: [&str; 28] = [
    "[package]\nname = \"p\"\nedition = \"2024\"\n",
    "[package]\nname = \"inner\"\n[lib]\nname = \"q\"\n",
    "[dependencies]\ninner = { path = \"inner\" }\n",
    "[workspace]\nmembers = [\"inner\"]\n",
    "*.py\n!a.py\n",
    "/src/a\n",
    "mod a;\n",
    "pub mod a; pub use a::*;\n",
    "pub mod b;\n",
    "use crate::a::b::S;\n",
    "use super::*;\n",
    "use crate::a as other;\n",
    "pub struct S { pub x: T }\n",
    "pub struct T;\n",
    "pub fn f() -> S { g() }\n",
    "pub fn g() { f().x.m(); a::f(); other::h() }\n",
    "pub fn h(s: &S) { s.m(); s.d(); inner::f() }\n",
    "impl S { pub fn m(&self) -> T { T } }\n",
    "impl T { pub fn m(self) { f(); } }\n",
    "pub trait D { fn d(&self) { self.m() } fn m(&self) {} }\n",
    "impl D for S {}\n",
    "impl<X> D for X {}\n",
    "pub type Alias = S; pub fn i() -> Alias { f() }\n",
    "macro_rules! k { ($e:expr) => { $e.m() } } fn l(s: S) { k!(s) }\n",
    "fn main() { f(); g(); h(&f()); i().x.m() }\n",
    "def f(x): return g(x)\nclass S:\n    def m(self): self.m()\n",
    "export function f() { g() } import { g } from './b'\n",
    "#include \"a.h\"\nint f(void) { return g(); }\nint g(void);\n",
];

fn text_of(parts: &[Part]) -> String {
    let text = |part: &Part| match part {
        Part::Known(number) => PARTS[usize::from(*number) % PARTS.len()].to_owned(),
        Part::Text(text) => text.clone(),
    };
    parts.iter().map(text).collect()
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

/// What is known of the files.
type State = BTreeMap<RelPath, Known>;

/// What is known of a file: its last record and content, and its edges as text.
struct Known {
    file: IndexedFile,
    content: Option<FileContent>,
    edges: Vec<String>,
}

/// Symbols and edges; names follow the module of the last record, also without new content.
fn told(state: &State) -> Vec<(&RelPath, Vec<Symbol>, &[String])> {
    let symbols = |known: &Known| known.content.as_ref().map_or_else(Vec::new, |it| it.symbols(&known.file));
    state.iter().map(|(path, known)| (path, symbols(known), known.edges.as_slice())).collect()
}

fuzz_target!(|case: Case| {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, parts) in case.files.iter().take(8) {
        write(folder.path(), *number, Some(&text_of(parts)));
    }
    let (mut state, mut facts) = (State::new(), MemoryFacts::default());
    let mut indexer = indexer(folder.path());
    update(&mut indexer, &mut state, &mut facts);
    for (number, parts) in case.edits.iter().take(4) {
        write(folder.path(), *number, parts.as_deref().map(text_of).as_deref());
        update(&mut indexer, &mut state, &mut facts);
    }
    let (mut fresh, mut none) = (State::new(), MemoryFacts::default());
    update(&mut self::indexer(folder.path()), &mut fresh, &mut none);
    assert_eq!(told(&state), told(&fresh), "an update gives what an index from nothing gives");
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
            let known = state.entry(path.clone()).or_insert_with(|| Known {
                file: file.file.clone(),
                content: None,
                edges: Vec::new(),
            });
            known.file = file.file.clone();
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
            if let Some(content) = file.content {
                content.facts.validate().expect("facts that hold");
                known.content = Some(content);
            }
            if let Some(edges) = &file.edges {
                known.edges = edges.iter().map(|edge| format!("{edge:?}")).collect();
            }
        }
        Ok(())
    };
    indexer.update(&source, &mut sink, &Cancel::new(), &NoProgress).expect("an update");
}
