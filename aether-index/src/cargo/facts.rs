//! Facts of a manifest: the package and its crates as symbols.

use aether_core::base::{ByteSpan, ErrorCode, LineSpan, RelPath};
use aether_core::code::facts::{
    FactDiagnostic, FileFacts, ItemDetail, NameTable, ScopeFact, ScopeIdx, SymbolFact, SymbolIdx,
};
use aether_core::code::{SymbolKind, Visibility};

use super::PackageModel;
use super::manifest::Manifest;

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
        0,
        String::new(),
        String::new(),
    );
    let Some(manifest) = Manifest::parse(text) else {
        facts.diagnostics.push(FactDiagnostic { code: ErrorCode::INDEX_BAD_MANIFEST, span: whole, line: 1 });
        return facts;
    };
    let Some(index) = model.packages.iter().position(|package| package.manifest == *path) else {
        return facts;
    };
    let package = &model.packages[index];
    let name_at = find_name(text, "[package]", &package.name);
    let doc =
        manifest.package_table().and_then(|table| table.get("description")?.as_str()).unwrap_or("").trim();
    let symbol = push(
        &mut facts,
        SymbolKind::PACKAGE,
        &package.name,
        None,
        whole,
        name_at,
        format!("package {}", package.name),
        doc.to_owned(),
    );
    for target in model.crates.iter().filter(|target| target.package == index) {
        let signature = format!("{} {} ({})", target.kind.as_str(), target.name, target.root);
        let at = find_name(text, &format!("[{}]", target.kind.as_str()), &target.name);
        push(&mut facts, SymbolKind::CRATE, &target.name, Some(symbol), whole, at, signature, String::new());
    }
    facts
}

/// The byte of `name` behind the header of its table, or of the first line.
fn find_name(text: &str, header: &str, name: &str) -> u32 {
    let Some(table) = text.find(header) else { return 0 };
    text[table..].find(&format!("\"{name}\"")).map_or(table, |at| table + at + 1) as u32
}

#[expect(clippy::too_many_arguments, reason = "a symbol of a manifest has no more structure than this")]
fn push(
    facts: &mut FileFacts,
    kind: SymbolKind,
    name: &str,
    parent: Option<SymbolIdx>,
    span: ByteSpan,
    name_at: u32,
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
        name_span: ByteSpan::new(name_at, name_at + name.len() as u32),
        name_line: facts.line_of(name_at),
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
