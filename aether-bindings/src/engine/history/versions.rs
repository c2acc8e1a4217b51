//! The versions of one symbol, and why it is as it is.

use std::collections::HashSet;

use aether_core::base::{Cancel, ErrorCode, RelPath, Sha256Hash, Timestamp};
use aether_core::code::{Answer, Commit, Sir, SirDiff, SirVersion, Symbol, SymbolId};
use serde::Serialize;

use super::selector::Selector;
use super::states::States;
use crate::engine::error::EngineError;
use crate::engine::lifecycle::Engine;

/// How the record of a symbol changed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct HistoryAnswer {
    /// The symbol as it is.
    pub symbol: Symbol,
    /// Its versions, oldest first.
    pub versions: Vec<VersionEntry>,
    /// Commits that led to `HEAD`, along the first parents.
    pub commits: u64,
    /// Of these, commits whose records were derived: what the others changed is not told.
    pub commits_known: u64,
    /// States that were recorded where git does not keep them.
    pub states_seen: u64,
}

/// What a symbol was from some commit on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct VersionEntry {
    /// Number, from 1.
    pub version: u32,
    /// The commit; `None` for what is not committed.
    pub commit: Option<Commit>,
    /// When it was seen first, where git does not keep it.
    pub seen_at: Option<Timestamp>,
    /// Whether it was derived by other rules than the version before, so that what differs may be theirs.
    pub other_rules: bool,
    /// Its place among the states that led to the one on disk.
    #[serde(skip)]
    pub(super) place: Option<usize>,
    /// The id that the symbol had.
    pub symbol: SymbolId,
    /// The qualified name that it had.
    pub qualified_name: String,
    /// The file that it was in.
    pub file: RelPath,
    /// The record; `None` where it was gone.
    pub sir: Option<Sir>,
    /// Hash of the record.
    pub sir_hash: Option<Sha256Hash>,
    /// What differs from the version before.
    pub diff: SirDiff,
    /// The same in a line.
    pub summary: String,
}

impl VersionEntry {
    /// When it came, as far as somebody told.
    pub(super) fn at(&self) -> Option<Timestamp> {
        self.commit.as_ref().map(|commit| commit.committed_at).or(self.seen_at)
    }
}

/// Why a symbol is as it is: two versions of it, and what lies between them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WhyAnswer {
    /// The symbol as it is.
    pub symbol: Symbol,
    /// The older version.
    pub from: Option<VersionEntry>,
    /// The newer one.
    pub to: Option<VersionEntry>,
    /// Why there is nothing to compare: `no_history`, `single_version_only`, `selector_not_found`.
    pub reason: Option<&'static str>,
    /// What differs.
    pub diff: SirDiff,
    /// The same in a line.
    pub summary: String,
    /// The commits behind the older version, up to the newer one, that changed the record; oldest first.
    pub commits: Vec<Commit>,
    /// All commits behind the older version, up to the newer one.
    pub commits_between: u64,
}

/// Most ids that one symbol is followed through.
const MAX_IDS: usize = 1000;

impl Engine {
    /// The versions of a symbol along the first parents of `HEAD`, through renames and moves, and what is not
    /// committed yet. Commits count whose records were derived (`Engine::backfill`); outside of git, states
    /// that were recorded ([`Engine::record_state`]).
    ///
    /// # Errors
    ///
    /// `query.unknown_symbol`, the `git.*` codes, [`ErrorCode::CANCELLED`], and when the store cannot be
    /// read or written.
    pub fn history(&self, id: SymbolId, cancel: &Cancel) -> Result<Answer<HistoryAnswer>, EngineError> {
        let symbol = self.symbol(id)?;
        let states = self.states(cancel)?;
        let versions = self.versions_of(&symbol, &states)?;
        let known = self.ports.store.known_commits(&self.static_model())?;
        let commits_known = known.iter().filter(|(id, _)| states.places.contains_key(id)).count() as u64;
        let states_seen = states.all.iter().filter(|state| state.is_seen()).count() as u64;
        let commits = states.all.len() as u64 - states_seen;
        self.answer(HistoryAnswer { symbol, versions, commits, commits_known, states_seen })
    }

    /// What changed between two versions of a symbol, each a number of [`Engine::history`], a time or a
    /// revision; by default the last two.
    ///
    /// # Errors
    ///
    /// Those of [`Engine::history`]; [`ErrorCode::QUERY_BAD_SYNTAX`] when `from` is behind `to`.
    pub fn why(
        &self,
        id: SymbolId,
        from: Option<&str>,
        to: Option<&str>,
        cancel: &Cancel,
    ) -> Result<Answer<WhyAnswer>, EngineError> {
        let symbol = self.symbol(id)?;
        let states = self.states(cancel)?;
        let versions = self.versions_of(&symbol, &states)?;
        let find = |text: Option<&str>| -> Result<Option<Option<usize>>, EngineError> {
            let Some(text) = text else { return Ok(None) };
            Ok(Some(Selector::parse(text, &states)?.find(&versions, &states)))
        };
        let (from, to) = (find(from)?, find(to)?);
        let last = versions.len().checked_sub(1);
        let to = to.unwrap_or(last);
        let from = from.unwrap_or_else(|| to.and_then(|to| to.checked_sub(1)));
        let reason = match (from, to) {
            _ if versions.is_empty() => Some("no_history"),
            (None, Some(0)) => Some("single_version_only"),
            (None, _) | (_, None) => Some("selector_not_found"),
            (Some(from), Some(to)) if from > to => {
                let message = "the older version stands behind the newer one";
                return Err(EngineError::new(ErrorCode::QUERY_BAD_SYNTAX, message));
            }
            _ => None,
        };
        let older = from.and_then(|from| versions.get(from));
        let newer = to.and_then(|to| versions.get(to));
        let diff = match (reason, older, newer) {
            (None, Some(older), Some(newer)) => SirDiff::between(older.sir.as_ref(), newer.sir.as_ref()),
            _ => SirDiff::default(),
        };
        let place = |entry: Option<&VersionEntry>| entry.and_then(|it| it.place);
        let (start, end) = (place(older), place(newer).or(states.all.len().checked_sub(1)));
        let between = match (reason, start, end) {
            (None, Some(start), Some(end)) => {
                states.all.iter().take(end + 1).skip(start + 1).filter(|state| !state.is_seen()).count()
            }
            _ => 0,
        };
        let commits_between = between as u64;
        let commits = match (reason, from, to) {
            (None, Some(from), Some(to)) => {
                versions[from + 1..=to].iter().filter_map(|entry| entry.commit.clone()).collect()
            }
            _ => Vec::new(),
        };
        let summary = diff.summary();
        let (from, to) = (older.cloned(), newer.cloned());
        self.answer(WhyAnswer { symbol, from, to, reason, diff, summary, commits, commits_between })
    }

    fn versions_of(&self, symbol: &Symbol, states: &States) -> Result<Vec<VersionEntry>, EngineError> {
        let ids = self.earlier_ids(symbol.id, states)?;
        let mut found = self.ports.store.versions(&ids)?;
        found.retain(|version| version.commit.as_ref().is_some_and(|id| states.places.contains_key(id)));
        let place =
            |version: &SirVersion| version.commit.as_ref().and_then(|id| states.places.get(id)).copied();
        // Where one id went and the next came in one commit, the coming counts.
        found.sort_by_key(|version| (place(version), version.sir.is_some()));
        let mut entries: Vec<VersionEntry> = Vec::new();
        let model = self.static_model();
        for (number, version) in found.iter().enumerate() {
            let is_replaced = version.sir.is_none()
                && found[number + 1..]
                    .iter()
                    .take_while(|next| next.commit == version.commit)
                    .any(|next| next.sir.is_some());
            if is_replaced {
                continue;
            }
            let place = place(version);
            let state = place.and_then(|place| states.all.get(place)).cloned();
            let moment = Moment { state, place, other_rules: states.has_other_rules(place, &model) };
            push(&mut entries, version.clone(), moment);
        }
        if let Some(sir) = self.static_record(symbol.id)?.and_then(|record| record.sir) {
            let version =
                SirVersion::new(symbol.id, &symbol.qualified_name, symbol.file.clone(), None, Some(sir));
            let other_rules = states.has_other_rules(None, &model);
            push(&mut entries, version, Moment { state: None, place: None, other_rules });
        }
        Ok(entries)
    }

    /// The ids that a symbol had, with the one it has.
    fn earlier_ids(&self, id: SymbolId, states: &States) -> Result<Vec<SymbolId>, EngineError> {
        let (mut ids, mut seen, mut open) = (vec![id], HashSet::from([id]), vec![id]);
        while let Some(id) = open.pop() {
            let mut links = self.store().lineage(id)?;
            let told = self.ports.store.version_links(&[id])?;
            links.extend(
                told.into_iter()
                    .filter(|(_, commit)| states.places.contains_key(commit))
                    .map(|(link, _)| link),
            );
            for link in links.iter().filter(|link| link.to == id) {
                if ids.len() < MAX_IDS && seen.insert(link.from) {
                    ids.push(link.from);
                    open.push(link.from);
                }
            }
        }
        Ok(ids)
    }
}

/// When a version came.
struct Moment {
    state: Option<Commit>,
    place: Option<usize>,
    other_rules: bool,
}

/// Adds a version unless it says what the last one says, under the same name in the same file.
fn push(entries: &mut Vec<VersionEntry>, version: SirVersion, moment: Moment) {
    let Moment { state, place, other_rules } = moment;
    let last = entries.last();
    let is_same = last.is_some_and(|last| {
        last.sir_hash == version.sir_hash
            && (version.sir.is_none()
                || (last.qualified_name == version.qualified_name && last.file == version.file))
    });
    if is_same || (last.is_none() && version.sir.is_none()) {
        return;
    }
    let diff = SirDiff::between(last.and_then(|last| last.sir.as_ref()), version.sir.as_ref());
    let summary = match (last, &version.sir) {
        (None, _) => "first version that is known".to_owned(),
        (Some(_), None) => "gone".to_owned(),
        (Some(last), Some(_)) if last.sir.is_none() => "back again".to_owned(),
        (Some(last), Some(_)) => {
            let mut parts = Vec::new();
            if last.qualified_name != version.qualified_name {
                parts.push(format!("was {}", last.qualified_name));
            }
            if last.file != version.file {
                parts.push(format!("was in {}", last.file));
            }
            parts.extend(Some(diff.summary()).filter(|summary| !summary.is_empty()));
            if other_rules {
                parts.push("derived by other rules".to_owned());
            }
            parts.join("; ")
        }
    };
    entries.push(VersionEntry {
        version: entries.len() as u32 + 1,
        seen_at: state.as_ref().filter(|state| state.is_seen()).map(|state| state.committed_at),
        commit: state.filter(|state| !state.is_seen()),
        place,
        other_rules,
        symbol: version.symbol,
        qualified_name: version.qualified_name,
        file: version.file,
        sir: version.sir,
        sir_hash: version.sir_hash,
        diff,
        summary,
    });
}
