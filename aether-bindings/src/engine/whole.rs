//! Questions that look at the whole graph: communities, and what nothing leads to.

use std::collections::{BTreeMap, BTreeSet};

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{Answer, Confidence, Language, Symbol, SymbolId, SymbolKind, Visibility};
use aether_core::port::{Communities, CommunityQuery, UnreachedEntry, UnreachedQuery};
use aether_index::FileMentions;

use super::error::EngineError;
use super::lifecycle::Engine;

/// Which unreached symbols are asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnreachedOptions {
    /// Symbols of which it is less sure that nothing uses them are counted, not told. Default 0.6: what
    /// no call of unknown target and no other text goes by the name of, and what no condition of
    /// compilation hides.
    pub min_confidence: Confidence,
    /// Whether what is public in a library has to be used in the repository as well. Default: no.
    pub with_public: bool,
    /// Most symbols. Default 100.
    pub limit: u32,
}

impl Default for UnreachedOptions {
    fn default() -> Self {
        Self { min_confidence: Confidence::from_thousandths(600), with_public: false, limit: 100 }
    }
}

impl UnreachedOptions {
    /// Sets the least confidence.
    #[must_use]
    pub fn with_min_confidence(mut self, min_confidence: Confidence) -> Self {
        self.min_confidence = min_confidence;
        self
    }

    /// Asks for what is public in a library, too.
    #[must_use]
    pub fn with_public(mut self) -> Self {
        self.with_public = true;
        self
    }

    /// Sets the most symbols.
    #[must_use]
    pub fn with_limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }
}

/// Symbols that nothing in the repository leads to.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct UnreachedAnswer {
    /// The surest first, those of one confidence by name.
    pub entries: Vec<UnreachedEntry>,
    /// How many there are of the confidence asked; more than `entries` holds when the limit cut them.
    pub total: u64,
    /// How many more there are of which it is less sure.
    pub doubtful: u64,
}

impl Engine {
    /// Groups of symbols that call and use one another more than the rest, largest first.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn communities(&self, query: &CommunityQuery) -> Result<Answer<Communities>, EngineError> {
        let found = self.store().communities(query)?;
        self.answer(found)
    }

    /// Symbols that nothing in the repository leads to.
    ///
    /// What the graph says is held against the files: a symbol whose name stands in code that is reached,
    /// where it can be seen and no edge tells of it, is told with a confidence of 0.35 at most. Names in
    /// comments do not count.
    ///
    /// # Errors
    ///
    /// `cancelled`, and when the store cannot be read.
    pub fn unreached(
        &self,
        options: UnreachedOptions,
        cancel: &Cancel,
    ) -> Result<Answer<UnreachedAnswer>, EngineError> {
        let mut query = UnreachedQuery::default();
        query.with_public = options.with_public;
        let candidates: Vec<Symbol> =
            self.store().unreached(&query)?.into_iter().map(|entry| entry.symbol).collect();
        query.mentions = self.mentions_of(&candidates, cancel)?;
        let mut entries = self.store().unreached(&query)?;
        let all = entries.len() as u64;
        entries.retain(|entry| entry.confidence >= options.min_confidence);
        let total = entries.len() as u64;
        entries.truncate(options.limit as usize);
        self.answer(UnreachedAnswer { entries, total, doubtful: all - total })
    }

    /// In the source of which symbols the names of others stand, where these can be seen.
    fn mentions_of(
        &self,
        symbols: &[Symbol],
        cancel: &Cancel,
    ) -> Result<Vec<(SymbolId, SymbolId)>, EngineError> {
        let mut named: BTreeMap<&str, Vec<&Symbol>> = BTreeMap::new();
        for symbol in symbols {
            named.entry(&symbol.name).or_default().push(symbol);
        }
        let names: Vec<&str> = named.keys().copied().collect();
        let (root, options) = (&self.options.workspace, &self.options.index);
        let found = aether_index::find_mentions(root, options, self.store(), &names, cancel)?;
        let modules: BTreeMap<RelPath, String> =
            self.store().indexed_files(&[])?.into_iter().map(|file| (file.path, file.module_path)).collect();
        let scopes: BTreeMap<SymbolId, Option<&str>> = symbols
            .iter()
            .map(|symbol| (symbol.id, modules.get(&symbol.file).and_then(|module| scope(symbol, module))))
            .collect();
        let mut places: BTreeMap<&RelPath, Spans> =
            found.iter().map(|file| (&file.file, Spans::default())).collect();
        self.store().visit_symbols(&mut |symbol| {
            if let Some(spans) = places.get_mut(&symbol.file) {
                spans.add(symbol);
            }
        })?;
        let mut mentions = BTreeSet::new();
        for file in &found {
            let Some(spans) = places.get(&file.file) else { continue };
            for &(at, number) in &file.places {
                let of = names.get(number as usize).and_then(|name| named.get(name)).into_iter().flatten();
                for symbol in
                    of.filter(|symbol| is_seen(scopes.get(&symbol.id).copied().flatten(), symbol, file))
                {
                    let is_itself = symbol.file == file.file && symbol.name_span.start == at;
                    if let Some(within) = spans.at(at).filter(|_| !is_itself) {
                        mentions.insert((within, symbol.id));
                    }
                }
            }
        }
        Ok(mentions.into_iter().collect())
    }
}

/// The module that a symbol can be seen in, with what lies below it; `None` for everywhere.
fn scope<'m>(symbol: &Symbol, module: &'m str) -> Option<&'m str> {
    // Macros are seen by the order of the source.
    if symbol.language != Language::RUST || symbol.kind == SymbolKind::MACRO || module.is_empty() {
        return None;
    }
    match symbol.visibility {
        Visibility::Private => Some(module),
        Visibility::Crate | Visibility::Restricted => module.split("::").next(),
        _ => None,
    }
}

/// Whether a name in a file may mean a symbol.
fn is_seen(scope: Option<&str>, symbol: &Symbol, file: &FileMentions) -> bool {
    let Some(scope) = scope else { return true };
    let is_below = |rest: &str| rest.is_empty() || rest.starts_with("::");
    symbol.file == file.file
        || file.language == Language::RUST
            && (file.module_path.is_empty() || file.module_path.strip_prefix(scope).is_some_and(is_below))
}

/// Where the symbols of a file stand, in the order of the source, parents before children.
#[derive(Debug, Default)]
struct Spans(Vec<(u32, u32, SymbolId)>);

impl Spans {
    fn add(&mut self, symbol: &Symbol) {
        // The file is around everything.
        let is_file = symbol.kind == SymbolKind::FILE;
        let (start, end) = if is_file { (0, u32::MAX) } else { (symbol.span.start, symbol.span.end) };
        self.0.push((start, end, symbol.id));
    }

    /// The innermost symbol around a byte.
    fn at(&self, at: u32) -> Option<SymbolId> {
        let around = self.0.iter().filter(|(start, end, _)| *start <= at && at < *end);
        around.min_by_key(|(start, end, _)| end - start).map(|(_, _, id)| *id)
    }
}
