//! Random deltas over a few files, and what an index holds after them.

use std::collections::{BTreeMap, BTreeSet};

use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::{
    Confidence, Edge, EdgeKind, EdgeTarget, FileDelta, GraphDelta, LineageCause, LineageLink, Resolution,
    SymbolId, SymbolKind,
};
use aether_core::conformance::fixtures::{FileBuilder, full_delta};
use proptest::prelude::*;

use crate::support::path;

pub(crate) const FILES: [&str; 5] = ["src/a.rs", "src/b.rs", "src/deep/c.rs", "tests/d.rs", "z.rs"];
pub(crate) const NAMES: [&str; 5] = ["alpha", "betaGamma", "delta_epsilon", "new", "Größe"];
pub(crate) const MODULES: [&str; 3] = ["", "demo", "demo::deep"];
const WORDS: [&str; 6] = ["parse", "parsing", "buffer", "line", "the", "zeta"];
const KINDS: [SymbolKind; 6] = [
    SymbolKind::FUNCTION,
    SymbolKind::METHOD,
    SymbolKind::STRUCT,
    SymbolKind::FIELD,
    SymbolKind::MODULE,
    SymbolKind::TEST,
];

/// A symbol: kind, name, whether it lies in the one before, documentation, body.
type Symbol = (usize, usize, bool, Vec<usize>, Vec<usize>);
/// An edge: kind, position of the source, number of the target among all that were ever there (beyond
/// the last: out or nowhere), text.
type Call = (usize, usize, usize, usize);

/// What a file is to hold.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    module: usize,
    symbols: Vec<Symbol>,
    imports: Vec<usize>,
    has_diagnostic: bool,
}

/// What happens to a file.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Write(Content, Vec<Call>),
    /// New content; the edges stay, as far as what they start at does.
    ContentAlone(Content),
    EdgesAlone(Vec<Call>),
    /// Another module and another time.
    RecordAlone(usize),
    Remove,
    /// What the file holds goes to another path.
    Rename(usize),
}

/// A delta to be: changes of files, a link of lineage, whether all starts anew.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    changes: BTreeMap<usize, Change>,
    link: Option<(u8, u8)>,
    is_full: bool,
}

fn content() -> impl Strategy<Value = Content> {
    let words = || prop::collection::vec(0..WORDS.len(), 0..4);
    let symbol = (0..=KINDS.len(), 0..NAMES.len(), any::<bool>(), words(), words());
    let imports = prop::collection::vec(0..NAMES.len(), 0..3);
    (0..MODULES.len(), prop::collection::vec(symbol, 0..6), imports, prop::bool::weighted(0.2)).prop_map(
        |(module, symbols, imports, has_diagnostic)| Content { module, symbols, imports, has_diagnostic },
    )
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    prop::collection::vec((0..5_usize, 0..6_usize, 0..60_usize, 0..NAMES.len()), 0..8)
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => (content(), calls()).prop_map(|(content, calls)| Change::Write(content, calls)),
        3 => content().prop_map(Change::ContentAlone),
        3 => calls().prop_map(Change::EdgesAlone),
        1 => (0..MODULES.len()).prop_map(Change::RecordAlone),
        2 => Just(Change::Remove),
        2 => (0..FILES.len()).prop_map(Change::Rename),
    ]
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    (
        prop::collection::btree_map(0..FILES.len(), change(), 0..5),
        prop::option::weighted(0.2, (0..4_u8, 0..4_u8)),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(changes, link, is_full)| Step { changes, link, is_full })
}

fn build(file: usize, content: &Content) -> FileDelta {
    let mut builder = FileBuilder::new(FILES[file]);
    builder.set_module(MODULES[content.module]);
    let text = |words: &[usize]| words.iter().map(|&word| WORDS[word]).collect::<Vec<_>>().join(" ");
    let mut last = None;
    for (kind, name, is_inside, doc, body) in &content.symbols {
        let kind = KINDS.get(*kind).cloned().unwrap_or_else(|| SymbolKind::new("widget"));
        let symbol = builder.symbol(kind, NAMES[*name], last.filter(|_| *is_inside));
        builder.set_doc(symbol, &text(doc));
        builder.set_body(symbol, &text(body));
        last = Some(symbol);
    }
    for &name in &content.imports {
        builder.import(&format!("crate::{}", NAMES[name]));
    }
    if content.has_diagnostic {
        builder.add_diagnostic(ErrorCode::INDEX_SYNTAX_ERROR);
    }
    builder.build()
}

/// What an index holds by the words of the contract of deltas, file by file.
#[derive(Debug, Default)]
pub(crate) struct Expected {
    files: BTreeMap<RelPath, FileDelta>,
    /// Contents that were written, by file.
    contents: BTreeMap<usize, (Content, Vec<Call>)>,
    /// All symbols that were ever there, in the order of their coming.
    known: Vec<SymbolId>,
}

impl Expected {
    /// The delta of a step; the files are then as it leaves them.
    pub(crate) fn advance(&mut self, step: &Step) -> GraphDelta {
        let mut delta = GraphDelta { is_full: step.is_full, ..GraphDelta::default() };
        if step.is_full {
            self.files.clear();
            self.contents.clear();
        }
        let before = self.contents.clone();
        let mut written = BTreeMap::new();
        for (&file, change) in &step.changes {
            let to = match change {
                Change::Rename(to) if !step.changes.contains_key(to) => *to,
                _ => file,
            };
            let is_gone = matches!(change, Change::Remove | Change::Rename(_));
            if is_gone {
                delta.removed.push(path(FILES[file]));
                self.contents.remove(&file);
            }
            let content = match (change, before.get(&file)) {
                (Change::Write(content, calls), _) => Some((content.clone(), calls.clone())),
                (Change::ContentAlone(content), _) => Some((content.clone(), Vec::new())),
                (Change::Rename(_), Some(old)) if to != file => Some(old.clone()),
                _ => None,
            };
            if let Some(content) = content {
                let new = build(to, &content.0);
                self.known.extend(&new.content.as_ref().expect("content").ids);
                self.contents.insert(to, content);
                written.insert(to, new);
            }
        }
        let gone = std::mem::take(&mut delta.removed);
        gone.iter().for_each(|path| drop(self.files.remove(path)));
        delta.removed = gone;
        for (&file, change) in &step.changes {
            if let Some(edges_alone) = self.without_content(file, change) {
                written.insert(file, edges_alone);
            }
        }
        for (file, mut change) in written {
            let is_content_alone = matches!(step.changes.get(&file), Some(Change::ContentAlone(_)));
            if is_content_alone {
                change.edges = None;
            } else if let (Some(content), Some((_, calls))) = (&change.content, self.contents.get(&file)) {
                change.edges = Some(self.edges(&content.ids, calls));
                change.dependencies = calls.iter().map(|call| call.2 as u32).collect();
            }
            self.take(&change);
            delta.files.push(change);
        }
        self.drop_dangling();
        if let Some((from, to)) = step.link {
            let id = |byte| SymbolId::from_bytes([byte; 16]);
            delta.lineage.push(LineageLink::new(id(from), id(to), LineageCause::Rename));
        }
        delta
    }

    /// All files as one full delta.
    pub(crate) fn full(&self) -> GraphDelta {
        full_delta(self.files.values().cloned())
    }

    /// The change of a file whose content stays.
    fn without_content(&self, file: usize, change: &Change) -> Option<FileDelta> {
        let path = path(FILES[file]);
        let old = self.files.get(&path);
        let record =
            || old.map_or_else(|| FileBuilder::new(FILES[file]).build().file, |old| old.file.clone());
        match change {
            Change::EdgesAlone(calls) => {
                let mut alone = FileDelta::new(record());
                let content = old.and_then(|old| old.content.as_ref());
                alone.edges = Some(self.edges(content.map_or(&[], |content| &content.ids), calls));
                alone.dependencies = calls.iter().map(|call| call.2 as u32).collect();
                Some(alone)
            }
            Change::RecordAlone(module) => {
                let mut alone = FileDelta::new(record());
                MODULES[*module].clone_into(&mut alone.file.module_path);
                alone.file.modified_ns += 1;
                Some(alone)
            }
            _ => None,
        }
    }

    fn edges(&self, own: &[SymbolId], calls: &[Call]) -> Vec<Edge> {
        let edge = |(at, &(kind, source, target, name)): (usize, &Call)| {
            let (target, resolution) = match self.known.get(target) {
                Some(&id) => (EdgeTarget::Symbol(id), Resolution::Path),
                None if target % 2 == 0 => {
                    (EdgeTarget::External(format!("std::{}", NAMES[name]).into()), Resolution::UniqueName)
                }
                None => (EdgeTarget::Unresolved, Resolution::Unresolved),
            };
            let confidence = if resolution == Resolution::Unresolved { 0 } else { 400 + 100 * kind as u16 };
            // Sometimes a symbol of another file, or one that is gone.
            let source = own.get(source).or(self.known.get(source)).copied()?;
            Some(Edge {
                source,
                kind: [
                    EdgeKind::Calls,
                    EdgeKind::Calls,
                    EdgeKind::Tests,
                    EdgeKind::Uses,
                    EdgeKind::Implements,
                ][kind],
                line: at as u32 / 2 + 1,
                at: at as u32 * 10 + 5,
                target,
                confidence: Confidence::from_thousandths(confidence),
                resolution,
                text: format!("x.{}", NAMES[name]),
            })
        };
        calls.iter().enumerate().filter_map(edge).collect()
    }

    fn take(&mut self, change: &FileDelta) {
        let new = || {
            let mut new = FileDelta::new(change.file.clone());
            new.edges = Some(Vec::new());
            new
        };
        let entry = self.files.entry(change.file.path.clone()).or_insert_with(new);
        entry.file.clone_from(&change.file);
        if change.content.is_some() {
            entry.content.clone_from(&change.content);
        }
        if change.edges.is_some() {
            entry.edges.clone_from(&change.edges);
            entry.dependencies.clone_from(&change.dependencies);
        }
    }

    fn drop_dangling(&mut self) {
        let ids_of =
            |file: &FileDelta| file.content.as_ref().map_or_else(Vec::new, |content| content.ids.clone());
        let all: BTreeSet<SymbolId> = self.files.values().flat_map(ids_of).collect();
        for file in self.files.values_mut() {
            let own = ids_of(file);
            let edges = file.edges.as_mut().expect("edges");
            edges.retain(|edge| own.contains(&edge.source));
            for edge in edges {
                if matches!(&edge.target, EdgeTarget::Symbol(id) if !all.contains(id)) {
                    edge.target = EdgeTarget::Unresolved;
                    edge.resolution = Resolution::Unresolved;
                    edge.confidence = Confidence::default();
                }
            }
        }
    }
}
