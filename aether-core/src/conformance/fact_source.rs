//! Rules of [`FactSource`].

use std::sync::Arc;

use super::fixtures::{FileBuilder, change, every_fact, full_delta};
use super::{expect_eq, ok};
use crate::base::{ErrorCode, RelPath};
use crate::code::{FileContent, FileDelta, GraphDelta, IndexedFile, Language, SymbolId, SymbolKind};
use crate::port::{FactSource, FileStamp};

/// Checks a source of facts: `make` gives one that holds what a delta adds to nothing.
///
/// # Panics
///
/// With the rule that is broken.
///
/// # Examples
///
/// ```
/// use aether_core::conformance::{MemoryStore, check_fact_source};
/// use aether_core::port::IndexStore;
/// check_fact_source(&|delta| {
///     let store = MemoryStore::default();
///     store.apply(delta, None).expect("memory does not fail");
///     Box::new(store)
/// });
/// ```
pub fn check_fact_source(make: &dyn Fn(&GraphDelta) -> Box<dyn FactSource>) {
    empty_source_knows_nothing(make);
    stamps_are_sorted_and_complete(make);
    facts_come_in_the_order_asked(make);
    every_fact_survives(make);
    declarations_are_found_by_name(make);
    imports_are_found_by_segment(make);
}

fn path(text: &str) -> RelPath {
    RelPath::new(text).unwrap_or_else(|error| panic!("fixture: {error}"))
}

/// Two files with facts and one without, not in the order of their paths.
fn project() -> GraphDelta {
    let mut b = FileBuilder::new("src/b.rs");
    b.symbol(SymbolKind::FUNCTION, "shared", None);
    b.symbol(SymbolKind::STRUCT, "Only", None);
    b.import("std::fs::File");
    b.set_modified(17);
    b.set_module("demo::b");
    b.set_dependencies(vec![7, 3]);
    let mut a = FileBuilder::new("src/a.rs");
    a.symbol(SymbolKind::FUNCTION, "shared", None);
    a.symbol(SymbolKind::METHOD, "shared", None);
    a.import("std::fs");
    a.import("crate::fs");
    let picture = IndexedFile::new(path("src/a.png"), Language::UNKNOWN, [9; 32]);
    full_delta([b.build(), FileDelta::new(picture), a.build()])
}

fn empty_source_knows_nothing(make: &dyn Fn(&GraphDelta) -> Box<dyn FactSource>) {
    let source = make(&GraphDelta::default());
    let rule = "fact source: an empty one knows nothing";
    expect_eq(rule, ok(rule, source.files()), Vec::new());
    expect_eq(rule, ok(rule, source.facts(&[path("src/a.rs")])), vec![None]);
    expect_eq(rule, ok(rule, source.files_declaring(&["shared"])), Vec::new());
    expect_eq(rule, ok(rule, source.files_importing(&["std"])), Vec::new());
}

fn stamps_are_sorted_and_complete(make: &dyn Fn(&GraphDelta) -> Box<dyn FactSource>) {
    let delta = project();
    let rule = "fact source: files come in the order of their paths, with all that was stored of them";
    let mut wanted: Vec<FileStamp> = delta
        .files
        .iter()
        .map(|change| FileStamp {
            size_bytes: change.file.size_bytes,
            modified_ns: change.file.modified_ns,
            module_path: change.file.module_path.clone(),
            dependencies: Arc::from(change.dependencies.as_slice()),
            ..FileStamp::new(change.file.path.clone(), change.file.language.clone(), change.file.content_hash)
        })
        .collect();
    wanted.sort_by(|a, b| a.path.cmp(&b.path));
    expect_eq(rule, ok(rule, make(&delta).files()), wanted);
}

fn facts_come_in_the_order_asked(make: &dyn Fn(&GraphDelta) -> Box<dyn FactSource>) {
    let delta = project();
    let source = make(&delta);
    let rule = "fact source: facts come in the order asked, also twice, and none for a file without";
    let asked = ["src/b.rs", "src/missing.rs", "src/a.rs", "src/a.png", "src/b.rs"].map(path);
    let wanted: Vec<_> = asked
        .iter()
        .map(|path| {
            let change = delta.files.iter().find(|change| change.file.path == *path)?;
            Some(Arc::clone(&change.content.as_ref()?.facts))
        })
        .collect();
    expect_eq(rule, ok(rule, source.facts(&asked)), wanted);
    expect_eq(rule, ok(rule, source.facts(&[])), Vec::new());
}

fn every_fact_survives(make: &dyn Fn(&GraphDelta) -> Box<dyn FactSource>) {
    let facts = every_fact();
    let file = IndexedFile::new(path(r"src/not utf-8 \xff.rs"), Language::RUST, [1; 32]);
    let ids = (0..facts.symbols.len()).map(|index| SymbolId::from_bytes([index as u8; 16])).collect();
    let words = vec![String::new(); facts.symbols.len()];
    let mut only = FileDelta::new(file);
    only.content = Some(FileContent::new(facts.clone(), ids, words));
    only.file.diagnostics.push(ErrorCode::INDEX_SYNTAX_ERROR);
    let paths = [only.file.path.clone()];
    let source = make(&change([only]));
    let rule = "fact source: facts of every form come back as they were stored";
    expect_eq(rule, ok(rule, source.facts(&paths)), vec![Some(Arc::new(facts))]);
}

fn declarations_are_found_by_name(make: &dyn Fn(&GraphDelta) -> Box<dyn FactSource>) {
    let source = make(&project());
    let rule = "fact source: files that declare one of some names are sorted, each once";
    for (names, wanted) in [
        (&["shared"][..], &["src/a.rs", "src/b.rs"][..]),
        (&["Only"], &["src/b.rs"]),
        (&["Only", "shared", "Only"], &["src/a.rs", "src/b.rs"]),
        (&["only"], &[]),
        (&["Onl"], &[]),
        (&["fs"], &[]),
        (&[], &[]),
    ] {
        let wanted: Vec<RelPath> = wanted.iter().map(|text| path(text)).collect();
        expect_eq(&format!("{rule}: {names:?}"), ok(rule, source.files_declaring(names)), wanted);
    }
}

fn imports_are_found_by_segment(make: &dyn Fn(&GraphDelta) -> Box<dyn FactSource>) {
    let source = make(&project());
    let rule = "fact source: files that import through one of some names are sorted, each once";
    for (names, wanted) in [
        (&["fs"][..], &["src/a.rs", "src/b.rs"][..]),
        (&["File"], &["src/b.rs"]),
        (&["crate", "File"], &["src/a.rs", "src/b.rs"]),
        (&["shared"], &[]),
        (&[], &[]),
    ] {
        let wanted: Vec<RelPath> = wanted.iter().map(|text| path(text)).collect();
        expect_eq(&format!("{rule}: {names:?}"), ok(rule, source.files_importing(names)), wanted);
    }
}
