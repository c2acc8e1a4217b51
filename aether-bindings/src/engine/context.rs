//! Context packs: what to read for a task.

use std::collections::HashMap;

use aether_core::base::{ByteSpan, Cancel};
use aether_core::code::{
    Anchor, AnchorTarget, Answer, ChainStep, ChainStepKind, ContextBudget, ContextCandidate, ContextFormat,
    ContextPack, SearchMode, SearchQuery, Symbol, SymbolId, SymbolKind, context_score, linked_score,
};
use aether_core::port::{RankQuery, SymbolQuery};
use aether_index::find_doc_comment;

use super::chain::ChainOptions;
use super::error::EngineError;
use super::lifecycle::Engine;
use super::sources::Sources;

/// Hits that may come into a pack.
const HITS: u32 = 200;
/// Of these, the best, from which attention starts.
const SEEDS: usize = 20;
/// Candidates whose chains are followed.
const CHAINS: usize = 5;
/// Symbols that get attention and may come into a pack.
const NEAR: usize = 200;

impl Engine {
    /// What of the repository is needed for a task: what a search for it finds, and what is near that in the
    /// project graph (personalised PageRank), packed into a budget. Sources are read from disk; a file that
    /// is not the one that was indexed is left out, so bring the index up to date first.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn context(
        &self,
        task: &str,
        budget: ContextBudget,
        format: ContextFormat,
        mode: SearchMode,
    ) -> Result<Answer<ContextPack>, EngineError> {
        let mut query = SearchQuery::default();
        query.text = plain(task);
        query.limit = HITS;
        let hits = self.search(&query, mode)?.result.hits;
        let best = hits.iter().map(|hit| hit.score).fold(0.0, f64::max);
        let share = |score: f64| if best > 0.0 { (score / best).max(0.0) } else { 0.0 };
        let found: HashMap<SymbolId, f64> = hits.iter().map(|hit| (hit.id, share(hit.score))).collect();
        let seeds =
            hits.iter().take(SEEDS).map(|hit| (hit.id, (share(hit.score) * 1000.0) as u32 + 1)).collect();
        let ranks =
            if hits.is_empty() { Vec::new() } else { self.store().page_rank(&RankQuery::around(seeds))? };
        let most = ranks.first().map_or(1.0, |(_, rank)| (*rank as f64).max(1.0));
        let near: HashMap<SymbolId, f64> =
            ranks.iter().take(NEAR).map(|(id, rank)| (*id, *rank as f64 / most)).collect();
        let mut ids: Vec<SymbolId> = found.keys().chain(near.keys()).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut sources = Sources::new(self);
        let mut candidates = Vec::new();
        for symbol in self.store().symbols(&ids)? {
            let is_found = found.get(&symbol.id).copied();
            let score = context_score(is_found.unwrap_or(0.0), near.get(&symbol.id).copied().unwrap_or(0.0));
            let reason = if is_found.is_some() { "found" } else { "near" };
            candidates.extend(candidate(&mut sources, symbol, score, reason)?);
        }
        candidates.extend(self.linked(&mut sources, &candidates)?);
        self.answer(ContextPack::fill(task, candidates, budget, format))
    }

    /// What the chains of the best candidates lead to: tests of each, and documents that tell of it.
    fn linked(
        &self,
        sources: &mut Sources<'_>,
        candidates: &[ContextCandidate],
    ) -> Result<Vec<ContextCandidate>, EngineError> {
        let mut best: Vec<&ContextCandidate> = candidates.iter().collect();
        best.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.symbol.id.cmp(&b.symbol.id)));
        best.truncate(CHAINS);
        let mut linked: Vec<ContextCandidate> = Vec::new();
        // The comment of a symbol comes with it, and a document besides.
        let options = ChainOptions { per_kind: 2, ..ChainOptions::default() };
        for candidate in best {
            let (symbol, score) = (&candidate.symbol, linked_score(candidate.score));
            let chain = self.chain_in(sources, symbol.id, None, &options, &Cancel::new())?;
            for step in chain.steps {
                let is_linked = match step.kind {
                    ChainStepKind::Test => true,
                    ChainStepKind::Documentation => step.symbol.is_none(),
                    _ => false,
                };
                let is_there = |it: &ContextCandidate| it.anchor == step.anchor;
                if !is_linked || candidates.iter().chain(&linked).any(is_there) {
                    continue;
                }
                let reason = format!("{} of {}", step.kind.as_str(), symbol.qualified_name);
                linked.extend(self.step(sources, step, score, &reason)?);
            }
        }
        Ok(linked)
    }

    /// A step of a chain as a candidate.
    fn step(
        &self,
        sources: &mut Sources<'_>,
        step: ChainStep,
        score: f64,
        reason: &str,
    ) -> Result<Option<ContextCandidate>, EngineError> {
        if let Some(id) = step.symbol {
            let Some(symbol) = self.store().symbols(&[id])?.pop() else { return Ok(None) };
            return candidate(sources, symbol, score, reason);
        }
        let mut query = SymbolQuery::in_file(step.anchor.file.clone());
        query.kinds = vec![SymbolKind::FILE];
        let Some(mut symbol) = self.store().find_symbols(&query)?.pop() else { return Ok(None) };
        let Some(text) = sources.text(&step.anchor.file)? else { return Ok(None) };
        let source = step.anchor.span.slice(text).unwrap_or_default().to_owned();
        // What stands for a section where there is no room for it.
        symbol.signature.clone_from(&step.name);
        symbol.qualified_name = step.name;
        Ok(Some(ContextCandidate::new(symbol, score, reason, step.anchor, source)))
    }
}

/// The words of a task, so that nothing in it is read as syntax of a query.
fn plain(task: &str) -> String {
    task.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { ' ' }).collect()
}

/// A symbol with its source; `None` for a file as a whole, and where the file is another than the index knows.
fn candidate(
    sources: &mut Sources<'_>,
    symbol: Symbol,
    score: f64,
    reason: &str,
) -> Result<Option<ContextCandidate>, EngineError> {
    if ["file", "module", "package", "crate"].contains(&symbol.kind.as_str()) {
        return Ok(None);
    }
    let Some(text) = sources.text(&symbol.file)? else { return Ok(None) };
    let target = AnchorTarget::Symbol(symbol.id);
    let Ok(anchor) = Anchor::new(symbol.file.clone(), target, text, symbol.span) else { return Ok(None) };
    // A comment in front comes along as it stands there; one inside is there anyway.
    let comment = find_doc_comment(text, &symbol.doc, symbol.span);
    let start = comment.map_or(symbol.span.start, |comment| comment.start.min(symbol.span.start));
    let Some(source) = ByteSpan::new(start, symbol.span.end).slice(text) else { return Ok(None) };
    let source = source.to_owned();
    Ok(Some(ContextCandidate::new(symbol, score, reason, anchor, source)))
}
