//! A pattern, compiled for each grammar of a language.

use aether_core::base::{ErrorCode, RelPath};
use aether_core::code::Language as LanguageName;
use aether_core::port::PortError;
use tree_sitter::{CaptureQuantifier, Language, Query, QueryError, QueryErrorKind};

use super::grammar::{self, Grammar};

/// Longest pattern, in bytes. The highlighting of a whole language takes less; it bounds the time and
/// the stack that compiling takes.
const MAX_PATTERN_BYTES: usize = 16 * 1024;
/// What captures a pattern that captures nothing itself. On a line of its own, so that it is no part of
/// a comment.
const WHOLE: &str = "\n@match";
const PREDICATES: &str = "#eq?, #any-eq?, #match?, #any-match?, #any-of? and their not- forms";

/// A pattern for the files of one language.
#[derive(Debug)]
pub(super) struct Pattern {
    language: LanguageName,
    /// A grammar without a query is that of a dialect that has not what the pattern names.
    dialects: Vec<(Grammar, Option<Query>)>,
}

impl Pattern {
    /// Compiles `text` for every grammar of `language`; one must take it.
    pub(super) fn compile(language: &LanguageName, text: &str) -> Result<Self, PortError> {
        let grammars = grammar::of(language);
        if grammars.is_empty() {
            return Err(grammar::missing(language));
        }
        if text.len() > MAX_PATTERN_BYTES {
            let reason = format!("pattern has {} bytes, above the limit of {MAX_PATTERN_BYTES}", text.len());
            return Err(PortError::new(ErrorCode::QUERY_BAD_SYNTAX, reason));
        }
        let mut dialects = Vec::new();
        let mut problem = None;
        for grammar in grammars {
            let query = match compile(grammar.parser(), text) {
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
    pub(super) fn of(&self, file: &RelPath) -> Option<(&Grammar, &Query)> {
        let (grammar, query) = self.dialects.iter().find(|(grammar, _)| grammar.reads(file))?;
        Some((grammar, query.as_ref()?))
    }
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
            QueryErrorKind::Predicate => {
                let mut reason = message.trim_end_matches('.').to_owned();
                if let Some(first) = reason.get_mut(..1) {
                    first.make_ascii_lowercase();
                }
                (line_start(text, error.row), reason)
            }
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

fn compile(language: &Language, text: &str) -> Result<Query, Problem> {
    let query = Query::new(language, text).map_err(|error| Problem::of(&error, text))?;
    let patterns = query.pattern_count();
    if patterns == 0 {
        return Err(Problem { offset: text.len(), reason: "there is no pattern".to_owned() });
    }
    for pattern in 0..patterns {
        check_predicates(&query, pattern)?;
    }
    let silent = (0..patterns).find(|&pattern| {
        query.capture_quantifiers(pattern).iter().all(|&often| often == CaptureQuantifier::Zero)
    });
    match silent {
        None => Ok(query),
        Some(_) if patterns == 1 && !text.ends_with(WHOLE) => compile(language, &[text, WHOLE].concat())
            .map_err(|problem| Problem {
                offset: problem.offset.min(text.len()),
                reason: "it captures nothing; put `@name` behind what is to be shown".to_owned(),
            }),
        Some(pattern) => Err(Problem {
            offset: query.start_byte_for_pattern(pattern),
            reason: "this pattern captures nothing; put `@name` behind what is to be shown".to_owned(),
        }),
    }
}

/// Refuses whatever the search would pass over: matches that a person thinks are filtered would come
/// along.
fn check_predicates(query: &Query, pattern: usize) -> Result<(), Problem> {
    let general = query.general_predicates(pattern).first().map(|found| found.operator.to_string());
    let property = query
        .property_predicates(pattern)
        .first()
        .map(|(_, is_positive)| if *is_positive { "is?" } else { "is-not?" }.to_owned());
    let setting = query.property_settings(pattern).first().map(|_| "set!".to_owned());
    match general.or(property).or(setting) {
        None => Ok(()),
        Some(name) => Err(Problem {
            offset: query.start_byte_for_pattern(pattern),
            reason: format!("`#{name}` is not known here; there are {PREDICATES}"),
        }),
    }
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
