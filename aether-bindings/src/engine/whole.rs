//! Questions that look at the whole graph: communities, and what nothing leads to.

use std::collections::{BTreeMap, BTreeSet};

use aether_core::base::{Cancel, RelPath};
use aether_core::code::{Answer, Confidence, Language, Symbol, SymbolId, SymbolKind, Visibility};
use aether_core::port::{Communities, CommunityQuery, SymbolQuery, UnreachedEntry, UnreachedQuery};
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
        let all = self.store().unreached(&query)?;
        // What is known from now on only lowers confidence.
        let is_wanted = |entry: &UnreachedEntry| entry.confidence >= options.min_confidence;
        let candidates: Vec<Symbol> =
            all.iter().filter(|entry| is_wanted(entry)).map(|entry| entry.symbol.clone()).collect();
        query.mentions = self.mentions_of(&candidates, cancel)?;
        query.given = self.given_to_macros(&candidates)?;
        let mut entries = self.store().unreached(&query)?;
        let all = entries.len() as u64;
        entries.retain(is_wanted);
        let total = entries.len() as u64;
        entries.truncate(options.limit as usize);
        self.answer(UnreachedAnswer { entries, total, doubtful: all - total })
    }

    /// Those of some symbols whose source is given to a macro.
    fn given_to_macros(&self, symbols: &[Symbol]) -> Result<Vec<SymbolId>, EngineError> {
        let files: BTreeSet<&RelPath> = symbols
            .iter()
            .filter(|symbol| symbol.language == Language::RUST)
            .map(|symbol| &symbol.file)
            .collect();
        let files: Vec<RelPath> = files.into_iter().cloned().collect();
        let mut given = BTreeSet::new();
        for (file, facts) in files.iter().zip(self.store().facts(&files)?) {
            let Some(facts) = facts else { continue };
            for fact in facts.symbols.iter().filter(|fact| fact.in_macro) {
                given.insert((file, fact.name_span.start));
            }
        }
        let is_given = |symbol: &&Symbol| given.contains(&(&symbol.file, symbol.name_span.start));
        Ok(symbols.iter().filter(is_given).map(|symbol| symbol.id).collect())
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
        // A trait is used by its members, without a word of itself.
        let mut members = Vec::new();
        for symbol in symbols.iter().filter(|symbol| symbol.kind == SymbolKind::TRAIT) {
            let mut inside = SymbolQuery::default();
            inside.parent = Some(symbol.id);
            members.extend(self.store().find_symbols(&inside)?.into_iter().map(|member| (member, symbol)));
        }
        for (member, symbol) in &members {
            named.entry(&member.name).or_default().push(symbol);
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
        places.values_mut().for_each(Spans::sort);
        let mut mentions = BTreeSet::new();
        for file in &found {
            let Some(spans) = places.get(&file.file) else { continue };
            for &(at, number) in &file.places {
                let of = names.get(number as usize).and_then(|name| named.get(name)).into_iter().flatten();
                let Some((within, is_macro)) = spans.at(at) else { continue };
                for symbol in of {
                    let is_itself = symbol.file == file.file && symbol.name_span.start == at;
                    let scope = scopes.get(&symbol.id).copied().flatten().filter(|_| !is_macro);
                    if !is_itself && is_seen(scope, symbol, file) {
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
    // Macros are seen by the order of the source, and a trait is used where its members are.
    if symbol.language != Language::RUST
        || [SymbolKind::MACRO, SymbolKind::TRAIT].contains(&symbol.kind)
        || module.is_empty()
    {
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

/// Where the symbols of a file stand.
#[derive(Debug, Default)]
struct Spans(Vec<Span>);

#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    end: u32,
    id: SymbolId,
    /// Whether it is a macro: what it says may be said anywhere.
    is_macro: bool,
    /// The place of the one around it.
    around: Option<usize>,
}

impl Spans {
    fn add(&mut self, symbol: &Symbol) {
        // The file is around everything.
        let is_file = symbol.kind == SymbolKind::FILE;
        let (start, end) = if is_file { (0, u32::MAX) } else { (symbol.span.start, symbol.span.end) };
        let is_macro = symbol.kind == SymbolKind::MACRO;
        self.0.push(Span { start, end, id: symbol.id, is_macro, around: None });
    }

    /// Puts them in order; before any question.
    fn sort(&mut self) {
        self.0.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut open: Vec<usize> = Vec::new();
        for place in 0..self.0.len() {
            while open.last().is_some_and(|&last| self.0[last].end < self.0[place].end) {
                open.pop();
            }
            self.0[place].around = open.last().copied();
            open.push(place);
        }
    }

    /// The innermost symbol around a byte, and whether it is a macro.
    fn at(&self, at: u32) -> Option<(SymbolId, bool)> {
        let mut next = self.0.partition_point(|span| span.start <= at).checked_sub(1);
        while let Some(span) = next.map(|place| self.0[place]) {
            if at < span.end {
                return Some((span.id, span.is_macro));
            }
            next = span.around;
        }
        None
    }
}
