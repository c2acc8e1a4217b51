//! The edges of one file.

use std::sync::Arc;

use aether_core::code::facts::{FileFacts, ItemDetail, List, TypeKind};
use aether_core::code::{EdgeKind, Resolution};

use super::Resolver;
use super::interner::Sym;
use super::lower::Env;
use super::names::{Ns, Res};
use super::program::{DefId, DefKind};
use crate::facts::Owners;

/// An edge before its ends have ids.
#[derive(Clone, Debug)]
pub(crate) struct RawEdge {
    pub(crate) source: DefId,
    pub(crate) kind: EdgeKind,
    pub(crate) at: u32,
    pub(crate) target: RawTarget,
    pub(crate) confidence: u16,
    pub(crate) resolution: Resolution,
    pub(crate) text: String,
}

/// Where an edge leads, before it has an id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum RawTarget {
    Def(DefId),
    External(Arc<str>),
    Unresolved,
}

/// How often an edge of a resolution was right, in thousandths, on the two repositories whose gold
/// the rules were tuned on (`docs/results/`): rounded down.
pub(super) fn confidence_of(resolution: Resolution) -> u16 {
    match resolution {
        Resolution::Syntax => 1000,
        Resolution::Path => 980,
        Resolution::Inherent => 970,
        Resolution::TraitImpl => 930,
        Resolution::TraitDeclaration => 920,
        Resolution::PartialType => 750,
        Resolution::UniqueName => 700,
        Resolution::BestName => 500,
        _ => 0,
    }
}

impl Resolver {
    /// All edges that start in a file, in the order of their sites, and the keys of the names that
    /// they depend on.
    pub(crate) fn edges_of(&mut self, file: u32) -> (Vec<RawEdge>, Vec<u32>) {
        self.tracker.begin();
        let facts = Arc::clone(&self.program.files[file as usize].facts);
        let mut edges = Vec::new();
        for index in 0..facts.bodies.len() as u32 {
            self.body_edges(file, &facts, index, &mut edges);
        }
        self.import_edges(file, &facts, &mut edges);
        self.type_edges(file, &facts, &mut edges);
        self.implement_edges(file, &facts, &mut edges);
        self.add_test_edges(&mut edges);
        edges.sort_by(|a, b| {
            let source = |edge: &RawEdge| self.program.place(edge.source);
            (a.at, source(a), a.kind, &a.text).cmp(&(b.at, source(b), b.kind, &b.text))
        });
        edges.dedup_by(|a, b| {
            a.at == b.at
                && a.source == b.source
                && a.kind == b.kind
                && a.target == b.target
                && a.text == b.text
        });
        (edges, self.tracker.end())
    }

    /// The target for a declaration: itself, or its path when it is not of the project.
    pub(super) fn target_of(&mut self, def: DefId) -> RawTarget {
        if !self.program.is_std(def) {
            return RawTarget::Def(def);
        }
        let sym = match self.external_paths.get(&def) {
            Some(&sym) => sym,
            None => {
                let path = self.def_path(def);
                let sym = self.program.interner.intern(&path);
                self.external_paths.insert(def, sym);
                sym
            }
        };
        RawTarget::External(self.program.text(sym).into())
    }

    pub(super) fn external(&self, path: Sym) -> RawTarget {
        RawTarget::External(self.program.text(path).into())
    }

    fn import_edges(&mut self, file: u32, facts: &FileFacts, edges: &mut Vec<RawEdge>) {
        let defs = self.program.files[file as usize].defs.clone();
        for (index, import) in facts.imports.iter().enumerate() {
            let reference = super::program::ImportRef { file, index: index as u32 };
            let owner = facts.scopes[import.scope.0 as usize].owner;
            let source = defs[owner.map_or(0, |owner| owner.0 as usize)];
            let text = import.segments.iter().map(|&name| facts.name(name)).collect::<Vec<_>>().join("::");
            let mut targets: Vec<RawTarget> = Vec::new();
            for ns in [Ns::Type, Ns::Value] {
                let target = match self.import_target(reference, ns) {
                    Some(Res::Def(def)) => self.target_of(def),
                    Some(Res::Module(scope)) => match self.module_target(scope) {
                        Some(target) => target,
                        None => continue,
                    },
                    Some(Res::External(path)) => self.external(path),
                    _ => continue,
                };
                let is_known = targets.iter().any(|known| {
                    *known == target
                        || matches!((known, &target), (RawTarget::Def(_), RawTarget::External(_)))
                });
                if !is_known {
                    targets.push(target);
                }
            }
            let is_known = !targets.is_empty();
            if !is_known {
                targets.push(RawTarget::Unresolved);
            }
            let resolution = if is_known { Resolution::Path } else { Resolution::Unresolved };
            edges.extend(targets.into_iter().map(|target| RawEdge {
                source,
                kind: EdgeKind::Imports,
                at: import.at,
                target,
                confidence: confidence_of(resolution),
                resolution,
                text: text.clone(),
            }));
        }
    }

    /// A module as a target: its declaration, or for the root of a crate its file.
    fn module_target(&mut self, scope: super::program::ScopeId) -> Option<RawTarget> {
        if let Some(&module) = self.program.module_of_scope.get(&scope) {
            return Some(self.target_of(module));
        }
        let file = self.program.scope(scope).file;
        let data = &self.program.files[file as usize];
        if data.is_std {
            return Some(RawTarget::External("std".into()));
        }
        data.defs.first().map(|&file| RawTarget::Def(file))
    }

    /// Types that declarations and bodies mention, and bounds.
    fn type_edges(&mut self, file: u32, facts: &FileFacts, edges: &mut Vec<RawEdge>) {
        let defs = self.program.files[file as usize].defs.clone();
        let mut is_bound = vec![false; facts.types.len()];
        let mut mark = |list: List| {
            for &entry in facts.list(list) {
                is_bound[entry as usize] = true;
            }
        };
        let mut is_header = vec![false; facts.types.len()];
        for symbol in &facts.symbols {
            let generics = match &symbol.detail {
                ItemDetail::Function(function) => &function.generics,
                ItemDetail::Adt(generics) => generics,
                ItemDetail::Alias { generics, bounds, .. } => {
                    mark(*bounds);
                    generics
                }
                ItemDetail::Trait { generics, supertraits } => {
                    mark(*supertraits);
                    generics
                }
                ItemDetail::Impl { generics, of_trait, .. } => {
                    if let Some(of_trait) = of_trait {
                        is_header[of_trait.0 as usize] = true;
                    }
                    generics
                }
                _ => continue,
            };
            for param in &generics.params {
                mark(param.bounds);
            }
            for predicate in &generics.predicates {
                mark(predicate.bounds);
            }
        }
        let owners = Owners::of(facts);
        for (index, ty) in facts.types.iter().enumerate() {
            // The trait of an implementation gives an edge of its own.
            let TypeKind::Path(path) = ty.kind else { continue };
            if is_header[index] {
                continue;
            }
            let source = owners.at(ty.at);
            let symbol = &facts.symbols[source as usize];
            let env = Env {
                file,
                scope: self.program.scope_id(file, symbol.scope),
                owner: Some(defs[source as usize]),
                in_body: false,
            };
            let kind = if is_bound[index] { EdgeKind::Bounds } else { EdgeKind::Uses };
            self.path_edge(env, path, ty.at, defs[source as usize], kind, Ns::Type, edges);
        }
    }

    /// An edge to what a path names, unless that is a parameter, a primitive or `Self`.
    #[expect(clippy::too_many_arguments, reason = "the parts of one edge")]
    pub(super) fn path_edge(
        &mut self,
        env: Env,
        path: u32,
        at: u32,
        source: DefId,
        kind: EdgeKind,
        ns: Ns,
        edges: &mut Vec<RawEdge>,
    ) {
        if matches!(self.path_root(env.file, path), aether_core::code::facts::PathRoot::Qualified(..)) {
            return;
        }
        let names = self.path_names(env.file, path);
        let Some(&first) = names.first() else { return };
        if self.program.text(first) == "Self" || self.param_named(env, first).is_some() {
            return;
        }
        let is_global = self.path_root(env.file, path) == aether_core::code::facts::PathRoot::Global;
        let text = names.iter().map(|&name| self.program.text(name)).collect::<Vec<_>>().join("::");
        let (target, resolution) = match self.walk_path(env.scope, is_global, &names, ns) {
            Some(Res::Def(def)) => (self.target_of(def), Resolution::Path),
            Some(Res::External(path)) => (self.external(path), Resolution::Path),
            Some(Res::Prim(_) | Res::Module(_)) => return,
            None => (RawTarget::Unresolved, Resolution::Unresolved),
        };
        let confidence = confidence_of(resolution);
        edges.push(RawEdge { source, kind, at, target, confidence, resolution, text });
    }

    /// A type implements a trait; a method implements the method of a trait.
    fn implement_edges(&mut self, file: u32, facts: &FileFacts, edges: &mut Vec<RawEdge>) {
        let defs = self.program.files[file as usize].defs.clone();
        for (index, symbol) in facts.symbols.iter().enumerate() {
            let ItemDetail::Impl { of_trait: Some(of_trait), is_negative: false, .. } = symbol.detail else {
                continue;
            };
            let def = defs[index];
            let TypeKind::Path(path) = facts.types[of_trait.0 as usize].kind else { continue };
            let at = facts.types[of_trait.0 as usize].at;
            let env = self.env_of(def);
            self.path_edge(env, path, at, def, EdgeKind::Implements, Ns::Type, edges);
            let Some(of_trait) = self.trait_at(env, path) else { continue };
            let members: Vec<DefId> = self.program.children(def).collect();
            for member in members {
                let data = *self.program.def(member);
                if data.kind != DefKind::Function {
                    continue;
                }
                let Some(declared) = self.member_named(of_trait, data.name, DefKind::Function) else {
                    continue;
                };
                let target = self.target_of(declared);
                let at = self.program.fact(member).name_span.start;
                edges.push(RawEdge {
                    source: member,
                    kind: EdgeKind::Implements,
                    at,
                    target,
                    confidence: confidence_of(Resolution::Path),
                    resolution: Resolution::Path,
                    text: self.program.text(data.name).to_owned(),
                });
            }
        }
    }

    /// Calls that a test makes to what is no test.
    fn add_test_edges(&mut self, edges: &mut Vec<RawEdge>) {
        let mut tests = Vec::new();
        for edge in edges.iter().filter(|edge| edge.kind == EdgeKind::Calls) {
            let RawTarget::Def(target) = edge.target else { continue };
            let is_test = |def: DefId| super::program::is_test(&self.program.fact(def).kind);
            if is_test(edge.source) && !is_test(target) {
                tests.push(RawEdge { kind: EdgeKind::Tests, ..edge.clone() });
            }
        }
        edges.extend(tests);
    }
}
