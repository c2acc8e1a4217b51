//! Which symbols live on under another id.

use std::collections::BTreeSet;
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::{ExprKind, FileFacts, ItemDetail, SymbolIdx};
use aether_core::code::{GraphDelta, Language, LineageCandidate, LineageLink, SymbolId, match_lineage};

use super::Indexer;
use super::dependency::Before;
use crate::ids::symbol_ids;

impl Indexer {
    /// Links the symbols that disappear with those that appear.
    pub(super) fn lineage(&self, before: &Before, delta: &GraphDelta) -> Vec<LineageLink> {
        if delta.is_full {
            return Vec::new();
        }
        let mut old = Vec::new();
        for (path, (language, facts)) in &before.facts {
            old.push((path, symbol_ids(path, language, facts), Arc::clone(facts)));
        }
        let mut new: Vec<(&RelPath, &[SymbolId], &FileFacts)> = Vec::new();
        for file in &delta.files {
            if let Some(content) = &file.content
                && file.file.language != Language::CARGO
            {
                new.push((&file.file.path, &content.ids, &content.facts));
            }
        }
        let old_ids: BTreeSet<SymbolId> = old.iter().flat_map(|(_, ids, _)| ids.iter().copied()).collect();
        let new_ids: BTreeSet<SymbolId> = new.iter().flat_map(|(_, ids, _)| ids.iter().copied()).collect();
        let mut removed = Vec::new();
        for (path, ids, facts) in &old {
            collect(path, ids, facts, &new_ids, &mut removed);
        }
        let mut added = Vec::new();
        for (path, ids, facts) in &new {
            collect(path, ids, facts, &old_ids, &mut added);
        }
        match_lineage(&removed, &added)
    }
}

/// The symbols of a file that the other side does not have.
fn collect(
    path: &RelPath,
    ids: &[SymbolId],
    facts: &FileFacts,
    other: &BTreeSet<SymbolId>,
    out: &mut Vec<LineageCandidate>,
) {
    for (index, symbol) in facts.symbols.iter().enumerate() {
        let Some(&id) = ids.get(index) else { continue };
        if other.contains(&id) {
            continue;
        }
        out.push(LineageCandidate {
            id,
            file: path.clone(),
            kind: symbol.kind.clone(),
            name: facts.name(symbol.name).to_owned(),
            local_path: facts.local_path(SymbolIdx(index as u32)),
            body_fingerprint: symbol.body_fingerprint,
            body_words: words_of(facts, SymbolIdx(index as u32)),
            position: index as u32,
        });
    }
}

/// The distinct names that a body or the members of a type mention, sorted.
fn words_of(facts: &FileFacts, symbol: SymbolIdx) -> Vec<String> {
    let mut words = BTreeSet::new();
    let body = match &facts.symbols[symbol.0 as usize].detail {
        ItemDetail::Function(function) => function.body,
        ItemDetail::Value { body, .. } => *body,
        _ => None,
    };
    if let Some(body) = body.and_then(|body| facts.bodies.get(body as usize)) {
        // Expressions of a body lie in one stretch that ends with its root.
        let span = facts.symbols[symbol.0 as usize].span;
        for expr in facts.exprs[..=body.root.0 as usize].iter().rev() {
            if !span.contains(expr.at) {
                break;
            }
            match expr.kind {
                ExprKind::MethodCall { name, .. } | ExprKind::Field(_, name) => {
                    words.insert(facts.name(name).to_owned());
                }
                ExprKind::Path(path) | ExprKind::Macro(path, _) | ExprKind::Struct(path, ..) => {
                    let list = facts.paths[path as usize].segments;
                    for segment in &facts.segments[list.start as usize..(list.start + list.len) as usize] {
                        words.insert(facts.name(segment.name).to_owned());
                    }
                }
                _ => {}
            }
        }
    } else {
        words.extend(
            facts
                .symbols
                .iter()
                .filter(|child| child.parent == Some(symbol))
                .map(|child| facts.name(child.name).to_owned()),
        );
    }
    words.into_iter().collect()
}
