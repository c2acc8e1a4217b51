//! Anchor chains: from a use over the definition and the documentation to a test.

use std::collections::HashMap;

use aether_core::base::{ByteSpan, Cancel, RelPath};
use aether_core::code::{
    Anchor, AnchorChain, AnchorTarget, Answer, ChainStep, ChainStepKind, Confidence, EdgeKind, Symbol,
    SymbolId, SymbolKind,
};
use aether_core::port::{EdgeQuery, EdgeRecord, PortError, SymbolQuery};
use aether_index::{find_doc_comment, find_in_documents};

use super::error::EngineError;
use super::lifecycle::Engine;
use super::select::place;
use super::sources::Sources;

/// How far a chain goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ChainOptions {
    /// Most steps of each kind. Default 1.
    pub per_kind: usize,
    /// Most calls from a test to the symbol. Default 4.
    pub max_depth: u32,
    /// Whether documents are read; else only the comment of the symbol is documentation. Default true.
    pub with_documents: bool,
}

impl Default for ChainOptions {
    fn default() -> Self {
        Self { per_kind: 1, max_depth: 4, with_documents: true }
    }
}

/// How sure it is that a document which has a name in its code tells of the symbol: by its qualified name, and by
/// one that nothing else in the index has.
const BY_QUALIFIED_NAME: Confidence = Confidence::from_thousandths(900);
const BY_NAME: Confidence = Confidence::from_thousandths(600);

impl Engine {
    /// Follows a symbol from where it is used to its definition, its documentation and a test that guards it,
    /// across files. With `site`, a file and a line that uses it, the chain begins there. Every step cites a
    /// place that holds now: of a file that is not the one that was indexed there is none.
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, [`CANCELLED`](aether_core::base::ErrorCode::CANCELLED), and when the store
    /// cannot be read.
    pub fn chain(
        &self,
        id: SymbolId,
        site: Option<(&RelPath, u32)>,
        options: &ChainOptions,
        cancel: &Cancel,
    ) -> Result<Answer<AnchorChain>, EngineError> {
        let chain = self.chain_in(&mut Sources::new(self), id, site, options, cancel)?;
        self.answer(chain)
    }

    /// The same, of files some of which were read before.
    pub(super) fn chain_in(
        &self,
        sources: &mut Sources<'_>,
        id: SymbolId,
        site: Option<(&RelPath, u32)>,
        options: &ChainOptions,
        cancel: &Cancel,
    ) -> Result<AnchorChain, EngineError> {
        let symbol = self.symbol(id)?;
        let most = options.per_kind;
        let mut follower = Follower { engine: self, sources, found: Vec::new(), most, further: 0 };
        follower.uses(&symbol, site)?;
        follower.definition(ChainStepKind::Definition, &symbol, Confidence::CERTAIN)?;
        follower.comment(&symbol)?;
        if options.with_documents {
            follower.documents(&symbol, cancel)?;
        }
        follower.tests(&symbol, options)?;
        Ok(AnchorChain::bounded(follower.found, most, follower.further))
    }

    /// Where the chain of what a person names begins: a symbol, and where `text` is `FILE:LINE` of a line that
    /// uses something and declares nothing, what that uses the surest, with the line.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::select`].
    pub fn chain_start(&self, text: &str) -> Result<(SymbolId, Option<(RelPath, u32)>), EngineError> {
        let symbol = self.select(text)?;
        let Some((file, line)) = place(text).filter(|(_, line)| *line != symbol.name_line) else {
            return Ok((symbol.id, None));
        };
        Ok(match self.used_at(&file, line)?.first() {
            Some(used) => (*used, Some((file, line))),
            None => (symbol.id, None),
        })
    }

    /// What is used on a line, the surest first.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn used_at(&self, file: &RelPath, line: u32) -> Result<Vec<SymbolId>, EngineError> {
        let mut edges = Vec::new();
        for symbol in self.store().find_symbols(&SymbolQuery::in_file(file.clone()))? {
            if symbol.lines.first <= line && line <= symbol.lines.last {
                edges.extend(self.store().edges(&EdgeQuery::from(symbol.id, &USES))?);
            }
        }
        edges.retain(|edge| edge.site_line == line && edge.dst_id.is_some());
        edges.sort_by_key(|edge| {
            (edge.kind != EdgeKind::Calls, std::cmp::Reverse(edge.confidence), edge.site_at)
        });
        let mut used: Vec<SymbolId> = edges.into_iter().filter_map(|edge| edge.dst_id).collect();
        let mut seen = std::collections::HashSet::new();
        used.retain(|id| seen.insert(*id));
        Ok(used)
    }
}

/// The kinds of edges that are uses.
const USES: [EdgeKind; 3] = [EdgeKind::Calls, EdgeKind::Uses, EdgeKind::Implements];

/// Follows one symbol.
struct Follower<'s, 'e> {
    engine: &'s Engine,
    sources: &'s mut Sources<'e>,
    found: Vec<ChainStep>,
    /// Most steps of a kind.
    most: usize,
    /// Steps that were found and need not be looked at.
    further: u32,
}

/// Steps that are looked at for each that is wanted: some cite the same place, or one that is not as it was.
const SPARE: usize = 4;

impl Follower<'_, '_> {
    /// How many steps of a kind are looked at, of so many; the rest is counted.
    fn bound(&mut self, count: usize) -> usize {
        let bound = count.min(self.most.saturating_mul(SPARE));
        self.further += (count - bound) as u32;
        bound
    }

    fn push(
        &mut self,
        kind: ChainStepKind,
        symbol: &Symbol,
        span: ByteSpan,
        confidence: Confidence,
    ) -> Result<(), EngineError> {
        let Some(text) = self.sources.text(&symbol.file)? else { return Ok(()) };
        let target = AnchorTarget::Symbol(symbol.id);
        let (Ok(anchor), Some(cited)) =
            (Anchor::new(symbol.file.clone(), target, text, span), span.slice(text))
        else {
            return Ok(());
        };
        let name = symbol.qualified_name.clone();
        self.found.push(ChainStep::new(kind, Some(symbol.id), name, anchor, confidence, cited));
        Ok(())
    }

    fn definition(
        &mut self,
        kind: ChainStepKind,
        symbol: &Symbol,
        confidence: Confidence,
    ) -> Result<(), EngineError> {
        self.push(kind, symbol, symbol.span, confidence)
    }

    /// The lines that use it: that of `site`, else the surest ones, code before tests and other files first.
    fn uses(&mut self, symbol: &Symbol, site: Option<(&RelPath, u32)>) -> Result<(), EngineError> {
        let store = self.engine.store();
        let mut edges = store.edges(&EdgeQuery::to(symbol.id, &USES))?;
        edges.retain(|edge| edge.src_id != symbol.id);
        let is_site = |edge: &EdgeRecord| {
            site.is_none_or(|(file, line)| edge.src_file == *file && edge.site_line == line)
        };
        if edges.iter().any(is_site) {
            edges.retain(is_site);
        }
        edges.sort_by_key(|edge| {
            (
                std::cmp::Reverse(edge.confidence),
                edge.src_file == symbol.file,
                edge.src_file.clone(),
                edge.site_at,
            )
        });
        let mut sources: Vec<SymbolId> = edges.iter().map(|edge| edge.src_id).collect();
        sources.sort_unstable();
        sources.dedup();
        let symbols: HashMap<SymbolId, Symbol> =
            store.symbols(&sources)?.into_iter().map(|symbol| (symbol.id, symbol)).collect();
        let is_test =
            |edge: &EdgeRecord| symbols.get(&edge.src_id).is_some_and(|it| it.kind == SymbolKind::TEST);
        edges.sort_by_key(is_test);
        edges.truncate(self.bound(edges.len()));
        for edge in &edges {
            let Some(source) = symbols.get(&edge.src_id) else { continue };
            let line = self.sources.text(&source.file)?.and_then(|text| line_at(text, edge.site_at));
            if let Some(line) = line {
                self.push(ChainStepKind::Use, source, line, edge.confidence)?;
            }
        }
        Ok(())
    }

    fn comment(&mut self, symbol: &Symbol) -> Result<(), EngineError> {
        let text = self.sources.text(&symbol.file)?;
        let span = text.and_then(|text| find_doc_comment(text, &symbol.doc, symbol.span));
        match span {
            Some(span) => self.push(ChainStepKind::Documentation, symbol, span, Confidence::CERTAIN),
            None => Ok(()),
        }
    }

    fn documents(&mut self, symbol: &Symbol, cancel: &Cancel) -> Result<(), EngineError> {
        let names = names_of(self.engine, symbol)?;
        let texts: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        let sources = &mut *self.sources;
        let mut read = |file: &RelPath| {
            let text = sources.text(file).map_err(|error| {
                PortError::new(error.code().clone(), error.to_string()).with_source(error)
            })?;
            Ok(text.map(str::to_owned))
        };
        let mut mentions = find_in_documents(self.engine.store(), &texts, &mut read, cancel)?;
        mentions.sort_by_key(|mention| mention.name);
        for mention in mentions {
            let Some(text) = self.sources.text(&mention.file)? else { continue };
            let name = mention.headings.join(" > ");
            let target = AnchorTarget::Heading(mention.headings);
            let cited = mention.span.slice(text).unwrap_or_default();
            let Ok(anchor) = Anchor::new(mention.file, target, text, mention.span) else { continue };
            let confidence = names.get(mention.name).map_or(BY_NAME, |(_, confidence)| *confidence);
            let kind = ChainStepKind::Documentation;
            self.found.push(ChainStep::new(kind, None, name, anchor, confidence, cited));
        }
        Ok(())
    }

    /// The tests that reach it, the nearest first.
    fn tests(&mut self, symbol: &Symbol, options: &ChainOptions) -> Result<(), EngineError> {
        let reached = self.engine.store().impact(symbol.id, options.max_depth, Confidence::default())?;
        let tests: Vec<_> = reached.iter().filter(|entry| entry.is_test).collect();
        let bound = self.bound(tests.len());
        for entry in &tests[..bound] {
            // A way of more calls is less of a guard.
            let share = entry.confidence.thousandths() / entry.distance.clamp(1, 1000) as u16;
            let confidence = Confidence::from_thousandths(share);
            self.definition(ChainStepKind::Test, &entry.symbol, confidence)?;
        }
        Ok(())
    }
}

/// What documents may call a symbol: its qualified name and the ends of that, with what joins them in its
/// language, and its name when nothing else has it.
fn names_of(engine: &Engine, symbol: &Symbol) -> Result<Vec<(String, Confidence)>, EngineError> {
    let parts: Vec<&str> = symbol.qualified_name.split("::").collect();
    let mut names = Vec::new();
    for start in 0..parts.len().saturating_sub(1) {
        for joint in ["::", "."] {
            names.push((parts[start..].join(joint), BY_QUALIFIED_NAME));
        }
    }
    let mut namesakes = engine.store().find_symbols(&SymbolQuery::named(symbol.name.clone()))?;
    // What implements a type has its name.
    namesakes.retain(|it| it.kind.as_str() != "impl" && it.id != symbol.id);
    if namesakes.is_empty() {
        names.push((symbol.name.clone(), BY_NAME));
    }
    Ok(names)
}

/// The line around a byte, without what it is indented by.
fn line_at(text: &str, at: u32) -> Option<ByteSpan> {
    let at = at as usize;
    let before = text.get(..at)?;
    let start = before.rfind('\n').map_or(0, |place| place + 1);
    let end = text[at..].find('\n').map_or(text.len(), |place| at + place);
    let line = &text[start..end];
    let start = start + (line.len() - line.trim_start().len());
    Some(ByteSpan::new(start as u32, (start + line.trim().len()) as u32))
}
