//! The digest: every field that it covers counts, and nothing else does.

use std::sync::Arc;

use aether_core::base::{ErrorCode, Sha256Hash};
use aether_core::code::facts::FileFacts;
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, FileDelta, Language, Resolution, SymbolId, SymbolKind, Visibility,
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
        |delta| delta.content.as_mut().expect("content").ids[0] = SymbolId::from_bytes([7; 16]),
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

/// The digest of a file by `docs/SCHEMAS.md`, section "Digest", and nothing else.
fn documented_digest(delta: &FileDelta) -> Sha256Hash {
    type Fields = Vec<Vec<u8>>;
    let text = |text: &str| text.as_bytes().to_vec();
    let number = |number: u32| number.to_le_bytes().to_vec();
    let id = |id: Option<&SymbolId>| id.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let mut rows: Vec<(u8, Fields)> = Vec::new();

    let file = &delta.file;
    let mut fields = vec![text(file.path.as_str()), text(file.language.as_str()), file.content_hash.to_vec()];
    fields.push(text(&file.module_path));
    fields.extend(file.diagnostics.iter().map(|code| text(code.as_str())));
    rows.push((b'f', fields));
    let content = delta.content.as_ref().expect("content");
    let facts = postcard::to_extend(&*content.facts, Vec::new()).expect("facts");
    rows.push((b'c', vec![text(file.path.as_str()), facts]));
    for symbol in content.symbols(file) {
        let mut fields =
            vec![id(Some(&symbol.id)), text(symbol.language.as_str()), text(symbol.kind.as_str())];
        fields.extend([&symbol.name, &symbol.qualified_name, symbol.file.as_str()].map(text));
        fields.extend([symbol.span.start, symbol.span.end].map(number));
        fields.extend([symbol.lines.first, symbol.lines.last, symbol.name_line].map(number));
        fields.extend([symbol.name_span.start, symbol.name_span.end].map(number));
        fields.extend([symbol.visibility.as_str(), &symbol.signature, &symbol.doc].map(text));
        fields.extend([id(symbol.parent.as_ref()), number(symbol.ordinal)]);
        fields.extend(symbol.attributes.iter().map(|attribute| text(attribute)));
        rows.push((b's', fields));
    }
    for edge in delta.edges.iter().flatten() {
        let mut fields = vec![id(Some(&edge.source)), text(edge.kind.as_str())];
        fields.extend([edge.line, edge.at].map(number));
        fields.extend(match &edge.target {
            EdgeTarget::Symbol(target) => [id(Some(target)), text("")],
            EdgeTarget::External(path) => [id(None), text(path)],
            EdgeTarget::Unresolved => [id(None), text("")],
        });
        fields.push(number(u32::from(edge.confidence.thousandths())));
        fields.extend([edge.resolution.as_str(), &edge.text].map(text));
        rows.push((b'e', fields));
    }

    let hash = |(letter, fields): (u8, Fields)| {
        let mut bytes = vec![letter];
        for field in fields {
            bytes.extend((field.len() as u64).to_le_bytes());
            bytes.extend(field);
        }
        *Sha256Hash::of(&bytes).as_bytes()
    };
    let mut hashes: Vec<[u8; 32]> = rows.into_iter().map(hash).collect();
    hashes.sort_unstable();
    Sha256Hash::of(&hashes.concat())
}

#[test]
fn the_digest_is_the_documented_one() {
    let empty = SqliteStore::open_in_memory().expect("a store");
    assert_eq!(empty.digest().expect("a digest"), Sha256Hash::of(b""));
    let change_it = |delta: &mut FileDelta| {
        let mut outside = edge(delta).clone();
        outside.target = EdgeTarget::External("std::x".into());
        let mut nowhere = outside.clone();
        (nowhere.target, nowhere.resolution) = (EdgeTarget::Unresolved, Resolution::Unresolved);
        nowhere.confidence = Confidence::default();
        delta.edges.as_mut().expect("edges").extend([outside.clone(), outside, nowhere]);
        delta.file.diagnostics = vec![ErrorCode::INDEX_TOO_DEEP, ErrorCode::INDEX_SYNTAX_ERROR];
        facts(delta).symbols[2].attributes = vec!["inline".to_owned(), "cfg(unix)".to_owned()];
        facts(delta).symbols[2].doc = "Tells.".to_owned();
    };
    let mut expected = delta();
    change_it(&mut expected);
    assert_eq!(digest(change_it), documented_digest(&expected));
}

#[test]
fn times_sizes_and_dependencies_are_not_told() {
    let same = digest(|_| {});
    assert_eq!(digest(|delta| delta.file.modified_ns = 99), same);
    assert_eq!(digest(|delta| delta.file.size_bytes = 99), same);
    assert_eq!(digest(|delta| delta.dependencies = vec![9]), same);
}
