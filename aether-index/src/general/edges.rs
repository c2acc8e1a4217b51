//! The edges of one file.

use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::{ImportKind, ItemDetail, SymbolIdx, TypeIdx, TypeKind};
use aether_core::code::{EdgeKind, Resolution, SymbolKind};

use super::infer::calls_of;
use super::tables::{General, SymRef};
use super::value::Value;
use crate::facts::Owners;

/// An edge before its ends have ids.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct GeneralEdge {
    /// The symbol of the file that it starts at.
    pub(crate) source: SymbolIdx,
    pub(crate) kind: EdgeKind,
    pub(crate) at: u32,
    pub(super) target: GeneralTarget,
    pub(crate) resolution: Resolution,
    pub(crate) text: String,
}

/// Where an edge leads, before it has an id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum GeneralTarget {
    Symbol(SymRef),
    External(Arc<str>),
    Unresolved,
}

impl GeneralEdge {
    pub(super) fn call(
        source: u32,
        at: u32,
        target: GeneralTarget,
        resolution: Resolution,
        text: String,
    ) -> Self {
        Self { source: SymbolIdx(source), kind: EdgeKind::Calls, at, target, resolution, text }
    }

    pub(super) fn implements(source: u32, at: u32, target: GeneralTarget, text: String) -> Self {
        let (source, kind, resolution) = (SymbolIdx(source), EdgeKind::Implements, Resolution::Path);
        Self { source, kind, at, target, resolution, text }
    }

    /// How likely the edge is right, in thousandths.
    pub(crate) fn confidence(&self) -> u16 {
        match self.resolution {
            Resolution::Syntax => 1000,
            Resolution::Path => 950,
            Resolution::Inherent => 930,
            Resolution::TraitDeclaration => 850,
            Resolution::PartialType => 700,
            Resolution::UniqueName => 600,
            _ => 0,
        }
    }
}

/// The end of an edge: a symbol of the repository by file and number, a path outside, or nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum End {
    Symbol(RelPath, SymbolIdx),
    External(Arc<str>),
    Unresolved,
}

/// What resolution says of a file.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// All edges that start in it, in the order of their sites.
    pub(crate) edges: Vec<(GeneralEdge, End)>,
    /// The path of its module.
    pub(crate) module_path: String,
    /// The keys that both depend on, sorted.
    pub(crate) dependencies: Vec<u32>,
}

impl General {
    /// Resolves a file; `None` when it is not of a language that is resolved here.
    pub(crate) fn resolve(&mut self, path: &RelPath) -> Option<Resolved> {
        let unit = self.number_of(path)?;
        self.take_touched();
        let module_path = self.module_path(unit);
        let facts = Arc::clone(&self.unit(unit).facts);
        let mut edges = Vec::new();
        let is_open = self.is_open(unit);
        self.begin_open(unit);
        for body in &facts.bodies {
            edges.extend(calls_of(self, unit, body.owner.0, body.root));
        }
        self.import_edges(unit, &mut edges);
        self.type_edges(unit, &mut edges);
        self.test_edges(unit, &mut edges);
        if is_open {
            self.definition_edges(unit, &mut edges);
        }
        edges.sort_by(|a, b| (a.at, a.source, a.kind, &a.text).cmp(&(b.at, b.source, b.kind, &b.text)));
        edges.dedup();
        let edges = edges.into_iter().map(|edge| (edge.clone(), self.end_of(edge.target))).collect();
        Some(Resolved { edges, module_path, dependencies: self.take_touched() })
    }

    fn end_of(&self, target: GeneralTarget) -> End {
        match target {
            GeneralTarget::Symbol(SymRef { unit, symbol }) => {
                End::Symbol(self.unit(unit).path.clone(), SymbolIdx(symbol))
            }
            GeneralTarget::External(path) => End::External(path),
            GeneralTarget::Unresolved => End::Unresolved,
        }
    }

    fn import_edges(&mut self, unit: u32, edges: &mut Vec<GeneralEdge>) {
        let facts = Arc::clone(&self.unit(unit).facts);
        for import in &facts.imports {
            let segments: Vec<&str> = import.segments.iter().map(|&segment| facts.name(segment)).collect();
            let is_include = import.kind == ImportKind::Anonymous && self.is_open(unit);
            let value = match is_include {
                true => Value::Unknown,
                false => self.path(unit, &segments, import.is_global, 0),
            };
            let target = match value {
                _ if is_include => self.include_target(unit, &segments, import.is_global),
                Value::Symbol(symbol) | Value::Instance(symbol) => GeneralTarget::Symbol(symbol),
                Value::Module(module) => match module.units.first() {
                    Some(&unit) => GeneralTarget::Symbol(SymRef { unit, symbol: 0 }),
                    None => continue,
                },
                Value::External(path) | Value::ExternalInstance(path) => GeneralTarget::External(path),
                Value::Base(_) | Value::Several(..) | Value::Leading(..) | Value::Unknown => {
                    GeneralTarget::Unresolved
                }
            };
            let is_known = target != GeneralTarget::Unresolved;
            let mut text = segments.join(if is_include { "/" } else { "::" });
            if import.kind == ImportKind::Glob {
                text.push_str("::*");
            }
            edges.push(GeneralEdge {
                source: facts.scopes[import.scope.0 as usize].owner.unwrap_or_default(),
                kind: EdgeKind::Imports,
                at: import.at,
                target,
                resolution: if is_known { Resolution::Path } else { Resolution::Unresolved },
                text,
            });
        }
    }

    /// Types that declarations and bodies mention, and what classes are derived from.
    fn type_edges(&mut self, unit: u32, edges: &mut Vec<GeneralEdge>) {
        let facts = Arc::clone(&self.unit(unit).facts);
        let mut header_of = vec![None; facts.types.len()];
        for (index, symbol) in facts.symbols.iter().enumerate() {
            if let ItemDetail::Class { bases, .. } | ItemDetail::Trait { supertraits: bases, .. } =
                &symbol.detail
            {
                for &base in facts.list(*bases) {
                    header_of[base as usize] = Some(index as u32);
                }
            }
        }
        let owners = Owners::of(&facts);
        for (index, ty) in facts.types.iter().enumerate() {
            let TypeKind::Path(path) = ty.kind else { continue };
            let source = header_of[index].unwrap_or_else(|| owners.at(ty.at));
            let parent = facts.symbols[source as usize].parent.map(|parent| parent.0);
            let owner =
                if header_of[index].is_some() { parent } else { Some(source).filter(|&source| source != 0) };
            let target = match self.named_type(unit, owner, TypeIdx(index as u32)) {
                Value::Symbol(symbol) if symbol != (SymRef { unit, symbol: source }) => {
                    GeneralTarget::Symbol(symbol)
                }
                Value::External(path) => GeneralTarget::External(path),
                _ => continue,
            };
            let segments = facts.paths[path as usize].segments;
            let range = segments.start as usize..(segments.start + segments.len) as usize;
            let names = facts.segments[range].iter().map(|segment| facts.name(segment.name));
            edges.push(GeneralEdge {
                source: SymbolIdx(source),
                kind: if header_of[index].is_some() { EdgeKind::Implements } else { EdgeKind::Uses },
                at: ty.at,
                target,
                resolution: Resolution::Path,
                text: names.collect::<Vec<_>>().join("."),
            });
        }
    }

    /// What tests call they test.
    fn test_edges(&mut self, unit: u32, edges: &mut Vec<GeneralEdge>) {
        let facts = Arc::clone(&self.unit(unit).facts);
        let mut tests = Vec::new();
        for edge in edges.iter().filter(|edge| edge.kind == EdgeKind::Calls) {
            let GeneralTarget::Symbol(target) = edge.target else { continue };
            let is_from_test = facts.symbols[edge.source.0 as usize].kind == SymbolKind::TEST;
            if is_from_test && *self.kind(target) != SymbolKind::TEST {
                tests.push(GeneralEdge { kind: EdgeKind::Tests, ..edge.clone() });
            }
        }
        edges.extend(tests);
    }
}
