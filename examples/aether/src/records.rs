//! What JSON says of symbols and edges: the fields that `docs/CLI.md` promises.

use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::{EdgeKind, Language, Resolution, Symbol, SymbolId, SymbolKind, Visibility};
use aether_core::port::EdgeRecord;
use serde::Serialize;

/// A symbol. Lines count from 1.
#[derive(Debug, Serialize)]
pub(crate) struct SymbolFields<'a> {
    id: SymbolId,
    language: &'a Language,
    kind: &'a SymbolKind,
    name: &'a str,
    qualified_name: &'a str,
    file: &'a RelPath,
    line: u32,
    end_line: u32,
    name_line: u32,
    visibility: &'a Visibility,
    signature: &'a str,
    parent: Option<SymbolId>,
}

impl<'a> SymbolFields<'a> {
    pub(crate) fn new(symbol: &'a Symbol) -> Self {
        Self {
            id: symbol.id,
            language: &symbol.language,
            kind: &symbol.kind,
            name: &symbol.name,
            qualified_name: &symbol.qualified_name,
            file: &symbol.file,
            line: symbol.lines.first,
            end_line: symbol.lines.last,
            name_line: symbol.name_line,
            visibility: &symbol.visibility,
            signature: &symbol.signature,
            parent: symbol.parent,
        }
    }
}

/// An edge. Lines count from 1, a confidence is a fraction.
#[derive(Debug, Serialize)]
pub(crate) struct EdgeFields<'a> {
    kind: EdgeKind,
    src_id: SymbolId,
    src_file: &'a RelPath,
    src_name_line: u32,
    dst_id: Option<SymbolId>,
    dst_file: Option<&'a RelPath>,
    dst_name_line: Option<u32>,
    dst_path: Option<&'a str>,
    callee_text: &'a str,
    site_line: u32,
    confidence: f64,
    resolution: Resolution,
}

impl<'a> EdgeFields<'a> {
    pub(crate) fn new(edge: &'a EdgeRecord) -> Self {
        Self {
            kind: edge.kind,
            src_id: edge.src_id,
            src_file: &edge.src_file,
            src_name_line: edge.src_name_line,
            dst_id: edge.dst_id,
            dst_file: edge.dst_file.as_ref(),
            dst_name_line: edge.dst_name_line,
            dst_path: edge.dst_path.as_deref(),
            callee_text: &edge.callee_text,
            site_line: edge.site_line,
            confidence: edge.confidence.as_fraction(),
            resolution: edge.resolution,
        }
    }
}

/// An edge of an answer, which also names its source.
#[derive(Debug, Serialize)]
pub(crate) struct NamedEdge<'a> {
    #[serde(flatten)]
    edge: EdgeFields<'a>,
    src_qualified_name: &'a str,
}

impl<'a> NamedEdge<'a> {
    pub(crate) fn all(edges: &'a [EdgeRecord]) -> Vec<Self> {
        edges
            .iter()
            .map(|edge| Self { edge: EdgeFields::new(edge), src_qualified_name: &edge.src_qualified_name })
            .collect()
    }
}

/// A check of `doctor`.
#[derive(Debug, Serialize)]
pub(crate) struct CheckFields {
    pub(crate) name: &'static str,
    pub(crate) is_ok: bool,
    pub(crate) message: String,
    pub(crate) code: Option<ErrorCode>,
}
