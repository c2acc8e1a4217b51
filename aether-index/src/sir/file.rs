//! What the symbols of one file are for, take, give and need, before anything is known of other files.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::{ExprIdx, ExprKind, FileFacts, NameIdx, PatKind, SymbolIdx};
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, EffectKind, Language, SymbolId, SymbolKind, Visibility,
};

use super::errors::{self, ErrorSource};
use super::{intent, signature};
use crate::effects::{EffectTable, Effects, FileEffects, is_of_std};

/// A file, as records are derived from it. It depends on the facts and edges of the file alone.
#[derive(Clone, Debug)]
pub(super) struct FileMeaning {
    pub(super) effects: FileEffects,
    /// All symbols of the file, in the order of its facts; the first is the file itself.
    pub(super) symbols: Vec<LocalSymbol>,
}

/// A symbol with what its own file says of it.
#[derive(Clone, Debug)]
pub(super) struct LocalSymbol {
    pub(super) id: SymbolId,
    pub(super) kind: SymbolKind,
    pub(super) qualified_name: Arc<str>,
    /// The symbol itself, or the one around it that has a record.
    pub(super) recorded: Option<u32>,
    pub(super) is_public: bool,
    /// Whether it is a test or stands inside what is compiled for tests alone.
    pub(super) is_test: bool,
    /// The sentence of its documentation.
    pub(super) doc: Option<String>,
    /// What it says, when it has a record of its own.
    pub(super) says: Option<Says>,
}

/// What the text of a symbol says.
#[derive(Clone, Debug, Default)]
pub(super) struct Says {
    pub(super) name_intent: String,
    pub(super) inputs: Vec<String>,
    pub(super) output: Option<String>,
    pub(super) mutated: Vec<String>,
    pub(super) needs: Vec<Need>,
    pub(super) errors: Vec<(EffectKind, Need)>,
    /// The declaration.
    pub(super) signature: String,
    /// Names that stand in the body, each once, in the order of the text.
    pub(super) names: String,
}

/// Something that is named.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) enum Need {
    Symbol(SymbolId),
    Text(Arc<str>),
}

/// Whether symbols of a kind have a record of their own: what has a meaning by itself.
pub(super) fn is_recorded(kind: &SymbolKind) -> bool {
    kind.is_callable()
        || [
            SymbolKind::STRUCT,
            SymbolKind::UNION,
            SymbolKind::ENUM,
            SymbolKind::TRAIT,
            SymbolKind::CLASS,
            SymbolKind::TYPE,
            SymbolKind::CONSTANT,
            SymbolKind::STATIC,
            SymbolKind::VARIABLE,
            SymbolKind::MACRO,
            SymbolKind::DECLARATION,
        ]
        .contains(kind)
}

/// A file to read.
pub(super) struct Source<'a> {
    pub(super) path: &'a RelPath,
    pub(super) language: &'a Language,
    pub(super) module_path: &'a str,
    pub(super) ids: &'a [SymbolId],
    pub(super) facts: &'a FileFacts,
    pub(super) edges: &'a [Edge],
}

impl FileMeaning {
    pub(super) fn read(source: &Source<'_>, table: &EffectTable) -> Self {
        let Source { path, ids, facts, edges, .. } = *source;
        let effects = FileEffects::read(path, ids, facts, edges, table, Effects::LIKELY_CALL);
        let mut symbols = symbols(source);
        needs(&mut symbols, ids, edges);
        bodies(&mut symbols, ids, facts, edges);
        Self { effects, symbols }
    }
}

fn symbols(source: &Source<'_>) -> Vec<LocalSymbol> {
    let Source { language, module_path, ids, facts, .. } = *source;
    let mut symbols: Vec<LocalSymbol> = Vec::with_capacity(ids.len());
    for (index, (fact, &id)) in facts.symbols.iter().zip(ids).enumerate() {
        let name = facts.name(fact.name);
        let parent = fact.parent.map(|parent| parent.0).filter(|&parent| (parent as usize) < index);
        let around = parent.and_then(|parent| symbols.get(parent as usize));
        let qualified_name: Arc<str> = match around {
            _ if index == 0 => module_path.into(),
            Some(around) if !around.qualified_name.is_empty() => {
                format!("{}::{name}", around.qualified_name).into()
            }
            _ if module_path.is_empty() => name.into(),
            _ => format!("{module_path}::{name}").into(),
        };
        let is_own = is_recorded(&fact.kind);
        let recorded = if is_own { Some(index as u32) } else { around.and_then(|around| around.recorded) };
        let is_test = fact.kind == SymbolKind::TEST
            || around.is_some_and(|around| around.is_test)
            || fact.attributes.iter().any(|attribute| attribute.replace(' ', "").contains("cfg(test"));
        let says = is_own.then(|| {
            let owner = parent
                .map(|parent| facts.name(facts.symbols[parent as usize].name))
                .filter(|owner| fact.kind == SymbolKind::METHOD && !owner.is_empty());
            let shape = match fact.kind.is_callable() || fact.kind == SymbolKind::DECLARATION {
                true => signature::shape(&fact.signature, name, language),
                false => signature::Shape::default(),
            };
            let mutated = signature::mutated(&shape.inputs).into_iter().map(str::to_owned).collect();
            Says {
                name_intent: intent::of_name(&fact.kind, name, owner),
                inputs: shape.inputs,
                output: shape.output,
                mutated,
                signature: fact.signature.clone(),
                ..Says::default()
            }
        });
        symbols.push(LocalSymbol {
            id,
            kind: fact.kind.clone(),
            qualified_name,
            recorded,
            is_public: fact.visibility == Visibility::Public,
            is_test,
            doc: intent::of_doc(&fact.doc),
            says,
        });
    }
    symbols
}

/// What each record needs, from the edges that start in it or in what stands in it.
fn needs(symbols: &mut [LocalSymbol], ids: &[SymbolId], edges: &[Edge]) {
    let places: HashMap<SymbolId, usize> = ids.iter().enumerate().map(|(place, &id)| (id, place)).collect();
    for edge in edges {
        let is_need = [EdgeKind::Calls, EdgeKind::Uses, EdgeKind::Implements].contains(&edge.kind);
        if !is_need || edge.confidence < Effects::LIKELY_CALL {
            continue;
        }
        let need = match &edge.target {
            EdgeTarget::Symbol(id) => Need::Symbol(*id),
            // What std gives everybody has says nothing; its effects are told as such.
            EdgeTarget::External(path) if !is_of_std(path) => Need::Text(Arc::clone(path)),
            EdgeTarget::External(_) | EdgeTarget::Unresolved => continue,
        };
        let Some(recorded) = places.get(&edge.source).and_then(|&place| symbols.get(place)?.recorded) else {
            continue;
        };
        if let Some(says) = &mut symbols[recorded as usize].says
            && !says.needs.contains(&need)
        {
            says.needs.push(need);
        }
    }
}

/// The errors that bodies give, and the names in them.
fn bodies(symbols: &mut [LocalSymbol], ids: &[SymbolId], facts: &FileFacts, edges: &[Edge]) {
    let mut calls: Option<HashMap<(SymbolId, u32), &Edge>> = None;
    for body in &facts.bodies {
        let place = body.owner.0 as usize;
        let (Some(&id), Some(recorded)) = (ids.get(place), symbols.get(place).and_then(|it| it.recorded))
        else {
            continue;
        };
        if let Some(says) = &mut symbols[recorded as usize].says {
            names_of_body(facts, body.root, &mut says.names);
        }
        for site in errors::of_body(facts, body.root) {
            let need = match site.source {
                ErrorSource::Made(text) => Need::Text(text.into()),
                ErrorSource::Call(at) => {
                    let calls = calls.get_or_insert_with(|| {
                        let calls = edges.iter().filter(|edge| edge.kind == EdgeKind::Calls);
                        calls.map(|edge| ((edge.source, edge.at), edge)).collect()
                    });
                    match calls.get(&(id, at)) {
                        Some(edge) if edge.confidence >= Effects::LIKELY_CALL => match &edge.target {
                            EdgeTarget::Symbol(id) => Need::Symbol(*id),
                            EdgeTarget::External(path) => Need::Text(Arc::clone(path)),
                            EdgeTarget::Unresolved => Need::Text(edge.text.as_str().into()),
                        },
                        Some(edge) => Need::Text(edge.text.as_str().into()),
                        None => continue,
                    }
                }
            };
            if let Some(says) = &mut symbols[recorded as usize].says {
                let error = (site.kind, need);
                if !says.errors.contains(&error) {
                    says.errors.push(error);
                }
            }
        }
    }
}

/// Adds the names of a body: variables, fields, what is called and what is made.
fn names_of_body(facts: &FileFacts, root: ExprIdx, text: &mut String) {
    let mut seen: HashSet<NameIdx> = HashSet::new();
    let mut names: Vec<NameIdx> = Vec::new();
    let mut open = vec![root];
    let mut children = Vec::new();
    while let Some(index) = open.pop() {
        let Some(expr) = facts.exprs.get(index.0 as usize) else { continue };
        match expr.kind {
            ExprKind::Path(path) | ExprKind::Struct(path, ..) | ExprKind::Macro(path, _) => {
                names.extend(facts.path_names(path));
            }
            ExprKind::MethodCall { name, .. } | ExprKind::Field(_, name) => names.push(name),
            ExprKind::Let { pat, .. } | ExprKind::For(pat, ..) => {
                if let Some(PatKind::Bind(name, _)) = facts.pats.get(pat.0 as usize).map(|pat| pat.kind) {
                    names.push(name);
                }
            }
            _ => {}
        }
        for name in names.drain(..) {
            if seen.insert(name) {
                text.push_str(facts.name(name));
                text.push(' ');
            }
        }
        children.clear();
        facts.each_child(index, &mut |child| children.push(child));
        open.extend(children.iter().rev());
    }
}

/// How much of a record is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    /// Somebody wrote what it is for.
    pub(super) has_doc: bool,
    /// It calls what is not known.
    pub(super) has_unknown: bool,
}

impl Known {
    /// 0.9 where documentation says what it is for and all that it calls is known; less by 0.2 where its name
    /// has to say it, and by 0.3 where it calls what is not known.
    pub(super) fn confidence(self) -> Confidence {
        let doubt = if self.has_doc { 0 } else { 200 } + if self.has_unknown { 300 } else { 0 };
        Confidence::from_thousandths(900 - doubt)
    }
}

/// The place of the file itself among its symbols.
pub(super) const FILE: SymbolIdx = SymbolIdx(0);
