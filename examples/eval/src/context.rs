//! `eval context`: whether the pack for the message of a commit holds the functions that the commit changed.
//!
//! The index is that of the commit's parent, and the message all that is known of the task. Commits count that
//! change one to ten functions which are there before, and whose first line has four words or more; merges and
//! commits that change more are left out. Beside the pack stands one of the same size, packed by the same
//! rules, of what lexical search alone finds for the message.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use aether_bindings::engine::{Engine, EngineOptions, NoProgress, Ports, StoreOptions};
use aether_core::base::Cancel;
use aether_core::code::{Anchor, SymbolKind};
use aether_core::code::{
    AnchorTarget, Commit, ContextBudget, ContextCandidate, ContextFormat, ContextPack, GraphDelta,
    SearchMode, SearchQuery, SymbolId,
};
use aether_core::port::{GraphStore as _, MemoryFacts};
use aether_index::{GitRepository, IndexOptions, Indexer};
use aether_store::SqliteStore;
use anyhow::{Context as _, Result, ensure};

use crate::options::EvalContext;
use crate::output::{say, say_error};
use crate::report::{self, Row};

/// Budgets in tokens.
const BUDGETS: [u64; 2] = [8_000, 16_000];
/// Words from which the first line of a message is a task.
const LEAST_WORDS: usize = 4;
/// Most functions of a commit.
const MOST_FUNCTIONS: usize = 10;
/// Hits that are packed for lexical search alone.
const HITS: u32 = 200;

/// Sums of recall, for each budget.
#[derive(Debug, Default)]
struct Sums {
    pack: [f64; BUDGETS.len()],
    lexical: [f64; BUDGETS.len()],
}

/// Scores the packs of past commits.
pub(crate) fn context(options: &EvalContext) -> Result<bool> {
    let copy = tempfile::tempdir().context("no folder for a clone")?;
    git(Path::new("."), &["clone", "--quiet", "--shared", "--no-checkout"], &[&options.corpus, copy.path()])?;
    let tasks = tasks(copy.path(), options)?;
    ensure!(!tasks.is_empty(), "no commit is a task");
    let mut sums = Sums::default();
    for (number, (commit, parent, changed)) in tasks.iter().enumerate() {
        git(copy.path(), &["checkout", "--quiet", "--force", parent], &[])?;
        let path = copy.path().join(".git").join("aether-eval.db");
        let store = std::sync::Arc::new(SqliteStore::open(&path, &StoreOptions::default())?);
        let ports = Ports::new(std::sync::Arc::clone(&store) as std::sync::Arc<_>);
        let engine = Engine::open(EngineOptions::new(copy.path()), ports)?;
        engine.index(&Cancel::new(), &NoProgress)?;
        engine.refresh_vectors()?;
        for (place, &tokens) in BUDGETS.iter().enumerate() {
            let budget = ContextBudget::Tokens(tokens);
            let pack =
                engine.context(&commit.summary, budget, ContextFormat::Markdown, SearchMode::Hybrid)?;
            sums.pack[place] += recall(&pack.result, changed);
            let lexical = lexical(&engine, &store, copy.path(), &commit.summary, budget)?;
            sums.lexical[place] += recall(&lexical, changed);
        }
        if number < options.list {
            say_error(&format!("{} {} ({} functions)", &commit.id[..10], commit.summary, changed.len()));
        }
    }
    let name = options.corpus.canonicalize()?;
    let name = name.file_name().map_or_else(String::new, |name| name.to_string_lossy().into());
    let count = tasks.len() as f64;
    let functions: usize = tasks.iter().map(|(_, _, changed)| changed.len()).sum();
    let mut rows = vec![
        Row::plain(&name, "commits", count, 0, ""),
        Row::plain(&name, "functions that they changed", functions as f64, 0, ""),
    ];
    for (place, tokens) in BUDGETS.iter().enumerate() {
        let what = |kind: &str| format!("recall at {tokens} tokens, {kind}");
        rows.push(Row::plain(&name, &what("pack"), sums.pack[place] / count, 3, ""));
        rows.push(Row::plain(&name, &what("lexical search alone"), sums.lexical[place] / count, 3, ""));
    }
    say(&report::table(&rows));
    Ok(true)
}

/// The share of the changed functions that a pack shows, in full or in part.
fn recall(pack: &ContextPack, changed: &BTreeSet<SymbolId>) -> f64 {
    let shown =
        |id: &&SymbolId| pack.entries.iter().any(|entry| entry.anchor.target == AnchorTarget::Symbol(**id));
    changed.iter().filter(shown).count() as f64 / changed.len().max(1) as f64
}

/// A pack of what lexical search finds.
fn lexical(
    engine: &Engine,
    store: &SqliteStore,
    root: &Path,
    task: &str,
    budget: ContextBudget,
) -> Result<ContextPack> {
    let mut query = SearchQuery::default();
    query.text = task.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { ' ' }).collect();
    query.limit = HITS;
    let hits = engine.search(&query, SearchMode::Lexical)?.result.hits;
    let mut candidates = Vec::new();
    for hit in hits {
        let Some(symbol) = store.symbols(&[hit.id])?.pop() else { continue };
        if [SymbolKind::FILE, SymbolKind::MODULE].contains(&symbol.kind) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(root.join(symbol.file.as_str())) else { continue };
        let target = AnchorTarget::Symbol(symbol.id);
        let Ok(anchor) = Anchor::new(symbol.file.clone(), target, &text, symbol.span) else { continue };
        let source = symbol.span.slice(&text).unwrap_or("").to_owned();
        candidates.push(ContextCandidate::new(symbol, hit.score, "found", anchor, source));
    }
    Ok(ContextPack::fill(task, candidates, budget, ContextFormat::Markdown))
}

/// A commit, its parent, and the functions of the parent that it changed.
type Task = (Commit, String, BTreeSet<SymbolId>);

/// The last commits that are tasks, newest first.
fn tasks(root: &Path, options: &EvalContext) -> Result<Vec<Task>> {
    let repository = GitRepository::open(root)?;
    let chain = repository.log("HEAD", None, &Cancel::new())?;
    let mut tasks = Vec::new();
    for commit in chain.into_iter().skip(options.skip) {
        if tasks.len() == options.commits {
            break;
        }
        let Some(parent) = commit.parent.clone() else { continue };
        let words =
            commit.summary.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
        if words < LEAST_WORDS || commit.summary.starts_with("Merge ") {
            continue;
        }
        let changed = changed(root, &repository, &parent, &commit.id)?;
        if (1..=MOST_FUNCTIONS).contains(&changed.len()) {
            tasks.push((commit, parent, changed));
        }
    }
    Ok(tasks)
}

fn changed(
    root: &Path,
    repository: &GitRepository,
    parent: &str,
    commit: &str,
) -> Result<BTreeSet<SymbolId>> {
    let options = IndexOptions::default();
    let mut indexer = Indexer::new(root, options.clone())?;
    let mut sink = |_: GraphDelta| Ok(());
    let mut report = None;
    for revision in [parent, commit] {
        let snapshot = repository.snapshot(revision, &options, &Cancel::new())?;
        let facts = MemoryFacts::default();
        report = Some(indexer.index_snapshot(&snapshot, &facts, &mut sink, &Cancel::new(), &NoProgress)?);
    }
    let changes = report.map(|report| report.changes).unwrap_or_default();
    let symbols = changes.iter().flat_map(|change| change.updated.iter().chain(&change.removed));
    Ok(symbols.filter(|symbol| symbol.kind.is_callable()).map(|symbol| symbol.id).collect())
}

fn git(folder: &Path, arguments: &[&str], paths: &[&Path]) -> Result<()> {
    let status = Command::new("git")
        .args(arguments)
        .args(paths)
        .current_dir(folder)
        .status()
        .context("git cannot be started")?;
    ensure!(status.success(), "git {arguments:?} failed");
    Ok(())
}
