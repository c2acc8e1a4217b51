//! `eval search`: whether the function is found that a sentence of documentation describes.
//!
//! The pool are all functions of a group whose body has three lines or more, without exact duplicates;
//! they are searched in a copy of the source that has no comments. The question is the first sentence of
//! a function's documentation, where no other function has the same. A second variant of it lacks the
//! words of the function's name. `docs/results/README.md` says where the sources come from.

mod blank;
mod draw;
mod pool;
mod score;
mod sentence;

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Instant;

use aether_core::code::{SearchHit, SearchMode, SearchQuery, SymbolKind};
use anyhow::{Context as _, Result, ensure};
use serde::Serialize;

use self::draw::{Half, draw};
use self::pool::{Pool, Question};
use self::score::{Answered, PLACES, Score};
use self::sentence::{without_name, words};
use crate::options::{EvalSearch, Group};
use crate::output::{say, say_error};
use crate::report::{self, SCHEMA_VERSION};

/// The best `limit` functions for some words.
fn search_in(pool: &Pool, mode: Mode, text: &str, limit: u32) -> Result<Vec<SearchHit>> {
    let mut query = SearchQuery::default();
    query.text = text.to_owned();
    query.kinds = vec![SymbolKind::FUNCTION, SymbolKind::METHOD, SymbolKind::TEST];
    query.limit = limit;
    Ok(pool.indexed.engine.search(&query, mode.0)?.result.hits)
}

/// How to search.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub(crate) struct Mode(SearchMode);

impl FromStr for Mode {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        SearchMode::named(name).map(Self).with_context(|| format!("{name} is no way to search"))
    }
}

impl Mode {
    /// The least mean reciprocal rank of a group, where there is a bar.
    fn bar(self, group: &str) -> Option<f64> {
        match (self.0, group) {
            (SearchMode::Lexical, "apps") => Some(0.36),
            (SearchMode::Lexical, "std") => Some(0.33),
            _ => None,
        }
    }
}

/// What is asked of a function.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Variant {
    Sentence,
    WithoutName,
}

impl Variant {
    fn text(self, question: &Question) -> String {
        let text = words(&question.sentence);
        match self {
            Self::Sentence => text,
            Self::WithoutName => without_name(&text, &question.name),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Sentence => "sentence",
            Self::WithoutName => "without the name's words",
        }
    }
}

/// All that `eval search` found.
#[derive(Debug, Serialize)]
struct Report {
    schema_version: u32,
    command: String,
    mode: Mode,
    seed: u64,
    is_met: bool,
    groups: Vec<GroupReport>,
}

#[derive(Debug, Serialize)]
struct GroupReport {
    name: String,
    files: usize,
    pool: usize,
    questions: usize,
    bar: Option<f64>,
    scores: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    half: Half,
    variant: Variant,
    score: Score,
    /// Whether the bar is met; `None` without one.
    is_met: Option<bool>,
}

/// The first hits that are asked for, and timed; more only when too few of them are in the pool.
const FIRST_LIMIT: u32 = 20;
const LIMITS: [u32; 3] = [FIRST_LIMIT, 200, 2000];

/// Scores every group; whether all bars are met.
pub(crate) fn search(options: &EvalSearch) -> Result<bool> {
    let mut groups = Vec::new();
    for group in options.groups() {
        groups.push(score_group(&group, options)?);
    }
    let is_met = groups.iter().flat_map(|group| &group.scores).all(|row| row.is_met != Some(false));
    let command = report::command_line(std::env::args());
    say(&table(&groups));
    if let Some(path) = &options.json {
        let (mode, seed) = (options.mode, options.seed);
        let report = Report { schema_version: SCHEMA_VERSION, command, mode, seed, is_met, groups };
        report::write_json(path, &report)?;
    }
    Ok(is_met)
}

fn score_group(group: &Group, options: &EvalSearch) -> Result<GroupReport> {
    for folder in &group.folders {
        ensure!(folder.is_dir(), "{} is not a folder", folder.display());
    }
    let pool = Pool::build(&group.folders, options.threads)?;
    if options.mode.0 != SearchMode::Lexical {
        pool.indexed.engine.refresh_vectors()?;
    }
    say_error(&format!(
        "{}: {} files, {} functions, {} questions",
        group.name,
        pool.files,
        pool.members.len(),
        pool.questions.len()
    ));
    let halves: &[Half] = if options.sealed { &[Half::Dev, Half::Sealed, Half::Both] } else { &[Half::Dev] };
    let bar = options.mode.bar(&group.name);
    let mut scores = Vec::new();
    for &half in halves {
        let questions = draw(&pool.questions, half, options.queries, options.seed);
        for variant in [Variant::Sentence, Variant::WithoutName] {
            let mut left_to_list = if half == Half::Dev { options.list } else { 0 };
            let mut answers = Vec::with_capacity(questions.len());
            for question in &questions {
                let (answer, first) = ask(&pool, options.mode, &variant.text(question), question)?;
                if left_to_list > 0 {
                    left_to_list -= 1;
                    say(&listing(variant, question, &answer, first.as_ref()));
                }
                answers.push(answer);
            }
            let score = Score::of(&answers);
            let bar = bar.filter(|_| variant == Variant::Sentence);
            let is_met = bar.map(|bar| score.mrr_at_10 >= bar);
            scores.push(Row { half, variant, score, is_met });
        }
    }
    Ok(GroupReport {
        name: group.name.clone(),
        files: pool.files,
        pool: pool.members.len(),
        questions: pool.questions.len(),
        bar,
        scores,
    })
}

/// Asks a question: how it was answered, and what came first.
fn ask(pool: &Pool, mode: Mode, text: &str, question: &Question) -> Result<(Answered, Option<SearchHit>)> {
    let mut milliseconds = None;
    let mut places = Vec::new();
    // A text without words would list all symbols.
    for limit in LIMITS.into_iter().filter(|_| !text.is_empty()) {
        let start = Instant::now();
        let hits = search_in(pool, mode, text, limit)?;
        milliseconds.get_or_insert(start.elapsed().as_secs_f64() * 1e3);
        let is_all = hits.len() < limit as usize;
        places = hits.into_iter().filter(|hit| pool.members.contains(&hit.id)).take(PLACES).collect();
        let is_found = places.iter().any(|hit: &SearchHit| hit.id == question.target);
        if is_found || is_all || places.len() == PLACES {
            break;
        }
    }
    let place = places.iter().position(|hit| hit.id == question.target).map(|at| at + 1);
    let answered = Answered { place, milliseconds: milliseconds.unwrap_or(0.0) };
    Ok((answered, places.into_iter().next()))
}

fn listing(variant: Variant, question: &Question, answer: &Answered, first: Option<&SearchHit>) -> String {
    let place = answer.place.map_or_else(|| "–".to_owned(), |place| place.to_string());
    let first = first.filter(|_| answer.place != Some(1));
    let first = first.map_or_else(String::new, |hit| {
        format!("\n    first: {} ({}:{})", hit.qualified_name, hit.file, hit.name_line)
    });
    format!(
        "{place}\t{}\n    right: {} ({}:{}){first}",
        variant.text(question),
        question.qualified_name,
        question.file,
        question.line
    )
}

fn table(groups: &[GroupReport]) -> String {
    let head = ["group", "half", "question", "questions", "MRR@10", "bar", "R@1", "R@10", "ms p50", "ms p95"];
    let lines = groups.iter().flat_map(|group| {
        group.scores.iter().map(|Row { half, variant, score, is_met }| {
            let bar = group.bar.filter(|_| is_met.is_some()).map(|bar| format!("≥ {bar}"));
            vec![
                format!("{} ({} functions)", group.name, group.pool),
                half.as_str().to_owned(),
                variant.as_str().to_owned(),
                format!("{}", score.questions),
                format!("{:.4}{}", score.mrr_at_10, if *is_met == Some(false) { " (missed)" } else { "" }),
                bar.unwrap_or_default(),
                format!("{:.3}", score.recall_at_1),
                format!("{:.3}", score.recall_at_10),
                format!("{:.3}", score.milliseconds_p50),
                format!("{:.3}", score.milliseconds_p95),
            ]
        })
    });
    report::markdown(&head, lines)
}

impl EvalSearch {
    /// The groups that were asked for, or the two that have bars.
    fn groups(&self) -> Vec<Group> {
        if !self.group.is_empty() {
            return self.group.clone();
        }
        let group = |name: &str, folders: [&str; 3]| Group {
            name: name.to_owned(),
            folders: folders.iter().map(|folder| self.corpora.join(folder)).collect::<Vec<PathBuf>>(),
        };
        vec![
            group("apps", ["ripgrep", "tokio", "rust-analyzer"]),
            group("std", ["rust-library/core", "rust-library/alloc", "rust-library/std"]),
        ]
    }
}
