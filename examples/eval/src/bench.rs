//! `bench index`: each bar on the index, measured beside a bare parse of the same files.

mod authority;
mod child;
mod copy;
mod edits;
mod ledger;
mod lookup;
mod parse;
mod patches;
mod rows;
mod sir;
mod vectors;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use self::child::{Child, Full, Start};
use self::edits::Edits;
use self::lookup::Lookups;
use crate::indexed::open;
use crate::options::BenchIndex;
use crate::output::{say, say_error};
use crate::report::{self, Row, SCHEMA_VERSION};

pub(crate) use authority::authority;
pub(crate) use child::measure;
pub(crate) use ledger::ledger;
pub(crate) use parse::parser;
pub(crate) use patches::patches;
pub(crate) use sir::sir;
pub(crate) use vectors::vectors;

/// All that `bench index` found.
#[derive(Debug, Serialize)]
struct Report {
    schema_version: u32,
    command: String,
    is_met: bool,
    rows: Vec<Row>,
    corpora: Vec<CorpusReport>,
}

/// What was measured on one corpus; raw figures, one for each run.
#[derive(Debug, Serialize)]
struct CorpusReport {
    name: String,
    full: Vec<Full>,
    full_on_one_thread: Full,
    database_bytes: u64,
    start: Vec<Start>,
    edits: Option<Edits>,
    lookups: Lookups,
}

/// Starts are short, so there are more of them than of full indexes.
const STARTS_PER_RUN: usize = 5;
/// Parses that each full index is compared with.
const PARSES: usize = 3;

/// Measures every corpus; whether all bars are met.
pub(crate) fn index(options: &BenchIndex) -> Result<bool> {
    let mut rows = Vec::new();
    let mut corpora = Vec::new();
    for corpus in &options.corpus {
        if !corpus.is_dir() {
            bail!("{} is not a folder", corpus.display());
        }
        let found = corpus_report(corpus, options).with_context(|| corpus.display().to_string())?;
        rows.extend(rows::of_corpus(&found));
        corpora.push(found);
    }
    let is_met = report::is_met(&rows);
    let command = report::command_line(std::env::args());
    say(&format!("{command}\n\n{}\n{}", rows::sizes(&corpora), report::table(&rows)));
    say(&format!("all bars met: {}", if is_met { "yes" } else { "no" }));
    if let Some(path) = &options.json {
        report::write_json(path, &Report { schema_version: SCHEMA_VERSION, command, is_met, rows, corpora })?;
    }
    Ok(is_met)
}

fn corpus_report(corpus: &Path, options: &BenchIndex) -> Result<CorpusReport> {
    let name =
        corpus.canonicalize()?.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    let folder = tempfile::tempdir().context("no folder for a store")?;
    let store = |number: usize| folder.path().join(format!("{number}.db"));
    let full = |number: usize, threads: usize| {
        let path = store(number);
        Child { corpus, store: &path, threads }.full(PARSES)
    };
    say_error(&format!("{name}: full index"));
    // The first one is not counted: it brings the files into the cache of the system.
    full(0, options.threads)?;
    let runs = (1..=options.runs.max(1)).map(|run| full(run, options.threads)).collect::<Result<Vec<_>>>()?;
    let full_on_one_thread = full(options.runs.max(1) + 1, 1)?;

    let path = store(1);
    let database_bytes = database_bytes(&path);
    say_error(&format!("{name}: unchanged start"));
    let child = Child { corpus, store: &path, threads: options.threads };
    let starts =
        (0..options.runs.max(1) * STARTS_PER_RUN).map(|_| child.start()).collect::<Result<Vec<_>>>()?;

    say_error(&format!("{name}: search"));
    let (engine, _store) = open(corpus, &path, options.threads)?;
    let lookups = lookup::run(&engine, options.seed)?;
    drop(engine);

    say_error(&format!("{name}: edits"));
    let edits = match options.edits {
        0 => None,
        count => Some(edits::run(corpus, count, options.seed, options.threads)?),
    };
    if let Some(edits) = &edits {
        for difference in &edits.differences {
            say_error(&format!("{name}: {difference}"));
        }
        for lost in &edits.not_searchable {
            say_error(&format!("{name}: not found after its edit: {lost}"));
        }
    }
    Ok(CorpusReport { name, full: runs, full_on_one_thread, database_bytes, start: starts, edits, lookups })
}

/// The size of a store, with what its last writer left beside it.
fn database_bytes(path: &Path) -> u64 {
    ["", "-wal"]
        .iter()
        .map(|ending| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            std::fs::metadata(PathBuf::from(name)).map_or(0, |metadata| metadata.len())
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_as_large_as_its_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("aether.db");
        std::fs::write(&path, "12345").unwrap();
        std::fs::write(folder.path().join("aether.db-wal"), "678").unwrap();
        assert_eq!(database_bytes(&path), 8);
    }
}
