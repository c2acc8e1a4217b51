//! `bench sir`: what semantic records cost beside the index that they are derived from.

use std::path::Path;

use aether_bindings::engine::{Engine, NoProgress};
use aether_core::base::Cancel;
use aether_index::{EffectTable, SirDeriver};
use anyhow::{Context as _, Result, bail};

use crate::bench::database_bytes;
use crate::indexed::open;
use crate::measure::{Sorted, cpu_seconds};
use crate::options::BenchSir;
use crate::output::{say, say_error};
use crate::report::{self, Bar, Row};

/// Most that records may add to a full index.
const BAR: f64 = 0.40;

/// One run, in CPU seconds.
#[derive(Clone, Copy, Debug)]
struct Run {
    index: f64,
    /// All of it: derived, hashed, stored.
    records: f64,
    /// Of that, the reading of facts and edges with what a file says by itself.
    load: f64,
    /// The spreading of effects.
    spread: f64,
    /// Every record and its hash.
    hash: f64,
    count: u64,
    bytes_before: u64,
    bytes_after: u64,
}

/// Measures every corpus; whether the bar is met.
pub(crate) fn sir(options: &BenchSir) -> Result<bool> {
    let mut rows = Vec::new();
    for corpus in &options.corpus {
        if !corpus.is_dir() {
            bail!("{} is not a folder", corpus.display());
        }
        let name = corpus.canonicalize()?;
        let name = name.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
        say_error(&format!("{name}: semantic records"));
        let runs = (0..options.runs.max(1))
            .map(|_| run(corpus, options.threads))
            .collect::<Result<Vec<_>>>()
            .with_context(|| corpus.display().to_string())?;
        let median = |of: fn(&Run) -> f64| Sorted::new(runs.iter().map(of).collect()).median();
        let last = runs[runs.len() - 1];
        rows.push(Row::plain(&name, "full index, CPU", median(|run| run.index), 3, "s"));
        rows.push(Row::plain(&name, "records of all symbols, CPU", median(|run| run.records), 3, "s"));
        rows.push(Row::plain(&name, "of one derivation: files read", median(|run| run.load), 3, "s"));
        rows.push(Row::plain(&name, "effects spread", median(|run| run.spread), 3, "s"));
        rows.push(Row::plain(&name, "records made and hashed", median(|run| run.hash), 3, "s"));
        let share = median(|run| run.records / run.index);
        rows.push(Row::gate(&name, "records by full index", share, 3, "×", Bar::AtMost(BAR)));
        rows.push(Row::plain(&name, "records", last.count as f64, 0, ""));
        let growth = last.bytes_after as f64 / last.bytes_before as f64;
        rows.push(Row::plain(&name, "database with records by that without", growth, 2, "×"));
    }
    say(&report::table(&rows));
    Ok(report::is_met(&rows))
}

fn run(corpus: &Path, threads: usize) -> Result<Run> {
    let folder = tempfile::tempdir().context("no folder for a store")?;
    let path = folder.path().join(Engine::STORE_FILE);
    let start = cpu_seconds()?;
    let (engine, store) = open(corpus, &path, threads)?;
    engine.index(&Cancel::new(), &NoProgress)?;
    let index = cpu_seconds()? - start;
    let bytes_before = database_bytes(&path);

    let start = cpu_seconds()?;
    let summary = engine.refresh_records()?.result;
    let records = cpu_seconds()? - start;

    // The same once more, step by step.
    let start = cpu_seconds()?;
    let mut deriver = SirDeriver::new(EffectTable::standard());
    deriver.load(&*store)?;
    let load = cpu_seconds()? - start;
    let derived = deriver.derive();
    let spread = cpu_seconds()? - start - load;
    for symbol in derived.records() {
        if let Some(sir) = derived.sir(symbol.id) {
            sir.hash()?;
        }
    }
    let hash = cpu_seconds()? - start - load - spread;
    drop((engine, store));
    Ok(Run {
        index,
        records,
        load,
        spread,
        hash,
        count: summary.records,
        bytes_before,
        bytes_after: database_bytes(&path),
    })
}
