//! What the functions of one file do, before anything is known of other files.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use aether_core::base::RelPath;
use aether_core::code::facts::FileFacts;
use aether_core::code::{Confidence, Edge, EdgeKind, EdgeTarget, EffectKind, SymbolId};

use super::local;
use super::table::EffectTable;

/// The functions of a file that have a body. It depends on the facts and edges of the file alone.
#[derive(Clone, Debug)]
pub(crate) struct FileEffects {
    pub(super) path: RelPath,
    pub(super) functions: Vec<Arc<LocalFunction>>,
}

/// A function, its own causes and its calls.
#[derive(Clone, Debug)]
pub(super) struct LocalFunction {
    pub(super) id: SymbolId,
    /// Each kind once, with the first place in the text.
    pub(super) causes: Vec<(EffectKind, Site)>,
    /// Calls that are likely to lead to a symbol of the project, by byte and target.
    pub(super) calls: Vec<Call>,
    /// Whether a panic in it is told as one of its caller.
    pub(super) blames_caller: bool,
}

/// A place in a body.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub(super) at: u32,
    pub(super) line: u32,
    pub(super) text: String,
}

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) target: SymbolId,
    pub(super) site: Site,
    /// In thousandths.
    pub(super) confidence: u16,
}

impl LocalFunction {
    /// Notes a cause; the first one in the text counts.
    fn note(&mut self, kind: &EffectKind, site: impl FnOnce() -> Site, at: u32) {
        match self.causes.iter_mut().find(|(known, _)| known == kind) {
            Some((_, known)) if known.at <= at => {}
            Some((_, known)) => *known = site(),
            None => self.causes.push((kind.clone(), site())),
        }
    }
}

impl FileEffects {
    pub(crate) fn path(&self) -> &RelPath {
        &self.path
    }

    /// Reads the bodies of a file and the edges that start in it. Calls of a confidence below `least` lead
    /// to [`EffectKind::UNKNOWN`] alone.
    pub(crate) fn read(
        path: &RelPath,
        ids: &[SymbolId],
        facts: &FileFacts,
        edges: &[Edge],
        table: &EffectTable,
        least: Confidence,
    ) -> Self {
        let starts = facts.line_starts();
        let line_of = |at: u32| starts.partition_point(|&start| start <= at) as u32;
        let mut functions: Vec<LocalFunction> = Vec::new();
        let mut by_id: HashMap<SymbolId, usize> = HashMap::new();
        let mut opaque: Vec<BTreeMap<u32, String>> = Vec::new();
        for (owner, body) in local::bodies(facts, table) {
            let Some(&id) = ids.get(owner.0 as usize) else { continue };
            let number = *by_id.entry(id).or_insert_with(|| {
                let attributes = facts.symbols.get(owner.0 as usize).map(|symbol| &symbol.attributes);
                let blames_caller =
                    attributes.is_some_and(|attributes| attributes.iter().any(|it| it == "track_caller"));
                functions.push(LocalFunction { id, causes: Vec::new(), calls: Vec::new(), blames_caller });
                opaque.push(BTreeMap::new());
                functions.len() - 1
            });
            opaque[number].extend(body.opaque);
            for local::Origin { kind, at, text } in body.origins {
                functions[number].note(&kind, || Site { at, line: line_of(at), text }, at);
            }
        }
        for edge in edges {
            // Only what has a body takes part.
            let Some(&number) = by_id.get(&edge.source) else { continue };
            opaque[number].remove(&edge.at);
            if edge.kind == EdgeKind::Calls {
                take(&mut functions[number], edge, table, least);
            }
        }
        for (function, opaque) in functions.iter_mut().zip(opaque) {
            function.calls.sort_by_key(|call| (call.site.at, call.target));
            if let Some((at, text)) = opaque.into_iter().next() {
                function.note(&EffectKind::UNKNOWN, || Site { at, line: line_of(at), text }, at);
            }
        }
        Self { path: path.clone(), functions: functions.into_iter().map(Arc::new).collect() }
    }
}

fn take(function: &mut LocalFunction, edge: &Edge, table: &EffectTable, least: Confidence) {
    let site = |text: &str| Site { at: edge.at, line: edge.line, text: text.to_owned() };
    let mut note = |kinds: &[&EffectKind], is_known: bool, text: &str| {
        let kinds = if kinds.is_empty() && !is_known { &[&EffectKind::UNKNOWN] } else { kinds };
        for kind in kinds {
            function.note(kind, || site(text), edge.at);
        }
    };
    let is_likely = edge.confidence >= least;
    match &edge.target {
        EdgeTarget::Symbol(target) if is_likely => function.calls.push(Call {
            target: *target,
            site: site(&edge.text),
            confidence: edge.confidence.thousandths(),
        }),
        EdgeTarget::External(path) if is_likely => {
            note(&table.of_path(path), table.is_known(path), path);
        }
        _ => {
            let name = edge.text.rsplit(['.', ':']).next().unwrap_or("");
            note(&table.of_method(name).iter().collect::<Vec<_>>(), false, &edge.text);
        }
    }
}
