//! `eval index` and `eval errors`.

mod rows;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use crate::corpora::{CORPORA, Corpus, Split};
use crate::edges::{CallCounts, Calls, EdgeScore, Twins, export, listing};
use crate::gold::Gold;
use crate::indexed::Indexed;
use crate::options::{EvalErrors, EvalIndex, Places};
use crate::output::say;
use crate::report::{self, Row, SCHEMA_VERSION};
use crate::symbols::{KindScore, SymbolScore, functions_against_gold};

pub(crate) use rows::{edge_rows, symbol_rows};

/// All that `eval index` found.
#[derive(Debug, Serialize)]
struct Report {
    schema_version: u32,
    command: String,
    is_met: bool,
    skipped: Vec<String>,
    rows: Vec<Row>,
    corpora: Vec<CorpusReport>,
}

/// What was found in one corpus.
#[derive(Debug, Serialize)]
struct CorpusReport {
    name: &'static str,
    version: &'static str,
    split: Split,
    files: u64,
    symbols: SymbolScore,
    functions: Option<KindScore>,
    calls: CallCounts,
    edges: Option<EdgeScore>,
}

/// Scores every corpus that is there; whether all bars are met.
pub(crate) fn index(options: &EvalIndex) -> Result<bool> {
    for name in &options.only {
        if Corpus::named(name).is_none() {
            bail!("no corpus is called {name}; there are {}", names());
        }
    }
    let mut skipped = Vec::new();
    let mut rows = Vec::new();
    let mut corpora = Vec::new();
    for corpus in CORPORA.iter().filter(|corpus| is_wanted(corpus, &options.only)) {
        let Some(root) = corpus.find(&options.places.corpora) else {
            let reason = format!("{}: no folder {} below --corpora", corpus.name, corpus.folder());
            say(&format!("skipped: {reason}"));
            skipped.push(reason);
            continue;
        };
        let found = score(corpus, &root, options, &mut skipped)?;
        say(&rows::details(&found.symbols, found.edges.as_ref(), corpus, found.calls));
        rows.extend(symbol_rows(corpus, &found.symbols));
        rows.extend(rows::function_rows(corpus, found.functions));
        if let Some(edges) = &found.edges {
            rows.extend(edge_rows(corpus, edges));
        }
        rows.extend(rows::call_rows(corpus, found.calls));
        corpora.push(found);
    }
    let is_met = report::is_met(&rows);
    say(&format!("{}\n", report::command_line(std::env::args())));
    say(&report::table(&rows));
    say(&summary(corpora.len(), &skipped, is_met));
    if let Some(path) = &options.json {
        let command = report::command_line(std::env::args());
        let report = Report { schema_version: SCHEMA_VERSION, command, is_met, skipped, rows, corpora };
        report::write_json(path, &report)?;
    }
    Ok(is_met)
}

fn is_wanted(corpus: &Corpus, only: &[String]) -> bool {
    only.is_empty() || only.iter().any(|name| name == corpus.name)
}

fn names() -> String {
    CORPORA.map(|corpus| corpus.name).join(", ")
}

fn summary(scored: usize, skipped: &[String], is_met: bool) -> String {
    let mut text = format!("{scored} corpora scored, {} things skipped", skipped.len());
    for reason in skipped {
        let _ = write!(text, "\nskipped: {reason}");
    }
    let _ = write!(text, "\nall bars met: {}", if is_met { "yes" } else { "no" });
    text
}

fn score(
    corpus: &Corpus,
    root: &Path,
    options: &EvalIndex,
    skipped: &mut Vec<String>,
) -> Result<CorpusReport> {
    let indexed = Indexed::build(root, options.places.threads).with_context(|| corpus.name)?;
    if let Some(folder) = &options.edges {
        std::fs::create_dir_all(folder)?;
        export(&indexed.engine, &folder.join(format!("{}.jsonl", corpus.name)))?;
    }
    let gold = Gold::load(corpus.name, &options.places.gold)?;
    if gold.is_none() {
        skipped.push(format!("{}: edges, because no --gold folder has its gold", corpus.name));
    }
    let calls = Calls::of(&indexed.engine)?;
    let edges = match &gold {
        Some(gold) => Some(EdgeScore::new(&calls.inside, gold, &Twins::of(&indexed.engine)?)),
        None => None,
    };
    let functions = match &gold {
        Some(gold) => Some(functions_against_gold(&indexed, gold)?),
        None => None,
    };
    Ok(CorpusReport {
        name: corpus.name,
        version: corpus.version,
        split: corpus.split,
        files: indexed.summary.files,
        symbols: SymbolScore::against_syn(&indexed, root, options.mismatches)?,
        functions,
        calls: calls.counts(),
        edges,
    })
}

/// Lists what is wrong in corpora that may be looked at.
pub(crate) fn errors(options: &EvalErrors) -> Result<bool> {
    let corpora = options.names.iter().map(|name| open_corpus(name)).collect::<Result<Vec<_>>>()?;
    for corpus in corpora {
        let text = errors_of(corpus, &options.places, options.limit, options.sites)?;
        say(&format!("{}\n{text}", corpus.name));
    }
    Ok(true)
}

/// The corpus of a name, unless it is sealed: rules that were tuned on what counts count for nothing.
fn open_corpus(name: &str) -> Result<&'static Corpus> {
    match Corpus::named(name) {
        None => bail!("no corpus is called {name}; there are {}", names()),
        Some(corpus) if corpus.split == Split::Sealed => {
            bail!("{name} is sealed: its errors are not looked at, only its score")
        }
        Some(corpus) => Ok(corpus),
    }
}

fn errors_of(corpus: &Corpus, places: &Places, limit: usize, sites: usize) -> Result<String> {
    let root = corpus
        .find(&places.corpora)
        .with_context(|| format!("no folder {} below --corpora", corpus.folder()))?;
    let gold = Gold::load(corpus.name, &places.gold)?
        .with_context(|| format!("no --gold folder has the gold of {}", corpus.name))?;
    let indexed = Indexed::build(&root, places.threads)?;
    Ok(listing(&Calls::of(&indexed.engine)?, &gold, limit, sites))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_sealed_corpora_stay_closed() {
        assert!(open_corpus("tokio").is_ok());
        let error = open_corpus("jj-lib").unwrap_err().to_string();
        assert!(error.contains("sealed"), "{error}");
        assert!(open_corpus("unheard").is_err());
    }
}
