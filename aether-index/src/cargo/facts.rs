//! Facts of a manifest: the package and its crates as symbols.

use aether_core::base::{ByteSpan, ErrorCode, LineSpan, RelPath};
use aether_core::code::facts::{
    FactDiagnostic, FileFacts, ItemDetail, NameTable, ScopeFact, ScopeIdx, SymbolFact, SymbolIdx,
};
use aether_core::code::{SymbolKind, Visibility};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{CrateTarget, PackageModel, identifier};

/// The facts of the manifest at `path`: itself, its package, and the crates that `model` knows of it.
pub(crate) fn manifest_facts(path: &RelPath, text: &str, model: &PackageModel) -> FileFacts {
    let mut facts = FileFacts {
        line_lengths: text.split_inclusive('\n').map(|line| line.len() as u32).collect(),
        scopes: vec![ScopeFact { parent: None, owner: Some(SymbolIdx(0)), is_module: true }],
        ..FileFacts::default()
    };
    let whole = ByteSpan::new(0, text.len() as u32);
    push(
        &mut facts,
        SymbolKind::FILE,
        path.file_name().unwrap_or(""),
        None,
        whole,
        ByteSpan::default(),
        String::new(),
        String::new(),
    );
    let Ok(manifest) = DeTable::parse(text).map(Spanned::into_inner) else {
        facts.diagnostics.push(FactDiagnostic { code: ErrorCode::INDEX_BAD_MANIFEST, span: whole, line: 1 });
        return facts;
    };
    let Some(index) = model.packages.iter().position(|package| package.manifest == *path) else {
        return facts;
    };
    let package = &model.packages[index];
    let table = ["package", "project"].into_iter().find_map(|key| manifest.get(key)?.get_ref().as_table());
    let Some(table) = table else { return facts };
    let doc = table.get("description").and_then(|text| text.get_ref().as_str()).unwrap_or("").trim();
    let symbol = push(
        &mut facts,
        SymbolKind::PACKAGE,
        &package.name,
        None,
        whole,
        text_in(table, "name", text),
        format!("package {}", package.name),
        doc.to_owned(),
    );
    for target in model.crates.iter().filter(|target| target.package == index) {
        let signature = format!("{} {} ({})", target.kind.as_str(), target.name, target.root);
        let at = crate_name(&manifest, table, target, text);
        push(&mut facts, SymbolKind::CRATE, &target.name, Some(symbol), whole, at, signature, String::new());
    }
    facts
}

/// Where the name of a crate is written: in its own table, or in that of the package where it is called after it.
/// Nowhere, which is no text at the package's name, where cargo found it by its file.
fn crate_name(manifest: &DeTable<'_>, package: &DeTable<'_>, target: &CrateTarget, text: &str) -> ByteSpan {
    let own: Vec<&DeTable<'_>> = match manifest.get(target.kind.as_str()).map(Spanned::get_ref) {
        Some(DeValue::Table(table)) => vec![table],
        Some(DeValue::Array(tables)) => {
            tables.iter().filter_map(|table| table.get_ref().as_table()).collect()
        }
        _ => Vec::new(),
    };
    let has_its_name = |table: &&DeTable<'_>| {
        table.get("name").and_then(|name| name.get_ref().as_str()).map(identifier).as_ref()
            == Some(&target.name)
    };
    match own.into_iter().chain([package]).find(has_its_name) {
        Some(table) => text_in(table, "name", text),
        None => {
            let start = text_in(package, "name", text).start;
            ByteSpan::new(start, start)
        }
    }
}

/// Where a table has a text, without its quotes; with them where the text is written otherwise, by escapes.
fn text_in(table: &DeTable<'_>, key: &str, text: &str) -> ByteSpan {
    let Some(value) = table.get(key) else { return ByteSpan::default() };
    let literal = value.span();
    let inner = literal.start + 1..literal.end - 1;
    let span = if text.get(inner.clone()) == value.get_ref().as_str() { inner } else { literal };
    ByteSpan::new(span.start as u32, span.end as u32)
}

#[expect(clippy::too_many_arguments, reason = "a symbol of a manifest has no more structure than this")]
fn push(
    facts: &mut FileFacts,
    kind: SymbolKind,
    name: &str,
    parent: Option<SymbolIdx>,
    span: ByteSpan,
    name_at: ByteSpan,
    signature: String,
    doc: String,
) -> SymbolIdx {
    let names: &mut NameTable = &mut facts.names;
    let known = names.iter().position(|known| known == name);
    let name_index = match known {
        Some(index) => aether_core::code::facts::NameIdx(index as u32),
        None => names.push(name),
    };
    let last = facts.line_lengths.len().max(1) as u32;
    facts.symbols.push(SymbolFact {
        kind,
        name: name_index,
        parent,
        scope: ScopeIdx(0),
        span,
        lines: LineSpan { first: 1, last },
        name_span: name_at,
        name_line: facts.line_of(name_at.start),
        visibility: Visibility::Public,
        signature,
        doc,
        attributes: Vec::new(),
        ordinal: 0,
        body_fingerprint: 0,
        in_macro: false,
        detail: ItemDetail::None,
    });
    SymbolIdx(facts.symbols.len() as u32 - 1)
}
