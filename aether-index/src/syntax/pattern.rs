//! A pattern, compiled for each grammar of a language.

use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::Language as LanguageName;
use aether_core::port::PortError;
use tree_sitter::{CaptureQuantifier, Language, Query, QueryError, QueryErrorKind};

use super::grammar::{self, Grammar};
use super::predicate::{self, Predicate};
use super::scan::{Scan, scan};

/// Longest pattern, in bytes; the highlighting of a language takes less. Together with the numbers below
/// it bounds the stack and the time that compiling takes, which nothing can interrupt: about 4 seconds
/// for the worst pattern known (a statement block of TypeScript in itself 400 times).
const MAX_PATTERN_BYTES: usize = 8 * 1024;
/// Most marks of repetition (`*`, `+`, `?`) in one pattern. The analysis of a pattern costs more than
/// their square: 16 beside each other take 1.2 seconds in TypeScript, 64 take minutes.
const MAX_REPETITIONS: usize = 12;
/// Most of them in all patterns of a query.
const MAX_ALL_REPETITIONS: usize = 64;
/// What captures a pattern that captures nothing itself. On a line of its own, so that it is no part of
/// a comment.
const WHOLE: &str = "\n@match";
const SILENT: &str = "this pattern captures nothing; put `@name` behind what is to be shown";

/// A pattern for the files of one language.
#[derive(Debug)]
pub(super) struct Pattern {
    language: LanguageName,
    /// A grammar without a query is that of a dialect that has not what the pattern names.
    dialects: Vec<(Grammar, Option<Compiled>)>,
}

impl Pattern {
    /// Compiles `text` for every grammar of `language`; one must take it.
    pub(super) fn compile(language: &LanguageName, text: &str) -> Result<Self, PortError> {
        let grammars = grammar::of(language);
        if grammars.is_empty() {
            return Err(grammar::missing(language));
        }
        let scan = scan(text);
        check_size(text, &scan.repetitions)
            .map_err(|reason| PortError::new(ErrorCode::QUERY_BAD_SYNTAX, reason))?;
        let mut dialects = Vec::new();
        let mut problem = None;
        for grammar in grammars {
            let query = match compile(grammar.parser(), text, &scan) {
                Ok(query) => Some(query),
                Err(found) => {
                    problem = Some(found);
                    None
                }
            };
            dialects.push((grammar, query));
        }
        match problem {
            Some(problem) if dialects.iter().all(|(_, query)| query.is_none()) => {
                Err(problem.told(language, text))
            }
            _ => Ok(Self { language: language.clone(), dialects }),
        }
    }

    pub(super) fn language(&self) -> &LanguageName {
        &self.language
    }

    /// The grammar of a file, and the query for it.
    pub(super) fn of(&self, file: &RelPath) -> Option<(&Grammar, &Compiled)> {
        let (grammar, query) = self.dialects.iter().find(|(grammar, _)| grammar.reads(file))?;
        Some((grammar, query.as_ref()?))
    }
}

/// A query, and the predicates of each of its patterns.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) query: Query,
    pub(super) predicates: Vec<Vec<Predicate>>,
}

/// What is wrong with a pattern, and at which byte of it.
#[derive(Debug)]
struct Problem {
    offset: usize,
    reason: String,
}

impl Problem {
    fn of(error: &QueryError, text: &str) -> Self {
        let message = error.message.as_str();
        let named = message.trim_matches('"');
        let (offset, reason) = match error.kind {
            QueryErrorKind::NodeType => (error.offset, format!("no node is called `{named}`")),
            QueryErrorKind::Field => (error.offset, format!("no field is called `{named}`")),
            QueryErrorKind::Capture => (error.offset, format!("nothing is captured as `{named}`")),
            QueryErrorKind::Structure => {
                (error.offset, "no syntax tree is built like that, so it could never match".to_owned())
            }
            // None is left for the parser library to judge but what stands in a wrong place.
            QueryErrorKind::Predicate => (line_start(text, error.row), message.to_owned()),
            QueryErrorKind::Language => (0, format!("the grammar cannot be used: {message}")),
            QueryErrorKind::Syntax => {
                let is_end = text.get(error.offset..).is_none_or(|rest| rest.trim().is_empty());
                let reason = if is_end { "something is missing" } else { "this is no part of a pattern" };
                (error.offset, reason.to_owned())
            }
        };
        Self { offset, reason }
    }

    fn told(&self, language: &LanguageName, text: &str) -> PortError {
        let (line, column) = place(text, self.offset);
        let message = format!("pattern does not fit {language} at {line}:{column}: {}", self.reason);
        PortError::new(ErrorCode::QUERY_BAD_SYNTAX, message)
    }
}

/// Refuses what would take too long to compile.
fn check_size(text: &str, repetitions: &[usize]) -> Result<(), String> {
    if text.len() > MAX_PATTERN_BYTES {
        return Err(format!("pattern has {} bytes, above the limit of {MAX_PATTERN_BYTES}", text.len()));
    }
    let most = repetitions.iter().copied().max().unwrap_or(0);
    let all: usize = repetitions.iter().sum();
    if most > MAX_REPETITIONS {
        return Err(format!("pattern repeats {most} parts, above the limit of {MAX_REPETITIONS}"));
    }
    if all > MAX_ALL_REPETITIONS {
        return Err(format!("patterns repeat {all} parts, above the limit of {MAX_ALL_REPETITIONS}"));
    }
    Ok(())
}

fn compile(language: &Language, text: &str, scan: &Scan) -> Result<Compiled, Problem> {
    if let Some(offset) = scan.zero {
        // The parser library compares names with such a string beyond their end.
        return Err(Problem { offset, reason: "a zero byte cannot be asked for".to_owned() });
    }
    let mut apart = text.to_owned();
    for name in &scan.predicates {
        let renamed = predicate::set_apart(&text[name.clone()])
            .map_err(|reason| Problem { offset: name.start.saturating_sub(1), reason })?;
        apart.replace_range(name.clone(), &renamed);
    }
    let query = Query::new(language, &apart).map_err(|error| Problem::of(&error, text))?;
    let patterns = query.pattern_count();
    if patterns == 0 {
        return Err(Problem { offset: text.len(), reason: "there is no pattern".to_owned() });
    }
    let silent = (0..patterns).find(|&pattern| {
        query.capture_quantifiers(pattern).iter().all(|&often| often == CaptureQuantifier::Zero)
    });
    match silent {
        Some(_) if patterns == 1 && !text.ends_with(WHOLE) => {
            return compile(language, &[text, WHOLE].concat(), scan).map_err(|problem| Problem {
                offset: problem.offset.min(text.len()),
                reason: SILENT.to_owned(),
            });
        }
        Some(pattern) => {
            let offset = query.start_byte_for_pattern(pattern);
            return Err(Problem { offset, reason: SILENT.to_owned() });
        }
        None => {}
    }
    let mut predicates = Vec::with_capacity(patterns);
    let mut seen = 0;
    for pattern in 0..patterns {
        let found = Predicate::of(&query, pattern).map_err(|(number, reason)| {
            let name = scan.predicates.get(seen + number);
            Problem { offset: name.map_or(0, |name| name.start.saturating_sub(1)), reason }
        })?;
        seen += found.len();
        predicates.push(found);
    }
    if seen != scan.predicates.len() {
        // Else the parser library would decide the rest in its own way.
        return Err(Problem { offset: 0, reason: "a predicate stands in a wrong place".to_owned() });
    }
    Ok(Compiled { query, predicates })
}

/// The first byte of a line, which counts from 0.
fn line_start(text: &str, line: usize) -> usize {
    text.split_inclusive('\n').take(line).map(str::len).sum()
}

/// Line and column of a byte, from 1, the column in characters.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let bytes = &text.as_bytes()[..offset.min(text.len())];
    let line = bytes.split(|&byte| byte == b'\n').count();
    let start = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    (line, 1 + String::from_utf8_lossy(&bytes[start..]).chars().count())
}
