//! Lexical search, over postings of our own: `docs/adr/0008` says why not FTS5.

pub(crate) mod fields;
pub(crate) mod postings;
pub(crate) mod vocabulary;
pub(crate) mod words;

mod interner;
mod list;
mod query;
mod rank;

use aether_core::code::{SearchHit, SearchQuery, SymbolId};
use rusqlite::Connection;

use crate::error::Outcome;
use crate::fact_source::lookup_each;
use crate::lookup::Space;
use crate::rows::NameRow;
use crate::symbols::Loader;
use query::Words;
use rank::{Filter, Ranked};

/// Symbols of the same score as the last one that is wanted, among which names decide; of more, those
/// that were indexed first.
const TIES: usize = 44;

/// The best hits, best first; equal scores in the order of qualified name and id.
pub(crate) fn search(connection: &Connection, query: &SearchQuery) -> Outcome<Vec<SearchHit>> {
    let words = Words::parse(&query.text);
    let limit = query.limit.max(1) as usize;
    if words.parts.is_empty() {
        // A text of punctuation alone asks for something that no symbol has.
        let is_list = query.text.trim().is_empty();
        return if is_list { list::list(connection, query, limit) } else { Ok(Vec::new()) };
    }
    let filter = filter(connection, query)?;
    let mut ranked = rank::rank(connection, &words, filter, limit, TIES)?;
    let mut loader = Loader::new(connection);
    if ranked.len() > limit {
        choose_among_ties(connection, &mut ranked, limit, &mut loader)?;
    }
    let mut hits = Vec::with_capacity(ranked.len());
    for Ranked { key, score } in ranked {
        hits.push(SearchHit::new(&loader.symbol(key)?, f64::from(score)));
    }
    hits.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| (&a.qualified_name, a.id).cmp(&(&b.qualified_name, b.id)))
    });
    Ok(hits)
}

fn filter(connection: &Connection, query: &SearchQuery) -> Outcome<Filter> {
    let kinds = query.kinds.iter().map(|kind| kind.as_str());
    let languages = query.languages.iter().map(|language| language.as_str());
    let mut filter = Filter::of_kinds_and_languages(connection, kinds, languages)?;
    if !query.paths.is_empty() {
        filter.keep(list::keys_at(connection, query)?);
    }
    Ok(filter)
}

/// Cuts a list to `limit`: of the symbols with the last score those with the first names.
fn choose_among_ties(
    connection: &Connection,
    ranked: &mut Vec<Ranked>,
    limit: usize,
    loader: &mut Loader<'_>,
) -> Outcome<()> {
    let Some(last) = ranked.get(limit - 1).copied() else { return Ok(()) };
    let first_tie = ranked.partition_point(|one| one.score > last.score);
    let mut ties: Vec<(String, SymbolId, Ranked)> = Vec::with_capacity(ranked.len() - first_tie);
    for one in ranked.drain(first_tie..) {
        let row = NameRow::load(connection, one.key)?;
        ties.push((row.qualified_name(&loader.file(row.file)?.module_path), row.id, one));
    }
    ties.sort_unstable_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    ranked.extend(ties.into_iter().take(limit - first_tie).map(|(_, _, one)| one));
    Ok(())
}

/// Calls `visit` with the key of each symbol whose name, without case and punctuation, is that of
/// `name`; files also answer to the last part of their module path.
pub(crate) fn whole_name_keys(connection: &Connection, name: &str, visit: impl FnMut(i64)) -> Outcome<()> {
    lookup_each(connection, Space::Name, words::joined_hash(name), visit)
}
