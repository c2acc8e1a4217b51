//! The digest: every field that it covers counts, and nothing else does.

use std::sync::Arc;

use aether_core::base::{ErrorCode, Sha256Hash};
use aether_core::code::facts::FileFacts;
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, FileDelta, Language, Resolution, SymbolKind, Visibility,
};
use aether_core::conformance::fixtures::{FileBuilder, change};
use aether_core::port::IndexStore as _;
use aether_store::SqliteStore;

fn delta() -> FileDelta {
    let mut file = FileBuilder::new("src/a.rs");
    file.set_module("demo");
    let outer = file.symbol(SymbolKind::STRUCT, "Outer", None);
    let inner = file.symbol(SymbolKind::METHOD, "inner", Some(outer));
    let target = EdgeTarget::Symbol(file.id(outer));
    file.edge(inner, EdgeKind::Calls, target, "Outer");
    file.build()
}

fn digest(change_it: impl Fn(&mut FileDelta)) -> Sha256Hash {
    let mut delta = delta();
    change_it(&mut delta);
    let store = SqliteStore::open_in_memory().expect("a store");
    store.apply(&change([delta]), None).expect("a delta");
    store.digest().expect("a digest")
}

fn facts(delta: &mut FileDelta) -> &mut FileFacts {
    Arc::make_mut(&mut delta.content.as_mut().expect("content").facts)
}

fn edge(delta: &mut FileDelta) -> &mut Edge {
    &mut delta.edges.as_mut().expect("edges")[0]
}

#[test]
fn the_digest_tells_every_change() {
    let same = digest(|_| {});
    let changes: Vec<fn(&mut FileDelta)> = vec![
        |delta| delta.file.content_hash[3] ^= 1,
        |delta| delta.file.language = Language::new("other"),
        |delta| delta.file.module_path = "demo::other".to_owned(),
        |delta| delta.file.diagnostics.push(ErrorCode::INDEX_TOO_DEEP),
        |delta| facts(delta).line_lengths.push(7),
        |delta| {
            delta.content.as_mut().expect("content").ids[0] = aether_core::code::SymbolId::from_bytes([7; 16])
        },
        |delta| delta.edges = Some(Vec::new()),
        |delta| {
            let twice = edge(delta).clone();
            delta.edges = Some(vec![twice.clone(), twice]);
        },
        |delta| edge(delta).kind = EdgeKind::Uses,
        |delta| edge(delta).at += 1,
        |delta| edge(delta).line += 1,
        |delta| edge(delta).text.push('x'),
        |delta| edge(delta).confidence = Confidence::from_thousandths(1),
        |delta| edge(delta).resolution = Resolution::UniqueName,
        |delta| edge(delta).target = EdgeTarget::External("std::x".into()),
        |delta| edge(delta).target = EdgeTarget::Unresolved,
        |delta| {
            let content = delta.content.as_ref().expect("content");
            let (file, outer) = (content.ids[0], content.ids[1]);
            (edge(delta).source, edge(delta).target) = (file, EdgeTarget::Symbol(outer));
        },
    ];
    for (number, change_it) in changes.iter().enumerate() {
        assert_ne!(digest(change_it), same, "change {number}");
    }
}

/// Symbols are hashed behind the facts that they come from, so only what is hashed of both shows here.
#[test]
fn the_digest_tells_every_change_of_a_symbol() {
    let same = digest(|_| {});
    let changes: Vec<fn(&mut aether_core::code::facts::SymbolFact)> = vec![
        |symbol| symbol.kind = SymbolKind::new("other"),
        |symbol| symbol.span.end += 1,
        |symbol| symbol.lines.last += 1,
        |symbol| symbol.name_line += 1,
        |symbol| symbol.name_span.end += 1,
        |symbol| symbol.visibility = Visibility::Private,
        |symbol| symbol.signature.push('x'),
        |symbol| symbol.doc.push('x'),
        |symbol| symbol.attributes.push("inline".to_owned()),
        |symbol| symbol.ordinal += 1,
        |symbol| symbol.parent = None,
    ];
    for (number, change_it) in changes.iter().enumerate() {
        assert_ne!(digest(|delta| change_it(&mut facts(delta).symbols[2])), same, "change {number}");
    }
}

#[test]
fn times_sizes_and_dependencies_are_not_told() {
    let same = digest(|_| {});
    assert_eq!(digest(|delta| delta.file.modified_ns = 99), same);
    assert_eq!(digest(|delta| delta.file.size_bytes = 99), same);
    assert_eq!(digest(|delta| delta.dependencies = vec![9]), same);
}
