//! `eval history`: whether versions that were derived from commit to commit say what an index from nothing
//! says of each commit, and how fast they come.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use aether_bindings::engine::{BackfillOptions, Engine, EngineOptions, NoProgress, Ports};
use aether_core::base::{Cancel, Sha256Hash};
use aether_core::code::{GraphDelta, SymbolId};
use aether_core::port::{HistoryStore as _, MemoryFacts};
use aether_index::{Derived, EffectTable, GitRepository, IndexOptions, Indexer, SirDeriver};
use aether_store::{SqliteStore, StoreOptions};
use anyhow::{Context as _, Result};

use crate::measure::cpu_seconds;
use crate::options::EvalHistory;
use crate::output::{say, say_error};
use crate::report::{self, Bar, Row};

/// Least commits a second.
const BAR: f64 = 20.0;

/// The records of a commit that are sampled, by symbol.
type State = BTreeMap<SymbolId, Sha256Hash>;

/// Derives a history and compares it with a sample of its commits; whether all agree and the bar is met.
pub(crate) fn history(options: &EvalHistory) -> Result<bool> {
    let folder = tempfile::tempdir().context("no folder for a store")?;
    let path = folder.path().join(Engine::STORE_FILE);
    let store = Arc::new(SqliteStore::open(&path, &StoreOptions::default())?);
    let engine = Engine::open(EngineOptions::new(&options.corpus), Ports::new(Arc::clone(&store) as Arc<_>))?;
    let mut backfill = BackfillOptions::default();
    backfill.since.clone_from(&options.since);
    backfill.threads = options.threads;
    let (wall, cpu) = (Instant::now(), cpu_seconds()?);
    let summary = engine.backfill(&backfill, &Cancel::new(), &NoProgress)?;
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds()? - cpu);

    let repository = GitRepository::open(&options.corpus)?;
    let mut chain = repository.log("HEAD", options.since.as_deref(), &Cancel::new())?;
    chain.reverse();
    let places: HashMap<&str, usize> =
        chain.iter().enumerate().map(|(place, commit)| (commit.id.as_str(), place)).collect();
    let step = chain.len().div_ceil(options.sample.max(1)).max(1);
    let mut states: Vec<(usize, State)> = Vec::new();
    for place in (0..chain.len()).rev().step_by(step) {
        say_error(&format!("commit {} from nothing", chain[place].id));
        states.push((place, state(&fresh(&options.corpus, &repository, &chain[place].id)?)?));
    }
    let ids: BTreeSet<SymbolId> = states.iter().flat_map(|(_, state)| state.keys().copied()).collect();
    let (mut records, mut wrong) = (0_usize, 0_usize);
    let mut versions: HashMap<SymbolId, Vec<(usize, Option<Sha256Hash>)>> = HashMap::new();
    let ids: Vec<SymbolId> = ids.into_iter().collect();
    for version in store.versions(&ids)? {
        let place = version.commit.as_deref().and_then(|id| places.get(id));
        // The oldest commit stands in front of the others.
        let place = place.map_or(0, |place| place + 1);
        versions.entry(version.symbol).or_default().push((place, version.sir_hash));
    }
    versions.values_mut().for_each(|of| of.sort_by_key(|(place, _)| *place));
    for (place, state) in &states {
        for id in &ids {
            let known = versions.get(id).and_then(|of| of.iter().rfind(|(at, _)| *at <= place + 1));
            let known = known.and_then(|(_, hash)| *hash);
            records += usize::from(state.contains_key(id));
            if known != state.get(id).copied() {
                wrong += 1;
                if wrong <= options.list {
                    say_error(&format!("{id} differs in {}", chain[*place].id));
                }
            }
        }
    }
    let name = options.corpus.canonicalize()?;
    let name = name.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    let derived = summary.derived as f64;
    let rows = [
        Row::plain(&name, "commits", derived, 0, ""),
        Row::plain(&name, "versions", summary.versions as f64, 0, ""),
        Row::gate(&name, "commits a second, wall", derived / wall, 1, "", Bar::AtLeast(BAR)),
        Row::plain(&name, "commits a second of CPU", derived / cpu, 1, ""),
        Row::plain(&name, "commits compared with an index from nothing", states.len() as f64, 0, ""),
        Row::plain(&name, "records compared", records as f64, 0, ""),
        Row::gate(&name, "records that differ", wrong as f64, 0, "", Bar::AtMost(0.0)),
    ];
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}

/// What an index from nothing says of a commit.
fn fresh(root: &Path, repository: &GitRepository, revision: &str) -> Result<Derived> {
    let options = IndexOptions::default();
    let snapshot = repository.snapshot(revision, &options, &Cancel::new())?;
    let mut deriver = SirDeriver::new(EffectTable::standard());
    let mut sink = |delta: GraphDelta| {
        deriver.apply(&delta);
        Ok(())
    };
    let mut indexer = Indexer::new(root, options)?;
    indexer.index_snapshot(&snapshot, &MemoryFacts::default(), &mut sink, &Cancel::new(), &NoProgress)?;
    Ok(deriver.derive())
}

/// The records of symbols; files and modules, which are sums, have no versions.
fn state(derived: &Derived) -> Result<State> {
    let mut state = State::new();
    for symbol in derived.records() {
        let Some(sir) = derived.sir(symbol.id).filter(|_| !derived.is_sum(symbol.id)) else {
            continue;
        };
        state.insert(symbol.id, sir.hash()?);
    }
    Ok(state)
}
