//! The project graph as an index in the format of [SCIP](https://github.com/scip-code/scip).
//!
//! A document for each file of a known language, with the definitions in it and the references that
//! lead to a known target: calls, uses, imports, bounds and implementations. Positions are in bytes of
//! UTF-8. Equal graphs give equal bytes.

mod symbols;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;

use aether_core::base::{ByteSpan, ErrorCode, RelPath};
use aether_core::code::{EdgeKind, EdgeTarget, Language, ProjectGraph, Symbol, SymbolId, SymbolKind};
use protobuf::{EnumOrUnknown, Message as _, MessageField};
use scip::types::symbol_information::Kind;
use scip::types::{
    Document, Index, Metadata, Occurrence, PositionEncoding, Relationship, Signature, SymbolInformation,
    SymbolRole, TextEncoding, ToolInfo,
};

use crate::engine::{Engine, EngineError};
use symbols::{Names, external_symbol};

/// What a SCIP index holds.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ScipCounts {
    /// Documents.
    pub documents: u64,
    /// Definitions.
    pub definitions: u64,
    /// References.
    pub references: u64,
}

/// Files whose facts are read at once.
const BATCH_FILES: usize = 256;

impl Engine {
    /// Writes the index as it is in the format of SCIP.
    ///
    /// # Errors
    ///
    /// When the store cannot be read; [`ErrorCode::STORE_CONFLICT`] when it was written meanwhile;
    /// [`ErrorCode::OUTPUT_IO`] with the error of `sink` as its source.
    pub fn write_scip(&self, sink: &mut dyn Write) -> Result<ScipCounts, EngineError> {
        let graph = self.project_graph()?;
        let paths: Vec<RelPath> = graph.files.iter().map(|file| file.path.clone()).collect();
        let mut lines = BTreeMap::new();
        for batch in paths.chunks(BATCH_FILES) {
            for (path, starts) in batch.iter().zip(self.line_starts(batch)?) {
                lines.insert(path.clone(), starts);
            }
        }
        let (index, counts) = index_of(&graph, &lines, &file_uri(self.workspace()));
        index.write_to_writer(sink).map_err(std::io::Error::from).and_then(|()| sink.flush()).map_err(
            |error| {
                let message = format!("the SCIP index cannot be written: {error}");
                EngineError::new(ErrorCode::OUTPUT_IO, message).with_source(error)
            },
        )?;
        Ok(counts)
    }
}

/// The address of a folder on this machine.
fn file_uri(folder: &std::path::Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let mut uri = "file://".to_owned();
    for &byte in folder.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// Where the lines of a file start, to turn bytes into places.
struct Lines<'l>(&'l [u32]);

impl Lines<'_> {
    /// Line and column from 0; nothing when the file has no such byte.
    fn place(&self, at: u32) -> [i32; 2] {
        let line = self.0.partition_point(|&start| start <= at).saturating_sub(1);
        let start = self.0.get(line).copied().unwrap_or(0);
        [i32::try_from(line).unwrap_or(i32::MAX), i32::try_from(at - start.min(at)).unwrap_or(i32::MAX)]
    }

    /// Three numbers on one line, else four.
    fn range(&self, span: ByteSpan) -> Vec<i32> {
        let ([first, from], [last, to]) = (self.place(span.start), self.place(span.end));
        if first == last { vec![first, from, to] } else { vec![first, from, last, to] }
    }
}

fn index_of(
    graph: &ProjectGraph,
    lines: &BTreeMap<RelPath, Vec<u32>>,
    project_root: &str,
) -> (Index, ScipCounts) {
    let by_id: HashMap<SymbolId, &Symbol> = graph.symbols.iter().map(|symbol| (symbol.id, symbol)).collect();
    let names = Names::of(graph);
    let mut relationships: HashMap<SymbolId, BTreeSet<String>> = HashMap::new();
    let mut references: BTreeMap<&RelPath, BTreeSet<Reference>> = BTreeMap::new();
    let mut external: BTreeSet<String> = BTreeSet::new();
    for edge in &graph.edges {
        let Some(source) = by_id.get(&edge.source) else { continue };
        let symbol = match &edge.target {
            EdgeTarget::Symbol(id) => names.get(*id).map(str::to_owned),
            EdgeTarget::External(path) => external_symbol(path).inspect(|name| {
                external.insert(name.clone());
            }),
            EdgeTarget::Unresolved => None,
        };
        let Some(symbol) = symbol.filter(|_| is_reference(edge.kind)) else { continue };
        if edge.kind == EdgeKind::Implements {
            relationships.entry(edge.source).or_default().insert(symbol.clone());
        }
        let role = if edge.kind == EdgeKind::Imports { SymbolRole::Import as i32 } else { 0 };
        let end = edge.at.saturating_add(last_name(&edge.text).len() as u32);
        let reference = Reference { span: ByteSpan::new(edge.at, end), symbol, role };
        references.entry(&source.file).or_default().insert(reference);
    }
    let mut index = Index::new();
    index.metadata = MessageField::some(metadata(project_root));
    let mut counts = ScipCounts::default();
    let mut symbols = graph.symbols.chunk_by(|a, b| a.file == b.file).peekable();
    for file in &graph.files {
        let of_file = symbols.next_if(|group| group.first().is_some_and(|first| first.file == file.path));
        if file.language == Language::UNKNOWN {
            continue;
        }
        let mut document = Document::new();
        file.language.as_str().clone_into(&mut document.language);
        file.path.as_str().clone_into(&mut document.relative_path);
        document.position_encoding = EnumOrUnknown::new(PositionEncoding::UTF8CodeUnitOffsetFromLineStart);
        let lines = Lines(lines.get(&file.path).map_or(&[], Vec::as_slice));
        for symbol in of_file.into_iter().flatten() {
            let Some(name) = names.get(symbol.id) else { continue };
            let mut occurrence = Occurrence::new();
            // A file is named nowhere in it: it is defined at its first byte.
            let span = if symbol.kind == SymbolKind::FILE { ByteSpan::new(0, 0) } else { symbol.name_span };
            occurrence.range = lines.range(span);
            occurrence.enclosing_range = lines.range(symbol.span);
            name.clone_into(&mut occurrence.symbol);
            occurrence.symbol_roles = SymbolRole::Definition as i32;
            document.occurrences.push(occurrence);
            document.symbols.push(information(symbol, name, relationships.remove(&symbol.id)));
            counts.definitions += 1;
        }
        for reference in references.remove(&file.path).unwrap_or_default() {
            let mut occurrence = Occurrence::new();
            occurrence.range = lines.range(reference.span);
            occurrence.symbol = reference.symbol;
            occurrence.symbol_roles = reference.role;
            document.occurrences.push(occurrence);
            counts.references += 1;
        }
        document.occurrences.sort_by(|a, b| (&a.range, &a.symbol).cmp(&(&b.range, &b.symbol)));
        counts.documents += 1;
        index.documents.push(document);
    }
    index.external_symbols = external
        .into_iter()
        .map(|symbol| SymbolInformation { symbol, ..SymbolInformation::default() })
        .collect();
    (index, counts)
}

/// A place that names a symbol. Two edges that say the same of one place are one reference.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Reference {
    span: ByteSpan,
    symbol: String,
    role: i32,
}

/// Edges of a test stand beside the call, and what a package depends on is no code.
fn is_reference(kind: EdgeKind) -> bool {
    !matches!(kind, EdgeKind::Defines | EdgeKind::Tests | EdgeKind::DependsOn)
}

/// The last name of the text at a site, where the site is: `push` of `self.queue.push`.
fn last_name(text: &str) -> &str {
    let is_name = |character: char| character.is_alphanumeric() || character == '_' || character == '$';
    let head = text.trim_end_matches(|character| !is_name(character));
    head.rsplit(|character| !is_name(character)).next().unwrap_or(head)
}

fn metadata(project_root: &str) -> Metadata {
    let mut tool = ToolInfo::new();
    tool.name = "aether".to_owned();
    tool.version = env!("CARGO_PKG_VERSION").to_owned();
    let mut metadata = Metadata::new();
    metadata.tool_info = MessageField::some(tool);
    project_root.clone_into(&mut metadata.project_root);
    metadata.text_document_encoding = EnumOrUnknown::new(TextEncoding::UTF8);
    metadata
}

fn information(symbol: &Symbol, name: &str, implements: Option<BTreeSet<String>>) -> SymbolInformation {
    let mut information = SymbolInformation::new();
    name.clone_into(&mut information.symbol);
    symbol.name.clone_into(&mut information.display_name);
    information.kind = EnumOrUnknown::new(kind_of(&symbol.kind));
    if !symbol.doc.is_empty() {
        information.documentation.push(symbol.doc.clone());
    }
    if !symbol.signature.is_empty() {
        let mut signature = Signature::new();
        symbol.language.as_str().clone_into(&mut signature.language);
        symbol.signature.clone_into(&mut signature.text);
        information.signature_documentation = MessageField::some(signature);
    }
    information.relationships = implements
        .into_iter()
        .flatten()
        .map(|symbol| Relationship { symbol, is_implementation: true, ..Relationship::default() })
        .collect();
    information
}

fn kind_of(kind: &SymbolKind) -> Kind {
    match kind.as_str() {
        "file" => Kind::File,
        "package" => Kind::Package,
        "crate" => Kind::Library,
        "module" => Kind::Module,
        "function" | "test" => Kind::Function,
        "method" => Kind::Method,
        "struct" => Kind::Struct,
        "union" => Kind::Union,
        "enum" => Kind::Enum,
        "variant" => Kind::EnumMember,
        "field" => Kind::Field,
        "trait" => Kind::Trait,
        "constant" => Kind::Constant,
        "static" => Kind::StaticVariable,
        "type" => Kind::TypeAlias,
        "macro" => Kind::Macro,
        "class" => Kind::Class,
        "variable" => Kind::Variable,
        _ => Kind::UnspecifiedKind,
    }
}
